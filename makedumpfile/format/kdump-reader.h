/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of kdump-compressed files, versions 1 to 6: as memory, for --dump-dmesg and
 * later refiltering, and page by page for checking what we wrote. Trusts nothing in
 * the file. Called by dump.c, main.c and the read-back check.
 */
#pragma once

#include "makedumpfile/codec/codec.h"
#include "makedumpfile/vmcore/memory.h"

/** An opened file. Reading pages moves a cursor inside: one thread at a time. */
struct kd_kdump;

/** Open, check the headers, read both bitmaps once. -ENOEXEC when the signature is
 *  another's; -ENOTSUP for other machines and versions; -EBADMSG when corrupt; -EFBIG for
 *  notes past reason; -ENOMEM; those of open and read. */
int kd_kdump_open_at(int dir_fd, const char *path, struct kd_kdump **ret,
		     struct kd_error *err);
void kd_kdump_free(struct kd_kdump *k);
KD_DEFINE_GUARD(struct kd_kdump, kd_kdump_free)

/** Its kept pages as memory; borrowed. Pages left out, or never written to a file cut
 *  short, read as -ENODATA; lost and corrupt ones as -EIO. */
const struct kd_memory *kd_kdump_memory(const struct kd_kdump *k);

/** utsname.machine as stored, NUL-terminated. Borrowed. */
const char *kd_kdump_machine(const struct kd_kdump *k);
/** Whether the INCOMPLETE flag is set. */
bool kd_kdump_incomplete(const struct kd_kdump *k);
/** The notes and the VMCOREINFO text inside them; borrowed; sizes 0 when absent. */
const void *kd_kdump_notes(const struct kd_kdump *k, size_t *ret_size);
const char *kd_kdump_info_text(const struct kd_kdump *k, size_t *ret_size);

/** What a check found. @bad: pages whose descriptor or payload is wrong. */
struct kd_kdump_check {
	uint64_t pages, bad;
};

/** Read every descriptor and inflate every page, from the disk where the kernel lets go
 *  of its cache; stops after nothing. A page that its writer could not read is not wrong.
 *  0 when all were fine, -EBADMSG when some were not: @ret is set then too, and the first
 *  is named in @err. -ENOTSUP for a codec this build lacks, -ENOMEM, a read error of the
 *  bitmaps. */
int kd_kdump_verify(const struct kd_kdump *k, struct kd_kdump_check *ret,
		    struct kd_error *err);

/**
 * As kd_kdump_verify(), telling about every 1024 pages how many are done: a watcher with
 * a time limit can see that a slow disk is no hang.
 * @progress: called with @context
 */
int kd_kdump_verify_told(const struct kd_kdump *k,
			 void (*progress)(void *context, uint64_t done, uint64_t all),
			 void *context, struct kd_kdump_check *ret, struct kd_error *err);
