/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot of a machine, each machine a folder made here: BIOS, EFI, crashkernel=
 * with ,high and ,cma, arm64 with a device tree, memory from virtio_mem and CXL, many
 * ranges; and what must be refused.
 */
#include "kexec/host/host.h"

#include <elf.h>
#include <endian.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "tests/unit/fake-machine.h"
#include "tests/unit/test.h"

static void check_range(struct test *t, const char *name, const struct kd_ranges *set,
			size_t i, struct kd_range want)
{
	const struct kd_range *got = &set->items[i];

	if (i >= set->n)
		test_failed(t, __FILE__, __LINE__, "%s has no range %zu", name, i);
	else if (got->start != want.start || got->end != want.end ||
		 got->type != want.type)
		test_failed(t, __FILE__, __LINE__,
			    "%s: %zu is %" PRIx64 "-%" PRIx64 " of %d", name, i,
			    got->start, got->end, (int)got->type);
}

static void check_ranges(struct test *t, const char *name, const struct kd_ranges *set,
			 const struct kd_range *want, size_t n)
{
	CHECK_INT(t, set->n, n);
	for (size_t i = 0; i < n; i++)
		check_range(t, name, set, i, want[i]);
}

#define CHECK_RANGES(t, set, ...)                                              \
	do {                                                                   \
		static const struct kd_range check_w[] = { __VA_ARGS__ };      \
		check_ranges((t), #set, &(set), check_w, ARRAY_SIZE(check_w)); \
	} while (0)

static int read_host(const struct fake_root *root, enum kd_arch arch,
		     struct kd_kexec_host *ret, struct kd_error *err)
{
	memset(ret, 0, sizeof(*ret));
	*err = (struct kd_error) { 0 };
	return kd_kexec_host_read(root->fd, arch, ret, err);
}

static void check_refused(struct test *t, const struct fake_root *root, int code,
			  const char *message)
{
	struct kd_kexec_host host;
	struct kd_error err;

	CHECK_INT(t, read_host(root, KD_ARCH_X86_64, &host, &err), code);
	if (!strstr(err.message, message))
		test_failed(t, __FILE__, __LINE__, "\"%s\" has no \"%s\"", err.message,
			    message);
	CHECK_INT(t, host.ram.n, 0);
	kd_kexec_host_done(&host);
}

static void test_bios(struct test *t)
{
	struct fake_root root = fake_root_new();
	struct kd_kexec_host host;
	struct kd_error err;

	fake_bios_machine(&root);
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, host.arch, KD_ARCH_X86_64);
	CHECK_INT(t, host.page_size, 4096);
	CHECK_RANGES(t, host.ram, { 0, 0x1000, KD_RANGE_RESERVED },
		     { 0x1000, 0x9fc00, KD_RANGE_RAM },
		     { 0x9fc00, 0xa0000, KD_RANGE_RESERVED },
		     { 0xf0000, 0x100000, KD_RANGE_RESERVED },
		     { 0x100000, 0xbffe0000, KD_RANGE_RAM },
		     { 0xbffe0000, 0xbfff0000, KD_RANGE_ACPI },
		     { 0xbfff0000, 0xc0000000, KD_RANGE_NVS },
		     { 0xfffc0000, 0x100000000, KD_RANGE_RESERVED },
		     { 0x100000000, 0x140000000, KD_RANGE_RAM },
		     { 0x140000000, 0x1c0000000, KD_RANGE_PMEM },
		     { 0x1c0000000, 0x1c1000000, KD_RANGE_UNUSABLE });
	CHECK_RANGES(t, host.firmware, { 0, 0x9fc00, KD_RANGE_RAM },
		     { 0x9fc00, 0xa0000, KD_RANGE_RESERVED },
		     { 0x100000, 0xbffe0000, KD_RANGE_RAM },
		     { 0xbffe0000, 0xbfff0000, KD_RANGE_ACPI },
		     { 0x100000000, 0x140000000, KD_RANGE_RAM },
		     { 0x140000000, 0x1c0000000, KD_RANGE_RESERVED });
	CHECK_INT(t, host.crash.start, 0xa0000000);
	CHECK_INT(t, host.crash.end, 0xb0000000);
	CHECK_INT(t, host.crash_low.end, 0);
	CHECK_INT(t, host.crash_cma.n, 0);
	CHECK_INT(t, host.busy.n, 0);
	CHECK_INT(t, host.kernel.start, 0x1000000);
	CHECK_INT(t, host.kernel.end, 0x3e00000);
	CHECK_INT(t, host.text_vaddr, 0xffffffff9aa00000);
	CHECK(t, host.has_page_offset);
	CHECK_INT(t, host.page_offset, 0xffff9c8840000000);
	CHECK_INT(t, host.vmcoreinfo.address, 0x11fa000);
	CHECK_INT(t, host.vmcoreinfo.size, 0x1024);
	CHECK_INT(t, host.n_notes, 3);
	CHECK_INT(t, host.notes[0].address, 0x13fc0b000);
	CHECK_INT(t, host.notes[1].address, 0x13fc4b000);
	CHECK_INT(t, host.notes[2].address, 0x13fc8b000);
	CHECK_INT(t, host.notes[2].size, 368);
	CHECK(t, host.has_boot_params);
	CHECK_INT(t, host.boot_params[0x1fe], 0x55);
	CHECK_INT(t, host.rsdp, 0xf52a0);
	CHECK(t, !host.efi.present);
	CHECK(t, !host.fdt);
	CHECK_INT(t, host.ram_total, 4026580ll * 1024);
	CHECK_INT(t, host.elfcorehdr_size, 0);
	CHECK(t, !host.la57);
	CHECK_INT(t, host.address_bits, 40);
	CHECK_STR(t, host.cmdline, "root=/dev/vda1 crashkernel=256M quiet");
	kd_kexec_host_done(&host);
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

static void test_efi(struct test *t)
{
	struct fake_root root = fake_root_new();
	uint8_t params[KD_BOOT_PARAMS_SIZE] = { 0 };
	struct kd_kexec_host host;
	struct kd_error err;

	fake_efi_machine(&root);
	fake_file(&root, "sys/kernel/boot_params/data", params, sizeof(params));
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK(t, host.efi.present);
	CHECK_INT(t, host.efi.fw_vendor, 0x7f9ec018);
	CHECK_INT(t, host.efi.runtime, 0x7f9ecb98);
	CHECK_INT(t, host.efi.config_table, 0x7f8ec000);
	CHECK_INT(t, host.efi.smbios, 0x7f96d000);
	CHECK_INT(t, host.efi.n_maps, 2);
	CHECK_INT(t, host.efi.maps[0].type, 5);
	CHECK_INT(t, host.efi.maps[0].physical, 0x7f8ed000);
	CHECK_INT(t, host.efi.maps[0].virtual, 0xfffffffeffe00000);
	CHECK_INT(t, host.efi.maps[0].pages, 0x100);
	CHECK_INT(t, host.efi.maps[0].attribute, 0x800000000000000f);
	CHECK_INT(t, host.efi.maps[1].type, 6);
	CHECK_INT(t, host.rsdp, 0x7fb7e014);
	CHECK(t, host.la57);
	CHECK_INT(t, host.address_bits, 52);
	kd_kexec_host_done(&host);

	/* boot_params' own pointer goes first */
	params[0x71] = 0x10;
	fake_file(&root, "sys/kernel/boot_params/data", params, sizeof(params));
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_INT(t, host.rsdp, 0x1000);
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

/* Both orders the kernel may print them in; the upper one is for the image. */
static void test_high(struct test *t)
{
	struct fake_root root = fake_root_new();
	struct kd_kexec_host host;
	struct kd_error err;

	fake_text(&root, "proc/iomem",
		  "00100000-bffdffff : System RAM\n"
		  "  af000000-bf7fffff : Crash kernel\n"
		  "100000000-1bfffffff : System RAM\n"
		  "  1af000000-1beffffff : Crash kernel\n");
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_INT(t, host.crash.start, 0x1af000000);
	CHECK_INT(t, host.crash.end, 0x1bf000000);
	CHECK_INT(t, host.crash_low.start, 0xaf000000);
	CHECK_INT(t, host.crash_low.end, 0xbf800000);
	CHECK_INT(t, host.ram.n, 2);
	kd_kexec_host_done(&host);

	fake_text(&root, "proc/iomem",
		  "  1af000000-1beffffff : Crash kernel\n"
		  "  af000000-bf7fffff : Crash kernel\n");
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_INT(t, host.crash.start, 0x1af000000);
	CHECK_INT(t, host.crash_low.start, 0xaf000000);
	kd_kexec_host_done(&host);

	fake_text(&root, "proc/iomem",
		  "00100000-001fffff : Crash kernel\n00300000-003fffff : Crash kernel\n"
		  "00500000-005fffff : Crash kernel\n");
	check_refused(t, &root, -EBADMSG, "/proc/iomem:3");
	fake_root_done(&root);
}

static void test_cma(struct test *t)
{
	static const char *const places[] = { "sys/kernel/kexec/crash_cma_ranges",
					      "sys/kernel/kexec_crash_cma_ranges" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct fake_root root = fake_root_new();
		struct kd_kexec_host host;
		struct kd_error err;

		fake_bios_machine(&root);
		fake_text(&root, places[i], "90000000-93ffffff\n130000000-133ffffff\n");
		fake_text(&root,
			  i ? "sys/kernel/crash_elfcorehdr_size"
			    : "sys/kernel/kexec/crash_elfcorehdr_size",
			  "917616\n");
		CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
		CHECK_RANGES(t, host.crash_cma, { 0x90000000, 0x94000000, KD_RANGE_RAM },
			     { 0x130000000, 0x134000000, KD_RANGE_RAM });
		CHECK_INT(t, host.elfcorehdr_size, 917616);
		CHECK(t,
		      kd_ranges_cover(&host.ram, 0x90000000, 0x94000000, KD_RANGE_RAM));
		kd_kexec_host_done(&host);
		fake_root_done(&root);
	}
}

static void put_be32(uint8_t *at, uint32_t v)
{
	v = htobe32(v);
	memcpy(at, &v, sizeof(v));
}

static void test_arm64(struct test *t)
{
	static const struct fake_map maps[] = {
		{ 0xffff800080000000, 0x41800000, 0x2a0000 }, /* _text */
		{ 0xfff0000000000000, 0x40000000, 0x80000000 },
		{ 0xfffffdffbf800000, UINT64_MAX, 0x200000 },
	};
	struct fake_root root = fake_root_new();
	const uint64_t auxv[] = { 3, 0x1234, AT_PAGESZ, 16384, 0, 0 };
	uint8_t fdt[128] = { 0 };
	struct kd_kexec_host host;
	struct kd_error err;

	put_be32(fdt, 0xd00dfeed);
	put_be32(fdt + 4, 96);
	fake_file(&root, "sys/firmware/fdt", fdt, sizeof(fdt));
	fake_file(&root, "proc/self/auxv", auxv, sizeof(auxv));
	fake_text(&root, "proc/iomem",
		  "09000000-09000fff : pl011@9000000\n"
		  "40000000-bfffffff : System RAM\n"
		  "  41810000-419fffff : Kernel code\n"
		  "  41a00000-41a8ffff : reserved\n"
		  "  41a90000-41b7ffff : Kernel data\n"
		  "  80000000-8fffffff : Crash kernel\n"
		  "  bfc00000-bfffffff : reserved\n");
	fake_kcore(&root, maps, ARRAY_SIZE(maps));
	/* x86's own are not looked at */
	fake_text(&root, "sys/kernel/boot_params/data", "short");
	CHECK_INT(t, read_host(&root, KD_ARCH_ARM64, &host, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, host.page_size, 16384);
	CHECK_INT(t, host.fdt_size, 96);
	CHECK(t, host.fdt && host.fdt[0] == 0xd0);
	CHECK_RANGES(t, host.ram, { 0x40000000, 0xc0000000, KD_RANGE_RAM });
	CHECK_RANGES(t, host.busy, { 0x41a00000, 0x41a90000, KD_RANGE_RESERVED },
		     { 0xbfc00000, 0xc0000000, KD_RANGE_RESERVED });
	CHECK_INT(t, host.kernel.start, 0x41810000);
	CHECK_INT(t, host.kernel.end, 0x41b80000);
	CHECK_INT(t, host.text_vaddr, 0xffff800080010000);
	CHECK_INT(t, host.page_offset, 0xfff0000000000000 - 0x40000000);
	CHECK(t, !host.has_boot_params);
	kd_kexec_host_done(&host);

	put_be32(fdt + 4, 129);
	fake_file(&root, "sys/firmware/fdt", fdt, sizeof(fdt));
	CHECK_INT(t, read_host(&root, KD_ARCH_ARM64, &host, &err), -EBADMSG);
	fake_root_done(&root);
}

/* RAM below devices, as virtio_mem, dax_kmem and CXL add it, is RAM. */
static void test_nested(struct test *t)
{
	struct fake_root root = fake_root_new();
	struct kd_kexec_host host;
	struct kd_error err;

	fake_text(&root, "proc/iomem",
		  "00100000-7fffffff : System RAM\n"
		  "100000000-13fffffff : virtio0\n"
		  "  100000000-107ffffff : System RAM (virtio_mem)\n"
		  "  110000000-117ffffff : System RAM (virtio_mem)\n"
		  "140000000-1bfffffff : Persistent Memory\n"
		  "  140000000-1bfffffff : namespace0.0\n"
		  "    148000000-1bfffffff : dax0.0\n"
		  "      148000000-1afffffff : System RAM (kmem)\n"
		  "200000000-2ffffffff : CXL Window 0\n"
		  "  200000000-2ffffffff : Soft Reserved\n"
		  "    200000000-23fffffff : dax1.0\n"
		  "      200000000-23fffffff : System RAM (kmem)\n"
		  "300000000-3000fffff : RAM buffer\n"
		  "300100000-3001fffff : System RAMBLE\n");
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_RANGES(t, host.ram, { 0x100000, 0x80000000, KD_RANGE_RAM },
		     { 0x100000000, 0x108000000, KD_RANGE_RAM },
		     { 0x110000000, 0x118000000, KD_RANGE_RAM },
		     { 0x140000000, 0x148000000, KD_RANGE_PMEM },
		     { 0x148000000, 0x1b0000000, KD_RANGE_RAM },
		     { 0x1b0000000, 0x1c0000000, KD_RANGE_PMEM },
		     { 0x200000000, 0x240000000, KD_RANGE_RAM },
		     { 0x240000000, 0x300000000, KD_RANGE_SOFT_RESERVED });
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

/* No map is cut: neither 1,000 ranges of RAM nor 300 of the firmware's. */
static void test_many(struct test *t)
{
	struct fake_root root = fake_root_new();
	_cleanup_(kd_strbuf_done) struct kd_strbuf text = { 0 };
	struct kd_kexec_host host;
	struct kd_error err;

	kd_strbuf_init(&text, 1 << 20);
	for (uint64_t i = 0; i < 1000; i++)
		kd_strbuf_addf(&text, "%08" PRIx64 "-%08" PRIx64 " : System RAM\n",
			       (i + 1) << 30, ((i + 1) << 30) + 0xfffff7f);
	fake_text(&root, "proc/iomem", kd_strbuf_text(&text));
	for (unsigned int i = 0; i < 300; i++) {
		char start[32], last[32];

		(void)snprintf(start, sizeof(start), "0x%llx\n", (i + 1ull) << 32);
		(void)snprintf(last, sizeof(last), "0x%llx\n", ((i + 1ull) << 32) + 4095);
		fake_firmware(&root, i, start, last,
			      i % 2 ? "Reserved\n" : "System RAM\n");
	}
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_INT(t, host.ram.n, 1000);
	CHECK_INT(t, host.ram.items[999].start, 1000ull << 30);
	/* an end that is no page's is kept as it is */
	CHECK_INT(t, host.ram.items[999].end, (1000ull << 30) + 0xfffff80);
	CHECK_INT(t, host.firmware.n, 300);
	CHECK_INT(t, host.firmware.items[299].start, 300ull << 32);
	CHECK_INT(t, host.firmware.items[299].type, KD_RANGE_RESERVED);
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

static void test_nothing(struct test *t)
{
	struct fake_root root = fake_root_new();
	struct kd_kexec_host host;
	struct kd_error err;

	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, host.ram.n, 0);
	CHECK_INT(t, host.page_size, 4096);
	CHECK_INT(t, host.n_notes, 0);
	CHECK(t, !host.efi.present && !host.has_boot_params && !host.has_page_offset);
	CHECK_STR(t, host.cmdline, "");
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

static void test_kallsyms(struct test *t)
{
	struct fake_root root = fake_root_new();
	struct kd_kexec_host host;
	struct kd_error err;

	fake_bios_machine(&root);
	(void)unlinkat(root.fd, "proc/kcore", 0);
	fake_text(&root, "proc/kallsyms",
		  "0000000000000000 A fixed_percpu_data\n"
		  "ffffffff9aa00000 T startup_64\nffffffff9aa00000 T _text\n");
	CHECK_INT(t, read_host(&root, KD_ARCH_X86_64, &host, &err), 0);
	CHECK(t, !host.has_page_offset);
	CHECK_INT(t, host.text_vaddr, 0xffffffff9aa00000);
	kd_kexec_host_done(&host);
	fake_root_done(&root);
}

static void test_hidden(struct test *t)
{
	struct fake_root root = fake_root_new();

	fake_text(&root, "proc/iomem",
		  "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n"
		  "  00000000-00000000 : Kernel code\n");
	check_refused(t, &root, -EPERM, "CAP_SYS_ADMIN");
	fake_root_done(&root);
}

struct bad {
	const char *path;
	const char *text;
	const char *message;
};

static const struct bad bads[] = {
	{ "proc/iomem", "00100000-7fffffff : System RAM\nrubbish\n", "/proc/iomem:2" },
	{ "proc/iomem", "00100000-7fffffff", "/proc/iomem:1" },
	{ "proc/iomem", "00100000-7fffffff :System RAM\n", "/proc/iomem:1" },
	{ "proc/iomem", "-7fffffff : System RAM\n", "/proc/iomem:1" },
	{ "proc/iomem", "00000000100000000-1ffffffff : System RAM\n", "/proc/iomem:1" },
	{ "proc/iomem", "00200000-001fffff : System RAM\n", "/proc/iomem:1" },
	{ "proc/iomem", "00200000-00100000 : Kernel code\n", "/proc/iomem:1" },
	{ "sys/firmware/memmap/0/start", "0x0\n", "memmap/0/end" },
	{ "sys/firmware/memmap/3/end", "0x0\n", "memmap/3/start" },
	{ "sys/kernel/boot_params/data", "short", "boot_params/data" },
	{ "sys/kernel/vmcoreinfo", "0x1000\n", "vmcoreinfo:1" },
	{ "sys/kernel/vmcoreinfo", "0x1000 twelve\n", "vmcoreinfo:1" },
	{ "sys/kernel/vmcoreinfo", "(null) 400\n", "vmcoreinfo:1" },
	{ "sys/devices/system/cpu/cpu0/crash_notes", "here\n", "crash_notes:1" },
	{ "sys/kernel/kexec_crash_cma_ranges", "100000-1fffff\n100000:1fffff\n",
	  "kexec_crash_cma_ranges:2" },
	{ "sys/kernel/kexec_crash_cma_ranges", "200000-1fffff\n",
	  "kexec_crash_cma_ranges:1" },
	{ "sys/kernel/kexec_crash_cma_ranges", "0-ffffffffffffffff\n",
	  "kexec_crash_cma_ranges:1" },
	{ "sys/kernel/crash_elfcorehdr_size", "many\n", "crash_elfcorehdr_size:1" },
	{ "sys/firmware/efi/runtime", "0xx\n", "efi/runtime:1" },
	{ "sys/firmware/efi/systab", "SMBIOS=0x1\nACPI20\n", "systab:2" },
	{ "sys/firmware/efi/systab", "ACPI20=acpi\n", "systab:1" },
	{ "sys/firmware/efi/runtime-map/0/type", "0x5\n", "runtime-map/0/phys_addr" },
	{ "proc/meminfo", "MemTotal: much\n", "/proc/meminfo: MemTotal" },
	{ "proc/meminfo", "MemTotal: 18446744073709551615 kB\n",
	  "/proc/meminfo: MemTotal" },
	{ "proc/cpuinfo", "processor\t: 0\naddress sizes\t: many\n", "/proc/cpuinfo:2" },
	{ "proc/kcore", "\177ELF", "/proc/kcore" },
	{ "proc/kcore",
	  "no core, and yet long enough to hold all of an ELF header and then some bytes",
	  "/proc/kcore" },
};

static void test_bad(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++) {
		struct fake_root root = fake_root_new();

		fake_text(&root, bads[i].path, bads[i].text);
		check_refused(t, &root, -EBADMSG, bads[i].message);
		fake_root_done(&root);
	}
}

/* A folder with more entries than any machine has is refused, not read in part. */
static void test_too_many(struct test *t)
{
	struct fake_root root = fake_root_new();

	CHECK_INT(t,
		  fake_run("cd %s && mkdir -p sys/firmware/memmap && "
			   "cd sys/firmware/memmap && seq 1 4097 | xargs mkdir",
			   root.path),
		  0);
	check_refused(t, &root, -EBADMSG, "more than 4096");
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "a machine with BIOS", test_bios },
	{ "a machine with EFI and five levels", test_efi },
	{ "crashkernel=,high", test_high },
	{ "crashkernel=,cma and hotplug, old and new places", test_cma },
	{ "arm64 with a device tree", test_arm64 },
	{ "RAM below devices", test_nested },
	{ "many ranges", test_many },
	{ "a root with nothing in it", test_nothing },
	{ "kernel text without kcore", test_kallsyms },
	{ "hidden addresses", test_hidden },
	{ "what cannot be understood", test_bad },
	{ "too many entries", test_too_many },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
