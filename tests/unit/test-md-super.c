/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/md-super.c over superblocks put together byte by byte; mdadm's own are
 * read in tests/vm.
 */
#include "base/le.h"
#include "capture-kernel/md-super.h"
#include "tests/unit/test.h"

#define UUID "01234567-89ab-cdef-fedc-ba9876543210"

static const uint8_t uuid[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
				  0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };

static void places(struct test *t)
{
	static const struct {
		unsigned int place;
		uint64_t sectors;
		int64_t want; /* -1: none */
	} table[] = {
		{ 0, 2048, 4096 },
		{ 1, 2048, 0 },
		{ 2, 2048, (2048 - 16) * 512 },
		{ 2, 2055, (2032 + 0) * 512 },
		{ 3, 2048, (2048 - 128) * 512 },
		{ 3, 2055, (2048 - 128) * 512 },
		{ 3, 255, -1 },
		{ 0, 0, -1 },
		{ 2, UINT64_MAX, -1 },
		{ 4, 2048, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t offset = UINT64_MAX;

		CHECK_INT(t, kd_md_super_place(table[i].place, table[i].sectors, &offset),
			  table[i].want >= 0);
		CHECK_INT(t, offset, table[i].want);
	}
}

static void make_1(uint8_t data[static KD_MD_SUPER_BYTES], uint64_t sector, uint16_t role)
{
	memset(data, 0, KD_MD_SUPER_BYTES);
	kd_put_le32(data, 0xa92b4efc);
	kd_put_le32(data + 4, 1);
	memcpy(data + 16, uuid, 16);
	kd_put_le32(data + 92, 3); /* members */
	kd_put_le64(data + 144, sector);
	kd_put_le32(data + 160, 5);  /* this one's number */
	kd_put_le32(data + 220, 16); /* roles that are stored */
	kd_put_le16(data + 256 + 10, role);
}

static void version_1(struct test *t)
{
	static const struct {
		unsigned int place;
		uint64_t offset;
		uint16_t role;
		unsigned int minor;
		bool has_role;
	} table[] = {
		{ 0, 4096, 2, 2, true },
		{ 1, 0, 0xfffe, 1, false },
		{ 2, 65536, 0xffff, 0, false },
		{ 2, 65536, 0xfffd, 0, false },
	};
	uint8_t data[KD_MD_SUPER_BYTES];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_md_super super = { 0 };

		make_1(data, table[i].offset / 512, table[i].role);
		CHECK(t,
		      kd_md_super_parse(data, table[i].place, table[i].offset, &super));
		CHECK_INT(t, super.major, 1);
		CHECK_INT(t, super.minor, table[i].minor);
		CHECK_STR(t, super.uuid, UUID);
		CHECK_INT(t, super.raid_disks, 3);
		CHECK_INT(t, super.role, table[i].has_role);
		/* the same bytes, seen from the disk around the partition */
		CHECK(t, !kd_md_super_parse(data, table[i].place, table[i].offset + 512,
					    &super));
	}
}

static void hostile(struct test *t)
{
	uint8_t data[KD_MD_SUPER_BYTES];
	struct kd_md_super super = { 0 };

	make_1(data, 8, 0);
	kd_put_le32(data + 160, UINT32_MAX);
	kd_put_le32(data + 220, UINT32_MAX);
	CHECK(t, kd_md_super_parse(data, 0, 4096, &super));
	CHECK(t, !super.role);
	kd_put_le32(data + 92, 0);
	CHECK(t, !kd_md_super_parse(data, 0, 4096, &super));
	kd_put_le32(data + 92, 1025);
	CHECK(t, !kd_md_super_parse(data, 0, 4096, &super));
	make_1(data, 8, 0);
	kd_put_le32(data + 4, 2);
	CHECK(t, !kd_md_super_parse(data, 0, 4096, &super));
	memset(data, 0, sizeof(data));
	CHECK(t, !kd_md_super_parse(data, 0, 4096, &super));
}

static void version_090(struct test *t)
{
	static const uint32_t words[] = { 0x01234567, 0x89abcdef, 0xfedcba98,
					  0x76543210 };
	uint8_t data[KD_MD_SUPER_BYTES] = { 0 };
	struct kd_md_super super = { 0 };

	kd_put_le32(data, 0xa92b4efc);
	kd_put_le32(data + 8, 90);
	kd_put_le32(data + 4 * 5, words[0]);
	for (size_t i = 1; i < 4; i++)
		kd_put_le32(data + 4 * (12 + i), words[i]);
	kd_put_le32(data + 4 * 10, 2);
	kd_put_le32(data + 4 * 996, 6); /* active, in sync */
	CHECK(t, kd_md_super_parse(data, 3, 65536, &super));
	CHECK_INT(t, super.major, 0);
	CHECK_INT(t, super.minor, 90);
	CHECK_STR(t, super.uuid, UUID);
	CHECK_INT(t, super.raid_disks, 2);
	CHECK(t, super.role);
	kd_put_le32(data + 4 * 996, 0); /* a spare */
	CHECK(t, kd_md_super_parse(data, 3, 65536, &super));
	CHECK(t, !super.role);
}

static const struct test_case cases[] = {
	{ "where superblocks lie", places },
	{ "1.0, 1.1 and 1.2", version_1 },
	{ "numbers out of range", hostile },
	{ "0.90", version_090 },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
