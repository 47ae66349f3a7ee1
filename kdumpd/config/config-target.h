/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target line of kdump.conf: which keys name a target, and what must stand behind each.
 * Pure; trusts nothing. Called by config-keys.c for lines of kdump.conf and its drop-ins.
 */
#pragma once

#include "base/plan.h"
#include "kdumpd/config/config-report.h"

/** What source holds when no line named one: the file system that holds path, ... */
#define KD_TARGET_OF_PATH ""
/** ... and the one mounted at "/". */
#define KD_TARGET_OF_ROOT "/"

/**
 * @fstype: the key: "ext4", "nfs", "ssh", "virtiofs" …; "" for KD_TARGET_OF_…
 * @source: what stood behind it: a device, "host:/export" or "[v6]:/export",
 *          "user@host", a tag; or KD_TARGET_OF_…
 * @file, @line: where, for messages
 */
struct kd_config_target {
	enum kd_target_type type;
	char fstype[32];
	char source[KD_PLAN_STRING];
	char file[KD_CONFIG_FILE];
	unsigned int line;
};

/** Whether @key names a target. */
bool kd_config_target_key(const char *key);

/** The @i-th such key; NULL past the last. For tests that compare them with the manual. */
const char *kd_config_target_name(size_t i);

/**
 * Read a target line.
 *
 * @key: one of those
 * @ret: without its file and line; set only on success
 * Errors, each with one sentence: -EINVAL, -ENOTSUP for a key that never will be one.
 */
int kd_config_target_parse(const char *key, const char *value,
			   struct kd_config_target *ret, struct kd_error *err);
