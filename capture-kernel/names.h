/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of dump folders: "<host>-YYYY-MM-DD-HH:MM:SS", as kdump-utils' users and their
 * scripts know them. Pure. A name that is taken gets a number, so that a stopped clock
 * or two crashes in one second never mix two dumps. Called by target.c and brake.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Write the name of attempt @number (0 for the first) to @ret.
 *
 * @host: taken as it is but for '/', control characters and a leading '.', which become
 *        '_'; "" gives "127.0.0.1", kdump-utils' name for a local dump
 * @time: seconds since the epoch; the name is in UTC
 * Returns 0; -ENAMETOOLONG when it does not fit @size; -EOVERFLOW for a year no
 * calendar has. @ret is then untouched.
 */
int kd_dump_name(const char *host, int64_t time, unsigned int number, char *ret,
		 size_t size);

/** When a dump of @host was made, by its folder's name alone: the inverse of the above, of
 *  any number. -EINVAL for what is no such name, or another host's; @ret is then
 *  untouched. */
int kd_dump_name_read(const char *name, const char *host, int64_t *ret);
