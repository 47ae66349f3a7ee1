/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which dumps are to go: by count, bytes, age and free space. Pure. Never the newest whole
 * dump, never one that nobody was told of, never what is not kdumpd's. Called by
 * kdumpctl gc and its table of tests.
 */
#pragma once

#include "kdumpd/archive/archive.h"
#include "kdumpd/config/config.h"
#include "kdumpd/report/sentences.h"

/** What retention judges a dump by; @reported: somebody was told of it. */
struct kd_keep_dump {
	const struct kd_dump *dump;
	bool reported;
};

/**
 * @limits: 0 for what is not limited
 * @free_bytes: on the dumps' file system
 * @now: seconds since the epoch
 */
struct kd_keep_input {
	const struct kd_keep_dump *dumps; /* oldest first */
	size_t n;
	const struct kd_config_keep *limits;
	uint64_t free_bytes;
	int64_t now;
};

/**
 * Judge every dump.
 *
 * @ret: @n values: KD_SAY_OVER_… for one that is to go, KD_SAY_COUNT for one that stays
 * Returns how many are to go. Where what may go is not enough, the limits are exceeded:
 * that is @ret_short, a sentence as above, KD_SAY_COUNT when they are kept.
 */
size_t kd_keep_judge(const struct kd_keep_input *in, enum kd_say *ret,
		     enum kd_say *ret_short);
