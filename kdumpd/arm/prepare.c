/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building or reusing the capture image: see prepare.h. "<image>.key" beside it holds
 * the rebuild key and the image's own digest, which must fit for it to be used again, and
 * what it is when unpacked. Trusts no file's content without its digest. Called by the
 * arm path.
 */
#include "kdumpd/arm/prepare.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"
#include "kdumpd/arm/state.h"
#include "makedumpfile/layout/layout-file.h"
#include "makedumpfile/layout/running.h"

#define PLAN_IN_IMAGE	"/kdump/plan"
#define LAYOUT_IN_IMAGE "/kdump/layout"
#define WARNINGS_MAX	16384
#define KEY_LINE	(2 * KD_DIGEST_HEX + 48) /* two digests, two numbers */

static int new_path(const char *image, char *ret, size_t size)
{
	int n = snprintf(ret, size, "%s.new", image + 1);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

static int key_path(const struct kd_prepared *p, char *ret, size_t size)
{
	int n = snprintf(ret, size, "%s.key", p->path + 1);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* Open it for reading and take its size and digest. */
static int open_image(int root_fd, const char *path, struct kd_prepared *p)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct stat st;
	int r;

	fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	r = kd_digest_fd(fd, p->sha256);
	if (r < 0)
		return r;
	p->bytes = (uint64_t)st.st_size;
	p->fd = TAKE_FD(fd);
	return 0;
}

/* "archive modules", in bytes */
static bool read_sizes(char *text, struct kd_image_stats *ret)
{
	const char *archive = strsep(&text, " ");

	return archive && text && kd_parse_u64(archive, &ret->archive_bytes) >= 0 &&
	       kd_parse_u64(text, &ret->module_bytes) >= 0;
}

/* Whether the image on disk is whole and was built from the same inputs, or at least is
 * asked to be kept. */
static bool reuse(int root_fd, const struct kd_inputs *in, struct kd_prepared *p,
		  struct kd_strbuf *warnings)
{
	char path[KD_INPUT_PATH + 8], line[KEY_LINE], *rest = line;
	const char *sha256;
	bool same;

	if (key_path(p, path, sizeof(path)) < 0 ||
	    kd_read_line_at(root_fd, path, line, sizeof(line), NULL) < 0)
		return false;
	same = strcmp(strsep(&rest, " "), in->key) == 0;
	sha256 = strsep(&rest, " ");
	if ((!same && !in->settings.config.force_no_rebuild) || !sha256 ||
	    !read_sizes(rest, &p->sizes) || open_image(root_fd, p->path + 1, p) < 0)
		return false;
	p->sizes.image_bytes = p->bytes;
	if (strcmp(sha256, p->sha256) != 0) {
		p->fd = kd_close(p->fd);
		return false;
	}
	if (!same)
		kd_strbuf_addf(warnings,
			       "force_no_rebuild: %s was built from other settings than "
			       "there are now, and is armed as it is; `kdumpctl "
			       "rebuild` builds it anew\n",
			       p->path);
	return true;
}

/* The running kernel's layout as text; an empty buffer when nothing is known: the
 * capture side then lives on vmcoreinfo alone. */
static int encode_layout(int root_fd, struct kd_strbuf *out, struct kd_strbuf *warnings)
{
	struct kd_remarks remarks = { 0 };
	struct kd_error err = { 0 };
	struct kd_layout layout;
	int r;

	r = kd_running_layout(root_fd, &layout, &remarks, &err);
	if (r >= 0)
		r = kd_layout_encode(&layout, out, &err);
	for (size_t i = 0; i < MIN(remarks.n, (size_t)KD_REMARKS); i++)
		kd_strbuf_addf(warnings, "layout: %s\n", remarks.texts[i]);
	if (r < 0)
		kd_strbuf_addf(warnings,
			       "no structure layouts in the image, fewer pages will be "
			       "left out: %s\n",
			       err.message);
	return r;
}

/* ssh refuses to run for a user without a name, and what is looked up must not depend on
 * the host's way of looking. The key itself is no part of the image: see front.h. */
static void add_login(const struct kd_inputs *in, struct kd_image_blob *blobs, size_t *n)
{
	static const char users[] = "root:x:0:0:root:/:/bin/false\n";
	static const char switches[] = "passwd: files\nhosts: files\n";

	blobs[(*n)++] = (struct kd_image_blob) { KD_SSH_PINS_IN_IMAGE,
						 kd_strbuf_text(&in->ssh.pins),
						 in->ssh.pins.length, 0600 };
	blobs[(*n)++] = (struct kd_image_blob) { "/etc/passwd", users, sizeof(users) - 1,
						 0644 };
	blobs[(*n)++] = (struct kd_image_blob) { "/etc/nsswitch.conf", switches,
						 sizeof(switches) - 1, 0644 };
}

static int build_into(int root_fd, const struct kd_inputs *in, int fd,
		      struct kd_prepared *p, struct kd_strbuf *warnings,
		      struct kd_error *err)
{
	struct kd_image_stats *stats = &p->sizes;
	_cleanup_(kd_strbuf_done) struct kd_strbuf plan, layout;
	struct kd_image_blob blobs[5];
	const char *binaries[] = { KD_SSH_PATH, NULL };
	struct kd_image_request request = {
		.root_fd = root_fd,
		.release = in->kernel_release,
		.init = in->init,
		.modules = (const char *const *)in->drivers.required.items,
		.optional_modules = (const char *const *)in->drivers.optional.items,
		.omit_modules = in->settings.config.omit_modules,
		.binaries = (const char *const *)in->programs.items,
		.blobs = blobs,
		.n_blobs = 1,
		.compression = kd_image_compression_for(root_fd, in->kernel_release),
	};
	int r;

	kd_strbuf_init(&plan, KD_PLAN_MAX_SIZE);
	kd_strbuf_init(&layout, KD_LAYOUT_MAX_FILE);
	r = kd_plan_encode(&in->plan, &plan, err);
	if (r < 0)
		return r;
	blobs[0] = (struct kd_image_blob) { PLAN_IN_IMAGE, kd_strbuf_text(&plan),
					    plan.length, 0600 };
	p->layout = encode_layout(root_fd, &layout, warnings) >= 0;
	if (p->layout)
		blobs[request.n_blobs++] = (struct kd_image_blob) {
			LAYOUT_IN_IMAGE, kd_strbuf_text(&layout), layout.length, 0600
		};
	if (in->ssh.key[0]) {
		request.binaries = binaries;
		add_login(in, blobs, &request.n_blobs);
	}
	r = kd_image_build(&request, fd, stats, err);
	if (r >= 0 && stats->n_firmware_missing)
		kd_strbuf_addf(warnings, "firmware not there, %u in all: %s\n",
			       stats->n_firmware_missing, stats->firmware_missing);
	return r;
}

int kd_prepare_into(int root_fd, const struct kd_inputs *in, int fd,
		    struct kd_image_stats *ret, struct kd_strbuf *warnings,
		    struct kd_error *err)
{
	struct kd_prepared p = { .fd = -EBADF };
	int r = build_into(root_fd, in, fd, &p, warnings, err);

	if (r >= 0)
		*ret = p.sizes;
	return r;
}

static int build(int root_fd, const struct kd_inputs *in, struct kd_prepared *p,
		 struct kd_strbuf *warnings, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[KD_INPUT_PATH + 8];
	int r;

	r = new_path(p->path, path, sizeof(path));
	if (r < 0)
		return r;
	if (unlinkat(root_fd, path, 0) < 0 && errno != ENOENT)
		return kd_fail(err, -errno, "/%s", path);
	fd = openat(root_fd, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return kd_fail(err, -errno, "/%s", path);
	p->built = true;
	r = build_into(root_fd, in, fd, p, warnings, err);
	if (r < 0)
		return kd_fail(err, r, "capture image");
	if (fsync(fd) < 0)
		return kd_fail(err, -errno, "/%s", path);
	/* The kernel refuses a file that somebody has open for writing. */
	fd = kd_close(fd);
	r = open_image(root_fd, path, p);
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

/* Where images are kept; in memory when the disk takes none, which is no time to be without
 * one: a full disk is trouble by itself. */
static const struct {
	const char *path;
	mode_t mode;
} folders[] = {
	{ KD_LIB_DIR, 0700 },
	{ KD_STATE_DIR, 0755 },
};

static int choose_folder(struct kd_prepared *p, const char *folder, const char *release,
			 struct kd_error *err)
{
	int n = snprintf(p->path, sizeof(p->path), "/%s/image-%s.img", folder, release);

	return n < 0 || (size_t)n >= sizeof(p->path)
		       ? kd_fail(err, -ENAMETOOLONG, "capture image")
		       : 0;
}

static bool is_full(int r)
{
	return r == -ENOSPC || r == -EDQUOT || r == -EROFS;
}

static int build_somewhere(int root_fd, const struct kd_inputs *in, struct kd_prepared *p,
			   struct kd_strbuf *warnings, struct kd_error *err)
{
	struct kd_error here = { 0 };
	int r = -ENOSPC;

	for (size_t i = 0; i < ARRAY_SIZE(folders) && is_full(r); i++) {
		/* what a build lacks is told of the one that stays */
		_cleanup_(kd_strbuf_done) struct kd_strbuf lacks;

		kd_strbuf_init(&lacks, WARNINGS_MAX);
		if (i > 0)
			kd_strbuf_addf(warnings,
				       "%s: the image is kept in /%s, in memory\n",
				       here.message, folders[i].path);
		kd_error_reset(&here);
		r = choose_folder(p, folders[i].path, in->kernel_release, &here);
		if (r < 0)
			break;
		r = kd_mkdir_p_at(root_fd, folders[i].path, folders[i].mode, &here);
		if (r >= 0)
			r = build(root_fd, in, p, &lacks, &here);
		if (r < 0) {
			kd_prepare_discard(root_fd, p);
			kd_prepared_done(p);
		} else {
			kd_strbuf_adds(warnings, kd_strbuf_text(&lacks));
		}
	}
	return r < 0 ? kd_fail_msg(err, r, "%s", here.message) : 0;
}

int kd_prepare(int root_fd, const struct kd_inputs *in, bool force,
	       struct kd_prepared *ret, struct kd_strbuf *warnings, struct kd_error *err)
{
	struct kd_prepared p = { .fd = -EBADF };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(folders) && !force; i++) {
		r = choose_folder(&p, folders[i].path, in->kernel_release, err);
		if (r < 0)
			return r;
		if (reuse(root_fd, in, &p, warnings)) {
			*ret = p;
			return 0;
		}
	}
	r = build_somewhere(root_fd, in, &p, warnings, err);
	if (r < 0)
		return r;
	*ret = p;
	return 0;
}

/* What was kept in memory goes when the disk takes images again. */
static void forget_elsewhere(int root_fd, const struct kd_inputs *in, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		struct kd_prepared old = { .fd = -EBADF };
		char key[KD_INPUT_PATH + 8];

		if (choose_folder(&old, folders[i].path, in->kernel_release, NULL) < 0 ||
		    strcmp(old.path, path) == 0 || key_path(&old, key, sizeof(key)) < 0)
			continue;
		(void)unlinkat(root_fd, old.path + 1, 0);
		(void)unlinkat(root_fd, key, 0);
	}
}

int kd_prepare_commit(int root_fd, const struct kd_inputs *in,
		      const struct kd_prepared *p, struct kd_error *err)
{
	char from[KD_INPUT_PATH + 8], key[KD_INPUT_PATH + 8], line[KEY_LINE];
	int n, r;

	if (!p->built) {
		kd_prepare_discard(root_fd, p);
		return 0;
	}
	r = new_path(p->path, from, sizeof(from));
	if (r >= 0)
		r = key_path(p, key, sizeof(key));
	if (r < 0)
		return kd_fail(err, r, "%s", p->path);
	if (renameat(root_fd, from, root_fd, p->path + 1) < 0)
		return kd_fail(err, -errno, "%s", p->path);
	forget_elsewhere(root_fd, in, p->path);
	n = snprintf(line, sizeof(line), "%s %s %" PRIu64 " %" PRIu64 "\n", in->key,
		     p->sha256, p->sizes.archive_bytes, p->sizes.module_bytes);
	return kd_replace_file_at(root_fd, key, line, (size_t)n, 0600, err);
}

void kd_prepare_discard(int root_fd, const struct kd_prepared *p)
{
	char path[KD_INPUT_PATH + 8];

	if (new_path(p->path, path, sizeof(path)) >= 0)
		(void)unlinkat(root_fd, path, 0);
}

void kd_prepare_finish(int root_fd, const char *image, const char *sha256)
{
	_cleanup_(kd_prepared_done) struct kd_prepared p = { .fd = -EBADF };
	char path[KD_INPUT_PATH + 8];

	if (image[0] == '/' && new_path(image, path, sizeof(path)) >= 0 &&
	    open_image(root_fd, path, &p) >= 0 && strcmp(p.sha256, sha256) == 0)
		(void)renameat(root_fd, path, root_fd, image + 1);
}

void kd_prepared_done(struct kd_prepared *p)
{
	p->fd = kd_close(p->fd);
}
