/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of the SSH File Transfer Protocol, version 3 (draft-ietf-secsh-filexfer-02,
 * with OpenSSH's extensions in its PROTOCOL file, section 4): building requests, reading
 * answers within their bounds. Pure. A server may answer anything. Called by client.c and
 * the fuzzer.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_SFTP_VERSION 3
#define KD_SFTP_DATA	32768 /* bytes of a file in one packet: every server takes them */
#define KD_SFTP_PACKET	(KD_SFTP_DATA + 2048) /* the largest we send */
/* the largest we take: OpenSSH's limit, for a folder's names come as many at a time as a
 * server likes */
#define KD_SFTP_ANSWER	(256 * 1024)
#define KD_SFTP_HANDLE	256

enum kd_sftp_type {
	KD_SFTP_INIT = 1,
	KD_SFTP_VERSION_REPLY = 2,
	KD_SFTP_OPEN = 3,
	KD_SFTP_CLOSE = 4,
	KD_SFTP_READ = 5,
	KD_SFTP_WRITE = 6,
	KD_SFTP_LSTAT = 7,
	KD_SFTP_SETSTAT = 9,
	KD_SFTP_OPENDIR = 11,
	KD_SFTP_READDIR = 12,
	KD_SFTP_REMOVE = 13,
	KD_SFTP_MKDIR = 14,
	KD_SFTP_STAT = 17,
	KD_SFTP_RENAME = 18,
	KD_SFTP_STATUS = 101,
	KD_SFTP_HANDLE_REPLY = 102,
	KD_SFTP_DATA_REPLY = 103,
	KD_SFTP_NAMES = 104,
	KD_SFTP_ATTRS = 105,
	KD_SFTP_EXTENDED = 200,
	KD_SFTP_EXTENDED_REPLY = 201,
};

enum kd_sftp_status {
	KD_SFTP_OK = 0,
	KD_SFTP_EOF = 1,
	KD_SFTP_NO_SUCH_FILE = 2,
	KD_SFTP_PERMISSION_DENIED = 3,
	KD_SFTP_FAILURE = 4,
	KD_SFTP_UNSUPPORTED = 8,
};

/* OPEN's flags */
#define KD_SFTP_FLAG_READ  0x01u
#define KD_SFTP_FLAG_WRITE 0x02u
#define KD_SFTP_FLAG_CREAT 0x08u
#define KD_SFTP_FLAG_EXCL  0x20u

/* Which attributes follow */
#define KD_SFTP_ATTR_SIZE	 0x01u
#define KD_SFTP_ATTR_OWNER	 0x02u
#define KD_SFTP_ATTR_PERMISSIONS 0x04u
#define KD_SFTP_ATTR_TIMES	 0x08u
#define KD_SFTP_ATTR_EXTENDED	 0x80000000u

/** A packet under construction. @status: 0, or -EMSGSIZE once something did not fit. */
struct kd_sftp_out {
	uint8_t *bytes;
	size_t size, length;
	int status;
};

/** Begin in @size bytes at @bytes; the length in front is filled in by the end. */
void kd_sftp_begin(struct kd_sftp_out *out, uint8_t *bytes, size_t size, uint8_t type);
void kd_sftp_put_u32(struct kd_sftp_out *out, uint32_t value);
void kd_sftp_put_u64(struct kd_sftp_out *out, uint64_t value);
void kd_sftp_put_string(struct kd_sftp_out *out, const void *data, size_t size);
void kd_sftp_put_text(struct kd_sftp_out *out, const char *text);
/** Bytes of the whole packet, or its status. */
int kd_sftp_end(struct kd_sftp_out *out);

/** What is left of a packet. @bad: something was read that was not there; what is read
 *  from then on is zero. */
struct kd_sftp_in {
	const uint8_t *bytes;
	size_t left;
	bool bad;
};

uint8_t kd_sftp_get_u8(struct kd_sftp_in *in);
uint32_t kd_sftp_get_u32(struct kd_sftp_in *in);
uint64_t kd_sftp_get_u64(struct kd_sftp_in *in);
/** A string, borrowed from the packet. */
const void *kd_sftp_get_string(struct kd_sftp_in *in, size_t *ret_size);

/** An answer, as far as all have it in common. @number: of the request */
struct kd_sftp_answer {
	uint8_t type;
	uint32_t number;
	struct kd_sftp_in rest;
};

/** Read the packet of @size bytes behind its length. 0 or -EBADMSG. */
int kd_sftp_read_answer(const uint8_t *bytes, size_t size, struct kd_sftp_answer *ret);

/** What a STATUS says as an errno: 0, -ENOENT, -EACCES, -ENODATA at the end of a file,
 *  -EOPNOTSUPP, -EIO for all that the protocol has no word for; -EBADMSG for what is no
 *  STATUS. */
int kd_sftp_read_status(struct kd_sftp_answer *a);

/** Extensions a server named in its first answer. */
struct kd_sftp_extensions {
	bool posix_rename, fsync, statvfs;
};

/** Read the server's first answer, which has no number: @size bytes behind its length. 0,
 *  -EBADMSG, -EPROTONOSUPPORT for another version. */
int kd_sftp_read_version(const uint8_t *bytes, size_t size,
			 struct kd_sftp_extensions *ret);

/** The size out of ATTRS. 0, -ENODATA when it is not told, -EBADMSG. */
int kd_sftp_read_size(struct kd_sftp_answer *a, uint64_t *ret);

/** What may still be written, out of statvfs@openssh.com's answer, bytes. 0, -EBADMSG. */
int kd_sftp_read_space(struct kd_sftp_answer *a, uint64_t *ret);

/** The next name out of NAMES, cut to @size bytes with the NUL; what else is told of it is
 *  passed over. @in: behind the count. 0 or -EBADMSG. */
int kd_sftp_read_name(struct kd_sftp_in *in, char *ret, size_t size);
