/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Summing what is read: see hash-view.h. The sum follows reads that go forward; a gap that
 * they leave is read at once, while the disk is there, unless it is large. Trusts the view
 * below to give the same bytes twice.
 */
#include "base/hash-view.h"

#include <pthread.h>

#define BUFFER_SIZE ((size_t)64 << 10)
/* A reader that leaves out more than this looks at the end first: it will come back. What
 * threads that go through a file together leave to each other is less. */
#define GAP_MAX	    (UINT64_C(16) << 20)

/**
 * @lock:   one read at a time, for views below that bear no more
 * @at:     all before it is in the sum
 * @status: the first error of a read that the sum needed
 */
struct kd_hash_view {
	struct kd_file_view view;
	const struct kd_file_view *inner;
	pthread_mutex_t lock;
	struct kd_sha256 sum;
	uint64_t at;
	int status;
	uint8_t buffer[BUFFER_SIZE];
};

static struct kd_hash_view *hash_view(const struct kd_file_view *v)
{
	return (struct kd_hash_view *)v;
}

/* Read on until all before @end is in the sum. */
static void follow(struct kd_hash_view *h, uint64_t end)
{
	while (h->status == 0 && h->at < end) {
		size_t want = (size_t)MIN(end - h->at, (uint64_t)BUFFER_SIZE);

		h->status = kd_file_view_read_all(h->inner, h->buffer, want, h->at);
		if (h->status < 0)
			return;
		kd_sha256_update(&h->sum, h->buffer, want);
		h->at += want;
	}
}

/* [offset, end) was read into @buf. */
static void add(struct kd_hash_view *h, const uint8_t *buf, uint64_t offset, uint64_t end)
{
	if (end <= h->at || (offset > h->at && offset - h->at > GAP_MAX))
		return;
	follow(h, offset);
	if (h->status == 0 && h->at >= offset && h->at < end) {
		kd_sha256_update(&h->sum, buf + (h->at - offset), (size_t)(end - h->at));
		h->at = end;
	}
}

static ssize_t view_read(const struct kd_file_view *v, void *buf, size_t size,
			 uint64_t offset)
{
	struct kd_hash_view *h = hash_view(v);
	ssize_t n;

	(void)pthread_mutex_lock(&h->lock);
	n = kd_file_view_read(h->inner, buf, size, offset);
	if (n > 0)
		add(h, buf, offset, offset + (uint64_t)n);
	(void)pthread_mutex_unlock(&h->lock);
	return n;
}

static int view_drop(const struct kd_file_view *v)
{
	struct kd_hash_view *h = hash_view(v);
	int r;

	(void)pthread_mutex_lock(&h->lock);
	r = kd_file_view_drop(h->inner);
	(void)pthread_mutex_unlock(&h->lock);
	return r;
}

static bool view_holds(const struct kd_file_view *v, uint64_t offset, uint64_t size)
{
	return kd_file_view_holds(hash_view(v)->inner, offset, size);
}

static uint64_t view_data(const struct kd_file_view *v, uint64_t offset)
{
	return kd_file_view_data(hash_view(v)->inner, offset);
}

/* no free: the reader that took the view over does not own the sum */
static const struct kd_file_view_ops view_ops = {
	.read = view_read,
	.drop = view_drop,
	.holds = view_holds,
	.data = view_data,
};

int kd_hash_view_new(const struct kd_file_view *inner, struct kd_hash_view **ret,
		     struct kd_error *err)
{
	struct kd_hash_view *h = malloc(sizeof(*h));

	if (!h)
		return kd_fail(err, -ENOMEM, "checksum");
	*h = (struct kd_hash_view) {
		.view = { .ops = &view_ops, .size = inner->size, .fd = -EBADF },
		.inner = inner,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	kd_sha256_init(&h->sum, kd_sha256_best());
	*ret = h;
	return 0;
}

void kd_hash_view_free(struct kd_hash_view *h)
{
	free(h);
}

struct kd_file_view *kd_hash_view_base(struct kd_hash_view *h)
{
	return &h->view;
}

int kd_hash_view_finish(struct kd_hash_view *h, char ret[static 2 * KD_SHA256_SIZE + 1],
			struct kd_error *err)
{
	uint8_t sum[KD_SHA256_SIZE];

	follow(h, h->inner->size);
	if (h->status < 0)
		return kd_fail(err, h->status, "checksum");
	kd_sha256_final(&h->sum, sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", sum[i]);
	return 0;
}
