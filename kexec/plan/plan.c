/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a plan: see plan.h. What all machines share is here and in place.c; what only
 * one has is in its own file, one row of the table below.
 */
#include "kexec/plan/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/sha256.h"
#include "kexec/plan/builder.h"
#include "kexec/plan/place.h"

#define PAGE 4096

static const struct {
	enum kd_arch arch;
	kd_planner_fn *plan;
} planners[] = {
	{ KD_ARCH_X86_64, kd_plan_x86_64 },
	{ KD_ARCH_ARM64, kd_plan_arm64 },
};

static const char *const role_names[KD_SEGMENT_ROLES] = {
	[KD_SEGMENT_KERNEL] = "kernel",
	[KD_SEGMENT_INITRD] = "initrd",
	[KD_SEGMENT_PARAMS] = "params",
	[KD_SEGMENT_DTB] = "dtb",
	[KD_SEGMENT_ELFCOREHDR] = "elfcorehdr",
	[KD_SEGMENT_PURGATORY] = "purgatory",
	[KD_SEGMENT_BLOB] = "blob",
};

const char *kd_segment_role_name(enum kd_segment_role role)
{
	return (unsigned int)role < KD_SEGMENT_ROLES ? role_names[role] : "unknown";
}

int kd_plan_own(struct kd_plan_builder *b, void *memory)
{
	if (!memory)
		return -ENOMEM;
	if (b->plan.n_memory == KD_KEXEC_PLAN_MEMORY) {
		free(memory);
		return -ENOMEM;
	}
	b->plan.memory[b->plan.n_memory++] = memory;
	return 0;
}

void *kd_plan_alloc(struct kd_plan_builder *b, size_t size)
{
	void *memory = calloc(1, size);

	return kd_plan_own(b, memory) < 0 ? NULL : memory;
}

static bool is_elf(const struct kd_kexec_segment *s)
{
	return s->bufsz >= 4 && memcmp(s->buf,
				       "\x7f"
				       "ELF",
				       4) == 0;
}

int kd_plan_add(struct kd_plan_builder *b, const struct kd_kexec_segment *s,
		struct kd_error *err)
{
	struct kd_kexec_plan *plan = &b->plan;

	if (plan->n == KD_KEXEC_SEGMENTS)
		return kd_fail_msg(err, -ENOSPC, "the %s would be segment %d of %d",
				   kd_segment_role_name(s->role), KD_KEXEC_SEGMENTS + 1,
				   KD_KEXEC_SEGMENTS);
	if (kd_plan_is_crash(b) && s->role != KD_SEGMENT_ELFCOREHDR && is_elf(s))
		return kd_fail_msg(
			err, -ENOTSUP,
			"the %s begins as an ELF file: the running kernel would "
			"take it for the dump's header when memory or CPUs come",
			kd_segment_role_name(s->role));
	plan->segments[plan->n] = *s;
	plan->segments[plan->n].memsz = kd_align_up(s->memsz, b->page);
	plan->n++;
	return 0;
}

void kd_plan_digest(struct kd_kexec_plan *plan)
{
	struct kd_sha256 hash;

	kd_sha256_init(&hash, kd_sha256_best());
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		if (s->hashed)
			kd_sha256_update(&hash, s->buf, s->bufsz);
	}
	kd_sha256_final(&hash, plan->digest);
}

static kd_planner_fn *find_planner(const struct kd_plan_builder *b, struct kd_error *err)
{
	enum kd_arch arch = b->image->arch;

	if (arch != b->host->arch) {
		(void)kd_fail_msg(err, -ENOTSUP, "a kernel for %s cannot start on %s",
				  kd_arch_name(arch), kd_arch_name(b->host->arch));
		return NULL;
	}
	if (b->image->format == KD_KERNEL_ZBI) {
		(void)kd_fail_msg(err, -ENOTSUP,
				  "a ZBI is started by Zircon alone, not by a plan");
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(planners); i++)
		if (planners[i].arch == arch)
			return planners[i].plan;
	(void)kd_fail_msg(err, -ENOTSUP, "no plan can be made for %s",
			  kd_arch_name(arch));
	return NULL;
}

static int build(struct kd_plan_builder *b, struct kd_error *err)
{
	kd_planner_fn *plan = find_planner(b, err);
	int r;

	if (!plan)
		return -ENOTSUP;
	r = kd_place_init(b, err);
	if (r == 0)
		r = plan(b, err);
	return r < 0 ? r : kd_place_check_spare(b, err);
}

/* A UKI's command line is not a string: it may end in zeros, or in nothing. */
static char *image_cmdline(const struct kd_kernel *image)
{
	const struct kd_bytes *own = &image->cmdline;

	return own->size ? strndup((const char *)own->data, own->size) : strdup("");
}

int kd_kexec_plan_build(const struct kd_kexec_host *host, const struct kd_kernel *image,
			const struct kd_kexec_options *options, struct kd_kexec_plan *ret,
			struct kd_error *err)
{
	_cleanup_(kd_freep) char *own = NULL;
	struct kd_plan_builder b = {
		.host = host,
		.image = image,
		.options = options,
		.initrd = options->initrd.size ? options->initrd : image->initrd,
		.cmdline = options->cmdline,
		.page = kd_is_power_of_2(host->page_size) ? host->page_size : PAGE,
		.plan = { .purpose = options->purpose,
			  .arch = image->arch,
			  .hotplug = options->hotplug &&
				     options->purpose == KD_KEXEC_CRASH },
	};
	int r;

	if (!b.cmdline) {
		b.cmdline = own = image_cmdline(image);
		if (!own)
			return kd_fail(err, -ENOMEM, "command line");
	}
	kd_ranges_init(&b.room);
	r = build(&b, err);
	kd_ranges_done(&b.room);
	if (r < 0) {
		kd_kexec_plan_done(&b.plan);
		return r;
	}
	*ret = b.plan;
	return 0;
}

void kd_kexec_plan_done(struct kd_kexec_plan *plan)
{
	for (size_t i = 0; i < plan->n_memory; i++)
		free(plan->memory[i]);
	free(plan->cmdline);
	*plan = (struct kd_kexec_plan) { 0 };
}
