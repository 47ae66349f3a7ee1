/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of encrypted volumes that the crashed kernel handed over (CONFIG_CRASH_DM_CRYPT,
 * kernel/crash_dump_dm_crypt.c, since v6.16). Called by stack.c before a dm-crypt table is
 * loaded.
 */
#pragma once

#include "base/error.h"

/** Have the kernel put them into root's keyring as keys of type "user", where dm-crypt
 *  looks for them. Fine when it was done before. -ENOKEY where the kernel has none. */
int kd_crypt_keys_restore(int root_fd, struct kd_error *err);
