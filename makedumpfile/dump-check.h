/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the filter can be believed: what it found against what the dead kernel
 * counted, and what of the options this kernel gives no means for. Everything is told in
 * words, and doubt keeps pages. Called by dump.c between filtering and writing.
 */
#pragma once

#include "makedumpfile/dump-know.h"
#include "makedumpfile/pages/keepstore.h"
#include "makedumpfile/pages/selfcheck.h"

/** Tell which classes of --exclude cannot be told apart on this kernel. */
void kd_dump_check_exclude(const struct kd_dump_request *request,
			   const struct kd_know *know);

/**
 * Hold @counts of a fill with @scan against the kernel's own, and tell what does not
 * fit. @check: what was found; empty when nothing is known of the kernel.
 * Returns the classes, 1U << class, that this dump would leave out and has to keep: 0
 * when the filter stands.
 */
unsigned int kd_dump_check_counts(const struct kd_dump_request *request,
				  const struct kd_know *know, const struct kd_scan *scan,
				  const struct kd_scan_counts *counts,
				  struct kd_selfcheck *check);
