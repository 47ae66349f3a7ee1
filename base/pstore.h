/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine's pstore is kept by: firmware or memory that outlives a restart
 * (fs/pstore/platform.c). Used by the image, which brings its driver along, and by the
 * capture, for which it is the last resort.
 */
#pragma once

#include "base/types.h"

#define KD_PSTORE_NAME 64

/** The name by which it is registered, "efi_pstore", "erst"; false when there is none. */
bool kd_pstore_backend(int root_fd, char ret[static KD_PSTORE_NAME]);
