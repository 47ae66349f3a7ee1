/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types out of the debug information of a vmlinux or a module's .ko.debug, for those who
 * named one by -x. See types.h for what they answer. Called by erase/; host side only.
 */
#pragma once

#include "makedumpfile/layout/types.h"

/**
 * Open them. Names are looked up unit by unit, so that the first question about a rare
 * one takes seconds, and later ones none.
 *
 * @fd:  the ELF file, borrowed for the life of @ret
 * @ret: owned by the caller, kd_types_free()
 * Errors: -ENODATA without debug information, -EBADMSG, -ENOMEM.
 */
int kd_types_from_dwarf(int fd, struct kd_types **ret, struct kd_error *err);
