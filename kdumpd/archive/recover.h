/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking over what a capture left on a raw partition: each file is checked and copied to
 * where dumps are kept, and only when all are durable there is the partition emptied. What
 * fails is tried again at the next start. Trusts nothing on the partition. Called by
 * kdumpctl recover.
 */
#pragma once

#include "base/raw.h"

/**
 * @files, @bytes: taken over now
 * @damaged: of them, those whose bytes are not what was written: their names say
 *           "incomplete"
 */
struct kd_recovered {
	unsigned int files, damaged;
	uint64_t bytes;
};

/**
 * Take everything over.
 *
 * @raw_fd: the partition, for reading and writing; @size: bytes of it
 * @dir_fd: folder the dump folders go to
 * Returns 0, with none when there was nothing. -ENODATA when the partition was never
 * prepared, -EEXIST when another file has a file's name, -ENOSPC …: nothing is lost then.
 */
int kd_recover(int raw_fd, uint64_t size, int dir_fd, struct kd_recovered *ret,
	       struct kd_error *err);
