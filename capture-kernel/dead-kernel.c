/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identity and log of the dead kernel: see dead-kernel.h. Trusts nothing it reads; the
 * bounds are those of vmcore/ and dmesg. Called by save-dmesg.c, save-dump.c and
 * last-words.c.
 */
#include "capture-kernel/dead-kernel.h"

#include "base/parse.h"
#include "capture-kernel/kept-info.h"

int kd_dead_kernel_open(int root_fd, struct kd_vmcore **ret, struct kd_error *err)
{
	int r;

	if (faccessat(root_fd, "proc/vmcore", F_OK, 0) < 0)
		return kd_fail_msg(err, -errno,
				   "no /proc/vmcore: this kernel was not started by a "
				   "crash");
	r = kd_vmcore_open_at(root_fd, "proc/vmcore", ret, err);
	if (r >= 0)
		kd_kept_info_use(root_fd, *ret);
	return r;
}

static void copy_string(const struct kd_vmcoreinfo *info, const char *key, char *ret,
			size_t size)
{
	const char *value = kd_vmcoreinfo_string(info, key);

	if (value)
		(void)snprintf(ret, size, "%s", value);
}

void kd_dead_kernel_describe(const struct kd_vmcore *core, struct kd_outcome *o)
{
	const struct kd_vmcoreinfo *info = kd_vmcore_info(core, NULL, NULL);
	const char *time;

	if (!info)
		return;
	if (kd_vmcore_info_replaced(core))
		kd_outcome_note_once(o,
				     "vmcoreinfo is damaged: the one of this boot that "
				     "was kept when arming is used");
	/* keys: kernel/vmcore_info.c, crash_save_vmcoreinfo_init() */
	copy_string(info, "OSRELEASE", o->release, sizeof(o->release));
	copy_string(info, "BUILD-ID", o->build_id, sizeof(o->build_id));
	time = kd_vmcoreinfo_string(info, "CRASHTIME");
	if (time)
		(void)kd_parse_u64(time, &o->crash_time);
}

static int find_log(const struct kd_vmcore *core, struct kd_xlat *ret,
		    const struct kd_vmcoreinfo **ret_info, struct kd_error *err)
{
	*ret_info = kd_vmcore_info(core, NULL, NULL);
	if (!*ret_info)
		return kd_fail(err, -ENODATA, "vmcoreinfo");
	return kd_xlat_init(ret, kd_vmcore_memory(core), kd_vmcore_machine(core),
			    *ret_info, err);
}

int kd_dead_kernel_log(const struct kd_vmcore *core, int fd, uint64_t *ret_bytes,
		       struct kd_error *err)
{
	const struct kd_vmcoreinfo *info;
	struct kd_xlat xlat;
	int r;

	*ret_bytes = 0;
	r = find_log(core, &xlat, &info, err);
	return r < 0 ? r : kd_dmesg_write(&xlat, info, fd, ret_bytes, err);
}

int kd_dead_kernel_log_sink(const struct kd_vmcore *core, struct kd_sink *sink,
			    struct kd_dmesg_written *ret, struct kd_error *err)
{
	const struct kd_vmcoreinfo *info;
	struct kd_xlat xlat;
	int r;

	*ret = (struct kd_dmesg_written) { 0 };
	r = find_log(core, &xlat, &info, err);
	return r < 0 ? r : kd_dmesg_write_sink(&xlat, info, sink, ret, err);
}
