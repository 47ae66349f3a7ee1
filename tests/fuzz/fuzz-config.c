/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both configuration files of any bytes: the verdict fits the report, and what is taken
 * gives a command line or an error, never a longer one than asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/arm/cmdline.h"
#include "kdumpd/config/config.h"
#include "kdumpd/config/sysconfig.h"
#include "tests/fuzz/fuzz.h"

static void check(int r, const struct kd_config_report *report,
		  const struct kd_error *err)
{
	if ((r < 0) != (report->errors > 0) || (r < 0) != (err->message[0] != '\0') ||
	    report->errors > report->n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) char *cmdline = NULL;
	struct kd_config_report report;
	struct kd_error err = { 0 };
	struct kd_sysconfig s;
	struct kd_config c;
	int r;

	kd_config_report_init(&report);
	r = kd_config_parse("f", (const char *)data, size, &c, &report, &err);
	check(r, &report, &err);
	if (r >= 0 &&
	    (c.path[0] != '/' || c.n_targets == 0 || c.n_targets > KD_PLAN_TARGETS))
		abort();
	for (size_t i = 0; r >= 0 && i < c.n_targets; i++)
		if (!kd_target_type_name(c.targets[i].type) ||
		    strpbrk(c.targets[i].source, " \t"))
			abort();

	kd_error_reset(&err);
	kd_config_report_init(&report);
	kd_sysconfig_read("s", (const char *)data, size, &s, &report);
	r = kd_config_verdict(&report, &err);
	check(r, &report, &err);
	if (r < 0)
		return 0;
	if (kd_cmdline_build(
		    &(struct kd_cmdline_rules) {
			    .running = s.commandline,
			    .remove = s.remove,
			    .append = s.has_append ? s.append : NULL,
			    .also = s.append,
			    .max = 1000,
		    },
		    &cmdline, NULL) >= 0 &&
	    strlen(cmdline) > 1000)
		abort();
	return 0;
}
