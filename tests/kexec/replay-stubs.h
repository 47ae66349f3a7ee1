/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stubs as built: bytes to copy to a page, entered at the first one, and where their
 * parameters are (struct replay_freebsd, struct replay_zircon).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

extern const uint8_t *const replay_freebsd_code;
extern const size_t replay_freebsd_size;
extern const size_t replay_freebsd_params;

extern const uint8_t *const replay_zircon_code;
extern const size_t replay_zircon_size;
extern const size_t replay_zircon_params;
