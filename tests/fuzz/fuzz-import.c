/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other services' settings of any bytes: what comes out is a kdump.conf without a
 * complaint, or nothing.
 */
#include <stdlib.h>

#include "kdumpd/config/config.h"
#include "kdumpd/config/import.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kd_config_report report, read;
	_cleanup_(kd_strbuf_done) struct kd_strbuf conf;
	static struct kd_config config;
	struct kd_error err = { 0 };
	int r;

	kd_strbuf_init(&conf, KD_IMPORT_MAX_CONF);
	kd_config_report_init(&report);
	kd_config_report_init(&read);
	r = kd_import("f", (const char *)data, size, &conf, &report, &err);
	if ((r < 0) != (err.message[0] != '\0') || report.errors)
		abort();
	if (r < 0)
		return 0;
	if (kd_config_parse("c", kd_strbuf_text(&conf), conf.length, &config, &read,
			    &err) < 0 ||
	    read.errors)
		abort();
	return 0;
}
