/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kexec command prints on stdout: help, version, a plan for people. Called by
 * program.c and run-*.c.
 */
#pragma once

#include <stdio.h>

#include "kexec/plan/plan.h"

void kd_kexec_print_usage(void);
void kd_kexec_print_version(void);

/** A line a segment, then entry and command line. */
void kd_kexec_print_plan(FILE *out, const struct kd_kexec_plan *plan);
