/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/boot/crypttab.c and kdumpd/host/luks.c: kdump-utils' cases
 * (spec/kdumpctl_setup_crypttab_spec.sh, as data), what else crypttab(5) allows, and which
 * volumes a stack of devices has. Of kdump-utils' eight, the ones about unlinking keys of
 * volumes no longer used are not here: a key that the kernel holds is left to whoever put
 * it there.
 */
#include "kdumpd/boot/crypttab.h"
#include "kdumpd/host/luks.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define KEY(uuid) "link-volume-key=@u::%logon:" KD_VOLUME_KEY uuid

static void check(struct test *t, const char *text, const char *const *uuids, int r,
		  const char *want)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	struct kd_error err = { 0 };

	kd_strbuf_init(&b, KD_CRYPTTAB_MAX);
	CHECK_INT(t, kd_crypttab_edit(text, strlen(text), uuids, &b, &err), r);
	if (r >= 0)
		CHECK_STR(t, kd_strbuf_text(&b), want);
	else
		CHECK_STR(t, err.message, want);
}

static void test_utils(struct test *t)
{
	static const char *const many[] = { "uuid-001", "uuid-003", "uuid-005",
					    "uuid-006", "uuid-007", NULL };
	static const char *const one[] = { "uuid-001", NULL };
	static const char *const nonexistent[] = { "uuid-nonexistent", NULL };
	static const char *const none[] = { NULL };

	check(t,
	      "luks-001 UUID=uuid-001 none discard\n"
	      "luks-002 UUID=uuid-002 none discard\n"
	      "# only two mandatory fields\n"
	      "luks-003 UUID=uuid-003\n"
	      "# two mandatory fields + one optional field\n"
	      "luks-005 UUID=uuid-005 -\n"
	      "# tab as delimiter\n"
	      "luks-006\tUUID=uuid-006\n"
	      "luks-007 UUID=uuid-007 none discard,link-volume-key=TO_RE_REPLACED\n",
	      many, 5,
	      "luks-001 UUID=uuid-001 none discard," KEY(
		      "uuid-001") "\n"
				  "luks-002 UUID=uuid-002 none discard\n"
				  "# only two mandatory fields\n"
				  "luks-003 UUID=uuid-003 none " KEY(
					  "uuid-003") "\n"
						      "# two mandatory fields + one optional field\n"
						      "luks-005 UUID=uuid-005 - " KEY(
							      "uuid-005") "\n"
									  "# tab as delimiter\n"
									  "luks-006 UUID=uuid-006 none " KEY(
										  "uuid-006") "\n"
											      "luks-007 UUID=uuid-007 none discard," KEY(
												      "uuid-007") "\n");
	check(t, "luks-001 UUID=uuid-001\n", none, 0, "luks-001 UUID=uuid-001\n");
	check(t, "luks-001 UUID=uuid-001\n", nonexistent, -ENOENT,
	      "Device UUID=uuid-nonexistent doesn't exist.");
	check(t, "#luks-001 UUID=uuid-001\n", one, -ENOENT,
	      "Device UUID=uuid-001 doesn't exist.");
	check(t, "luks-001 UUID=uuid-001 none " KEY("uuid-001") "\n", one, 0,
	      "luks-001 UUID=uuid-001 none " KEY("uuid-001") "\n");
}

static void test_more(struct test *t)
{
	static const char *const one[] = { "u", NULL };
	static const struct {
		const char *text, *want;
		int r;
	} rows[] = {
		/* no newline at the end; one as udev names it */
		{ "a UUID=u", "a UUID=u none " KEY("u"), 1 },
		{ "a /dev/disk/by-uuid/u", "a /dev/disk/by-uuid/u none " KEY("u"), 1 },
		/* the same key for another: replaced, in the middle, too */
		{ "a UUID=u - x," KEY("uu") ",y\n", "a UUID=u - x,y," KEY("u") "\n", 1 },
		{ "a UUID=u - x," KEY("u") ",y\n", "a UUID=u - x," KEY("u") ",y\n", 0 },
		/* within another option it is none */
		{ "a UUID=u - x" KEY("u") "," KEY("u") "\n",
		  "a UUID=u - x" KEY("u") "," KEY("u") "\n", 0 },
		/* kdump-utils finds the option in a comment behind the fields */
		{ "a UUID=u - x # " KEY("u") "\n", "a UUID=u - x," KEY("u") "\n", 1 },
		{ " \n\n  # c\na UUID=u\n", " \n\n  # c\na UUID=u none " KEY("u") "\n",
		  1 },
		{ "a UUID=u - ,,\n", "a UUID=u - " KEY("u") "\n", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check(t, rows[i].text, one, rows[i].r, rows[i].want);
	check(t, "a UUID=uu\n", one, -ENOENT, "Device UUID=u doesn't exist.");
	check(t, "UUID=u\n", one, -ENOENT, "Device UUID=u doesn't exist.");
}

static void test_uuid(struct test *t)
{
	static const struct {
		const char *mapping, *want;
	} rows[] = {
		{ "CRYPT-LUKS2-0123456789abcdef0123456789abcdef-root",
		  "01234567-89ab-cdef-0123-456789abcdef" },
		{ "CRYPT-LUKS1-0123456789abcdef0123456789abcdef-",
		  "01234567-89ab-cdef-0123-456789abcdef" },
		{ "CRYPT-LUKS2-0123456789abcdef0123456789abcde-root", "" },
		{ "CRYPT-LUKS2-0123456789abcdef0123456789abcdef0-root", "" },
		{ "CRYPT-LUKS3-0123456789abcdef0123456789abcdef-root", "" },
		{ "CRYPT-PLAIN-swap", "" },
		{ "CRYPT-LUKS", "" },
		{ "LVM-0123", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char uuid[KD_LUKS_UUID] = "";

		CHECK_INT(t, kd_luks_uuid(rows[i].mapping, uuid),
			  rows[i].want[0] ? 0 : -ENOENT);
		CHECK_STR(t, uuid, rows[i].want);
	}
}

static void test_stack(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	_cleanup_(kd_strlist_done) struct kd_strlist found = { 0 };
	struct kd_error err = { 0 };

	fake_root_init(&root);
	/* a logical volume on two LUKS volumes, one of them twice in the stack */
	fake_text(&root, "sys/block/dm-2/dm/uuid", "LVM-abc\n");
	fake_text(&root, "sys/block/dm-0/dm/uuid",
		  "CRYPT-LUKS2-0123456789abcdef0123456789abcdef-root\n");
	fake_text(&root, "sys/block/dm-1/dm/uuid",
		  "CRYPT-LUKS1-ffffffffffffffffffffffffffffffff-x\n");
	fake_text(&root, "sys/block/vda/size", "1\n");
	fake_link(&root, "sys/block/dm-2/slaves/dm-0", "../../dm-0");
	fake_link(&root, "sys/block/dm-2/slaves/dm-1", "../../dm-1");
	fake_link(&root, "sys/block/dm-1/slaves/dm-0", "../../dm-0");
	fake_link(&root, "sys/block/dm-0/slaves/vda", "../../vda");
	fake_link(&root, "sys/class/block/dm-2", "../../block/dm-2");
	fake_link(&root, "sys/class/block/vda", "../../block/vda");
	CHECK_INT(t, kd_luks_find(root.fd, "dm-2", &found, &err), 0);
	CHECK_INT(t, found.n, 2);
	CHECK(t, kd_strlist_has(&found, "01234567-89ab-cdef-0123-456789abcdef"));
	CHECK(t, kd_strlist_has(&found, "ffffffff-ffff-ffff-ffff-ffffffffffff"));
	kd_strlist_done(&found);
	CHECK_INT(t, kd_luks_find(root.fd, "vda", &found, &err), 0);
	CHECK_INT(t, found.n, 0);
	CHECK_INT(t, kd_luks_find(root.fd, "vdz", &found, &err), -ENOENT);
	/* a loop is none that sysfs has */
	fake_link(&root, "sys/block/vda/slaves/dm-0", "../../dm-0");
	CHECK_INT(t, kd_luks_find(root.fd, "vda", &found, &err), -ELOOP);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "kdump-utils' cases", test_utils },
		{ "more lines", test_more },
		{ "a volume's UUID", test_uuid },
		{ "volumes of a stack", test_stack },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
