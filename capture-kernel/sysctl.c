/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings: see sysctl.h. Trusts nothing; a missing file is a kernel without
 * the feature. Called once by pid 1.
 */
#include "capture-kernel/sysctl.h"

#include "base/io.h"
#include "base/parse.h"

#define PANIC_FILE    "proc/sys/kernel/panic"
#define PANIC_SECONDS "10"

/* Names: Documentation/admin-guide/sysctl/kernel.rst and vm.rst. */
static const char *const set_to_zero[] = {
	"proc/sys/kernel/panic_on_warn",
	"proc/sys/kernel/panic_on_oops",
	"proc/sys/kernel/panic_on_rcu_stall",
	"proc/sys/kernel/oops_limit", /* so many that panic: 0 is none */
	"proc/sys/kernel/warn_limit",
	"proc/sys/kernel/panic_on_io_nmi",
	"proc/sys/kernel/panic_on_unrecovered_nmi",
	"proc/sys/kernel/unknown_nmi_panic",
	"proc/sys/kernel/softlockup_panic",
	"proc/sys/kernel/hardlockup_panic",
	"proc/sys/kernel/hung_task_panic",
	"proc/sys/vm/panic_on_oom",
};

/* panic=0 waits for ever; any other value, negative ones too, reboots by itself. */
static int make_panic_reboot(int root_fd, struct kd_error *err)
{
	char line[32];
	int64_t seconds;
	int r;

	r = kd_read_line_at(root_fd, PANIC_FILE, line, sizeof(line), err);
	if (r < 0)
		return r;
	if (kd_parse_i64(line, &seconds) >= 0 && seconds != 0)
		return 0;
	return kd_write_string_at(root_fd, PANIC_FILE, PANIC_SECONDS, err);
}

int kd_sysctl_setup(int root_fd, struct kd_error *err)
{
	int r, first = make_panic_reboot(root_fd, err);

	for (size_t i = 0; i < ARRAY_SIZE(set_to_zero); i++) {
		struct kd_error here = { 0 };

		r = kd_write_string_at(root_fd, set_to_zero[i], "0", &here);
		if (r < 0 && r != -ENOENT && first == 0)
			first = kd_fail_msg(err, r, "%s", here.message);
	}
	return first;
}
