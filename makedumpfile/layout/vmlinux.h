/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's vmlinux as an ELF file: who it is, its symbols, its sections. The only user
 * of libelf in layout/. Trusts nothing in the file: what libelf cannot bound is absent.
 * Called by extra.c and generate.c; never part of the capture image.
 */
#pragma once

#include "base/error.h"
#include "base/plan.h"
#include "base/types.h"

struct kd_vmlinux;

/**
 * Open a 64-bit little-endian vmlinux, debug information in it or not.
 *
 * @ret: set only on success; owned by the caller, kd_vmlinux_free()
 * Errors: -ENOEXEC when it is no ELF file of that sort, -ENOMEM, those of open.
 */
int kd_vmlinux_open_at(int dir_fd, const char *path, struct kd_vmlinux **ret,
		       struct kd_error *err);
void kd_vmlinux_free(struct kd_vmlinux *v);
KD_DEFINE_GUARD(struct kd_vmlinux, kd_vmlinux_free)

/** Borrowed; for readers of debug information. */
int kd_vmlinux_fd(const struct kd_vmlinux *v);

/** The release in linux_banner, "" when the file does not have its text. Borrowed. */
const char *kd_vmlinux_release(const struct kd_vmlinux *v);

/** The GNU build ID of .notes in hex, "" without. Borrowed. */
const char *kd_vmlinux_build_id(const struct kd_vmlinux *v);

/** The link-time address of a symbol, before KASLR moved it. -ENODATA. */
int kd_vmlinux_symbol(const struct kd_vmlinux *v, const char *name, kd_vaddr_t *ret);

/** The bytes of a section as they are in the file; borrowed. -ENODATA when there is
 *  none, it is empty, compressed, or cut. */
int kd_vmlinux_section(const struct kd_vmlinux *v, const char *name, const void **ret,
		       size_t *ret_size);
