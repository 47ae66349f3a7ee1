/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which programs of this machine a capture is to run or to have: hooks of kdump.conf and of
 * the folders in /etc/kdump, extra_bins, a core_collector that is no makedumpfile. All must
 * be there when the image is built: after a crash nobody can be told. Called by inputs.c.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"

/** What kdump.conf says; "" for what it does not. @extra_bins: words between spaces */
struct kd_programs_wish {
	const char *pre, *post, *emergency;
	const char *extra_bins;
	const char *collector;
};

/**
 * Find them.
 *
 * @ret: paths for kd_image_request.binaries, in an order that depends on nothing else;
 *       added to
 * Errors: -ENOENT, -EACCES naming the key and the program that is missing or cannot be
 * run; -ENOMEM.
 */
int kd_programs_find(int root_fd, const struct kd_programs_wish *wish,
		     struct kd_strlist *ret, struct kd_error *err);
