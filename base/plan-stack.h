/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of the plan that is about block devices made of others. docs/plan.md is the
 * specification. Included by plan.h alone.
 */
#pragma once

#include "base/types.h"

#define KD_PLAN_STACK	      16 /* devices that are made of others */
#define KD_PLAN_STACK_DEVICES 16
#define KD_PLAN_STACK_NAME    130 /* DM_UUID_LEN and a little, linux/dm-ioctl.h */
#define KD_PLAN_TABLE	      2048

enum kd_stack_type {
	KD_STACK_DM, /* a device-mapper table */
	KD_STACK_MD, /* a RAID array of Linux' md */
	KD_STACK_COUNT,
};

/**
 * A block device made of others, and so what a target's "STACK=<n>" stands for.
 *
 * @name:  of the device: for device-mapper, or "md127"
 * @uuid:  device-mapper's, may be ""; of an array the one in its superblocks
 * @table: lines as `dmsetup table` prints them, separated by ';', with "{<k>}" for device
 *         line k; "" for an array
 * @devices: what it lies on, named as a target's device; "STACK=<m>" for one of those
 *         before it. An array's members are found by its UUID
 */
struct kd_plan_stack {
	enum kd_stack_type type;
	char name[KD_PLAN_STACK_NAME];
	char uuid[KD_PLAN_STACK_NAME];
	char table[KD_PLAN_TABLE];
	size_t n_devices;
	char devices[KD_PLAN_STACK_DEVICES][KD_PLAN_STACK_NAME];
};
