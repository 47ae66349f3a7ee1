/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs in a test's machine: arms it with a plan that may be spoiled on the way.
 *
 *     load-plan [--console] [--flip ROLE:OFFSET] KERNEL INITRD CMDLINE
 *     load-plan --list KERNEL INITRD CMDLINE
 *
 * --flip changes a bit of the byte at OFFSET of a segment, "end" for the last byte of its
 * memory, after the digest was taken. --list prints roles and sizes of what is summed and
 * loads nothing. Nothing is validated: what is loaded is wrong on purpose.
 */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "base/file-view.h"
#include "base/parse.h"
#include "kexec/backend/linux-calls.h"
#include "kexec/plan/plan.h"

/* @flip: ROLE:OFFSET, NULL for none */
struct arguments {
	bool list;
	bool console;
	const char *flip;
	const char *kernel;
	const char *initrd;
	const char *cmdline;
};

static int fail(const char *what, int code, const struct kd_error *err)
{
	(void)fprintf(stderr, "load-plan: %s: %s\n", what,
		      err && err->message[0] ? err->message : strerror(-code));
	return 1;
}

static int parse_arguments(int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "console", no_argument, NULL, 'c' },
		{ "flip", required_argument, NULL, 'f' },
		{ 0 },
	};
	struct arguments a = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (c == 'l')
			a.list = true;
		else if (c == 'c')
			a.console = true;
		else if (c == 'f')
			a.flip = optarg;
		else
			return -EINVAL;
	}
	if (argc - optind != 3)
		return -EINVAL;
	a.kernel = argv[optind];
	a.initrd = argv[optind + 1];
	a.cmdline = argv[optind + 2];
	*ret = a;
	return 0;
}

static int read_initrd(const char *path, struct kd_bytes *ret)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	_cleanup_(kd_freep) uint8_t *data = NULL;
	int r;

	r = kd_file_view_open_at(AT_FDCWD, path, &view, NULL);
	if (r < 0)
		return r;
	data = malloc(view->size);
	if (!data)
		return -ENOMEM;
	r = kd_file_view_read_all(view, data, view->size, 0);
	if (r < 0)
		return r;
	ret->size = view->size;
	ret->data = TAKE_PTR(data);
	return 0;
}

/* What the kexec program does, from files to a plan. All of it lives until the end. */
static int make_plan(const struct arguments *a, struct kd_kexec_plan *ret,
		     struct kd_error *err)
{
	static struct kd_file_view *view;
	static struct kd_kernel kernel;
	static struct kd_kexec_options options;
	static struct kd_kexec_host host;
	_cleanup_(kd_closep) int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	options = (struct kd_kexec_options) {
		.purpose = KD_KEXEC_CRASH,
		.cmdline = a->cmdline,
		.mem_max = UINT64_MAX,
		.console = a->console ? 0x3f8 : 0,
	};
	r = read_initrd(a->initrd, &options.initrd);
	if (r >= 0)
		r = kd_file_view_open_at(AT_FDCWD, a->kernel, &view, err);
	if (r >= 0)
		r = kd_kernel_open(view, NULL, &kernel, err);
	if (r >= 0)
		r = kd_kexec_host_read(root_fd, kd_arch_native(), &host, err);
	return r < 0 ? r : kd_kexec_plan_build(&host, &kernel, &options, ret, err);
}

static void list(const struct kd_kexec_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		if (s->hashed)
			(void)printf("%s %" PRIu64 " %" PRIu64 "\n",
				     kd_segment_role_name(s->role), s->bufsz, s->memsz);
	}
}

/* A copy of the segment takes its place, up to the byte that is wrong at least. */
static int flip_byte(struct kd_kexec_segment *s, uint64_t offset)
{
	uint64_t size = MAX(s->bufsz, offset + 1);
	uint8_t *copy;

	if (offset >= s->memsz)
		return -ERANGE;
	copy = calloc(1, size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, s->buf, s->bufsz);
	copy[offset] ^= 0x10;
	s->buf = copy;
	s->bufsz = size;
	return 0;
}

static int flip(struct kd_kexec_plan *plan, const char *what)
{
	const char *colon = strchr(what, ':');
	uint64_t offset = 0;

	if (!colon ||
	    (strcmp(colon, ":end") != 0 && kd_parse_u64(colon + 1, &offset) < 0))
		return -EINVAL;
	for (size_t i = 0; i < plan->n; i++) {
		struct kd_kexec_segment *s = &plan->segments[i];
		const char *role = kd_segment_role_name(s->role);

		if (strlen(role) != (size_t)(colon - what) ||
		    strncmp(role, what, strlen(role)) != 0)
			continue;
		return flip_byte(s, strcmp(colon, ":end") == 0 ? s->memsz - 1 : offset);
	}
	return -ENOENT;
}

static int load(const struct kd_kexec_plan *plan)
{
	struct kd_linux_segment segments[KD_KEXEC_SEGMENTS];
	struct kd_linux kernel = kd_linux_real();

	for (size_t i = 0; i < plan->n; i++) {
		const struct kd_kexec_segment *s = &plan->segments[i];

		segments[i] = (struct kd_linux_segment) { s->buf, s->bufsz, s->mem,
							  s->memsz };
	}
	return kernel.calls->load(kernel.context, plan->entry, plan->n, segments,
				  KD_KEXEC_ON_CRASH);
}

int main(int argc, char **argv)
{
	struct kd_error err = { 0 };
	struct kd_kexec_plan plan;
	struct arguments a;
	int r;

	r = parse_arguments(argc, argv, &a);
	if (r < 0)
		return fail("arguments", r, NULL);
	r = make_plan(&a, &plan, &err);
	if (r < 0)
		return fail("plan", r, &err);
	if (a.list) {
		list(&plan);
		return 0;
	}
	r = a.flip ? flip(&plan, a.flip) : 0;
	if (r < 0)
		return fail(a.flip, r, NULL);
	r = load(&plan);
	return r < 0 ? fail("kexec_load", r, NULL) : 0;
}
