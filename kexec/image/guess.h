/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file is that is no kernel of a known kind: for messages only. Pure. Trusts
 * nothing. Called by the readers of image/.
 */
#pragma once

#include "kexec/image/kernel.h"

/** "a gzip file", by the file's first bytes; NULL when we do not know either. */
const char *kd_kernel_guess(struct kd_bytes head);

/**
 * Refuse a file that no format claims, in one sentence.
 *
 * Returns -ENOTSUP for a known kind that cannot be started from here, -ENOEXEC for all
 * others.
 */
int kd_kernel_refuse(struct kd_bytes head, struct kd_error *err);
