/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would a crash be captured? The judgement over what facts.h reads: reasons why not, and
 * remarks about what might go wrong though it should work. Pure. Called by kdumpctl
 * status, the daemon's bus and the metrics.
 */
#pragma once

#include "kdumpd/report/facts.h"
#include "kdumpd/report/sentences.h"

#define KD_FINDINGS_MAX 24

/** One sentence, filled in; code and remedy are kd_sentence()'s. */
struct kd_finding {
	enum kd_say id;
	char text[KD_ERROR_SIZE];
};

struct kd_findings {
	size_t n;
	struct kd_finding items[KD_FINDINGS_MAX];
};

/**
 * @operational: a crash would be captured, by all that is known: there is no reason
 * @armed:       the kernel has an image, and it is ours for what is now
 * @reasons:     why it would not; the first is the one to mend first
 * @remarks:     what to know although it would, or besides
 * @verified:    what the kernel verified of what is loaded; only while @armed
 * @last_proof:  enum kd_proof_kind, or -ENODATA
 */
struct kd_status {
	bool operational, armed;
	struct kd_findings reasons, remarks;
	struct kd_finding verified;
	int last_proof;
};

/** Judge. Pure. */
void kd_status_judge(const struct kd_status_facts *facts, struct kd_status *ret);

/** The sentence for a judgement other than KD_ARMED_YES. Pure. */
enum kd_say kd_armed_sentence(enum kd_armed armed);

/** Bytes for people: "96M", "1.5G". */
void kd_bytes_format(uint64_t bytes, char *ret, size_t size);
