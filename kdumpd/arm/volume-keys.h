/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of encrypted targets, named to the kernel so that it hands them to the capture
 * kernel (crash_dm_crypt_keys, kernel/crash_dump_dm_crypt.c, since v6.16): the key itself
 * stays in a keyring and in the memory reserved for the crash, never in a file. Called by
 * the arm path.
 */
#pragma once

#include "kdumpd/host/host-stack.h"

/**
 * Whether the kernel can hand these keys over: it has the interface, and each key is
 * known here or lies in root's keyring by its description. Changes nothing.
 *
 * Errors, each with one sentence that says what to do: -ENOTSUP, -ENOKEY.
 */
int kd_volume_keys_check(int root_fd, const struct kd_stack_facts *facts,
			 struct kd_error *err);

/** Name them to the kernel, which reads them when an image is loaded by
 *  kexec_file_load(2), and no others any more that were named here before. */
int kd_volume_keys_register(int root_fd, const struct kd_stack_facts *facts,
			    struct kd_error *err);
