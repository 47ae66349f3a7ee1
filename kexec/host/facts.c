/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what the kernel says about kexec: see facts.h. Each fact is one small file
 * below the given root, so that a test is a folder. Absent files mean an older kernel
 * and are no error. Called by the daemon, kdumpctl and load.c.
 */
#include "kexec/host/facts.h"

#include <linux/capability.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "base/parse.h"

#define BUSY_TRIES    20
#define BUSY_PAUSE_MS 50
#define STATUS_MAX    65536

/* New place first: the old names are links since 6.19 and are to go after 2028. */
static const char *const crash_loaded_paths[] = {
	"sys/kernel/kexec/crash_loaded",
	"sys/kernel/kexec_crash_loaded",
};
static const char *const reboot_loaded_paths[] = {
	"sys/kernel/kexec/loaded",
	"sys/kernel/kexec_loaded",
};
static const char *const crash_size_paths[] = {
	"sys/kernel/kexec/crash_size",
	"sys/kernel/kexec_crash_size",
};

static int read_first(int root_fd, const char *const *paths, size_t n, uint64_t *ret)
{
	int r = -ENOENT;

	for (size_t i = 0; i < n && r == -ENOENT; i++)
		r = kd_read_u64_at(root_fd, paths[i], ret, NULL);
	return r;
}

static int read_loaded(int root_fd, const char *const *paths, size_t n)
{
	uint64_t v;
	int r;

	r = read_first(root_fd, paths, n, &v);
	if (r == -ENOENT)
		return -EOPNOTSUPP;
	return r < 0 ? r : v != 0;
}

int kd_kexec_crash_loaded(int root_fd)
{
	return read_loaded(root_fd, crash_loaded_paths, ARRAY_SIZE(crash_loaded_paths));
}

int kd_kexec_reboot_loaded(int root_fd)
{
	return read_loaded(root_fd, reboot_loaded_paths, ARRAY_SIZE(reboot_loaded_paths));
}

int kd_kexec_crash_size(int root_fd, uint64_t *ret, struct kd_error *err)
{
	int r = -EBUSY;

	/* Reading takes the kexec lock, which a load under way holds: kernel/ksysfs.c. */
	for (int i = 0; i < BUSY_TRIES && r == -EBUSY; i++) {
		if (i > 0)
			(void)nanosleep(&(struct timespec) { .tv_nsec = BUSY_PAUSE_MS *
									1000000l },
					NULL);
		r = read_first(root_fd, crash_size_paths, ARRAY_SIZE(crash_size_paths),
			       ret);
	}
	if (r == -ENOENT)
		return kd_fail_msg(err, -EOPNOTSUPP,
				   "this kernel has no support for crash dumps "
				   "(CONFIG_CRASH_DUMP)");
	return r < 0 ? kd_fail(err, r, "reserved memory") : 0;
}

static bool has_cap_sys_boot(int root_fd)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_lines it;
	size_t size;
	uint64_t caps;

	if (kd_read_file_at(root_fd, "proc/self/status", STATUS_MAX, &text, &size, NULL) <
	    0)
		return true; /* unknown: let the kernel decide */
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		char value[32];

		if (it.length < 8 || it.length - 7 >= sizeof(value) ||
		    strncmp(it.line, "CapEff:", 7) != 0)
			continue;
		memcpy(value, it.line + 7, it.length - 7);
		value[it.length - 7] = '\0';
		if (kd_parse_hex(kd_strip(value), &caps) < 0)
			return true;
		return caps & (1ull << CAP_SYS_BOOT);
	}
	return true;
}

/* "none [integrity] confidentiality": the one in force stands in brackets. */
static enum kd_lockdown read_lockdown(int root_fd)
{
	char line[128];

	if (kd_read_line_at(root_fd, "sys/kernel/security/lockdown", line, sizeof(line),
			    NULL) < 0)
		return KD_LOCKDOWN_NONE;
	if (strstr(line, "[integrity]"))
		return KD_LOCKDOWN_INTEGRITY;
	if (strstr(line, "[confidentiality]"))
		return KD_LOCKDOWN_CONFIDENTIALITY;
	return KD_LOCKDOWN_NONE;
}

static int read_limit(int root_fd, const char *path, int64_t *ret, struct kd_error *err)
{
	char line[32];
	int r;

	*ret = -1;
	r = kd_read_line_at(root_fd, path, line, sizeof(line), NULL);
	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = kd_parse_i64(line, ret);
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

static int read_limits(int root_fd, struct kd_kexec_facts *f, struct kd_error *err)
{
	int r;

	r = read_limit(root_fd, "proc/sys/kernel/kexec_load_limit_panic", &f->limit_panic,
		       err);
	if (r < 0)
		return r;
	return read_limit(root_fd, "proc/sys/kernel/kexec_load_limit_reboot",
			  &f->limit_reboot, err);
}

int kd_kexec_facts_read(int root_fd, struct kd_kexec_facts *ret, struct kd_error *err)
{
	struct kd_kexec_facts f = { .supported = false };
	uint64_t disabled = 0;
	int r;

	r = kd_kexec_crash_loaded(root_fd);
	if (r < 0 && r != -EOPNOTSUPP)
		return kd_fail(err, r, "kexec_crash_loaded");
	f.supported = r >= 0;
	f.crash_loaded = r > 0;
	f.reboot_loaded = kd_kexec_reboot_loaded(root_fd) > 0;
	if (f.supported) {
		r = kd_kexec_crash_size(root_fd, &f.crash_size, err);
		if (r < 0)
			return r;
	}
	r = kd_read_u64_at(root_fd, "proc/sys/kernel/kexec_load_disabled", &disabled,
			   NULL);
	if (r < 0 && r != -ENOENT)
		return kd_fail(err, r, "kernel.kexec_load_disabled");
	f.load_disabled = disabled != 0;
	r = read_limits(root_fd, &f, err);
	if (r < 0)
		return r;
	f.lockdown = read_lockdown(root_fd);
	f.cap_sys_boot = has_cap_sys_boot(root_fd);
	*ret = f;
	return 0;
}
