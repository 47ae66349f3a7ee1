/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/dm-rewrite.c: live tables, as kernels print them, to a plan's.
 */
#include "kdumpd/host/dm-rewrite.h"
#include "tests/unit/test.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void tables(struct test *t)
{
	static const struct {
		const char *live, *want, *kinds;
	} table[] = {
		{ "0 100 linear 8:1 2048", "0 100 linear {0} 2048", "linear" },
		{ "0 100 linear 8:1 2048;100 50 linear 8:17 0;150 8 linear 8:1 5000",
		  "0 100 linear {0} 2048;100 50 linear {1} 0;150 8 linear {0} 5000",
		  "linear" },
		{ "0 100 thin 253:4 1", "0 100 thin {0} 1", "thin" },
		{ "0 100 thin-pool 253:2 253:3 128 0 1 no_discard_passdown",
		  "0 100 thin-pool {0} {1} 128 0 2 error_if_no_space no_discard_passdown",
		  "thin-pool" },
		{ "0 100 thin-pool 253:2 253:3 128 0",
		  "0 100 thin-pool {0} {1} 128 0 1 error_if_no_space", "thin-pool" },
		{ "0 100 thin-pool 253:2 253:3 128 0 1 error_if_no_space",
		  "0 100 thin-pool {0} {1} 128 0 1 error_if_no_space", "thin-pool" },
		{ "0 100 thin-pool 253:2 253:3 128 0 0",
		  "0 100 thin-pool {0} {1} 128 0 1 error_if_no_space", "thin-pool" },
		{ "0 100 raid raid1 3 0 region_size 1024 2 253:0 253:1 - 253:3",
		  "0 100 raid raid1 3 0 region_size 1024 2 {0} {1} - {2}", "raid" },
		{ "0 8 zero", "0 8 zero", "zero" },
		{ "0 8 error;8 8 linear 8:0 0", "0 8 error;8 8 linear {0} 0",
		  "error linear" },
		{ "0 8 multipath 1 queue_if_no_path 1 alua 2 1 service-time 0 1 2 8:16 1 "
		  "1 round-robin 0 1 1 8:0 1",
		  "0 8 multipath 0 1 alua 2 1 service-time 0 1 2 {0} 1 1 round-robin 0 1 "
		  "1 {1} 1",
		  "multipath" },
		{ "0 8 multipath 3 queue_if_no_path pg_init_retries 50 0 1 1 "
		  "queue-length 0 1 1 8:16 1",
		  "0 8 multipath 2 pg_init_retries 50 0 1 1 queue-length 0 1 1 {0} 1",
		  "multipath" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_dm_plan plan;

		CHECK_INT(t, kd_dm_rewrite(table[i].live, "key", &plan, NULL), 0);
		CHECK_STR(t, plan.table, table[i].want);
		CHECK_STR(t, plan.kinds, table[i].kinds);
		CHECK_INT(t, plan.key_size, 0);
	}
}

static void uses(struct test *t)
{
	struct kd_dm_plan plan;

	CHECK_INT(
		t,
		kd_dm_rewrite("0 8 striped 2 8 8:1 0 254:1048575 9", "key", &plan, NULL),
		0);
	CHECK_INT(t, plan.n_uses, 2);
	CHECK_INT(t, plan.uses[0].major, 8);
	CHECK_INT(t, plan.uses[0].minor, 1);
	CHECK_INT(t, plan.uses[1].major, 254);
	CHECK_INT(t, plan.uses[1].minor, 1048575);
}

static void multipath(struct test *t)
{
	struct kd_dm_plan plan;

	CHECK_INT(t,
		  kd_dm_rewrite("0 8 multipath 0 1 alua 2 1 service-time 0 1 2 8:16 1 1 "
				"round-robin 0 1 1 8:0 1",
				"key", &plan, NULL),
		  0);
	CHECK_STR(t, plan.selectors, "service-time round-robin");
	CHECK_STR(t, plan.handler, "alua");
}

static void keys(struct test *t)
{
	static const struct {
		const char *live, *want, *key;
		size_t size;
	} table[] = {
		{ "0 8 crypt aes-xts-plain64 " KEY " 0 8:1 4096",
		  "0 8 crypt aes-xts-plain64 :32:user:name 0 {0} 4096", KEY, 32 },
		{ "0 8 crypt aes-xts-plain64 :64:logon:cryptsetup:abc-d0 0 8:1 32768 1 "
		  "allow_discards",
		  "0 8 crypt aes-xts-plain64 :64:user:name 0 {0} 32768 1 allow_discards",
		  "", 64 },
		{ "0 8 crypt cipher_null-ecb - 0 8:1 4096",
		  "0 8 crypt cipher_null-ecb - 0 {0} 4096", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_dm_plan plan;

		CHECK_INT(t, kd_dm_rewrite(table[i].live, "name", &plan, NULL), 0);
		CHECK_STR(t, plan.table, table[i].want);
		CHECK_STR(t, plan.key, table[i].key);
		CHECK_INT(t, plan.key_size, table[i].size);
	}
}

static void refused(struct test *t)
{
	static const struct {
		const char *live;
		int r;
	} table[] = {
		{ "", -EBADMSG },
		{ "0 8", -EBADMSG },
		{ "0 8 crypt aes", -EBADMSG },
		{ "0 8 crypt aes :64 0 8:1 0", -EBADMSG },
		{ "0 8 crypt aes :x:logon:y 0 8:1 0", -EBADMSG },
		{ "0 8 thin-pool 8:1", -EBADMSG },
		{ "0 8 thin-pool 8:1 8:2 128 0 2 a", -EBADMSG },
		{ "0 8 multipath", -EBADMSG },
		{ "0 8 multipath 2 a", -EBADMSG },
		{ "0 8 multipath 0 99 a", -EBADMSG },
	};
	struct kd_dm_plan plan;
	char many[KD_PLAN_TABLE] = "0 8 x";
	char longest[KD_PLAN_TABLE + 16];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_dm_rewrite(table[i].live, "key", &plan, NULL),
			  table[i].r);
	for (int i = 0; i < KD_PLAN_STACK_DEVICES + 1; i++)
		(void)snprintf(many + strlen(many), sizeof(many) - strlen(many), " 8:%d",
			       i);
	CHECK_INT(t, kd_dm_rewrite(many, "key", &plan, NULL), -E2BIG);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest, "0 8 zero ", 9);
	CHECK_INT(t, kd_dm_rewrite(longest, "key", &plan, NULL), -E2BIG);
}

static const struct test_case cases[] = {
	{ "tables of each kind", tables },
	{ "the devices they name", uses },
	{ "what a multipath device needs", multipath },
	{ "keys leave the table", keys },
	{ "what is no table, or too much of one", refused },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
