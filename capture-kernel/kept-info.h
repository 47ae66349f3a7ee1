/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel's vmcoreinfo as it was when the system was armed: /kdump/vmcoreinfo
 * of the image (kdumpd/arm/front.h), for when the one in /proc/vmcore is damaged. Trusts
 * neither: the kept one has to prove that it is of this very boot. Called by
 * dead-kernel.c.
 */
#pragma once

#include "makedumpfile/vmcore/elf-core.h"

/**
 * Replace @core's vmcoreinfo by the kept one, if it does not begin with it, as a kernel's
 * does (kernel/vmcore_info.c adds CRASHTIME behind it and nothing else), and if the kept
 * one finds page tables in @core and, by them, the name of the kernel it is of: addresses
 * of another boot do not. Else, and when there is none, @core stays as it is.
 */
void kd_kept_info_use(int root_fd, struct kd_vmcore *core);
