/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/hash-view: the sum is that of the whole file however it was read, and a file read
 * in order is read once.
 */
#include "base/hash-view.h"

#include "base/parallel.h"
#include "tests/unit/memory-view.h"
#include "tests/unit/test.h"

#define SIZE ((size_t)20 << 20)

struct step {
	uint64_t offset;
	size_t size;
};

static uint8_t *make(void)
{
	uint8_t *data = malloc(SIZE);
	uint32_t x = 1;

	for (size_t i = 0; data && i < SIZE; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = (uint8_t)(x >> 24);
	}
	return data;
}

static void hex_of(const uint8_t *data, size_t size, char ret[65])
{
	struct kd_sha256 h;
	uint8_t sum[KD_SHA256_SIZE];

	kd_sha256_init(&h, kd_sha256_blocks_portable);
	kd_sha256_update(&h, data, size);
	kd_sha256_final(&h, sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", sum[i]);
}

static void any_order(struct test *t)
{
	static const struct {
		struct step steps[4];
		size_t n;
	} table[] = {
		{ .n = 0 },
		{ { { 0, SIZE } }, 1 },
		{ { { 0, 100 }, { 100, 1000 } }, 2 },
		{ { { 0, 100 }, { 50, 1000 }, { 20, 10 } }, 3 },
		/* a gap that is read at once */
		{ { { 4096, 100 }, { 0, 10 }, { 200000, 4096 } }, 3 },
		/* the end first: too far to follow */
		{ { { SIZE - 10, 10 }, { 0, 4096 }, { SIZE - 10, 100 } }, 3 },
		{ { { SIZE, 10 }, { SIZE + 5, 10 } }, 2 },
	};
	_cleanup_(kd_freep) uint8_t *data = make(), *buf = malloc(SIZE);
	char want[65], got[65];

	CHECK(t, data && buf);
	if (!data || !buf)
		return;
	hex_of(data, SIZE, want);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_hash_view_freep) struct kd_hash_view *h = NULL;
		struct memory_view m = memory_view(data, SIZE);

		CHECK_INT(t, kd_hash_view_new(&m.view, &h, NULL), 0);
		for (size_t j = 0; j < table[i].n; j++) {
			const struct step *s = &table[i].steps[j];
			ssize_t n = kd_file_view_read(kd_hash_view_base(h), buf, s->size,
						      s->offset);

			CHECK(t, n <= 0 || memcmp(buf, data + s->offset, (size_t)n) == 0);
		}
		CHECK_INT(t, kd_hash_view_finish(h, got, NULL), 0);
		CHECK_STR(t, got, want);
	}
}

static void read_once(struct test *t)
{
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *h = NULL;
	_cleanup_(kd_freep) uint8_t *data = make();
	struct memory_view m = memory_view(data, SIZE);
	uint8_t buf[5000];
	char got[65];

	CHECK_INT(t, kd_hash_view_new(&m.view, &h, NULL), 0);
	for (uint64_t at = 0; at < SIZE; at += sizeof(buf))
		CHECK(t,
		      kd_file_view_read(kd_hash_view_base(h), buf, sizeof(buf), at) > 0);
	CHECK_INT(t, kd_hash_view_finish(h, got, NULL), 0);
	CHECK_INT(t, m.read, SIZE);
}

struct readers {
	const struct kd_file_view *view;
	const uint8_t *data;
	_Atomic uint64_t next;
	_Atomic int wrong;
};

/* Pieces as they come, small ones in each. */
static int read_pieces(void *context, unsigned int number)
{
	const uint64_t piece = 300000;
	struct readers *all = context;
	uint8_t buf[7000];
	uint64_t at;

	(void)number;
	while ((at = atomic_fetch_add(&all->next, piece)) < SIZE) {
		uint64_t end = MIN(at + piece, (uint64_t)SIZE);

		for (; at < end; at += sizeof(buf)) {
			ssize_t n = kd_file_view_read(all->view, buf, sizeof(buf), at);

			if (n <= 0 || memcmp(buf, all->data + at, (size_t)n) != 0)
				atomic_store(&all->wrong, 1);
		}
	}
	return 0;
}

static void threads(struct test *t)
{
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *h = NULL;
	_cleanup_(kd_freep) uint8_t *data = make();
	struct memory_view m = memory_view(data, SIZE);
	struct readers all = { .data = data };
	char want[65], got[65];

	CHECK_INT(t, kd_hash_view_new(&m.view, &h, NULL), 0);
	all.view = kd_hash_view_base(h);
	CHECK_INT(t, kd_parallel(8, read_pieces, &all), 0);
	CHECK_INT(t, all.wrong, 0);
	CHECK_INT(t, kd_hash_view_finish(h, got, NULL), 0);
	hex_of(data, SIZE, want);
	CHECK_STR(t, got, want);
}

static void errors(struct test *t)
{
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *h = NULL;
	static const uint8_t data[100000];
	struct memory_view m = memory_view(data, sizeof(data));
	struct kd_error err = { 0 };
	char got[65] = "untouched";

	/* one that a gap met is told, though the reads themselves went well */
	CHECK_INT(t, kd_hash_view_new(&m.view, &h, NULL), 0);
	m.view.size = 2 * sizeof(data);
	CHECK_INT(t, kd_hash_view_finish(h, got, &err), -EBADMSG);
	CHECK_STR(t, got, "untouched");
	CHECK(t, strstr(err.message, "checksum") != NULL);
	m.error = -EIO;
	CHECK_INT(t, kd_file_view_read(kd_hash_view_base(h), got, 1, 0), -EIO);
}

static const struct test_case cases[] = {
	{ "reads in any order", any_order },
	{ "reads in order cost nothing", read_once },
	{ "several threads", threads },
	{ "errors", errors },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
