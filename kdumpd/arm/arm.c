/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arm path: see arm.h. What must be on disk is written before the load, next to the
 * files in use, and renamed after it: a full disk is found while the old image is still
 * armed, and a kill in between leaves an armed machine, with KD_STATE_PATH_NEW to tell
 * the next arming that it is not known what is loaded. Called by daemon and kdumpctl.
 */
#include "kdumpd/arm/arm.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/arm/arm-load.h"
#include "kdumpd/arm/hardware.h"
#include "kdumpd/arm/marker.h"
#include "kdumpd/arm/needs.h"
#include "kdumpd/arm/prepare.h"
#include "kexec/backend/linux.h"
#include "kexec/load.h"

#define LOCK_PATH     KD_STATE_DIR "/lock"
#define LOCK_TRIES    1200
#define LOCK_PAUSE_NS 100000000l
#define REPORT_MAX    16384
#define NS_PER_SECOND 1000000000ull
#define NS_PER_MS     1000000ull

void kd_arm_result_init(struct kd_arm_result *result)
{
	*result = (struct kd_arm_result) { .already = false };
	kd_strbuf_init(&result->report, REPORT_MAX);
	kd_strbuf_init(&result->warnings, REPORT_MAX);
}

void kd_arm_result_done(struct kd_arm_result *result)
{
	kd_strbuf_done(&result->report);
	kd_strbuf_done(&result->warnings);
}

static uint64_t clock_ns(clockid_t which)
{
	struct timespec now;

	(void)clock_gettime(which, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* One arming at a time; 120 s is far beyond what one takes. */
static int take_lock(int root_fd, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = kd_mkdir_p_at(root_fd, KD_STATE_DIR, 0755, err);
	if (r < 0)
		return r;
	fd = openat(root_fd, LOCK_PATH, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return kd_fail(err, -errno, "/" LOCK_PATH);
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) >= 0)
			return TAKE_FD(fd);
		if (errno != EWOULDBLOCK && errno != EINTR)
			return kd_fail(err, -errno, "/" LOCK_PATH);
		(void)nanosleep(&(struct timespec) { .tv_nsec = LOCK_PAUSE_NS }, NULL);
	}
	return kd_fail_msg(err, -EBUSY,
			   "another kdumpd or kdumpctl has been at work for "
			   "two minutes");
}

static void add_report(struct kd_arm_result *result,
		       const struct kd_config_report *report)
{
	char text[KD_CONFIG_PROBLEM_TEXT];

	for (size_t i = 0; i < MIN(report->n, (size_t)KD_CONFIG_PROBLEMS); i++) {
		const struct kd_config_problem *p = &report->problems[i];

		kd_config_problem_format(p, text, sizeof(text));
		kd_strbuf_addf(p->warning ? &result->warnings : &result->report, "%s\n",
			       text);
	}
}

/* "ext4 UUID=… /var/crash, then xfs …": as many as fit. */
static void describe_targets(const struct kd_plan *plan, char *ret, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < plan->n_targets && used < size; i++) {
		const struct kd_plan_target *t = &plan->targets[i];
		int n = snprintf(ret + used, size - used, "%s%s %s %s",
				 i ? ", then " : "", t->fstype, t->device, t->path);

		used += n > 0 ? (size_t)n : 0;
	}
}

static void name_devices(const struct kd_inputs *in, char *ret, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < in->settings.config.n_targets && used < size; i++) {
		const struct kd_target_facts *t = &in->targets[i];
		bool local = t->wanted.type == KD_TARGET_FS;
		int n;

		if (t->error.code < 0)
			continue;
		n = snprintf(ret + used, size - used, "%s%s", used ? " " : "",
			     local ? t->name : "-");
		used += n > 0 ? (size_t)n : 0;
	}
}

/**
 * What an arming finds.
 *
 * @state:    of the last one that came to its end; all empty when there is none
 * @cut_off:  a later one was killed on its way
 * @next:     what that one was about to arm
 * @hardware: of now
 */
struct found {
	struct kd_state state;
	bool cut_off;
	struct kd_state next;
	struct kd_hardware hardware;
};

static void look(const struct kd_arm_request *request, struct found *ret)
{
	int root_fd = request->root_fd;

	*ret = (struct found) { .cut_off = kd_state_unfinished(root_fd) };
	(void)kd_state_read(root_fd, &ret->state, NULL);
	(void)kd_state_read_at(root_fd, KD_STATE_PATH_NEW, &ret->next, NULL);
	kd_hardware_read(root_fd, request->iomem_fd, &ret->hardware);
}

/* What to load again after a refusal: where the kernel may have one of two images, the
 * one that is known to be good; else the only one there is. */
static const struct kd_state *last_good(const struct found *found)
{
	return found->state.boot_id[0] ? &found->state : &found->next;
}

static bool is_armed(const struct found *found, const struct kd_inputs *in)
{
	const struct kd_armed_now now = { .loaded = in->host.kexec.crash_loaded,
					  .unfinished = found->cut_off,
					  .boot_id = in->host.boot_id,
					  .release = in->host.release,
					  .config = in->settings.digest,
					  .reserved = in->host.kexec.crash_size,
					  .hardware = &found->hardware };

	return strcmp(found->state.key, in->key) == 0 &&
	       kd_state_judge(&found->state, &now) == KD_ARMED_YES;
}

static void describe(const struct kd_inputs *in, const struct kd_prepared *p,
		     const struct kd_hardware *hardware, struct kd_state *ret)
{
	*ret = (struct kd_state) { .image_bytes = p->bytes,
				   .reserved = in->host.kexec.crash_size,
				   .armed_at = clock_ns(CLOCK_REALTIME) / NS_PER_SECOND };
	memcpy(ret->boot_id, in->host.boot_id, sizeof(ret->boot_id));
	memcpy(ret->cpus, hardware->cpus, sizeof(ret->cpus));
	memcpy(ret->memory, hardware->memory, sizeof(ret->memory));
	memcpy(ret->key, in->key, sizeof(ret->key));
	memcpy(ret->config, in->settings.digest, sizeof(ret->config));
	memcpy(ret->release, in->host.release, sizeof(ret->release));
	memcpy(ret->kernel, in->kernel_path, sizeof(ret->kernel));
	memcpy(ret->image, p->path, sizeof(ret->image));
	(void)snprintf(ret->secret, sizeof(ret->secret), "%s", in->ssh.key);
	memcpy(ret->image_sha256, p->sha256, sizeof(ret->image_sha256));
	(void)snprintf(ret->cmdline, sizeof(ret->cmdline), "%s", in->cmdline);
	ret->test = in->plan.test;
	ret->crash_loop_limit = in->plan.crash_loop_limit;
	describe_targets(&in->plan, ret->target, sizeof(ret->target));
	name_devices(in, ret->devices, sizeof(ret->devices));
	memcpy(ret->collector, in->plan.collector, sizeof(ret->collector));
}

/* What will be true is written down before the load, beside what is. */
static int load_new(const struct kd_arm_request *request, const struct kd_inputs *in,
		    const struct kd_prepared *p, const struct found *found,
		    struct kd_arm_result *result, struct kd_error *err)
{
	_cleanup_(kd_arm_load_done) struct kd_arm_load load;
	struct kd_state *ret = &result->state;
	struct kd_estimate needs;
	int root_fd = request->root_fd, r;
	enum kd_load_left left;

	r = kd_arm_load_init(&load, request, in, p->fd, &result->warnings, err);
	if (r < 0)
		return r;
	describe(in, p, &found->hardware, ret);
	ret->arm_ms = (clock_ns(CLOCK_MONOTONIC) - result->began) / NS_PER_MS;
	kd_needs_estimate(root_fd, request->iomem_fd, in, &p->sizes, &needs);
	ret->estimate = needs.recommended;
	(void)snprintf(ret->loaded_by, sizeof(ret->loaded_by), "%s",
		       kd_load_way_name(load.image.way));
	r = kd_state_write(root_fd, KD_STATE_PATH_NEW, ret, err);
	if (r < 0)
		return r;
	r = kd_arm_load(&load, last_good(found), &left, err);
	/* what was in doubt before still is, unless something was loaded */
	if (r < 0 && !(found->cut_off && left == KD_LOAD_LEFT_UNTOUCHED))
		(void)unlinkat(root_fd, KD_STATE_PATH_NEW, 0);
	return r;
}

/* Once the state is in place it is true, and tells kd_prepare_finish() which image to
 * take when this is as far as we come. */
static int commit(int root_fd, const struct kd_inputs *in, const struct kd_prepared *p,
		  struct kd_error *err)
{
	int r;

	if (renameat(root_fd, KD_STATE_PATH_NEW, root_fd, KD_STATE_PATH) < 0)
		r = kd_fail(err, -errno, "/" KD_STATE_PATH);
	else
		r = kd_prepare_commit(root_fd, in, p, err);
	return r < 0 ? kd_fail(err, r, "armed, but it could not be written down") : 0;
}

static int arm(const struct kd_arm_request *request, const struct found *found,
	       struct kd_arm_result *result, struct kd_error *err)
{
	_cleanup_(kd_prepared_done) struct kd_prepared prepared = { .fd = -EBADF };
	const struct kd_inputs_request gather = { .root_fd = request->root_fd,
						  .init = request->init,
						  .now = clock_ns(CLOCK_REALTIME),
						  .test_id = request->test_id };
	_cleanup_(kd_inputs_done) struct kd_inputs in;
	int root_fd = request->root_fd, r;
	bool force;

	r = kd_inputs_gather(&gather, &in, err);
	add_report(result, &in.settings.report);
	if (r < 0)
		return r;
	force = request->force || in.settings.config.force_rebuild;
	if (!force && is_armed(found, &in)) {
		result->already = true;
		result->state = found->state;
		return 0;
	}
	kd_prepare_finish(root_fd, last_good(found)->image,
			  last_good(found)->image_sha256);
	r = kd_prepare(root_fd, &in, force, &prepared, &result->warnings, err);
	if (r < 0)
		return r;
	r = load_new(request, &in, &prepared, found, result, err);
	if (r < 0) {
		kd_prepare_discard(root_fd, &prepared);
		return r;
	}
	return commit(root_fd, &in, &prepared, err);
}

/* For the next boot. That it could not be written is no reason not to be armed. */
static void mark(int root_fd, struct kd_arm_result *result, int r,
		 const struct kd_error *why)
{
	struct kd_error err = { 0 };

	if (r >= 0)
		r = kd_marker_armed(root_fd, &result->state, &err);
	else if (kd_kexec_crash_loaded(root_fd) <= 0)
		r = kd_marker_disarmed(root_fd, why->message, &err);
	if (err.code < 0 && r < 0)
		kd_strbuf_addf(&result->warnings,
			       "the next boot will not know of this one: %s\n",
			       err.message);
}

int kd_arm(const struct kd_arm_request *request, struct kd_arm_result *result,
	   struct kd_error *err)
{
	_cleanup_(kd_closep) int lock = -EBADF;
	struct kd_error local = { 0 };
	struct found found;
	struct kd_state *state = &found.state;
	int r;

	if (!err)
		err = &local;
	lock = take_lock(request->root_fd, err);
	if (lock < 0)
		return lock;
	result->began = clock_ns(CLOCK_MONOTONIC);
	look(request, &found);
	r = arm(request, &found, result, err);
	mark(request->root_fd, result, r, err);
	if (r >= 0 && !(result->already && state->error[0]))
		return 0;
	(void)kd_state_read(request->root_fd, state, NULL); /* it may be a new one */
	if (r < 0)
		memcpy(state->error, err->message, sizeof(state->error));
	else
		result->state.error[0] = state->error[0] = '\0';
	state->error_at = r < 0 ? clock_ns(CLOCK_REALTIME) / NS_PER_SECOND : 0;
	(void)kd_state_write(request->root_fd, KD_STATE_PATH, state, NULL);
	return r;
}

int kd_disarm(const struct kd_arm_request *request, struct kd_error *err)
{
	_cleanup_(kd_closep) int lock = -EBADF;
	struct kd_kexec_facts facts;
	struct kd_linux_backend linux_backend = { .kernel = request->backend,
						  .facts = &facts };
	const struct kd_kexec_backend backend = kd_linux_backend(&linux_backend);
	int r;

	lock = take_lock(request->root_fd, err);
	if (lock < 0)
		return lock;
	r = kd_kexec_facts_read(request->root_fd, &facts, err);
	if (r < 0)
		return r;
	if (facts.crash_loaded) {
		r = backend.ops->unload(backend.context, KD_KEXEC_CRASH, err);
		if (r < 0)
			return r;
	}
	if ((unlinkat(request->root_fd, KD_STATE_PATH_NEW, 0) < 0 && errno != ENOENT) ||
	    (unlinkat(request->root_fd, KD_STATE_PATH, 0) < 0 && errno != ENOENT))
		return kd_fail(err, -errno, "/" KD_STATE_PATH);
	(void)kd_marker_disarmed(request->root_fd, "", NULL);
	return 0;
}
