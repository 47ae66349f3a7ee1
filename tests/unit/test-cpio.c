/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/cpio and tree: the bytes of the format, read back by cpio(1);
 * folders made once and first; nothing of the host's times and owners in them.
 */
#include "capture-kernel/image/cpio.h"

#include <limits.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/strbuf.h"
#include "capture-kernel/image/tree.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static int to_buffer(void *arg, const void *data, size_t size)
{
	struct kd_strbuf *b = arg;

	kd_strbuf_add(b, data, size);
	return b->status;
}

static void exact_bytes(struct test *t)
{
	/* magic inode mode uid gid links mtime size dev rdev name check, then the name
	 * padded to 4 bytes from the start, then the data padded */
	static const char want[] = "070701"
				   "00000001"
				   "0000a1ff"
				   "00000000"
				   "00000000"
				   "00000001"
				   "00000000"
				   "00000003"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000003"
				   "00000000"
				   "ab\0"
				   "\0\0\0"
				   "xyz"
				   "\0"
				   "070701"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000001"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "00000000"
				   "0000000b"
				   "00000000"
				   "TRAILER!!!\0"
				   "\0\0";
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	const struct kd_cpio_entry e = {
		.path = "ab", .mode = S_IFLNK | 0777, .data = "xyz", .size = 3
	};
	struct kd_cpio cpio;

	kd_strbuf_init(&b, 4096);
	kd_cpio_init(&cpio, to_buffer, &b);
	CHECK_INT(t, kd_cpio_add(&cpio, &e, NULL), 0);
	CHECK_INT(t, kd_cpio_finish(&cpio, NULL), 0);
	CHECK_INT(t, b.length, cpio.bytes);
	CHECK_INT(t, b.length, sizeof(want));
	CHECK(t, b.length == sizeof(want) && memcmp(b.data, want, sizeof(want)) == 0);
}

static void refuses_what_the_kernel_skips(struct test *t)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	struct kd_error err = { 0 };
	struct kd_cpio_entry e = { .mode = S_IFREG };
	char path[PATH_MAX + 1];
	struct kd_cpio cpio;

	memset(path, 'x', sizeof(path));
	path[PATH_MAX] = '\0';
	kd_strbuf_init(&b, 65536);
	kd_cpio_init(&cpio, to_buffer, &b);
	e.path = path;
	CHECK_INT(t, kd_cpio_add(&cpio, &e, &err), -ENAMETOOLONG);
	e.path = "big";
	e.size = 1ULL << 32;
	CHECK_INT(t, kd_cpio_add(&cpio, &e, NULL), -EFBIG);
	CHECK_INT(t, b.length, 0);
	path[PATH_MAX - 1] = '\0';
	e.path = path;
	e.size = 0;
	CHECK_INT(t, kd_cpio_add(&cpio, &e, NULL), 0);
}

static void passes_write_errors_on(struct test *t)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	const struct kd_cpio_entry e = { .path = "a", .mode = S_IFREG };
	struct kd_error err = { 0 };
	struct kd_cpio cpio;

	kd_strbuf_init(&b, 20);
	kd_cpio_init(&cpio, to_buffer, &b);
	CHECK_INT(t, kd_cpio_add(&cpio, &e, &err), -EFBIG);
	CHECK_STR(t, err.message, "a: File too large");
}

static int add(struct kd_tree *tree, enum kd_tree_kind kind, const char *path,
	       const char *source)
{
	struct kd_tree_entry e = { .kind = kind, .path = path, .mode = 0644 };

	if (kind == KD_TREE_DIR)
		e.mode = 0;
	if (kind == KD_TREE_DATA) {
		e.data = source;
		e.size = strlen(source);
	} else {
		e.source = source;
	}
	return kd_tree_add(tree, &e, NULL);
}

static void cpio_lists_it(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	_cleanup_(kd_freep) char *list = NULL;
	struct fake_root root;
	struct kd_cpio cpio;

	fake_root_init(&root);
	fake_text(&root, "src/tool", "12345");
	CHECK_INT(t, add(&tree, KD_TREE_DATA, "/usr/lib/z", "zz"), 0);
	CHECK_INT(t, add(&tree, KD_TREE_HOST, "/usr/bin/tool", "/src/tool"), 0);
	CHECK_INT(t, add(&tree, KD_TREE_LINK, "usr/a", "/usr/lib/z"), 0);
	CHECK_INT(t, add(&tree, KD_TREE_CONSOLE, "dev/console", NULL), 0);
	CHECK_INT(t, add(&tree, KD_TREE_DIR, "usr", NULL), 0);
	kd_strbuf_init(&b, 65536);
	kd_cpio_init(&cpio, to_buffer, &b);
	CHECK_INT(t, kd_tree_write(&tree, root.fd, &cpio, NULL), 0);
	CHECK_INT(t, kd_cpio_finish(&cpio, NULL), 0);

	fake_file(&root, "archive", b.data, b.length);
	CHECK_INT(t,
		  fake_run("cd %s && cpio -itvn --quiet < archive 2>&1 | "
			   "awk '{print $1, $3, $4, $5, $6, $NF}' > list",
			   root.path),
		  0);
	CHECK_INT(t, kd_read_file_at(root.fd, "list", 65536, &list, NULL, NULL), 0);
	CHECK_STR(t, list,
		  "drwxr-xr-x 0 0 0 Jan dev\n"
		  "crw-r--r-- 0 0 5, 1 dev/console\n"
		  "drwxr-xr-x 0 0 0 Jan usr\n"
		  "lrw-r--r-- 0 0 10 Jan /usr/lib/z\n"
		  "drwxr-xr-x 0 0 0 Jan usr/bin\n"
		  "-rw-r--r-- 0 0 5 Jan usr/bin/tool\n"
		  "drwxr-xr-x 0 0 0 Jan usr/lib\n"
		  "-rw-r--r-- 0 0 2 Jan usr/lib/z\n");
	fake_root_done(&root);
}

static void tree_refuses_nonsense(struct test *t)
{
	static const struct {
		const char *path;
		int want;
	} table[] = {
		{ "", -EINVAL },     { "/", -EINVAL },	  { "a//b", -EINVAL },
		{ "a/", -EINVAL },   { "../a", -EINVAL }, { "a/../b", -EINVAL },
		{ "a/..", -EINVAL }, { "./a", -EINVAL },  { "f/below", -ENOTDIR },
		{ "f", -EEXIST },    { "d", -EEXIST },	  { "..a/b..", 0 },
	};
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };

	CHECK_INT(t, add(&tree, KD_TREE_DATA, "f", "1"), 0);
	CHECK_INT(t, add(&tree, KD_TREE_DATA, "f", "1"), 0);
	CHECK_INT(t, add(&tree, KD_TREE_DATA, "d/x", "1"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, add(&tree, KD_TREE_DATA, table[i].path, "2"), table[i].want);
	CHECK_INT(t, tree.n, 5);
}

static void missing_file_is_named(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;
	struct kd_cpio cpio;

	fake_root_init(&root);
	CHECK_INT(t, add(&tree, KD_TREE_HOST, "x", "/no/such"), 0);
	kd_strbuf_init(&b, 65536);
	kd_cpio_init(&cpio, to_buffer, &b);
	CHECK_INT(t, kd_tree_write(&tree, root.fd, &cpio, &err), -ENOENT);
	CHECK_STR(t, err.message, "/no/such: No such file or directory");
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "the format's bytes", exact_bytes },
	{ "what the kernel would skip is refused", refuses_what_the_kernel_skips },
	{ "write errors come back", passes_write_errors_on },
	{ "cpio lists a tree, sorted, folders first", cpio_lists_it },
	{ "a tree refuses paths that make no sense", tree_refuses_nonsense },
	{ "a missing file is named", missing_file_is_named },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
