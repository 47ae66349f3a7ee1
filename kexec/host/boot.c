/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running kernel was booted with and says of itself: boot_params
 * (arch/x86/kernel/ksysfs.c), the device tree, its command line, vmcoreinfo's place and
 * the size it wants for the ELF header (kernel/ksysfs.c). Trusts none of them. Called by
 * host.c.
 */
#include <elf.h>
#include <endian.h>
#include <string.h>

#include "base/guard.h"
#include "base/io.h"
#include "base/parse.h"
#include "kexec/host/readers.h"
#include "kexec/host/source.h"

#define CMDLINE_MAX  65536
#define FDT_MAX	     (2u << 20) /* MAX_FDT_SIZE, arch/arm64/include/asm/boot.h */
#define FDT_MAGIC    0xd00dfeedu
#define AUXV_MAX     4096
#define DEFAULT_PAGE 4096
#define BP_ACPI_RSDP 0x70 /* acpi_rsdp_addr, arch/x86/include/uapi/asm/bootparam.h */

static int read_boot_params(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char path[] = "sys/kernel/boot_params/data";
	_cleanup_(kd_freep) char *data = NULL;
	uint64_t rsdp;
	size_t size;
	int r;

	if (host->arch != KD_ARCH_X86_64 && host->arch != KD_ARCH_I386)
		return 0;
	r = kd_source_file(root_fd, path, KD_BOOT_PARAMS_SIZE, &data, &size, err);
	if (r < 0 || !data)
		return r;
	if (size != KD_BOOT_PARAMS_SIZE)
		return kd_fail(err, -EBADMSG, "/%s: %zu bytes", path, size);
	memcpy(host->boot_params, data, size);
	memcpy(&rsdp, host->boot_params + BP_ACPI_RSDP, sizeof(rsdp));
	host->rsdp = le64toh(rsdp);
	host->has_boot_params = true;
	return 0;
}

static uint32_t be32_at(const char *data, size_t at)
{
	uint32_t v;

	memcpy(&v, data + at, sizeof(v));
	return be32toh(v);
}

/* Magic and size only: the planner's libfdt checks the rest. */
static int read_fdt(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char path[] = "sys/firmware/fdt";
	_cleanup_(kd_freep) char *data = NULL;
	size_t size;
	int r;

	if (host->arch == KD_ARCH_X86_64 || host->arch == KD_ARCH_I386)
		return 0;
	r = kd_source_file(root_fd, path, FDT_MAX, &data, &size, err);
	if (r < 0 || !data)
		return r;
	if (size < 40 || be32_at(data, 0) != FDT_MAGIC || be32_at(data, 4) > size ||
	    be32_at(data, 4) < 40)
		return kd_fail(err, -EBADMSG, "/%s: no device tree", path);
	host->fdt_size = be32_at(data, 4);
	host->fdt = (uint8_t *)TAKE_PTR(data);
	return 0;
}

/* x86 has one page size; elsewhere the kernel tells every program its own. */
static int read_page_size(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char path[] = "proc/self/auxv";
	Elf64_auxv_t entries[AUXV_MAX / sizeof(Elf64_auxv_t)];
	int n;

	host->page_size = DEFAULT_PAGE;
	if (host->arch == KD_ARCH_X86_64 || host->arch == KD_ARCH_I386)
		return 0;
	n = kd_source_head(root_fd, path, (char *)entries, sizeof(entries), err);
	if (n < 0)
		return n;
	for (size_t i = 0; i < (size_t)n / sizeof(entries[0]); i++)
		if (entries[i].a_type == AT_PAGESZ)
			host->page_size = entries[i].a_un.a_val;
	if (!kd_is_power_of_2(host->page_size) || host->page_size < DEFAULT_PAGE)
		return kd_fail(err, -EBADMSG, "/%s: page size %llu", path,
			       (unsigned long long)host->page_size);
	return 0;
}

static int read_cmdline(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_source_file(root_fd, "proc/cmdline", CMDLINE_MAX, &text, &size, err);
	if (r < 0)
		return r;
	if (!text)
		text = strdup("");
	if (!text)
		return kd_fail(err, -ENOMEM, "/proc/cmdline");
	text[strcspn(text, "\n")] = '\0';
	host->cmdline = TAKE_PTR(text);
	return 0;
}

/* "0x1fa000 1024": both hexadecimal, only the address says so (vmcoreinfo_show()). */
static int read_vmcoreinfo(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char path[] = "sys/kernel/vmcoreinfo";
	struct kd_host_note note;
	char line[64], *space;
	int r;

	r = kd_read_line_at(root_fd, path, line, sizeof(line), err);
	if (r == -ENOENT) {
		kd_error_reset(err);
		return 0;
	}
	if (r < 0)
		return r;
	space = strchr(line, ' ');
	if (space)
		*space = '\0';
	if (!space || kd_parse_hex(line, &note.address) < 0 ||
	    kd_parse_hex(kd_strip(space + 1), &note.size) < 0)
		return kd_fail(err, -EBADMSG, "/%s:1", path);
	host->vmcoreinfo = note;
	return 0;
}

static int read_elfcorehdr_size(int root_fd, struct kd_kexec_host *host,
				struct kd_error *err)
{
	int r;

	r = kd_source_number(root_fd, "sys/kernel/kexec/crash_elfcorehdr_size",
			     &host->elfcorehdr_size, err);
	if (r == -ENOENT)
		r = kd_source_number(root_fd, "sys/kernel/crash_elfcorehdr_size",
				     &host->elfcorehdr_size, err);
	return r == -ENOENT ? 0 : r;
}

int kd_host_read_boot(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static int (*const parts[])(int root_fd, struct kd_kexec_host *host,
				    struct kd_error *err) = {
		read_boot_params, read_fdt,	   read_page_size,
		read_cmdline,	  read_vmcoreinfo, read_elfcorehdr_size,
	};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](root_fd, host, err);
	return r;
}
