/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay-zircon.S as bytes: see replay-stubs.h.
 */
#include "tests/kexec/replay-stubs.h"

#include "tests/kexec/replay-zircon.inc"

const uint8_t *const replay_zircon_code = blob_code;
const size_t replay_zircon_size = sizeof(blob_code);
const size_t replay_zircon_params = KD_BLOB_PARAMS;
