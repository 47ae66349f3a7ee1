/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is armed, in a file that status can read without the daemon, and the judgement
 * whether it really is: the kernel's word, this boot, this configuration. The text is
 * "key=value" lines below /run. Written by arm.c, read by it, kdumpctl and the manager.
 */
#pragma once

#include "kdumpd/digest.h"
#include "kdumpd/host/host.h"

#define KD_STATE_DIR	  "run/kdumpd"
#define KD_STATE_PATH	  "run/kdumpd/state"
#define KD_STATE_PATH_NEW "run/kdumpd/state.new"
#define KD_LIB_DIR	  "var/lib/kdumpd"
#define KD_STATE_PATH_MAX 256
#define KD_STATE_TARGET	  2048
#define KD_STATE_DEVICES  (KD_PLAN_TARGETS * (KD_BLOCK_NAME + 1))
#define KD_STATE_ROOM	  "room" /* in KD_STATE_DIR: replaced when dumps were removed */

/**
 * @boot_id:      boot it was armed in; "" when nothing is
 * @key:          rebuild key of what is armed
 * @config:       digest of the configuration it was made from
 * @release:      kernel it captures
 * @kernel, @image: files that were loaded, to load them again; absolute
 * @image_sha256: of the image's bytes
 * @secret:       file whose bytes were loaded with the image and are not in it; ""
 * @cmdline:      of the capture kernel
 * @target:       file system, device and path of each target, in words
 * @devices:      of each target, in order: the block device as sysfs knows it, or "-" for
 *                what is no file system of this machine's; between spaces
 * @collector:    what is run on the other side: core_collector
 * @loaded_by:    the system call: "kexec_load" or "kexec_file_load"
 * @cpus, @memory: what the image's header was made for, see hardware.h
 * @armed_at:     seconds since the epoch
 * @arm_ms:       milliseconds it took, from the first file read to the load itself
 * @reserved:     bytes crashkernel= had set aside
 * @estimate:     bytes the capture is expected to need; 0 when nobody has computed it
 * @crash_loop_limit: dumps within an hour after which only logs are saved; 0 for no limit
 * @test:         1 when it was armed for a crash that is asked for
 * @error:        of the last attempt, "" when it went well; @error_at likewise
 */
struct kd_state {
	char boot_id[KD_BOOT_ID_SIZE];
	char key[KD_DIGEST_HEX];
	char config[KD_DIGEST_HEX];
	char release[KD_RELEASE_SIZE];
	char kernel[KD_STATE_PATH_MAX];
	char image[KD_STATE_PATH_MAX];
	char image_sha256[KD_DIGEST_HEX];
	char secret[KD_STATE_PATH_MAX];
	char cmdline[KD_CMDLINE_SIZE];
	char target[KD_STATE_TARGET];
	char devices[KD_STATE_DEVICES];
	char collector[KD_PLAN_COLLECTOR];
	char loaded_by[16];
	char cpus[KD_DIGEST_HEX];
	char memory[KD_DIGEST_HEX];
	uint64_t image_bytes;
	uint64_t armed_at;
	uint64_t arm_ms;
	uint64_t reserved;
	uint64_t estimate;
	uint64_t crash_loop_limit;
	uint64_t test;
	uint64_t error_at;
	char error[KD_ERROR_SIZE];
};

/** Append the text. Control characters in strings become '?'. */
int kd_state_encode(const struct kd_state *state, struct kd_strbuf *out,
		    struct kd_error *err);

/** Read the text. -EINVAL with the line's number; unknown keys, of a later version,
 *  pass. @ret only on success. */
int kd_state_decode(const char *text, size_t size, struct kd_state *ret,
		    struct kd_error *err);

/** Read the file; -ENOENT when nothing was ever armed since boot. */
int kd_state_read(int root_fd, struct kd_state *ret, struct kd_error *err);

/** The same of another file than KD_STATE_PATH. */
int kd_state_read_at(int root_fd, const char *path, struct kd_state *ret,
		     struct kd_error *err);

/** Whether an arming was killed between its first step towards the load and its last one
 *  after it: KD_STATE_PATH_NEW is there, and which of the two the kernel has is unknown.
 *  Also true while an arming is under way. */
bool kd_state_unfinished(int root_fd);

/** Write it to @path, whole or not at all, readable by all: so is what it tells. */
int kd_state_write(int root_fd, const char *path, const struct kd_state *state,
		   struct kd_error *err);

enum kd_armed {
	KD_ARMED_YES,
	KD_ARMED_NOTHING,	    /* the kernel has no crash image */
	KD_ARMED_FOREIGN,	    /* it has one, but not from us in this boot */
	KD_ARMED_OTHER_KERNEL,	    /* ours, but made for another release */
	KD_ARMED_OLD_CONFIG,	    /* ours, but the configuration has changed since */
	KD_ARMED_OTHER_RESERVATION, /* ours, but more or less memory is reserved now */
	KD_ARMED_OLD_HARDWARE,	    /* ours, but CPUs or memory came or went */
	KD_ARMED_UNFINISHED,	    /* which of two images of ours is not known */
};

struct kd_hardware;

/**
 * What the state is held against: the kernel and the machine as they are now.
 *
 * @loaded:   the kernel's own flag
 * @unfinished: kd_state_unfinished(), while nobody is at it
 * @boot_id, @release: borrowed
 * @config:   digest of the configuration as it is now; NULL when it cannot be read, and
 *            then it is not held against the armed image
 * @reserved: bytes; 0 when not known
 * @hardware: NULL when not known
 */
struct kd_armed_now {
	bool loaded, unfinished;
	const char *boot_id, *release, *config;
	uint64_t reserved;
	const struct kd_hardware *hardware;
};

/** Judge. Pure. @state: NULL when there is none */
enum kd_armed kd_state_judge(const struct kd_state *state,
			     const struct kd_armed_now *now);
