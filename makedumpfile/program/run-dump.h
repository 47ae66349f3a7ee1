/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the main mode: run-dump.c goes through the levels, run-dump-output.c has
 * the files or the stream they go to, run-dump-erase.c what is erased,
 * run-dump-debug.c tells what is known. Included by
 * these alone.
 */
#pragma once

#include "makedumpfile/dump.h"
#include "makedumpfile/program/program.h"

/** Where one attempt goes. @sinks: @n of them, none for a dry run; @spill_fd: where
 *  bitmaps go that memory does not hold, negative without. Both owned */
struct kd_outputs {
	int spill_fd;
	struct kd_keep_spill spill;
	struct kd_sink *sinks[KD_DUMP_FILES];
	size_t n;
};

/**
 * Open what the command line names: a file, the parts of a split dump, or stdout as a
 * stream.
 * @again: files are ours from an attempt before: start them over
 * *ret is empty on failure. -ENOTSUP; those of kd_program_create() and of the sinks.
 */
int kd_outputs_open(struct kd_outputs *ret, const struct kd_program *p, bool again,
		    struct kd_error *err);
/** Close them. What was not finished is left as it is. */
void kd_outputs_done(struct kd_outputs *o);
/** All is written: send what is held back, and sync. The first error. */
int kd_outputs_finish(struct kd_outputs *o, struct kd_error *err);

/**
 * What --config means in @input, with the types of -x where that was named.
 * @note: told in lines what matched nothing; with @context
 * Errors: those of kd_erase_resolve_at(), and of reading the vmlinux.
 */
int kd_program_erase(const struct kd_program *p, const struct kd_input *input,
		     void (*note)(void *context, const char *text), void *context,
		     struct kd_erase **ret, struct kd_error *err);

/** -D: the kernel, its memory, and how it is going to be dumped, on p->out. */
void kd_debug_input(const struct kd_program *p, const struct kd_input *input);
/** -D: what the dump was made with, after it. */
void kd_debug_stats(const struct kd_program *p, const struct kd_dump_stats *s);
