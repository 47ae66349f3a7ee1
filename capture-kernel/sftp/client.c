/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SFTP client: see client.h. A server that sends what was not asked for ends the
 * conversation. Trusts its pipes' other end to end when the connection does. Called by
 * place-sftp.c.
 */
#include "capture-kernel/sftp/client-private.h"

#include <string.h>

#include "base/io.h"
#include "base/parallel.h"

int kd_sftp_fail(struct kd_sftp *s, int error)
{
	if (s->broken == 0)
		s->broken = error;
	return s->broken;
}

static int send_packet(struct kd_sftp *s, struct kd_sftp_out *out)
{
	int n = kd_sftp_end(out), r;

	if (s->broken)
		return s->broken;
	if (n < 0)
		return n == -EMSGSIZE ? -ENAMETOOLONG : n;
	r = kd_write_full(s->out, out->bytes, (size_t)n);
	return r < 0 ? kd_sftp_fail(s, r == -EPIPE ? -ENOTCONN : r) : 0;
}

/* The next packet into s->answer. Returns its bytes behind the length. */
static int receive(struct kd_sftp *s)
{
	struct kd_sftp_in in = { .bytes = s->answer, .left = 4 };
	ssize_t n;
	size_t size;

	if (s->broken)
		return s->broken;
	n = kd_read_full(s->in, s->answer, 4);
	if (n < 4)
		return kd_sftp_fail(s, n < 0 ? (int)n : -ENOTCONN);
	size = kd_sftp_get_u32(&in);
	if (size == 0 || size > sizeof(s->answer))
		return kd_sftp_fail(s, -EBADMSG);
	n = kd_read_full(s->in, s->answer, size);
	if (n < 0 || (size_t)n < size)
		return kd_sftp_fail(s, n < 0 ? (int)n : -ENOTCONN);
	return (int)size;
}

static int receive_answer(struct kd_sftp *s, struct kd_sftp_answer *ret)
{
	int n = receive(s);

	if (n < 0)
		return n;
	return kd_sftp_read_answer(s->answer, (size_t)n, ret) < 0
		       ? kd_sftp_fail(s, -EBADMSG)
		       : 0;
}

/* Begin a request; its number follows the type. */
void kd_sftp_request(struct kd_sftp *s, struct kd_sftp_out *out, uint8_t type)
{
	kd_sftp_begin(out, s->packet, sizeof(s->packet), type);
	kd_sftp_put_u32(out, ++s->number);
}

/* Take the answer to one write that is under way. */
static int take_write(struct kd_sftp *s)
{
	struct kd_sftp_answer a;
	int r = receive_answer(s, &a);

	if (r < 0)
		return r;
	s->n_writes--;
	r = kd_sftp_read_status(&a);
	if (r == -EBADMSG)
		return kd_sftp_fail(s, r);
	if (r < 0)
		(void)kd_first_error(&s->writing->error, r);
	return 0;
}

static int settle_writes(struct kd_sftp *s)
{
	int r = 0;

	while (r == 0 && s->n_writes > 0)
		r = take_write(s);
	return r;
}

/* Send a request that waits for its answer. */
int kd_sftp_ask(struct kd_sftp *s, struct kd_sftp_out *out, struct kd_sftp_answer *ret)
{
	int r = send_packet(s, out);

	if (r == 0)
		r = receive_answer(s, ret);
	if (r < 0)
		return r;
	return ret->number == s->number ? 0 : kd_sftp_fail(s, -EBADMSG);
}

int kd_sftp_ask_status(struct kd_sftp *s, struct kd_sftp_out *out)
{
	struct kd_sftp_answer a;
	int r = kd_sftp_ask(s, out, &a);

	return r < 0 ? r : kd_sftp_read_status(&a);
}

/* Everything but writes begins here, so that no answer is taken for another's. */
int kd_sftp_enter(struct kd_sftp *s)
{
	(void)pthread_mutex_lock(&s->lock);
	return settle_writes(s);
}

int kd_sftp_leave(struct kd_sftp *s, int r)
{
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

static int greet(struct kd_sftp *s)
{
	struct kd_sftp_out out;
	int r;

	kd_sftp_begin(&out, s->packet, sizeof(s->packet), KD_SFTP_INIT);
	kd_sftp_put_u32(&out, KD_SFTP_VERSION);
	r = send_packet(s, &out);
	if (r == 0)
		r = receive(s);
	return r < 0 ? r : kd_sftp_read_version(s->answer, (size_t)r, &s->extensions);
}

int kd_sftp_new(int in, int out, struct kd_sftp **ret, struct kd_error *err)
{
	struct kd_sftp *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return kd_fail(err, -ENOMEM, "SFTP");
	s->in = in;
	s->out = out;
	(void)pthread_mutex_init(&s->lock, NULL);
	r = greet(s);
	if (r < 0) {
		s->in = s->out = -EBADF; /* the caller's still */
		kd_sftp_free(s);
		return kd_fail(err, r, "SFTP");
	}
	*ret = s;
	return 0;
}

void kd_sftp_free(struct kd_sftp *s)
{
	if (!s)
		return;
	(void)kd_close(s->in);
	(void)kd_close(s->out);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

const struct kd_sftp_extensions *kd_sftp_extensions(const struct kd_sftp *s)
{
	return &s->extensions;
}

/* Send a request that a handle answers. */
int kd_sftp_ask_handle(struct kd_sftp *s, struct kd_sftp_out *out,
		       struct kd_sftp_file *ret)
{
	struct kd_sftp_answer a;
	const void *handle;
	size_t size;
	int r = kd_sftp_ask(s, out, &a);

	if (r < 0)
		return r;
	if (a.type != KD_SFTP_HANDLE_REPLY) {
		r = kd_sftp_read_status(&a);
		return r < 0 ? r : kd_sftp_fail(s, -EBADMSG);
	}
	handle = kd_sftp_get_string(&a.rest, &size);
	if (a.rest.bad || size > sizeof(ret->handle))
		return kd_sftp_fail(s, -EBADMSG);
	*ret = (struct kd_sftp_file) { .sftp = s, .handle_size = size };
	memcpy(ret->handle, handle, size);
	return 0;
}

int kd_sftp_open(struct kd_sftp *s, const char *path, uint32_t flags,
		 struct kd_sftp_file *ret)
{
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r < 0)
		return kd_sftp_leave(s, r);
	kd_sftp_request(s, &out, KD_SFTP_OPEN);
	kd_sftp_put_text(&out, path);
	kd_sftp_put_u32(&out, flags);
	kd_sftp_put_u32(&out, KD_SFTP_ATTR_PERMISSIONS);
	kd_sftp_put_u32(&out, 0600);
	return kd_sftp_leave(s, kd_sftp_ask_handle(s, &out, ret));
}

int kd_sftp_close(struct kd_sftp_file *f)
{
	struct kd_sftp *s = f->sftp;
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r == 0) {
		kd_sftp_request(s, &out, KD_SFTP_CLOSE);
		kd_sftp_put_string(&out, f->handle, f->handle_size);
		r = kd_sftp_ask_status(s, &out);
	}
	if (s->writing == f)
		s->writing = NULL;
	return kd_sftp_leave(s, r < 0 ? r : f->error);
}

static int write_piece(struct kd_sftp_file *f, uint64_t offset, const void *data,
		       size_t size)
{
	struct kd_sftp *s = f->sftp;
	struct kd_sftp_out out;
	int r = 0;

	if (s->writing != f)
		r = settle_writes(s);
	s->writing = f;
	while (r == 0 && s->n_writes >= KD_SFTP_WINDOW)
		r = take_write(s);
	if (r == 0)
		r = f->error;
	if (r < 0)
		return r;
	kd_sftp_request(s, &out, KD_SFTP_WRITE);
	kd_sftp_put_string(&out, f->handle, f->handle_size);
	kd_sftp_put_u64(&out, offset);
	kd_sftp_put_string(&out, data, size);
	r = send_packet(s, &out);
	if (r == 0)
		s->n_writes++;
	return r;
}

int kd_sftp_write(struct kd_sftp_file *f, uint64_t offset, const void *data, size_t size)
{
	struct kd_sftp *s = f->sftp;
	int r = 0;

	(void)pthread_mutex_lock(&s->lock);
	while (r == 0 && size > 0) {
		size_t n = MIN(size, (size_t)KD_SFTP_DATA);

		r = write_piece(f, offset, data, n);
		offset += n;
		data = (const uint8_t *)data + n;
		size -= n;
	}
	return kd_sftp_leave(s, r);
}

static int request_read(struct kd_sftp_file *f, uint64_t offset, size_t size)
{
	struct kd_sftp_out out;

	kd_sftp_request(f->sftp, &out, KD_SFTP_READ);
	kd_sftp_put_string(&out, f->handle, f->handle_size);
	kd_sftp_put_u64(&out, offset);
	kd_sftp_put_u32(&out, (uint32_t)size);
	return send_packet(f->sftp, &out);
}

/* The answer to a read of @want bytes. Returns the bytes; fewer only at the end. */
static ssize_t take_read(struct kd_sftp *s, void *data, size_t want)
{
	struct kd_sftp_answer a;
	const void *bytes;
	size_t size;
	int r = receive_answer(s, &a);

	if (r < 0)
		return r;
	if (a.type == KD_SFTP_STATUS) {
		r = kd_sftp_read_status(&a);
		return r == -ENODATA ? 0 : r < 0 ? r : -EBADMSG;
	}
	bytes = kd_sftp_get_string(&a.rest, &size);
	if (a.type != KD_SFTP_DATA_REPLY || a.rest.bad || size > want)
		return kd_sftp_fail(s, -EBADMSG);
	memcpy(data, bytes, size);
	return (ssize_t)size;
}

/* Ask for all pieces, then take them. A piece that came short is the last that counts:
 * the server had no more at that time. */
static ssize_t read_pieces(struct kd_sftp_file *f, uint64_t offset, uint8_t *data,
			   size_t size)
{
	size_t asked = 0, got = 0, n = 0;
	bool whole = true;
	ssize_t m;
	int r = 0, first = 0;

	for (; r == 0 && asked < size && n < KD_SFTP_WINDOW; n++) {
		size_t piece = MIN(size - asked, (size_t)KD_SFTP_DATA);

		r = request_read(f, offset + asked, piece);
		asked += piece;
	}
	if (r < 0)
		return r;
	for (size_t at = 0; n > 0; n--, at += KD_SFTP_DATA) {
		size_t piece = MIN(asked - at, (size_t)KD_SFTP_DATA);

		m = take_read(f->sftp, data + at, piece);
		if (f->sftp->broken)
			return f->sftp->broken;
		if (m < 0 && first == 0)
			first = (int)m;
		if (whole && m > 0)
			got += (size_t)m;
		whole = whole && m == (ssize_t)piece;
	}
	return got > 0 ? (ssize_t)got : first;
}

ssize_t kd_sftp_read(struct kd_sftp_file *f, uint64_t offset, void *data, size_t size)
{
	size_t got = 0;
	ssize_t n = kd_sftp_enter(f->sftp);

	while (n >= 0 && got < size) {
		n = read_pieces(f, offset + got, (uint8_t *)data + got, size - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	(void)kd_sftp_leave(f->sftp, 0);
	return n < 0 ? n : (ssize_t)got;
}

int kd_sftp_sync(struct kd_sftp_file *f)
{
	struct kd_sftp *s = f->sftp;
	struct kd_sftp_out out;
	int r = kd_sftp_enter(s);

	if (r == 0)
		r = f->error;
	if (r == 0 && s->extensions.fsync) {
		kd_sftp_request(s, &out, KD_SFTP_EXTENDED);
		kd_sftp_put_text(&out, "fsync@openssh.com");
		kd_sftp_put_string(&out, f->handle, f->handle_size);
		r = kd_sftp_ask_status(s, &out);
		if (r < 0)
			(void)kd_first_error(&f->error, r);
	}
	return kd_sftp_leave(s, r);
}
