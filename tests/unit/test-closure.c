/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/closure: programs linked here with each way of finding a library;
 * a real program's closure, which then has to run with nothing else beside it; damaged
 * files and caches.
 */
#include "capture-kernel/image/closure.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/strbuf.h"
#include "capture-kernel/image/elf-needs.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static int to_buffer(void *arg, const void *data, size_t size)
{
	struct kd_strbuf *b = arg;

	kd_strbuf_add(b, data, size);
	return b->status;
}

static void real_program_runs(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	_cleanup_(kd_closep) int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct kd_error err = { 0 };
	struct fake_root root;
	struct kd_cpio cpio;

	fake_root_init(&root);
	kd_strbuf_init(&b, 64 << 20);
	kd_cpio_init(&cpio, to_buffer, &b);
	CHECK_INT(t, kd_closure_add(&tree, host, "/usr/bin/xz", &err), 0);
	CHECK_INT(t, kd_tree_write(&tree, host, &cpio, &err), 0);
	CHECK_INT(t, kd_cpio_finish(&cpio, &err), 0);
	CHECK_STR(t, err.message, "");

	fake_file(&root, "archive", b.data, b.length);
	CHECK_INT(t, fake_run("cd %s && cpio -i --quiet < archive", root.path), 0);
	CHECK_INT(t,
		  fake_run("[ $(id -u) = 0 ] || alone='unshare -r'; "
			   "PATH=$PATH:/usr/sbin $alone chroot %s /usr/bin/xz "
			   "--version > %s/out && grep -q liblzma %s/out",
			   root.path, root.path, root.path),
		  0);
	fake_root_done(&root);
}

/* Links without libc: what is tested is which library is found where. */
static void compile(struct test *t, const struct fake_root *root, const char *options,
		    const char *out)
{
	CHECK_INT(t,
		  fake_run("cd %s && mkdir -p $(dirname %s) && echo 'int x;' | "
			   "cc -nostdlib -fPIC -x c - -x none -Wl,-e,0 "
			   "-Wl,--no-as-needed,--allow-shlib-undefined -o %s %s",
			   root->path, out, out, options),
		  0);
}

static bool has(const struct kd_tree *tree, const char *path, const char *source)
{
	for (size_t i = 0; i < tree->n; i++)
		if (strcmp(tree->entries[i].path, path) == 0)
			return tree->entries[i].source &&
			       strcmp(tree->entries[i].source, source) == 0;
	return false;
}

static void search_order(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	fake_root_init(&root);
	compile(t, &root, "-shared -Wl,-soname,ld.so.1", "usr/lib/ld-9.so");
	fake_link(&root, "lib64/ld.so.1", "/usr/lib/ld-9.so");
	compile(t, &root, "-shared -Wl,-soname,liba.so.1", "opt/p/lib/liba.so.1.0");
	fake_link(&root, "opt/p/lib/liba.so.1", "liba.so.1.0");
	/* found by the DT_RPATH of the program above it alone */
	compile(t, &root, "-shared -Wl,-soname,libc2.so", "opt/deep/libc2.so");
	compile(t, &root, "-shared -Wl,-soname,libb.so opt/deep/libc2.so",
		"usr/lib64/libb.so");
	compile(t, &root,
		"-pie -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../lib:/opt/deep' "
		"-Wl,--dynamic-linker,/lib64/ld.so.1 opt/p/lib/liba.so.1.0 "
		"usr/lib64/libb.so",
		"opt/p/bin/tool");
	fake_link(&root, "usr/bin/tool", "../../opt/p/bin/tool");

	CHECK_INT(t, kd_closure_add(&tree, root.fd, "/usr/bin/tool", &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK(t, has(&tree, "opt/p/bin/tool", "/opt/p/bin/tool"));
	CHECK(t, has(&tree, "usr/bin/tool", "/opt/p/bin/tool"));
	CHECK(t, has(&tree, "usr/lib/ld-9.so", "/usr/lib/ld-9.so"));
	CHECK(t, has(&tree, "lib64/ld.so.1", "/usr/lib/ld-9.so"));
	CHECK(t, has(&tree, "opt/p/lib/liba.so.1.0", "/opt/p/lib/liba.so.1.0"));
	CHECK(t, has(&tree, "opt/p/lib/liba.so.1", "/opt/p/lib/liba.so.1.0"));
	CHECK(t, has(&tree, "usr/lib64/libb.so", "/usr/lib64/libb.so"));
	CHECK(t, has(&tree, "usr/lib/libb.so", "/usr/lib64/libb.so"));
	CHECK(t, has(&tree, "opt/deep/libc2.so", "/opt/deep/libc2.so"));
	fake_root_done(&root);
}

static void missing_library(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	fake_root_init(&root);
	compile(t, &root, "-shared -Wl,-soname,libgone.so.3", "libgone.so");
	compile(t, &root, "-pie -Wl,--no-dynamic-linker libgone.so", "usr/bin/tool");
	/* a file of that name is not enough */
	fake_text(&root, "usr/lib/libgone.so.3", "not a library");
	CHECK_INT(t, kd_closure_add(&tree, root.fd, "/usr/bin/tool", &err), -ENOENT);
	CHECK_STR(t, err.message,
		  "program /usr/bin/tool: library libgone.so.3, which /usr/bin/tool "
		  "needs, is not there");
	kd_error_reset(&err);
	CHECK_INT(t, kd_closure_add(&tree, root.fd, "/usr/bin/none", &err), -ENOENT);
	CHECK_STR(t, err.message,
		  "program /usr/bin/none: /usr/bin/none: No such file or directory");
	fake_root_done(&root);
}

static void scripts(struct test *t)
{
	_cleanup_(kd_tree_done) struct kd_tree tree = { 0 };
	struct fake_root root;

	fake_root_init(&root);
	compile(t, &root, "-static", "bin/shell");
	fake_text(&root, "hook", "#! /bin/shell -e\n");
	fake_text(&root, "data", "plain");
	CHECK_INT(t, kd_closure_add(&tree, root.fd, "/hook", NULL), 0);
	CHECK_INT(t, kd_closure_add(&tree, root.fd, "/data", NULL), 0);
	CHECK(t, has(&tree, "hook", "/hook"));
	CHECK(t, has(&tree, "bin/shell", "/bin/shell"));
	CHECK(t, has(&tree, "data", "/data"));
	CHECK_INT(t, tree.n, 4);
	fake_root_done(&root);
}

/* Every cut and many wrong bytes: an answer or an error, never a read outside. */
static void damaged_elf(struct test *t)
{
	_cleanup_(kd_freep) char *good = NULL;
	struct fake_root root;
	size_t size;

	fake_root_init(&root);
	compile(t, &root, "-shared -Wl,-soname,libx.so", "libx.so");
	compile(t, &root, "-pie -Wl,-rpath,/a -Wl,--dynamic-linker,/lib/ld libx.so",
		"tool");
	CHECK_INT(t, kd_read_file_at(root.fd, "tool", 1 << 20, &good, &size, NULL), 0);
	for (size_t i = 0; i < size + 4096; i += i < 1024 ? 1 : 61) {
		_cleanup_(kd_elf_needs_done) struct kd_elf_needs needs = { 0 };
		_cleanup_(kd_freep) char *bad = malloc(size);
		_cleanup_(kd_closep) int fd = -EBADF;
		int r;

		memcpy(bad, good, size);
		if (i < 4096)
			bad[i % size] = (char)(bad[i % size] ^ 0xff);
		fake_file(&root, "bad", bad, i < 4096 ? size : i - 4096);
		fd = openat(root.fd, "bad", O_RDONLY | O_CLOEXEC);
		r = kd_elf_needs_read(fd, &needs, NULL);
		CHECK(t, r == 0 || r == -ENOEXEC);
	}
	fake_root_done(&root);
}

static void cache(struct test *t)
{
	struct {
		char magic[20];
		uint32_t n, strings;
		uint32_t rest[5];
		struct {
			int32_t flags;
			uint32_t key, value, os;
			uint64_t hwcap;
		} entries[4];
		char names[64];
	} c = { .magic = "glibc-ld.so.cache1.", .n = 4 };
	const uint32_t names = offsetof(__typeof__(c), names);
	size_t pos = 0;

	c.magic[19] = '1';
	memcpy(c.names, "libz.so\0/fast/libz.so\0/lib/libz.so\0liby.so\0rel", 47);
	for (size_t i = 0; i < 4; i++)
		c.entries[i].key = names;
	c.entries[0].value = names + 8;
	c.entries[0].hwcap = 1;
	c.entries[1].value = names + 43; /* not absolute */
	c.entries[2].value = names + 22;
	c.entries[3].value = 0xfffffff0;

	CHECK_STR(t, kd_ld_cache_next((char *)&c, sizeof(c), "libz.so", &pos),
		  "/lib/libz.so");
	CHECK(t, !kd_ld_cache_next((char *)&c, sizeof(c), "libz.so", &pos));
	pos = 0;
	CHECK(t, !kd_ld_cache_next((char *)&c, sizeof(c), "liby.so", &pos));
	c.n = UINT32_MAX;
	for (size_t i = 0; i < sizeof(c); i++) {
		pos = 0;
		(void)kd_ld_cache_next((char *)&c, i, "nothing", &pos);
	}
	pos = 0;
	c.magic[0] = 'G';
	CHECK(t, !kd_ld_cache_next((char *)&c, sizeof(c), "libz.so", &pos));
	CHECK(t, !kd_ld_cache_next(NULL, 0, "libz.so", &pos));
}

static const struct test_case cases[] = {
	{ "a real program runs from its closure alone", real_program_runs },
	{ "libraries are looked for as the loader does", search_order },
	{ "a missing library is named, and who needs it", missing_library },
	{ "scripts bring their interpreter", scripts },
	{ "damaged ELF files", damaged_elf },
	{ "the loader's cache", cache },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
