/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A partition without a file system as a place: files in a row, named by a list that is
 * kept twice (base/raw.h, docs/format-raw.md). Made by target-raw.c.
 */
#pragma once

#include "capture-kernel/place.h"

/**
 * Its root.
 *
 * @fd:   the partition, or a test's file, for reading and writing; taken over on success
 * @size: bytes of it
 * Errors: -ENODATA when it was never prepared, -EBADMSG, those of reading.
 */
int kd_place_raw_new(int fd, uint64_t size, struct kd_place **ret, struct kd_error *err);
