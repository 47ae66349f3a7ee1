/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crashkernel= values: see crashkernel.h. Trusts nothing in the text: a boot loader's
 * file or a user's argument. Called by estimate, reset-crashkernel and the status.
 */
#include "kdumpd/boot/crashkernel.h"

#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

#define TEXT_SIZE  1024
#define ROUNDED_TO (128ull << 20) /* parse_crashkernel_mem() */

static const char *const kinds[] = {
	[KD_CRASHKERNEL_HIGH] = ",high",
	[KD_CRASHKERNEL_LOW] = ",low",
	[KD_CRASHKERNEL_CMA] = ",cma",
};

/* Cut ",high" and the like off the end. */
static enum kd_crashkernel_kind take_kind(char *text)
{
	size_t length = strlen(text), n;

	for (size_t i = KD_CRASHKERNEL_HIGH; i < ARRAY_SIZE(kinds); i++) {
		n = strlen(kinds[i]);
		if (length > n && strcmp(text + length - n, kinds[i]) == 0) {
			text[length - n] = '\0';
			return (enum kd_crashkernel_kind)i;
		}
	}
	return KD_CRASHKERNEL_PLAIN;
}

static int take_offset(char *text, struct kd_crashkernel *ck, struct kd_error *err)
{
	char *at = strchr(text, '@');

	if (!at)
		return 0;
	*at = '\0';
	ck->offset = true;
	if (kd_parse_size(at + 1, &ck->place) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no address", at + 1);
	return 0;
}

/* "start-[end]" */
static int parse_bounds(char *text, struct kd_crashkernel_range *range,
			struct kd_error *err)
{
	char *dash = strchr(text, '-');

	range->end = UINT64_MAX;
	if (!dash)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no range of sizes", text);
	*dash = '\0';
	if (kd_parse_size(text, &range->start) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no size", text);
	if (dash[1] && kd_parse_size(dash + 1, &range->end) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no size", dash + 1);
	if (range->end <= range->start)
		return kd_fail_msg(err, -EINVAL, "the range that begins at %s is empty",
				   text);
	return 0;
}

static int parse_item(char *text, struct kd_crashkernel *ck, struct kd_error *err)
{
	struct kd_crashkernel_range *range = &ck->items[ck->n];
	char *colon = strchr(text, ':'), *size = colon ? colon + 1 : text;
	int r;

	range->start = 0;
	range->end = UINT64_MAX;
	if (ck->n > 0 && (!colon || !ck->ranged))
		return kd_fail_msg(err, -EINVAL, "expected ranges of sizes, found \"%s\"",
				   text);
	if (colon) {
		*colon = '\0';
		ck->ranged = true;
		r = parse_bounds(text, range, err);
		if (r < 0)
			return r;
	}
	if (kd_parse_size(size, &range->size) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no size", size);
	ck->n++;
	return 0;
}

static int parse(char *text, struct kd_crashkernel *ck, struct kd_error *err)
{
	char *item;
	int r;

	ck->kind = take_kind(text);
	r = take_offset(text, ck, err);
	while (r == 0 && (item = strsep(&text, ","))) {
		if (ck->n == KD_CRASHKERNEL_RANGES)
			return kd_fail_msg(err, -E2BIG, "more than %d ranges",
					   KD_CRASHKERNEL_RANGES);
		r = parse_item(item, ck, err);
	}
	if (r == 0 && ck->kind != KD_CRASHKERNEL_PLAIN && (ck->ranged || ck->offset))
		return kd_fail_msg(err, -EINVAL, "\"%s\" takes one size alone",
				   kinds[ck->kind] + 1);
	return r;
}

int kd_crashkernel_parse(const char *text, struct kd_crashkernel *ret,
			 struct kd_error *err)
{
	struct kd_crashkernel ck = { .n = 0 };
	char copy[TEXT_SIZE];
	int r;

	if (strlen(text) >= sizeof(copy))
		return kd_fail_msg(err, -E2BIG, "crashkernel=: longer than %zu bytes",
				   sizeof(copy) - 1);
	memcpy(copy, text, strlen(text) + 1);
	r = parse(copy, &ck, err);
	if (r < 0)
		return kd_fail(err, r, "crashkernel=%s", text);
	*ret = ck;
	return 0;
}

static void format_size(struct kd_strbuf *to, uint64_t size)
{
	static const char units[] = "\0KMGTPE";
	unsigned int i = 0;

	while (size >= 1024 && size % 1024 == 0 && units[i + 1]) {
		size /= 1024;
		i++;
	}
	kd_strbuf_addf(to, "%" PRIu64, size);
	if (i)
		kd_strbuf_add(to, &units[i], 1);
}

void kd_crashkernel_format(const struct kd_crashkernel *ck, struct kd_strbuf *to)
{
	for (size_t i = 0; i < ck->n; i++) {
		const struct kd_crashkernel_range *range = &ck->items[i];

		if (i > 0)
			kd_strbuf_adds(to, ",");
		if (ck->ranged) {
			format_size(to, range->start);
			kd_strbuf_adds(to, "-");
			if (range->end != UINT64_MAX)
				format_size(to, range->end);
			kd_strbuf_adds(to, ":");
		}
		format_size(to, range->size);
	}
	if (ck->offset) {
		kd_strbuf_adds(to, "@");
		format_size(to, ck->place);
	}
	if (ck->kind != KD_CRASHKERNEL_PLAIN)
		kd_strbuf_adds(to, kinds[ck->kind]);
}

int kd_crashkernel_add(struct kd_crashkernel *ck, int64_t delta)
{
	struct kd_crashkernel sum = *ck;

	for (size_t i = 0; i < sum.n; i++)
		if (__builtin_add_overflow(sum.items[i].size, delta, &sum.items[i].size))
			return -ERANGE;
	*ck = sum;
	return 0;
}

uint64_t kd_crashkernel_size(const struct kd_crashkernel *ck, uint64_t ram)
{
	if (ck->ranged && ram <= UINT64_MAX - ROUNDED_TO)
		ram = kd_align_up(ram, ROUNDED_TO);
	for (size_t i = 0; i < ck->n; i++)
		if (ram >= ck->items[i].start && ram < ck->items[i].end)
			return ck->items[i].size;
	return 0;
}
