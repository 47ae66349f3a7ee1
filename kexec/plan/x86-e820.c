/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory maps for x86 kernels: see x86.h. The kernel's own loader does the same
 * (crash_setup_memmap_entries(), arch/x86/kernel/crash.c), but that it calls what is
 * persistent or soft-reserved nothing at all. Trusts the host's ranges to be sorted.
 */
#include "base/le.h"
#include "kexec/plan/x86.h"

/* enum e820_type, arch/x86/include/asm/e820/types.h */
static const uint32_t e820_types[KD_RANGE_TYPES] = {
	[KD_RANGE_RAM] = 1,
	[KD_RANGE_RESERVED] = 2,
	[KD_RANGE_ACPI] = 3,
	[KD_RANGE_NVS] = 4,
	[KD_RANGE_UNUSABLE] = 5,
	[KD_RANGE_PMEM] = 7,
	[KD_RANGE_SOFT_RESERVED] = 0xefffffff,
};

static const struct kd_ranges *firmware_of(const struct kd_kexec_host *host)
{
	return host->firmware.n ? &host->firmware : &host->ram;
}

/* Add what of @from is RAM (or is not), up to @max. */
static int add(const struct kd_ranges *from, bool ram, uint64_t max,
	       struct kd_ranges *ret)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < from->n; i++) {
		const struct kd_range *range = &from->items[i];

		if (range->start >= max || (range->type == KD_RANGE_RAM) != ram)
			continue;
		r = kd_ranges_insert(ret, range->start, MIN(range->end, max),
				     range->type);
	}
	return r;
}

static int add_ram(const struct kd_range *range, struct kd_ranges *ret)
{
	return kd_ranges_insert(ret, range->start, range->end, KD_RANGE_RAM);
}

int kd_x86_e820_crash(const struct kd_kexec_host *host, const struct kd_range *elfcorehdr,
		      struct kd_ranges *ret)
{
	const struct kd_ranges *cma = &host->crash_cma;
	int r = add(firmware_of(host), /* ram= */ true, KD_X86_LOW, ret);

	/* the running kernel's word over the firmware's, the reservations over both */
	if (r == 0)
		r = add(&host->firmware, /* ram= */ false, UINT64_MAX, ret);
	if (r == 0)
		r = add(&host->ram, /* ram= */ false, UINT64_MAX, ret);
	if (r == 0)
		r = add_ram(&host->crash, ret);
	if (r == 0)
		r = add_ram(&host->crash_low, ret);
	for (size_t i = 0; r == 0 && i < cma->n; i++)
		r = add_ram(&cma->items[i], ret);
	/* nobody may write over the header before /proc/vmcore has read it */
	return r < 0 ? r : kd_ranges_subtract(ret, elfcorehdr->start, elfcorehdr->end);
}

int kd_x86_e820_reboot(const struct kd_kexec_host *host, struct kd_ranges *ret)
{
	const struct kd_ranges *firmware = firmware_of(host);
	int r = add(firmware, /* ram= */ true, UINT64_MAX, ret);

	if (r == 0)
		r = add(firmware, /* ram= */ false, UINT64_MAX, ret);
	/* EFI's boot data, which the firmware calls RAM and the next kernel reads again
	 * (efi_arch_mem_reserve(), arch/x86/platform/efi/quirks.c) */
	return r < 0 ? r : add(&host->ram, /* ram= */ false, UINT64_MAX, ret);
}

void kd_x86_e820_write(const struct kd_ranges *map, size_t from, size_t n, uint8_t *out)
{
	for (size_t i = from; i < from + n; i++, out += KD_X86_E820_SIZE) {
		const struct kd_range *range = &map->items[i];

		kd_put_le64(out, range->start);
		kd_put_le64(out + 8, range->end - range->start);
		kd_put_le32(out + 16, e820_types[range->type]);
	}
}
