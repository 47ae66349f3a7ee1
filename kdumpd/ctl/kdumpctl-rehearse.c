/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl rehearse: starts what a crash would start, in a virtual machine, and says how
 * that went, and what it could not show.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "kdumpd/ctl/kdumpctl-json.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/rehearse/rehearse.h"
#include "kdumpd/report/proof.h"
#include "kdumpd/version.h"

#define LIMIT_S	      600
#define NS_PER_SECOND 1000000000ull

static const char not_shown[] =
	"what reads the dead kernel, its log and the dump: there is none in a rehearsal; "
	"run `kdumpctl test` for that";

static void put_text(const struct kd_rehearsal *r)
{
	const struct kd_story *s = &r->story;

	(void)printf("Rehearsed: kernel %s with %" PRIu64 "M of memory%s, to %s\n",
		     r->release, r->memory >> 20,
		     r->reserved ? "" : " (the estimate: nothing is reserved)",
		     r->target);
	(void)printf("Stand-in:  %s%s\n", r->driver[0] ? "a disk of " : "none: ",
		     r->driver[0] ? r->driver : r->no_disk);
	(void)printf("Machine:   QEMU (%s), %.1f s in all, pid 1 after %.1f s\n",
		     r->accel, (double)r->total_ms / 1000, (double)s->first_ms / 1000);
	if (s->available)
		(void)printf("Memory:    %" PRIu64 "M free when a dump would begin, at "
			     "least %" PRIu64 "M needed\n",
			     s->available >> 20, r->needed >> 20);
	for (size_t i = 0; i < s->n_phases; i++)
		(void)printf("  %-10s %s\n", s->phases[i].name, s->phases[i].text);
	if (r->firmware_missing)
		(void)printf("Firmware:  %u files that drivers ask for are not there\n",
			     r->firmware_missing);
	(void)printf("Not shown: %s\n", not_shown);
	(void)printf("Rehearsal %s%s%s\n", r->passed ? "passed" : "FAILED",
		     r->passed ? "" : ": ", r->why);
}

static int put_json(const struct kd_rehearsal *r, struct kd_error *err)
{
	const struct kd_story *s = &r->story;
	_cleanup_(kd_ctl_document_done) struct kd_ctl_document d;
	struct kd_json *j = kd_ctl_document_object(&d);

	kd_json_bool(j, "passed", r->passed);
	kd_json_string(j, "reason", r->why[0] ? r->why : NULL);
	kd_json_string(j, "key", r->key);
	kd_json_string(j, "release", r->release);
	kd_json_string(j, "target", r->target);
	kd_json_u64(j, "memoryBytes", r->memory);
	kd_json_bool(j, "reserved", r->reserved);
	kd_json_u64(j, "availableBytes", s->available);
	kd_json_u64(j, "neededBytes", r->needed);
	kd_json_string(j, "standIn", r->driver[0] ? r->driver : NULL);
	kd_json_u64(j, "firmwareMissing", r->firmware_missing);
	kd_json_string(j, "accelerator", r->accel);
	kd_json_u64(j, "totalMs", r->total_ms);
	kd_json_u64(j, "pid1Ms", s->first_ms);
	kd_json_array(j, "phases");
	for (size_t i = 0; i < s->n_phases; i++) {
		kd_json_object(j, NULL);
		kd_json_string(j, "name", s->phases[i].name);
		kd_json_bool(j, "done", s->phases[i].done);
		kd_json_string(j, "text", s->phases[i].text);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
	kd_json_string(j, "notShown", not_shown);
	return kd_ctl_document_put(&d, "rehearse", err);
}

/* For status: whether what is armed was ever seen to work. */
static void record(const struct kd_ctl *ctl, const struct kd_rehearsal *r, uint64_t now)
{
	struct kd_proof proof = { .at = now,
				  .passed = r->passed,
				  .seconds = r->total_ms / 1000 };
	struct kd_error err = { 0 };

	memcpy(proof.key, r->key, sizeof(proof.key));
	memcpy(proof.release, r->release, sizeof(proof.release));
	memcpy(proof.detail, r->why, sizeof(proof.detail));
	if (kd_proof_record(ctl->root_fd, KD_PROOF_REHEARSAL, &proof, &err) < 0)
		kd_log(&ctl->log, KD_LOG_WARNING, "%s", err.message);
}

int kd_ctl_rehearse(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct kd_inputs *in = malloc(sizeof(*in));
	_cleanup_(kd_freep) struct kd_rehearsal *r = malloc(sizeof(*r));
	struct kd_rehearse_request request = {
		.root_fd = ctl->root_fd,
		.init = ctl->args.init ? ctl->args.init : KD_CAPTURE_INIT,
		.limit_s = LIMIT_S,
	};
	struct kd_error err = { 0 };
	struct timespec now;
	int done;

	if (!in || !r) {
		kd_log(&ctl->log, KD_LOG_ERROR, "rehearse: %s", strerror(ENOMEM));
		return EXIT_FAILURE;
	}
	(void)clock_gettime(CLOCK_REALTIME, &now);
	request.now = (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
	done = kd_rehearse(&request, in, r, &err);
	kd_inputs_done(in);
	if (done < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		if (done == -ENOENT)
			kd_log(&ctl->log, KD_LOG_ERROR,
			       "a rehearsal needs QEMU (qemu-system-x86_64) and the "
			       "target's mkfs");
		return EXIT_FAILURE;
	}
	record(ctl, r, (uint64_t)now.tv_sec);
	if (!kd_ctl_json(ctl)) {
		put_text(r);
	} else if (put_json(r, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return r->passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
