/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building the plan: see plan-build.h. Trusts the facts handed to it. Called by the arm
 * path and by its table of tests.
 */
#include "kdumpd/arm/plan-build.h"

#include <inttypes.h>
#include <string.h>

#include "makedumpfile/options.h"

static const struct {
	const char *fstype, *module;
} file_systems[] = {
	/* ext4 mounts ext2 and ext3 too, with or without their own modules. */
	{ "ext2", "ext4" },
	{ "ext3", "ext4" },
	{ "ext4", "ext4" },
	{ "xfs", "xfs" },
};

const char *kd_plan_fs_module(const char *fstype)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_systems); i++)
		if (strcmp(file_systems[i].fstype, fstype) == 0)
			return file_systems[i].module;
	return NULL;
}

static int check_target(const struct kd_config *config, const struct kd_target_facts *t,
			struct kd_error *err)
{
	const char *held = t->probe.fstype;

	if (config->fstype[0] && strcmp(config->fstype, held) != 0)
		return kd_fail_msg(err, -EINVAL,
				   "target %s: configured as %s, but /dev/%s holds %s",
				   config->device, config->fstype, t->name,
				   held[0] ? held : "nothing known");
	if (!kd_plan_fs_module(held))
		return kd_fail_msg(err, -ENOTSUP,
				   "target /dev/%s: %s is not supported yet (ext2, ext3, "
				   "ext4 and xfs are)",
				   t->name,
				   held[0] ? held : "a device without file system");
	if (t->mounted && t->free_bytes < KD_PLAN_FREE_MIN)
		return kd_fail_msg(err, -ENOSPC,
				   "target /dev/%s is full: %" PRIu64 " MB free", t->name,
				   t->free_bytes >> 20);
	return 0;
}

/* A collector the capture side would refuse is refused while somebody reads it. */
static int check_collector(const struct kd_config *config, struct kd_error *err)
{
	struct kd_dump_options options;
	const struct kd_codec_ops *codec;
	int r;

	r = kd_options_parse_collector(config->collector, &options, err);
	if (r < 0)
		return r;
	codec = kd_codec_find(options.codec);
	if (!codec || codec->host_only)
		return kd_fail_msg(err, -ENOTSUP,
				   "core_collector: the capture image has no %s; -c, -l "
				   "and -z are there",
				   codec ? codec->name : "such codec");
	return 0;
}

/* The name least likely to change before the crash: device names depend on the order
 * in which drivers find them, and the capture kernel loads fewer. */
static int name_device(const struct kd_config *config, const struct kd_target_facts *t,
		       char *ret, size_t size)
{
	int n;

	if (config->device[0] && config->device[0] != '/')
		n = snprintf(ret, size, "%s", config->device);
	else if (t->probe.uuid[0])
		n = snprintf(ret, size, "UUID=%s", t->probe.uuid);
	else
		n = snprintf(ret, size, "/dev/%s", t->name);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int kd_plan_build(const struct kd_plan_input *in, struct kd_plan *ret,
		  struct kd_error *err)
{
	const struct kd_config *config = in->config;
	struct kd_plan_target *target;
	struct kd_plan plan;
	int r;

	r = check_collector(config, err);
	if (r >= 0)
		r = check_target(config, in->target, err);
	if (r < 0)
		return r;

	kd_plan_init(&plan);
	memcpy(plan.release, in->host->release, sizeof(plan.release));
	memcpy(plan.build_id, in->host->build_id, sizeof(plan.build_id));
	memcpy(plan.collector, config->collector, sizeof(plan.collector));
	/* What kdump-utils writes for a local target; crash readers look for it. */
	(void)snprintf(plan.host, sizeof(plan.host), "127.0.0.1");
	plan.final_action = config->final_action;
	plan.failure_action = config->failure_action;

	plan.n_targets = 1;
	target = &plan.targets[0];
	target->type = KD_TARGET_FS;
	r = name_device(config, in->target, target->device, sizeof(target->device));
	if (r < 0)
		return kd_fail(err, r, "target /dev/%s", in->target->name);
	memcpy(target->fstype, in->target->probe.fstype, sizeof(target->fstype));
	memcpy(target->path, in->target->path, sizeof(target->path));
	*ret = plan;
	return 0;
}
