/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How large a dump will be, before a byte of it is written: a few of its pages, taken all
 * over memory, are compressed for their size. Good to tell a level that cannot fit from one
 * that may; not to promise that it will. Called by dump.c.
 */
#pragma once

#include "makedumpfile/dump.h"

/**
 * @store:   filled
 * @samples: pages looked at, at most; not 0
 * @ret:     bytes of the file, headers and bitmaps too
 * Returns 0; -ENOTSUP where the kept pages are not at hand, or no codec is; -ENOMEM; the
 * errors of the store.
 */
int kd_dump_estimate(const struct kd_dump_request *request,
		     const struct kd_keepstore *store, unsigned int samples,
		     uint64_t *ret, struct kd_error *err);
