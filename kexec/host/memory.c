/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the snapshot: /proc/iomem, the firmware's own map (drivers/firmware/memmap.c,
 * Documentation/ABI/testing/sysfs-firmware-memmap), the ranges of crashkernel=,cma and
 * MemTotal. Trusts none of them. Called by host.c.
 */
#include <inttypes.h>
#include <string.h>

#include "base/guard.h"
#include "base/io.h"
#include "base/meminfo.h"
#include "base/parse.h"
#include "kexec/host/iomem.h"
#include "kexec/host/readers.h"
#include "kexec/host/source.h"

#define FIRMWARE_RANGES_MAX 4096
#define CMA_TEXT_MAX	    4096 /* a page: sysfs has no more */

static int read_iomem(int root_fd, int iomem_fd, struct kd_kexec_host *host,
		      struct kd_error *err)
{
	struct kd_iomem map;
	int r;

	r = kd_iomem_read(root_fd, iomem_fd, &map, err);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	host->ram = map.ram;
	host->busy = map.busy;
	host->crash = map.crash;
	host->crash_low = map.crash_low;
	host->kernel = map.kernel;
	return 0;
}

/* One file of an entry, which has all three or none. */
static int read_firmware_file(int root_fd, uint32_t number, const char *name, char *ret,
			      size_t size, struct kd_error *err)
{
	char path[64];
	int r;

	(void)snprintf(path, sizeof(path), "sys/firmware/memmap/%u/%s", number, name);
	r = kd_read_line_at(root_fd, path, ret, size, err);
	return r == -ENOENT ? -EBADMSG : r;
}

static int read_firmware_range(int root_fd, uint32_t number, struct kd_ranges *set,
			       struct kd_error *err)
{
	enum kd_range_type type = KD_RANGE_RESERVED; /* what has a name unknown to us */
	char start_text[32], last_text[32], name[64];
	uint64_t start, last;
	int r;

	r = read_firmware_file(root_fd, number, "start", start_text, sizeof(start_text),
			       err);
	if (r >= 0)
		r = read_firmware_file(root_fd, number, "end", last_text,
				       sizeof(last_text), err);
	if (r >= 0)
		r = read_firmware_file(root_fd, number, "type", name, sizeof(name), err);
	if (r < 0)
		return r;
	if (kd_parse_hex(start_text, &start) < 0 || kd_parse_hex(last_text, &last) < 0 ||
	    last < start)
		return kd_fail(err, -EBADMSG, "/sys/firmware/memmap/%u", number);
	(void)kd_iomem_type(name, strlen(name), &type);
	r = kd_ranges_insert(set, start, last == UINT64_MAX ? last : last + 1, type);
	return r < 0 ? kd_fail(err, r, "/sys/firmware/memmap/%u", number) : 0;
}

static int read_firmware(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	_cleanup_(kd_numbers_done) struct kd_numbers numbers = { 0 };
	int r;

	r = kd_source_numbered(root_fd, "sys/firmware/memmap", "", FIRMWARE_RANGES_MAX,
			       &numbers, err);
	for (size_t i = 0; r >= 0 && i < numbers.n; i++)
		r = read_firmware_range(root_fd, numbers.items[i], &host->firmware, err);
	return r;
}

/* "start-end", hexadecimal, the end inclusive: crash_cma_ranges_show() of
 * kernel/kexec_core.c. */
static int add_cma_line(const struct kd_lines *it, struct kd_ranges *set)
{
	uint64_t start, last;
	char line[64], *dash;

	if (it->length >= sizeof(line))
		return -EBADMSG;
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	dash = strchr(line, '-');
	if (!dash)
		return -EBADMSG;
	*dash = '\0';
	if (kd_parse_hex(line, &start) < 0 || kd_parse_hex(dash + 1, &last) < 0 ||
	    last < start || last == UINT64_MAX)
		return -EBADMSG;
	return kd_ranges_insert(set, start, last + 1, KD_RANGE_RAM);
}

static int read_cma(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	static const char *const paths[] = {
		"sys/kernel/kexec/crash_cma_ranges",
		"sys/kernel/kexec_crash_cma_ranges",
	};
	_cleanup_(kd_freep) char *text = NULL;
	const char *path = NULL;
	struct kd_lines it = { 0 };
	size_t size = 0;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && !text; i++) {
		int r;

		path = paths[i];
		r = kd_source_file(root_fd, path, CMA_TEXT_MAX, &text, &size, err);
		if (r < 0)
			return r;
	}
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		int r = add_cma_line(&it, &host->crash_cma);

		if (r < 0)
			return kd_fail(err, r, "/%s:%u", path, it.number);
	}
	return 0;
}

static int read_total(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_source_file(root_fd, "proc/meminfo", KD_MEMINFO_MAX, &text, &size, err);
	if (r >= 0 && text)
		r = kd_meminfo_value(text, size, "MemTotal", &host->ram_total);
	if (r == -EBADMSG)
		return kd_fail(err, r, "/proc/meminfo: MemTotal");
	return r == -ENODATA ? 0 : r;
}

int kd_host_read_memory(int root_fd, int iomem_fd, struct kd_kexec_host *host,
			struct kd_error *err)
{
	int r;

	r = read_iomem(root_fd, iomem_fd, host, err);
	if (r >= 0)
		r = read_firmware(root_fd, host, err);
	if (r >= 0)
		r = read_cma(root_fd, host, err);
	if (r >= 0)
		r = read_total(root_fd, host, err);
	return r;
}
