/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay-freebsd.S as bytes: see replay-stubs.h.
 */
#include "tests/kexec/replay-stubs.h"

#include "tests/kexec/replay-freebsd.inc"

const uint8_t *const replay_freebsd_code = blob_code;
const size_t replay_freebsd_size = sizeof(blob_code);
const size_t replay_freebsd_params = KD_BLOB_PARAMS;
