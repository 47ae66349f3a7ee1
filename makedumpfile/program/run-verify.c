/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --verify: whether every page of a dump can be had; several files are the parts of a
 * split one. Called by main.c.
 */
#include <fcntl.h>

#include "base/json.h"
#include "base/parallel.h"
#include "makedumpfile/inspect/verify.h"
#include "makedumpfile/program/program.h"

static void print(const struct kd_verify_report *r, bool good)
{
	printf("%llu pages, %llu wrong, %llu lost while dumping%s\n",
	       (unsigned long long)r->pages, (unsigned long long)r->bad,
	       (unsigned long long)r->unreadable, good ? ": verified" : "");
}

static void print_json(const struct kd_verify_report *r, const struct kd_error *found)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_json j;

	kd_strbuf_init(&out, 4096);
	kd_json_init(&j, &out);
	kd_json_object(&j, NULL);
	kd_json_bool(&j, "good", found->code == 0);
	kd_json_u64(&j, "pages", r->pages);
	kd_json_u64(&j, "bad", r->bad);
	kd_json_u64(&j, "unreadable", r->unreadable);
	if (r->bad)
		kd_json_u64(&j, "first_bad_pfn", r->first_bad);
	if (found->code)
		kd_json_string(&j, "error", found->message);
	kd_json_object_end(&j);
	printf("%s\n", kd_strbuf_text(&out));
}

int kd_run_verify(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	unsigned int threads = p->options.threads ?: kd_parallel_cpus();
	struct kd_verify_report report = { 0 };
	int r;

	r = kd_input_open_set_at(AT_FDCWD, p->options.files, p->options.n_files, &input,
				 err);
	if (r < 0)
		return r;
	r = kd_dump_verify(input, threads, &report, err);
	if (r < 0 && r != -EBADMSG)
		return kd_fail(err, r, "%s", p->options.input);
	if (p->options.json)
		print_json(&report, err);
	else
		print(&report, r == 0);
	return r < 0 ? kd_fail(err, r, "%s", p->options.input) : 0;
}
