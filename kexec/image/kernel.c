/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kind of kernel is this file, and what is inside of it: see kernel.h. The tables
 * of formats and wrappings, and the loop that goes through them; the work is done in one
 * file each. Trusts nothing in the file.
 */
#include "kexec/image/kernel.h"

#include <inttypes.h>
#include <string.h>

#include "kexec/image/format.h"
#include "kexec/image/guess.h"

/* A file that two of them claim is the first one's. */
static const struct kd_kernel_reader *const readers[] = {
	&kd_reader_bzimage,
	&kd_reader_elf,
	&kd_reader_arm64,
	&kd_reader_zbi,
};

static const struct kd_kernel_wrapping *const wrappings[] = {
	&kd_wrapping_gzip,
	&kd_wrapping_zstd,
	&kd_wrapping_zboot,
	&kd_wrapping_uki,
};

static const char *const format_names[KD_KERNEL_FORMATS] = {
	[KD_KERNEL_BZIMAGE] = "bzImage",
	[KD_KERNEL_ELF] = "vmlinux",
	[KD_KERNEL_ARM64] = "Image",
	[KD_KERNEL_ZBI] = "zbi",
};

const char *kd_kernel_format_name(enum kd_kernel_format format)
{
	return format < KD_KERNEL_FORMATS ? format_names[format] : "unknown";
}

static int check_kind(const char *kind, struct kd_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(format_names); i++)
		if (!kind || strcmp(kind, format_names[i]) == 0)
			return 0;
	return kd_fail_msg(err, -EINVAL,
			   "no kind of kernel is called \"%s\"; there are bzImage, "
			   "vmlinux, Image and zbi",
			   kind);
}

static const struct kd_kernel_reader *find_reader(struct kd_bytes head)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (readers[i]->probe(head))
			return readers[i];
	return NULL;
}

static const struct kd_kernel_wrapping *find_wrapping(struct kd_bytes head)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrappings); i++)
		if (wrappings[i]->probe(head))
			return wrappings[i];
	return NULL;
}

int kd_kernel_check_known(struct kd_bytes head, struct kd_error *err)
{
	return find_reader(head) || find_wrapping(head) ? 0 : kd_kernel_refuse(head, err);
}

void kd_kernel_replace_file(struct kd_kernel *k, uint8_t *data, size_t size)
{
	/* Only an initrd and a command line are borrowed from what was the file before. */
	if (!k->initrd.size && !k->cmdline.size)
		kd_kernel_done(k);
	k->memory[k->n_wrappings] = data;
	k->file = (struct kd_bytes) { data, size };
}

void kd_kernel_done(struct kd_kernel *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(k->memory); i++) {
		free(k->memory[i]);
		k->memory[i] = NULL;
	}
}

/* How much of the file is worth reading; a file of another kind is refused before more
 * than its head is read, however large it is. */
static int size_to_read(const struct kd_file_view *view, struct kd_bytes head,
			uint64_t *ret, struct kd_error *err)
{
	const struct kd_kernel_reader *reader = find_reader(head);
	uint64_t size = MAX(view->size, (uint64_t)head.size);
	int r;

	r = kd_kernel_check_known(head, err);
	if (r < 0)
		return r;
	if (reader && reader->extent)
		size = MIN(size, MAX(reader->extent(head), (uint64_t)head.size));
	if (size > KD_KERNEL_MAX)
		return kd_fail_msg(err, -EFBIG,
				   "%" PRIu64 " MiB, more than the %" PRIu64
				   " a kernel may have",
				   size >> 20, (uint64_t)(KD_KERNEL_MAX >> 20));
	*ret = size;
	return 0;
}

/* Memory for all of the file, whatever is read of it: pages of zeros that nobody touches
 * cost nothing. */
static int read_file(struct kd_kernel *k, const struct kd_file_view *view, bool look,
		     struct kd_error *err)
{
	const struct kd_kernel_reader *reader;
	_cleanup_(kd_freep) uint8_t *data = NULL;
	uint8_t head[KD_KERNEL_HEAD];
	uint64_t size = 0;
	ssize_t n;
	int r;

	n = kd_file_view_read(view, head, sizeof(head), 0);
	if (n < 0)
		return kd_fail(err, (int)n, "reading it");
	r = size_to_read(view, (struct kd_bytes) { head, (size_t)n }, &size, err);
	if (r < 0)
		return r;
	data = calloc(1, (size_t)size);
	if (!data)
		return kd_fail(err, -ENOMEM, "reading it");
	memcpy(data, head, MIN((size_t)n, (size_t)size));
	kd_kernel_replace_file(k, TAKE_PTR(data), (size_t)size);
	k->unread = k->file.size - MIN((size_t)n, k->file.size);
	reader = find_reader((struct kd_bytes) { head, (size_t)n });
	return look && reader && reader->head_tells ? 0
						    : kd_kernel_read_rest(view, k, err);
}

int kd_kernel_read_rest(const struct kd_file_view *view, struct kd_kernel *k,
			struct kd_error *err)
{
	size_t at = k->file.size - k->unread;
	int r;

	if (k->unread == 0)
		return 0;
	/* a file that was not read whole has no wrapping: its memory is the only one */
	r = kd_file_view_read_all(view, (uint8_t *)k->memory[0] + at, k->unread, at);
	if (r < 0)
		return kd_fail(err, r, "reading it");
	k->unread = 0;
	return 0;
}

/* Take off one wrapping after the other, until a format claims what is inside. */
static int unwrap(struct kd_kernel *k, const struct kd_kernel_reader **ret,
		  struct kd_error *err)
{
	const struct kd_kernel_reader *reader;
	const struct kd_kernel_wrapping *wrapping;
	int r;

	while (!(reader = find_reader(k->file))) {
		wrapping = find_wrapping(k->file);
		if (!wrapping)
			return kd_kernel_refuse(k->file, err);
		if (k->n_wrappings == KD_KERNEL_WRAPPINGS)
			return kd_fail_msg(err, -ENOTSUP,
					   "wrapped more than %d times, at last as %s",
					   KD_KERNEL_WRAPPINGS, wrapping->name);
		k->wrappings[k->n_wrappings++] = wrapping->name;
		r = wrapping->unwrap(k, err);
		if (r < 0)
			return r;
	}
	*ret = reader;
	return 0;
}

static int unwrap_and_open(struct kd_kernel *k, const char *kind, struct kd_error *err)
{
	const struct kd_kernel_reader *reader = NULL;
	int r;

	r = unwrap(k, &reader, err);
	if (r < 0)
		return r;
	if (kind && strcmp(kind, format_names[reader->format]) != 0)
		return kd_fail_msg(err, -ENOEXEC, "its kind is %s, not %s as asked for",
				   format_names[reader->format], kind);
	k->format = reader->format;
	return reader->open(k, err);
}

static int open_kernel(const struct kd_file_view *view, const char *kind, bool look,
		       struct kd_kernel *ret, struct kd_error *err)
{
	_cleanup_(kd_kernel_done) struct kd_kernel k = { 0 };
	int r;

	r = check_kind(kind, err);
	if (r < 0)
		return r;
	r = read_file(&k, view, look, err);
	if (r < 0)
		return r;
	r = unwrap_and_open(&k, kind, err);
	if (r < 0) {
		for (size_t i = k.n_wrappings; i > 0; i--)
			(void)kd_fail(err, r, "%s", k.wrappings[i - 1]);
		return r;
	}
	*ret = k;
	memset(k.memory, 0, sizeof(k.memory)); /* the caller's now */
	return 0;
}

int kd_kernel_open(const struct kd_file_view *view, const char *kind,
		   struct kd_kernel *ret, struct kd_error *err)
{
	return open_kernel(view, kind, /* look= */ false, ret, err);
}

int kd_kernel_look(const struct kd_file_view *view, const char *kind,
		   struct kd_kernel *ret, struct kd_error *err)
{
	return open_kernel(view, kind, /* look= */ true, ret, err);
}
