/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD 16 as a backend: kexec_load(2), then reboot(2) with RB_KEXEC. Follows the
 * committed page, and lets nothing through on which page and implementation differ:
 * docs/kexec-systems.md. Never run on FreeBSD. Made by the kexec program; tests put a
 * model below it.
 */
#pragma once

#include "kexec/backend/backend.h"
#include "kexec/backend/freebsd-calls.h"

/**
 * Its context: whose calls, owned by the caller as long as the backend is used. What was
 * loaded outlives the process, so it is noted in the system (claim) and not here.
 *
 * load:    once in a boot. -EALREADY afterwards: a second load, and an unload, panic a
 *          kernel with INVARIANTS. -ENOTSUP for a crash load, files, five-level tables;
 *          -EINVAL for whatever a rule is against; -EBUSY while another program loads:
 *          not tried again, since that load counts too
 * unload:  -ENOTSUP always: what is loaded does no harm, only RB_KEXEC starts it
 * loaded:  -ENOTSUP always: the kernel does not tell
 * execute: -ENOENT when nothing was loaded through here in this boot: the kernel would
 *          restart through the firmware, silently
 */
struct kd_kexec_backend kd_freebsd_backend(struct kd_freebsd *system);
