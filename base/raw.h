/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CONTRACT capture side -> daemon: files on a partition without a file system.
 * docs/format-raw.md is the specification. A marker says the partition is ours to write;
 * a list of files is kept twice, so that a power cut leaves one. Written by
 * capture-kernel, taken over by kdumpd at the next boot. The reader trusts nothing.
 */
#pragma once

#include "base/error.h"
#include "base/sha256.h"
#include "base/types.h"

#define KD_RAW_VERSION	   1
#define KD_RAW_TYPE	   "kdump_raw" /* as what a probe names it */
#define KD_RAW_ID	   16
#define KD_RAW_PATH	   160
#define KD_RAW_FILES	   64
#define KD_RAW_ALIGN	   4096
#define KD_RAW_MARKER_SIZE 4096
#define KD_RAW_LIST_SIZE   16384
#define KD_RAW_LIST_AT	   16384 /* the first; the second lies behind it */
#define KD_RAW_DATA_AT	   (1u << 20)
#define KD_RAW_MIN_SIZE	   (16u << 20)

/**
 * One file: a single range of the partition.
 *
 * @path:   "<folders>/<name>", no leading slash
 * @offset: in bytes, a multiple of KD_RAW_ALIGN
 * @length: bytes written so far
 * @whole:  it is complete, and @sha256 is of its bytes
 */
struct kd_raw_file {
	char path[KD_RAW_PATH];
	uint64_t offset, length;
	bool whole;
	uint8_t sha256[KD_SHA256_SIZE];
};

/**
 * A partition of ours.
 *
 * @id:       random, made with the marker; lists of another marker do not count
 * @size:     bytes of the partition, as the marker has it
 * @sequence: of the list, grows with each change
 */
struct kd_raw {
	uint8_t id[KD_RAW_ID];
	uint64_t size;
	uint64_t sequence;
	size_t n;
	struct kd_raw_file files[KD_RAW_FILES];
};

/** The marker's bytes, KD_RAW_MARKER_SIZE of them. */
void kd_raw_marker_encode(const struct kd_raw *raw, uint8_t *ret);

/** Read a marker: @id and @size, no files. -ENODATA when there is none, -ENOTSUP for
 *  another version, -EBADMSG for a damaged one. */
int kd_raw_marker_decode(const uint8_t *data, struct kd_raw *ret);

/** The list's bytes, KD_RAW_LIST_SIZE of them. */
void kd_raw_list_encode(const struct kd_raw *raw, uint8_t *ret);

/** Read a list: everything but @size, which is the marker's and bounds what the list may
 *  say. -EBADMSG when it is damaged, of another marker, or names what cannot be. */
int kd_raw_list_decode(const uint8_t *data, const struct kd_raw *marker,
		       struct kd_raw *ret);

/** Number of the file of that path; -ENOENT. */
int kd_raw_find(const struct kd_raw *raw, const char *path);

/** A partition's id as text, "xxxxxxxx-xxxx-…": by it the capture side finds it. */
void kd_raw_id_text(const struct kd_raw *raw, char ret[static 37]);

/** First byte behind all files, aligned: where the next one may begin. */
uint64_t kd_raw_end(const struct kd_raw *raw);

/** Read marker and the newer list of an open partition. @size: bytes it has now; another
 *  one than the marker's is -EBADMSG. Errors as above, and those of reading. */
int kd_raw_load(int fd, uint64_t size, struct kd_raw *ret, struct kd_error *err);

/** Write the list as its next sequence, durable. */
int kd_raw_store(int fd, struct kd_raw *raw, struct kd_error *err);

/** Make it ours: the marker and an empty list, durable. */
int kd_raw_format(int fd, struct kd_raw *raw, struct kd_error *err);
