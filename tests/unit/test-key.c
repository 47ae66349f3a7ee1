/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/key, digest, digest-cache: the key follows content and nothing else.
 */
#include "kdumpd/arm/digest-cache.h"

#include <fcntl.h>

#include "base/io.h"
#include "kdumpd/arm/key.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define FAR_FUTURE UINT64_MAX

static void digest(struct test *t)
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();
	_cleanup_(fake_root_done) struct fake_root root;
	_cleanup_(kd_closep) int fd = -EBADF;
	char a[KD_DIGEST_HEX], b[KD_DIGEST_HEX];

	/* FIPS 180-2, B.1 */
	fake_root_init(&root);
	fake_text(&root, "f", "abc");
	fd = openat(root.fd, "f", O_RDONLY | O_CLOEXEC);
	CHECK_INT(t, kd_digest_fd(fd, a), 0);
	CHECK_STR(t, a,
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	/* Moving a byte from one field to the next is another set of fields. */
	kd_digest_adds(d, "x", "ab");
	kd_digest_adds(d, "y", "c");
	kd_digest_hex(d, a);
	kd_digest_adds(d, "x", "a");
	kd_digest_adds(d, "y", "bc");
	kd_digest_hex(d, b);
	CHECK(t, strcmp(a, b) != 0);
}

static void compute(struct test *t, const struct kd_key_input *in,
		    char ret[KD_DIGEST_HEX])
{
	CHECK_INT(t, kd_key_compute(in, ret, NULL), 0);
}

static void key(struct test *t)
{
	struct kd_key_file files[] = { { "/a", "00" }, { "/b", "11" } };
	struct kd_plan plan;
	struct kd_key_input in = { &plan, "cmdline", "6.1", "1.0", files, 2 };
	char first[KD_DIGEST_HEX], other[KD_DIGEST_HEX];

	kd_plan_init(&plan);
	compute(t, &in, first);
	memcpy(plan.arm_id, "id", 3);
	compute(t, &in, other);
	CHECK_STR(t, other, first);

	plan.final_action = KD_ACTION_HALT;
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	plan.final_action = KD_ACTION_REBOOT;
	in.cmdline = "cmdlinf";
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	in.cmdline = "cmdline";
	in.kernel_release = "6.2";
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	in.kernel_release = "6.1";
	in.version = "1.1";
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	in.version = "1.0";
	files[1].hex[0] = '2';
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	files[1].hex[0] = '1';
	in.n_files = 1;
	compute(t, &in, other);
	CHECK(t, strcmp(first, other) != 0);
	in.n_files = 2;
	compute(t, &in, other);
	CHECK_STR(t, other, first);
}

static void cache(struct test *t)
{
	_cleanup_(kd_freep) struct kd_digest_cache *c = NULL;
	_cleanup_(fake_root_done) struct fake_root root;
	_cleanup_(kd_closep) int fd = -EBADF;
	char hex[KD_DIGEST_HEX], again[KD_DIGEST_HEX];

	fake_root_init(&root);
	fake_text(&root, "f", "abc");
	CHECK_INT(t, kd_mkdir_p_at(root.fd, "run/kdumpd", 0755, NULL), 0);
	c = kd_digest_cache_load(root.fd);
	CHECK(t, c && c->n == 0);
	fd = openat(root.fd, "f", O_RDONLY | O_CLOEXEC);

	/* Changed just now: another change could look the same, so it is not kept. */
	CHECK_INT(t, kd_digest_cached(c, fd, 0, hex), 0);
	CHECK_STR(t, c->entries[0].hex, "");
	CHECK_INT(t, kd_digest_cached(c, fd, FAR_FUTURE, hex), 0);
	CHECK_STR(t, c->entries[0].hex, hex);
	CHECK_INT(t, kd_digest_cache_save(root.fd, c), 0);
	/* nothing new, nothing to do */
	CHECK_INT(t, kd_digest_cache_save(root.fd, c), 0);

	/* What is remembered is used: seen by putting a wrong digest there. */
	free(c);
	c = kd_digest_cache_load(root.fd);
	CHECK(t, c && c->n == 1);
	c->entries[0].hex[0] = c->entries[0].hex[0] == '0' ? '1' : '0';
	CHECK_INT(t, kd_digest_cached(c, fd, FAR_FUTURE, again), 0);
	CHECK(t, strcmp(again, hex) != 0);

	/* Same size and mtime, other content: ctime tells. */
	c->entries[0].ctime--;
	fake_text(&root, "f", "abd");
	CHECK_INT(t, kd_digest_cached(c, fd, FAR_FUTURE, again), 0);
	CHECK(t, strcmp(again, hex) != 0);
	CHECK_STR(t, again,
		  "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9");
}

static void broken_cache(struct test *t)
{
	static const char *const texts[] = {
		"",
		"x\n",
		"1 2 3 4 short\n",
		"1 2 3 "
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
		"1 2 3 -4 "
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
		"1 2 3 4 "
		"zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
	};
	_cleanup_(fake_root_done) struct fake_root root;

	fake_root_init(&root);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(kd_freep) struct kd_digest_cache *c = NULL;

		fake_text(&root, KD_DIGEST_CACHE_PATH, texts[i]);
		c = kd_digest_cache_load(root.fd);
		CHECK(t, c && c->n == 0);
	}
}

static const struct test_case cases[] = {
	{ "digests", digest },
	{ "every input changes the key, and only inputs do", key },
	{ "unchanged files are not read again, changed ones are", cache },
	{ "a broken cache is an empty one", broken_cache },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
