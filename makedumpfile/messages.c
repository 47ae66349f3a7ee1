/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of the makedumpfile program, in its original's words where scripts may look for
 * them. Trusts its arguments, which come from main.c.
 */
#include "makedumpfile/messages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/guard.h"
#include "makedumpfile/codec/codec.h"

void kd_progress_eta(char *ret, size_t size, uint64_t seconds, uint64_t done,
		     uint64_t all)
{
	uint64_t eta, hours;

	ret[0] = '\0';
	if (!done || done >= all || !seconds)
		return;
	eta = (uint64_t)((double)seconds * (double)(all - done) / (double)done);
	hours = eta / 3600;
	if (eta < 100)
		(void)snprintf(ret, size, "eta: %" PRIu64 "s", eta);
	else if (eta < 6000)
		(void)snprintf(ret, size, "eta: %" PRIu64 "m%" PRIu64 "s", eta / 60,
			       eta % 60);
	else if (hours < 48)
		(void)snprintf(ret, size, "eta: %" PRIu64 "h%" PRIu64 "m", hours,
			       eta / 60 % 60);
	else if (hours < 2400)
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

void kd_print_usage(void)
{
	(void)fputs(
		"Usage:\n"
		"  makedumpfile [-c|-l|-z] [-d LEVEL[,LEVEL...]] [OPTION...] VMCORE DUMPFILE\n"
		"  makedumpfile --dump-dmesg [-f] VMCORE LOGFILE\n"
		"\n"
		"VMCORE is /proc/vmcore or an ELF core of a kernel; DUMPFILE is written in the\n"
		"kdump-compressed format. --dump-dmesg also reads kdump-compressed files.\n"
		"\n"
		"  -c, -l, -z          compress pages with zlib, lzo or zstd; zstd is the default\n"
		"  -d LEVEL            sum of what is left out, 0 by default:\n"
		"                        1 pages of zeros      8 user processes' memory\n"
		"                        2 page cache         16 free pages\n"
		"                        4 all page cache     31 all of it\n"
		"                      with several levels the next is tried when space runs out\n"
		"  -f                  overwrite DUMPFILE\n"
		"  --dump-dmesg        write the kernel's log instead of a dump\n"
		"  --dry-run           filter and count, write nothing\n"
		"  --check-params      check the options, do nothing\n"
		"  --show-stats        print how many pages of each kind there were\n"
		"  --non-mmap          read VMCORE instead of mapping it\n"
		"  --message-level N   sum of what is printed, 7 by default: 1 progress,\n"
		"                      2 common messages, 4 errors, 8 debug, 16 report\n"
		"  -D                  print debug messages\n"
		"  -h, --help          print this\n"
		"  -v                  print the version and which codecs there are\n"
		"\n"
		"Other options of makedumpfile are known and refused; see makedumpfile(8).\n",
		stdout);
}

void kd_print_version(void)
{
	static const struct {
		const char *name;
		enum kd_codec_id id;
	} codecs[] = {
		{ "zlib", KD_CODEC_ZLIB },
		{ "lzo", KD_CODEC_LZO },
		{ "snappy", KD_CODEC_SNAPPY },
		{ "zstd", KD_CODEC_ZSTD },
	};

	printf("makedumpfile: version %s (kdumpd)\n", VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		printf("%s\t%s\n", codecs[i].name,
		       kd_codec_find(codecs[i].id) ? "enabled" : "disabled");
}
