/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting an imported kdump.conf where it is read, without losing what was there. Called
 * by kdumpctl import --write.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Replace /etc/kdump.conf, whole or not at all. What was there is kept beside it as
 * "kdump.conf.before-import", or with a number behind that when there is one already.
 *
 * @force: also when what is there has settings
 * @ret_backup: the kept file's path below the root, "" when there was none
 * Errors: -EEXIST it has settings; those of the files.
 */
int kd_import_write(int root_fd, const char *text, size_t size, bool force,
		    char ret_backup[static 64], struct kd_error *err);
