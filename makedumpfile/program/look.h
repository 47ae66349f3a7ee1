/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program knows of a dump besides the dump: -x and -i, and for modes that look
 * into one, its translation and memory map. Part of the program, not of the library.
 * Called by run-*.c.
 */
#pragma once

#include "makedumpfile/dump-know.h"
#include "makedumpfile/layout/extra.h"
#include "makedumpfile/program/program.h"

/**
 * Read what -x and -i name for @input and tell the remarks.
 *
 * @ret_seen:  @input, with the text of -i for vmcoreinfo where it has none; borrows from
 *             both
 * @ret_extra: kd_extra_done()
 * Returns 1 when ret_extra->layout is to be used, 0 when neither was named; else as
 * kd_extra_load(): -ESTALE is the program's exit status 2.
 */
int kd_program_extra(const struct kd_program *p, const struct kd_input *input,
		     struct kd_input *ret_seen, struct kd_extra *ret_extra,
		     struct kd_error *err);

/**
 * @input: owned
 * @seen:  what kd_program_extra() made of it
 * @know:  what is known of its kernel; says itself what is missing
 */
struct kd_look {
	struct kd_input *input;
	struct kd_input seen;
	struct kd_extra extra;
	struct kd_know know;
};

/**
 * Open the input of the command line, whatever its format.
 *
 * @ret: must stay where it is; kd_look_done(), on failure too
 */
int kd_look_open(struct kd_program *p, struct kd_look *ret, struct kd_error *err);
void kd_look_done(struct kd_look *look);
