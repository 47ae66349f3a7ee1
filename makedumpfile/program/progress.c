/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress: see progress.h. Trusts its arguments, which are counts of the modes; it
 * keeps no state but the caller's.
 */
#include "makedumpfile/program/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/guard.h"

#define ETA_MAX (UINT64_C(100) * 24 * 3600)

void kd_progress_eta(char *ret, size_t size, uint64_t seconds, uint64_t done,
		     uint64_t all)
{
	uint64_t eta, hours;
	double left;

	ret[0] = '\0';
	if (!done || done >= all || !seconds)
		return;
	left = (double)seconds * (double)(all - done) / (double)done;
	eta = (uint64_t)MIN(left, (double)ETA_MAX);
	hours = eta / 3600;
	if (eta < 100)
		(void)snprintf(ret, size, "eta: %" PRIu64 "s", eta);
	else if (eta < 6000)
		(void)snprintf(ret, size, "eta: %" PRIu64 "m%" PRIu64 "s", eta / 60,
			       eta % 60);
	else if (hours < 48)
		(void)snprintf(ret, size, "eta: %" PRIu64 "h%" PRIu64 "m", hours,
			       eta / 60 % 60);
	else if (eta < ETA_MAX)
		(void)snprintf(ret, size, "eta: %" PRIu64 "d%" PRIu64 "h", hours / 24,
			       hours % 24);
	else
		(void)snprintf(ret, size, "eta: >100day");
}

void kd_progress_show(struct kd_progress *p, const char *what, uint64_t done,
		      uint64_t all)
{
	uint64_t part = all ? (uint64_t)((double)done * 1000 / (double)all) : 1000;
	struct timespec now;
	char eta[40];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (done < all && now.tv_sec == p->shown)
		return;
	p->shown = now.tv_sec;
	if (!p->what || strcmp(p->what, what) != 0) {
		p->what = what;
		p->started = now;
	}
	kd_progress_eta(eta, sizeof(eta), (uint64_t)(now.tv_sec - p->started.tv_sec),
			done, all);
	(void)fprintf(stderr, "%s%-50s: [%3" PRIu64 ".%" PRIu64 " %%] %c  %16s%s",
		      p->terminal ? "\r" : "", what, part / 10, part % 10,
		      "/|\\-"[p->lapse++ % 4], eta,
		      p -> terminal &&done < all ? "" : "\n");
	(void)fflush(stderr);
}
