/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files on a partition: see raw.h and docs/format-raw.md. Every block ends with the
 * SHA-256 of what is before, so that one half written is no block. Called by
 * capture-kernel, kdumpd and the fuzzer.
 */
#include "base/raw.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/le.h"

#define MARKER_MAGIC "KDUMPRAW"
#define LIST_MAGIC   "KDUMPLST"
#define MAGIC_SIZE   8

/* of a list: 32 bytes of head, then a row a file */
#define ROW_AT	  64
#define ROW_SIZE  224
#define WHOLE	  1u
#define SHA_OF(n) ((n)-KD_SHA256_SIZE)

static void seal(uint8_t *block, size_t size)
{
	struct kd_sha256 h;

	kd_sha256_init(&h, kd_sha256_best());
	kd_sha256_update(&h, block, SHA_OF(size));
	kd_sha256_final(&h, block + SHA_OF(size));
}

static bool is_sealed(const uint8_t *block, size_t size)
{
	uint8_t digest[KD_SHA256_SIZE];
	struct kd_sha256 h;

	kd_sha256_init(&h, kd_sha256_best());
	kd_sha256_update(&h, block, SHA_OF(size));
	kd_sha256_final(&h, digest);
	return memcmp(digest, block + SHA_OF(size), sizeof(digest)) == 0;
}

void kd_raw_marker_encode(const struct kd_raw *raw, uint8_t *ret)
{
	memset(ret, 0, KD_RAW_MARKER_SIZE);
	memcpy(ret, MARKER_MAGIC, MAGIC_SIZE);
	kd_put_le32(ret + 8, KD_RAW_VERSION);
	memcpy(ret + 16, raw->id, KD_RAW_ID);
	kd_put_le64(ret + 32, raw->size);
	seal(ret, KD_RAW_MARKER_SIZE);
}

int kd_raw_marker_decode(const uint8_t *data, struct kd_raw *ret)
{
	if (memcmp(data, MARKER_MAGIC, MAGIC_SIZE) != 0)
		return -ENODATA;
	if (!is_sealed(data, KD_RAW_MARKER_SIZE))
		return -EBADMSG;
	if (kd_le32(data + 8) != KD_RAW_VERSION)
		return -ENOTSUP;
	if (kd_le64(data + 32) < KD_RAW_MIN_SIZE)
		return -EBADMSG;
	ret->size = kd_le64(data + 32);
	ret->sequence = 0;
	ret->n = 0;
	memcpy(ret->id, data + 16, KD_RAW_ID);
	return 0;
}

static void encode_row(const struct kd_raw_file *f, uint8_t *row)
{
	memcpy(row, f->path, strlen(f->path));
	kd_put_le64(row + 160, f->offset);
	kd_put_le64(row + 168, f->length);
	kd_put_le32(row + 176, f->whole ? WHOLE : 0);
	memcpy(row + 184, f->sha256, KD_SHA256_SIZE);
}

void kd_raw_list_encode(const struct kd_raw *raw, uint8_t *ret)
{
	memset(ret, 0, KD_RAW_LIST_SIZE);
	memcpy(ret, LIST_MAGIC, MAGIC_SIZE);
	kd_put_le64(ret + 8, raw->sequence);
	memcpy(ret + 16, raw->id, KD_RAW_ID);
	kd_put_le32(ret + 32, (uint32_t)raw->n);
	for (size_t i = 0; i < raw->n; i++)
		encode_row(&raw->files[i], ret + ROW_AT + i * ROW_SIZE);
	seal(ret, KD_RAW_LIST_SIZE);
}

/* Folders and a name, none of which leads elsewhere. */
static bool is_path(const char *path)
{
	size_t n;

	if (!path[0])
		return false;
	for (const char *p = path;; p += n + 1) {
		n = strcspn(p, "/");
		if (n == 0 || (p[0] == '.' && (n == 1 || (n == 2 && p[1] == '.'))))
			return false;
		if (p[n] == '\0')
			break;
	}
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

static int decode_row(const uint8_t *row, uint64_t size, struct kd_raw_file *ret)
{
	if (memchr(row, '\0', KD_RAW_PATH) == NULL)
		return -EBADMSG;
	memcpy(ret->path, row, KD_RAW_PATH);
	ret->offset = kd_le64(row + 160);
	ret->length = kd_le64(row + 168);
	ret->whole = kd_le32(row + 176) & WHOLE;
	memcpy(ret->sha256, row + 184, KD_SHA256_SIZE);
	if (!is_path(ret->path) || ret->offset % KD_RAW_ALIGN != 0 ||
	    ret->offset < KD_RAW_DATA_AT || ret->offset > size ||
	    ret->length > size - ret->offset)
		return -EBADMSG;
	return 0;
}

int kd_raw_list_decode(const uint8_t *data, const struct kd_raw *marker,
		       struct kd_raw *ret)
{
	uint32_t n = kd_le32(data + 32);
	int r;

	static_assert(ROW_AT + KD_RAW_FILES * ROW_SIZE <= SHA_OF(KD_RAW_LIST_SIZE),
		      "docs/format-raw.md: a list holds 64 files");
	if (memcmp(data, LIST_MAGIC, MAGIC_SIZE) != 0 ||
	    memcmp(data + 16, marker->id, KD_RAW_ID) != 0 ||
	    !is_sealed(data, KD_RAW_LIST_SIZE) || n > KD_RAW_FILES)
		return -EBADMSG;
	for (uint32_t i = 0; i < n; i++) {
		r = decode_row(data + ROW_AT + i * ROW_SIZE, marker->size,
			       &ret->files[i]);
		if (r < 0)
			return r;
	}
	memcpy(ret->id, marker->id, KD_RAW_ID);
	ret->size = marker->size;
	ret->sequence = kd_le64(data + 8);
	ret->n = n;
	return 0;
}

int kd_raw_find(const struct kd_raw *raw, const char *path)
{
	for (size_t i = 0; i < raw->n; i++)
		if (strcmp(raw->files[i].path, path) == 0)
			return (int)i;
	return -ENOENT;
}

void kd_raw_id_text(const struct kd_raw *raw, char ret[static 37])
{
	for (int i = 0; i < KD_RAW_ID; i++) {
		bool dash = i == 4 || i == 6 || i == 8 || i == 10;

		ret += sprintf(ret, "%s%02x", dash ? "-" : "", raw->id[i]);
	}
}

uint64_t kd_raw_end(const struct kd_raw *raw)
{
	uint64_t end = KD_RAW_DATA_AT;

	for (size_t i = 0; i < raw->n; i++)
		end = MAX(end, raw->files[i].offset + raw->files[i].length);
	return (end + KD_RAW_ALIGN - 1) / KD_RAW_ALIGN * KD_RAW_ALIGN;
}

static uint64_t list_at(uint64_t sequence)
{
	return KD_RAW_LIST_AT + sequence % 2 * KD_RAW_LIST_SIZE;
}

/* The newer of the two lists; none is an empty partition, as is one of a marker that was
 * written over an older one. */
static int load_lists(int fd, struct kd_raw *ret)
{
	_cleanup_(kd_freep) struct kd_raw *list = malloc(sizeof(*list));
	_cleanup_(kd_freep) uint8_t *data = malloc(KD_RAW_LIST_SIZE);
	struct kd_raw marker = { .size = ret->size };
	ssize_t n;

	if (!list || !data)
		return -ENOMEM;
	memcpy(marker.id, ret->id, sizeof(marker.id));
	for (uint64_t i = 0; i < 2; i++) {
		n = kd_pread_full(fd, data, KD_RAW_LIST_SIZE, list_at(i));
		if (n < 0)
			return (int)n;
		if (n == KD_RAW_LIST_SIZE &&
		    kd_raw_list_decode(data, &marker, list) >= 0 &&
		    list->sequence % 2 == i && list->sequence > ret->sequence)
			*ret = *list;
	}
	return 0;
}

int kd_raw_load(int fd, uint64_t size, struct kd_raw *ret, struct kd_error *err)
{
	uint8_t marker[KD_RAW_MARKER_SIZE];
	ssize_t n = kd_pread_full(fd, marker, sizeof(marker), 0);
	int r;

	if (n < 0)
		return kd_fail(err, (int)n, "marker");
	r = n == KD_RAW_MARKER_SIZE ? kd_raw_marker_decode(marker, ret) : -ENODATA;
	if (r == -ENODATA)
		return kd_fail_msg(err, r,
				   "not prepared for dumps: run kdumpctl setup-raw");
	if (r >= 0 && ret->size != size)
		return kd_fail_msg(err, -EBADMSG,
				   "its size has changed since kdumpctl setup-raw");
	if (r >= 0)
		r = load_lists(fd, ret);
	return r < 0 ? kd_fail(err, r, "marker of kdumpctl setup-raw") : 0;
}

static int write_durable(int fd, const uint8_t *data, size_t size, uint64_t at)
{
	int r = kd_pwrite_full(fd, data, size, at);

	return r < 0 ? r : fsync(fd) < 0 ? -errno : 0;
}

int kd_raw_store(int fd, struct kd_raw *raw, struct kd_error *err)
{
	_cleanup_(kd_freep) uint8_t *data = malloc(KD_RAW_LIST_SIZE);
	int r;

	if (!data)
		return kd_fail(err, -ENOMEM, "list of files");
	raw->sequence++;
	kd_raw_list_encode(raw, data);
	r = write_durable(fd, data, KD_RAW_LIST_SIZE, list_at(raw->sequence));
	return r < 0 ? kd_fail(err, r, "list of files") : 0;
}

int kd_raw_format(int fd, struct kd_raw *raw, struct kd_error *err)
{
	uint8_t marker[KD_RAW_MARKER_SIZE];
	int r;

	raw->sequence = 0;
	raw->n = 0;
	kd_raw_marker_encode(raw, marker);
	r = write_durable(fd, marker, sizeof(marker), 0);
	return r < 0 ? kd_fail(err, r, "marker") : kd_raw_store(fd, raw, err);
}
