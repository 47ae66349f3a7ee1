/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <zircon/syscalls/resource.h>.
 */
#pragma once

#include <zircon/types.h>

#define ZX_RSRC_KIND_SYSTEM	  ((zx_rsrc_kind_t)5u)
#define ZX_RSRC_SYSTEM_MEXEC_BASE ((uint64_t)6u)
