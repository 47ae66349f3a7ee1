/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every reader of the snapshot needs: small files that may be absent, and folders
 * whose entries are numbered. Trusts neither. Called by the readers of host/ only.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** A number in base 16, 0x or not. 0; -ENOENT, @err clean; -EBADMSG for another text;
 *  those of reading. @ret untouched but on 0. */
int kd_source_hex(int root_fd, const char *path, uint64_t *ret, struct kd_error *err);

/** The same in base 10 unless 0x stands before it. */
int kd_source_number(int root_fd, const char *path, uint64_t *ret, struct kd_error *err);

/** A whole file; NULL and 0 in @ret and @ret_size, and 0 returned, without one. */
int kd_source_file(int root_fd, const char *path, size_t max, char **ret,
		   size_t *ret_size, struct kd_error *err);

/** The first @size bytes of a file that may be long. Returns how many; 0 without one. */
int kd_source_head(int root_fd, const char *path, char *buf, size_t size,
		   struct kd_error *err);

/** Names "<prefix>N" of a folder, as a sorted array of their N. */
struct kd_numbers {
	uint32_t *items;
	size_t n;
};
void kd_numbers_done(struct kd_numbers *numbers);

/**
 * List a folder, other names left out. An absent one is empty.
 *
 * @max: more than this is -EBADMSG
 */
int kd_source_numbered(int root_fd, const char *path, const char *prefix, size_t max,
		       struct kd_numbers *ret, struct kd_error *err);
