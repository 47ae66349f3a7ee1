/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of the conformance table made into a call: of a model, or of the kernel that runs.
 * Both ways share every byte of the arguments. Called by the models' test and the prober.
 */
#pragma once

#include "kexec/backend/linux-calls.h"
#include "kexec/check/validate.h"
#include "tests/kexec/table.h"

/** Pieces of memory that rows name, all below 4 GiB for the i386 rows. */
struct perform_buffers {
	uint8_t *page;	   /* readable, PERFORM_BUFFER bytes */
	uint8_t *elf;	   /* the same, beginning with ELF's magic */
	uint8_t *ends;	   /* a page, and nothing behind it */
	uint8_t *unmapped; /* nothing */
};

#define PERFORM_BUFFER	 (8u << 20)
#define PERFORM_SEGMENTS (KD_KEXEC_SEGMENTS + 1)

/** Aborts when there is no memory. */
struct perform_buffers perform_buffers_new(void);
void perform_buffers_done(struct perform_buffers *b);

/**
 * A "load" or "unload" row's arguments.
 *
 * @n, @segments: as the system call gets them, @segments maybe pointing nowhere
 * @own:          what @segments points to otherwise
 */
struct perform_load {
	uint64_t entry;
	uint64_t n;
	uint64_t flags;
	const struct kd_linux_segment *segments;
	struct kd_linux_segment own[PERFORM_SEGMENTS];
	size_t n_own;
};

/** False for a row that makes no sense. @ret points into itself: not to be copied. */
bool perform_load_read(const struct table_step *step, const struct table_symbol *symbols,
		       const struct perform_buffers *buffers, struct perform_load *ret);

/** The same row for the validator; @segments: room for PERFORM_SEGMENTS. */
struct kd_kexec_call perform_call(const struct perform_load *load,
				  enum kd_kexec_system system,
				  struct kd_kexec_segment *segments);

/** A "file" row's arguments: descriptors are to be closed, all but negative ones. */
struct perform_file {
	int kernel_fd;
	int writer_fd; /* holds the kernel open for writing; negative for none */
	int initrd_fd;
	const char *cmdline;
	size_t cmdline_len;
	unsigned long flags;
	char text[4096];
};

/** Files that rows name: @folder has "good" (a kernel) and "initrd"; others are made. */
struct perform_files {
	const char *folder;
};

/** Make the files in @files' folder that are not there yet; aborts when it cannot. */
void perform_files_make(const struct perform_files *files);
bool perform_file_read(const struct table_step *step, const struct perform_files *files,
		       const struct perform_buffers *buffers, struct perform_file *ret);
void perform_file_done(struct perform_file *f);

/**
 * Who performs.
 *
 * @write:   a sysctl or a file of sysfs: 0 or -errno
 * @as_user: perform @step without any capability
 * @i386:    kexec_load by the 32-bit entry; @race: see the table. 0 or -errno
 * @hotplug: what crash_hotplug shows: 1, 0, -1 for a kernel without it
 */
struct performer {
	struct kd_linux kernel;
	const struct table_symbol *symbols;
	struct perform_buffers buffers;
	struct perform_files files;
	int (*write)(struct performer *p, const char *name, const char *value);
	int (*as_user)(struct performer *p, const struct table_step *step);
	int (*i386)(struct performer *p, const struct perform_load *load);
	int (*race)(struct performer *p);
	int (*hotplug)(struct performer *p);
	bool user; /* being performed as one */
};

/** Do what the row says: 0 or -errno; 1 for a row of a system that is not Linux. */
int perform_step(struct performer *p, const struct table_step *step);

/** Hold @got and what is left against the row; what differs goes to @words. */
bool perform_judge(struct performer *p, const struct table_step *step,
		   const char *features, int got, char *words, size_t size);

/** Unload whatever is loaded, without spending a try where nothing is. */
void perform_reset(struct performer *p);
