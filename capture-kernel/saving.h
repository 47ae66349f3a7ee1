/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What saving a dump takes, whichever: the dead kernel's memory, its layout, the options
 * of core_collector; and the read-back that a file must stand before it gets its name.
 * Used by save-dump.c and save-mini.c, in children with a memory cap.
 */
#pragma once

#include "capture-kernel/place.h"
#include "capture-kernel/shared.h"
#include "makedumpfile/dump.h"

/**
 * What a child is told.
 *
 * @root_fd:   below which proc/vmcore and kdump/layout lie
 * @dir:       the dump folder
 * @collector: core_collector; one that is no makedumpfile line falls back to -d 31
 * @memory:    bytes of buffers
 * @threads:   at most; 0 for as many as there are CPUs
 * @deadline_ms: when it must be done, since boot; 0 for whenever
 * @shared:    progress, and the outcome to fill in
 */
struct kd_save {
	int root_fd;
	struct kd_place *dir;
	const char *collector;
	uint64_t memory;
	unsigned int threads;
	uint64_t deadline_ms;
	struct kd_shared *shared;
};

/** What a dump is made from; @request points into it, so it stays where it is. */
struct kd_saving {
	const struct kd_save *save;
	struct kd_input *input;
	struct kd_layout layout;
	struct kd_dump_options options;
	struct kd_dump_request request;
};

/**
 * Open the dead kernel's memory and read what is known of it. What cannot be read is noted.
 * Errors: those of reading the vmcore, -ENOMEM. kd_saving_done() in each case.
 */
int kd_saving_init(struct kd_saving *ret, const struct kd_save *save,
		   struct kd_error *err);
void kd_saving_done(struct kd_saving *s);

/** Write a dump to the new file @name, durable when 0 is returned. What an earlier attempt
 *  left there goes. Errors as kd_dump_write() and those of the place. */
int kd_saving_write(struct kd_saving *s, const char *name, struct kd_dump_stats *ret,
		    struct kd_error *err);

/**
 * Read a file back from its disk, every page of it.
 *
 * @ret_sha256: of the bytes that were read, in hex; NULL when nobody asks for it
 * -EBADMSG when what is there is not what was written.
 */
int kd_saving_verify(const struct kd_save *save, const char *name, char ret_sha256[65],
		     struct kd_error *err);
