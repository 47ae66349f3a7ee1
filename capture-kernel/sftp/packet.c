/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SFTP packets: see packet.h. Every length is held against what is left. Called by
 * client.c.
 */
#include "capture-kernel/sftp/packet.h"

#include <string.h>

#define LENGTH_SIZE 4

static void put_be(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

static uint8_t *room(struct kd_sftp_out *out, size_t size)
{
	uint8_t *at = out->bytes + out->length;

	if (out->status < 0 || size > out->size - out->length) {
		out->status = -EMSGSIZE;
		return NULL;
	}
	out->length += size;
	return at;
}

void kd_sftp_begin(struct kd_sftp_out *out, uint8_t *bytes, size_t size, uint8_t type)
{
	uint8_t *at;

	*out = (struct kd_sftp_out) { .bytes = bytes, .size = size };
	at = room(out, LENGTH_SIZE + 1);
	if (at)
		at[LENGTH_SIZE] = type;
}

void kd_sftp_put_u32(struct kd_sftp_out *out, uint32_t value)
{
	uint8_t *at = room(out, sizeof(value));

	if (at)
		put_be(at, value, sizeof(value));
}

void kd_sftp_put_u64(struct kd_sftp_out *out, uint64_t value)
{
	uint8_t *at = room(out, sizeof(value));

	if (at)
		put_be(at, value, sizeof(value));
}

void kd_sftp_put_string(struct kd_sftp_out *out, const void *data, size_t size)
{
	uint8_t *at;

	if (size > UINT32_MAX) {
		out->status = -EMSGSIZE;
		return;
	}
	kd_sftp_put_u32(out, (uint32_t)size);
	at = room(out, size);
	if (at && size)
		memcpy(at, data, size);
}

void kd_sftp_put_text(struct kd_sftp_out *out, const char *text)
{
	kd_sftp_put_string(out, text, strlen(text));
}

int kd_sftp_end(struct kd_sftp_out *out)
{
	if (out->status < 0)
		return out->status;
	put_be(out->bytes, out->length - LENGTH_SIZE, LENGTH_SIZE);
	return (int)out->length;
}

static uint64_t get_be(struct kd_sftp_in *in, size_t size)
{
	uint64_t value = 0;

	if (in->bad || in->left < size) {
		in->bad = true;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		value = value << 8 | in->bytes[i];
	in->bytes += size;
	in->left -= size;
	return value;
}

uint8_t kd_sftp_get_u8(struct kd_sftp_in *in)
{
	return (uint8_t)get_be(in, 1);
}

uint32_t kd_sftp_get_u32(struct kd_sftp_in *in)
{
	return (uint32_t)get_be(in, sizeof(uint32_t));
}

uint64_t kd_sftp_get_u64(struct kd_sftp_in *in)
{
	return get_be(in, sizeof(uint64_t));
}

const void *kd_sftp_get_string(struct kd_sftp_in *in, size_t *ret_size)
{
	size_t size = kd_sftp_get_u32(in);
	const void *at = in->bytes;

	if (in->bad || size > in->left) {
		in->bad = true;
		*ret_size = 0;
		return "";
	}
	in->bytes += size;
	in->left -= size;
	*ret_size = size;
	return at;
}

int kd_sftp_read_answer(const uint8_t *bytes, size_t size, struct kd_sftp_answer *ret)
{
	struct kd_sftp_in in = { .bytes = bytes, .left = size };

	ret->type = kd_sftp_get_u8(&in);
	ret->number = kd_sftp_get_u32(&in);
	ret->rest = in;
	return in.bad ? -EBADMSG : 0;
}

int kd_sftp_read_status(struct kd_sftp_answer *a)
{
	uint32_t status;

	if (a->type != KD_SFTP_STATUS)
		return -EBADMSG;
	status = kd_sftp_get_u32(&a->rest);
	if (a->rest.bad)
		return -EBADMSG;
	switch (status) {
	case KD_SFTP_OK:
		return 0;
	case KD_SFTP_EOF:
		return -ENODATA;
	case KD_SFTP_NO_SUCH_FILE:
		return -ENOENT;
	case KD_SFTP_PERMISSION_DENIED:
		return -EACCES;
	case KD_SFTP_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

static bool is_text(const void *data, size_t size, const char *text)
{
	return size == strlen(text) && memcmp(data, text, size) == 0;
}

int kd_sftp_read_version(const uint8_t *bytes, size_t size,
			 struct kd_sftp_extensions *ret)
{
	struct kd_sftp_in in = { .bytes = bytes, .left = size };
	struct kd_sftp_extensions e = { false, false, false };
	uint8_t type = kd_sftp_get_u8(&in);
	uint32_t version = kd_sftp_get_u32(&in);

	if (in.bad || type != KD_SFTP_VERSION_REPLY)
		return -EBADMSG;
	if (version < KD_SFTP_VERSION)
		return -EPROTONOSUPPORT;
	while (!in.bad && in.left > 0) {
		size_t n, m;
		const void *name = kd_sftp_get_string(&in, &n);
		const void *value = kd_sftp_get_string(&in, &m);

		/* their versions, in OpenSSH's PROTOCOL, 4.3 and on */
		if (is_text(name, n, "posix-rename@openssh.com"))
			e.posix_rename = is_text(value, m, "1");
		else if (is_text(name, n, "fsync@openssh.com"))
			e.fsync = is_text(value, m, "1");
		else if (is_text(name, n, "statvfs@openssh.com"))
			e.statvfs = is_text(value, m, "2");
	}
	if (in.bad)
		return -EBADMSG;
	*ret = e;
	return 0;
}

int kd_sftp_read_size(struct kd_sftp_answer *a, uint64_t *ret)
{
	uint32_t flags;
	uint64_t size;

	if (a->type != KD_SFTP_ATTRS)
		return -EBADMSG;
	flags = kd_sftp_get_u32(&a->rest);
	if (a->rest.bad)
		return -EBADMSG;
	if (!(flags & KD_SFTP_ATTR_SIZE))
		return -ENODATA;
	size = kd_sftp_get_u64(&a->rest);
	if (a->rest.bad)
		return -EBADMSG;
	*ret = size;
	return 0;
}

int kd_sftp_read_space(struct kd_sftp_answer *a, uint64_t *ret)
{
	uint64_t fragment, bytes;

	if (a->type != KD_SFTP_EXTENDED_REPLY)
		return -EBADMSG;
	(void)kd_sftp_get_u64(&a->rest); /* f_bsize */
	fragment = kd_sftp_get_u64(&a->rest);
	(void)kd_sftp_get_u64(&a->rest);   /* f_blocks */
	(void)kd_sftp_get_u64(&a->rest);   /* f_bfree */
	bytes = kd_sftp_get_u64(&a->rest); /* f_bavail: whoever logs in may not be root */
	if (a->rest.bad)
		return -EBADMSG;
	if (__builtin_mul_overflow(bytes, fragment, &bytes))
		bytes = UINT64_MAX;
	*ret = bytes;
	return 0;
}

static void skip_attributes(struct kd_sftp_in *in)
{
	uint32_t flags = kd_sftp_get_u32(in);
	size_t size;

	if (flags & KD_SFTP_ATTR_SIZE)
		(void)kd_sftp_get_u64(in);
	if (flags & KD_SFTP_ATTR_OWNER)
		(void)kd_sftp_get_u64(in);
	if (flags & KD_SFTP_ATTR_PERMISSIONS)
		(void)kd_sftp_get_u32(in);
	if (flags & KD_SFTP_ATTR_TIMES)
		(void)kd_sftp_get_u64(in);
	if (!(flags & KD_SFTP_ATTR_EXTENDED))
		return;
	for (uint32_t n = kd_sftp_get_u32(in); n > 0 && !in->bad; n--) {
		(void)kd_sftp_get_string(in, &size);
		(void)kd_sftp_get_string(in, &size);
	}
}

int kd_sftp_read_name(struct kd_sftp_in *in, char *ret, size_t size)
{
	size_t length, more;
	const char *name = kd_sftp_get_string(in, &length);

	(void)kd_sftp_get_string(in, &more); /* as "ls -l" has it */
	skip_attributes(in);
	if (in->bad)
		return -EBADMSG;
	(void)snprintf(ret, size, "%.*s", (int)MIN(length, size), name);
	return 0;
}
