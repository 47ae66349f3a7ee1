/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zx_system_mexec() and zx_system_mexec_payload_get() in numbers, in our own words: made
 * from their pages (docs/reference/syscalls) and zircon/system/public/zircon. Needs no
 * Fuchsia header, so that backend, model and tests compile anywhere; zircon-calls.c
 * compares it with the system's headers where they are.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** zx_handle_t, zx_status_t (zircon/types.h). */
typedef uint32_t kd_zx_handle_t;
typedef int32_t kd_zx_status_t;

#define KD_ZX_HANDLE_INVALID 0u

/** zircon/errors.h. */
#define KD_ZX_OK		    0
#define KD_ZX_ERR_INTERNAL	    (-1)
#define KD_ZX_ERR_NOT_SUPPORTED	    (-2)
#define KD_ZX_ERR_NO_RESOURCES	    (-3)
#define KD_ZX_ERR_NO_MEMORY	    (-4)
#define KD_ZX_ERR_INVALID_ARGS	    (-10)
#define KD_ZX_ERR_BAD_HANDLE	    (-11)
#define KD_ZX_ERR_WRONG_TYPE	    (-12)
#define KD_ZX_ERR_OUT_OF_RANGE	    (-14)
#define KD_ZX_ERR_BUFFER_TOO_SMALL  (-15)
#define KD_ZX_ERR_BAD_STATE	    (-20)
#define KD_ZX_ERR_NOT_FOUND	    (-25)
#define KD_ZX_ERR_ACCESS_DENIED	    (-30)
#define KD_ZX_ERR_IO_DATA_INTEGRITY (-42)

/** zircon/syscalls/resource.h. The seed's page wants ROOT, which stands for every kind;
 *  the page of 2022 and later SYSTEM with this base. */
#define KD_ZX_RSRC_KIND_ROOT	     3u
#define KD_ZX_RSRC_KIND_SYSTEM	     5u
#define KD_ZX_RSRC_SYSTEM_MEXEC_BASE 6ull

/** zircon/processargs.h: handles that whoever starts a program may give it. */
#define KD_ZX_PA_RESOURCE	 0x3fu
#define KD_ZX_PA_SYSTEM_RESOURCE 0x54u

/** zx_system_mexec_payload_get(): "no longer than 16KiB"; the page it grows by. */
#define KD_ZX_PAYLOAD_MAX 16384u
#define KD_ZX_PAGE	  4096u

/** ZX_CPRNG_DRAW_MAX_LEN: what one zx_cprng_draw() gives. */
#define KD_ZX_ENTROPY 256u

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "LP64");
_Static_assert(sizeof(kd_zx_handle_t) == 4, "zx_handle_t is 32 bits");
_Static_assert((kd_zx_status_t)-1 < 0 && sizeof(kd_zx_status_t) == 4, "zx_status_t");
_Static_assert(KD_ZX_PAYLOAD_MAX == 4 * KD_ZX_PAGE, "kBootdataPlatformExtraBytes");
