/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a block device without udev: sysfs says which there are, their own bytes say
 * which one is meant. Called by the device phase, in a child: reading from a broken
 * disk may hang. Trusts neither the bytes nor the order in which devices appear.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

enum kd_device_tag {
	KD_DEVICE_PATH,
	KD_DEVICE_UUID,
	KD_DEVICE_LABEL,
	KD_DEVICE_PARTUUID,
	KD_DEVICE_PARTLABEL,
	KD_DEVICE_WWID,	  /* a whole disk: the kernel's wwid attribute */
	KD_DEVICE_SERIAL, /* likewise its serial attribute */
	KD_DEVICE_STACK,  /* what the plan puts together: stack.h finds it */
};

/**
 * @value: borrowed from the text that was parsed; a path without its "/dev/"
 * @skip:  how many matching devices to pass over: the paths to one disk look the same
 */
struct kd_device_spec {
	enum kd_device_tag tag;
	const char *value;
	unsigned int skip;
};

/** "UUID=…", "LABEL=…", "PARTUUID=…", "PARTLABEL=…", "WWID=…", "SERIAL=…", "STACK=…",
 *  "/dev/…"; /dev/disk/by-uuid/ and its kin mean the same, since nobody makes those links
 *  here. -EINVAL. Pure. */
int kd_device_spec_parse(const char *text, struct kd_device_spec *ret);

/**
 * Look once for the device among those present.
 *
 * @root_fd: below which sys/ and dev/ lie
 * @ret:     its name below /dev, "vda1"
 * Returns 0; -ENODEV when it is not there (yet); the error of reading sys/class/block.
 * A device that cannot be read is skipped.
 */
int kd_device_find_at(int root_fd, const struct kd_device_spec *spec, char *ret,
		      size_t size, struct kd_error *err);
