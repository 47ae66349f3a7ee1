/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an architecture implements to translate addresses. A new one is a file
 * translate-<arch>.c, its table declared here and a line in xlat.c. Private to vmcore/.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

/**
 * @init: fill in what the walk needs from @info; memory and ops are set already.
 *        0, -ENODATA with the missing key named in @err, -EBADMSG
 * @vtop: as kd_xlat_vtop(), both outputs given
 */
struct kd_xlat_ops {
	int (*init)(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		    struct kd_error *err);
	int (*vtop)(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		    uint64_t *ret_run);
};

extern const struct kd_xlat_ops kd_xlat_x86_64;
