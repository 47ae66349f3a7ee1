/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device-mapper table as the plan writes it, made into what DM_TABLE_LOAD takes. Pure;
 * trusts nothing: lengths are checked, and the kernel judges what a target is told.
 * Called by dm.c.
 *
 * Lines are separated by ';': "<start> <length> <type> <parameters>", in sectors of 512
 * bytes. In the parameters "{0}", "{1}" … stand for devices.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_DM_BUFFER  16384
#define KD_DM_TARGETS 256

/** A device number. */
struct kd_devnum {
	unsigned int major, minor;
};

/**
 * @data: struct dm_target_spec and parameters, one after the other, each aligned to 8
 * @size: bytes of them
 * @targets: how many
 * @sectors: length of the device
 */
struct kd_dm_table {
	_Alignas(8) char data[KD_DM_BUFFER];
	size_t size;
	unsigned int targets;
	uint64_t sectors;
};

/** Make it. -EINVAL for a line that is none or names a device that is not given, -E2BIG
 *  when it does not fit. */
int kd_dm_table_make(const char *text, const struct kd_devnum *devices, size_t n,
		     struct kd_dm_table *ret, struct kd_error *err);

/** One linear target onto @device, as long as @text's table: what is left of a multipath
 *  device with a single path. -EINVAL as above. */
int kd_dm_table_single(const char *text, const struct kd_devnum *device,
		       struct kd_dm_table *ret, struct kd_error *err);

/** Whether every target of @text is of that type. */
bool kd_dm_table_is(const char *text, const char *type);
