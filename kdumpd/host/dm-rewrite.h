/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live device-mapper table made into a plan's: device numbers become "{k}", a key its
 * name in a keyring, and a multipath device does not wait for paths. Pure; trusts the
 * kernel's grammar (Documentation/admin-guide/device-mapper/) but no length. Called by
 * host-stack.c.
 */
#pragma once

#include "base/error.h"
#include "base/plan.h"

/** One of the devices a table names, in the order they appear, each once. */
struct kd_dm_use {
	unsigned int major, minor;
};

/**
 * @table:   the plan's
 * @uses:    {0}, {1} …
 * @kinds:   types of its targets, each once, separated by spaces: "linear crypt"
 * @cipher:  dm-crypt's, "aes-xts-plain64"; "" without
 * @key:     hexadecimal, as the live table had it; "" when a keyring has it or there is
 *           none. The caller wipes it
 * @key_size: bytes; 0 without a key
 * @selectors: multipath's, separated by spaces: "service-time"
 * @handler: multipath's hardware handler, "" without
 */
struct kd_dm_plan {
	char table[KD_PLAN_TABLE];
	struct kd_dm_use uses[KD_PLAN_STACK_DEVICES];
	size_t n_uses;
	char kinds[128];
	char cipher[128];
	char key[520];
	size_t key_size;
	char selectors[64];
	char handler[32];
};

/**
 * @live:        lines separated by ';'
 * @description: name for the key in the capture kernel's keyring
 * Errors: -EBADMSG for what is no table, -E2BIG for one too long for a plan.
 */
int kd_dm_rewrite(const char *live, const char *description, struct kd_dm_plan *ret,
		  struct kd_error *err);
