/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -g VMCOREINFO -x VMLINUX: what -i reads, out of debug information. Trusts nothing in
 * the vmlinux. Called by main.c.
 */
#include <fcntl.h>

#include "base/io.h"
#include "makedumpfile/layout/generate.h"
#include "makedumpfile/program/program.h"

#define TEXT_MAX 65536

int kd_run_generate(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_vmlinux_freep) struct kd_vmlinux *v = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	kd_strbuf_init(&text, TEXT_MAX);
	if (!p->options.vmlinux)
		return kd_fail_msg(err, -EINVAL, "-g needs -x VMLINUX");
	if (!p->options.output)
		return kd_fail_msg(err, -EINVAL, "-g needs the file to write");
	r = kd_vmlinux_open_at(AT_FDCWD, p->options.vmlinux, &v, err);
	if (r < 0)
		return r;
	r = kd_vmcoreinfo_generate(v, &text, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.vmlinux);
	r = kd_program_create(p, p->options.output, /* again= */ false, &fd, err);
	if (r < 0)
		return r;
	r = kd_write_full(fd, kd_strbuf_text(&text), text.length);
	if (r < 0 || (fsync(fd) < 0 && errno != EINVAL && errno != EROFS))
		return kd_fail(err, r < 0 ? r : -errno, "%s", p->options.output);
	return 0;
}
