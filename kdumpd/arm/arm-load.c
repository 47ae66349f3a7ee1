/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading what was armed: see arm-load.h. The last good image is made ready before the
 * new one is tried, so that nothing but the call itself stands between a refusal and an
 * armed machine. Called by arm.c.
 */
#include "kdumpd/arm/arm-load.h"

#include <fcntl.h>
#include <string.h>

#include "capture-kernel/image/root.h"
#include "kdumpd/arm/front.h"
#include "kdumpd/arm/volume-keys.h"
#include "kexec/backend/linux.h"

/* The key cannot be done without; vmcoreinfo can. @fd: set to the image with both, if that
 * is what is to be loaded */
static int put_in_front(int root_fd, const char *key, int *fd,
			struct kd_kexec_files *files, struct kd_error *err)
{
	*fd = kd_front_image(root_fd, files->initrd_fd, key, key[0] ? err : NULL);
	if (*fd >= 0)
		files->initrd_fd = *fd;
	return *fd < 0 && key[0] ? *fd : 0;
}

int kd_arm_load_init(struct kd_arm_load *ret, const struct kd_arm_request *request,
		     const struct kd_inputs *in, int initrd_fd, struct kd_strbuf *remarks,
		     struct kd_error *err)
{
	struct kd_kexec_files files = { .kernel_path = in->kernel_path,
					.kernel_fd = in->kernel_fd,
					.initrd_fd = initrd_fd,
					.cmdline = in->cmdline };
	enum kd_load_way way = kd_load_way_from_args(in->settings.sysconfig.kexec_args);
	struct kd_error why_not = { 0 };
	int r;

	*ret = (struct kd_arm_load) { .request = request, .in = in, .front_fd = -EBADF };
	r = kd_volume_keys_register(request->root_fd, &in->stack, err);
	if (r < 0)
		return r;
	if (in->stack.n_keys > 0)
		way = KD_LOAD_FILES; /* the kernel takes keys along in no other */
	r = put_in_front(request->root_fd, in->ssh.key, &ret->front_fd, &files, err);
	if (r < 0)
		return r;
	if (way != KD_LOAD_FILES)
		ret->has_host = kd_kexec_host_read_with(
					request->root_fd, request->iomem_fd,
					kd_arch_native(), &ret->host, &why_not) >= 0;
	memcpy(ret->why_not, why_not.message, sizeof(ret->why_not));
	ret->machine = (struct kd_crash_machine) {
		.facts = &in->host.kexec,
		.host = ret->has_host ? &ret->host : NULL,
		.why_not = ret->why_not,
	};
	return kd_crash_load_init(&ret->image, &files, way, &ret->machine, remarks, err);
}

void kd_arm_load_done(struct kd_arm_load *load)
{
	kd_crash_load_done(&load->image);
	load->front_fd = kd_close(load->front_fd);
	if (load->has_host)
		kd_kexec_host_done(&load->host);
	load->has_host = false;
}

/** What is armed, as far as it can be loaded again: the same image, byte for byte. */
struct last_good {
	struct kd_kexec_files files;
	struct kd_crash_load image;
	bool valid;
};

static void last_good_done(struct last_good *l)
{
	kd_crash_load_done(&l->image);
	l->files.kernel_fd = kd_close(l->files.kernel_fd);
	l->files.initrd_fd = kd_close(l->files.initrd_fd);
}

static bool open_last_good(int root_fd, const struct kd_state *state,
			   struct kd_kexec_files *files)
{
	char sha256[KD_DIGEST_HEX];
	int image, front;

	files->kernel_path = state->kernel;
	files->cmdline = state->cmdline;
	files->kernel_fd = kd_root_open(root_fd, state->kernel, O_RDONLY);
	files->initrd_fd = kd_root_open(root_fd, state->image, O_RDONLY);
	if (files->kernel_fd < 0 || files->initrd_fd < 0 ||
	    kd_digest_fd(files->initrd_fd, sha256) < 0 ||
	    strcmp(sha256, state->image_sha256) != 0)
		return false;
	image = files->initrd_fd;
	if (put_in_front(root_fd, state->secret, &front, files, NULL) < 0)
		return false;
	if (front >= 0)
		(void)kd_close(image);
	return true;
}

static void find_last_good(const struct kd_arm_load *load, const struct kd_state *state,
			   struct last_good *ret)
{
	const struct kd_host *host = &load->in->host;
	_cleanup_(kd_strbuf_done) struct kd_strbuf remarks;

	kd_strbuf_init(&remarks, KD_ERROR_SIZE);
	*ret = (struct last_good) { .files = { .kernel_fd = -EBADF,
					       .initrd_fd = -EBADF } };
	if (!host->kexec.crash_loaded || strcmp(state->boot_id, host->boot_id) != 0)
		return;
	/* By whichever call can be made ready now: the one it was loaded by may be what
	 * has become impossible. */
	ret->valid = open_last_good(load->request->root_fd, state, &ret->files) &&
		     kd_crash_load_init(&ret->image, &ret->files,
					load->image.way == KD_LOAD_FILES ? KD_LOAD_FILES
									 : KD_LOAD_AUTO,
					&load->machine, &remarks, NULL) >= 0;
}

int kd_arm_load(struct kd_arm_load *load, const struct kd_state *old,
		enum kd_load_left *ret_left, struct kd_error *err)
{
	const struct kd_crash_machine *machine = &load->machine;
	struct kd_linux_backend backend = { .kernel = load->request->backend,
					    .facts = machine->facts,
					    .host = machine->host };
	const struct kd_load_place place = { .backend = kd_linux_backend(&backend),
					     .facts = machine->facts,
					     .host = machine->host };
	_cleanup_(last_good_done) struct last_good last;

	find_last_good(load, old, &last);
	return kd_kexec_load_guarded(&place, &load->image.load,
				     last.valid ? &last.image.load : NULL, ret_left, err);
}
