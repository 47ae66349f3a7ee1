/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl estimate: how much memory crashkernel= should reserve, and what of it goes
 * where. Computed anew from this configuration, kernel and image; nothing is changed.
 * The first lines are kdump-utils', which scripts read.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "kdumpd/arm/arm.h"
#include "kdumpd/arm/needs.h"
#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/version.h"

#define NS_PER_SECOND 1000000000ull

static uint64_t mib(uint64_t bytes)
{
	return kd_align_up(bytes, 1 << 20) >> 20;
}

static void put_text(const struct kd_needs *n)
{
	const struct kd_estimate *e = &n->estimate;
	const struct {
		const char *name;
		uint64_t bytes;
	} parts[] = {
		{ "Kernel image size:", e->kernel },
		{ "Kernel modules size:", e->modules },
		{ "Initramfs size:", e->initramfs },
		{ "Runtime reservation:", e->runtime },
		{ "Memory tables size:", e->tables },
		{ "Dump buffers size:", e->dump },
	};

	(void)printf("Reserved crashkernel:    %" PRIu64 "M\n", n->reserved >> 20);
	(void)printf("Recommended crashkernel: %" PRIu64 "M\n\n", mib(e->recommended));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		(void)printf("%-20s %" PRIu64 "M\n", parts[i].name, mib(parts[i].bytes));
	if (n->reserved < e->recommended)
		(void)printf(
			"WARNING: Current crashkernel size is lower than recommended "
			"size %" PRIu64 "M.\n",
			mib(e->recommended));
}

static int put_json(const struct kd_needs *n, struct kd_error *err)
{
	const struct kd_estimate *e = &n->estimate;
	_cleanup_(kd_ctl_document_done) struct kd_ctl_document d;
	struct kd_json *j = kd_ctl_document_object(&d);

	kd_json_u64(j, "reservedBytes", n->reserved);
	kd_json_u64(j, "recommendedBytes", e->recommended);
	kd_json_u64(j, "kernelBytes", e->kernel);
	kd_json_u64(j, "modulesBytes", e->modules);
	kd_json_u64(j, "initramfsBytes", e->initramfs);
	kd_json_u64(j, "runtimeBytes", e->runtime);
	kd_json_u64(j, "tablesBytes", e->tables);
	kd_json_u64(j, "dumpBytes", e->dump);
	kd_json_u64(j, "imageBytes", n->sizes.image_bytes);
	kd_json_u64(j, "archiveBytes", n->sizes.archive_bytes);
	return kd_ctl_document_put(&d, "estimate", err);
}

int kd_ctl_estimate(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct kd_inputs *in = malloc(sizeof(*in));
	struct kd_inputs_request request = {
		.root_fd = ctl->root_fd,
		.init = ctl->args.init ? ctl->args.init : KD_CAPTURE_INIT,
		.no_load = true,
	};
	struct kd_needs needs = { 0 };
	struct kd_error err = { 0 };
	struct timespec now;
	int r;

	if (!in) {
		kd_log(&ctl->log, KD_LOG_ERROR, "estimate: %s", strerror(ENOMEM));
		return EXIT_FAILURE;
	}
	(void)clock_gettime(CLOCK_REALTIME, &now);
	request.now = (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
	r = kd_needs_find(&request, kd_arm_iomem_fd(), in, &needs, &err);
	kd_inputs_done(in);
	if (r >= 0 && kd_ctl_json(ctl))
		r = put_json(&needs, &err);
	if (r < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	if (!kd_ctl_json(ctl))
		put_text(&needs);
	return EXIT_SUCCESS;
}
