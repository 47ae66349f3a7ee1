/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guarded load. Linux frees the armed image before it looks at the new one (kexec_load
 * and kexec_file_load for a crash, every kernel from 6.1 to 7.3), so a refusal disarms the
 * machine: everything is checked here first, and after a refusal the last good image is
 * loaded again. The daemon and the kexec program load through this and nothing else.
 */
#pragma once

#include "kexec/backend/backend.h"

/**
 * Where a load goes, and what is known of the place.
 *
 * @facts: never NULL where the system is Linux
 * @host:  never NULL where segments are loaded
 */
struct kd_load_place {
	struct kd_kexec_backend backend;
	const struct kd_kexec_facts *facts;
	const struct kd_kexec_host *host;
};

/** What the machine is left with. */
enum kd_load_left {
	KD_LOAD_LEFT_UNTOUCHED, /* as it was: refused early, or before anything was freed */
	KD_LOAD_LEFT_NEW,
	KD_LOAD_LEFT_LAST_GOOD, /* the new one was refused, the old one loaded again */
	KD_LOAD_LEFT_NOTHING,	/* disarmed: neither could be loaded */
	KD_LOAD_LEFT_UNKNOWN,	/* refused, and this system cannot say what is left */
};

/**
 * Everything that can be known about @load without the system call. Of a plan: each
 * buffer can be read, no rule of validate.h is broken (Zircon's are looked at once its
 * backend has made the images). Of files: the obstacles of the machine, the kernel and
 * that nobody has it open for writing, the initrd, the command line's length, and
 * whether all of it fits the reservation.
 *
 * Errors: one sentence in @err; the kernel's own errno for a rule it has, -EINVAL for
 * others; for files -ENOEXEC, -E2BIG, -EINVAL, -ENOMEM, -ETXTBSY, those of
 * kd_kernel_open() and of reading.
 */
int kd_kexec_load_check(const struct kd_load_place *place,
			const struct kd_kexec_load *load, struct kd_error *err);

/**
 * Check, load, and on a refusal that cost what was loaded before load @last_good again.
 * -EPERM without a try when @last_good is armed and kernel.kexec_load_limit_panic has
 * only one left: loading it again would be another.
 *
 * @last_good: what is loaded now for the same purpose, NULL when nothing of ours is
 * @ret_left:  always set
 * @err:       both failures, when both fail
 */
int kd_kexec_load_guarded(const struct kd_load_place *place,
			  const struct kd_kexec_load *load,
			  const struct kd_kexec_load *last_good,
			  enum kd_load_left *ret_left, struct kd_error *err);
