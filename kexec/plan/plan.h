/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segment plan: what must lie where in memory, and where the jump goes. Pure: a
 * function of host snapshot, image and options, the same bytes for the same input. Trusts
 * that the image was opened by kernel.h. Called by load.c and the kexec program; lowered
 * and loaded by backend/.
 */
#pragma once

#include "base/json.h"
#include "kexec/host/host.h"
#include "kexec/image/kernel.h"

/** KEXEC_SEGMENT_MAX of Linux and FreeBSD alike. */
#define KD_KEXEC_SEGMENTS 16

#define KD_KEXEC_SEED_SIZE 32

enum kd_kexec_purpose {
	KD_KEXEC_REBOOT,
	KD_KEXEC_CRASH,
};

enum kd_segment_role {
	KD_SEGMENT_KERNEL,
	KD_SEGMENT_INITRD,
	KD_SEGMENT_PARAMS, /* boot_params, command line, setup_data */
	KD_SEGMENT_DTB,
	KD_SEGMENT_ELFCOREHDR,
	KD_SEGMENT_PURGATORY,
	KD_SEGMENT_BLOB, /* of a lowering */
	KD_SEGMENT_ROLES,
};

/**
 * As struct kexec_segment has it, plus what it is for.
 *
 * @buf:    @bufsz bytes; owned by the plan, or borrowed from image and options
 * @mem:    physical address, page aligned; @memsz: bytes there, page aligned
 * @hashed: purgatory compares it before the jump, to its whole memsz
 */
struct kd_kexec_segment {
	const void *buf;
	uint64_t bufsz;
	uint64_t mem;
	uint64_t memsz;
	enum kd_segment_role role;
	bool hashed;
};

/**
 * @cmdline:  for the new kernel, as it is to be but for what a crash load must add
 * @initrd:   may be empty; a UKI's own is used then
 * @mem_min, @mem_max: where segments may lie; 0, UINT64_MAX
 * @console:  I/O port of a UART that purgatory says its progress on; 0 for silence
 * @hotplug:  the kernel will keep the header up to date: leave room for that
 * @seed:     random bytes for the new kernel's generator; given, so that plans repeat
 * @dtb:      device tree to use in place of the host's; empty for that
 */
struct kd_kexec_options {
	enum kd_kexec_purpose purpose;
	const char *cmdline;
	struct kd_bytes initrd;
	uint64_t mem_min;
	uint64_t mem_max;
	uint16_t console;
	bool hotplug;
	uint8_t seed[KD_KEXEC_SEED_SIZE];
	struct kd_bytes dtb;
};

#define KD_KEXEC_PLAN_MEMORY 8

/**
 * @entry:   physical address
 * @digest:  SHA-256 over the bytes of the hashed segments, each to its bufsz, in order;
 *           the zeros behind them are compared as such
 * @cmdline: as the new kernel gets it; owned
 */
struct kd_kexec_plan {
	enum kd_kexec_purpose purpose;
	enum kd_arch arch;
	struct kd_kexec_segment segments[KD_KEXEC_SEGMENTS];
	size_t n;
	uint64_t entry;
	bool hotplug;
	uint8_t digest[32];
	char *cmdline;
	void *memory[KD_KEXEC_PLAN_MEMORY]; /* private: what _done frees */
	size_t n_memory;
};

/**
 * Make a plan. @image and @options stay borrowed while it lives.
 *
 * Errors, each one sentence naming what has no room or does not fit: -ENOTSUP for a
 * machine without a planner or an image of another one; -ENOSPC for no place in memory;
 * -E2BIG for a command line that is too long (never cut); -ENODATA for what the host
 * must know and does not; -ENOMEM. @ret untouched then.
 */
int kd_kexec_plan_build(const struct kd_kexec_host *host, const struct kd_kernel *image,
			const struct kd_kexec_options *options, struct kd_kexec_plan *ret,
			struct kd_error *err);
void kd_kexec_plan_done(struct kd_kexec_plan *plan);

const char *kd_segment_role_name(enum kd_segment_role role);

/** The plan as one JSON object under @key: docs/kexec.md. Without the bytes. */
void kd_kexec_plan_json(const struct kd_kexec_plan *plan, struct kd_json *j,
			const char *key);
