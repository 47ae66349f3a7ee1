/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structured entries in systemd's journal, by its own protocol (datagrams to a socket,
 * systemd.io/JOURNAL_NATIVE_PROTOCOL), so that kdumpctl starts without libsystemd. No
 * journal is no error: whoever logs goes on to stderr. Called by events.c.
 */
#pragma once

#include "base/log.h"

/** @name: upper case letters, digits and '_'; @value: any text. Both borrowed. */
struct kd_journal_field {
	const char *name;
	const char *value;
};

/**
 * Connect to the journal below @root_fd.
 * Returns a descriptor owned by the caller; -ENOENT, -ECONNREFUSED where there is none.
 */
int kd_journal_open(int root_fd);

/** Send one entry. Returns 0; -EMSGSIZE past 16 KiB; an error of send(2). */
int kd_journal_send(int fd, const struct kd_journal_field *fields, size_t n);

/** Whether descriptor @fd is the journal's stream that $JOURNAL_STREAM, given as @stream,
 *  names: then what is sent to the journal need not be written there, too. */
bool kd_journal_is_stream(const char *stream, int fd);
