/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD 16's kexec_load(2) as something to run, twice: the committed manual page, and
 * the code of November 2025 (sys/kern/kern_kexec.c, sys/amd64/amd64/kexec_support.c) with
 * its faults. Where the page says nothing it says so, and where the code would panic that
 * is a verdict of its own. No kernel was asked: the code was read.
 */
#pragma once

#include <stdbool.h>

#include "kexec/backend/freebsd-calls.h"

enum model_reading {
	MODEL_PAGE,
	MODEL_SNAPSHOT,
};

enum model_verdict {
	MODEL_RETURNS,	/* the call returns the code */
	MODEL_UNSAID,	/* page only: forbidden without an error, or not spoken of */
	MODEL_PANICS,	/* code only, like the next two */
	MODEL_CORRUPTS, /* returns 0, and writes where it should not */
	MODEL_HANGS,	/* waits for memory that will not come */
};

struct model_answer {
	enum model_verdict verdict;
	int code;
	const char *why;
};

#define MODEL_PARTS 16

/** What memory holds at the jump: @parts by address; @sum: of the bytes from a buffer. */
struct model_image {
	uint64_t entry;
	size_t n;
	struct model_part {
		uint64_t mem;
		uint64_t memsz;
		uint64_t bufsz;
		uint64_t sum;
	} parts[MODEL_PARTS];
};

/**
 * @segs:       vm.phys_segs; @free: bytes free
 * @invariants: a kernel with INVARIANTS, as GENERIC of main is
 * @busy:       another call is under way; @unprivileged: without PRIV_REBOOT
 * @staged:     an image is; @image: which one; @registered: RB_KEXEC will jump into it
 * @stale:      the event handler's tag outlived its handler
 * @claimed:    the note of freebsd-calls.h; @locked: bytes locked now; @restarts: reboots
 * @last:       the last call's answer; @calls: of kexec_load
 */
struct model_freebsd {
	enum model_reading reading;
	bool invariants;
	bool la57;
	bool busy;
	bool unprivileged;
	struct {
		uint64_t start;
		uint64_t end;
	} segs[8];
	size_t n_segs;
	uint64_t free;

	bool staged;
	bool registered;
	bool stale;
	struct model_image image;
	bool claimed;
	int64_t locked;
	unsigned int restarts;
	unsigned int jumps;
	unsigned int calls;
	struct model_answer last;
};

/** The call, answered as @m->reading has it. */
struct model_answer model_freebsd_load(struct model_freebsd *m, uint64_t entry,
				       unsigned long count,
				       const struct kd_freebsd_segment *segments,
				       unsigned long flags);

/** reboot(2): true when it jumps into the image, false for an ordinary restart. */
bool model_freebsd_reboot(const struct model_freebsd *m, int howto);

/** The table for a backend; a verdict other than MODEL_RETURNS comes back as
 *  -ENOTRECOVERABLE and stays in @m->last. */
struct kd_freebsd model_freebsd_calls(struct model_freebsd *m);

bool model_image_same(const struct model_image *a, const struct model_image *b);

/** For messages: "returns EINVAL", "panics: …". */
const char *model_verdict_name(enum model_verdict verdict);
