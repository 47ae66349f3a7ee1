/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between options.c and collector.c: a command line that names no files. Nobody else
 * calls this.
 */
#pragma once

#include "makedumpfile/options.h"

/** As kd_options_parse(), but files and modes that write no dump are refused. */
int kd_options_parse_words(int argc, char *const argv[], struct kd_dump_options *ret,
			   struct kd_error *err);
