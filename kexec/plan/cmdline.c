/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Editing a command line for a load: see cmdline.h. Two lists of words, before and after;
 * what is behind "--" is never touched. Trusts nothing about the text.
 */
#include "kexec/plan/cmdline.h"

#include <inttypes.h>
#include <string.h>

#include "base/params.h"
#include "base/strbuf.h"

/* COMMAND_LINE_SIZE where the image does not say: 2048 on x86 and arm64, the NUL in it. */
#define USUAL_MAX 2047

/* Beyond this nothing is read: 64 times what any kernel takes. */
#define READ_MAX (256u << 10)

/* Patterns of kd_params_match(). */
static const char *const removed_for_crash[] = {
	"crashkernel*", /* reserves nothing itself */
	"elfcorehdr",	/* of another load */
	"memmap",	/* limits of the dying kernel; */
	"mem",		/* the map of this load says what there is */
	"hugepages*",	/* would take the little there is */
	"hugetlb_cma",	"kexec_jump_back_entry",
	"dmcryptkeys", /* an address of the dying kernel's loader */
};

static bool is_removed(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(removed_for_crash); i++) {
		const char *pattern = removed_for_crash[i];

		if (kd_params_match(word, n, pattern, strlen(pattern)))
			return true;
	}
	return false;
}

static void add_word(struct kd_strbuf *b, const char *word, size_t n)
{
	if (b->length)
		kd_strbuf_adds(b, " ");
	kd_strbuf_add(b, word, n);
}

static void add_elfcorehdr(struct kd_strbuf *b, uint64_t address)
{
	if (address)
		kd_strbuf_addf(b, "%selfcorehdr=0x%" PRIx64, b->length ? " " : "",
			       address);
}

/* What a reboot's line has is its author's, to the last space. */
static void edit_for_crash(struct kd_strbuf *b, const char *text, uint64_t elfcorehdr)
{
	size_t n;

	for (; (n = kd_params_next(&text)) > 0; text += n) {
		if (kd_params_is_end(text, n))
			break;
		if (!is_removed(text, n))
			add_word(b, text, n);
	}
	/* in front of "--": behind it nothing is the kernel's */
	add_elfcorehdr(b, elfcorehdr);
	if (n > 0)
		add_word(b, text, strlen(text));
}

int kd_plan_cmdline_edit(const char *text, const struct kd_plan_cmdline *rules,
			 char **ret, struct kd_error *err)
{
	size_t max = rules->max ? rules->max : USUAL_MAX;
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	int r;

	kd_strbuf_init(&b, READ_MAX);
	kd_strbuf_adds(&b, ""); /* never NULL, even when empty */
	if (rules->crash)
		edit_for_crash(&b, text, rules->elfcorehdr);
	else
		kd_strbuf_adds(&b, text);
	if (b.status == -EFBIG)
		return kd_fail_msg(err, -E2BIG,
				   "the command line has more than %u bytes, the kernel "
				   "takes %zu",
				   READ_MAX, max);
	if (b.status == 0 && b.length > max)
		return kd_fail_msg(
			err, -E2BIG,
			"the command line has %zu bytes, %zu more than the %zu "
			"the kernel takes",
			b.length, b.length - max, max);
	r = kd_strbuf_take(&b, ret);
	return r < 0 ? kd_fail(err, r, "command line") : 0;
}
