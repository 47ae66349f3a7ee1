/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether pstore has the record of a panic: /sys/fs/pstore, and /var/lib/systemd/pstore
 * where systemd-pstore.service has moved it to. Trusts nothing in the records: a bounded
 * number is looked at, a bounded part of each, links are not followed. Called by
 * boot-check.c.
 */
#pragma once

#include "base/types.h"

/**
 * The time of the newest panic's record made at @since or later, seconds since the epoch;
 * 0 when there is none. Records of an oops do not count.
 */
uint64_t kd_pstore_panic(int root_fd, uint64_t since);
