/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program of the host with everything it needs to start: the shared libraries its ELF
 * file names, theirs in turn, its loader, or the interpreter of a script. Searches as
 * ld.so(8) does, below a root. What a program opens by itself while it runs (dlopen,
 * NSS) has to be named apart. Used by image.
 */
#pragma once

#include "base/error.h"
#include "capture-kernel/image/tree.h"

#define KD_CLOSURE_MAX_FILES 256 /* of one program */

/**
 * Add @program and its closure to @tree.
 *
 * Files keep their real path and mode; the names they are looked up by become symbolic
 * links. A library that only /etc/ld.so.cache leads to, which the image does not have,
 * gets a link beside the loader, a folder every loader searches.
 *
 * @program: host path; a library will do as well
 * Errors: -ENOENT naming the program, or the library and who needs it; -ENOEXEC for an
 * ELF file that is damaged; -E2BIG.
 */
int kd_closure_add(struct kd_tree *tree, int root_fd, const char *program,
		   struct kd_error *err);
