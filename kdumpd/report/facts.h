/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything `kdumpctl status` judges by, read through a root_fd in a few milliseconds:
 * no lock, no daemon, no other program. What the caller may not read is unknown, not
 * absent. Trusts /proc and /sys. Called by kdumpctl, the daemon and the metrics.
 */
#pragma once

#include "kdumpd/arm/hardware.h"
#include "kdumpd/report/boot-report.h"
#include "kdumpd/report/proof.h"
#include "kdumpd/report/watchdog.h"

/** A switch of the machine. */
enum kd_known {
	KD_NOT_KNOWN,
	KD_KNOWN_NO,
	KD_KNOWN_YES,
};

/**
 * Where a dump would go.
 *
 * @what:    as the configuration names it
 * @missing: why it cannot be found; "" when it can
 * @local:   its free space can be known at all
 * @mounted: and is: @free_bytes
 */
struct kd_status_target {
	char what[KD_PLAN_STRING];
	char missing[KD_ERROR_SIZE];
	bool local, mounted;
	uint64_t free_bytes;
};

/**
 * @kexec_error: why @kexec could not be read; "" when it could
 * @has_state:   @state was read: something was tried since the machine was started
 * @unfinished:  an arming is under way or was cut off (kd_state_unfinished())
 * @config_error: why there is no @config_digest; "" when there is one
 * @watchdog:    a hardware watchdog is there, and driven
 * @watchdog_driver: where none is: who would drive one; name "" for nobody
 * @hard_lockups: they are detected; @lockups_panic: and panic
 * @oops_panics: kernel.panic_on_oops
 * @forced_signature: this kernel loads signed kernel images only, locked down or not
 * @ima_policy:  what of a load the integrity policy covers, in words; "" for nothing
 * @has_proofs, @has_boot: the following were readable
 */
struct kd_status_facts {
	struct kd_kexec_facts kexec;
	char kexec_error[KD_ERROR_SIZE];
	bool has_state, unfinished;
	struct kd_state state;
	char boot_id[KD_BOOT_ID_SIZE];
	char release[KD_RELEASE_SIZE];
	char config_digest[KD_DIGEST_HEX];
	char config_error[KD_ERROR_SIZE];
	struct kd_hardware hardware;
	size_t n_targets;
	struct kd_status_target targets[KD_PLAN_TARGETS];
	enum kd_known watchdog, hard_lockups, lockups_panic, oops_panics;
	struct kd_module_driver watchdog_driver;
	bool forced_signature;
	char ima_policy[128];
	bool has_proofs;
	struct kd_proofs proofs;
	bool has_boot;
	struct kd_boot_report boot;
};

/** Read them all. @ret: several KiB; whatever cannot be read is as documented above.
 *  -ENOMEM is the only error. */
int kd_status_facts_read(int root_fd, struct kd_status_facts *ret, struct kd_error *err);
