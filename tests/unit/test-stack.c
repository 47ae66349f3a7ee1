/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/stack.c over a fake sysfs and a kernel that only notes what it is asked
 * to make.
 */
#include <linux/dm-ioctl.h>

#include "base/io.h"
#include "capture-kernel/stack.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define MD_UUID "01234567-89ab-cdef-fedc-ba9876543210"

/* The kernel's ioctls carry no context, so their twin keeps its notes in a file. */
static int made_fd = -1;
static size_t members;
static bool whole;

static int fake_create(const char *name, const char *uuid,
		       const struct kd_dm_table *table, struct kd_devnum *ret,
		       struct kd_error *err)
{
	(void)err;
	dprintf(made_fd, "%s %s %u: %s\n", name, uuid, table->targets,
		table->data + sizeof(struct dm_target_spec));
	*ret = (struct kd_devnum) { 253, name[strlen(name) - 1] - '0' };
	return 0;
}

static int fake_find(int root_fd, const char *uuid, struct kd_md_found *ret,
		     struct kd_error *err)
{
	(void)root_fd;
	(void)err;
	*ret = (struct kd_md_found) {
		.n = strcmp(uuid, MD_UUID) == 0 ? members : 0,
		.whole = whole,
	};
	return 0;
}

static int fake_start(int root_fd, const char *name, const struct kd_md_found *found,
		      struct kd_error *err)
{
	(void)root_fd;
	(void)err;
	dprintf(made_fd, "%s of %zu\n", name, found->n);
	return 0;
}

static const struct kd_stack_ops fake_kernel = { fake_create, fake_find, fake_start };

static const struct kd_plan_stack entries[] = {
	{ .type = KD_STACK_MD, .name = "md127", .uuid = MD_UUID },
	{ .type = KD_STACK_DM,
	  .name = "vg-pv1",
	  .uuid = "LVM-1",
	  .table = "0 8 linear {0} 2048",
	  .n_devices = 1,
	  .devices = { "STACK=0.1" } },
	{ .type = KD_STACK_DM,
	  .name = "unrelated2",
	  .table = "0 8 linear {0} 0",
	  .n_devices = 1,
	  .devices = { "SERIAL=never" } },
	{ .type = KD_STACK_DM,
	  .name = "vg-lv3",
	  .table = "0 8 striped 2 {0} 0 {1} 0",
	  .n_devices = 2,
	  .devices = { "STACK=1", "SERIAL=disk a" } },
	{ .type = KD_STACK_DM,
	  .name = "mpath4",
	  .table = "0 8 multipath {0} {1}",
	  .n_devices = 2,
	  .devices = { "WWID=naa.5", "WWID=naa.5" } },
	{ .type = KD_STACK_DM,
	  .name = "loop5",
	  .table = "0 8 linear {0} 0",
	  .n_devices = 1,
	  .devices = { "STACK=5" } },
};

static void add_block(const struct fake_root *root, const char *name, unsigned int major,
		      unsigned int minor)
{
	char path[128], text[128];

	(void)snprintf(path, sizeof(path), "sys/class/block/%s/uevent", name);
	(void)snprintf(text, sizeof(text), "MAJOR=%u\nMINOR=%u\nDEVNAME=%s\n", major,
		       minor, name);
	fake_text(root, path, text);
	(void)snprintf(path, sizeof(path), "sys/class/block/%s/size", name);
	fake_text(root, path, "100\n");
	(void)snprintf(path, sizeof(path), "sys/dev/block/%u:%u", major, minor);
	(void)snprintf(text, sizeof(text), "../../class/block/%s", name);
	fake_link(root, path, text);
}

struct machine {
	struct fake_root root;
	FILE *notes;
	struct kd_stack stack;
};

static void machine_init(struct machine *m)
{
	fake_root_init(&m->root);
	m->notes = tmpfile();
	made_fd = fileno(m->notes);
	members = 2;
	whole = true;
	m->stack = (struct kd_stack) {
		.root_fd = m->root.fd,
		.entries = entries,
		.n = ARRAY_SIZE(entries),
		.ops = &fake_kernel,
		.patient = true,
	};
	add_block(&m->root, "md127", 9, 127);
	add_block(&m->root, "md127p1", 259, 0);
	add_block(&m->root, "sda", 8, 0);
	fake_text(&m->root, "sys/class/block/sda/serial", "disk a\n");
	add_block(&m->root, "dm-0", 253, 1);
	add_block(&m->root, "dm-1", 253, 3);
	add_block(&m->root, "dm-2", 253, 4);
}

static void machine_done(struct machine *m)
{
	(void)fclose(m->notes);
	fake_root_done(&m->root);
}

static const char *notes(struct machine *m, char *ret, size_t size)
{
	ssize_t n = kd_pread_full(made_fd, ret, size - 1, 0);

	(void)m;
	ret[n > 0 ? n : 0] = '\0';
	return ret;
}

static void in_order(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	char name[64] = "", text[512];

	machine_init(&m);
	CHECK_INT(t, kd_stack_find(&m.stack, "3", name, sizeof(name), NULL), 0);
	CHECK_STR(t, name, "dm-1");
	CHECK_STR(t, notes(&m, text, sizeof(text)),
		  "md127 of 2\nvg-pv1 LVM-1 1: 259:0 2048\n"
		  "vg-lv3  1: 2 253:1 0 8:0 0\n");
}

static void array(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	char name[64] = "";

	machine_init(&m);
	CHECK_INT(t, kd_stack_find(&m.stack, "0", name, sizeof(name), NULL), 0);
	CHECK_STR(t, name, "md127");
	CHECK_INT(t, kd_stack_find(&m.stack, "0.1", name, sizeof(name), NULL), 0);
	CHECK_STR(t, name, "md127p1");
	CHECK_INT(t, kd_stack_find(&m.stack, "0.2", name, sizeof(name), NULL), -ENODEV);

	whole = false;
	CHECK_INT(t, kd_stack_find(&m.stack, "0", name, sizeof(name), NULL), -ENODEV);
	m.stack.patient = false;
	CHECK_INT(t, kd_stack_find(&m.stack, "0", name, sizeof(name), NULL), 0);
	members = 0;
	CHECK_INT(t, kd_stack_find(&m.stack, "0", name, sizeof(name), NULL), -ENODEV);
}

static void multipath(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	char name[64] = "", text[512];

	machine_init(&m);
	fake_text(&m.root, "sys/class/block/sda/wwid", "naa.5\n");
	CHECK_INT(t, kd_stack_find(&m.stack, "4", name, sizeof(name), NULL), -ENODEV);
	m.stack.patient = false;
	CHECK_INT(t, kd_stack_find(&m.stack, "4", name, sizeof(name), NULL), 0);
	CHECK_STR(t, name, "dm-2");
	CHECK_STR(t, notes(&m, text, sizeof(text)), "mpath4  1: 8:0 0\n");

	add_block(&m.root, "sdb", 8, 16);
	fake_text(&m.root, "sys/class/block/sdb/device/wwid", "naa.5\n");
	m.stack.patient = true;
	CHECK_INT(t, kd_stack_find(&m.stack, "4", name, sizeof(name), NULL), 0);
	(void)notes(&m, text, sizeof(text));
	CHECK(t, strstr(text, "mpath4  1: 8:0 8:16\n") ||
			 strstr(text, "mpath4  1: 8:16 8:0\n"));
}

static void nonsense(struct test *t)
{
	static const char *const values[] = { "6",   "",    "x",       "-1",
					      "0.0", "0.x", "0.99999", "99999999999" };
	_cleanup_(machine_done) struct machine m;
	char name[64] = "";

	machine_init(&m);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		CHECK_INT(t, kd_stack_find(&m.stack, values[i], name, sizeof(name), NULL),
			  -EINVAL);
	/* an entry that lies on itself */
	CHECK_INT(t, kd_stack_find(&m.stack, "5", name, sizeof(name), NULL), -EINVAL);
	CHECK_INT(t, kd_stack_find(&m.stack, "0", name, 5, NULL), -ENAMETOOLONG);
}

static const struct test_case cases[] = {
	{ "what lies below comes first, the rest is left alone", in_order },
	{ "arrays, partitions of them, missing members", array },
	{ "multipath: all paths, or one", multipath },
	{ "what the plan does not have", nonsense },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
