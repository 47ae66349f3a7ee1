/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture kernel and its image made ready for loading: as a segment plan of ours with
 * our purgatory, or as files for the kernel to plan. Trusts the descriptors, nothing in
 * the files. Called by arm.c.
 */
#pragma once

#include "kexec/load.h"

/** How to load. */
enum kd_load_way {
	KD_LOAD_AUTO,	  /* segments where the kernel and the machine allow it */
	KD_LOAD_SEGMENTS, /* kexec_load(2) */
	KD_LOAD_FILES,	  /* kexec_file_load(2) */
};

/** What KEXEC_ARGS says: "-s" files, "-c" segments, the last of them counts; "-a", or
 *  none, leaves it open. Other words are kexec-tools' and pass. Pure. */
enum kd_load_way kd_load_way_from_args(const char *args);

/** The system call's name; "" for AUTO. */
const char *kd_load_way_name(enum kd_load_way way);

/**
 * Ready to be loaded.
 *
 * @way:  SEGMENTS or FILES
 * @load: what kd_kexec_load_guarded() takes; points into this object
 */
struct kd_crash_load {
	enum kd_load_way way;
	struct kd_kexec_load load;
	struct kd_kexec_files files;
	struct kd_kernel kernel;
	struct kd_kexec_plan plan;
	void *initrd;
};

/** The machine. @host: NULL when there is no snapshot; @why_not: the reason then */
struct kd_crash_machine {
	const struct kd_kexec_facts *facts;
	const struct kd_kexec_host *host;
	const char *why_not;
};

/**
 * Make ready. With KD_LOAD_AUTO, what stands in the way of a plan is told as a line in
 * @remarks, and files are what is left; locked-down kernels take nothing else.
 *
 * @files: borrowed while the object lives
 * @ret:   kd_crash_load_done(), not to be moved
 */
int kd_crash_load_init(struct kd_crash_load *ret, const struct kd_kexec_files *files,
		       enum kd_load_way way, const struct kd_crash_machine *machine,
		       struct kd_strbuf *remarks, struct kd_error *err);
void kd_crash_load_done(struct kd_crash_load *c);
