/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <zircon/process.h>.
 */
#pragma once

#include <zircon/types.h>

zx_handle_t zx_take_startup_handle(uint32_t hnd_info);
