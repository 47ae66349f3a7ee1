/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink that is full at a given size (-L), in front of another one, so that no writer
 * has to count. Used by the façade.
 */
#pragma once

#include "makedumpfile/sink/sink.h"

/** Embeds a sink; @inner is borrowed and not freed with it. */
struct kd_sink_limit {
	struct kd_sink sink;
	struct kd_sink_ops ops;
	struct kd_sink *inner;
	uint64_t limit;
};

/** What reaches past @limit bytes is -ENOSPC; a limit of 0 is none.
 *  Borrow @ret->sink as long as @inner lives. */
void kd_sink_limit_init(struct kd_sink_limit *ret, struct kd_sink *inner, uint64_t limit);
