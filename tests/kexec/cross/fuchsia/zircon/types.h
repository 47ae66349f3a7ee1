/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <zircon/types.h> and <zircon/errors.h>.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint32_t zx_handle_t;
typedef int32_t zx_status_t;
typedef uint32_t zx_rsrc_kind_t;

#define ZX_HANDLE_INVALID ((zx_handle_t)0)

#define ZX_OK			(0)
#define ZX_ERR_NOT_SUPPORTED	(-2)
#define ZX_ERR_INVALID_ARGS	(-10)
#define ZX_ERR_WRONG_TYPE	(-12)
#define ZX_ERR_OUT_OF_RANGE	(-14)
#define ZX_ERR_BUFFER_TOO_SMALL (-15)
#define ZX_ERR_NOT_FOUND	(-25)
#define ZX_ERR_ACCESS_DENIED	(-30)
