/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several accounts of one kernel made into one layout. Pure. The order of trust is the
 * caller's: vmcoreinfo is the kernel's own word and comes first. Disagreements are told
 * in words, never silently settled. Used on both sides of a crash.
 */
#pragma once

#include "makedumpfile/layout/source.h"

#define KD_REMARKS     16
#define KD_REMARK_SIZE 160

/**
 * What a person should know about how a layout came to be: sources that disagree,
 * sources that were not there.
 *
 * @n: how many were made; texts beyond KD_REMARKS are counted but not kept
 */
struct kd_remarks {
	size_t n;
	char texts[KD_REMARKS][KD_REMARK_SIZE];
};

/** Add a remark, cut at KD_REMARK_SIZE. NULL is allowed and drops it. */
void kd_remark(struct kd_remarks *remarks, const char *fmt, ...) _printf_(2, 3);

/**
 * Take over from @more what @layout lacks. Where both have a value and differ,
 * @layout's stays and a remark says so. Release and build ID are filled in when empty.
 *
 * @remarks: added to; may be NULL
 * Returns the number of disagreements.
 */
size_t kd_resolve_merge(struct kd_layout *layout, const struct kd_layout *more,
			struct kd_remarks *remarks);

/**
 * Whether @layout is of the kernel that wrote @info: the same build ID or, where one
 * side has none (vmcoreinfo has BUILD-ID since 5.9, commit 0935288c6e00), the same
 * release. Nothing known on either count is no match.
 */
bool kd_layout_matches(const struct kd_layout *layout, const struct kd_vmcoreinfo *info);
