/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command: the line in, one action run, one clear line out. Called by main.c,
 * and by tests with a machine that records.
 */
#include "kexec/program/program.h"

#include <stdarg.h>

#include "kexec/program/messages.h"

static int run_help(_unused_ struct kd_kexec_program *p, _unused_ struct kd_error *err)
{
	kd_kexec_print_usage();
	return 0;
}

static int run_version(_unused_ struct kd_kexec_program *p, _unused_ struct kd_error *err)
{
	kd_kexec_print_version();
	return 0;
}

static int run_force(struct kd_kexec_program *p, struct kd_error *err)
{
	int r = kd_run_load(p, err);

	return r < 0 ? r : kd_run_execute(p, err);
}

static int run_soft_reboot(struct kd_kexec_program *p, struct kd_error *err)
{
	int r = kd_run_load(p, err);

	return r < 0 ? r : kd_kexec_soft_reboot(p, err);
}

static int (*const actions[])(struct kd_kexec_program *p, struct kd_error *err) = {
	[KD_KEXEC_DO_SOFT_REBOOT] = run_soft_reboot,
	[KD_KEXEC_DO_LOAD] = kd_run_load,
	[KD_KEXEC_DO_FORCE] = run_force,
	[KD_KEXEC_DO_EXECUTE] = kd_run_execute,
	[KD_KEXEC_DO_UNLOAD] = kd_run_unload,
	[KD_KEXEC_DO_STATUS] = kd_run_status,
	[KD_KEXEC_DO_SIZE] = kd_run_size,
	[KD_KEXEC_DO_PLAN] = kd_run_plan,
	[KD_KEXEC_DO_CHECK] = kd_run_check,
	[KD_KEXEC_DO_HELP] = run_help,
	[KD_KEXEC_DO_VERSION] = run_version,
};

void kd_kexec_debug(const struct kd_kexec_program *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->command.debug)
		return;
	va_start(ap, fmt);
	(void)fputs("kexec: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputc('\n', stderr);
	va_end(ap);
}

/* What was printed may be all there is: a full disk under stdout is a failure too. */
static int flush(struct kd_error *err)
{
	errno = EIO;
	return fflush(stdout) == EOF || ferror(stdout)
		       ? kd_fail(err, -errno, "standard output")
		       : 0;
}

int kd_kexec_program(int argc, char *const argv[], const struct kd_kexec_machine *machine)
{
	struct kd_kexec_program p = { .machine = machine, .exit = KD_KEXEC_EXIT_REFUSED };
	struct kd_error err = { 0 };
	int r, flushed;

	r = kd_kexec_command_parse(argc, argv, &p.command, &err);
	if (r == 0)
		r = actions[p.command.action](&p, &err);
	flushed = flush(r < 0 ? NULL : &err);
	if (r >= 0 && flushed < 0)
		r = flushed;
	if (r >= 0)
		return r;
	(void)fprintf(stderr, "kexec: %s\n", err.message);
	return p.exit;
}
