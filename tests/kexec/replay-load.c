/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs in the replay's machine: replay-load freebsd|zircon KERNEL INITRD CMDLINE [MIN].
 * Makes a plan as the kexec program does, hands it over the other system's way, and jumps.
 * Owes nothing to the Linux backend: the call is made here.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>

#include "base/file-view.h"
#include "base/parse.h"
#include "kexec/lower/blob.h"
#include "tests/kexec/replay.h"

/* include/uapi/linux/kexec.h */
struct kexec_segment {
	const void *buf;
	size_t bufsz;
	uint64_t mem;
	size_t memsz;
};

static int fail(const char *what, int code, const struct kd_error *err)
{
	(void)fprintf(stderr, "replay-load: %s: %d %s\n", what, code,
		      err ? err->message : "");
	return 1;
}

static int read_initrd(const char *path, struct kd_bytes *ret)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	uint8_t *data;
	int r;

	r = kd_file_view_open_at(AT_FDCWD, path, &view, NULL);
	if (r < 0)
		return r;
	data = malloc(view->size);
	if (!data)
		return -ENOMEM;
	r = kd_file_view_read_all(view, data, view->size, 0);
	if (r < 0) {
		free(data);
		return r;
	}
	*ret = (struct kd_bytes) { data, view->size };
	return 0;
}

static int jump(const struct replay_list *list)
{
	struct kexec_segment segments[KD_KEXEC_SEGMENTS];

	for (size_t i = 0; i < list->n; i++) {
		const struct kd_kexec_segment *s = &list->segments[i];

		segments[i] = (struct kexec_segment) { s->buf, s->bufsz, s->mem,
						       s->memsz };
		(void)printf("replay-load: %#" PRIx64 " %#" PRIx64 "\n", s->mem,
			     s->memsz);
	}
	if (syscall(SYS_kexec_load, list->entry, list->n, segments, 0ul) < 0)
		return -errno;
	(void)printf("replay-load: entry %#" PRIx64 "\n", list->entry);
	(void)fflush(stdout);
	(void)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		      LINUX_REBOOT_CMD_KEXEC, NULL);
	return -errno;
}

/* What Zircon is handed: blob and data ZBI; the stub stands for its mexec. */
static int as_zircon(const struct kd_kexec_host *host, const struct kd_kexec_plan *plan,
		     struct replay_stub *stub, struct kd_error *err)
{
	struct replay_list list = { 0 };
	struct kd_blob blob;
	int r;

	r = kd_blob_lower(plan, &host->ram, &blob, err);
	if (r < 0)
		return r;
	r = replay_as_zircon(host, stub,
			     (struct kd_bytes) { blob.kernel, blob.kernel_size },
			     (struct kd_bytes) { blob.data, blob.data_size }, &list);
	if (r >= 0)
		r = jump(&list);
	kd_blob_done(&blob);
	return r;
}

static int as_freebsd(const struct kd_kexec_host *host, const struct kd_kexec_plan *plan,
		      struct replay_stub *stub)
{
	struct replay_list list = { .n = plan->n, .entry = plan->entry };
	int r;

	memcpy(list.segments, plan->segments, sizeof(list.segments));
	r = replay_as_freebsd(host, stub, &list);
	return r < 0 ? r : jump(&list);
}

static int hand_over(const char *system, const struct kd_kexec_host *host,
		     const struct kd_kexec_plan *plan, struct kd_error *err)
{
	struct replay_stub stub = { .bytes = aligned_alloc(4096, REPLAY_SIZE) };

	if (!stub.bytes)
		return -ENOMEM;
	if (strcmp(system, "freebsd") == 0)
		return as_freebsd(host, plan, &stub);
	if (strcmp(system, "zircon") == 0)
		return as_zircon(host, plan, &stub, err);
	return -EINVAL;
}

int main(int argc, char **argv)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	struct kd_kexec_options options = { .mem_max = UINT64_MAX, .console = 0x3f8 };
	struct kd_error err = { 0 };
	struct kd_kexec_plan plan;
	struct kd_kexec_host host;
	struct kd_kernel kernel;
	int r;

	if (argc < 5)
		return fail("arguments", 0, NULL);
	options.cmdline = argv[4];
	if (argc > 5 && kd_parse_size(argv[5], &options.mem_min) < 0)
		return fail(argv[5], -EINVAL, NULL);
	r = read_initrd(argv[3], &options.initrd);
	if (r < 0)
		return fail(argv[3], r, NULL);
	r = kd_file_view_open_at(AT_FDCWD, argv[2], &view, &err);
	if (r >= 0)
		r = kd_kernel_open(view, NULL, &kernel, &err);
	if (r >= 0)
		r = kd_kexec_host_read(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
				       kd_arch_native(), &host, &err);
	if (r >= 0)
		r = kd_kexec_plan_build(&host, &kernel, &options, &plan, &err);
	if (r < 0)
		return fail("plan", r, &err);
	r = hand_over(argv[1], &host, &plan, &err);
	return fail("jump", r, &err);
}
