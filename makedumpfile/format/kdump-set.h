/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a split dump as one memory: each has all headers and bitmaps, and the
 * pages of its own frames. Trusts the parts' reader, and nothing about how they fit
 * together. Used by the input.
 */
#pragma once

#include "makedumpfile/format/kdump-reader.h"

#define KD_KDUMP_SET_MAX 64

struct kd_kdump_set;

/**
 * @parts: in any order; taken over on success
 * Returns 0; -EBADMSG when they are not parts of one dump, in words; -E2BIG; -ENOMEM.
 */
int kd_kdump_set_new(struct kd_kdump **parts, size_t n, struct kd_kdump_set **ret,
		     struct kd_error *err);
void kd_kdump_set_free(struct kd_kdump_set *set);
KD_DEFINE_GUARD(struct kd_kdump_set, kd_kdump_set_free)

/** Borrowed. */
const struct kd_memory *kd_kdump_set_memory(const struct kd_kdump_set *set);
/** The part with the lowest frames, whose headers speak for all; borrowed. */
const struct kd_kdump *kd_kdump_set_first(const struct kd_kdump_set *set);
/** Whether no part is missing or incomplete. */
bool kd_kdump_set_whole(const struct kd_kdump_set *set);
