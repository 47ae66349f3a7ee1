/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running kernel says about kexec: is a crash image loaded, how much memory is
 * reserved, what would refuse a load. Read through a root_fd from /sys and /proc;
 * trusts their text formats (Documentation/ABI/testing/sysfs-kernel-kexec-kdump,
 * Documentation/admin-guide/sysctl/kernel.rst). Called by the daemon, kdumpctl, load.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

enum kd_lockdown {
	KD_LOCKDOWN_NONE, /* off, or a kernel without lockdown */
	KD_LOCKDOWN_INTEGRITY,
	KD_LOCKDOWN_CONFIDENTIALITY,
};

/**
 * @supported:     the kernel has crash kexec at all (CONFIG_CRASH_DUMP)
 * @crash_loaded:  an image is armed, ours or not
 * @crash_size:    bytes reserved by crashkernel=, 0 for none
 * @reboot_loaded: an image for a reboot is loaded
 * @load_disabled: kernel.kexec_load_disabled; one way, until reboot
 * @limit_panic:   crash loads still allowed (kernel.kexec_load_limit_panic), -1: no limit
 * @limit_reboot:  the same for a reboot (kernel.kexec_load_limit_reboot)
 * @cap_sys_boot:  this process may load
 * @jump:          a kernel started by this one can come back (CONFIG_KEXEC_JUMP). No file
 *                 says so: false when read, the Linux backend asks the kernel
 */
struct kd_kexec_facts {
	bool supported;
	bool crash_loaded;
	uint64_t crash_size;
	bool reboot_loaded;
	bool load_disabled;
	int64_t limit_panic;
	int64_t limit_reboot;
	enum kd_lockdown lockdown;
	bool cap_sys_boot;
	bool jump;
};

/**
 * Read them all. Files a kernel does not have leave the harmless value; both the old
 * places (/sys/kernel/kexec_*) and those of 6.19 (/sys/kernel/kexec/) are looked at.
 *
 * Errors: -EBUSY when the reserved size stays locked by another loader for 1 s;
 * -EINVAL, -EIO for a file that cannot be understood. @ret untouched then.
 */
int kd_kexec_facts_read(int root_fd, struct kd_kexec_facts *ret, struct kd_error *err);

/** Only whether a crash image is armed: 1 or 0, -EOPNOTSUPP without crash kexec. */
int kd_kexec_crash_loaded(int root_fd);

/** The same for an image that a reboot would start; -EOPNOTSUPP without kexec. */
int kd_kexec_reboot_loaded(int root_fd);

/** Only the bytes reserved; -EOPNOTSUPP without crash kexec, -EBUSY as above. */
int kd_kexec_crash_size(int root_fd, uint64_t *ret, struct kd_error *err);
