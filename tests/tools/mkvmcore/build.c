/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a script to a vmcore: directives in order, then what depends on all of them.
 * The language is in tests/tools/README.md. Called by main.c and by tests.
 */
#include <elf.h>
#include <string.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/parse.h"
#include "tests/tools/mkvmcore/log.h"
#include "tests/tools/mkvmcore/memmap.h"
#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/tools/mkvmcore/output.h"
#include "tests/tools/mkvmcore/presets.h"

#define INFO_MAX 65536

static int parse_core(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	struct mk_config *c = &mk->config;
	const char *preset = mk_string(line, "preset");
	const char *release, *build_id;
	uint64_t cpus, levels, base;
	int r;

	c->preset = mk_preset_find(preset ? preset : "6.1");
	if (!c->preset)
		return kd_fail_msg(err, -EINVAL, "no preset \"%s\"", preset);
	release = mk_string(line, "release");
	build_id = mk_string(line, "build-id");
	(void)snprintf(c->release, sizeof(c->release), "%s",
		       release ? release : c->preset->release);
	(void)snprintf(c->build_id, sizeof(c->build_id), "%s",
		       build_id ? build_id : "0123456789abcdef0123456789abcdef01234567");
	r = mk_number(line, "cpus", 1, &cpus, err);
	if (r == 0)
		r = mk_number(line, "levels", 4, &levels, err);
	if (r == 0)
		r = mk_number(line, "phys_base", 0, &base, err);
	if (r == 0)
		r = mk_number(line, "kernel", 16U << 20, &c->kernel, err);
	if (r < 0)
		return r;
	if ((levels != 4 && levels != 5) || cpus > 64 || c->kernel % MK_LARGE)
		return kd_fail_msg(err, -EINVAL,
				   "levels= is 4 or 5, cpus= up to 64, kernel= aligned");
	c->cpus = (unsigned int)cpus;
	c->levels = (unsigned int)levels;
	c->phys_base = (int64_t)base;
	c->small_vmemmap = mk_string(line, "vmemmap") != NULL;
	c->zero_memmap = mk_string(line, "memmap") != NULL;
	c->tail_head = mk_string(line, "tails") != NULL;
	return 0;
}

static int parse_ring(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	uint64_t count, size;
	int r;

	r = mk_number(line, "count_bits", 8, &count, err);
	if (r == 0)
		r = mk_number(line, "size_bits", 14, &size, err);
	if (r < 0)
		return r;
	if (mk->log || count < 1 || count > 16 || size < 6 || size > 24)
		return kd_fail_msg(err, -EINVAL,
				   "@ring comes before @log; bits 1..16, "
				   "6..24");
	mk->config.ring_count_bits = (unsigned int)count;
	mk->config.ring_size_bits = (unsigned int)size;
	return 0;
}

static int parse_ram(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	uint64_t start, size;
	int r;

	r = mk_number(line, "start", 0, &start, err);
	if (r == 0)
		r = mk_number(line, "size", 0, &size, err);
	return r < 0 ? r : mk_ram_add(mk, start, size, err);
}

static int write_bytes(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	const char *given = mk_string(line, "text"), *u64 = mk_string(line, "u64");
	char text[MK_LINE_SIZE] = "";
	uint64_t addr, value;
	size_t length = 0;
	int r;

	r = mk_number(line, "addr", UINT64_MAX, &addr, err);
	if (r == 0 && u64) {
		r = mk_number(line, "u64", 0, &value, err);
		return r < 0 ? r : mk_write_u64(mk, addr, value, err);
	}
	if (given)
		memcpy(text, given, strlen(given) + 1);
	if (r == 0)
		r = mk_unescape(text, &length, err);
	return r < 0 ? r : mk_write(mk, addr, text, length, err);
}

/* xorshift64: any generator will do, as long as every machine has the same one */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

enum fill {
	FILL_ZERO,
	FILL_PATTERN,
	FILL_RANDOM,
	FILL_SAME,
	FILL_KINDS
};

static void fill_page(enum fill kind, kd_pfn_t pfn, uint64_t seed, uint64_t *page)
{
	uint64_t state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
			 (kind == FILL_SAME ? 1 : pfn + 1);

	for (size_t i = 0; i < MK_PAGE / sizeof(*page); i++) {
		if (kind == FILL_ZERO)
			page[i] = 0;
		else if (kind == FILL_PATTERN)
			page[i] = pfn << 16 | i; /* tells where it belongs */
		else
			page[i] = next_random(&state);
	}
}

static int fill(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	static const char *const kinds[] = { "zero", "pattern", "random", "same" };
	const char *with = mk_string(line, "with");
	uint64_t pfn, count, seed, page[MK_PAGE / sizeof(uint64_t)];
	enum fill kind = FILL_KINDS;
	int r;

	for (size_t i = 0; with && i < ARRAY_SIZE(kinds); i++)
		if (strcmp(with, kinds[i]) == 0)
			kind = (enum fill)i;
	if (kind == FILL_KINDS)
		return kd_fail_msg(err, -EINVAL,
				   "with= is zero, pattern, random or same");
	r = mk_number(line, "pfn", 0, &pfn, err);
	if (r == 0)
		r = mk_number(line, "count", 1, &count, err);
	if (r == 0)
		r = mk_number(line, "seed", 0, &seed, err);
	for (uint64_t i = 0; r == 0 && i < count; i++) {
		fill_page(kind, pfn + i, seed, page);
		r = mk_write(mk, (pfn + i) * MK_PAGE, page, sizeof(page), err);
	}
	return r;
}

static int override_info(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	kd_strbuf_adds(&mk->overrides, line->rest);
	kd_strbuf_adds(&mk->overrides, "\n");
	return mk->overrides.status < 0 ? kd_fail(err, mk->overrides.status, "@info") : 0;
}

/* The kernel takes shape once the first directive asks for it: RAM is known by then. */
static int ensure_machine(struct mk *mk, struct kd_error *err)
{
	struct kd_strbuf text;
	int r;

	if (mk->info)
		return 0;
	if (!mk->config.preset)
		return kd_fail_msg(err, -EINVAL, "@core comes first");
	kd_strbuf_init(&text, INFO_MAX);
	kd_strbuf_addf(&text, "%s%s", mk_preset_common, mk->config.preset->lines);
	r = text.status;
	if (r == 0)
		r = kd_vmcoreinfo_new(text.data, text.length, &mk->info, err);
	kd_strbuf_done(&text);
	if (r < 0)
		return r;
	(void)kd_layout_from_vmcoreinfo(mk->info, &mk->layout);
	return mk_machine_start(mk, err);
}

static const struct directive {
	const char *name;
	int (*run)(struct mk *mk, struct mk_line *line, struct kd_error *err);
	bool on_machine;
} directives[] = {
	{ "@core", parse_core, false },		 { "@ram", parse_ram, false },
	{ "@ring", parse_ring, false },		 { "@info", override_info, false },
	{ "@page", mk_page_directive, true },	 { "@log", mk_log_directive, true },
	{ "@data", write_bytes, true },		 { "@fill", fill, true },
	{ "@file", mk_output_directive, false },
};

static int run_line(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(directives); i++) {
		int r = 0;

		if (strcmp(directives[i].name, line->name) != 0)
			continue;
		if (!directives[i].on_machine && mk->info &&
		    strncmp(line->name, "@r", 2) == 0)
			return kd_fail_msg(err, -EINVAL, "%s comes before pages and data",
					   line->name);
		if (directives[i].on_machine)
			r = ensure_machine(mk, err);
		if (r == 0)
			r = directives[i].run(mk, line, err);
		return r < 0 ? r : mk_line_done(line, err);
	}
	return kd_fail_msg(err, -EINVAL, "unknown directive %s", line->name);
}

static int run_script(struct mk *mk, const char *script, size_t size,
		      struct kd_error *err)
{
	struct kd_lines it = { .rest = script, .left = size };
	struct mk_line line;
	int r;

	while (kd_lines_next(&it)) {
		r = mk_line_parse(&line, it.line, it.length, it.number, err);
		if (r == 0 && line.name)
			r = run_line(mk, &line, err);
		if (r < 0)
			return kd_fail(err, r, "line %u", it.number);
	}
	return 0;
}

static int build(struct mk *mk, const char *script, size_t size, struct kd_error *err)
{
	int r;

	r = run_script(mk, script, size, err);
	if (r == 0)
		r = ensure_machine(mk, err);
	if (r == 0)
		r = mk_log_finish(mk, err);
	if (r == 0)
		r = mk_uts_write(mk, err);
	if (r == 0)
		r = mk_machine_finish(mk, err);
	if (r == 0)
		r = mk_output_finish(mk, err);
	return r;
}

int mkvmcore(const char *script, size_t size, int fd, struct kd_error *err)
{
	struct mk mk = {
		.fd = fd,
		.config.ring_count_bits = 8,
		.config.ring_size_bits = 14,
	};
	int r;

	kd_strbuf_init(&mk.symbols, INFO_MAX);
	kd_strbuf_init(&mk.overrides, INFO_MAX);
	r = build(&mk, script, size, err);
	kd_strbuf_done(&mk.symbols);
	kd_strbuf_done(&mk.overrides);
	kd_vmcoreinfo_free(mk.info);
	mk_log_free(mk.log);
	return r;
}

int mkvmcore_memfd(const char *script, char *ret_path, size_t path_size,
		   struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = memfd_create("mkvmcore", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return kd_fail(err, -errno, "memfd_create");
	r = mkvmcore(script, strlen(script), fd, err);
	if (r < 0)
		return r;
	if (ret_path)
		(void)snprintf(ret_path, path_size, "/proc/self/fd/%d", fd);
	return TAKE_FD(fd);
}
