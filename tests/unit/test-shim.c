/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shim's real bytes, run on the machine of purgatory-machine.h: plans are lowered, the
 * image put somewhere, entered, and all of memory compared. Built without sanitizers, whose
 * shadow lies where the segments above 4 GiB go.
 */
#include <nettle/sha2.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kexec/lower/blob.h"
#include "kexec/lower/shim.h"
#include "kexec/purgatory/purgatory.h"
#include "purgatory-machine.h"
#include "test.h"

#define ARENA	   0x40000000ull
#define ARENA_SIZE (4ull << 20)
#define HIGH	   0x180000000ull
#define HIGH_SIZE  (1ull << 20)
#define PAGE	   4096ull
#define HALT	   0xf4
#define UNTOUCHED  0xa5

struct fixture {
	struct kd_kexec_plan plan;
	uint8_t *data;
	struct kd_ranges ram;
	struct kd_blob blob;
	uint64_t base;
	struct machine m;
};

static uint8_t *at(uint64_t address)
{
	return (uint8_t *)(uintptr_t)address;
}

static void map(uint64_t address, uint64_t size)
{
	if (mmap(at(address), size, PROT_READ | PROT_WRITE | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		 0) != at(address)) {
		perror("test-shim: mmap");
		abort();
	}
}

static void set_up(struct fixture *f)
{
	*f = (struct fixture) {
		.plan = { .purpose = KD_KEXEC_REBOOT, .arch = KD_ARCH_X86_64 },
		.data = malloc(ARENA_SIZE),
	};
	map(ARENA, ARENA_SIZE);
	map(HIGH, HIGH_SIZE);
	for (uint64_t i = 0; i < ARENA_SIZE; i++)
		f->data[i] = (uint8_t)(1 + i * 5 + i / 253);
	kd_ranges_init(&f->ram);
	if (kd_ranges_insert(&f->ram, ARENA, ARENA + ARENA_SIZE, KD_RANGE_RAM) < 0 ||
	    kd_ranges_insert(&f->ram, HIGH, HIGH + HIGH_SIZE, KD_RANGE_RAM) < 0)
		abort();
}

static void tear_down(struct fixture *f)
{
	free(f->data);
	kd_ranges_done(&f->ram);
	kd_blob_done(&f->blob);
	(void)munmap(at(ARENA), ARENA_SIZE);
	(void)munmap(at(HIGH), HIGH_SIZE);
}

/* Each segment's bytes are told apart by where they come from. */
static void add(struct fixture *f, uint64_t mem, uint64_t bufsz, uint64_t memsz)
{
	struct kd_kexec_plan *p = &f->plan;

	p->segments[p->n] = (struct kd_kexec_segment) {
		.buf = f->data + 997 * p->n,
		.bufsz = bufsz,
		.mem = mem,
		.memsz = memsz,
	};
	p->n++;
}

static bool in(uint64_t a, uint64_t start, uint64_t size)
{
	return a >= start && a - start < size;
}

/* Whether the shim may have written to @address: the blob, its places. */
static bool is_scratch(const struct fixture *f, const struct kd_shim_params *params,
		       uint64_t address)
{
	uint64_t room = KD_SHIM_ROOM(params->gib);

	return in(address, f->base, f->blob.kernel_size) ||
	       in(address, params->places[0], room) ||
	       in(address, params->places[1], room);
}

static const struct kd_kexec_segment *segment_at(const struct fixture *f,
						 uint64_t address)
{
	for (size_t i = 0; i < f->plan.n; i++) {
		if (in(address, f->plan.segments[i].mem, f->plan.segments[i].memsz))
			return &f->plan.segments[i];
	}
	return NULL;
}

/* Every byte of an arena is what the plan says, or as it was. */
static uint64_t wrong_bytes(const struct fixture *f, const struct kd_shim_params *params,
			    uint64_t start, uint64_t size)
{
	const struct kd_kexec_segment *s = NULL;
	uint64_t wrong = 0;

	for (uint64_t a = start; a < start + size; a++) {
		uint8_t want = UNTOUCHED;

		if (a % PAGE == 0)
			s = segment_at(f, a);
		if (s)
			want = a - s->mem < s->bufsz
				       ? ((const uint8_t *)s->buf)[a - s->mem]
				       : 0;
		else if (is_scratch(f, params, a))
			continue;
		wrong += *at(a) != want;
	}
	return wrong;
}

/* Lower the plan, put the image at @base as Zircon does, enter, look at everything. */
static void run(struct test *t, struct fixture *f, uint64_t base)
{
	struct kd_shim_params params;
	struct kd_error err = { 0 };
	int r;

	f->base = base;
	f->plan.entry = f->plan.segments[0].mem;
	f->data[0] = HALT;
	r = kd_blob_lower(&f->plan, &f->ram, &f->blob, &err);
	CHECK_INT(t, r, 0);
	if (r < 0) {
		printf("# %s\n", err.message);
		return;
	}
	memcpy(&params, f->blob.kernel + f->blob.entry + kd_shim_x86_64().params,
	       sizeof(params));
	memset(at(ARENA), UNTOUCHED, ARENA_SIZE);
	memset(at(HIGH), UNTOUCHED, HIGH_SIZE);
	memcpy(at(base), f->blob.kernel, f->blob.kernel_size);
	f->m = (struct machine) {
		.set_up = { .uart_port = 0x3f8, .cf9_works = true },
		.entry = f->plan.entry,
		.cr4 = 0x20,
	};
	machine_run(&f->m, at(base + f->blob.entry));
	CHECK_INT(t, f->m.end, MACHINE_ENTERED);
	CHECK_STR(t, f->m.said, "");
	CHECK_INT(t, f->m.rflags & 0x400, 0);
	if (f->m.end == MACHINE_LOST)
		printf("# lost at 0x%llx\n", (unsigned long long)f->m.lost_at);
	CHECK_INT(t, wrong_bytes(f, &params, ARENA, ARENA_SIZE), 0);
	CHECK_INT(t, wrong_bytes(f, &params, HIGH, HIGH_SIZE), 0);
	CHECK(t, !segment_at(f, f->m.cr3) && is_scratch(f, &params, f->m.cr3));
	CHECK_INT(t, at(f->m.cr3)[0] & 3, 3);
}

#define K	  1024ull
#define A(offset) (ARENA + (offset))

/* @base, and segments as { mem, bufsz, memsz }; the first one is entered. */
static const struct {
	const char *what;
	uint64_t base;
	struct {
		uint64_t mem, bufsz, memsz;
	} segments[16];
} layouts[] = {
	{ "nothing in the way", A(0), { { A(1024 * K), 5000, 8 * K } } },
	{ "one, onto itself and below",
	  A(1024 * K),
	  { { A(1000 * K), 200 * K - 3, 200 * K } } },
	{ "one, onto itself and above",
	  A(1024 * K),
	  { { A(1060 * K), 200 * K - 3, 200 * K } } },
	{ "one, onto the shim alone", A(1024 * K), { { A(1020 * K), 8 * K, 8 * K } } },
	{ "onto the place to work at",
	  A(1024 * K),
	  { { A(1024 * K + 64 * K), 64 * K, 128 * K } } },
	{ "zeros over all of the blob",
	  A(1024 * K),
	  { { A(512 * K), 12 * K, 1024 * K }, { A(1600 * K), 90 * K, 92 * K } } },
	{ "the first two change places",
	  A(1024 * K),
	  { { A(1084 * K), 60 * K, 60 * K }, { A(1024 * K), 60 * K, 60 * K } } },
	{ "some down, some up",
	  A(1024 * K),
	  { { A(900 * K), 100 * K, 100 * K },
	    { A(1004 * K), 50 * K, 52 * K },
	    { A(1200 * K), 40 * K, 40 * K },
	    { A(1240 * K), 70 * K, 72 * K },
	    { A(1312 * K), 10 * K, 12 * K } } },
	{ "every second one empty",
	  A(1024 * K),
	  { { A(1028 * K), 4 * K, 4 * K },
	    { A(1040 * K), 0, 16 * K },
	    { A(1056 * K), 33 * K, 36 * K },
	    { A(1092 * K), 0, 8 * K } } },
	{ "above 4 GiB",
	  A(1024 * K),
	  { { HIGH, 10 * K, 100 * K },
	    { HIGH + 256 * K, 300 * K + 1, 304 * K },
	    { A(1024 * K), 90 * K, 92 * K } } },
	{ "from above 4 GiB",
	  HIGH + 64 * K,
	  { { A(0), 100 * K, 100 * K }, { HIGH + 64 * K, 60 * K, 64 * K } } },
	{ "sixteen",
	  A(512 * K),
	  { { A(500 * K), 4 * K, 4 * K },
	    { A(504 * K), 4 * K, 4 * K },
	    { A(508 * K), 4 * K, 4 * K },
	    { A(512 * K), 4 * K, 4 * K },
	    { A(516 * K), 4 * K, 4 * K },
	    { A(520 * K), 4 * K, 4 * K },
	    { A(524 * K), 4 * K, 4 * K },
	    { A(528 * K), 4 * K, 4 * K },
	    { A(532 * K), 4 * K, 4 * K },
	    { A(536 * K), 4 * K, 4 * K },
	    { A(540 * K), 4 * K, 4 * K },
	    { A(544 * K), 4 * K, 4 * K },
	    { A(548 * K), 4 * K, 4 * K },
	    { A(1552 * K), 4 * K, 4 * K },
	    { A(1556 * K), 4 * K, 4 * K },
	    { A(1560 * K), 4 * K, 4 * K } } },
};

static void known_layouts(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		_cleanup_(tear_down) struct fixture f;
		unsigned int before = t->failures;

		set_up(&f);
		for (size_t s = 0; s < 16 && layouts[i].segments[s].memsz; s++)
			add(&f, layouts[i].segments[s].mem, layouts[i].segments[s].bufsz,
			    layouts[i].segments[s].memsz);
		run(t, &f, layouts[i].base);
		if (t->failures != before)
			printf("# layout: %s\n", layouts[i].what);
	}
}

/* The blob's end taken, and the blob on one of the places: the other one is free. */
static void each_place(struct test *t)
{
	for (unsigned int i = 0; i < 3; i++) {
		_cleanup_(tear_down) struct fixture f;
		uint64_t base = i == 1 ? ARENA : A(1024 * K);

		set_up(&f);
		kd_ranges_subtract(&f.ram, HIGH, HIGH + HIGH_SIZE);
		add(&f, A(2048 * K), 100 * K, 100 * K);
		if (i)
			add(&f, base + 160 * K, 4 * K, 4 * K);
		if (i == 2)
			base = A(1060 * K);
		run(t, &f, base);
	}
}

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)*seed * below >> 32);
}

static void random_layouts(struct test *t)
{
	uint32_t seed = 4;

	for (unsigned int round = 0; round < 60 && !t->failures; round++) {
		_cleanup_(tear_down) struct fixture f;
		uint64_t mem = A(PAGE * next_random(&seed, 200));
		uint32_t n = 1 + next_random(&seed, 16);

		set_up(&f);
		for (uint32_t i = 0; i < n; i++) {
			uint64_t pages = 1 + next_random(&seed, 20);
			uint64_t size = 1 + next_random(&seed, (uint32_t)(pages * PAGE));

			add(&f, mem, i && next_random(&seed, 8) == 0 ? 0 : size,
			    pages * PAGE);
			mem += PAGE * (pages + next_random(&seed, 4));
		}
		/* any order in the plan but for the one that is entered */
		for (uint32_t i = 1; i + 1 < n; i += 2) {
			struct kd_kexec_segment s = f.plan.segments[i];

			f.plan.segments[i] = f.plan.segments[i + 1];
			f.plan.segments[i + 1] = s;
		}
		run(t, &f, A(PAGE * next_random(&seed, 400)));
		if (t->failures)
			printf("# round %u\n", round);
	}
}

/* All the way: the shim moves purgatory and what it sums, and purgatory finds it right. */
static void through_purgatory(struct test *t)
{
	struct kd_purgatory p = kd_purgatory_x86_64();
	_cleanup_(kd_freep) uint8_t *code = malloc(p.size);
	_cleanup_(tear_down) struct fixture f;
	struct kd_purgatory_params params = {
		.entry = A(1024 * K),
		.argument = 77,
		.console = 0x3f8,
		.n_regions = 1,
		.regions = { { A(1024 * K), 260 * K } },
	};
	static const uint8_t zeros[60 * K];
	struct sha256_ctx peer;

	set_up(&f);
	f.data[0] = HALT;
	sha256_init(&peer);
	sha256_update(&peer, 200 * K, f.data);
	sha256_update(&peer, sizeof(zeros), zeros);
	sha256_digest(&peer, sizeof(params.digest), params.digest);
	memcpy(code, p.code, p.size);
	CHECK_INT(t, kd_purgatory_fill(&p, code, &params), 0);

	add(&f, A(1024 * K), 200 * K, 260 * K);
	add(&f, A(1020 * K) - p.memsz, p.size, p.memsz);
	f.plan.segments[1].buf = code;
	f.plan.entry = f.plan.segments[1].mem;
	CHECK_INT(t, kd_blob_lower(&f.plan, &f.ram, &f.blob, NULL), 0);
	memcpy(at(A(900 * K)), f.blob.kernel, f.blob.kernel_size);
	f.m = (struct machine) {
		.set_up = { .uart_port = 0x3f8, .cf9_works = true },
		.entry = A(1024 * K),
	};
	machine_run(&f.m, at(A(900 * K) + f.blob.entry));
	CHECK_INT(t, f.m.end, MACHINE_ENTERED);
	CHECK_STR(t, f.m.said, "purgatory: enter\r\npurgatory: digest ok\r\n");
	CHECK_INT(t, f.m.rsi, 77);
}

/* What cannot be done is said, and ends in a reset: never a hang. */
static void gives_up(struct test *t)
{
	for (unsigned int i = 0; i < 2; i++) {
		_cleanup_(tear_down) struct fixture f;
		struct kd_shim_params params;
		uint8_t *where;

		set_up(&f);
		add(&f, A(1024 * K), 4 * K, 2048 * K);
		f.plan.entry = A(1024 * K);
		CHECK_INT(t, kd_blob_lower(&f.plan, &f.ram, &f.blob, NULL), 0);
		where = f.blob.kernel + f.blob.entry + kd_shim_x86_64().params;
		memcpy(&params, where, sizeof(params));
		if (i)
			params.gib = 1; /* maps less than where the blob lies */
		else
			memset(params.places, 0, sizeof(params.places));
		memcpy(where, &params, sizeof(params));
		memcpy(at(A(1024 * K)), f.blob.kernel, f.blob.kernel_size);
		f.m = (struct machine) {
			.set_up = { .uart_port = 0x3f8, .cf9_works = true },
			.entry = f.plan.entry,
		};
		machine_run(&f.m, at(A(1024 * K) + f.blob.entry));
		CHECK_INT(t, f.m.end, MACHINE_RESET_CF9);
		CHECK_STR(t, f.m.said,
			  i ? "blob: lies too high, reset\r\n"
			    : "blob: no room to move in, reset\r\n");
	}
}

static const struct test_case cases[] = {
	{ "known layouts", known_layouts },   { "each place", each_place },
	{ "random layouts", random_layouts }, { "through purgatory", through_purgatory },
	{ "gives up with a word", gives_up },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
