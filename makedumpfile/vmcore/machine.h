/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machines whose dumps we read, in one place: what ELF headers, utsname and dump
 * headers call them, and who translates their addresses. Used by xlat.c and by the
 * readers and writers of dump headers.
 */
#pragma once

#include "base/types.h"

struct kd_xlat_ops;

/**
 * @elf:       e_machine (EM_X86_64 …)
 * @name:      utsname.machine of a 64-bit kernel
 * @phys_base: NUMBER(...) of vmcoreinfo that a dump's header carries as phys_base; NULL
 *             when it is always 0
 * @xlat:      see translate.h
 */
struct kd_machine {
	uint16_t elf;
	const char *name;
	const char *phys_base;
	const struct kd_xlat_ops *xlat;
};

/** The machine of that e_machine; NULL for one we do not know. */
const struct kd_machine *kd_machine_by_elf(uint16_t elf);

/** The machine of that utsname.machine; NULL for one we do not know. */
const struct kd_machine *kd_machine_by_name(const char *name);
