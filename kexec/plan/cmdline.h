/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a load must change in a command line, whoever wrote it: a crash kernel gets its
 * header's address, and loses what describes the dying kernel's memory. Pure. The daemon's
 * own, larger set of rules (kdumpd/arm/cmdline.c) has been applied before. Called by x86.c and
 * arm64.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @crash:      remove what a crash kernel must not have
 * @elfcorehdr: address to add as elfcorehdr=; 0 for none
 * @max:        bytes the kernel takes without the NUL; 0 when unknown
 */
struct kd_plan_cmdline {
	bool crash;
	uint64_t elfcorehdr;
	uint32_t max;
};

/**
 * Edit @text into @ret, owned by the caller.
 * Errors: -E2BIG in words, with both lengths: never cut; -ENOMEM.
 */
int kd_plan_cmdline_edit(const char *text, const struct kd_plan_cmdline *rules,
			 char **ret, struct kd_error *err);
