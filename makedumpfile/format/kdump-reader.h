/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of kdump-compressed files, versions 1 to 6: as memory, for --dump-dmesg and
 * refiltering, and page by page for checking what we wrote. Trusts nothing in
 * the file. Called by the input, --verify, --salvage and the read-back check.
 */
#pragma once

#include "base/file-view.h"
#include "makedumpfile/codec/codec.h"
#include "makedumpfile/vmcore/memory.h"

/** An opened file; any number of threads may read it. */
struct kd_kdump;

#define KD_KDUMP_UTS_MACHINE 4

/**
 * What its headers say, unchecked but for bounds.
 *
 * @utsname:   sysname, nodename, release, version, machine, domainname; each ends
 * @level:     what was left out: bits of -d
 * @max_mapnr: one past the last page frame
 * @start, @end: frames that have descriptors here; all but for a split dump
 * @n_kept:    how many do, by the second bitmap
 * @erase_offset, @erase_size: text about erased data, in the file; unchecked
 */
struct kd_kdump_facts {
	uint32_t version, status, level, n_cpus;
	char utsname[6][65];
	uint64_t crash_time;
	uint64_t phys_base;
	kd_pfn_t max_mapnr, start, end;
	uint64_t n_kept;
	uint64_t file_size;
	uint64_t erase_offset, erase_size;
	bool split;
};

/* How to open */
enum kd_kdump_open {
	KD_KDUMP_FRESH = 1,   /* from the disk: let go of what the kernel has cached */
	KD_KDUMP_DAMAGED = 2, /* cut short: what lies behind its end was left out */
};

/** Open, check the headers, read both bitmaps once. -ENOEXEC when the signature is
 *  another's; -ENOTSUP for other machines and versions; -EBADMSG when corrupt; -EFBIG for
 *  notes past reason; -ENOMEM; those of open and read. */
int kd_kdump_open_at(int dir_fd, const char *path, struct kd_kdump **ret,
		     struct kd_error *err);
/** The same with @flags, enum kd_kdump_open. */
int kd_kdump_open_as_at(int dir_fd, const char *path, unsigned int flags,
			struct kd_kdump **ret, struct kd_error *err);
/** The same of a file that is open. @file: taken over on success. */
int kd_kdump_open_view(struct kd_file_view *file, unsigned int flags,
		       struct kd_kdump **ret, struct kd_error *err);
void kd_kdump_free(struct kd_kdump *k);
KD_DEFINE_GUARD(struct kd_kdump, kd_kdump_free)

/** Its kept pages as memory; borrowed. Pages left out, or never written to a file cut
 *  short, read as -ENODATA; lost and corrupt ones as -EIO. */
const struct kd_memory *kd_kdump_memory(const struct kd_kdump *k);

/** Borrowed. */
const struct kd_kdump_facts *kd_kdump_facts(const struct kd_kdump *k);
/** utsname.machine as stored, NUL-terminated. Borrowed. */
const char *kd_kdump_machine(const struct kd_kdump *k);
/** Whether the INCOMPLETE flag is set. */
bool kd_kdump_incomplete(const struct kd_kdump *k);
/** The notes and the VMCOREINFO text inside them; borrowed; sizes 0 when absent. */
const void *kd_kdump_notes(const struct kd_kdump *k, size_t *ret_size);
const char *kd_kdump_info_text(const struct kd_kdump *k, size_t *ret_size);

/** What a check found. @bad: pages whose descriptor or payload is wrong, the first of
 *  them of frame @first_bad; @unreadable: those their writer could not read. */
struct kd_kdump_check {
	uint64_t pages, bad, unreadable;
	kd_pfn_t first_bad;
};

/**
 * How to check.
 *
 * @threads:  as many at once; 0 for one
 * @progress: NULL, or told by the caller's thread now and then how many pages are done: a
 *            watcher with a time limit can see that a slow disk is no hang
 * @block:    NULL, or given the frames from @first on whose page can be had, 64 to a
 *            word, by any thread, no word twice; where none can, it may not be. An
 *            error ends the check
 * @context:  for both
 */
struct kd_kdump_verify {
	unsigned int threads;
	void (*progress)(void *context, uint64_t done, uint64_t all);
	int (*block)(void *context, kd_pfn_t first, const uint64_t *good, size_t n_words);
	void *context;
};

/** Read every descriptor and inflate every page, from the disk where the kernel lets go
 *  of its cache; stops after nothing. A page that its writer could not read is not wrong.
 *  0 when all were fine, -EBADMSG when some were not: @ret is set then too, and the first
 *  is named in @err. -ENOTSUP for a codec this build lacks, -ENOMEM, a read error of the
 *  bitmaps, what @block returned. */
int kd_kdump_verify_with(const struct kd_kdump *k, const struct kd_kdump_verify *how,
			 struct kd_kdump_check *ret, struct kd_error *err);

/** The same on one thread, without telling. */
int kd_kdump_verify(const struct kd_kdump *k, struct kd_kdump_check *ret,
		    struct kd_error *err);
