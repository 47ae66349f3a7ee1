/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory maps for x86 kernels, for a crash and for a reboot, of machines started by a
 * BIOS and by EFI.
 */
#include "tests/unit/test.h"

#include "base/le.h"
#include "kexec/plan/x86.h"
#include "tests/unit/fake-kexec-host.h"

#define RAM	 KD_RANGE_RAM
#define RESERVED KD_RANGE_RESERVED
#define ACPI	 KD_RANGE_ACPI
#define NVS	 KD_RANGE_NVS

static void check_map(struct test *t, const char *name, const struct kd_ranges *map,
		      const struct kd_range *want)
{
	size_t i;

	for (i = 0; want[i].end; i++) {
		const struct kd_range *got = &map->items[i];

		if (i >= map->n) {
			test_failed(t, __FILE__, __LINE__, "%s: only %zu", name, i);
			return;
		}
		if (got->start != want[i].start || got->end != want[i].end ||
		    got->type != want[i].type)
			test_failed(t, __FILE__, __LINE__,
				    "%s: %zu is 0x%" PRIx64 "-0x%" PRIx64 " %d", name, i,
				    got->start, got->end, (int)got->type);
	}
	if (map->n != i)
		test_failed(t, __FILE__, __LINE__, "%s: %zu more", name, map->n - i);
}

static const struct kd_range bios_crash[] = {
	{ 0, 0x1000, RESERVED },
	{ 0x1000, 0x9fc00, RAM }, /* not cut to pages: the trampoline needs it */
	{ 0x9fc00, 0xa0000, RESERVED },
	{ 0xf0000, 0x100000, RESERVED },
	{ 0x6f000000, 0x7eff0000, RAM },
	{ 0x7eff4000, 0x7f000000, RAM },
	{ 0x7ffdd000, 0x80000000, RESERVED },
	{ 0xfeffc000, 0xff000000, RESERVED },
	{ 0 },
};

static const struct kd_range efi_crash[] = {
	{ 0, 0x1000, RESERVED },
	{ 0x1000, 0xa0000, RAM },
	{ 0x800000, 0x808000, NVS },
	{ 0x80b000, 0x80c000, NVS },
	{ 0x810000, 0x900000, NVS },
	{ 0x6a000000, 0x7a000000, RAM },
	{ 0x7df1e000, 0x7df1f000, RESERVED },
	{ 0x7e9ed000, 0x7eb6d000, RESERVED },
	{ 0x7eb6d000, 0x7eb7f000, ACPI },
	{ 0x7eb7f000, 0x7ebff000, NVS },
	{ 0x7ef44000, 0x80000000, RESERVED },
	{ 0 },
};

static const struct kd_range high_crash[] = {
	{ 0x1000, 0x9fc00, RAM },
	{ 0x9fc00, 0xa0000, RESERVED },
	{ 0xaf000000, 0xbf000000, RAM },
	{ 0xbffdd000, 0xc0000000, RESERVED },
	{ 0x1af000000, 0x1beff0000, RAM },
	{ 0x1beff4000, 0x1bf000000, RAM },
	{ 0 },
};

static const struct kd_range cma_crash[] = {
	{ 0, 0x1000, RESERVED },
	{ 0x1000, 0x9fc00, RAM },
	{ 0x9fc00, 0xa0000, RESERVED },
	{ 0xf0000, 0x100000, RESERVED },
	{ 0x40000000, 0x48000000, RAM },
	{ 0x60000000, 0x62000000, RAM },
	{ 0x77000000, 0x7eff0000, RAM },
	{ 0x7eff4000, 0x7f000000, RAM },
	{ 0x7ffdd000, 0x80000000, RESERVED },
	{ 0xfeffc000, 0xff000000, RESERVED },
	{ 0 },
};

static const struct {
	const char *name;
	const struct fake_machine *machine;
	struct kd_range core;
	const struct kd_range *want;
} crash_rows[] = {
	{ "bios", &fake_bios, { 0x7eff0000, 0x7eff4000, 0 }, bios_crash },
	{ "efi", &fake_efi, { 0 }, efi_crash },
	{ "high", &fake_high, { 0x1beff0000, 0x1beff4000, 0 }, high_crash },
	{ "cma", &fake_cma, { 0x7eff0000, 0x7eff4000, 0 }, cma_crash },
};

static void test_crash(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(crash_rows); i++) {
		struct kd_kexec_host host;
		struct kd_ranges map;

		fake_kexec_host(crash_rows[i].machine, &host);
		kd_ranges_init(&map);
		CHECK_INT(t, kd_x86_e820_crash(&host, &crash_rows[i].core, &map), 0);
		check_map(t, crash_rows[i].name, &map, crash_rows[i].want);
		kd_ranges_done(&map);
		fake_kexec_host_done(&host);
	}
}

/* The firmware's map, but for what the running kernel had to reserve in it. */
static const struct kd_range efi_reboot[] = {
	{ 0, 0x1000, RESERVED },
	{ 0x1000, 0xa0000, RAM },
	{ 0x100000, 0x800000, RAM },
	{ 0x800000, 0x808000, NVS },
	{ 0x808000, 0x80b000, RAM },
	{ 0x80b000, 0x80c000, NVS },
	{ 0x80c000, 0x810000, RAM },
	{ 0x810000, 0x900000, NVS },
	{ 0x900000, 0x7df1e000, RAM },
	{ 0x7df1e000, 0x7df1f000, RESERVED },
	{ 0x7df1f000, 0x7e9ed000, RAM },
	{ 0x7e9ed000, 0x7eb6d000, RESERVED },
	{ 0x7eb6d000, 0x7eb7f000, ACPI },
	{ 0x7eb7f000, 0x7ebff000, NVS },
	{ 0x7ebff000, 0x7ef44000, RAM },
	{ 0x7ef44000, 0x80000000, RESERVED },
	{ 0 },
};

static const struct kd_range high_reboot[] = {
	{ 0x1000, 0x9fc00, RAM },	   { 0x9fc00, 0xa0000, RESERVED },
	{ 0x100000, 0xbffdd000, RAM },	   { 0xbffdd000, 0xc0000000, RESERVED },
	{ 0x100000000, 0x1c0000000, RAM }, { 0 },
};

static void test_reboot(struct test *t)
{
	struct kd_kexec_host host;
	struct kd_ranges map;

	fake_kexec_host(&fake_efi, &host);
	kd_ranges_init(&map);
	CHECK_INT(t, kd_x86_e820_reboot(&host, &map), 0);
	check_map(t, "efi", &map, efi_reboot);
	kd_ranges_done(&map);
	fake_kexec_host_done(&host);

	fake_kexec_host(&fake_high, &host);
	CHECK_INT(t, kd_x86_e820_reboot(&host, &map), 0);
	check_map(t, "no firmware map", &map, high_reboot);
	kd_ranges_done(&map);
	fake_kexec_host_done(&host);
}

static void test_types(struct test *t)
{
	static const uint32_t want[KD_RANGE_TYPES] = { 1, 2, 3, 4, 5, 7, 0xefffffff };
	uint8_t out[KD_RANGE_TYPES * KD_X86_E820_SIZE];
	struct kd_ranges map;

	kd_ranges_init(&map);
	for (unsigned int i = 0; i < KD_RANGE_TYPES; i++)
		CHECK_INT(t, kd_ranges_insert(&map, i * GIB, i * GIB + 4096 + i, i), 0);
	kd_x86_e820_write(&map, 1, KD_RANGE_TYPES - 1, out);
	for (unsigned int i = 1; i < KD_RANGE_TYPES; i++) {
		const uint8_t *entry = out + (i - 1) * KD_X86_E820_SIZE;

		CHECK_INT(t, kd_le64(entry), i * GIB);
		CHECK_INT(t, kd_le64(entry + 8), 4096 + i);
		CHECK_INT(t, kd_le32(entry + 16), want[i]);
	}
	kd_ranges_done(&map);
}

static const struct test_case cases[] = {
	{ "for a crash kernel", test_crash },
	{ "for a reboot", test_reboot },
	{ "types and layout of an entry", test_types },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
