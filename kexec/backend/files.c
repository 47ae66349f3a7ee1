/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel among files: read once, by whoever needs it first. See backend.h. Called by
 * load-files.c and linux-file.c.
 */
#include "kexec/backend/backend.h"

int kd_kexec_files_kernel(const struct kd_kexec_files *files, struct kd_kernel *room,
			  const struct kd_kernel **ret, struct kd_error *err)
{
	struct kd_file_view view;
	int r;

	if (files->kernel) {
		*ret = files->kernel;
		return 0;
	}
	r = kd_file_view_init(&view, files->kernel_fd);
	if (r < 0)
		return kd_fail(err, r, "reading it");
	r = kd_kernel_look(&view, NULL, room, err);
	if (r < 0)
		return r;
	*ret = room;
	return 0;
}
