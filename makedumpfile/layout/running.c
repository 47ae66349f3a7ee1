/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel's own accounts of its layout: see running.h. Trusts sysfs and
 * procfs as far as their formats are checked. Called by the daemon's worker.
 */
#include "makedumpfile/layout/running.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "makedumpfile/vmcore/elf-headers.h"
#include "makedumpfile/vmcore/notes.h"

#define BTF_MAX_SIZE   (64U << 20) /* Debian's kernels have 5 MB */
#define NOTES_MAX_SIZE 65536

int kd_running_vmcoreinfo_text(int root_fd, char **ret, size_t *ret_size,
			       struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(kd_freep) void *notes = NULL;
	size_t size = 0, offset, info_size;
	struct kd_elf elf;
	char *text;
	int r;

	fd = openat(root_fd, "proc/kcore", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "/proc/kcore");
	r = kd_elf_init(&elf, fd, err);
	if (r == 0)
		r = kd_elf_load_notes(&elf, &notes, &size, err);
	if (r < 0)
		return kd_fail(err, r, "/proc/kcore");
	r = kd_notes_find_vmcoreinfo(notes, size, &offset, &info_size);
	if (r < 0)
		return kd_fail_msg(err, r, "/proc/kcore has no VMCOREINFO note");
	text = strndup((const char *)notes + offset, info_size);
	if (!text)
		return kd_fail(err, -ENOMEM, "/proc/kcore");
	*ret_size = strlen(text);
	*ret = text;
	return 0;
}

int kd_running_vmcoreinfo(int root_fd, struct kd_vmcoreinfo **ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_running_vmcoreinfo_text(root_fd, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_vmcoreinfo_new(text, size, ret, err);
	return r < 0 ? kd_fail(err, r, "/proc/kcore") : 0;
}

static void to_hex(const uint8_t *bytes, size_t n, char *ret)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

int kd_running_build_id(int root_fd, char *ret, size_t size, struct kd_error *err)
{
	_cleanup_(kd_freep) char *data = NULL;
	struct kd_notes it = { 0 };
	int r;

	r = kd_read_file_at(root_fd, "sys/kernel/notes", NOTES_MAX_SIZE, &data, &it.size,
			    err);
	if (r < 0)
		return r;
	it.data = data;
	while (kd_notes_next(&it)) {
		if (!kd_notes_is(&it, "GNU", NT_GNU_BUILD_ID))
			continue;
		if (!it.desc_size || 2 * it.desc_size >= size)
			break;
		to_hex(it.desc, it.desc_size, ret);
		return 0;
	}
	return kd_fail_msg(err, -ENODATA, "/sys/kernel/notes has no build ID");
}

static int from_vmcoreinfo(int root_fd, struct kd_layout *ret, struct kd_error *err)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	int r;

	r = kd_running_vmcoreinfo(root_fd, &info, err);
	if (r < 0)
		return r;
	(void)kd_layout_from_vmcoreinfo(info, ret);
	return 0;
}

static int from_btf(int root_fd, struct kd_layout *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *data = NULL;
	size_t size;
	int r;

	r = kd_read_file_at(root_fd, "sys/kernel/btf/vmlinux", BTF_MAX_SIZE, &data, &size,
			    err);
	if (r < 0)
		return r;
	return kd_layout_from_btf(data, size, ret, err);
}

/* In the order of trust: the kernel's own word first. */
static int (*const sources[])(int root_fd, struct kd_layout *ret,
			      struct kd_error *err) = {
	from_vmcoreinfo,
	from_btf,
};

/* Names for a layout whose sources gave none: BTF does not know whose it is. */
static void identify(int root_fd, struct kd_layout *l, struct kd_remarks *remarks)
{
	struct kd_error err = { 0 };

	if (!*l->release && kd_read_line_at(root_fd, "proc/sys/kernel/osrelease",
					    l->release, sizeof(l->release), &err) < 0)
		kd_remark(remarks, "%s", err.message);
	kd_error_reset(&err);
	if (!*l->build_id &&
	    kd_running_build_id(root_fd, l->build_id, sizeof(l->build_id), &err) < 0)
		kd_remark(remarks, "%s", err.message);
}

int kd_running_layout(int root_fd, struct kd_layout *ret, struct kd_remarks *remarks,
		      struct kd_error *err)
{
	struct kd_layout l = { 0 }, one;
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		struct kd_error why = { 0 };

		if (sources[i](root_fd, &one, &why) < 0) {
			kd_remark(remarks, "%s", why.message);
			continue;
		}
		(void)kd_resolve_merge(&l, &one, remarks);
		any = true;
	}
	if (!any)
		return kd_fail_msg(err, -ENODATA,
				   "neither vmcoreinfo nor BTF of the running kernel");
	identify(root_fd, &l, remarks);
	*ret = l;
	return 0;
}
