/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: the kernel log, new and old. The input is laid over a machine with a small
 * ring: lines "<offset> <value> <bytes>" put a little-endian number at an offset from the
 * ring's first byte, which is at 0xffffffff81402000; "KEY=value" replaces or adds a line
 * of VMCOREINFO, "-KEY" takes one out. Input that starts with @ is an mkvmcore script that
 * is laid over another small machine, which is far slower.
 */
#include <elf.h>
#include <fcntl.h>
#include <string.h>

#include "base/parse.h"
#include "base/strbuf.h"
#include "makedumpfile/dmesg.h"
#include "tests/fuzz/fuzz.h"
#include "tests/tools/mkvmcore/mkvmcore.h"

#define INPUT_MAX  16384
#define INFO_MAX   65536
#define KERNEL_MAP UINT64_C(0xffffffff80000000)
#define RING	   UINT64_C(0xffffffff81402000)
/* the ring, 16 descriptors and infos, 512 bytes of text, the pointer to it */
#define AREA	   4096U

#define MACHINE                                                         \
	"@core preset=6.12 memmap=zero\n@ram start=0x100000 size=31M\n" \
	"@ring count_bits=4 size_bits=9\n"                              \
	"@log ts=1000 text=one\n@log ts=2000 text=two\\nlines\n"

#define COUNT_BITS_MAX 18

/** The base machine, whose area reads as @area. */
struct overlay {
	struct kd_memory memory;
	const struct kd_memory *base;
	uint8_t area[AREA];
};

static int overlay_read(const struct kd_memory *m, kd_paddr_t addr, void *buf,
			size_t size)
{
	const struct overlay *o = (const struct overlay *)m;
	kd_paddr_t start = MAX(addr, RING - KERNEL_MAP);
	kd_paddr_t end = MIN(addr + size, RING - KERNEL_MAP + AREA);
	int r = o->base->ops->read(o->base, addr, buf, size);

	if (r == 0 && start < end)
		memcpy((uint8_t *)buf + (start - addr),
		       o->area + (start - (RING - KERNEL_MAP)), (size_t)(end - start));
	return r;
}

static const struct kd_memory_ops overlay_ops = { .read = overlay_read };

static void show(const struct kd_memory *memory, const struct kd_vmcoreinfo *info)
{
	_cleanup_(kd_closep) int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct kd_error err = { 0 };
	struct kd_xlat xlat;

	if (kd_xlat_init(&xlat, memory, EM_X86_64, info, &err) == 0)
		for (unsigned int flags = 0; flags < 4; flags++)
			(void)kd_dmesg_write_as(&xlat, info, flags, fd, NULL, &err);
}

static int open_script(const char *script, struct kd_vmcore **ret)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[32];

	fd = mkvmcore_memfd(script, path, sizeof(path), NULL);
	return fd < 0 ? fd : kd_vmcore_open_at(AT_FDCWD, path, ret, NULL);
}

static void run_script(const uint8_t *data, size_t size)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_freep) char *script = malloc(sizeof(MACHINE) + size);
	const struct kd_vmcoreinfo *info;

	if (!script)
		return;
	memcpy(script, MACHINE, sizeof(MACHINE) - 1);
	memcpy(script + sizeof(MACHINE) - 1, data, size);
	script[sizeof(MACHINE) - 1 + size] = '\0';
	if (open_script(script, &core) < 0)
		return;
	info = kd_vmcore_info(core, NULL, NULL);
	if (info)
		show(kd_vmcore_memory(core), info);
}

static void patch(struct overlay *o, char *line)
{
	uint64_t v[3]; /* offset, value, bytes */

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		char *word = strsep(&line, " ");

		if (!word || kd_parse_u64(word, &v[i]) < 0)
			return;
	}
	if (v[2] <= sizeof(v[1]) && v[0] <= AREA - v[2])
		memcpy(o->area + v[0], &v[1], (size_t)v[2]);
}

/* Whether the input has a line for the key that @line begins with, or "-KEY". */
static bool is_replaced(const uint8_t *data, size_t size, const char *line, size_t length)
{
	struct kd_lines it = { .rest = (const char *)data, .left = size };
	const char *eq = memchr(line, '=', length);
	size_t key = eq ? (size_t)(eq - line) : length;

	while (kd_lines_next(&it)) {
		size_t skip = it.length && *it.line == '-';

		if (it.length - skip >= key && memcmp(it.line + skip, line, key) == 0 &&
		    (it.length - skip == key || it.line[skip + key] == '='))
			return true;
	}
	return false;
}

static void add_info(struct kd_strbuf *b, const char *text, size_t text_size,
		     const uint8_t *data, size_t size)
{
	struct kd_lines it = { .rest = text, .left = text_size };

	while (kd_lines_next(&it)) {
		if (is_replaced(data, size, it.line, it.length))
			continue;
		kd_strbuf_add(b, it.line, it.length);
		kd_strbuf_adds(b, "\n");
	}
}

static void apply(struct overlay *o, struct kd_strbuf *b, const uint8_t *data,
		  size_t size)
{
	struct kd_lines it = { .rest = (const char *)data, .left = size };

	while (kd_lines_next(&it)) {
		char line[256];

		if (it.length >= sizeof(line))
			continue;
		memcpy(line, it.line, it.length);
		line[it.length] = '\0';
		if (*line >= '0' && *line <= '9') {
			patch(o, line);
		} else if (*line != '-') {
			kd_strbuf_adds(b, line);
			kd_strbuf_adds(b, "\n");
		}
	}
}

/* Made once: that takes far longer than reading its log. */
static const struct kd_vmcore *base_core(void)
{
	static struct kd_vmcore *core;

	if (!core && open_script(MACHINE, &core) < 0)
		abort();
	return core;
}

/* The note's text. */
static const char *base_info(const struct kd_vmcore *core, size_t *ret_size)
{
	size_t size;
	const char *notes = kd_vmcore_notes(core, &size);
	const char *name = memmem(notes, size, "VMCOREINFO", 11);
	const char *text = name ? name + 12 : NULL;
	const char *end = text ? memchr(text, '\0', size - (size_t)(text - notes)) : NULL;

	if (!text)
		abort();
	*ret_size = end ? (size_t)(end - text) : size - (size_t)(text - notes);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	const struct kd_vmcore *core = base_core();
	struct overlay o = { .base = kd_vmcore_memory(core) };
	const char *own;
	size_t own_size;
	uint32_t count_bits;

	kd_strbuf_init(&text, INFO_MAX);
	if (size > INPUT_MAX)
		return 0;
	if (size && *data == '@') {
		run_script(data, size);
		return 0;
	}
	o.memory = *o.base;
	o.memory.ops = &overlay_ops;
	if (kd_memory_read(o.base, RING - KERNEL_MAP, o.area, AREA) < 0)
		abort();
	own = base_info(core, &own_size);
	add_info(&text, own, own_size, data, size);
	apply(&o, &text, data, size);
	/* 2^26 records are visited, cheaply; but not in every other run */
	memcpy(&count_bits, o.area, sizeof(count_bits));
	if (count_bits <= COUNT_BITS_MAX &&
	    kd_vmcoreinfo_new(kd_strbuf_text(&text), text.length, &info, NULL) == 0)
		show(&o.memory, info);
	return 0;
}
