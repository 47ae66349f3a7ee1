/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/keepmap: every range against a bit-by-bit model, and the edges.
 */
#include "tests/unit/test.h"

#include "makedumpfile/pages/keepmap.h"

#define FIRST 1000
#define SPAN  200

static void done(struct kd_keepmap *m)
{
	kd_keepmap_done(m);
}

static void compare(struct test *t, const struct kd_keepmap *m, const bool *model)
{
	uint64_t n = 0;

	for (size_t i = 0; i < SPAN; i++) {
		n += model[i];
		if (kd_keepmap_test(m, FIRST + i) != model[i]) {
			test_failed(t, __FILE__, __LINE__, "bit %zu", i);
			return;
		}
	}
	CHECK_INT(t, kd_keepmap_count(m), n);
}

/* Every pair of ends around word and byte borders, set and then cleared in part. */
static void against_model(struct test *t)
{
	_cleanup_(done) struct kd_keepmap m = { 0 };
	bool model[SPAN];

	CHECK_INT(t, kd_keepmap_init(&m, SPAN), 0);
	for (kd_pfn_t a = 0; a < SPAN; a += 3) {
		for (kd_pfn_t b = a; b <= SPAN; b += 5) {
			kd_pfn_t c = a + (b - a) / 3, d = b - (b - a) / 4;

			CHECK_INT(t, kd_keepmap_start(&m, FIRST, FIRST + SPAN), 0);
			CHECK_INT(t, kd_keepmap_set(&m, FIRST + a, FIRST + b), b - a);
			CHECK_INT(t, kd_keepmap_clear(&m, FIRST + c, FIRST + d), d - c);
			for (kd_pfn_t i = 0; i < SPAN; i++)
				model[i] = i >= a && i < b && !(i >= c && i < d);
			compare(t, &m, model);
		}
	}
}

static void runs(struct test *t)
{
	static const kd_pfn_t want[][2] = {
		{ 1000, 1001 }, { 1007, 1009 }, { 1064, 1128 }, { 1199, 1200 }
	};
	_cleanup_(done) struct kd_keepmap m = { 0 };
	kd_pfn_t at = 0, end;

	CHECK_INT(t, kd_keepmap_init(&m, SPAN), 0);
	CHECK_INT(t, kd_keepmap_start(&m, FIRST, FIRST + SPAN), 0);
	CHECK(t, !kd_keepmap_next(&m, &at, &end));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		kd_keepmap_set(&m, want[i][0], want[i][1]);
	at = 0;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++, at = end) {
		CHECK(t, kd_keepmap_next(&m, &at, &end));
		CHECK_INT(t, at, want[i][0]);
		CHECK_INT(t, end, want[i][1]);
	}
	CHECK(t, !kd_keepmap_next(&m, &at, &end));
}

static void outside(struct test *t)
{
	_cleanup_(done) struct kd_keepmap m = { 0 };

	CHECK_INT(t, kd_keepmap_init(&m, SPAN), 0);
	CHECK_INT(t, kd_keepmap_start(&m, FIRST, FIRST + SPAN), 0);
	CHECK_INT(t, kd_keepmap_set(&m, 0, UINT64_MAX), SPAN);
	CHECK_INT(t, kd_keepmap_count(&m), SPAN);
	CHECK_INT(t, kd_keepmap_clear(&m, 0, FIRST), 0);
	CHECK_INT(t, kd_keepmap_clear(&m, FIRST + SPAN, UINT64_MAX), 0);
	CHECK_INT(t, kd_keepmap_clear(&m, FIRST + 9, FIRST + 3), 0);
	CHECK_INT(t, kd_keepmap_count(&m), SPAN);
	CHECK(t, !kd_keepmap_test(&m, FIRST - 1));
	CHECK(t, !kd_keepmap_test(&m, FIRST + SPAN));
}

static void restart(struct test *t)
{
	_cleanup_(done) struct kd_keepmap m = { 0 };

	CHECK_INT(t, kd_keepmap_init(&m, SPAN), 0);
	CHECK_INT(t, kd_keepmap_start(&m, 0, SPAN), 0);
	kd_keepmap_set(&m, 0, SPAN);
	CHECK_INT(t, kd_keepmap_start(&m, SPAN, SPAN + 9), 0);
	CHECK_INT(t, kd_keepmap_count(&m), 0);
	CHECK_INT(t, kd_keepmap_bytes(&m), 2);
	CHECK_INT(t, kd_keepmap_start(&m, 0, 1 << 20), -EINVAL);
	CHECK_INT(t, kd_keepmap_start(&m, 2, 1), -EINVAL);
}

/* As the format has it: frame 0 is bit 0 of byte 0. */
static void bit_order(struct test *t)
{
	_cleanup_(done) struct kd_keepmap m = { 0 };

	CHECK_INT(t, kd_keepmap_init(&m, 64), 0);
	CHECK_INT(t, kd_keepmap_start(&m, 64, 128), 0);
	kd_keepmap_set(&m, 64, 65);
	kd_keepmap_set(&m, 79, 80);
	CHECK_INT(t, m.bits[0], 0x01);
	CHECK_INT(t, m.bits[1], 0x80);
}

static const struct test_case cases[] = {
	{ "ranges equal a bit-by-bit model", against_model },
	{ "runs are found in order", runs },
	{ "ranges outside count for nothing", outside },
	{ "a restart forgets", restart },
	{ "bits lie as in the format", bit_order },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
