/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/proof: three kinds in one file, each replaced by itself.
 */
#include "kdumpd/report/proof.h"

#include <sys/stat.h>

#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void kept(struct test *t)
{
	const struct kd_proof crash = { .at = 100,
					.passed = 1,
					.key = "k1",
					.release = "6.1",
					.dump = "/var/crash/d",
					.seconds = 12 };
	const struct kd_proof rehearsal = { .at = 200, .detail = "no driver\nfor it" };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_proofs p;
	struct stat st;

	CHECK_INT(t, kd_proofs_read(root.fd, &p, NULL), 0);
	CHECK_INT(t, kd_proof_latest(&p), -ENODATA);
	CHECK_INT(t, kd_proof_record(root.fd, KD_PROOF_CRASH, &crash, NULL), 0);
	CHECK_INT(t, kd_proofs_read(root.fd, &p, NULL), 0);
	CHECK_INT(t, kd_proof_latest(&p), KD_PROOF_CRASH);
	CHECK_INT(t, kd_proof_record(root.fd, KD_PROOF_REHEARSAL, &rehearsal, NULL), 0);
	CHECK_INT(t, kd_proofs_read(root.fd, &p, NULL), 0);
	CHECK_INT(t, kd_proof_latest(&p), KD_PROOF_REHEARSAL);
	CHECK_STR(t, p.kinds[KD_PROOF_REHEARSAL].detail, "no driver?for it");
	CHECK_INT(t, p.kinds[KD_PROOF_REHEARSAL].passed, 0);
	CHECK_STR(t, p.kinds[KD_PROOF_CRASH].key, "k1");
	CHECK_STR(t, p.kinds[KD_PROOF_CRASH].dump, "/var/crash/d");
	CHECK_INT(t, p.kinds[KD_PROOF_CRASH].seconds, 12);
	CHECK_INT(t, p.kinds[KD_PROOF_TEST].at, 0);
	CHECK_INT(t, fstatat(root.fd, KD_PROOF_PATH, &st, 0), 0);
	CHECK_INT(t, st.st_mode & 07777, 0600);
}

static void spoiled(struct test *t)
{
	const struct kd_proof test = { .at = 300, .passed = 1 };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	struct kd_proofs p;

	fake_text(&root, KD_PROOF_PATH, "crash.at=yesterday\n");
	CHECK_INT(t, kd_proofs_read(root.fd, &p, &err), -EINVAL);
	CHECK(t, strstr(err.message, KD_PROOF_PATH));
	CHECK_INT(t, kd_proof_record(root.fd, KD_PROOF_TEST, &test, NULL), 0);
	CHECK_INT(t, kd_proofs_read(root.fd, &p, NULL), 0);
	CHECK_INT(t, kd_proof_latest(&p), KD_PROOF_TEST);
	CHECK_STR(t, kd_proof_name(KD_PROOF_TEST), "test");
}

static const struct test_case cases[] = {
	{ "kept", kept },
	{ "a spoiled file is replaced", spoiled },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
