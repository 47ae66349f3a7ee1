/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rehearsal: see rehearse.h. The live disk is never opened for writing: its stand-in
 * is a sparse file with a file system of the same kind, UUID and label. Called by kdumpctl
 * rehearse.
 */
#include "kdumpd/rehearse/rehearse.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/budget.h"
#include "kdumpd/arm/needs.h"
#include "kdumpd/arm/prepare.h"
#include "kdumpd/rehearse/machine.h"
#include "kdumpd/rehearse/stage.h"
#include "kdumpd/tool.h"

#define IMAGE	    KD_REHEARSAL_DIR "/image"
#define DISK	    KD_REHEARSAL_DIR "/disk"
#define DISK_SIZE   (512ll << 20)
#define REMARKS_MAX 16384
#define FIRST_S	    30 /* a kernel under KVM is up in two */

/** @root: the root's own path, of this process; @disk_path: "" without a stand-in */
struct stage {
	char root[64];
	char kernel[PATH_MAX], image[PATH_MAX], disk_path[PATH_MAX];
	const struct kd_stage_disk *disk;
};

static void clean(int root_fd)
{
	(void)unlinkat(root_fd, IMAGE, 0);
	(void)unlinkat(root_fd, DISK, 0);
	(void)unlinkat(root_fd, KD_REHEARSAL_DIR, AT_REMOVEDIR);
}

static int make_file(int root_fd, const char *path, struct kd_error *err)
{
	int fd = openat(root_fd, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);

	return fd < 0 ? kd_fail(err, -errno, "/%s", path) : fd;
}

static int make_image(const struct kd_rehearse_request *request,
		      const struct kd_inputs *in, struct kd_image_stats *ret,
		      struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf remarks;
	_cleanup_(kd_closep) int fd = -EBADF;

	kd_strbuf_init(&remarks, REMARKS_MAX);
	fd = make_file(request->root_fd, IMAGE, err);
	return fd < 0 ? fd
		      : kd_prepare_into(request->root_fd, in, fd, ret, &remarks, err);
}

static int format_disk(const struct kd_probe *like, const char *path,
		       struct kd_error *err)
{
	char program[48], uuid[80];
	const char *words[10] = { program, "-q" };
	bool xfs = strcmp(like->fstype, "xfs") == 0;
	size_t n = 2;

	(void)snprintf(program, sizeof(program), "mkfs.%s", like->fstype);
	(void)snprintf(uuid, sizeof(uuid), xfs ? "uuid=%s" : "%s", like->uuid);
	words[n++] = xfs ? "-m" : "-U";
	words[n++] = uuid;
	if (like->label[0]) {
		words[n++] = "-L";
		words[n++] = like->label;
	}
	words[n++] = path;
	return kd_tool_run((char *const *)words, err);
}

/* The facts of the plan's first target: of those wanted, the first without an error. */
static const struct kd_target_facts *first_target(const struct kd_inputs *in)
{
	for (size_t i = 0; i < in->settings.config.n_targets; i++)
		if (in->targets[i].error.code == 0)
			return &in->targets[i];
	return &in->targets[0];
}

/* Why there can be no stand-in for this target; NULL when there can. */
static const char *no_stand_in(const struct kd_inputs *in, const struct kd_stage_disk *d)
{
	const struct kd_plan_target *t = &in->plan.targets[0];

	if (t->type != KD_TARGET_FS ||
	    (strncmp(t->fstype, "ext", 3) != 0 && strcmp(t->fstype, "xfs") != 0))
		return "only ext2, ext3, ext4 and xfs targets have a stand-in";
	if (strncmp(t->device, "UUID=", 5) != 0 && strncmp(t->device, "LABEL=", 6) != 0)
		return "a stand-in is found by UUID or LABEL only: name the target so";
	if (!d)
		return "QEMU has no disk for the drivers of the target's";
	return NULL;
}

static int make_disk(const struct kd_rehearse_request *request,
		     const struct kd_inputs *in, struct stage *s,
		     struct kd_rehearsal *ret, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	const char *why_not;

	s->disk = kd_stage_disk((const char *const *)in->drivers.required.items,
				first_target(in)->name);
	why_not = no_stand_in(in, s->disk);
	if (why_not) {
		s->disk = NULL;
		(void)snprintf(ret->no_disk, sizeof(ret->no_disk), "%s", why_not);
		return 0;
	}
	(void)snprintf(ret->driver, sizeof(ret->driver), "%s", s->disk->driver);
	(void)snprintf(s->disk_path, sizeof(s->disk_path), "%s/" DISK, s->root);
	fd = make_file(request->root_fd, DISK, err);
	if (fd < 0)
		return fd;
	if (ftruncate(fd, DISK_SIZE) < 0)
		return kd_fail(err, -errno, "/" DISK);
	return format_disk(&first_target(in)->probe, s->disk_path, err);
}

static int run_on(const char *accel, const struct kd_rehearse_request *request,
		  const struct kd_inputs *in, const struct stage *s,
		  struct kd_rehearsal *ret, struct kd_error *err)
{
	bool tcg = strcmp(accel, "tcg") == 0;
	_cleanup_(kd_freep) struct kd_stage_words *words = malloc(sizeof(*words));
	char cmdline[KD_CMDLINE_SIZE + 64];
	struct kd_stage stage = {
		.accel = accel,
		.kernel = s->kernel,
		.image = s->image,
		.file = s->disk_path,
		.disk = s->disk,
		.cmdline = cmdline,
		.memory = ret->memory,
	};
	int r;

	if (!words)
		return kd_fail(err, -ENOMEM, "rehearsal");
	/* An emulated timer fails the kernel's check of it now and then. */
	(void)snprintf(cmdline, sizeof(cmdline), "%s console=ttyS0%s", in->cmdline,
		       tcg ? " no_timer_check" : "");
	(void)snprintf(ret->accel, sizeof(ret->accel), "%s", accel);
	memset(&ret->story, 0, sizeof(ret->story));
	r = kd_stage_words(&stage, words, err);
	if (r < 0)
		return r;
	return kd_machine_run(words->argv, tcg ? request->limit_s : FIRST_S,
			      request->limit_s, &ret->story, &ret->total_ms, err);
}

static int run(const struct kd_rehearse_request *request, const struct kd_inputs *in,
	       const struct stage *s, struct kd_rehearsal *ret, struct kd_error *err)
{
	int r;

	if (request->accel)
		return run_on(request->accel, request, in, s, ret, err);
	r = faccessat(AT_FDCWD, "/dev/kvm", R_OK | W_OK, 0) < 0
		    ? -ENOENT
		    : run_on("kvm", request, in, s, ret, NULL);
	if (r >= 0 && ret->story.first_ms)
		return r;
	return run_on("tcg", request, in, s, ret, err);
}

static void describe(const struct kd_inputs *in, const struct kd_needs *needs,
		     struct kd_rehearsal *ret)
{
	const struct kd_plan_target *t = &in->plan.targets[0];

	memcpy(ret->key, in->key, sizeof(ret->key));
	memcpy(ret->release, in->kernel_release, sizeof(ret->release));
	ret->reserved = needs->reserved > 0;
	ret->memory = ret->reserved ? needs->reserved : needs->estimate.recommended;
	ret->needed = kd_memory_budget(0, 0, 0);
	ret->firmware_missing = needs->sizes.n_firmware_missing;
	(void)snprintf(ret->target, sizeof(ret->target), "%s %s %s", t->fstype, t->device,
		       t->path);
}

static int rehearse(const struct kd_rehearse_request *request, struct kd_inputs *in,
		    struct kd_rehearsal *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) struct stage *s = calloc(1, sizeof(*s));
	struct kd_needs needs = { 0 };
	int r;

	if (!s)
		return kd_fail(err, -ENOMEM, "rehearsal");
	(void)snprintf(s->root, sizeof(s->root), "/proc/%d/fd/%d", (int)getpid(),
		       request->root_fd);
	(void)snprintf(s->kernel, sizeof(s->kernel), "%s%s", s->root, in->kernel_path);
	(void)snprintf(s->image, sizeof(s->image), "%s/" IMAGE, s->root);
	r = make_image(request, in, &needs.sizes, err);
	if (r < 0)
		return r;
	needs.reserved = in->host.kexec.crash_size;
	kd_needs_estimate(request->root_fd, -EBADF, in, &needs.sizes, &needs.estimate);
	describe(in, &needs, ret);
	r = make_disk(request, in, s, ret, err);
	if (r >= 0)
		r = run(request, in, s, ret, err);
	if (r < 0)
		return r;
	ret->passed = kd_rehearsal_judge(ret, ret->why);
	return 0;
}

int kd_rehearse(const struct kd_rehearse_request *request, struct kd_inputs *in,
		struct kd_rehearsal *ret, struct kd_error *err)
{
	const struct kd_inputs_request gather = { .root_fd = request->root_fd,
						  .init = request->init,
						  .now = request->now,
						  .no_load = true };
	int r;

	*ret = (struct kd_rehearsal) { .passed = false };
	r = kd_inputs_gather(&gather, in, err);
	if (r < 0)
		return r;
	clean(request->root_fd);
	r = kd_mkdir_p_at(request->root_fd, KD_REHEARSAL_DIR, 0700, err);
	if (r < 0)
		return r;
	r = rehearse(request, in, ret, err);
	clean(request->root_fd);
	return r < 0 ? kd_fail(err, r, "rehearsal") : 0;
}
