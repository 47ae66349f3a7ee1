/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of this machine that the plan depends on: its kernel and where the dump would
 * go. Read through a root_fd, so that a test's machine is a folder. Trusts /proc and
 * /sys; a file system's superblock only as far as libblkid does. Called by arm.c.
 */
#pragma once

#include <sys/types.h>

#include "base/plan.h"
#include "kdumpd/config/config.h"
#include "kdumpd/host/cpus.h"
#include "kexec/host/facts.h"

#define KD_CMDLINE_SIZE 4096
#define KD_BLOCK_NAME	64

/**
 * @build_id: of the running kernel, in hex; "" when it has none
 * @boot_id:  random, one a boot (/proc/sys/kernel/random/boot_id)
 * @cmdline:  the running kernel's
 * @memory:   bytes of RAM that the kernel manages; 0 when it does not say
 */
struct kd_host {
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
	char boot_id[KD_BOOT_ID_SIZE];
	char cmdline[KD_CMDLINE_SIZE];
	struct kd_kexec_facts kexec;
	struct kd_cpus cpus;
	uint64_t memory;
};

/** Read them. Errors: those of the files, -EINVAL for one that makes no sense. */
int kd_host_read(int root_fd, struct kd_host *ret, struct kd_error *err);

/** What a superblock says of itself; "" for what it does not say. @table: "gpt", "dos" …
 *  when it is a table of partitions; @ambiguous: several things at once. */
struct kd_probe {
	char fstype[32];
	char uuid[64];
	char label[KD_PLAN_STRING];
	char partuuid[64];
	char partlabel[KD_PLAN_STRING];
	char table[32];
	bool ambiguous;
};

/** Probe an open block device, or a file of one's image. 0 with empty strings when
 *  nothing is recognised; -EIO, -EINVAL, -ENOMEM. Implemented in host-probe.c. */
int kd_probe_fd(int fd, struct kd_probe *ret);

/** The same of a device as sysfs knows it ("cciss!c0d0"). */
int kd_probe_block(int root_fd, const char *name, struct kd_probe *ret);

/**
 * One target as it is on this machine. For types that are no block device only the first
 * two and @path mean something.
 *
 * @wanted:     what the configuration says of it
 * @error:      code 0, or why it cannot be used
 * @name:       block device as sysfs knows it, "vda1"
 * @device:     its number
 * @probe:      what it holds
 * @stack:      "STACK=2" when it is put together from others, else ""
 * @options:    to mount it with, beyond what is always so
 * @way:        to a target on another machine
 * @path:       folder for the dumps, below the file system's root
 * @mounted:    whether it is mounted now; only then the next two mean something
 * @mount_point: where; of a raw partition "/", below which its dumps come to
 * @free_bytes: what an ordinary user may still write; of a raw partition the room behind
 *              what lies on it
 */
struct kd_target_facts {
	struct kd_config_target wanted;
	struct kd_error error;
	char name[KD_BLOCK_NAME];
	dev_t device;
	struct kd_probe probe;
	char stack[KD_PLAN_STRING];
	char options[KD_PLAN_STRING];
	struct kd_plan_way way;
	char path[KD_PLAN_STRING];
	bool mounted;
	char mount_point[KD_PLAN_STRING];
	uint64_t free_bytes;
};

/**
 * Find one target: the device that is named or, for KD_TARGET_OF_…, that which holds the
 * configuration's path or the root. Works without udev: links below /dev/disk are used
 * where they are.
 *
 * @path: the configuration's
 * Errors, each with one sentence: -ENOENT no such device or path; -ENOTSUP the path
 * is on something that is no block device (tmpfs, NFS).
 */
int kd_target_find(int root_fd, const struct kd_config_target *wanted, const char *path,
		   struct kd_target_facts *ret, struct kd_error *err);

/** Find all of @config's targets, in its order: @ret[i] is of @config->targets[i], with
 *  its error where it was not found. */
void kd_targets_find(int root_fd, const struct kd_config *config,
		     struct kd_target_facts ret[static KD_PLAN_TARGETS]);

/** The block device a target line names, "UUID=…" or "/dev/…", as sysfs knows it. Errors
 *  as kd_target_find(). */
int kd_target_device(int root_fd, const char *source, char ret[KD_BLOCK_NAME],
		     struct kd_error *err);
