/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixed texts of the makedumpfile program, on stdout: help and version. Called by
 * main.c alone.
 */
#pragma once

/** Print help on stdout. */
void kd_print_usage(void);
/** Print version and codecs on stdout. */
void kd_print_version(void);
