/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversation with an SFTP server, as client.c and client-names.c share it: requests are
 * built in its own buffer, and each answer stays until the next.
 */
#pragma once

#include <pthread.h>

#include "capture-kernel/sftp/client.h"

/**
 * @broken:  first failure of the conversation itself; it is over then
 * @number:  of the last request
 * @writing: the file whose writes are under way, @n_writes of them not yet answered
 * @packet:  going out; @answer: coming in
 */
struct kd_sftp {
	int in, out;
	int broken;
	uint32_t number;
	struct kd_sftp_extensions extensions;
	struct kd_sftp_file *writing;
	unsigned int n_writes;
	pthread_mutex_t lock;
	uint8_t packet[KD_SFTP_PACKET];
	uint8_t answer[KD_SFTP_ANSWER];
};

/** The conversation is over. Returns its first failure. */
int kd_sftp_fail(struct kd_sftp *s, int error);

/** Everything but writes begins here, so that no answer is taken for another's, and ends
 *  with kd_sftp_leave(), which returns @r. */
int kd_sftp_enter(struct kd_sftp *s);
int kd_sftp_leave(struct kd_sftp *s, int r);

/** Begin a request; its number follows the type. */
void kd_sftp_request(struct kd_sftp *s, struct kd_sftp_out *out, uint8_t type);

/** Send a request and wait for its answer: any, one that says how it went, a handle. */
int kd_sftp_ask(struct kd_sftp *s, struct kd_sftp_out *out, struct kd_sftp_answer *ret);
int kd_sftp_ask_status(struct kd_sftp *s, struct kd_sftp_out *out);
int kd_sftp_ask_handle(struct kd_sftp *s, struct kd_sftp_out *out,
		       struct kd_sftp_file *ret);
