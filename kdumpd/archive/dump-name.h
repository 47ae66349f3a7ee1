/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the name of a dump's folder says: "<host>-YYYY-MM-DD-HH:MM:SS" with ".1" … where
 * it was taken already, kdump-tools' "YYYYMMDDHHMM". Pure but for the local time zone.
 * Called by archive.c.
 */
#pragma once

#include "base/types.h"

/** Seconds since the epoch; -1 when the name tells no time. @utc: else it is local time */
int64_t kd_dump_name_time(const char *name, bool utc);

/** What stands in front of the time; "" for nothing, or when there is no time. */
void kd_dump_name_host(const char *name, char *ret, size_t size);
