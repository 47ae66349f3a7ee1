/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command's line: kexec-tools' options, and --plan, --check of ours. Pure: words
 * in, a command out. What kexec-tools knows and we do not is refused by name. Trusts
 * nothing. Called by program.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"
#include "kexec/plan/plan.h"

enum kd_kexec_do {
	KD_KEXEC_DO_SOFT_REBOOT, /* load, then reboot through the system's manager */
	KD_KEXEC_DO_LOAD,	 /* -l, -p */
	KD_KEXEC_DO_FORCE,	 /* -f: load, then jump at once */
	KD_KEXEC_DO_EXECUTE,	 /* -e: jump into what is loaded */
	KD_KEXEC_DO_UNLOAD,	 /* -u */
	KD_KEXEC_DO_STATUS,	 /* -S */
	KD_KEXEC_DO_SIZE,	 /* --print-ckr-size */
	KD_KEXEC_DO_PLAN,	 /* --plan: print, touch nothing */
	KD_KEXEC_DO_CHECK,	 /* --check: would it load */
	KD_KEXEC_DO_HELP,
	KD_KEXEC_DO_VERSION,
};

/** Which system call loads. */
enum kd_kexec_method {
	KD_KEXEC_BY_EITHER,   /* -a, the default */
	KD_KEXEC_BY_FILES,    /* -s: kexec_file_load(2) */
	KD_KEXEC_BY_SEGMENTS, /* -c: kexec_load(2) */
};

/**
 * @kernel, @initrd, @dtb: paths; NULL for none
 * @type:     a name of kd_kernel_open()'s; NULL for whichever it is
 * @cmdline:  --append; NULL for none, which is not an empty one
 * @mem_min, @mem_max: where segments may lie; 0, UINT64_MAX
 * @console:  port of the UART purgatory speaks on; 0 for none
 * All strings are borrowed from argv.
 */
struct kd_kexec_command {
	enum kd_kexec_do action;
	enum kd_kexec_purpose purpose;
	enum kd_kexec_method method;
	const char *kernel;
	const char *initrd;
	const char *dtb;
	const char *type;
	const char *cmdline;
	uint64_t mem_min;
	uint64_t mem_max;
	uint16_t console;
	bool reuse_cmdline, reuse_initrd, hotplug, no_cma, force_dtb, no_efi;
	bool preserve_context, no_ifdown, no_sync, debug, json;
};

/**
 * Parse argv (argv[0] is the program) as getopt_long(3) would: options and the kernel in
 * any order, "-tbzImage", "--append=…", long names cut short while unambiguous, "--".
 * Returns 0, or -EINVAL with one line in @err, *ret untouched.
 */
int kd_kexec_command_parse(int argc, char *const argv[], struct kd_kexec_command *ret,
			   struct kd_error *err);
