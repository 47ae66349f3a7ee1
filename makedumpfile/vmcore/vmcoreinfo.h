/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO (kernel/vmcore_info.c): the dying kernel's own words about itself, as
 * "KEY=value" lines. Typed look-ups over a parsed copy. Trusts nothing: a line that
 * does not parse is dropped and counted, a value of the wrong form is -EBADMSG.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** More text than this is cut: the kernel's own limit is one page (VMCOREINFO_BYTES). */
#define KD_VMCOREINFO_MAX 65536

struct kd_vmcoreinfo;

/** Parse @size bytes of text (copied). -ENOMEM; -EBADMSG without one usable line. */
int kd_vmcoreinfo_new(const char *text, size_t size, struct kd_vmcoreinfo **ret,
		      struct kd_error *err);
void kd_vmcoreinfo_free(struct kd_vmcoreinfo *info);
KD_DEFINE_GUARD(struct kd_vmcoreinfo, kd_vmcoreinfo_free)

/** How many lines were dropped because they are no KEY=value. */
unsigned int kd_vmcoreinfo_dropped(const struct kd_vmcoreinfo *info);

/** Value of a whole key such as "OSRELEASE"; borrowed, NULL when absent. The last of
 *  several lines wins, as in the readers of the field. */
const char *kd_vmcoreinfo_string(const struct kd_vmcoreinfo *info, const char *key);

/* Typed look-ups of SYMBOL(name) (hex), SIZE(name), OFFSET(name), LENGTH(name)
 * (decimal) and NUMBER(name) (decimal or 0x, may be negative).
 * Return 0, -ENODATA when absent, -EBADMSG when not a number. */
int kd_vmcoreinfo_symbol(const struct kd_vmcoreinfo *info, const char *name,
			 kd_vaddr_t *ret);
int kd_vmcoreinfo_size(const struct kd_vmcoreinfo *info, const char *name, uint64_t *ret);
int kd_vmcoreinfo_offset(const struct kd_vmcoreinfo *info, const char *name,
			 uint64_t *ret);
int kd_vmcoreinfo_length(const struct kd_vmcoreinfo *info, const char *name,
			 uint64_t *ret);
int kd_vmcoreinfo_number(const struct kd_vmcoreinfo *info, const char *name,
			 int64_t *ret);

/** PAGESIZE, a power of two from 4 KiB to 256 KiB. -ENODATA, -EBADMSG. */
int kd_vmcoreinfo_page_size(const struct kd_vmcoreinfo *info, uint32_t *ret);
