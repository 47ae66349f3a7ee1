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
	{ "ext2", "ext4" }, { "ext3", "ext4" },	  { "ext4", "ext4" },
	{ "xfs", "xfs" },   { "btrfs", "btrfs" }, { "vfat", "vfat" },
};

const char *kd_plan_fs_module(const char *fstype)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_systems); i++)
		if (strcmp(file_systems[i].fstype, fstype) == 0)
			return file_systems[i].module;
	return NULL;
}

static bool is_full(const struct kd_target_facts *t)
{
	return t->mounted && t->free_bytes < KD_PLAN_FREE_MIN;
}

static int check_held(const struct kd_target_facts *t, struct kd_error *err)
{
	const char *held = t->probe.fstype;

	if (t->wanted.fstype[0] && strcmp(t->wanted.fstype, held) != 0)
		return kd_fail_msg(err, -EINVAL,
				   "target %s: configured as %s, but /dev/%s holds %s",
				   t->wanted.source, t->wanted.fstype, t->name,
				   held[0] ? held : "nothing known");
	if (!kd_plan_fs_module(held))
		return kd_fail_msg(
			err, -ENOTSUP,
			"target /dev/%s: %s is not supported (ext2, ext3, ext4, "
			"xfs, btrfs and vfat are)",
			t->name, held[0] ? held : "a device without file system");
	return 0;
}

int kd_plan_check_target(const struct kd_target_facts *t, struct kd_error *err)
{
	switch (t->wanted.type) {
	case KD_TARGET_FS:
		return check_held(t, err);
	case KD_TARGET_RAW:
		/* that much will be free for ever */
		return is_full(t) ? kd_fail_msg(err, -ENOSPC,
						"target /dev/%s has %" PRIu64
						" MB, too few for a dump: "
						"prepare a larger partition",
						t->name, t->free_bytes >> 20)
				  : 0;
	case KD_TARGET_SHARE:
	case KD_TARGET_NFS:
	case KD_TARGET_SSH:
	case KD_TARGET_SFTP:
		return 0;
	case KD_TARGET_COUNT:
		break;
	}
	return kd_fail_msg(err, -ENOTSUP, "target %s: %s is not supported yet",
			   t->wanted.source, t->wanted.fstype);
}

/* A collector the capture side would refuse is refused while somebody reads it. */
static int check_collector(const struct kd_config *config, struct kd_error *err)
{
	struct kd_dump_options options;
	const struct kd_codec_ops *codec;
	int r;

	/* another program: programs.c looks whether it is there */
	if (kd_collector_is_command(config->collector))
		return 0;
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
static int name_device(const struct kd_target_facts *t, char *ret, size_t size)
{
	bool named = t->wanted.source[0] && t->wanted.source[0] != '/';
	int n;

	/* what lies on a stacked device may be seen on its members, too; and a label of
	 * vfat lies in a folder, where only the healthy system looks for it */
	if (t->stack[0])
		n = snprintf(ret, size, "%s", t->stack);
	else if (named && t->wanted.type != KD_TARGET_RAW &&
		 strcmp(t->probe.fstype, "vfat") != 0)
		n = snprintf(ret, size, "%s", t->wanted.source);
	else if (t->probe.uuid[0])
		n = snprintf(ret, size, "UUID=%s", t->probe.uuid);
	else
		n = snprintf(ret, size, "/dev/%s", t->name);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static int add_target(const struct kd_target_facts *t, struct kd_plan *plan,
		      struct kd_error *err)
{
	struct kd_plan_target *p = &plan->targets[plan->n_targets];
	int r;

	*p = (struct kd_plan_target) { .type = t->wanted.type };
	r = name_device(t, p->device, sizeof(p->device));
	if (r < 0)
		return kd_fail(err, r, "target /dev/%s", t->name);
	memcpy(p->fstype,
	       t->wanted.type == KD_TARGET_FS ? t->probe.fstype : t->wanted.fstype,
	       sizeof(p->fstype));
	memcpy(p->path, t->path, sizeof(p->path));
	memcpy(p->options, t->options, sizeof(p->options));
	p->way = t->way;
	plan->n_targets++;
	return 0;
}

/* The root file system may be where the dumps go anyway. */
static bool is_again(const struct kd_plan_input *in, size_t i)
{
	const struct kd_target_facts *t = &in->targets[i];

	if (strcmp(t->wanted.source, KD_TARGET_OF_ROOT) != 0)
		return false;
	for (size_t j = 0; j < i; j++)
		if (in->targets[j].error.code == 0 &&
		    strcmp(in->targets[j].name, t->name) == 0)
			return true;
	return false;
}

static int add_targets(const struct kd_plan_input *in, struct kd_plan *plan,
		       struct kd_error *err)
{
	int r = 0;

	for (size_t i = 0; i < in->n_targets && r >= 0; i++)
		if (in->targets[i].error.code == 0 && !is_again(in, i))
			r = add_target(&in->targets[i], plan, err);
	return r;
}

/* One that cannot be used is not missed while there is another, but it is told. */
static void tell_unused(const struct kd_plan_input *in, bool others,
			struct kd_config_report *report)
{
	for (size_t i = 0; i < in->n_targets; i++) {
		const struct kd_target_facts *t = &in->targets[i];

		if (t->error.code < 0)
			kd_config_complain(report, t->wanted.file, t->wanted.line,
					   /* warning= */ others, "%s%s",
					   t->error.message,
					   others ? "; the other targets are used" : "");
	}
}

/* Room may be made before the crash, and no image knows of that. A server's disk is the
 * server's business. */
static void tell_full(const struct kd_plan_input *in, struct kd_config_report *report)
{
	for (size_t i = 0; i < in->n_targets; i++) {
		const struct kd_target_facts *t = &in->targets[i];

		if (t->error.code == 0 && is_full(t))
			kd_config_complain(report, t->wanted.file, t->wanted.line,
					   /* warning= */ true,
					   "target %s%s is full: %" PRIu64
					   " MB free: make room for a dump",
					   t->name[0] ? "/dev/" : "",
					   t->name[0] ? t->name : t->wanted.source,
					   t->free_bytes >> 20);
	}
}

static int refuse(const struct kd_plan_input *in, struct kd_config_report *report,
		  struct kd_error *err)
{
	const struct kd_error *first = &in->targets[0].error;

	if (in->n_targets == 1)
		return kd_fail_msg(err, first->code, "%s", first->message);
	tell_unused(in, /* others= */ false, report);
	return kd_fail_msg(err, first->code, "none of %zu targets can be used: %s",
			   in->n_targets, first->message);
}

int kd_plan_build(const struct kd_plan_input *in, struct kd_plan *ret,
		  struct kd_config_report *report, struct kd_error *err)
{
	const struct kd_config *config = in->config;
	struct kd_plan plan;
	int r;

	r = check_collector(config, err);
	if (r < 0)
		return r;
	kd_plan_init(&plan);
	r = add_targets(in, &plan, err);
	if (r < 0)
		return r;
	if (plan.n_targets == 0)
		return refuse(in, report, err);
	tell_unused(in, /* others= */ true, report);
	tell_full(in, report);

	memcpy(plan.release, in->host->release, sizeof(plan.release));
	memcpy(plan.build_id, in->host->build_id, sizeof(plan.build_id));
	memcpy(plan.collector, config->collector, sizeof(plan.collector));
	memcpy(plan.kdump_pre, config->pre, sizeof(plan.kdump_pre));
	memcpy(plan.kdump_post, config->post, sizeof(plan.kdump_post));
	memcpy(plan.kdump_emergency, config->emergency, sizeof(plan.kdump_emergency));
	/* What kdump-utils writes for a local target; crash readers look for it. */
	(void)snprintf(plan.host, sizeof(plan.host), "127.0.0.1");
	if (in->stack) {
		plan.n_stack = in->stack->n;
		memcpy(plan.stack, in->stack->entries, sizeof(plan.stack));
	}
	if (in->net) {
		plan.n_nets = in->net->n;
		memcpy(plan.nets, in->net->nets, sizeof(plan.nets));
	}
	if (in->fence) {
		plan.n_fences = in->fence->n;
		memcpy(plan.fences, in->fence->fences, sizeof(plan.fences));
	}
	plan.final_action = config->final_action;
	plan.failure_action = config->failure_action;
	plan.crash_loop_limit = (unsigned int)config->crash_loop_limit;
	*ret = plan;
	return 0;
}
