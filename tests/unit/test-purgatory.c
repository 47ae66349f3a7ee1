/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Purgatory's real bytes, run on the machine of purgatory-machine.h: what it says, what it
 * leaves a kernel with, and every way it resets. The digest it compares is nettle's.
 */
#include <nettle/sha2.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kexec/purgatory/purgatory.h"
#include "purgatory-machine.h"
#include "test.h"

#define COM1	 0x3f8
#define COM2	 0x2f8
#define ARGUMENT 0x123456789abcdef0ull
#define HALT	 0xf4 /* hlt: traps at the entry point, whose bytes nobody reads */
#define SAID_ALL "purgatory: enter\r\npurgatory: digest ok\r\n"
#define SAID_BAD "purgatory: SHA-256 MISMATCH, reset\r\n"

/* @memory: purgatory, then a page for the kernel's entry, then the regions */
struct fixture {
	uint8_t *memory;
	size_t size;
	uint8_t *kernel;
	uint8_t *data;
	struct kd_purgatory_params params;
	struct machine m;
};

/* Bytes that are summed and zeros behind them. */
static const struct {
	size_t size;
	size_t zeros;
} regions[] = { { 1, 4095 }, { 4096, 0 }, { 70000, 1 }, { 63, 31 }, { 8192, 10007 } };
#define DATA_SIZE (192 << 10)

static void set_up(struct fixture *f)
{
	struct kd_purgatory p = kd_purgatory_x86_64();
	struct sha256_ctx peer;
	uint8_t *at;

	*f = (struct fixture) { .size = p.memsz + 4096 + DATA_SIZE };
	f->memory = mmap(NULL, f->size, PROT_READ | PROT_WRITE | PROT_EXEC,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (f->memory == MAP_FAILED)
		abort();
	f->kernel = f->memory + p.memsz;
	f->kernel[0] = HALT;
	at = f->data = f->kernel + 4096;
	for (size_t i = 0; i < DATA_SIZE; i++)
		f->data[i] = (uint8_t)(i * 7 + i / 251);
	memcpy(f->memory, p.code, p.size);
	/* where nothing was loaded, a kernel leaves whatever was there */
	memset(f->memory + p.size, 0xa5, p.memsz - p.size);

	f->params = (struct kd_purgatory_params) {
		.entry = (uintptr_t)f->kernel,
		.argument = ARGUMENT,
		.n_regions = ARRAY_SIZE(regions),
	};
	sha256_init(&peer);
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		f->params.regions[i] = (struct kd_purgatory_region) {
			.start = (uintptr_t)at,
			.size = regions[i].size,
			.zeros = regions[i].zeros,
		};
		sha256_update(&peer, regions[i].size, at);
		memset(at + regions[i].size, 0, regions[i].zeros);
		at += regions[i].size + regions[i].zeros + 4096;
	}
	sha256_digest(&peer, sizeof(f->params.digest), f->params.digest);
	f->m.set_up = (struct machine_set_up) {
		.uart_port = COM1,
		.cf9_works = true,
		.i8042_works = true,
	};
}

static void tear_down(struct fixture *f)
{
	(void)munmap(f->memory, f->size);
}

static void run(struct test *t, struct fixture *f)
{
	struct kd_purgatory p = kd_purgatory_x86_64();

	CHECK_INT(t, kd_purgatory_fill(&p, f->memory, &f->params), 0);
	f->m.entry = f->params.entry;
	f->m.cr0 = 0x80000011;
	f->m.cr4 = 0x20;
	machine_run(&f->m, f->memory);
	if (f->m.end == MACHINE_LOST)
		printf("# lost at +0x%llx\n",
		       (unsigned long long)(f->m.lost_at - (uintptr_t)f->memory));
}

static void enters(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	f.params.console = COM1;
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_STR(t, f.m.said, SAID_ALL);
	CHECK_INT(t, f.m.rsi, ARGUMENT);
	CHECK_INT(t, f.m.rflags & 0x400, 0); /* direction */
	CHECK_INT(t, f.m.cleared, 1);
	CHECK_INT(t, f.m.other_port, 0);
	CHECK(t, f.m.rsp > (uintptr_t)f.memory && f.m.rsp <= (uintptr_t)f.kernel);
}

/* boot.rst: flat 64-bit code at 0x10, flat data at 0x18, both loaded. */
static void own_segments(struct test *t)
{
	static const uint8_t want[] = { 0xff, 0xff, 0, 0, 0, 0x9b, 0xaf, 0,
					0xff, 0xff, 0, 0, 0, 0x93, 0xcf, 0 };
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_INT(t, f.m.gdt_limit, 31);
	CHECK(t, memcmp(f.m.gdt + 16, want, sizeof(want)) == 0);
	CHECK_INT(t, f.m.selectors[1], 0x10);
	for (unsigned int i = 0; i < 6; i++)
		CHECK(t, i == 1 || f.m.selectors[i] == 0x18);
}

/* SSE is on while it sums, where it is used at all, and as it was for the kernel. */
static void control_registers(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_INT(t, f.m.cr0, 0x80000011);
	CHECK_INT(t, f.m.cr4, 0x20);
	printf("# SSE switched on: %s\n", f.m.cr4_seen & 0x200 ? "yes" : "no");
}

static void silent(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_STR(t, f.m.said, "");
}

static void no_regions(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	f.params.n_regions = 0;
	f.params.console = COM1;
	memset(f.params.digest, 0, sizeof(f.params.digest));
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_STR(t, f.m.said, "purgatory: enter\r\n");
}

/* One bit anywhere: the first byte and the last of each region, and of the digest. */
static void flipped_bits(struct test *t)
{
	for (size_t i = 0; i < 2 * ARRAY_SIZE(regions) + 2; i++) {
		_cleanup_(tear_down) struct fixture f;
		const struct kd_purgatory_region *r;
		size_t last;

		set_up(&f);
		r = &f.params.regions[i / 2 % ARRAY_SIZE(regions)];
		last = i % 2 ? r->size - 1 : 0;
		if (i < 2 * ARRAY_SIZE(regions))
			f.data[r->start - (uintptr_t)f.data + last] ^= 0x10;
		else
			f.params.digest[i % 2 ? 31 : 0] ^= 0x80;
		run(t, &f);
		CHECK_INT(t, f.m.end, MACHINE_RESET_CF9);
		CHECK_STR(t, f.m.said, SAID_BAD);
	}
}

/* One bit in one of the zeros of a region; behind the last of them nothing is looked at. */
static void flip_zero(struct test *t, size_t region, size_t at)
{
	_cleanup_(tear_down) struct fixture f;
	const struct kd_purgatory_region *r;

	set_up(&f);
	r = &f.params.regions[region];
	f.data[r->start + r->size - (uintptr_t)f.data + at] ^= 0x01;
	run(t, &f);
	CHECK_INT(t, f.m.end, at < r->zeros ? MACHINE_RESET_CF9 : MACHINE_ENTERED);
}

/* Each place at both ends of each run of zeros, and the one behind it. */
static void flipped_zeros(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		for (size_t at = 0; at <= regions[i].zeros; at++) {
			if (at <= 70 || at + 70 >= regions[i].zeros)
				flip_zero(t, i, at);
		}
	}
}

static void other_console(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	f.m.set_up.uart_port = COM2;
	f.params.console = COM2;
	f.params.digest[7] ^= 1;
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_RESET_CF9);
	CHECK_STR(t, f.m.said, "purgatory: enter\r\n" SAID_BAD);
}

/* Every wait ends, and the next way to reset is tried. */
static void broken_hardware(struct test *t)
{
	static const struct {
		struct machine_set_up set_up;
		enum machine_end end;
	} rows[] = {
		{ { .uart_port = COM1, .uart_dead = true, .cf9_works = true },
		  MACHINE_RESET_CF9 },
		{ { .cf9_works = true }, MACHINE_RESET_CF9 },
		{ { .uart_port = COM1, .i8042_works = true }, MACHINE_RESET_8042 },
		{ { .uart_port = COM1 }, MACHINE_TRIPLE_FAULT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(tear_down) struct fixture f;

		set_up(&f);
		f.m.set_up = rows[i].set_up;
		f.params.digest[0] ^= 1;
		run(t, &f);
		CHECK_INT(t, f.m.end, rows[i].end);
	}
}

static void dead_console(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	f.m.set_up.uart_dead = true;
	f.params.console = COM1;
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_STR(t, f.m.said, "");
}

/* A region that is not mapped: said and reset. */
static void page_fault(struct test *t)
{
	_cleanup_(tear_down) struct fixture f;

	set_up(&f);
	f.params.regions[2].start = 0x1000;
	run(t, &f);
	CHECK_INT(t, f.m.end, MACHINE_RESET_CF9);
	CHECK_STR(t, f.m.said, "purgatory: exception, reset\r\n");
}

static void nmi_returns(struct test *t)
{
	static const uint8_t iretq[] = { 0x48, 0xcf };
	_cleanup_(tear_down) struct fixture f;
	const uint8_t *gate, *handler;
	uint64_t to = 0;

	set_up(&f);
	run(t, &f);
	CHECK_INT(t, f.m.idt_limit, 32 * 16 - 1);
	gate = f.m.idt + 2 * 16;
	memcpy(&to, gate, 2);
	memcpy((uint8_t *)&to + 2, gate + 6, 6);
	handler = (const uint8_t *)(uintptr_t)to;
	CHECK(t, memcmp(handler, iretq, sizeof(iretq)) == 0);
	CHECK_INT(t, gate[2] | gate[3] << 8, 0x10);
	CHECK_INT(t, gate[5], 0x8e);
}

static void fill_refuses(struct test *t)
{
	struct kd_purgatory p = kd_purgatory_x86_64(), cut = p;
	_cleanup_(tear_down) struct fixture f;
	struct kd_purgatory_params bad;

	set_up(&f);
	bad = f.params;
	bad.n_regions = KD_PURGATORY_REGIONS + 1;
	CHECK_INT(t, kd_purgatory_fill(&p, f.memory, &bad), -EINVAL);
	bad = f.params;
	bad.console = 0x10000;
	CHECK_INT(t, kd_purgatory_fill(&p, f.memory, &bad), -EINVAL);
	cut.size = p.params + sizeof(bad) - 1;
	CHECK_INT(t, kd_purgatory_fill(&cut, f.memory, &f.params), -EINVAL);
	CHECK(t, memcmp(f.memory, p.code, p.size) == 0);
	f.memory[p.params] ^= 1;
	CHECK_INT(t, kd_purgatory_fill(&p, f.memory, &f.params), -EINVAL);
}

static void small(struct test *t)
{
	struct kd_purgatory p = kd_purgatory_x86_64();

	printf("# %zu bytes, %zu of memory\n", p.size, p.memsz);
	CHECK(t, p.size && p.size <= 8192);
	CHECK_INT(t, p.memsz % 4096, 0);
	CHECK(t, p.memsz >= p.size + 4096);
}

static const struct test_case cases[] = {
	{ "a kernel is entered", enters },
	{ "on segments of its own", own_segments },
	{ "control registers as they came", control_registers },
	{ "silent without a console", silent },
	{ "nothing to compare", no_regions },
	{ "one flipped bit: said, reset", flipped_bits },
	{ "a flipped bit in the zeros behind them", flipped_zeros },
	{ "said on another port", other_console },
	{ "resets on broken hardware", broken_hardware },
	{ "a dead console delays, no more", dead_console },
	{ "an exception: said, reset", page_fault },
	{ "an NMI returns", nmi_returns },
	{ "parameters that are refused", fill_refuses },
	{ "a few KiB", small },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
