/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of the kexec command: see messages.h. A plan for people is not read by scripts:
 * that is what JSON is for. Called by program.c and run-*.c.
 */
#include "kexec/program/messages.h"

#include <inttypes.h>

void kd_kexec_print_usage(void)
{
	(void)fputs(
		"Usage:\n"
		"  kexec [OPTION...] KERNEL      load KERNEL and reboot into it\n"
		"  kexec -l|-p [OPTION...] KERNEL\n"
		"  kexec -e | -u [-p] | -S [-l]\n"
		"  kexec --plan[=json]|--check [-p] [OPTION...] KERNEL\n"
		"\n"
		"Done:\n"
		"  -l, --load            load KERNEL for the next reboot\n"
		"  -p, --load-panic      load KERNEL for a crash\n"
		"  -e, --exec            jump into what is loaded, at once\n"
		"  -f, --force           load KERNEL and jump, at once\n"
		"  -u, --unload          unload; with -p the crash kernel\n"
		"  -S, --status          exit status 1: a crash kernel is loaded, 0: none is;\n"
		"                        with -l: a kernel for a reboot\n"
		"  --plan[=json]         print what would lie where; touch nothing\n"
		"  --check               would it load, and if not, every reason\n"
		"  --print-ckr-size      bytes reserved for the crash kernel\n"
		"Kernel:\n"
		"  --initrd FILE         its initial RAM disk (--ramdisk FILE)\n"
		"  --append TEXT         its command line (--command-line TEXT)\n"
		"  --reuse-cmdline       the running kernel's, before --append\n"
		"  --reuseinitrd         the running kernel's, booted with retain_initrd\n"
		"  -t, --type KIND       insist on bzImage, vmlinux, Image or zbi\n"
		"  --dtb FILE            device tree in place of the running kernel's\n"
		"How:\n"
		"  -a                    the kernel's own loader, then ours (default)\n"
		"  -s                    kexec_file_load(2), the kernel's own, only\n"
		"  -c                    kexec_load(2), a plan of ours, only\n"
		"  --hotplug             with -p: the kernel keeps the dump's header up to date\n"
		"  --no-cma, --force-dtb told to the kernel, with -s\n"
		"  --mem-min, --mem-max ADDRESS\n"
		"  --noefi               hand no EFI on\n"
		"  --load-preserve-context\n"
		"  --console-serial [--serial PORT]  progress on a UART before the kernel\n"
		"  -x, --no-ifdown; -y, --no-sync    before the jump\n"
		"  -d, --debug; -h, --help; -v, --version\n"
		"\n"
		"kexec(8) has all of them, and how they differ from kexec-tools'.\n",
		stdout);
}

void kd_kexec_print_version(void)
{
	printf("kexec: version %s (kdumpd)\n", VERSION);
}

void kd_kexec_print_plan(FILE *out, const struct kd_kexec_plan *plan)
{
	(void)fprintf(out, "%-10s  %18s  %18s  %12s  %s\n", "segment", "from", "to",
		      "bytes given", "checked");
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		(void)fprintf(out,
			      "%-10s  0x%016" PRIx64 "  0x%016" PRIx64 "  %12" PRIu64
			      "  %s\n",
			      kd_segment_role_name(s->role), s->mem, s->mem + s->memsz,
			      s->bufsz, s->hashed ? "yes" : "no");
	}
	(void)fprintf(out, "entry 0x%" PRIx64 "\ncommand line: %s\n", plan->entry,
		      plan->cmdline);
}
