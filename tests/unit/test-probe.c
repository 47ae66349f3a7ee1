/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/probe.c and partition.c over superblocks and tables put together byte
 * by byte; mkfs's own are read in tests/vm.
 */
#include "capture-kernel/partition.h"
#include "capture-kernel/probe.h"
#include "tests/unit/test.h"

static const uint8_t uuid_bytes[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
					0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
#define UUID_TEXT "01234567-89ab-cdef-fedc-ba9876543210"

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void make_ext(uint8_t data[static KD_PROBE_BYTES], uint32_t compat,
		     uint32_t incompat, uint32_t ro_compat)
{
	uint8_t *sb = data + 1024;

	memset(data, 0, KD_PROBE_BYTES);
	sb[0x38] = 0x53;
	sb[0x39] = 0xef;
	put32(sb + 0x5c, compat);
	put32(sb + 0x60, incompat);
	put32(sb + 0x64, ro_compat);
	memcpy(sb + 0x68, uuid_bytes, 16);
	memcpy(sb + 0x78, "crashes", 7);
}

static void ext_types(struct test *t)
{
	static const struct {
		uint32_t compat, incompat, ro_compat;
		const char *want; /* NULL: not a file system */
	} table[] = {
		{ 0, 0, 0, "ext2" },
		{ 0x38, 0x2, 0x3, "ext2" },
		{ 0x3c, 0x2, 0x3, "ext3" },
		{ 0x3c, 0x6, 0x3, "ext3" },	/* journal to be replayed */
		{ 0x3c, 0x2c2, 0x46b, "ext4" }, /* as mkfs.ext4 makes it */
		{ 0x3c, 0x42, 0x3, "ext4" },	/* extents alone */
		{ 0x3c, 0x2, 0x403, "ext4" },	/* metadata_csum alone */
		{ 0, 0x8, 0, NULL },		/* an external journal */
	};
	uint8_t data[KD_PROBE_BYTES];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_probe p = { 0 };
		bool found;

		make_ext(data, table[i].compat, table[i].incompat, table[i].ro_compat);
		found = kd_probe_bytes(data, sizeof(data), &p);
		CHECK_INT(t, found, table[i].want != NULL);
		if (!found || !table[i].want)
			continue;
		CHECK_STR(t, p.type, table[i].want);
		CHECK_STR(t, p.uuid, UUID_TEXT);
		CHECK_STR(t, p.label, "crashes");
	}
}

static void full_label(struct test *t)
{
	uint8_t data[KD_PROBE_BYTES];
	struct kd_probe p = { 0 };

	make_ext(data, 0, 0, 0);
	memcpy(data + 1024 + 0x78, "0123456789abcdefX", 17);
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_STR(t, p.label, "0123456789abcdef");
}

static void xfs(struct test *t)
{
	uint8_t data[KD_PROBE_BYTES] = { 'X', 'F', 'S', 'B' };
	struct kd_probe p = { 0 };

	memcpy(data + 32, uuid_bytes, 16);
	memcpy(data + 108, "abcdefghijkl", 12);
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_STR(t, p.type, "xfs");
	CHECK_STR(t, p.uuid, UUID_TEXT);
	CHECK_STR(t, p.label, "abcdefghijkl");
}

static void btrfs(struct test *t)
{
	static uint8_t data[KD_PROBE_BYTES];
	struct kd_probe p = { 0 };

	memcpy(data + 65536 + 32, uuid_bytes, 16);
	memcpy(data + 65536 + 64, "_BHRfS_M", 8);
	memset(data + 65536 + 299, 'x', 256);
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_STR(t, p.type, "btrfs");
	CHECK_STR(t, p.uuid, UUID_TEXT);
	CHECK_INT(t, strlen(p.label), 256);
	CHECK(t, !kd_probe_bytes(data, 65536 + 554, &p));
}

static void make_fat(uint8_t data[static 512], size_t number_at, const char *label,
		     const char *type)
{
	memset(data, 0, 512);
	data[12] = 2; /* 512 bytes a sector */
	data[21] = 0xf8;
	data[number_at - 1] = 0x29;
	put32(data + number_at, 0x1a2b3c4d);
	memcpy(data + number_at + 4, label, 11);
	memcpy(data + number_at + 15, type, 8);
	data[510] = 0x55;
	data[511] = 0xaa;
}

static void vfat(struct test *t)
{
	static const struct {
		size_t number_at;
		const char *label, *type, *want; /* NULL: not vfat */
	} table[] = {
		{ 67, "CRASHES    ", "FAT32   ", "CRASHES" },
		{ 39, "NO NAME    ", "FAT16   ", "" },
		{ 39, "A B        ", "FAT12   ", "A B" },
		{ 39, "A          ", "FAT32   ", NULL },
		{ 67, "A          ", "NTFS    ", NULL },
	};
	uint8_t data[512];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_probe p = { 0 };
		bool found;

		make_fat(data, table[i].number_at, table[i].label, table[i].type);
		found = kd_probe_bytes(data, sizeof(data), &p);
		CHECK_INT(t, found, table[i].want != NULL);
		if (!found || !table[i].want)
			continue;
		CHECK_STR(t, p.type, "vfat");
		CHECK_STR(t, p.uuid, "1A2B-3C4D");
		CHECK_STR(t, p.label, table[i].want);
	}
	make_fat(data, 67, "CRASHES    ", "FAT32   ");
	data[12] = 3; /* no power of two */
	CHECK(t, !kd_probe_bytes(data, sizeof(data), &(struct kd_probe) { 0 }));
}

static void luks(struct test *t)
{
	uint8_t data[512] = "LUKS\xba\xbe";
	struct kd_probe p = { 0 };

	data[7] = 2;
	memcpy(data + 168, UUID_TEXT, 36);
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_STR(t, p.type, "crypto_LUKS");
	CHECK_STR(t, p.uuid, UUID_TEXT);
	memset(data + 168, 'x', 40); /* no NUL in its field */
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_INT(t, strlen(p.uuid), 40);
	data[7] = 3;
	CHECK(t, !kd_probe_bytes(data, sizeof(data), &p));
}

static void lvm(struct test *t)
{
	uint8_t data[2048] = { 0 };
	struct kd_probe p = { 0 };

	memcpy(data + 512, "LABELONE", 8);
	data[512 + 20] = 32;
	memcpy(data + 512 + 24, "LVM2 001", 8);
	memcpy(data + 512 + 32, "aaaaaabbbbccccddddeeeeffffgggggg", 32);
	CHECK(t, kd_probe_bytes(data, sizeof(data), &p));
	CHECK_STR(t, p.type, "LVM2_member");
	CHECK_STR(t, p.uuid, "aaaaaa-bbbb-cccc-dddd-eeee-ffff-gggggg");
	put32(data + 512 + 20, 481); /* the UUID would leave its sector */
	CHECK(t, !kd_probe_bytes(data, sizeof(data), &p));
	put32(data + 512 + 20, 480);
	CHECK(t, !kd_probe_bytes(data, sizeof(data), &p));
}

static void short_devices(struct test *t)
{
	uint8_t data[KD_PROBE_BYTES];
	struct kd_probe p = { 0 };

	make_ext(data, 0, 0, 0);
	for (size_t size = 0; size < 1024 + 264; size++)
		CHECK(t, !kd_probe_bytes(data, size, &p));
	memset(data, 0, sizeof(data));
	CHECK(t, !kd_probe_bytes(data, sizeof(data), &p));
}

static void gpt(struct test *t)
{
	static const struct {
		uint32_t lba, count, entry;
		unsigned int number;
		uint64_t want; /* 0: refused */
	} table[] = {
		{ 2, 128, 128, 1, 1024 },	{ 2, 128, 128, 5, 1024 + 4 * 128 },
		{ 2, 128, 256, 2, 1024 + 256 }, { 2, 128, 128, 128, 1024 + 127 * 128 },
		{ 2, 128, 128, 129, 0 },	{ 2, 128, 128, 0, 0 },
		{ 2, 128, 127, 1, 0 },		{ 2, 128, 4097, 1, 0 },
		{ 2, 0xffffffff, 128, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint8_t header[512] = "EFI PART";
		uint64_t offset = 0;

		put32(header + 72, table[i].lba);
		put32(header + 80, table[i].count);
		put32(header + 84, table[i].entry);
		CHECK_INT(t,
			  kd_gpt_entry_offset(header, sizeof(header), 512,
					      table[i].number, &offset),
			  table[i].want != 0);
		CHECK_INT(t, offset, table[i].want);
	}
}

static void gpt_hostile(struct test *t)
{
	uint8_t header[512] = "EFI PART", entry[128] = { 0 };
	uint64_t offset = 7;
	char uuid[KD_UUID_SIZE] = "";

	memset(header + 8, 0xff, sizeof(header) - 8);
	CHECK(t, !kd_gpt_entry_offset(header, sizeof(header), 4096, 1, &offset));
	CHECK(t, !kd_gpt_entry_offset(header, 91, 4096, 1, &offset));
	CHECK_INT(t, offset, 7);
	/* entry type all zero: not in use */
	CHECK(t, !kd_gpt_entry_uuid(entry, sizeof(entry), uuid));
	entry[0] = 1;
	memcpy(entry + 16, uuid_bytes, 16);
	CHECK(t, !kd_gpt_entry_uuid(entry, 31, uuid));
	CHECK(t, kd_gpt_entry_uuid(entry, sizeof(entry), uuid));
	CHECK_STR(t, uuid, "67452301-ab89-efcd-fedc-ba9876543210");
}

static void mbr(struct test *t)
{
	uint8_t sector[512] = { 0 };
	char uuid[KD_UUID_SIZE] = "";

	put32(sector + 440, 0xdeadbeef);
	CHECK(t, !kd_mbr_uuid(sector, sizeof(sector), 1, uuid));
	sector[510] = 0x55;
	sector[511] = 0xaa;
	CHECK(t, !kd_mbr_uuid(sector, 511, 1, uuid));
	CHECK(t, kd_mbr_uuid(sector, sizeof(sector), 10, uuid));
	CHECK_STR(t, uuid, "deadbeef-0a");
	put32(sector + 440, 0);
	CHECK(t, !kd_mbr_uuid(sector, sizeof(sector), 1, uuid));
}

static const struct test_case cases[] = {
	{ "ext2, ext3, ext4, and no journal device", ext_types },
	{ "a label that fills its field", full_label },
	{ "xfs", xfs },
	{ "btrfs", btrfs },
	{ "vfat: FAT12, 16 and 32", vfat },
	{ "LUKS", luks },
	{ "LVM's physical volumes", lvm },
	{ "devices too short to hold anything", short_devices },
	{ "GPT entries", gpt },
	{ "GPT full of nonsense", gpt_hostile },
	{ "MBR signature", mbr },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
