/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recommended crashkernel= value: see crashkernel.h. Pure: a table of machines and
 * what their features add. Called by get-default-crashkernel and reset-crashkernel.
 */
#include <string.h>

#include "kdumpd/boot/crashkernel.h"

#define MIB (1ll << 20)

static const struct {
	const char *machine;
	const char *value;
	int64_t encrypted; /* the swiotlb that encryption needs */
	int64_t pages_64k; /* per-page and per-CPU structures are larger */
	int64_t mlx5[2];   /* rings of the adapter, by page size */
	int64_t smmu_64k;  /* its queues */
} machines[] = {
	{ "x86_64", "2G-64G:256M,64G-:512M", 64 * MIB, 0, { 0, 0 }, 0 },
	{ "s390x", "2G-64G:256M,64G-:512M", 0, 0, { 0, 0 }, 0 },
	{ "aarch64",
	  "2G-4G:256M,4G-64G:320M,64G-:576M",
	  0,
	  100 * MIB,
	  { 150 * MIB, 200 * MIB },
	  384 * MIB },
	{ "ppc64le",
	  "2G-4G:384M,4G-16G:512M,16G-64G:1G,64G-128G:2G,128G-:4G",
	  0,
	  0,
	  { 0, 0 },
	  0 },
};

int kd_crashkernel_default(const struct kd_crashkernel_machine *machine,
			   struct kd_crashkernel *ret, struct kd_error *err)
{
	int64_t more = 0;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (strcmp(machines[i].machine, machine->machine) != 0)
			continue;
		r = kd_crashkernel_parse(machines[i].value, ret, err);
		if (r < 0)
			return r;
		if (machine->encrypted)
			more += machines[i].encrypted;
		if (machine->pages_64k)
			more += machines[i].pages_64k;
		if (machine->mlx5)
			more += machines[i].mlx5[machine->pages_64k];
		if (machine->smmu && machine->pages_64k)
			more += machines[i].smmu_64k;
		return kd_crashkernel_add(ret, more);
	}
	return kd_fail_msg(err, -ENOTSUP, "no crashkernel= is recommended for %s",
			   machine->machine);
}
