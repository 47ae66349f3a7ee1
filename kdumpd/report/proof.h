/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proofs that a capture works on this machine: the last crash that was looked into, the
 * last `kdumpctl test` and the last `kdumpctl rehearse`, each with what came of it. Kept
 * in /var/lib/kdumpd/proofs by whoever proves something; the key in it tells whether what
 * is armed now is what was proven. Trusts root's file no further than its bounds.
 */
#pragma once

#include "kdumpd/arm/state.h"

#define KD_PROOF_PATH KD_LIB_DIR "/proofs"

enum kd_proof_kind {
	KD_PROOF_CRASH,	    /* a real one, captured or not */
	KD_PROOF_TEST,	    /* a real one, asked for */
	KD_PROOF_REHEARSAL, /* the image started in a virtual machine */
	KD_PROOF_KINDS,
};

/**
 * @at:      when it was found out, seconds since the epoch; 0: there is none of that kind
 * @passed:  1 when it worked
 * @key:     rebuild key of the image (struct kd_state); "" when not known
 * @release: kernel that crashed, or was rehearsed
 * @dump:    folder of the dump; "" without one
 * @seconds: the capture took; 0 when not known
 * @detail:  why it failed, or what a rehearsal could not show; "" for nothing
 */
struct kd_proof {
	uint64_t at;
	uint64_t passed;
	char key[KD_DIGEST_HEX];
	char release[KD_RELEASE_SIZE];
	char dump[3 * KD_PLAN_STRING];
	uint64_t seconds;
	char detail[KD_ERROR_SIZE];
};

struct kd_proofs {
	struct kd_proof kinds[KD_PROOF_KINDS];
};

/** "crash", "test", "rehearsal". */
const char *kd_proof_name(enum kd_proof_kind kind);

/** Read them. 0 with nothing in them when there is no file yet; -EACCES for who may not;
 *  -EINVAL. */
int kd_proofs_read(int root_fd, struct kd_proofs *ret, struct kd_error *err);

/** Put @proof in the place of the last of its kind, atomically, the others untouched. A
 *  file that makes no sense is replaced. */
int kd_proof_record(int root_fd, enum kd_proof_kind kind, const struct kd_proof *proof,
		    struct kd_error *err);

/** The latest of all. Returns its kind, or -ENODATA when there is none. */
int kd_proof_latest(const struct kd_proofs *proofs);
