/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm/programs: what goes into the image, and what is refused while somebody reads.
 */
#include <sys/stat.h>

#include "kdumpd/arm/programs.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void program(const struct fake_root *root, const char *path)
{
	fake_text(root, path, "#!/bin/sh\n");
	if (fchmodat(root->fd, path, 0755, 0) < 0)
		abort();
}

static void no_program(const struct fake_root *root, const char *path)
{
	fake_text(root, path, "no program\n");
	if (fchmodat(root->fd, path, 0644, 0) < 0)
		abort();
}

static void make_root(const struct fake_root *root)
{
	program(root, "sbin/pre");
	program(root, "etc/kdump/post.d/20-b");
	program(root, "etc/kdump/post.d/10-a");
	program(root, "etc/kdump/post.d/.hidden");
	no_program(root, "etc/kdump/post.d/README");
	program(root, "usr/bin/one");
	program(root, "usr/bin/cp");
	no_program(root, "usr/bin/text");
}

static void finds(struct test *t)
{
	static const char *const want[] = { "/sbin/pre", "/etc/kdump/post.d/10-a",
					    "/etc/kdump/post.d/20-b", "/usr/bin/one",
					    "/usr/bin/cp" };
	const struct kd_programs_wish wish = { .pre = "/sbin/pre",
					       .post = "",
					       .emergency = "",
					       .extra_bins = "/usr/bin/one /sbin/pre",
					       .collector = "cp --sparse=always" };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_strlist_done) struct kd_strlist got = { 0 };

	make_root(&root);
	CHECK_INT(t, kd_programs_find(root.fd, &wish, &got, NULL), 0);
	CHECK_INT(t, got.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < MIN(got.n, ARRAY_SIZE(want)); i++)
		CHECK_STR(t, got.items[i], want[i]);
}

static void refuses(struct test *t)
{
	static const struct {
		struct kd_programs_wish wish;
		int r;
		const char *says;
	} table[] = {
		{ { "/gone", "", "", "", "" }, -ENOENT, "kdump_pre: /gone" },
		{ { "", "/usr/bin/text", "", "", "" },
		  -EACCES,
		  "kdump_post: /usr/bin/text" },
		{ { "", "", "/usr", "", "" }, -EACCES, "kdump_emergency: /usr is" },
		{ { "", "", "", "/usr/bin/one /x", "" }, -ENOENT, "extra_bins: /x" },
		{ { "", "", "", "", "scp -q" }, -ENOENT, "there is no program scp" },
		{ { "", "", "", "", "/x/y" }, -ENOENT, "core_collector: /x/y" },
		{ { "", "", "", "", "makedumpfile -d 31" }, 0, "" },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	make_root(&root);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_strlist_done) struct kd_strlist got = { 0 };
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_programs_find(root.fd, &table[i].wish, &got, &err),
			  table[i].r);
		if (!strstr(err.message, table[i].says))
			CHECK_STR(t, err.message, table[i].says);
	}
}

static const struct test_case cases[] = {
	{ "hooks, folders, extra_bins, a collector", finds },
	{ "what is missing or no program", refuses },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
