/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a dump's headers say about the machine: taken from its memory where that holds
 * up, else made up from what is known for certain, because readers refuse a dump whose
 * utsname is off. Called by dump.c alone.
 */
#pragma once

#include "makedumpfile/dump-know.h"
#include "makedumpfile/format/kdump-writer.h"

/** Fill @ret but for n_described. Never fails. Borrows from request->core. */
void kd_dump_info(struct kd_kdump_info *ret, const struct kd_dump_request *request,
		  const struct kd_know *know, kd_pfn_t max_pfn, unsigned int level);
