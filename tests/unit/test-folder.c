/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/folder: names in an order that does not hang on the disk.
 */
#include "base/folder.h"

#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void names(struct test *t)
{
	static const char *const want[] = { "10-a", "9-b", "B", "a", "sub" };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_strlist_done) struct kd_strlist all = { 0 }, few = { 0 },
						     none = { 0 };

	fake_text(&root, "folder/a", "");
	fake_text(&root, "folder/9-b", "");
	fake_text(&root, "folder/B", "");
	fake_text(&root, "folder/.hidden", "");
	fake_text(&root, "folder/sub/inside", "");
	fake_link(&root, "folder/10-a", "nowhere");
	CHECK_INT(t, kd_folder_names(root.fd, "folder", SIZE_MAX, &all), 0);
	CHECK_INT(t, all.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < MIN(all.n, ARRAY_SIZE(want)); i++)
		CHECK_STR(t, all.items[i], want[i]);
	CHECK_INT(t, kd_folder_names(root.fd, "folder", 2, &few), 0);
	CHECK_INT(t, few.n, 2);

	CHECK_INT(t, kd_folder_names(root.fd, "absent", SIZE_MAX, &none), 0);
	CHECK_INT(t, none.n, 0);
	CHECK_INT(t, kd_folder_names(root.fd, "folder/a", SIZE_MAX, &none), -ENOTDIR);
}

static const struct test_case cases[] = {
	{ "names, sorted", names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
