/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel booted from EFI has to hand on: /sys/firmware/efi, whose runtime services
 * are mapped once a boot and stay where they are (drivers/firmware/efi/{efi,runtime-map}.c,
 * Documentation/ABI/testing/sysfs-firmware-efi{,-runtime-map}). Trusts none of it. Called
 * by host.c.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/guard.h"
#include "base/io.h"
#include "base/parse.h"
#include "kexec/host/readers.h"
#include "kexec/host/source.h"

#define SYSTAB_MAX 4096
#define MAPS_MAX   4096

static int read_address(int root_fd, const char *path, uint64_t *ret,
			struct kd_error *err)
{
	int r = kd_source_hex(root_fd, path, ret, err);

	return r == -ENOENT ? 0 : r;
}

/* Lines "ACPI20=0x7f…", one a table found. ACPI20 comes first and holds the newer
 * pointer; the kernel takes that, too (acpi_os_get_root_pointer()). */
static int read_systab(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char path[] = "sys/firmware/efi/systab";
	_cleanup_(kd_freep) char *text = NULL;
	uint64_t acpi = 0, acpi20 = 0;
	struct kd_lines it;
	size_t size;
	int r;

	r = kd_source_file(root_fd, path, SYSTAB_MAX, &text, &size, err);
	if (r < 0)
		return r;
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		char key[32], value[32];
		uint64_t *to = NULL;

		if (kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)) < 0)
			return kd_fail(err, -EBADMSG, "/%s:%u", path, it.number);
		if (strcmp(key, "ACPI20") == 0)
			to = &acpi20;
		else if (strcmp(key, "ACPI") == 0)
			to = &acpi;
		else if (strcmp(key, "SMBIOS") == 0)
			to = &host->efi.smbios;
		if (to && kd_parse_hex(value, to) < 0)
			return kd_fail(err, -EBADMSG, "/%s:%u", path, it.number);
	}
	if (host->rsdp == 0)
		host->rsdp = acpi20 ? acpi20 : acpi;
	return 0;
}

static int read_map(int root_fd, uint32_t number, struct kd_host_efi_map *ret,
		    struct kd_error *err)
{
	uint64_t type = 0;
	const struct {
		const char *name;
		uint64_t *to;
	} files[] = {
		{ "type", &type },
		{ "phys_addr", &ret->physical },
		{ "virt_addr", &ret->virtual },
		{ "num_pages", &ret->pages },
		{ "attribute", &ret->attribute },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[80];
		int r;

		(void)snprintf(path, sizeof(path), "sys/firmware/efi/runtime-map/%u/%s",
			       number, files[i].name);
		r = kd_source_hex(root_fd, path, files[i].to, err);
		if (r == -ENOENT)
			return kd_fail(err, -EBADMSG, "/%s", path);
		if (r < 0)
			return r;
	}
	ret->type = (uint32_t)type;
	return 0;
}

static int read_maps(int root_fd, struct kd_host_efi *efi, struct kd_error *err)
{
	_cleanup_(kd_numbers_done) struct kd_numbers numbers = { 0 };
	int r;

	r = kd_source_numbered(root_fd, "sys/firmware/efi/runtime-map", "", MAPS_MAX,
			       &numbers, err);
	if (r < 0 || numbers.n == 0)
		return r;
	efi->maps = calloc(numbers.n, sizeof(*efi->maps));
	if (!efi->maps)
		return kd_fail(err, -ENOMEM, "/sys/firmware/efi/runtime-map");
	efi->n_maps = numbers.n;
	for (size_t i = 0; r >= 0 && i < numbers.n; i++)
		r = read_map(root_fd, numbers.items[i], &efi->maps[i], err);
	return r;
}

int kd_host_read_efi(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	struct kd_host_efi *efi = &host->efi;
	int r;

	if (faccessat(root_fd, "sys/firmware/efi", F_OK, 0) < 0)
		return errno == ENOENT ? 0 : kd_fail(err, -errno, "/sys/firmware/efi");
	efi->present = true;
	r = read_address(root_fd, "sys/firmware/efi/fw_vendor", &efi->fw_vendor, err);
	if (r >= 0)
		r = read_address(root_fd, "sys/firmware/efi/runtime", &efi->runtime, err);
	if (r >= 0)
		r = read_address(root_fd, "sys/firmware/efi/config_table",
				 &efi->config_table, err);
	if (r >= 0)
		r = read_systab(root_fd, host, err);
	if (r >= 0)
		r = read_maps(root_fd, efi, err);
	return r;
}
