/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --salvage: what a file cut short still holds, as one that opens. Trusts nothing in
 * it. Called by main.c.
 */
#include <fcntl.h>

#include "base/json.h"
#include "base/parallel.h"
#include "makedumpfile/inspect/salvage.h"
#include "makedumpfile/program/program.h"

static void print(const struct kd_salvage_report *r)
{
	unsigned long long saved = r->elf ? r->saved_bytes : r->counts.saved;
	unsigned long long all = r->elf ? r->bytes : r->counts.kept;

	printf("%llu of %llu %s saved%s\n", saved, all, r->elf ? "bytes" : "pages",
	       r->counts.whole ? ": nothing is lost" : "");
}

static int print_json(const struct kd_salvage_report *r, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_json j;

	kd_strbuf_init(&out, 4096);
	kd_json_init(&j, &out);
	kd_json_object(&j, NULL);
	kd_json_string(&j, "format", r->elf ? "elf" : "kdump");
	kd_json_bool(&j, "whole", r->counts.whole);
	if (r->elf) {
		kd_json_u64(&j, "bytes", r->bytes);
		kd_json_u64(&j, "bytes_saved", r->saved_bytes);
	} else {
		kd_json_u64(&j, "pages", r->counts.kept);
		kd_json_u64(&j, "pages_saved", r->counts.saved);
	}
	kd_json_object_end(&j);
	if (out.status < 0)
		return kd_fail(err, out.status, "json");
	printf("%s\n", kd_strbuf_text(&out));
	return 0;
}

int kd_run_salvage(struct kd_program *p, struct kd_error *err)
{
	const struct kd_kdump_verify how = {
		.threads = p->options.threads ?: kd_parallel_cpus(),
	};
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_salvage_report report;
	int r;

	r = kd_program_create(p, p->options.output, /* again= */ false, &fd, err);
	if (r < 0)
		return r;
	r = kd_salvage_at(AT_FDCWD, p->options.input, fd, &how, &report, err);
	if (r < 0)
		return r;
	if (p->options.json)
		return print_json(&report, err);
	print(&report);
	return 0;
}
