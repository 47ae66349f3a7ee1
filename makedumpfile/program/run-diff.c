/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --diff: which pages two dumps do not share. Exit status is diff(1)'s: 0 equal, 1 they
 * differ, 2 trouble. Called by main.c.
 */
#include <fcntl.h>

#include "base/json.h"
#include "makedumpfile/inspect/diff.h"
#include "makedumpfile/program/program.h"

/* Runs listed; what follows is counted. */
#define RUNS_MAX 256
#define JSON_MAX ((size_t)1 << 20)

/** @json: NULL for lines on stdout */
struct listing {
	struct kd_json *json;
	uint64_t n;
};

static void list(void *context, enum kd_diff_kind kind, kd_pfn_t start, kd_pfn_t end)
{
	struct listing *l = context;

	if (l->n++ >= RUNS_MAX)
		return;
	if (!l->json) {
		printf("0x%llx-0x%llx %s\n", (unsigned long long)start,
		       (unsigned long long)end - 1, kd_diff_words(kind));
		return;
	}
	kd_json_object(l->json, NULL);
	kd_json_string(l->json, "kind", kd_diff_name(kind));
	kd_json_u64(l->json, "first_pfn", start);
	kd_json_u64(l->json, "last_pfn", end - 1);
	kd_json_object_end(l->json);
}

static int diff_text(const struct kd_input *a, const struct kd_input *b,
		     struct kd_diff_counts *ret, struct kd_error *err)
{
	struct listing l = { .json = NULL };
	int r;

	r = kd_diff(a, b, list, &l, ret, err);
	if (r < 0)
		return r;
	if (l.n > RUNS_MAX)
		printf("… and %llu runs more\n", (unsigned long long)(l.n - RUNS_MAX));
	for (int i = 0; i < KD_DIFF_KINDS; i++)
		printf("%-20s %llu pages\n", kd_diff_words((enum kd_diff_kind)i),
		       (unsigned long long)ret->pages[i]);
	return 0;
}

static int diff_json(const struct kd_input *a, const struct kd_input *b,
		     struct kd_diff_counts *ret, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_json j;
	struct listing l = { .json = &j };
	int r;

	kd_strbuf_init(&out, JSON_MAX);
	kd_json_init(&j, &out);
	kd_json_object(&j, NULL);
	kd_json_array(&j, "runs");
	r = kd_diff(a, b, list, &l, ret, err);
	if (r < 0)
		return r;
	kd_json_array_end(&j);
	kd_json_u64(&j, "runs_left_out", l.n > RUNS_MAX ? l.n - RUNS_MAX : 0);
	for (int i = 0; i < KD_DIFF_KINDS; i++)
		kd_json_u64(&j, kd_diff_name((enum kd_diff_kind)i), ret->pages[i]);
	kd_json_object_end(&j);
	if (out.status < 0)
		return kd_fail(err, out.status, "json");
	printf("%s\n", kd_strbuf_text(&out));
	return 0;
}

int kd_run_diff(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *a = NULL, *b = NULL;
	struct kd_diff_counts counts;
	int r;

	r = kd_input_open_at(AT_FDCWD, p->options.files[0], &a, err);
	if (r == 0)
		r = kd_input_open_at(AT_FDCWD, p->options.files[1], &b, err);
	if (r < 0)
		return r;
	r = p->options.json ? diff_json(a, b, &counts, err)
			    : diff_text(a, b, &counts, err);
	if (r < 0)
		return r;
	return kd_diff_none(&counts) ? 0 : KD_RUN_DIFFER;
}
