/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of machines: see machine.h. Constants only; a new machine is a line here.
 * Called by xlat.c, input.c and dump-info.c.
 */
#include "makedumpfile/vmcore/machine.h"

#include <elf.h>
#include <string.h>

#include "makedumpfile/vmcore/translate.h"

static const struct kd_machine machines[] = {
	{ EM_AARCH64, "aarch64", "PHYS_OFFSET", &kd_xlat_arm64 },
	{ EM_RISCV, "riscv64", "phys_ram_base", &kd_xlat_riscv64 },
	{ EM_X86_64, "x86_64", "phys_base", &kd_xlat_x86_64 },
};

const struct kd_machine *kd_machine_by_elf(uint16_t elf)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].elf == elf)
			return &machines[i];
	return NULL;
}

const struct kd_machine *kd_machine_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (strcmp(machines[i].name, name) == 0)
			return &machines[i];
	return NULL;
}
