/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/iomem read: see iomem.h. A line deeper down is of the type it names whatever
 * stands above it: RAM added by virtio_mem or dax_kmem lies below a device. Trusts
 * nothing. Called by host.c.
 */
#include "kexec/host/iomem.h"

#include <string.h>
#include <strings.h>

#include "base/parse.h"

#define HEX_DIGITS 16

struct line {
	struct kd_range range;
	unsigned int depth;
	const char *name;
	size_t length;
	bool hidden;
};

static const struct {
	const char *name;
	enum kd_range_type type;
} types[] = {
	{ "System RAM", KD_RANGE_RAM },
	{ "Reserved", KD_RANGE_RESERVED },
	{ "Unknown E820 type", KD_RANGE_RESERVED },
	{ "ACPI Tables", KD_RANGE_ACPI },
	{ "ACPI Non-volatile Storage", KD_RANGE_NVS },
	{ "Unusable memory", KD_RANGE_UNUSABLE },
	{ "Persistent Memory", KD_RANGE_PMEM },
	{ "Persistent Memory (legacy)", KD_RANGE_PMEM },
	{ "Soft Reserved", KD_RANGE_SOFT_RESERVED },
};

bool kd_iomem_type(const char *name, size_t length, enum kd_range_type *ret)
{
	static const char driver_ram[] = "System RAM (";

	if (length > sizeof(driver_ram) - 1 &&
	    memcmp(name, driver_ram, sizeof(driver_ram) - 1) == 0) {
		*ret = KD_RANGE_RAM;
		return true;
	}
	/* "reserved" has been written both ways */
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strlen(types[i].name) != length ||
		    strncasecmp(types[i].name, name, length) != 0)
			continue;
		*ret = types[i].type;
		return true;
	}
	return false;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Step over a number. Returns false without one, or when it is too long. */
static bool take_hex(const char **text, const char *end, uint64_t *ret)
{
	const char *start = *text;
	uint64_t v = 0;

	for (; *text < end && digit(**text) >= 0; (*text)++)
		v = v << 4 | (uint64_t)digit(**text);
	*ret = v;
	return *text > start && *text - start <= HEX_DIGITS;
}

static bool take(const char **text, const char *end, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(end - *text) < length || memcmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

static int read_line(const struct kd_lines *it, struct line *ret)
{
	const char *text = it->line, *end = it->line + it->length;
	uint64_t last;

	while (text < end && *text == ' ')
		text++;
	ret->depth = (unsigned int)(text - it->line);
	if (!take_hex(&text, end, &ret->range.start) || !take(&text, end, "-") ||
	    !take_hex(&text, end, &last) || !take(&text, end, " : "))
		return -EBADMSG;
	ret->hidden = ret->range.start == 0 && last == 0;
	/* the very last byte has no end to name; nothing of RAM lies there */
	ret->range.end = last == UINT64_MAX ? last : last + 1;
	ret->name = text;
	ret->length = (size_t)(end - text);
	return 0;
}

static bool is_named(const struct line *line, const char *name)
{
	return line->length == strlen(name) &&
	       memcmp(line->name, name, line->length) == 0;
}

/* ,high comes with a second range below 4 GiB under the same name: the upper one is
 * where images are loaded to (crashk_res of kernel/crash_reserve.c). */
static int add_crash(struct kd_iomem *map, const struct kd_range *range)
{
	if (map->crash_low.end > 0)
		return -EBADMSG;
	if (map->crash.end == 0) {
		map->crash = *range;
	} else if (map->crash.start < range->start) {
		map->crash_low = map->crash;
		map->crash = *range;
	} else {
		map->crash_low = *range;
	}
	return 0;
}

static void add_kernel(struct kd_iomem *map, const struct kd_range *range)
{
	if (map->kernel.end == 0) {
		map->kernel = *range;
		return;
	}
	map->kernel.start = MIN(map->kernel.start, range->start);
	map->kernel.end = MAX(map->kernel.end, range->end);
}

static bool is_kernel(const struct line *line)
{
	return is_named(line, "Kernel code") || is_named(line, "Kernel rodata") ||
	       is_named(line, "Kernel data") || is_named(line, "Kernel bss");
}

static int add_line(struct kd_iomem *map, const struct line *line)
{
	const struct kd_range *range = &line->range;
	const struct kd_range *above;
	enum kd_range_type type;
	bool crash = is_named(line, "Crash kernel");

	if (!crash && !is_kernel(line) && !kd_iomem_type(line->name, line->length, &type))
		return 0;
	if (line->hidden)
		return -EPERM;
	if (range->end <= range->start)
		return -EBADMSG;
	if (crash)
		return add_crash(map, range);
	if (is_kernel(line)) {
		add_kernel(map, range);
		return 0;
	}
	above = kd_ranges_at(&map->ram, range->start);
	if (line->depth > 0 && type == KD_RANGE_RESERVED && above &&
	    above->type == KD_RANGE_RAM)
		return kd_ranges_insert(&map->busy, range->start, range->end, type);
	return kd_ranges_insert(&map->ram, range->start, range->end, type);
}

int kd_iomem_parse(const char *text, size_t size, struct kd_iomem *ret,
		   struct kd_error *err)
{
	_cleanup_(kd_iomem_done) struct kd_iomem map = { 0 };
	struct kd_lines it = { .rest = text, .left = size };

	while (kd_lines_next(&it)) {
		struct line line;
		int r;

		if (it.length == 0)
			continue;
		r = read_line(&it, &line);
		if (r == 0)
			r = add_line(&map, &line);
		if (r == -EPERM)
			return kd_fail_msg(err, r,
					   "/proc/iomem hides its addresses: it needs "
					   "CAP_SYS_ADMIN to be read");
		if (r < 0)
			return kd_fail(err, r, "/proc/iomem:%u", it.number);
	}
	*ret = map;
	map = (struct kd_iomem) { 0 };
	return 0;
}

void kd_iomem_done(struct kd_iomem *map)
{
	kd_ranges_done(&map->ram);
	kd_ranges_done(&map->busy);
}
