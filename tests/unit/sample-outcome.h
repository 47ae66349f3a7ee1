/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An outcome that says something in each of its members, for those who write and who read
 * one. Used by tests.
 */
#pragma once

#include "base/outcome.h"

static const struct kd_outcome sample_outcome = {
	.state = KD_OUTCOME_INCOMPLETE,
	.arm_id = "arm",
	.release = "6.1",
	.build_id = "ab",
	.crash_time = 1700000000,
	.layout = "file",
	.target = "/dev/vda",
	.dump_dir = "/c/d",
	.vmcore_bytes = 5,
	.dmesg_bytes = 6,
	.pages_total = 7,
	.pages_kept = 8,
	.pages_unreadable = 9,
	.peak_rss_kib = 10,
	.mini_bytes = 11,
	.dump_level = 31,
	.wanted_level = 17,
	.sha256 = "cd",
	.boot_id = "boot",
	.memory_kib = 12,
	.available_kib = 13,
	.threads = 14,
	.recent_crashes = 15,
	.crash_loop = true,
	.test = true,
	.n_phases = 2,
	.phases = { { .name = "log" }, { "dump", 3, 4, -EIO, "no \"x\"" } },
	.n_classes = 1,
	.classes = { { "free", 16, 2 } },
	.n_drivers = 1,
	.drivers = { "virtio_blk" },
	.n_notes = 1,
	.notes = { "degraded" },
};
