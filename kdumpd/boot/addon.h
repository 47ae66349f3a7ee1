/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An addon of systemd-stub: an EFI program that is never run, whose section .cmdline the
 * stub of a unified kernel image appends to the kernel's parameters (systemd-stub(7), 254
 * and later). Ours holds nothing else. Pure; trusts nothing in a file. Called by
 * boot-places.c.
 */
#pragma once

#include "base/strbuf.h"
#include "kexec/arch.h"

/** Append the file whose parameters are @line to @to. -ENOTSUP for a machine without one,
 *  in words; @to has the error when it does not fit. */
int kd_addon_write(enum kd_arch arch, const char *line, struct kd_strbuf *to,
		   struct kd_error *err);

/**
 * Where the parameters are in an addon.
 *
 * @ret_at, @ret_length: bytes of the file
 * Returns 0, -ENODATA for an EFI program without parameters, -EBADMSG for what is no EFI
 * program or cut short, in words.
 */
int kd_addon_find(const void *file, size_t size, size_t *ret_at, size_t *ret_length,
		  struct kd_error *err);
