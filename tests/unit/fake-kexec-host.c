/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines and kernels made by hand: see fake-kexec-host.h. The ranges are those of QEMU
 * guests, as /proc/iomem and /sys/firmware/memmap print them.
 */
#include "tests/unit/fake-kexec-host.h"

#include <string.h>

#include "base/le.h"

#define RAM	 KD_RANGE_RAM
#define RESERVED KD_RANGE_RESERVED
#define ACPI	 KD_RANGE_ACPI
#define NVS	 KD_RANGE_NVS

static const struct kd_range bios_ram[] = {
	{ 0, 0x1000, RESERVED },
	{ 0x1000, 0x9fc00, RAM },
	{ 0x9fc00, 0xa0000, RESERVED },
	{ 0xf0000, 0x100000, RESERVED },
	{ 0x100000, 0x7ffdd000, RAM },
	{ 0x7ffdd000, 0x80000000, RESERVED },
	{ 0xfeffc000, 0xff000000, RESERVED },
	{ 0 },
};

static const struct kd_range bios_firmware[] = {
	{ 0, 0x9fc00, RAM },
	{ 0x9fc00, 0xa0000, RESERVED },
	{ 0xf0000, 0x100000, RESERVED },
	{ 0x100000, 0x7ffdd000, RAM },
	{ 0x7ffdd000, 0x80000000, RESERVED },
	{ 0xfeffc000, 0xff000000, RESERVED },
	{ 0 },
};

const struct fake_machine fake_bios = {
	.ram = bios_ram,
	.firmware = bios_firmware,
	.crash = { 0x6f000000, 0x7f000000, RAM },
};

/* The running kernel keeps a piece of EFI's boot data at 0x7df1e000. */
static const struct kd_range efi_ram[] = {
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

static const struct kd_range efi_firmware[] = {
	{ 0, 0xa0000, RAM },
	{ 0x100000, 0x800000, RAM },
	{ 0x800000, 0x808000, NVS },
	{ 0x808000, 0x80b000, RAM },
	{ 0x80b000, 0x80c000, NVS },
	{ 0x80c000, 0x810000, RAM },
	{ 0x810000, 0x900000, NVS },
	{ 0x900000, 0x7e9ed000, RAM },
	{ 0x7e9ed000, 0x7eb6d000, RESERVED },
	{ 0x7eb6d000, 0x7eb7f000, ACPI },
	{ 0x7eb7f000, 0x7ebff000, NVS },
	{ 0x7ebff000, 0x7ef44000, RAM },
	{ 0x7ef44000, 0x80000000, RESERVED },
	{ 0 },
};

const struct fake_machine fake_efi = {
	.ram = efi_ram,
	.firmware = efi_firmware,
	.crash = { 0x6a000000, 0x7a000000, RAM },
	.efi = true,
};

static const struct kd_range high_ram[] = {
	{ 0x1000, 0x9fc00, RAM },	   { 0x9fc00, 0xa0000, RESERVED },
	{ 0x100000, 0xbffdd000, RAM },	   { 0xbffdd000, 0xc0000000, RESERVED },
	{ 0x100000000, 0x1c0000000, RAM }, { 0 },
};

const struct fake_machine fake_high = {
	.ram = high_ram,
	.crash = { 0x1af000000, 0x1bf000000, RAM },
	.crash_low = { 0xaf000000, 0xbf000000, RAM },
};

static const struct kd_range cma_ranges[] = {
	{ 0x40000000, 0x48000000, RAM },
	{ 0x60000000, 0x62000000, RAM },
	{ 0 },
};

const struct fake_machine fake_cma = {
	.ram = bios_ram,
	.firmware = bios_firmware,
	.crash = { 0x77000000, 0x7f000000, RAM },
	.cma = cma_ranges,
};

static void fill(struct kd_ranges *set, const struct kd_range *ranges)
{
	kd_ranges_init(set);
	for (; ranges && ranges->end; ranges++)
		if (kd_ranges_insert(set, ranges->start, ranges->end, ranges->type) < 0)
			abort();
}

static void *copy(const void *from, size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		abort();
	memcpy(memory, from, size);
	return memory;
}

static void add_efi(struct kd_kexec_host *host)
{
	static const struct kd_host_efi_map maps[] = {
		{ 5, 0x7e9ed000, 0xfffffffeff1ed000, 0x80, 0x800000000000000f },
		{ 6, 0x7ea6d000, 0xfffffffeff26d000, 0x100, 0x800000000000000f },
	};

	host->efi = (struct kd_host_efi) {
		.present = true,
		.fw_vendor = 0x7ef00018,
		.runtime = 0x7eb5db98,
		.config_table = 0x7ef01018,
		.smbios = 0x7e9c4000,
		.maps = copy(maps, sizeof(maps)),
		.n_maps = ARRAY_SIZE(maps),
	};
	memcpy(host->boot_params + 0x1c0, "EL64", 4);
	kd_put_le32(host->boot_params + 0x1c4, 0x7ef3d018);
}

void fake_kexec_host(const struct fake_machine *machine, struct kd_kexec_host *ret)
{
	static const struct kd_host_note notes[] = { { 0x7ec10000, 368 },
						     { 0x7ec50000, 368 },
						     { 0x7ec90000, 368 } };

	*ret = (struct kd_kexec_host) {
		.arch = KD_ARCH_X86_64,
		.page_size = 4096,
		.crash = machine->crash,
		.crash_low = machine->crash_low,
		.kernel = { 0x2a000000, 0x2c800000, RAM },
		.text_vaddr = 0xffffffffa8000000,
		.page_offset = 0xffff8a8000000000,
		.has_page_offset = true,
		.vmcoreinfo = { 0x11fa000, 1024 },
		.notes = copy(notes, sizeof(notes)),
		.n_notes = ARRAY_SIZE(notes),
		.has_boot_params = true,
		.rsdp = 0xf5a60,
		.ram_total = 2 * GIB,
		.elfcorehdr_size = 917616,
		.address_bits = 40,
	};
	/* all of it stale, but for what the tests look at */
	memset(ret->boot_params, 0xee, sizeof(ret->boot_params));
	memset(ret->boot_params + 0x70, 0, 8);
	memset(ret->boot_params + 0x1c0, 0, 0x20);
	fill(&ret->ram, machine->ram);
	fill(&ret->firmware, machine->firmware);
	fill(&ret->crash_cma, machine->cma);
	if (machine->efi)
		add_efi(ret);
}

void fake_kexec_host_done(struct kd_kexec_host *host)
{
	kd_ranges_done(&host->ram);
	kd_ranges_done(&host->firmware);
	kd_ranges_done(&host->crash_cma);
	free(host->notes);
	free(host->efi.maps);
}

struct kd_kernel fake_kexec_kernel(void)
{
	static const uint8_t code[48 << 10] = { 0xfc, 0x48, 0x8d, 0x2d };
	static const uint8_t setup[0x26c - 0x1f1] = {
		[0x1fe - 0x1f1] = 0x55, [0x1ff - 0x1f1] = 0xaa, [0x202 - 0x1f1] = 'H',
		[0x203 - 0x1f1] = 'd',	[0x204 - 0x1f1] = 'r',	[0x205 - 0x1f1] = 'S',
		[0x206 - 0x1f1] = 0x0f, [0x207 - 0x1f1] = 0x02, [0x211 - 0x1f1] = 0x81,
		[0x22c - 0x1f1] = 0xff, [0x22d - 0x1f1] = 0xff, [0x22e - 0x1f1] = 0xff,
		[0x22f - 0x1f1] = 0x37, [0x236 - 0x1f1] = 0x7f, [0x250 - 0x1f1] = 0x99,
	};

	return (struct kd_kernel) {
		.format = KD_KERNEL_BZIMAGE,
		.arch = KD_ARCH_X86_64,
		.parts = { { 0, 32 * MIB, { code, sizeof(code) } } },
		.n_parts = 1,
		.align = 2 * MIB,
		.min_addr = 16 * MIB,
		.mem_size = 32 * MIB,
		.entry = 0x200,
		.cmdline_max = 2047,
		.relocatable = true,
		.above_4g = true,
		.la57 = true,
		.efi = true,
		.setup = { setup, sizeof(setup) },
	};
}

struct kd_kexec_options fake_kexec_options(enum kd_kexec_purpose purpose)
{
	static const uint8_t initrd[100000] = "070701";

	return (struct kd_kexec_options) {
		.purpose = purpose,
		.cmdline = "console=ttyS0 crashkernel=256M quiet",
		.initrd = { initrd, sizeof(initrd) },
		.mem_max = UINT64_MAX,
		.seed = { 1, 2, 3 },
	};
}

const struct kd_kexec_segment *fake_segment(const struct kd_kexec_plan *plan,
					    enum kd_segment_role role)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->segments[i].role == role)
			return &plan->segments[i];
	return NULL;
}
