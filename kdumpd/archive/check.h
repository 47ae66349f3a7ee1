/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checking a dump page by page, in a child process that is shut in (sandbox.h): a dump is
 * a file nobody vouches for. Called by kdumpctl verify.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @good:  every page that should be there can be had
 * @pages, @bad, @unreadable: as of struct kd_verify_report
 * @why:   why it is not good; "" when it is
 */
struct kd_dump_verdict {
	bool good;
	uint64_t pages, bad, unreadable;
	char why[KD_ERROR_SIZE];
};

/**
 * Check one dump.
 *
 * @dir_fd: of the dump's folder; @file: in it, no link
 * @ret:    set when it could be checked, good or not
 * Errors: those of opening; -ECHILD when the child could not be started or shut in;
 * a checker that dies, or takes too long, has found a dump that is not good.
 */
int kd_dump_check(int dir_fd, const char *file, struct kd_dump_verdict *ret,
		  struct kd_error *err);
