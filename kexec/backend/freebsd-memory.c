/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD's physical memory as its loader sees it: see freebsd-memory.h. Trusts the
 * text's shape no further than each line is read. Called by freebsd.c.
 */
#include "kexec/backend/freebsd-memory.h"

#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

/* 64 entries of some 100 bytes each. */
#define TEXT_MAX 16384

/* Page tables, the trampoline and slop: kexec_md_pages() counts 13 and one or two for
 * each GiB above 4 GiB. And what the machine itself goes on to need. */
#define SPARE (64ull << 20)

/* "start:     0x1000": the value of a line that begins with @key. 0 for another line. */
static int line_value(const struct kd_lines *it, const char *key, uint64_t *ret)
{
	size_t skip = strlen(key);
	char word[32];

	if (it->length < skip || memcmp(it->line, key, skip) != 0)
		return 0;
	while (skip < it->length && it->line[skip] == ' ')
		skip++;
	if (it->length - skip >= sizeof(word))
		return -EBADMSG;
	memcpy(word, it->line + skip, it->length - skip);
	word[it->length - skip] = '\0';
	return kd_parse_hex(word, ret) < 0 ? -EBADMSG : 1;
}

/* One line; @open: a start was read, its end was not. 0, or why it cannot be. */
static int take_line(const struct kd_lines *it, struct kd_freebsd_memory *memory,
		     bool *open)
{
	struct kd_freebsd_phys *seg = &memory->segs[memory->n];
	uint64_t value;
	int r;

	r = line_value(it, "start:", &value);
	if (r > 0 && *open)
		return -EBADMSG;
	if (r > 0 && memory->n == KD_FREEBSD_PHYS_SEGS)
		return -E2BIG;
	if (r > 0) {
		seg->start = value;
		*open = true;
	}
	if (r != 0)
		return MIN(r, 0);
	r = line_value(it, "end:", &value);
	if (r > 0 && (!*open || value <= seg->start))
		return -EBADMSG;
	if (r > 0) {
		seg->end = value;
		*open = false;
		memory->n++;
	}
	return MIN(r, 0);
}

int kd_freebsd_phys_parse(const char *text, size_t size, struct kd_freebsd_memory *ret,
			  struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_freebsd_memory memory = { 0 };
	bool open = false;

	while (kd_lines_next(&it)) {
		int r = take_line(&it, &memory, &open);

		if (r == -E2BIG)
			return kd_fail_msg(err, r, "vm.phys_segs: more than %d entries",
					   KD_FREEBSD_PHYS_SEGS);
		if (r < 0)
			return kd_fail_msg(err, r,
					   "vm.phys_segs: line %u cannot be understood",
					   it.number);
	}
	if (open || memory.n == 0)
		return kd_fail_msg(err, -EBADMSG, "vm.phys_segs: empty or cut short");
	*ret = memory;
	return 0;
}

/* A number of 4 bytes; what a kernel does not have is 0. */
static int number(const struct kd_freebsd *system, const char *name, uint32_t *ret,
		  struct kd_error *err)
{
	uint32_t value = 0;
	ssize_t n = system->calls->sysctl(system->context, name, &value, sizeof(value));

	if (n == -ENOENT) {
		*ret = 0;
		return 0;
	}
	if (n < 0)
		return kd_fail(err, (int)n, "%s", name);
	if (n != sizeof(value))
		return kd_fail_msg(err, -EBADMSG, "%s: %zd bytes, not 4", name, n);
	*ret = value;
	return 0;
}

int kd_freebsd_memory_read(const struct kd_freebsd *system, struct kd_freebsd_memory *ret,
			   struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = malloc(TEXT_MAX);
	struct kd_freebsd_memory memory;
	uint32_t pages = 0, la57 = 0;
	ssize_t n;
	int r;

	if (!text)
		return kd_fail(err, -ENOMEM, "vm.phys_segs");
	n = system->calls->sysctl(system->context, "vm.phys_segs", text, TEXT_MAX);
	if (n < 0)
		return kd_fail(err, (int)n, "vm.phys_segs");
	r = kd_freebsd_phys_parse(text, strnlen(text, (size_t)n), &memory, err);
	if (r < 0)
		return r;
	r = number(system, "vm.stats.vm.v_free_count", &pages, err);
	if (r < 0)
		return r;
	r = number(system, "vm.pmap.la57", &la57, err);
	if (r < 0)
		return r;
	memory.free = pages * KD_FREEBSD_PAGE;
	memory.la57 = la57 != 0;
	*ret = memory;
	return 0;
}

/* segment_fits() of sys/kern/kern_kexec.c, without its wrap. */
static bool fits(const struct kd_freebsd_memory *memory,
		 const struct kd_kexec_segment *segment)
{
	for (size_t i = 0; i < memory->n; i++) {
		const struct kd_freebsd_phys *seg = &memory->segs[i];

		if (segment->mem >= seg->start && segment->mem < seg->end &&
		    segment->memsz <= seg->end - segment->mem)
			return true;
	}
	return false;
}

int kd_freebsd_memory_check(const struct kd_freebsd_memory *memory,
			    const struct kd_kexec_plan *plan, struct kd_error *err)
{
	uint64_t need = SPARE;

	if (memory->la57)
		return kd_fail_msg(err, -ENOTSUP,
				   "five-level page tables are on, which FreeBSD's kexec "
				   "cannot leave: set vm.pmap.la57=0 in loader.conf and "
				   "reboot");
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *segment = &plan->segments[i];

		if (!fits(memory, segment))
			return kd_fail_msg(err, -EINVAL,
					   "segment %zu (%s) at 0x%" PRIx64 ", 0x%" PRIx64
					   " bytes, is not inside one entry of "
					   "vm.phys_segs",
					   i, kd_segment_role_name(segment->role),
					   segment->mem, segment->memsz);
		if (__builtin_add_overflow(need, segment->memsz, &need))
			need = UINT64_MAX;
	}
	if (need > memory->free)
		return kd_fail_msg(err, -ENOMEM,
				   "the image needs %" PRIu64 " MB of free memory, there "
				   "are %" PRIu64 ": the kernel would wait for ever",
				   need >> 20, memory->free >> 20);
	return 0;
}
