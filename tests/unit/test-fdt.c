/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a new kernel reads in its device tree, and that what the old one was told is gone.
 */
#include "kexec/plan/fdt.h"
#include "tests/unit/device-tree.h"

static const uint8_t seed[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

static const struct kd_range usable[] = {
	{ .start = 0x1c0000000, .end = 0x1d0000000 },
	{ .start = 0x70000000, .end = 0x78000000 },
};

static const struct kd_fdt_edit crash = {
	.cmdline = "console=ttyAMA0 a=b",
	.initrd = { .start = 0x1c8000000, .end = 0x1c8000345 },
	.elfcorehdr = { .start = 0x1cfff0000, .end = 0x1cfff1000 },
	.usable = usable,
	.n_usable = ARRAY_SIZE(usable),
	.seed = seed,
	.seed_size = sizeof(seed),
};

/* After an edit: each is there in hex, or "-". */
struct expected {
	const char *name;
	const char *value;
};

static void check_chosen(struct test *t, const void *fdt, const struct expected *e)
{
	char text[256];

	for (; e->name; e++)
		CHECK_STR(t, device_tree_get(fdt, e->name, text), e->value);
}

static uint8_t *edited(struct test *t, const struct device_tree *dt,
		       const struct kd_fdt_edit *edit)
{
	struct kd_error err = { 0 };
	uint8_t *ret = NULL;
	size_t size = 0;
	int r = kd_fdt_edit(dt->bytes, dt->size, edit, &ret, &size, &err);

	CHECK_INT(t, r, 0);
	CHECK_STR(t, err.message, "");
	if (r == 0) {
		CHECK_INT(t, fdt_check_full(ret, size), 0);
		CHECK_INT(t, fdt_totalsize(ret), size);
	}
	return ret;
}

static void test_crash(struct test *t)
{
	static const struct expected expected[] = {
		{ "bootargs", "636f6e736f6c653d747479414d413020613d6200" },
		{ "linux,initrd-start", "00000001c8000000" },
		{ "linux,initrd-end", "00000001c8000345" },
		{ "linux,elfcorehdr", "00000001cfff00000000000000001000" },
		{ "linux,usable-memory-range", "00000001c00000000000000010000000"
					       "00000000700000000000000008000000" },
		{ "kaslr-seed", "0102030405060708" },
		{ "rng-seed", "090a0b0c" },
		{ "linux,booted-from-kexec", "" },
		{ "linux,ima-kexec-buffer", "-" },
		{ "stdout-path", "2f706c3031314039303030303030"
				 "00" },
		{ 0 },
	};
	_cleanup_(kd_freep) uint8_t *fdt = NULL;
	struct device_tree dt;

	device_tree_make(&dt, 2, true);
	fdt = edited(t, &dt, &crash);
	if (!fdt)
		return;
	check_chosen(t, fdt, expected);
	CHECK_INT(t, fdt_num_mem_rsv(fdt), 3);
	CHECK_INT(t, device_tree_reserved(fdt, 0x60000000, 0x1000), 1);
	CHECK_INT(t, device_tree_reserved(fdt, 0x1c8000000, 0x345), 1);
	CHECK_INT(t, device_tree_reserved(fdt, 0x1cfff0000, 0x1000), 1);
	CHECK(t, fdt_path_offset(fdt, "/memory@40000000") > 0);
}

static void test_reboot(struct test *t)
{
	static const struct expected expected[] = {
		{ "bootargs", "-" },
		{ "linux,initrd-start", "-" },
		{ "linux,initrd-end", "-" },
		{ "linux,elfcorehdr", "-" },
		{ "linux,usable-memory-range", "-" },
		{ "kaslr-seed", "-" },
		{ "rng-seed", "-" },
		{ "linux,booted-from-kexec", "" },
		{ 0 },
	};
	const struct kd_fdt_edit nothing = { .cmdline = "" };
	_cleanup_(kd_freep) uint8_t *fdt = NULL;
	struct device_tree dt;

	device_tree_make(&dt, 2, true);
	fdt = edited(t, &dt, &nothing);
	if (!fdt)
		return;
	check_chosen(t, fdt, expected);
	CHECK_INT(t, fdt_num_mem_rsv(fdt), 1);
}

/* A kexec'd kernel that kexecs: what the first edit reserved is not kept by the next. */
static void test_again(struct test *t)
{
	const struct kd_fdt_edit nothing = { .cmdline = "" };
	_cleanup_(kd_freep) uint8_t *first = NULL, *second = NULL;
	struct device_tree dt;

	device_tree_make(&dt, 2, true);
	first = edited(t, &dt, &crash);
	if (!first)
		return;
	memcpy(dt.bytes, first, fdt_totalsize(first));
	dt.size = fdt_totalsize(first);
	second = edited(t, &dt, &nothing);
	if (second)
		CHECK_INT(t, fdt_num_mem_rsv(second), 1);
}

static void test_same_bytes(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *a = NULL, *b = NULL;
	struct device_tree dt;

	device_tree_make(&dt, 2, true);
	a = edited(t, &dt, &crash);
	b = edited(t, &dt, &crash);
	if (a && b)
		CHECK(t, fdt_totalsize(a) == fdt_totalsize(b) &&
				 memcmp(a, b, fdt_totalsize(a)) == 0);
}

static void test_no_chosen(struct test *t)
{
	_cleanup_(kd_freep) uint8_t *fdt = NULL;
	struct device_tree dt;
	char text[256];

	device_tree_make(&dt, 2, false);
	fdt = edited(t, &dt, &crash);
	if (fdt)
		CHECK_STR(t, device_tree_get(fdt, "linux,initrd-start", text),
			  "00000001c8000000");
}

/* One word for addresses and for sizes, said or by default. */
static void test_small_cells(struct test *t)
{
	static const struct kd_range low = { .start = 0xf0000000, .end = 0x100000000 };
	struct kd_fdt_edit edit = crash;

	edit.elfcorehdr = (struct kd_range) { .start = 0xfff00000, .end = 0xfff01000 };
	edit.usable = &low;
	edit.n_usable = 1;
	for (uint32_t cells = 0; cells < 2; cells++) {
		_cleanup_(kd_freep) uint8_t *fdt = NULL;
		struct device_tree dt;
		char text[256];

		device_tree_make(&dt, cells, true);
		fdt = edited(t, &dt, &edit);
		if (!fdt)
			return;
		CHECK_STR(t, device_tree_get(fdt, "linux,usable-memory-range", text),
			  "f000000010000000");
		CHECK_STR(t, device_tree_get(fdt, "linux,elfcorehdr", text),
			  "fff0000000001000");
	}
}

static void refused(struct test *t, const void *fdt, size_t size,
		    const struct kd_fdt_edit *edit, int code, const char *words)
{
	struct kd_error err = { 0 };
	uint8_t *ret = NULL;
	size_t ret_size = 7;

	CHECK_INT(t, kd_fdt_edit(fdt, size, edit, &ret, &ret_size, &err), code);
	CHECK(t, !ret && ret_size == 7);
	if (!strstr(err.message, words))
		test_failed(t, __FILE__, __LINE__, "\"%s\" lacks \"%s\"", err.message,
			    words);
}

static void test_refused(struct test *t)
{
	_cleanup_(kd_freep) char *long_line = calloc(1, KD_FDT_MAX);
	struct kd_fdt_edit edit = crash;
	struct device_tree dt;

	device_tree_make(&dt, 1, true);
	refused(t, dt.bytes, dt.size, &crash, -ENOTSUP, "too few for 0x1cfff0000");
	device_tree_make(&dt, 3, true);
	refused(t, dt.bytes, dt.size, &crash, -ENOTSUP, "#address-cells is 3");
	device_tree_make(&dt, 2, true);
	for (size_t cut = 1; cut < dt.size; cut += 7)
		refused(t, dt.bytes, dt.size - cut, &crash, -EBADMSG, "device tree");
	refused(t, dt.bytes, 0, &crash, -EBADMSG, "0 bytes");
	refused(t, "no device tree, but some text that is long enough", 48, &crash,
		-EBADMSG, "FDT_ERR_BADMAGIC");
	fdt_set_version(dt.bytes, 16);
	refused(t, dt.bytes, dt.size, &crash, -EBADMSG, "version 16");
	fdt_set_version(dt.bytes, 17);
	memset(long_line, 'x', KD_FDT_MAX - 1);
	edit.cmdline = long_line;
	refused(t, dt.bytes, dt.size, &edit, -E2BIG, "2048 KiB");
	long_line[KD_FDT_MAX - dt.size] = '\0';
	refused(t, dt.bytes, dt.size, &edit, -E2BIG, "2048 KiB");
}

/* The second of two would be left behind, and read as ours. */
static void test_twice(struct test *t)
{
	struct device_tree dt = { 0 };
	void *fdt = dt.bytes;

	fdt_create(fdt, DT_ROOM);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_begin_node(fdt, "chosen");
	fdt_property_string(fdt, "bootargs", "a");
	fdt_property_string(fdt, "bootargs", "b");
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_finish(fdt);
	refused(t, fdt, fdt_totalsize(fdt), &crash, -EBADMSG, "FDT_ERR_EXISTS");
}

static const struct test_case cases[] = {
	{ "crash kernel", test_crash },
	{ "reboot", test_reboot },
	{ "a tree edited before", test_again },
	{ "same bytes for the same input", test_same_bytes },
	{ "no /chosen", test_no_chosen },
	{ "one word an address", test_small_cells },
	{ "refused", test_refused },
	{ "a property twice", test_twice },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
