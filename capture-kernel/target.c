/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets in general: see target.h. Trusts neither the clock nor the folder to be
 * empty. Called by the target phase, in a child.
 */
#include "capture-kernel/target.h"

#include <limits.h>
#include <string.h>

#include "capture-kernel/names.h"

static const struct kd_target_ops *const ops[KD_TARGET_COUNT] = {
	[KD_TARGET_FS] = &kd_target_fs_ops,	  [KD_TARGET_RAW] = &kd_target_raw_ops,
	[KD_TARGET_SHARE] = &kd_target_share_ops, [KD_TARGET_NFS] = &kd_target_nfs_ops,
	[KD_TARGET_SSH] = &kd_target_sftp_ops,	  [KD_TARGET_SFTP] = &kd_target_sftp_ops,
};

const struct kd_target_ops *kd_target_ops_for(enum kd_target_type type)
{
	return (unsigned int)type < KD_TARGET_COUNT ? ops[type] : NULL;
}

/* vfat knows no colon in a name (fs/fat/namei_vfat.c: vfat_bad_char()) and says EINVAL:
 * there the time is written with underscores, and @name is changed. */
static int make_dump_dir(struct kd_place *parent, char *name, struct kd_error *err)
{
	int r = parent->ops->make(parent, name, err);

	if (r != -EINVAL || !strchr(name, ':'))
		return r;
	for (char *c = name; *c; c++)
		if (*c == ':')
			*c = '_';
	kd_error_reset(err);
	return parent->ops->make(parent, name, err);
}

int kd_target_make_dump_dir(struct kd_place *target, const char *path, const char *host,
			    int64_t time, char ret_dir[static 2 * KD_PLAN_STRING],
			    struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *parent = NULL;
	char name[KD_PLAN_STRING];
	int r;

	r = target->ops->enter(target, path, /* create= */ true, &parent, err);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < KD_DUMP_DIR_TRIES; i++) {
		struct kd_error here = { 0 };

		r = kd_dump_name(host, time, i, name, sizeof(name));
		if (r < 0)
			return kd_fail(err, r, "name of the dump folder");
		r = make_dump_dir(parent, name, &here);
		if (r >= 0) {
			(void)snprintf(ret_dir, 2 * KD_PLAN_STRING, "%s/%s", path, name);
			return 0;
		}
		if (r != -EEXIST)
			return kd_fail_msg(err, r, "%s/%s", path, here.message);
	}
	return kd_fail(err, -EEXIST, "%s/%s", path, name);
}
