/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core_collector that is another program: it is given /proc/vmcore and the file to write,
 * as kdump-utils does, and what it left is named for what it is. Called by save-dump.c.
 */
#pragma once

#include "capture-kernel/saving.h"

/**
 * Run it and look at its file.
 *
 * @name: of the file to write in the dump folder
 * @ret_checked: whether the file could be checked: a dump in the compressed format, page by
 *        page, or an ELF core, from its headers to its last byte
 * Errors: -ENOTSUP where the dump folder is in no file system, -ECHILD when the program ended
 * with another status than 0, those of the place; -EBADMSG for a dump that is damaged.
 */
int kd_save_command(const struct kd_save *s, const char *name, bool *ret_checked,
		    struct kd_error *err);
