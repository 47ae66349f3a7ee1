/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/boot/estimate.c: that each part counts where memory is short, and that no number
 * makes the sum wrap. Whether the sum is right only a panic tells: tests/bench/reservation.
 */
#include "kdumpd/boot/estimate.h"

#include "tests/unit/test.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

/* Debian's cloud kernel 6.1 with an ext4 target. */
static const struct kd_estimate_input usual = {
	.kernel = 40 * MIB,
	.loading = 52 * MIB,
	.image = 1 * MIB,
	.archive = 4 * MIB,
	.modules = 2 * MIB,
	.dump = 4 * MIB,
	.page = 4 * KIB,
	.cpus = 1,
};

static uint64_t sum(const struct kd_estimate *e)
{
	return e->kernel + e->tables + e->runtime + e->initramfs + e->modules + e->dump;
}

static uint64_t recommended(const struct kd_estimate_input *in)
{
	struct kd_estimate e;

	kd_estimate(in, &e);
	return e.recommended;
}

static void test_parts(struct test *t)
{
	struct kd_estimate e;

	kd_estimate(&usual, &e);
	CHECK_INT(t, e.kernel, usual.kernel);
	CHECK_INT(t, e.modules, usual.modules);
	CHECK_INT(t, e.initramfs, usual.archive);
	CHECK(t, e.dump > usual.dump);
	CHECK(t, e.recommended >= sum(&e));
	CHECK(t, e.recommended - sum(&e) < MIB);
	CHECK_INT(t, e.recommended % MIB, 0);
}

/* What a change of one input must change the sum by. */
static void test_changes(struct test *t)
{
	static const struct {
		const char *what;
		struct kd_estimate_input change;
		uint64_t more;
	} rows[] = {
		{ "a larger kernel", { .kernel = 10 * MIB }, 10 * MIB },
		{ "a larger archive", { .archive = 7 * MIB }, 7 * MIB },
		{ "modules", { .modules = 3 * MIB }, 3 * MIB },
		{ "buffers", { .dump = 12 * MIB }, 12 * MIB },
		{ "a network", { .network = 8 * MIB }, 8 * MIB },
		{ "three CPUs more", { .cpus = 3 }, 6 * MIB },
		{ "inodes of trace events", { .event_inodes = true }, 9 * MIB },
		{ "an image smaller than what follows it", { .image = 2 * MIB }, 0 },
		{ "an image larger than what follows it",
		  { .image = 29 * MIB },
		  29 * MIB - 8 * MIB - 512 * KIB },
		{ "room to unpack the kernel that is there anyway",
		  { .loading = 5 * MIB },
		  0 },
		/* struct pages: a second section of 128 MiB */
		{ "much more", { .archive = 100 * MIB }, 102 * MIB },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kd_estimate_input *c = &rows[i].change;
		struct kd_estimate_input in = usual;
		uint64_t more;

		in.kernel += c->kernel;
		in.loading += c->loading + c->kernel;
		in.image += c->image;
		in.archive += c->archive;
		in.modules += c->modules;
		in.dump += c->dump;
		in.network += c->network;
		in.cpus += c->cpus;
		in.event_inodes = c->event_inodes;
		more = recommended(&in) - recommended(&usual);
		if (more + MIB <= rows[i].more || more >= rows[i].more + MIB)
			test_failed(t, __FILE__, __LINE__,
				    "%s: %" PRIu64 " KiB more, not %" PRIu64,
				    rows[i].what, more / KIB, rows[i].more / KIB);
	}
}

static void test_unpacking_itself(struct test *t)
{
	struct kd_estimate_input in = usual;

	in.loading = 300 * MIB;
	CHECK_INT(t, recommended(&in), 301 * MIB);
}

static void test_large_pages(struct test *t)
{
	struct kd_estimate_input in = usual;
	struct kd_estimate small, large;

	kd_estimate(&in, &small);
	in.page = 64 * KIB;
	kd_estimate(&in, &large);
	/* two sections: of 128 MiB with 2 MiB of struct pages, of 512 MiB with half of it */
	CHECK_INT(t, small.tables - large.tables, 3 * MIB);
}

static void test_nonsense(struct test *t)
{
	const struct kd_estimate_input in = {
		.kernel = UINT64_MAX,
		.loading = UINT64_MAX,
		.image = UINT64_MAX,
		.archive = UINT64_MAX,
		.modules = UINT64_MAX,
		.dump = UINT64_MAX,
		.network = UINT64_MAX,
		.cpus = UINT32_MAX,
	};
	const struct kd_estimate_input nothing = { 0 };
	struct kd_estimate e;

	kd_estimate(&in, &e);
	CHECK(t, e.recommended > UINT64_C(1) << 40);
	CHECK(t, e.recommended < UINT64_C(16) << 40);
	kd_estimate(&nothing, &e);
	CHECK(t, e.recommended > 0 && e.recommended < 64 * MIB);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "the parts add up", test_parts },
		{ "each part counts", test_changes },
		{ "a kernel needs room to unpack itself", test_unpacking_itself },
		{ "pages of 64 KiB", test_large_pages },
		{ "numbers that make no sense", test_nonsense },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
