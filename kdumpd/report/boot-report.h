/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the last boot ended: judged once a boot from what it left behind, kept as a record.
 * The judgement is pure; boot-check.c gathers the evidence. Trusts no clock for more than
 * telling pstore's records of that boot from older ones. Called by boot-check.c, status
 * and the metrics.
 */
#pragma once

#include "kdumpd/archive/archive.h"
#include "kdumpd/arm/marker.h"
#include "kdumpd/report/sentences.h"

#define KD_BOOT_REPORT_PATH	KD_STATE_DIR "/last-boot" /* for all to read */
#define KD_BOOT_REPORT_PATH_LIB KD_LIB_DIR "/last-boot"	  /* for the boots to come */

enum kd_boot_verdict {
	KD_BOOT_UNKNOWN, /* nothing was written down */
	KD_BOOT_CLEAN,	 /* it shut down */
	KD_BOOT_UNCLEAN, /* it did not, and nothing tells of a crash */
	KD_BOOT_DUMPED,	 /* it crashed, and there is a whole dump */
	KD_BOOT_LOST,	 /* it crashed, and there is none */
	KD_BOOT_VERDICTS,
};

/**
 * What the last boot left behind.
 *
 * @marker: of that boot; NULL when there is none
 * @dump:   the newest that nobody has been told of yet, NULL for none; it lies in @folder
 * @unseen: why the dumps' folder could not be looked at; NULL when it could
 * @panic_at: time of a panic's record in pstore, seconds since the epoch; 0 for none
 */
struct kd_boot_evidence {
	const struct kd_marker *marker;
	const struct kd_dump *dump;
	const char *folder;
	const char *unseen;
	uint64_t panic_at;
};

/**
 * @boot_id:  of the boot that looked; @last_boot_id: that which ended; "" when unknown
 * @verdict:  kd_boot_verdict_name()
 * @code, @why: for LOST: a sentence's code and the sentence, both "" otherwise
 * @dump:     path of the dump's folder, "" without; the following are its
 * @state:    of the dump: complete …
 * @crash_time: seconds since the epoch; 0 when unknown
 * @test:     1 when the crash was asked for
 * @provisional: 1 while the target could not be looked at
 * @looked_at: seconds since the epoch
 */
struct kd_boot_report {
	char boot_id[KD_BOOT_ID_SIZE];
	char last_boot_id[KD_BOOT_ID_SIZE];
	char verdict[16];
	char code[32];
	char why[KD_ERROR_SIZE];
	char dump[3 * KD_PLAN_STRING];
	char state[16];
	char release[KD_RELEASE_SIZE];
	uint64_t crash_time;
	uint64_t dump_bytes;
	uint64_t capture_ms;
	uint64_t test;
	uint64_t provisional;
	uint64_t looked_at;
};

/** "unknown", "clean", "unclean", "dumped", "lost". */
const char *kd_boot_verdict_name(enum kd_boot_verdict verdict);
/** The verdict of a report; KD_BOOT_UNKNOWN for what is none. */
enum kd_boot_verdict kd_boot_verdict_of(const struct kd_boot_report *report);

/** Judge. Pure. @ret: all but boot_id and looked_at */
void kd_boot_judge(const struct kd_boot_evidence *evidence, struct kd_boot_report *ret);

/** The report as an event of sentences.def, and its sentence. */
enum kd_say kd_boot_event(const struct kd_boot_report *report, char *ret, size_t size);

/** Read this boot's report; -ENOENT while there is none. */
int kd_boot_report_read(int root_fd, struct kd_boot_report *ret, struct kd_error *err);

/** Write it, for this boot and for those to come. That /var cannot be written is no
 *  error while /run can. */
int kd_boot_report_write(int root_fd, const struct kd_boot_report *report,
			 struct kd_error *err);
