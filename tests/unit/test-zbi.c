/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/image/zbi: a boot image written down byte by byte from the format's text, read
 * and made again; and images that lie.
 */
#include "base/le.h"
#include "kexec/image/zbi.h"
#include "tests/unit/kernel-maker.h"
#include "tests/unit/test.h"

/* The CRC-32 was computed by Python's zlib. */
static const uint8_t golden[] = {
	'B',  'O',  'O',  'T',	/* a container */
	0x80, 0,    0,	  0,	/* of 128 bytes */
	0xe6, 0xf7, 0x8c, 0x86, /* extra */
	0,    0,    1,	  0,	/* flags: version */
	0,    0,    0,	  0,	/* reserved */
	0,    0,    0,	  0,	/* reserved */
	0x29, 0x17, 0x78, 0xb5, /* magic */
	0xd6, 0xe8, 0x87, 0x4a, /* no CRC */

	'K',  'R',  'N',  'L',	/* a kernel for x86-64 */
	0x18, 0,    0,	  0,	/* of 24 bytes */
	0,    0,    0,	  0,	/* extra */
	0,    0,    1,	  0,	/* flags: version */
	0,    0,    0,	  0,	/* reserved */
	0,    0,    0,	  0,	/* reserved */
	0x29, 0x17, 0x78, 0xb5, /* magic */
	0xd6, 0xe8, 0x87, 0x4a, /* no CRC */
	0x50, 0,    0,	  0,	/* entry: behind both headers and these two */
	0,    0,    0,	  0,	/* its upper half */
	0,    0x20, 0,	  0,	/* 8192 bytes reserved */
	0,    0,    0,	  0,	/* its upper half */
	0xf4, 0xeb, 0xfd, 0x90, /* hlt; jmp back; nop */
	0x90, 0x90, 0x90, 0x90,

	'C',  'M',  'D',  'L',	/* a command line */
	5,    0,    0,	  0,	/* of 5 bytes */
	7,    0,    0,	  0,	/* extra */
	0,    0,    3,	  0,	/* flags: version, CRC */
	0,    0,    0,	  0,	/* reserved */
	0,    0,    0,	  0,	/* reserved */
	0x29, 0x17, 0x78, 0xb5, /* magic */
	0x84, 0x61, 0x3b, 0xad, /* CRC of these 32 bytes with zeros here, and of the 5 */
	'h',  'e',  'l',  'l',	'o', 0, 0, 0,

	'S',  'K',  'I',  'P',	/* an item to be ignored */
	0,    0,    0,	  0,	/* of no bytes */
	0,    0,    0,	  0,	/* extra */
	0,    0,    1,	  0,	/* flags: version */
	0,    0,    0,	  0,	/* reserved */
	0,    0,    0,	  0,	/* reserved */
	0x29, 0x17, 0x78, 0xb5, /* magic */
	0xd6, 0xe8, 0x87, 0x4a, /* no CRC */
};

/* offsets of the golden image's items */
#define KERNEL_AT 32
#define CMDL_AT	  88
#define SKIP_AT	  128

static const struct kd_bytes image = { golden, sizeof(golden) };

static void items(struct test *t)
{
	struct kd_zbi_item item;
	struct kd_zbi zbi;

	CHECK_INT(t, sizeof(golden), 32 + 128);
	CHECK_INT(t, kd_zbi_open(image, &zbi, NULL), 0);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 1);
	CHECK_INT(t, item.type, KD_ZBI_KERNEL_X64);
	CHECK_INT(t, item.data.size, 24);
	CHECK(t, item.data.data == golden + 64);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 1);
	CHECK_INT(t, item.type, KD_ZBI_CMDLINE);
	CHECK_INT(t, item.extra, 7);
	CHECK_INT(t, item.data.size, 5);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 1);
	CHECK_INT(t, item.type, KD_ZBI_DISCARD);
	CHECK_INT(t, item.data.size, 0);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 0);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 0);
}

static void kernel(struct test *t)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	_cleanup_(made_done) struct made m = { 0 };
	struct kd_zbi_kernel z;

	CHECK_INT(t, kd_zbi_bootable(image, &z, NULL), 0);
	CHECK_INT(t, z.arch, KD_ARCH_X86_64);
	CHECK_INT(t, z.load.size, CMDL_AT);
	CHECK_INT(t, z.entry, 0x50);
	CHECK_INT(t, z.reserve, 0x2000);

	made_bytes(&m, 0, golden, sizeof(golden));
	CHECK_INT(t, open_made(&m, &k, NULL), 0);
	CHECK_INT(t, k.format, KD_KERNEL_ZBI);
	CHECK_INT(t, k.arch, KD_ARCH_X86_64);
	CHECK_INT(t, k.entry, 0x50);
	CHECK_INT(t, k.align, 4096);
	CHECK_INT(t, k.mem_size, CMDL_AT + 0x2000);
	CHECK_INT(t, k.n_parts, 1);
	CHECK_INT(t, k.parts[0].data.size, CMDL_AT);
	CHECK_INT(t, k.parts[0].memsz, k.mem_size);
	CHECK(t, k.relocatable);
}

static void other_machines(struct test *t)
{
	static const struct {
		const char *type;
		enum kd_arch arch;
	} types[] = { { "KRN8", KD_ARCH_ARM64 }, { "KRNV", KD_ARCH_RISCV64 } };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		uint8_t copy[sizeof(golden)];
		struct kd_zbi_kernel z;

		memcpy(copy, golden, sizeof(copy));
		memcpy(copy + KERNEL_AT, types[i].type, 4);
		CHECK_INT(t,
			  kd_zbi_bootable((struct kd_bytes) { copy, sizeof(copy) }, &z,
					  NULL),
			  0);
		CHECK_INT(t, z.arch, types[i].arch);
		CHECK_INT(t, kd_zbi_kernel_align(z.arch), 65536);
	}
}

static void written(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer w;
	struct kd_zbi_item item;
	struct kd_zbi zbi;

	CHECK_INT(t, kd_zbi_writer_init(&w), 0);
	CHECK_INT(t, kd_zbi_written(&w).size, 32);
	CHECK_INT(t, kd_zbi_open(kd_zbi_written(&w), &zbi, NULL), 0);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 0);

	item = (struct kd_zbi_item) { .type = KD_ZBI_KERNEL_X64,
				      .data = { golden + 64, 24 } };
	CHECK_INT(t, kd_zbi_append(&w, &item), 0);
	item = (struct kd_zbi_item) { .type = KD_ZBI_CMDLINE,
				      .extra = 7,
				      .flags = KD_ZBI_CRC32,
				      .data = { (const uint8_t *)"hello", 5 } };
	CHECK_INT(t, kd_zbi_append(&w, &item), 0);
	item = (struct kd_zbi_item) { .type = KD_ZBI_DISCARD };
	CHECK_INT(t, kd_zbi_append(&w, &item), 0);
	CHECK_INT(t, kd_zbi_written(&w).size, sizeof(golden));
	CHECK(t, memcmp(kd_zbi_written(&w).data, golden, sizeof(golden)) == 0);
}

static void appended(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer all, rest;
	struct kd_zbi_item item = { .type = KD_ZBI_KERNEL_X64 };
	struct kd_zbi zbi;

	CHECK_INT(t, kd_zbi_writer_init(&all), 0);
	CHECK_INT(t, kd_zbi_append_all(&all, image, 0, NULL), 0);
	CHECK_INT(t, kd_zbi_written(&all).size, sizeof(golden));
	CHECK(t, memcmp(kd_zbi_written(&all).data, golden, sizeof(golden)) == 0);

	CHECK_INT(t, kd_zbi_writer_init(&rest), 0);
	CHECK_INT(t, kd_zbi_append_all(&rest, image, 1, NULL), 0);
	CHECK_INT(t, kd_zbi_open(kd_zbi_written(&rest), &zbi, NULL), 0);
	CHECK_INT(t, kd_zbi_next(&zbi, &item, NULL), 1);
	CHECK_INT(t, item.type, KD_ZBI_CMDLINE);
	CHECK_INT(t, kd_zbi_append_all(&rest, (struct kd_bytes) { golden, 31 }, 0, NULL),
		  -ENOEXEC);
}

/* Too large for a container's 32 bits, and for us: refused before it is looked at. */
static void too_large(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer w;
	const struct kd_zbi_item large = { .type = KD_ZBI_RAMDISK,
					   .data = { golden, KD_KERNEL_MAX } };

	CHECK_INT(t, kd_zbi_writer_init(&w), 0);
	CHECK_INT(t, kd_zbi_append(&w, &large), -EFBIG);
	CHECK_INT(t, kd_zbi_written(&w).size, 32);
}

static const struct broken {
	const char *name;
	size_t offset;
	unsigned int bytes;
	uint64_t value;
	int code;
	const char *words;
} broken[] = {
	{ "container type", 0, 1, 'b', -ENOEXEC, "not a ZBI" },
	{ "container extra", 8, 1, 0, -ENOEXEC, "not a ZBI" },
	{ "container magic", 24, 1, 0, -ENOEXEC, "not a ZBI" },
	{ "container version", 14, 1, 0, -EBADMSG, "a ZBI of another version" },
	{ "container length odd", 4, 4, 139, -EBADMSG,
	  "its length 139 is no multiple of 8" },
	{ "container longer", 4, 4, 152, -ENOEXEC,
	  "cut short: 160 bytes, its header says 184" },
	{ "container near 4 GiB", 4, 4, 0xfffffff8, -ENOEXEC,
	  "cut short: 160 bytes, its header says 4294967320" },
	{ "empty", 4, 4, 0, -ENOEXEC, "a ZBI with nothing in it" },
	{ "no room for a header", 4, 4, 24, -EBADMSG,
	  "item at 0x20: no room for its header" },
	{ "item magic", KERNEL_AT + 24, 4, 0, -EBADMSG,
	  "item at 0x20: not an item's magic number" },
	{ "item version", KERNEL_AT + 14, 1, 0, -EBADMSG,
	  "item at 0x20: an item of another version" },
	{ "item near 4 GiB", KERNEL_AT + 4, 4, UINT32_MAX, -EBADMSG,
	  "item at 0x20: ends behind the image's end" },
	{ "kernel not first", KERNEL_AT, 4, KD_ZBI_CMDLINE, -ENOEXEC,
	  "a ZBI that does not begin with a kernel" },
	{ "entry in the header", 64, 8, 0x4f, -EBADMSG,
	  "its kernel's entry 0x4f lies outside of it" },
	{ "entry behind the end", 64, 8, CMDL_AT, -EBADMSG,
	  "its kernel's entry 0x58 lies outside of it" },
	{ "entry an address", 64, 8, 0x100050, -EBADMSG,
	  "its kernel's entry 0x100050 lies outside of it" },
	{ "reserve near 2^64", 72, 8, UINT64_MAX, -EBADMSG,
	  "its kernel asks for 0xffffffffffffffff bytes of memory" },
	{ "payload changed", CMDL_AT + 32, 1, 'H', -EBADMSG,
	  "item at 0x58: another CRC than its header says" },
	{ "CRC changed", CMDL_AT + 28, 1, 0, -EBADMSG,
	  "item at 0x58: another CRC than its header says" },
	{ "CRC without its flag", CMDL_AT + 14, 1, 1, -EBADMSG,
	  "item at 0x58: a CRC that its flags do not speak of" },
	{ "last item too long", SKIP_AT + 4, 4, 1, -EBADMSG,
	  "item at 0x80: ends behind the image's end" },
};

static void refused(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		const struct broken *b = &broken[i];
		_cleanup_(made_done) struct made m = { 0 };
		struct kd_zbi_kernel z = { .reserve = 77 };
		struct kd_error err = { 0 };

		made_bytes(&m, 0, golden, sizeof(golden));
		made_le(&m, b->offset, b->bytes, b->value);
		CHECK_INT(t,
			  kd_zbi_bootable((struct kd_bytes) { m.data, m.size }, &z, &err),
			  b->code);
		if (strcmp(err.message, b->words) != 0)
			test_failed(t, __FILE__, __LINE__, "%s: \"%s\"", b->name,
				    err.message);
		CHECK_INT(t, z.reserve, 77);
	}
}

static void small_kernel(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer w;
	const struct kd_zbi_item item = { .type = KD_ZBI_KERNEL_ARM64,
					  .data = { golden + 64, 15 } };
	struct kd_error err = { 0 };
	struct kd_zbi_kernel z;

	CHECK_INT(t, kd_zbi_writer_init(&w), 0);
	CHECK_INT(t, kd_zbi_append(&w, &item), 0);
	CHECK_INT(t, kd_zbi_bootable(kd_zbi_written(&w), &z, &err), -EBADMSG);
	CHECK_STR(t, err.message, "its kernel is cut short");
}

/* Boot partitions are larger than what is in them. */
static void more_behind(struct test *t)
{
	_cleanup_(made_done) struct made m = { 0 };
	struct kd_zbi_kernel z;

	made_bytes(&m, 0, golden, sizeof(golden));
	made_le(&m, 4096, 1, 0xff);
	CHECK_INT(t, kd_zbi_bootable((struct kd_bytes) { m.data, m.size }, &z, NULL), 0);
	for (size_t size = 0; size < sizeof(golden); size++)
		CHECK_INT(t,
			  kd_zbi_bootable((struct kd_bytes) { m.data, size }, &z, NULL),
			  -ENOEXEC);
}

static const struct test_case cases[] = {
	{ "items in their order", items },
	{ "a bootable image", kernel },
	{ "kernels of other machines", other_machines },
	{ "the same bytes are written", written },
	{ "items of another image are appended", appended },
	{ "items too large", too_large },
	{ "headers that lie are refused", refused },
	{ "a kernel without its header", small_kernel },
	{ "more behind it, and cut short anywhere", more_behind },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
