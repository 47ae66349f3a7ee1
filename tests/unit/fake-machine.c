/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines as folders: see fake-machine.h. Numbers as real kernels print them.
 */
#include "tests/unit/fake-machine.h"

#include <elf.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "kexec/host/host.h"

void fake_firmware(const struct fake_root *root, unsigned int number, const char *start,
		   const char *last, const char *type)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "sys/firmware/memmap/%u/start", number);
	fake_text(root, path, start);
	(void)snprintf(path, sizeof(path), "sys/firmware/memmap/%u/end", number);
	fake_text(root, path, last);
	(void)snprintf(path, sizeof(path), "sys/firmware/memmap/%u/type", number);
	fake_text(root, path, type);
}

void fake_kcore(const struct fake_root *root, const struct fake_map *maps, size_t n)
{
	struct {
		Elf64_Ehdr elf;
		Elf64_Phdr headers[16];
	} file = { 0 };

	memcpy(file.elf.e_ident, ELFMAG, SELFMAG);
	file.elf.e_ident[EI_CLASS] = ELFCLASS64;
	file.elf.e_phoff = sizeof(file.elf);
	file.elf.e_phentsize = sizeof(file.headers[0]);
	file.elf.e_phnum = (Elf64_Half)(n + 1);
	file.headers[0].p_type = PT_NOTE;
	for (size_t i = 0; i < n; i++)
		file.headers[i + 1] = (Elf64_Phdr) {
			.p_type = PT_LOAD,
			.p_vaddr = maps[i].vaddr,
			.p_paddr = maps[i].paddr,
			.p_memsz = maps[i].size,
		};
	fake_file(root, "proc/kcore", &file, sizeof(file.elf) + (n + 1) * 56);
}

static const char bios_iomem[] = "00000000-00000fff : Reserved\n"
				 "00001000-0009fbff : System RAM\n"
				 "0009fc00-0009ffff : Reserved\n"
				 "000a0000-000bffff : PCI Bus 0000:00\n"
				 "000f0000-000fffff : Reserved\n"
				 "  000f0000-000fffff : System ROM\n"
				 "00100000-bffdffff : System RAM\n"
				 "  01000000-01ffffff : Kernel code\n"
				 "  02000000-0299bfff : Kernel rodata\n"
				 "  02a00000-02e2b77f : Kernel data\n"
				 "  033b3000-03dfffff : Kernel bss\n"
				 "  a0000000-afffffff : Crash kernel\n"
				 "bffe0000-bffeffff : ACPI Tables\n"
				 "bfff0000-bfffffff : ACPI Non-volatile Storage\n"
				 "c0000000-febfffff : PCI Bus 0000:00\n"
				 "  fd000000-fdffffff : 0000:00:02.0\n"
				 "fec00000-fec003ff : IOAPIC 0\n"
				 "fffc0000-ffffffff : Reserved\n"
				 "100000000-13fffffff : System RAM\n"
				 "140000000-1bfffffff : Persistent Memory\n"
				 "  140000000-1bfffffff : namespace0.0\n"
				 "1c0000000-1c0ffffff : Unusable memory\n";

void fake_bios_machine(const struct fake_root *root)
{
	static const struct fake_map maps[] = {
		{ 0xffffa3ab80000000, UINT64_MAX, 0x1fffffffffff }, /* vmalloc */
		{ 0xffffffff9aa00000, 0x1000000, 0x2e00000 },
		{ 0xffff9c8840001000, 0x1000, 0x9e000 },
		{ 0xffff9c8840100000, 0x100000, 0xbfee0000 },
		{ 0xffff9c8940000000, 0x100000000, 0x40000000 },
		{ 0xffffffffc0000000, UINT64_MAX, 0x3f000000 }, /* modules */
	};
	uint8_t params[KD_BOOT_PARAMS_SIZE] = { [0x1fe] = 0x55, [0x1ff] = 0xaa };
	uint64_t rsdp = htole64(0xf52a0);

	fake_text(root, "proc/iomem", bios_iomem);
	fake_firmware(root, 0, "0x0\n", "0x9fbff\n", "System RAM\n");
	fake_firmware(root, 1, "0x9fc00\n", "0x9ffff\n", "Reserved\n");
	fake_firmware(root, 2, "0x100000\n", "0xbffdffff\n", "System RAM\n");
	fake_firmware(root, 10, "0x100000000\n", "0x13fffffff\n", "System RAM\n");
	fake_firmware(root, 9, "0xbffe0000\n", "0xbffeffff\n", "ACPI Tables\n");
	fake_firmware(root, 11, "0x140000000\n", "0x1bfffffff\n", "something new\n");
	memcpy(params + 0x70, &rsdp, sizeof(rsdp));
	fake_file(root, "sys/kernel/boot_params/data", params, sizeof(params));
	fake_text(root, "sys/kernel/vmcoreinfo", "0x00000000011fa000 1024\n");
	fake_text(root, "sys/devices/system/cpu/cpu0/crash_notes", "13fc0b000\n");
	fake_text(root, "sys/devices/system/cpu/cpu0/crash_notes_size", "368\n");
	fake_text(root, "sys/devices/system/cpu/cpu10/crash_notes", "13fc8b000\n");
	fake_text(root, "sys/devices/system/cpu/cpu10/crash_notes_size", "368\n");
	fake_text(root, "sys/devices/system/cpu/cpu10/online", "0\n");
	fake_text(root, "sys/devices/system/cpu/cpu2/crash_notes", "13fc4b000\n");
	fake_text(root, "sys/devices/system/cpu/cpu2/crash_notes_size", "368\n");
	fake_text(root, "sys/devices/system/cpu/cpufreq/boost", "1\n");
	fake_text(root, "proc/meminfo",
		  "MemTotal:        4026580 kB\nMemFree:          123 kB\n");
	fake_text(root, "proc/cpuinfo",
		  "processor\t: 0\nflags\t\t: fpu vme la57x lm\nbugs\t\t: la57\n"
		  "address sizes\t: 40 bits physical, 48 bits virtual\n\n"
		  "processor\t: 1\nflags\t\t: la57\n");
	fake_text(root, "proc/cmdline", "root=/dev/vda1 crashkernel=256M quiet\n");
	fake_kcore(root, maps, ARRAY_SIZE(maps));
}

static void efi_map(const struct fake_root *root, unsigned int number,
		    const char *const *values)
{
	static const char *const names[] = { "type", "phys_addr", "virt_addr",
					     "num_pages", "attribute" };

	for (size_t i = 0; i < ARRAY_SIZE(names) && values[i]; i++) {
		char path[80];

		(void)snprintf(path, sizeof(path), "sys/firmware/efi/runtime-map/%u/%s",
			       number, names[i]);
		fake_text(root, path, values[i]);
	}
}

void fake_efi_machine(const struct fake_root *root)
{
	static const char *const first[] = {
		"0x5\n",   "0x7f8ed000\n",	   "0xfffffffeffe00000\n",
		"0x100\n", "0x800000000000000f\n", NULL
	};
	static const char *const second[] = {
		"0x6\n", "0x7f9ed000\n", "0xfffffffeffc00000\n", "0x20\n", "0xf\n", NULL
	};

	fake_text(root, "proc/iomem", "00100000-7fffffff : System RAM\n");
	fake_text(root, "sys/firmware/efi/fw_vendor", "0x7f9ec018\n");
	fake_text(root, "sys/firmware/efi/runtime", "0x7f9ecb98\n");
	fake_text(root, "sys/firmware/efi/config_table", "0x7f8ec000\n");
	fake_text(root, "sys/firmware/efi/systab",
		  "ACPI20=0x7fb7e014\nACPI=0x7fb7e000\nSMBIOS3=0x7f96b000\n"
		  "SMBIOS=0x7f96d000\n");
	efi_map(root, 1, second);
	efi_map(root, 0, first);
	fake_text(root, "proc/cpuinfo",
		  "processor\t: 0\nflags\t\t: fpu lm la57\n"
		  "address sizes\t: 52 bits physical, 57 bits virtual\n\n");
}
