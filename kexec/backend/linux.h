/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Linux backend: segments by kexec_load(2), files by kexec_file_load(2), unloading,
 * and the jump. Knows what each costs: a refused crash load the image that was armed, each
 * try one of kernel.kexec_load_limit_*. Called through backend.h by load.c and the kexec
 * program.
 */
#pragma once

#include "kexec/backend/backend.h"
#include "kexec/backend/linux-calls.h"

/**
 * @facts: of the machine; @host: its snapshot, NULL where only files are loaded. Borrowed
 * @asked, @known: private: which of the flags the kernel was asked for, and knows
 */
struct kd_linux_backend {
	struct kd_linux kernel;
	const struct kd_kexec_facts *facts;
	const struct kd_kexec_host *host;
	uint64_t asked;
	uint64_t known;
};

/** @b must outlive what is returned; set @kernel, @facts, @host, nothing else. */
struct kd_kexec_backend kd_linux_backend(struct kd_linux_backend *b);

/**
 * Whether kexec_load(2) knows a flag: 1, 0, or -EAGAIN when asking is not free. The kernel
 * is asked by a call for a reboot whose array is nowhere: flags are looked at before it,
 * nothing has been freed by then, and EFAULT says that they were good. It would cost one
 * of kexec_load_limit_reboot where there is such a limit: not asked then.
 */
int kd_linux_knows(struct kd_linux_backend *b, uint64_t flag);

/** The calls' own parts of the backend: linux-load.c and linux-file.c. 0 or -errno of the
 *  call, nothing explained; @err has words only where there was no call. */
int kd_linux_load_segments(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			   struct kd_error *err);
int kd_linux_load_files(struct kd_linux_backend *b, const struct kd_kexec_load *load,
			struct kd_error *err);

/** The flags of kexec_load(2) for @load: see backend.h. */
int kd_linux_flags(void *context, const struct kd_kexec_load *load, uint64_t *ret,
		   struct kd_error *err);

/** Tries so far of a call that found the kernel's lock taken; @limit: of all there may be
 *  until the next boot, negative for no limit. */
struct kd_linux_patience {
	unsigned int tries;
	unsigned int ms;
	int64_t limit;
};

struct kd_linux_patience kd_linux_patience(const struct kd_linux_backend *b,
					   enum kd_kexec_purpose purpose);

/** After @r came back: true when it was EBUSY and the time for another try has come. */
bool kd_linux_again(const struct kd_linux_backend *b, struct kd_linux_patience *p, int r);
