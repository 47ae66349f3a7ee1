/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CONTRACT daemon -> capture side: what pid 1 of the capture kernel is to do, decided
 * while the system was healthy. Text, one "key=value" a line after a version line;
 * docs/plan.md is the specification. Written by kdumpd, read by capture-kernel.
 * The reader trusts nothing: a plan it cannot read whole still yields what it could.
 */
#pragma once

#include "base/plan-net.h"
#include "base/plan-stack.h"
#include "base/strbuf.h"
#include "base/types.h"

#define KD_PLAN_VERSION	  1
#define KD_PLAN_MAX_SIZE  65536 /* bytes of text */
#define KD_PLAN_TARGETS	  8
#define KD_PLAN_STRING	  256
#define KD_PLAN_COLLECTOR 1024
#define KD_BUILD_ID_HEX	  129 /* 64 bytes of build ID in hex, and a NUL */
#define KD_RELEASE_SIZE	  65 /* struct new_utsname member, include/uapi/linux/utsname.h */
#define KD_PLAN_CRASHES	  3  /* dumps within an hour, unless configured */
#define KD_BOOT_ID_SIZE	  40 /* /proc/sys/kernel/random/boot_id, a UUID */

enum kd_action {
	KD_ACTION_REBOOT,
	KD_ACTION_HALT,
	KD_ACTION_POWEROFF,
	KD_ACTION_COUNT,
};

enum kd_target_type {
	KD_TARGET_FS,	 /* a file system on a block device, mounted by pid 1 */
	KD_TARGET_RAW,	 /* a partition without a file system */
	KD_TARGET_NFS,	 /* an export */
	KD_TARGET_SSH,	 /* a host that takes files by SSH */
	KD_TARGET_SFTP,	 /* the same, by its SFTP server alone */
	KD_TARGET_SHARE, /* a folder the hypervisor shares: virtiofs, 9p */
	KD_TARGET_COUNT,
};

/**
 * Where a dump may go; targets are tried in order.
 *
 * @device:  "UUID=…", "LABEL=…", "PARTUUID=…", "PARTLABEL=…", "WWID=…", "SERIAL=…",
 *           "STACK=<n>" or "STACK=<n>.<partition>", or "/dev/…"; for the other types
 *           "host:/export", "user@host", a tag
 * @fstype:  for mount(2), "ext4"
 * @options: mount options, comma separated, "" for none
 * @path:    folder below the target's root that holds the dump folders
 * @way:     to a target on another machine
 */
struct kd_plan_target {
	enum kd_target_type type;
	char device[KD_PLAN_STRING];
	char fstype[32];
	char options[KD_PLAN_STRING];
	char path[KD_PLAN_STRING];
	struct kd_plan_way way;
};

/**
 * @release, @build_id: of the kernel the plan was made for; build ID in hex
 * @arm_id:    names this arming; comes back in the outcome
 * @host:      first part of a dump folder's name: host name or address
 * @collector: core_collector with its options, as in kdump.conf
 * @final_action:   after a dump was saved
 * @failure_action: after none could be
 * @phase_timeout:  seconds one phase may take without progress, > 0
 * @total_timeout:  seconds the whole capture may take, > 0
 * @memory_limit:   bytes the dump's buffers may use, 0: derive from free memory
 * @test:           capture was asked for by `kdumpctl test`
 * @crash_loop_limit: dumps within an hour after which only logs are saved, 0: never
 * @kdump_pre, @kdump_post, @kdump_emergency: programs in the image, "" for none
 */
struct kd_plan {
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
	char arm_id[KD_RELEASE_SIZE];
	char host[KD_RELEASE_SIZE];
	char collector[KD_PLAN_COLLECTOR];
	enum kd_action final_action;
	enum kd_action failure_action;
	unsigned int phase_timeout;
	unsigned int total_timeout;
	uint64_t memory_limit;
	bool test;
	unsigned int crash_loop_limit;
	char kdump_pre[KD_PLAN_STRING];
	char kdump_post[KD_PLAN_STRING];
	char kdump_emergency[KD_PLAN_STRING];
	size_t n_targets;
	struct kd_plan_target targets[KD_PLAN_TARGETS];
	size_t n_nets;
	struct kd_plan_net nets[KD_PLAN_NETS];
	size_t n_stack;
	struct kd_plan_stack stack[KD_PLAN_STACK];
	size_t n_fences;
	struct kd_plan_fence fences[KD_PLAN_FENCES];
};

/** Defaults: reboot on either end, 120 s a phase, 1800 s in all, logs alone after 3 dumps
 *  in an hour, no target. */
void kd_plan_init(struct kd_plan *plan);

/**
 * Append the text of @plan to @out.
 * Returns 0; -EINVAL when a string holds a control character; the buffer's error.
 */
int kd_plan_encode(const struct kd_plan *plan, struct kd_strbuf *out,
		   struct kd_error *err);

/**
 * Read a plan.
 *
 * @ret: set to the defaults first and then to every line that could be understood,
 *       even when an error is returned: pid 1 goes on with what there is
 * Returns 0, -EPROTO for another version, -EINVAL for the first line that is wrong
 * (named in @err), -E2BIG when too many targets, stacked devices or device lines are
 * named.
 */
int kd_plan_decode(const char *text, size_t size, struct kd_plan *ret,
		   struct kd_error *err);

/** "reboot", "halt", "poweroff"; NULL for what is no action. */
const char *kd_action_name(enum kd_action action);
/** "fs", "raw", "nfs", "ssh", "sftp", "share"; NULL for what is no type. */
const char *kd_target_type_name(enum kd_target_type type);
/** The action of that name. Returns 0 or -EINVAL. */
int kd_action_from_name(const char *name, enum kd_action *ret);
