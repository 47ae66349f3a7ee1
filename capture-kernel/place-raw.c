/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files on a raw partition: see place-raw.h. A file lies behind all others and grows until
 * the next one begins. The list says how long it is: after each sync, and now and then
 * while it is written, so that one cut off is not lost. A file that gets its final name
 * is read back from the disk and gets its checksum. Trusts no list it did not check.
 */
#include "capture-kernel/place-raw.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/io.h"
#include "base/raw.h"

#define NOTE_BYTES (16u << 20) /* written between two lists */
#define READ_BYTES (256u << 10)

/** @raw: the list in use, shared by the root and what was entered from it */
struct partition {
	int fd;
	pthread_mutex_t lock;
	struct kd_raw raw;
};

/** @prefix: folders, "" for the root; paths are "<prefix>/<name>" */
struct raw_place {
	struct kd_place place;
	struct partition *partition;
	bool owner;
	char prefix[KD_RAW_PATH];
};

struct raw_sink {
	struct kd_sink sink;
	struct kd_sink *inner;
	struct partition *partition;
	char path[KD_RAW_PATH];
	uint64_t base, limit;
	_Atomic uint64_t noted;
};

struct raw_view {
	struct kd_file_view view;
	uint64_t base;
};

static struct raw_place *of(struct kd_place *p)
{
	return (struct raw_place *)p;
}

static int join(const struct raw_place *p, const char *name, char ret[KD_RAW_PATH],
		struct kd_error *err)
{
	int n;

	name += strspn(name, "/");
	n = snprintf(ret, KD_RAW_PATH, "%s%s%s", p->prefix, p->prefix[0] ? "/" : "",
		     name);
	if (n < 0 || n >= KD_RAW_PATH)
		return kd_fail(err, -ENAMETOOLONG, "%s", name);
	while (n > 0 && ret[n - 1] == '/')
		ret[--n] = '\0';
	return 0;
}

static int place_new(struct partition *partition, const char *prefix, bool owner,
		     struct kd_place **ret);

/* Folders are only parts of names. */
static int enter(struct kd_place *p, const char *path, bool create, struct kd_place **ret,
		 struct kd_error *err)
{
	char prefix[KD_RAW_PATH];
	int r = join(of(p), path, prefix, err);

	(void)create;
	if (r >= 0)
		r = place_new(of(p)->partition, prefix, /* owner= */ false, ret);
	return r < 0 ? kd_fail(err, r, "%s", path) : 0;
}

static int make(struct kd_place *p, const char *name, struct kd_error *err)
{
	const struct kd_raw *raw = &of(p)->partition->raw;
	char prefix[KD_RAW_PATH];
	int r = join(of(p), name, prefix, err);

	for (size_t i = 0; r >= 0 && i < raw->n; i++)
		if (strncmp(raw->files[i].path, prefix, strlen(prefix)) == 0 &&
		    raw->files[i].path[strlen(prefix)] == '/')
			return kd_fail(err, -EEXIST, "%s", name);
	return r;
}

/* Where a new file goes: behind all others. One that is not whole may be written still, by
 * a child that could not be killed: its next bytes are not to lie in this one. */
static uint64_t place_for_new(const struct kd_raw *raw)
{
	uint64_t at = kd_raw_end(raw);
	bool open = raw->n > 0 && !raw->files[raw->n - 1].whole;

	return open && at < raw->size && raw->size - at > 4 * NOTE_BYTES
		       ? at + 2 * NOTE_BYTES
		       : at;
}

/* An earlier crash's files never give way. */
static int add_file(struct partition *part, const char *path, struct raw_sink *s,
		    struct kd_error *err)
{
	struct kd_raw *raw = &part->raw;
	uint64_t at = place_for_new(raw);

	if (kd_raw_find(raw, path) >= 0)
		return kd_fail(err, -EEXIST, "%s", path);
	if (raw->n == KD_RAW_FILES || at >= raw->size)
		return kd_fail(err, -ENOSPC, "%s", path);
	raw->files[raw->n] = (struct kd_raw_file) { .offset = at };
	memcpy(raw->files[raw->n].path, path, KD_RAW_PATH);
	raw->n++;
	s->base = at;
	s->limit = raw->size - at;
	return kd_raw_store(part->fd, raw, err);
}

/* How long it is by now, for the list. */
static int note_length(struct raw_sink *s)
{
	struct partition *part = s->partition;
	int i, r = 0;

	(void)pthread_mutex_lock(&part->lock);
	i = kd_raw_find(&part->raw, s->path);
	if (i >= 0 && part->raw.files[i].length != s->sink.end) {
		part->raw.files[i].length = s->sink.end;
		r = kd_raw_store(part->fd, &part->raw, NULL);
	}
	s->noted = s->sink.end;
	(void)pthread_mutex_unlock(&part->lock);
	return r;
}

static int sink_write(struct kd_sink *sink, uint64_t offset, const void *data,
		      size_t size)
{
	struct raw_sink *s = (struct raw_sink *)sink;
	uint64_t end = offset + size, seen = sink->end;
	int r;

	if (offset > s->limit || size > s->limit - offset)
		return -ENOSPC;
	r = s->inner->ops->write(s->inner, s->base + offset, data, size);
	if (r < 0)
		return r;
	while (seen < end && !atomic_compare_exchange_weak(&sink->end, &seen, end))
		;
	return sink->end - s->noted >= NOTE_BYTES ? note_length(s) : 0;
}

static int sink_rewrite(struct kd_sink *sink, uint64_t offset, const void *data,
			size_t size)
{
	struct raw_sink *s = (struct raw_sink *)sink;

	if (offset > sink->end || size > sink->end - offset)
		return -EINVAL;
	return s->inner->ops->rewrite(s->inner, s->base + offset, data, size);
}

static int sink_read(struct kd_sink *sink, uint64_t offset, void *data, size_t size)
{
	struct raw_sink *s = (struct raw_sink *)sink;

	if (offset > sink->end || size > sink->end - offset)
		return -EINVAL;
	return s->inner->ops->read(s->inner, s->base + offset, data, size);
}

static int sink_reserve(struct kd_sink *sink, uint64_t offset, uint64_t size)
{
	const struct raw_sink *s = (struct raw_sink *)sink;

	return offset > s->limit || size > s->limit - offset ? -ENOSPC : 0;
}

static int sink_sync(struct kd_sink *sink)
{
	struct raw_sink *s = (struct raw_sink *)sink;
	int r = s->inner->ops->sync(s->inner);

	return r < 0 ? r : note_length(s);
}

static void sink_free(struct kd_sink *sink)
{
	struct raw_sink *s = (struct raw_sink *)sink;

	kd_sink_free(s->inner);
	free(s);
}

static const struct kd_sink_ops sink_ops = {
	.write = sink_write,
	.reserve = sink_reserve,
	.rewrite = sink_rewrite,
	.read = sink_read,
	.sync = sink_sync,
	.free = sink_free,
};

static int open_new(struct kd_place *p, const char *name, struct kd_sink **ret,
		    struct kd_error *err)
{
	struct partition *part = of(p)->partition;
	_cleanup_(kd_freep) struct raw_sink *s = calloc(1, sizeof(*s));
	_cleanup_(kd_closep) int fd = fcntl(part->fd, F_DUPFD_CLOEXEC, 0);
	int r;

	if (!s || fd < 0)
		return kd_fail(err, -ENOMEM, "%s", name);
	r = join(of(p), name, s->path, err);
	if (r >= 0)
		r = add_file(part, s->path, s, err);
	if (r >= 0)
		r = kd_sink_file_new(fd, &s->inner, err);
	if (r < 0)
		return r;
	(void)TAKE_FD(fd);
	s->partition = part;
	/* what was on the partition before shows where nothing is written */
	s->sink = (struct kd_sink) { .ops = &sink_ops, .dense = true };
	*ret = &TAKE_PTR(s)->sink;
	return 0;
}

static ssize_t view_read(const struct kd_file_view *v, void *buf, size_t size,
			 uint64_t offset)
{
	const struct raw_view *r = (const struct raw_view *)v;

	if (offset >= v->size)
		return 0;
	size = (size_t)MIN((uint64_t)size, v->size - offset);
	return kd_pread_full(v->fd, buf, size, r->base + offset);
}

static int view_drop(const struct kd_file_view *v)
{
	const struct raw_view *r = (const struct raw_view *)v;

	return -posix_fadvise(v->fd, (off_t)r->base, (off_t)v->size, POSIX_FADV_DONTNEED);
}

static void view_free(struct kd_file_view *v)
{
	(void)kd_close(v->fd);
	free(v);
}

/* Its descriptor's offsets are the partition's: no reader may use it past us. */
static const struct kd_file_view_ops view_ops = {
	.read = view_read,
	.drop = view_drop,
	.free = view_free,
};

static int open_old(struct kd_place *p, const char *name, bool fresh,
		    struct kd_file_view **ret, struct kd_error *err)
{
	struct partition *part = of(p)->partition;
	char path[KD_RAW_PATH];
	struct raw_view *v;
	int i, r = join(of(p), name, path, err);

	if (r < 0)
		return r;
	i = kd_raw_find(&part->raw, path);
	if (i < 0)
		return kd_fail(err, i, "%s", name);
	v = calloc(1, sizeof(*v));
	if (!v)
		return kd_fail(err, -ENOMEM, "%s", name);
	v->base = part->raw.files[i].offset;
	v->view = (struct kd_file_view) {
		.ops = &view_ops,
		.size = part->raw.files[i].length,
		.fd = fcntl(part->fd, F_DUPFD_CLOEXEC, 0),
	};
	r = v->view.fd < 0 ? -errno : fresh ? view_drop(&v->view) : 0;
	if (r < 0) {
		view_free(&v->view);
		return kd_fail(err, r, "%s", name);
	}
	*ret = &v->view;
	return 0;
}

/* From the disk, not from what is cached of it. */
static int hash_file(const struct partition *part, struct kd_raw_file *f)
{
	_cleanup_(kd_freep) uint8_t *buf = malloc(READ_BYTES);
	struct kd_sha256 h;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	(void)posix_fadvise(part->fd, (off_t)f->offset, (off_t)f->length,
			    POSIX_FADV_DONTNEED);
	kd_sha256_init(&h, kd_sha256_best());
	for (uint64_t at = 0; at < f->length; at += (uint64_t)n) {
		n = kd_pread_full(part->fd, buf,
				  (size_t)MIN((uint64_t)READ_BYTES, f->length - at),
				  f->offset + at);
		if (n <= 0)
			return n < 0 ? (int)n : -EIO;
		kd_sha256_update(&h, buf, (size_t)n);
	}
	kd_sha256_final(&h, f->sha256);
	f->whole = true;
	return 0;
}

static void take_out(struct kd_raw *raw, size_t i)
{
	raw->n--;
	memmove(&raw->files[i], &raw->files[i + 1], (raw->n - i) * sizeof(raw->files[0]));
}

static int change_name(struct kd_place *p, const char *from, const char *to,
		       struct kd_error *err)
{
	struct partition *part = of(p)->partition;
	char old[KD_RAW_PATH], new[KD_RAW_PATH];
	int i, replaced, r;

	r = join(of(p), from, old, err);
	if (r >= 0)
		r = join(of(p), to, new, err);
	if (r < 0)
		return r;
	i = kd_raw_find(&part->raw, old);
	if (i < 0)
		return kd_fail(err, i, "%s", from);
	r = hash_file(part, &part->raw.files[i]);
	if (r < 0)
		return kd_fail(err, r, "%s: reading back", from);
	replaced = kd_raw_find(&part->raw, new);
	memcpy(part->raw.files[i].path, new, sizeof(new));
	if (replaced >= 0 && replaced != i)
		take_out(&part->raw, (size_t)replaced);
	return kd_raw_store(part->fd, &part->raw, err);
}

/* Which of the files @name is. */
static int index_of(struct kd_place *p, const char *name, struct kd_error *err)
{
	char path[KD_RAW_PATH];
	int i, r = join(of(p), name, path, err);

	if (r < 0)
		return r;
	i = kd_raw_find(&of(p)->partition->raw, path);
	return i < 0 ? kd_fail(err, i, "%s", name) : i;
}

static int remove_file(struct kd_place *p, const char *name, struct kd_error *err)
{
	struct partition *part = of(p)->partition;
	int i = index_of(p, name, err);

	if (i < 0)
		return i;
	take_out(&part->raw, (size_t)i);
	return kd_raw_store(part->fd, &part->raw, err);
}

static int cut(struct kd_place *p, const char *name, uint64_t size, struct kd_error *err)
{
	struct partition *part = of(p)->partition;
	int i = index_of(p, name, err);

	if (i < 0)
		return i;
	part->raw.files[i].length = MIN(part->raw.files[i].length, size);
	part->raw.files[i].whole = false;
	return kd_raw_store(part->fd, &part->raw, err);
}

static int space(struct kd_place *p, uint64_t *ret, struct kd_error *err)
{
	const struct kd_raw *raw = &of(p)->partition->raw;
	uint64_t end = kd_raw_end(raw);

	(void)err;
	*ret = end < raw->size ? raw->size - end : 0;
	return 0;
}

static void partition_free(struct partition *part)
{
	(void)kd_close(part->fd);
	(void)pthread_mutex_destroy(&part->lock);
	free(part);
}

static void raw_free(struct kd_place *p)
{
	if (of(p)->owner)
		partition_free(of(p)->partition);
	free(p);
}

static const struct kd_place_ops raw_ops = {
	.enter = enter,
	.make = make,
	.write = open_new,
	.read = open_old,
	.rename = change_name,
	.remove = remove_file,
	.cut = cut,
	.space = space,
	.free = raw_free,
};

static int place_new(struct partition *partition, const char *prefix, bool owner,
		     struct kd_place **ret)
{
	struct raw_place *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->place.ops = &raw_ops;
	p->partition = partition;
	p->owner = owner;
	(void)snprintf(p->prefix, sizeof(p->prefix), "%s", prefix);
	*ret = &p->place;
	return 0;
}

int kd_place_raw_new(int fd, uint64_t size, struct kd_place **ret, struct kd_error *err)
{
	struct partition *part = calloc(1, sizeof(*part));
	int r;

	if (!part)
		return kd_fail(err, -ENOMEM, "raw partition");
	part->fd = -EBADF;
	(void)pthread_mutex_init(&part->lock, NULL);
	r = kd_raw_load(fd, size, &part->raw, err);
	if (r >= 0)
		r = place_new(part, "", /* owner= */ true, ret);
	if (r < 0) {
		partition_free(part);
		return r;
	}
	part->fd = fd;
	return 0;
}
