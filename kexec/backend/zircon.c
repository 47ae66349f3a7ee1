/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Zircon backend: see zircon.h. All that can be refused is refused by load, since
 * what the kernel finds wrong after the first steps of a jump is a panic. Trusts nothing
 * in the images nor in the items the kernel gives. Called through backend.h.
 */
#include "kexec/backend/zircon.h"

#include <string.h>

#include "kexec/image/zbi.h"
#include "kexec/lower/blob.h"

#define MEXEC "zx_system_mexec"

/* @kernel, @data: the two images under construction */
struct images {
	struct kd_zbi_writer kernel;
	struct kd_zbi_writer data;
};

static int images_init(struct images *i)
{
	int r;

	*i = (struct images) { 0 };
	r = kd_zbi_writer_init(&i->kernel);
	return r < 0 ? r : kd_zbi_writer_init(&i->data);
}

static void images_done(struct images *i)
{
	kd_zbi_writer_done(&i->kernel);
	kd_zbi_writer_done(&i->data);
}

/* A bootable image may be complete: its kernel goes one way, its other items the other. */
static int split(struct images *ret, struct kd_bytes image, struct kd_error *err)
{
	struct kd_zbi_kernel kernel;
	struct kd_zbi_item item;
	struct kd_zbi zbi;
	int r;

	r = kd_zbi_bootable(image, &kernel, err);
	if (r >= 0)
		r = kd_zbi_open(image, &zbi, err);
	if (r >= 0)
		r = kd_zbi_next(&zbi, &item, err);
	if (r < 0)
		return r;
	r = kd_zbi_append(&ret->kernel, &item);
	if (r < 0)
		return kd_fail(err, r, "kernel ZBI");
	return kd_zbi_append_all(&ret->data, image, 1, err);
}

static int read_whole(int fd, const char *what, struct kd_bytes *ret,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) uint8_t *data = NULL;
	struct kd_file_view view;
	int r;

	r = kd_file_view_init(&view, fd);
	if (r < 0)
		return kd_fail(err, r, "%s", what);
	if (view.size > KD_KERNEL_MAX)
		return kd_fail(err, -EFBIG, "%s", what);
	data = malloc(view.size ? view.size : 1);
	if (!data)
		return kd_fail(err, -ENOMEM, "%s", what);
	r = kd_file_view_read_all(&view, data, view.size, 0);
	if (r < 0)
		return kd_fail(err, r, "%s", what);
	*ret = (struct kd_bytes) { TAKE_PTR(data), view.size };
	return 0;
}

static int append_cmdline(struct images *ret, const char *cmdline, struct kd_error *err)
{
	struct kd_zbi_item item = { .type = KD_ZBI_CMDLINE };
	int r;

	if (!cmdline || !*cmdline)
		return 0;
	item.data = (struct kd_bytes) { (const uint8_t *)cmdline, strlen(cmdline) + 1 };
	r = kd_zbi_append(&ret->data, &item);
	return r < 0 ? kd_fail(err, r, "data ZBI") : 0;
}

static int of_files(struct images *ret, const struct kd_kexec_files *files,
		    struct kd_error *err)
{
	struct kd_bytes image = { 0 };
	int r;

	r = read_whole(files->kernel_fd, files->kernel_path, &image, err);
	if (r >= 0) {
		r = split(ret, image, err);
		if (r < 0)
			(void)kd_fail(err, r, "%s", files->kernel_path);
		free((void *)image.data);
	}
	if (r >= 0 && files->initrd_fd >= 0) {
		r = read_whole(files->initrd_fd, "data ZBI", &image, err);
		if (r >= 0) {
			r = kd_zbi_append_all(&ret->data, image, 0, err);
			free((void *)image.data);
		}
	}
	return r < 0 ? r : append_cmdline(ret, files->cmdline, err);
}

static int of_plan(struct images *ret, const struct kd_kexec_plan *plan,
		   const struct kd_ranges *ram, struct kd_error *err)
{
	struct kd_blob blob;
	int r;

	if (!ram)
		return kd_fail_msg(err, -ENOTSUP,
				   "a kernel other than Zircon needs to know the "
				   "machine's memory");
	r = kd_blob_lower(plan, ram, &blob, err);
	if (r < 0)
		return r;
	r = kd_zbi_append_all(&ret->kernel,
			      (struct kd_bytes) { blob.kernel, blob.kernel_size }, 0,
			      err);
	if (r >= 0)
		r = kd_zbi_append_all(&ret->data,
				      (struct kd_bytes) { blob.data, blob.data_size }, 0,
				      err);
	kd_blob_done(&blob);
	return r;
}

/* What the loader of a Zircon kernel owes it: the machine, and randomness. */
static int append_handed_on(struct kd_zircon_backend *b, struct images *ret,
			    struct kd_bytes payload, struct kd_error *err)
{
	uint8_t entropy[KD_ZX_ENTROPY];
	struct kd_zbi_item item = {
		.type = KD_ZBI_SECURE_ENTROPY,
		.data = { entropy, sizeof(entropy) },
	};
	int r;

	r = kd_zbi_append_all(&ret->data, payload, 0, err);
	if (r < 0)
		return kd_fail(err, r, "zx_system_mexec_payload_get");
	b->system.calls->random(b->system.context, entropy, sizeof(entropy));
	r = kd_zbi_append(&ret->data, &item);
	return r < 0 ? kd_fail(err, r, "data ZBI") : 0;
}

static int check_rules(enum kd_arch arch, const struct images *images,
		       struct kd_error *err)
{
	struct kd_bytes kernel = kd_zbi_written(&images->kernel);
	struct kd_bytes data = kd_zbi_written(&images->data);
	struct kd_kexec_segment segments[] = {
		{ .buf = kernel.data, .bufsz = kernel.size, .memsz = kernel.size },
		{ .buf = data.data, .bufsz = data.size, .memsz = data.size },
	};
	struct kd_kexec_host host = { .arch = arch, .page_size = KD_ZX_PAGE };
	struct kd_kexec_call call = {
		.system = KD_KEXEC_ZIRCON,
		.segments = segments,
		.n = ARRAY_SIZE(segments),
	};
	struct kd_violations found;

	return kd_kexec_validate(&call, &host, NULL, &found) > 0
		       ? kd_violations_fail(&found, err)
		       : 0;
}

static int make_vmo(const struct kd_zircon *system, struct kd_bytes image,
		    kd_zx_handle_t *ret, struct kd_error *err)
{
	kd_zx_handle_t vmo;
	kd_zx_status_t status;

	status = system->calls->vmo_create(system->context, image.size, &vmo);
	if (status != KD_ZX_OK)
		return kd_zircon_fail(err, status, "zx_vmo_create");
	status = system->calls->vmo_write(system->context, vmo, image.data, image.size);
	if (status != KD_ZX_OK) {
		system->calls->close(system->context, vmo);
		return kd_zircon_fail(err, status, "zx_vmo_write");
	}
	*ret = vmo;
	return 0;
}

static void drop(struct kd_zircon_backend *b)
{
	b->system.calls->close(b->system.context, b->kernel);
	b->system.calls->close(b->system.context, b->data);
	b->kernel = b->data = KD_ZX_HANDLE_INVALID;
}

static int make_vmos(struct kd_zircon_backend *b, const struct images *images,
		     struct kd_error *err)
{
	kd_zx_handle_t kernel, data;
	int r;

	r = make_vmo(&b->system, kd_zbi_written(&images->kernel), &kernel, err);
	if (r < 0)
		return r;
	r = make_vmo(&b->system, kd_zbi_written(&images->data), &data, err);
	if (r < 0) {
		b->system.calls->close(b->system.context, kernel);
		return r;
	}
	drop(b);
	b->kernel = kernel;
	b->data = data;
	return 0;
}

static int load(void *context, const struct kd_kexec_load *what, struct kd_error *err)
{
	_cleanup_(images_done) struct images images = { 0 };
	_cleanup_(kd_freep) uint8_t *payload = NULL;
	struct kd_zircon_backend *b = context;
	int r;

	if (what->purpose == KD_KEXEC_CRASH)
		return kd_fail_msg(err, -ENOTSUP,
				   "Zircon starts no kernel when it panics: it keeps a "
				   "crashlog across the restart, kexec is a fast reboot");
	payload = calloc(1, KD_ZX_PAYLOAD_MAX);
	r = payload ? images_init(&images) : -ENOMEM;
	if (r < 0)
		return kd_fail(err, r, "boot images");
	r = kd_zircon_payload(b, payload, err);
	if (r >= 0)
		r = what->plan ? of_plan(&images, what->plan, b->ram, err)
			       : of_files(&images, what->files, err);
	if (r >= 0)
		r = append_handed_on(b, &images,
				     (struct kd_bytes) { payload, KD_ZX_PAYLOAD_MAX },
				     err);
	if (r >= 0)
		r = check_rules(b->arch, &images, err);
	return r < 0 ? r : make_vmos(b, &images, err);
}

static int unload(void *context, enum kd_kexec_purpose purpose, struct kd_error *err)
{
	(void)purpose;
	(void)err;
	drop(context);
	return 0;
}

static int loaded(void *context, enum kd_kexec_purpose purpose)
{
	const struct kd_zircon_backend *b = context;

	return purpose == KD_KEXEC_REBOOT && b->kernel != KD_ZX_HANDLE_INVALID;
}

static int execute(void *context, struct kd_error *err)
{
	const struct kd_zircon_backend *b = context;

	if (b->kernel == KD_ZX_HANDLE_INVALID)
		return kd_fail_msg(err, -ENOENT,
				   "nothing is loaded: on Zircon loading and jumping are "
				   "one program's");
	return kd_zircon_fail(err,
			      b->system.calls->mexec(b->system.context, b->resource,
						     b->kernel, b->data),
			      MEXEC);
}

struct kd_kexec_backend kd_zircon_backend(struct kd_zircon_backend *b)
{
	static const struct kd_kexec_backend_ops ops = {
		.name = "zircon",
		.system = KD_KEXEC_ZIRCON,
		.can = KD_KEXEC_CAN_UNLOAD | KD_KEXEC_CAN_QUERY | KD_KEXEC_CAN_FILES |
		       KD_KEXEC_KEEPS_OLD,
		.load = load,
		.unload = unload,
		.loaded = loaded,
		.execute = execute,
	};

	return (struct kd_kexec_backend) { .ops = &ops, .context = b };
}

void kd_zircon_backend_done(struct kd_zircon_backend *b)
{
	drop(b);
	b->system.calls->close(b->system.context, b->resource);
	b->resource = KD_ZX_HANDLE_INVALID;
}
