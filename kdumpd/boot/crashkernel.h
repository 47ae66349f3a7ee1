/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's crashkernel= parameter: read, written, computed with. Pure. The grammar is
 * parse_crashkernel_mem()'s and parse_crashkernel_simple()'s, kernel/crash_reserve.c,
 * read strictly. Called by estimate, showmem, reset-crashkernel and the status.
 */
#pragma once

#include "base/strbuf.h"

#define KD_CRASHKERNEL_RANGES 32

/** Which of the kernel's reservations a value is for. */
enum kd_crashkernel_kind {
	KD_CRASHKERNEL_PLAIN,
	KD_CRASHKERNEL_HIGH,
	KD_CRASHKERNEL_LOW,
	KD_CRASHKERNEL_CMA,
};

/** Of a machine with [@start, @end) bytes of memory; @end is UINT64_MAX for no limit. */
struct kd_crashkernel_range {
	uint64_t start;
	uint64_t end;
	uint64_t size;
};

/**
 * One value. Without ranges there is one item, from 0 to UINT64_MAX.
 *
 * @ranged: written with ranges
 * @offset: of @place, where the reservation must begin
 */
struct kd_crashkernel {
	enum kd_crashkernel_kind kind;
	bool ranged;
	struct kd_crashkernel_range items[KD_CRASHKERNEL_RANGES];
	size_t n;
	bool offset;
	uint64_t place;
};

/** Read a value, the text behind "crashkernel=". -EINVAL with what was expected, -E2BIG
 *  above KD_CRASHKERNEL_RANGES, -ERANGE; @ret untouched then. */
int kd_crashkernel_parse(const char *text, struct kd_crashkernel *ret,
			 struct kd_error *err);

/** Write a value, each size in the largest unit that holds it exactly. */
void kd_crashkernel_format(const struct kd_crashkernel *ck, struct kd_strbuf *to);

/** Add @delta bytes, maybe less than 0, to each size. -ERANGE where one would leave
 *  0..2^64-1; @ck is as it was then. */
int kd_crashkernel_add(struct kd_crashkernel *ck, int64_t delta);

/** Bytes reserved on a machine with @ram bytes, which the kernel rounds up to 128 MiB
 *  before it compares; 0 when no range fits. */
uint64_t kd_crashkernel_size(const struct kd_crashkernel *ck, uint64_t ram);

/**
 * What the default depends on.
 *
 * @machine:   uname -m's word
 * @pages_64k: the kernel's pages have 64 KiB
 * @encrypted: memory is encrypted (SME, SEV), which needs a bounce buffer
 * @mlx5, @smmu: such a device or driver is there; they count on arm64 alone
 */
struct kd_crashkernel_machine {
	const char *machine;
	bool pages_64k;
	bool encrypted;
	bool mlx5;
	bool smmu;
};

/**
 * What to reserve where nobody has measured: the ranges kdump-utils recommends, so that
 * a machine that comes from there keeps what it has. estimate tells what is needed.
 * Pure. -ENOTSUP for a machine there is no recommendation for.
 */
int kd_crashkernel_default(const struct kd_crashkernel_machine *machine,
			   struct kd_crashkernel *ret, struct kd_error *err);
