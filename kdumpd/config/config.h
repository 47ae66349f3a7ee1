/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kdump.conf and its drop-ins in kdump-utils' syntax: "key value" lines, comments,
 * targets in the order they are to be tried. Pure: text in, values and complaints out.
 * Trusts nothing; what cannot be honoured is told by name with its line, never ignored.
 * Called by settings.c for the daemon and kdumpctl.
 */
#pragma once

#include "kdumpd/config/config-fence.h"
#include "kdumpd/config/config-report.h"
#include "kdumpd/config/config-target.h"

#define KD_CONFIG_PATH	   "etc/kdump.conf" /* below the root */
#define KD_CONFIG_MAX_SIZE 65536	    /* bytes of text */
#define KD_CONFIG_WORDS	   1024		    /* bytes of a list of words */
#define KD_CONFIG_KEYS	   64

struct kd_digest;

/**
 * How many dumps stay on each target; 0 for no limit.
 *
 * @count: of them; @bytes: that all take; @free: bytes that stay free; @days: of age
 */
struct kd_config_keep {
	uint64_t count, bytes, free, days;
};

/** Where something was said. */
struct kd_config_where {
	char file[KD_CONFIG_FILE];
	unsigned int line;
};

/**
 * What was configured. Lists are words between single spaces, "" for none.
 *
 * @path:      folder for the dumps: below the target's root when one is named, else
 *             absolute on this system
 * @collector: core_collector
 * @targets:   to be tried in this order, never none: KD_TARGET_OF_PATH stands for no
 *             target line, KD_TARGET_OF_ROOT at the end for dump_to_rootfs
 * @crash_loop_limit: dumps within an hour after which only logs are saved; 0 for no
 *             limit
 * @sshkey:    private key for ssh and sftp targets
 * @pre, @post, @emergency: programs run before, after, and instead of a dump; "" for none
 * @extra_bins: programs for the image, absolute paths
 * @extra_modules, @omit_modules: kernel modules that must be in the image, or must not
 *             unless the target needs them
 * @force_rebuild, @force_no_rebuild: build the image always, or never again
 * @fence_nodes: of a cluster, told by @fence that this machine dumps; @fence_where: where
 *             they stand
 * @keep:      how many dumps stay
 * @metrics_file: where metrics are written, absolute; "" for node_exporter's folders
 * @auto_reset_crashkernel: kernels that are installed get the running one's crashkernel=
 */
struct kd_config {
	char path[KD_PLAN_STRING];
	char collector[KD_PLAN_COLLECTOR];
	size_t n_targets;
	struct kd_config_target targets[KD_PLAN_TARGETS];
	enum kd_action final_action;
	enum kd_action failure_action;
	uint64_t crash_loop_limit;
	char sshkey[KD_PLAN_STRING];
	char pre[KD_PLAN_STRING];
	char post[KD_PLAN_STRING];
	char emergency[KD_PLAN_STRING];
	char extra_bins[KD_CONFIG_WORDS];
	char extra_modules[KD_CONFIG_WORDS];
	char omit_modules[KD_CONFIG_WORDS];
	bool force_rebuild;
	bool force_no_rebuild;
	bool auto_reset_crashkernel;
	char fence_nodes[KD_CONFIG_WORDS];
	struct kd_config_fence fence;
	struct kd_config_where fence_where;
	struct kd_config_keep keep;
	char metrics_file[KD_PLAN_STRING];
};

/**
 * A configuration while its files are read, one after the other, the later ones over the
 * earlier: each key that a file has replaces what came before, its targets all earlier
 * ones. The members are config.c's and config-keys.c's.
 *
 * @where: of the line at hand
 * @seen:  for each key, the line of this file that had it; 0 for none
 * @n_targets: of this file
 * @last_resort: of dump_to_rootfs; source "" for another failure_action
 * @force: of the last force_rebuild or force_no_rebuild
 * @dracut_modules, @dracut_bins, @dracut: what dracut_args adds, and where
 */
struct kd_config_reader {
	struct kd_config config;
	struct kd_config_report *report;
	struct kd_config_where where;
	unsigned int seen[KD_CONFIG_KEYS];
	size_t n_targets;
	struct kd_config_target last_resort;
	struct kd_config_where force;
	char dracut_modules[KD_CONFIG_WORDS];
	char dracut_bins[KD_CONFIG_WORDS];
	struct kd_config_where dracut;
};

/** What no file at all means: /var/crash on the file system that holds it, makedumpfile
 *  -z -d 31, reboot on either end. */
void kd_config_init(struct kd_config *config);

/** Begin. @report: borrowed, complaints are added */
void kd_config_reader_init(struct kd_config_reader *reader,
			   struct kd_config_report *report);

/** Read a file's text over what was read before. @file: its name for messages */
void kd_config_read(struct kd_config_reader *reader, const char *file, const char *text,
		    size_t size);

/** End: complain about what only the whole shows, and hand the values over. They mean
 *  something when the report has no errors. */
void kd_config_finish(struct kd_config_reader *reader, struct kd_config *ret);

/**
 * The same for one text alone.
 *
 * @ret:    set only when the report has no errors
 * @report: initialised by the caller; complaints are added, warnings too
 * Returns 0, or -EINVAL with the first error, and how many more, in @err.
 */
int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *report,
		    struct kd_error *err);

/** Add to @digest what the capture image depends on. */
void kd_config_digest(const struct kd_config *config, struct kd_digest *digest);

/** The name of the @i-th key that kdump.conf may hold, targets left out; NULL past the
 *  last. For tests that compare them with the manual. */
const char *kd_config_key_name(size_t i);
