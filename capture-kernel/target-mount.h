/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What targets have in common that are mounted: where, as what place, and how they are let
 * go. Called by target-fs.c, target-nfs.c and their like, in children.
 */
#pragma once

#include <sys/mount.h>

#include "capture-kernel/target.h"

#define KD_POINT_SIZE 32

/* A dump folder needs none of these, whatever fstab says. */
#define KD_MOUNT_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

/** Make the folder to mount @t at; fine when it is there. 0 or that of mkdir(2). */
int kd_target_make_point(const struct kd_target *t, char ret[static KD_POINT_SIZE],
			 struct kd_error *err);

/** The root of what is mounted there, as struct kd_target_ops has it. */
int kd_target_open_mounted(const struct kd_target *t, struct kd_place **ret,
			   struct kd_error *err);

/** The same of a disk, which is written past the page cache where that suits it. */
int kd_target_open_disk(const struct kd_target *t, struct kd_place **ret,
			struct kd_error *err);

/** Write back, checked, and unmount, or at least make it read-only; as struct
 *  kd_target_ops has it. */
int kd_target_unmount(const struct kd_target *t, struct kd_error *err);
