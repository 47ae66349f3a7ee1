/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the halves of the Linux model: model-linux.c and model-linux-file.c.
 */
#pragma once

#include "tests/kexec/model-linux.h"

/** Capability, kexec_load_disabled, the limit, which is spent here. 0 or -EPERM. */
int model_permitted(struct model_linux *m, enum kd_kexec_purpose purpose);
/** kexec_trylock(): 0 or -EBUSY. */
int model_lock(struct model_linux *m);
/** False where the kernel gives EFAULT. @to: NULL to look only. */
bool model_copy_from_user(void *to, const void *from, uint64_t size);

int model_file_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		    size_t cmdline_len, unsigned long flags);
