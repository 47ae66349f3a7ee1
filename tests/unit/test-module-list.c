/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/module-list, on small modules that depmod has indexed: order, soft
 * dependencies and their cycles, aliases, what is built in, what is missing, firmware.
 */
#include "capture-kernel/image/module-list.h"

#include "base/strbuf.h"
#include "capture-kernel/image/heavy.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define RELEASE	  "1.2.3-test"
#define FOLDER	  "lib/modules/" RELEASE "/"
#define LIST(...) ((const char *const[]) { __VA_ARGS__, NULL })

static void module(const struct fake_root *root, const char *name,
		   const char *const *modinfo, const char *const *exports,
		   const char *const *imports)
{
	char path[128];

	(void)snprintf(path, sizeof(path), FOLDER "kernel/%s.ko", name);
	fake_module(root, path, modinfo, exports, imports);
}

/* disk -> bus -> core; two soft dependencies in a ring; a file system with aliases. */
static void make_root(struct fake_root *root)
{
	fake_root_init(root);
	module(root, "core", LIST("license=GPL"), LIST("core_fn"), NULL);
	module(root, "bus", LIST("depends=core"), LIST("bus_fn"), LIST("core_fn"));
	module(root, "disk",
	       LIST("alias=pci:v00001AF4d*", "firmware=fw/disk.bin", "depends=bus,core"),
	       NULL, LIST("bus_fn", "core_fn"));
	module(root, "sum_fast", LIST("alias=sum"), NULL, NULL);
	module(root, "sum_plain", LIST("alias=sum"), NULL, NULL);
	module(root, "testfs", LIST("alias=fs-testfs", "softdep=pre: sum nosuch"), NULL,
	       NULL);
	module(root, "first", LIST("softdep=pre: second post: last"), LIST("first_fn"),
	       NULL);
	module(root, "second", LIST("softdep=pre: first", "depends=first"), NULL,
	       LIST("first_fn"));
	module(root, "last", NULL, NULL, NULL);
	module(root, "radeon", NULL, NULL, NULL);
	module(root, "oldfs", NULL, NULL, NULL);
	fake_text(root, FOLDER "modules.order", "");
	fake_text(root, FOLDER "modules.builtin", "kernel/inside.ko\nkernel/in_fs.ko\n");
	fake_file(root, FOLDER "modules.builtin.modinfo",
		  "in_fs.alias=fs-infs\0in_fs.license=GPL", 38);
}

static int depmod(const struct fake_root *root)
{
	return fake_run("PATH=$PATH:/sbin:/usr/sbin depmod -b %s " RELEASE " 2>&1",
			root->path);
}

static int resolve(const struct fake_root *root, const char *const *required,
		   const char *const *optional, struct kd_module_list *ret,
		   struct kd_error *err)
{
	const struct kd_module_query query = {
		.root_fd = root->fd,
		.release = RELEASE,
		.required = required,
		.optional = optional,
	};

	return kd_module_list_resolve(&query, ret, err);
}

/* The order found, as "core bus disk". */
static void check_order(struct test *t, const struct fake_root *root,
			const char *const *required, const char *want)
{
	_cleanup_(kd_module_list_done) struct kd_module_list m = { 0 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	struct kd_error err = { 0 };

	kd_strbuf_init(&b, 4096);
	CHECK_INT(t, resolve(root, required, NULL, &m, &err), 0);
	CHECK_STR(t, err.message, "");
	for (size_t i = 0; i < m.files.n; i++) {
		const char *file = m.files.items[i] + strlen("kernel/");

		kd_strbuf_addf(&b, "%s%.*s", i ? " " : "", (int)strcspn(file, "."), file);
	}
	CHECK_STR(t, kd_strbuf_text(&b), want);
}

static void orders(struct test *t)
{
	static const struct {
		const char *names[4];
		const char *want;
	} table[] = {
		{ { NULL }, "" },
		{ { "core" }, "core" },
		{ { "disk" }, "core bus disk" },
		{ { "core", "disk", "bus" }, "core bus disk" },
		{ { "pci:v00001AF4d00001001sv" }, "core bus disk" },
		{ { "fs-testfs" }, "sum_fast sum_plain testfs" },
		{ { "fs-oldfs" }, "oldfs" },
		{ { "fs-infs" }, "" },
		{ { "inside", "last" }, "last" },
		{ { "last", "inside" }, "last" },
		/* second needs first, though first would like it before itself */
		{ { "first" }, "first last second" },
		{ { "second" }, "first last second" },
	};
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		check_order(t, &root, table[i].names, table[i].want);
	fake_root_done(&root);
}

static void administrator_is_heard(struct test *t)
{
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	fake_text(&root, "etc/modprobe.d/local.conf",
		  "softdep oldfs pre: disk\nalias mine last\nblacklist disk\n");
	check_order(t, &root, LIST("oldfs", "mine"), "core bus disk oldfs last");
	fake_root_done(&root);
}

static void packed_modules(struct test *t)
{
	_cleanup_(kd_module_list_done) struct kd_module_list m = { 0 };
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, fake_run("xz %s/" FOLDER "kernel/*.ko", root.path), 0);
	CHECK_INT(t, depmod(&root), 0);
	check_order(t, &root, LIST("disk"), "core bus disk");
	CHECK_INT(t, resolve(&root, LIST("disk"), NULL, &m, NULL), 0);
	CHECK_STR(t, m.folder, "/lib/modules/" RELEASE);
	CHECK_STR(t, m.files.items[2], "kernel/disk.ko.xz");
	CHECK_INT(t, m.firmware.n, 1);
	CHECK_STR(t, m.firmware.items[0], "fw/disk.bin");
	fake_root_done(&root);
}

static void missing(struct test *t)
{
	_cleanup_(kd_module_list_done) struct kd_module_list m = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, resolve(&root, LIST("core"), NULL, &m, &err), -ENOENT);
	CHECK_STR(t, err.message,
		  "/lib/modules/1.2.3-test/modules.dep.bin (run: depmod 1.2.3-test): "
		  "No such file or directory");
	CHECK_INT(t, depmod(&root), 0);

	kd_error_reset(&err);
	CHECK_INT(t, resolve(&root, LIST("core", "absent"), NULL, &m, &err), -ENOENT);
	CHECK_STR(t, err.message, "module absent is not in /lib/modules/1.2.3-test");
	CHECK_INT(t, resolve(&root, NULL, LIST("absent", "pci:v1", "core"), &m, NULL), 0);
	CHECK_INT(t, m.files.n, 1);
	fake_root_done(&root);
}

/* libkmod passes over a dependency whose file is gone, and over a stale index. */
static void lost_dependency(struct test *t)
{
	struct kd_module_list m = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	CHECK_INT(t, fake_run("rm %s/" FOLDER "kernel/core.ko", root.path), 0);
	CHECK_INT(t, resolve(&root, LIST("disk"), NULL, &m, &err), -ENOENT);
	CHECK_STR(t, err.message, "kernel/core.ko: No such file or directory");
	/* nobody needs that one */
	CHECK_INT(t, resolve(&root, NULL, LIST("core"), &m, NULL), 0);
	CHECK_INT(t, m.files.n, 0);
	kd_module_list_done(&m);
	m = (struct kd_module_list) { 0 };
	CHECK_INT(t, depmod(&root), 0);
	kd_error_reset(&err);
	CHECK_INT(t, resolve(&root, LIST("disk"), NULL, &m, &err), -ENOENT);
	CHECK_STR(t, err.message, "module core is not in /lib/modules/1.2.3-test");
	fake_root_done(&root);
}

static void bad_release(struct test *t)
{
	static const char *const releases[] = { "", "..", "../x", "a/b", ".", "none" };
	struct fake_root root;

	make_root(&root);
	for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
		struct kd_module_list m = { 0 };
		const struct kd_module_query query = {
			.root_fd = root.fd,
			.release = releases[i],
		};

		CHECK_INT(t, kd_module_list_resolve(&query, &m, NULL),
			  i == 5 ? -ENOENT : -EINVAL);
		CHECK(t, m.folder == NULL);
	}
	fake_root_done(&root);
}

static void damaged_module(struct test *t)
{
	struct kd_module_list m = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	fake_text(&root, FOLDER "kernel/core.ko", "not a module");
	CHECK(t, resolve(&root, LIST("disk"), NULL, &m, &err) < 0);
	CHECK(t, strstr(err.message, "kernel/core.ko") != NULL);
	fake_root_done(&root);
}

static void heavy(struct test *t)
{
	static const struct {
		const char *name;
		bool want;
	} table[] = {
		{ "radeon", true },	{ "radeonfb", false }, { "snd_hda_intel", true },
		{ "snd-pcm", true },	{ "snd", false },      { "mlx5_ib", true },
		{ "mlx5_core", false }, { "i915", true },      { "", false },
	};
	struct fake_root root;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_module_is_heavy(table[i].name), table[i].want);
	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	for (int i = 0; i < 2; i++) {
		_cleanup_(kd_module_list_done) struct kd_module_list list = { 0 };
		const char *const *names = LIST("radeon", "last");

		CHECK_INT(t,
			  resolve(&root, i ? names : NULL, i ? NULL : names, &list, NULL),
			  0);
		CHECK_INT(t, list.files.n, i ? 2 : 1);
	}
	fake_root_done(&root);
}

static void omitted(struct test *t)
{
	static const struct {
		const char *omit, *required, *optional;
		size_t files;
	} table[] = {
		{ NULL, NULL, "sum", 2 },
		{ "sum-fast", NULL, "sum", 1 },
		{ "last  sum_fast sum_plain", NULL, "sum", 0 },
		{ "last", NULL, "first", 2 }, /* a soft dependency */
		{ "sum_fast", "sum_fast", NULL, 1 },
		{ "core", NULL, "disk", 3 }, /* disk cannot do without */
		{ "disk", NULL, "disk", 0 },
	};
	struct fake_root root;

	make_root(&root);
	CHECK_INT(t, depmod(&root), 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *const required[] = { table[i].required, NULL };
		const char *const optional[] = { table[i].optional, NULL };
		const struct kd_module_query query = { .root_fd = root.fd,
						       .release = RELEASE,
						       .required = required,
						       .optional = optional,
						       .omit = table[i].omit };
		_cleanup_(kd_module_list_done) struct kd_module_list list = { 0 };

		CHECK_INT(t, kd_module_list_resolve(&query, &list, NULL), 0);
		CHECK_INT(t, list.files.n, table[i].files);
	}
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "heavy ones only when they are asked for", heavy },
	{ "modules that are to be left out", omitted },
	{ "each module after what it needs", orders },
	{ "modprobe.d counts", administrator_is_heard },
	{ "packed modules, and their firmware", packed_modules },
	{ "what is missing is named", missing },
	{ "a dependency that is gone is named", lost_dependency },
	{ "a release is a name", bad_release },
	{ "a damaged module is named", damaged_module },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
