/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ELF file around the machine: headers, notes, vmcoreinfo, utsname. Private to
 * mkvmcore.
 */
#pragma once

#include "tests/tools/mkvmcore/machine.h"
#include "tests/tools/mkvmcore/script.h"

/** @file: what to do to the finished file (cut it, leave out notes). */
int mk_output_directive(struct mk *mk, struct mk_line *line, struct kd_error *err);

/** init_uts_ns, which readers look at for the machine's name and release. */
int mk_uts_write(struct mk *mk, struct kd_error *err);

/** Notes and headers, last: vmcoreinfo needs every symbol. */
int mk_output_finish(struct mk *mk, struct kd_error *err);
