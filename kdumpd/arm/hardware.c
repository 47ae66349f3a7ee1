/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs and memory of now, as digests: see hardware.h. The kernel's loader and ours both
 * name every CPU present, so that one going on- or offline changes nothing. Trusts the
 * formats of sysfs and of /proc/iomem.
 */
#include "kdumpd/arm/hardware.h"

#include <string.h>

#include "base/io.h"
#include "kexec/host/iomem.h"

#define CPUS "sys/devices/system/cpu/"

int kd_arm_iomem_fd(void)
{
	char path[32];
	ssize_t n = readlink("/proc/self/fd/0", path, sizeof(path) - 1);

	if (n < 0)
		return -EBADF;
	path[n] = '\0';
	return strcmp(path, "/proc/iomem") == 0 ? STDIN_FILENO : -EBADF;
}

static bool is_set(int root_fd, const char *path)
{
	uint64_t v = 0;

	return kd_read_u64_at(root_fd, path, &v, NULL) >= 0 && v == 1;
}

static void digest_cpus(int root_fd, char ret[KD_DIGEST_HEX])
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();
	char list[4096];

	if (!d || kd_read_line_at(root_fd, CPUS "present", list, sizeof(list), NULL) < 0)
		return;
	kd_digest_adds(d, "cpus", list);
	kd_digest_hex(d, ret);
}

static void digest_memory(int root_fd, int iomem_fd, char ret[KD_DIGEST_HEX])
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();
	struct kd_iomem map;

	if (!d || kd_iomem_read(root_fd, iomem_fd, &map, NULL) < 0)
		return;
	for (size_t i = 0; i < map.ram.n; i++) {
		const struct kd_range *range = &map.ram.items[i];
		const uint64_t ends[] = { range->start, range->end };

		if (range->type == KD_RANGE_RAM)
			kd_digest_add(d, "ram", ends, sizeof(ends));
	}
	kd_digest_hex(d, ret);
	kd_iomem_done(&map);
}

void kd_hardware_read(int root_fd, int iomem_fd, struct kd_hardware *ret)
{
	*ret = (struct kd_hardware) {
		.cpus_followed = is_set(root_fd, CPUS "crash_hotplug"),
		.memory_followed = is_set(root_fd,
					  "sys/devices/system/memory/crash_hotplug"),
	};
	digest_cpus(root_fd, ret->cpus);
	digest_memory(root_fd, iomem_fd, ret->memory);
}

static bool differs(const char *then, const char *now, bool followed)
{
	return !followed && then[0] && now[0] && strcmp(then, now) != 0;
}

bool kd_hardware_changed(const struct kd_state *state, const struct kd_hardware *now)
{
	return differs(state->cpus, now->cpus, now->cpus_followed) ||
	       differs(state->memory, now->memory, now->memory_followed);
}
