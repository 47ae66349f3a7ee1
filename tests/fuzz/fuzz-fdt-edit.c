/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device tree of any bytes, edited for a crash kernel: what comes out must be a tree
 * that says what it was to say, and can be edited once more.
 */
#include <libfdt.h>
#include <string.h>

#include "kexec/plan/fdt.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t seed[32] = { 1 };

static const struct kd_range usable[] = {
	{ .start = 0x70000000, .end = 0x80000000 },
	{ .start = 0x60000000, .end = 0x68000000 },
};

static const struct kd_fdt_edit edit = {
	.cmdline = "console=ttyAMA0",
	.initrd = { .start = 0x72000000, .end = 0x72345678 },
	.elfcorehdr = { .start = 0x7fff0000, .end = 0x7fff1000 },
	.usable = usable,
	.n_usable = ARRAY_SIZE(usable),
	.seed = seed,
	.seed_size = sizeof(seed),
};

static void check(const uint8_t *fdt, size_t size)
{
	int chosen, n;
	const char *text;
	const fdt64_t *start;

	if (fdt_check_full(fdt, size) != 0)
		abort();
	chosen = fdt_path_offset(fdt, "/chosen");
	text = fdt_getprop(fdt, chosen, "bootargs", &n);
	if (!text || n != (int)strlen(edit.cmdline) + 1 ||
	    memcmp(text, edit.cmdline, (size_t)n) != 0)
		abort();
	start = fdt_getprop(fdt, chosen, "linux,initrd-start", &n);
	if (!start || n != 8 || fdt64_ld(start) != edit.initrd.start)
		abort();
	/* two ranges of two numbers of 4 or 8 bytes each, and nothing from before */
	if (!fdt_getprop(fdt, chosen, "linux,usable-memory-range", &n) || n < 16 ||
	    n > 32)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) uint8_t *first = NULL, *second = NULL;
	size_t n;

	if (kd_fdt_edit(data, size, &edit, &first, &n, NULL) < 0)
		return 0;
	check(first, n);
	if (kd_fdt_edit(first, n, &edit, &second, &n, NULL) < 0)
		abort();
	check(second, n);
	return 0;
}
