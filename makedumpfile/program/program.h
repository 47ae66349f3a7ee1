/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The makedumpfile program between its parts: main.c parses and dispatches, each mode is
 * one run-*.c. Nothing here is part of the library. Included by these alone.
 */
#pragma once

#include "makedumpfile/options.h"
#include "makedumpfile/program/messages.h"
#include "makedumpfile/program/progress.h"
#include "makedumpfile/sink/sink.h"

/**
 * The program's root. @out: where common messages and reports go: stdout, or stderr when
 * stdout carries the dump (-F) or one JSON object (--json)
 */
struct kd_program {
	struct kd_dump_options options;
	struct kd_progress progress;
	FILE *out;
};

/** Whether --message-level has @bit. */
static inline bool kd_program_says(const struct kd_program *p, enum kd_message_level bit)
{
	return p->options.message_level & (unsigned int)bit;
}

/**
 * Create @path for writing and reading back; a dump holds the machine's memory, so that
 * nobody but its owner may read it.
 * @again: it is ours from an attempt before: overwrite it
 * -EEXIST, in words, when it is there and -f was not given; those of open.
 */
int kd_program_create(const struct kd_program *p, const char *path, bool again, int *ret,
		      struct kd_error *err);

/** As kd_program_create(), for a dump: the file as a sink. */
int kd_program_create_sink(const struct kd_program *p, const char *path, bool again,
			   struct kd_sink **ret, struct kd_error *err);

/* The modes. Each returns 0, or a negative errno with one line in @err; -ESTALE when the
 * vmlinux is another kernel's than the vmcore, for which there is an exit status. */
int kd_run_dump(struct kd_program *p, struct kd_error *err);
int kd_run_dmesg(struct kd_program *p, struct kd_error *err);
int kd_run_rearrange(struct kd_program *p, struct kd_error *err);
int kd_run_reassemble(struct kd_program *p, struct kd_error *err);
int kd_run_generate(struct kd_program *p, struct kd_error *err);
int kd_run_mem_usage(struct kd_program *p, struct kd_error *err);
int kd_run_vtop(struct kd_program *p, struct kd_error *err);
int kd_run_info(struct kd_program *p, struct kd_error *err);
int kd_run_verify(struct kd_program *p, struct kd_error *err);
int kd_run_salvage(struct kd_program *p, struct kd_error *err);
/* Two dumps differ: exit status 1. What failed exits with 2 then, as in diff(1). */
#define KD_RUN_DIFFER 1
/** As the others, or KD_RUN_DIFFER. */
int kd_run_diff(struct kd_program *p, struct kd_error *err);
