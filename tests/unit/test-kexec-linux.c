/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/backend/linux*, on the model of Linux: which flags it sets and what it pays for
 * knowing them, what it unwraps and when, what it never tries twice.
 */
#include <fcntl.h>

#include "kexec/backend/linux.h"
#include "kexec/load.h"
#include "tests/kexec/model-linux.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define CRASH_START 0x6f000000ull
#define MIB	    (1ull << 20)

static uint8_t page[4096];

/** @answer: negative: what file_load gives in the model's place; counted */
struct fixture {
	struct model_linux model;
	struct kd_linux model_calls;
	struct kd_linux_calls calls;
	struct kd_kexec_facts facts;
	struct kd_kexec_host host;
	struct kd_linux_backend b;
	struct kd_load_place place;
	struct kd_kexec_plan plan;
	int answer;
	unsigned int file_loads;
	unsigned long file_flags;
};

static int on_file_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
			size_t cmdline_len, unsigned long flags)
{
	struct fixture *f = context;

	f->file_loads++;
	f->file_flags = flags;
	if (f->answer < 0)
		return f->answer;
	return f->model_calls.calls->file_load(&f->model, kernel_fd, initrd_fd, cmdline,
					       cmdline_len, flags);
}

static int on_load(void *context, uint64_t entry, uint64_t n,
		   const struct kd_linux_segment *segments, uint64_t flags)
{
	struct fixture *f = context;

	return f->model_calls.calls->load(&f->model, entry, n, segments, flags);
}

static int on_loaded(void *context, enum kd_kexec_purpose purpose)
{
	struct fixture *f = context;

	return f->model_calls.calls->loaded(&f->model, purpose);
}

static int on_reboot(void *context)
{
	struct fixture *f = context;

	return f->model_calls.calls->reboot(&f->model);
}

static void on_pause(void *context, unsigned int ms)
{
	((struct fixture *)context)->model.paused_ms += ms;
}

/* After a change of the model: what the backend is told of the machine. */
static void look_again(struct fixture *f)
{
	f->facts = model_linux_facts(&f->model);
	f->b = (struct kd_linux_backend) { .kernel = { &f->calls, f },
					   .facts = &f->facts,
					   .host = &f->host };
}

static void setup(struct fixture *f, const char *features)
{
	*f = (struct fixture) { .model = model_linux_new() };
	f->model.features = features;
	f->model_calls = model_linux_calls(&f->model);
	f->calls = (struct kd_linux_calls) { .load = on_load,
					     .file_load = on_file_load,
					     .loaded = on_loaded,
					     .reboot = on_reboot,
					     .pause = on_pause };
	f->host = (struct kd_kexec_host) {
		.arch = KD_ARCH_X86_64,
		.page_size = 4096,
		.crash = { .start = CRASH_START, .end = CRASH_START + 256 * MIB },
		.elfcorehdr_size = table_has_word(features, "hotplug") ? 65536 : 0,
	};
	memcpy(page, "\177ELF", 4);
	f->plan = (struct kd_kexec_plan) {
		.purpose = KD_KEXEC_CRASH,
		.arch = KD_ARCH_X86_64,
		.entry = CRASH_START,
		.n = 1,
		.segments = { { .buf = page,
				.bufsz = sizeof(page),
				.mem = CRASH_START,
				.memsz = sizeof(page) } },
	};
	look_again(f);
	f->place = (struct kd_load_place) { kd_linux_backend(&f->b), &f->facts,
					    &f->host };
}

static int load_plan(struct fixture *f, enum kd_kexec_purpose purpose, bool preserve,
		     struct kd_error *err)
{
	const struct kd_kexec_load load = { .purpose = purpose,
					    .plan = &f->plan,
					    .preserve_context = preserve };
	enum kd_load_left left;

	f->plan.purpose = purpose;
	return kd_kexec_load_guarded(&f->place, &load, NULL, &left, err);
}

static uint64_t flags_of(struct fixture *f)
{
	const struct kd_kexec_load load = { .purpose = KD_KEXEC_CRASH, .plan = &f->plan };
	uint64_t flags = 0;

	look_again(f);
	if (kd_linux_flags(&f->b, &load, &flags, NULL) < 0)
		return 0;
	return flags & ~KD_KEXEC_ARCH_MASK;
}

/* The header is kept up to date where the kernel can, and finding out costs nothing. */
static void hotplug(struct test *t)
{
	struct fixture f;

	setup(&f, "hotplug limits");
	CHECK_INT(t, flags_of(&f), KD_KEXEC_ON_CRASH);
	f.plan.hotplug = true;
	CHECK_INT(t, flags_of(&f), KD_KEXEC_ON_CRASH | KD_KEXEC_CRASH_HOTPLUG_SUPPORT);
	CHECK_INT(t, f.model.calls, 1);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), 0);
	CHECK(t, f.model.images[KD_KEXEC_CRASH].hotplug);
	/* asked once */
	CHECK_INT(t, f.model.calls, 2);

	/* where asking costs a try, it is not asked; where it gets no answer, either */
	setup(&f, "hotplug limits");
	f.plan.hotplug = true;
	f.model.limits[KD_KEXEC_REBOOT] = 5;
	CHECK_INT(t, flags_of(&f), KD_KEXEC_ON_CRASH | KD_KEXEC_UPDATE_ELFCOREHDR);
	CHECK_INT(t, f.model.calls, 0);
	f.model.limits[KD_KEXEC_REBOOT] = -1;
	f.model.lockdown = KD_LOCKDOWN_INTEGRITY;
	CHECK_INT(t, flags_of(&f), KD_KEXEC_ON_CRASH | KD_KEXEC_UPDATE_ELFCOREHDR);
	CHECK_INT(t, f.model.calls, 0);

	setup(&f, "");
	f.plan.hotplug = true;
	CHECK_INT(t, flags_of(&f), KD_KEXEC_ON_CRASH);
	CHECK_INT(t, f.model.calls, 0);
}

/* Asking frees nothing: both images stay. */
static void asking(struct test *t)
{
	struct fixture f;

	setup(&f, "hotplug");
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), 0);
	f.model.images[KD_KEXEC_REBOOT].loaded = true;
	CHECK_INT(t, kd_linux_knows(&f.b, KD_KEXEC_CRASH_HOTPLUG_SUPPORT), 1);
	CHECK_INT(t, kd_linux_knows(&f.b, KD_KEXEC_PRESERVE_CONTEXT), 0);
	CHECK_INT(t, kd_linux_knows(&f.b, 0x10), 0);
	CHECK(t, f.model.images[0].loaded && f.model.images[1].loaded);
	f.model.limits[KD_KEXEC_REBOOT] = 1;
	look_again(&f);
	CHECK_INT(t, kd_linux_knows(&f.b, KD_KEXEC_PRESERVE_CONTEXT), -EAGAIN);
}

static void preserve_context(struct test *t)
{
	struct kd_error err = { 0 };
	struct fixture f;

	setup(&f, "");
	CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT, true, &err), -ENOTSUP);
	CHECK(t, strstr(err.message, "CONFIG_KEXEC_JUMP"));
	kd_error_reset(&err);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, true, &err), -EINVAL);
	CHECK(t, strstr(err.message, "crash kernel"));

	setup(&f, "jump");
	kd_ranges_init(&f.host.ram);
	CHECK_INT(t, kd_ranges_insert(&f.host.ram, MIB, 2048 * MIB, KD_RANGE_RAM), 0);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT, true, NULL), 0);
	CHECK(t, f.model.images[KD_KEXEC_REBOOT].loaded);
	kd_ranges_done(&f.host.ram);
}

static void busy(struct test *t)
{
	struct kd_error err = { 0 };
	struct fixture f;

	setup(&f, "");
	f.model.busy = 3;
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), 0);
	CHECK_INT(t, f.model.calls, 4);
	CHECK_INT(t, f.model.paused_ms, 50 + 100 + 200);
	f.model.busy = 100;
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, &err), -EBUSY);
	CHECK(t, strstr(err.message, "another process"));
	CHECK(t, f.model.images[KD_KEXEC_CRASH].loaded);
	CHECK(t, f.model.paused_ms < 10000);

	/* each of them costs one: one is left for loading the last good image again */
	setup(&f, "limits");
	f.model.limits[KD_KEXEC_CRASH] = 4;
	f.model.busy = 100;
	look_again(&f);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), -EBUSY);
	CHECK_INT(t, f.model.limits[KD_KEXEC_CRASH], 1);
}

/* By the call that works under lockdown; by the other one where that is not there. */
static void unloads(struct test *t)
{
	const struct kd_kexec_backend_ops *ops;
	struct fixture f;

	setup(&f, "");
	ops = f.place.backend.ops;
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), 0);
	f.model.lockdown = KD_LOCKDOWN_INTEGRITY;
	CHECK_INT(t, ops->unload(&f.b, KD_KEXEC_CRASH, NULL), 0);
	CHECK(t, !f.model.images[KD_KEXEC_CRASH].loaded);
	CHECK_INT(t, ops->unload(&f.b, KD_KEXEC_CRASH, NULL), 0);

	setup(&f, "");
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH, false, NULL), 0);
	f.answer = -ENOSYS;
	CHECK_INT(t, ops->unload(&f.b, KD_KEXEC_REBOOT, NULL), 0);
	CHECK(t, f.model.images[KD_KEXEC_CRASH].loaded);
	CHECK_INT(t, ops->unload(&f.b, KD_KEXEC_CRASH, NULL), 0);
	CHECK(t, !f.model.images[KD_KEXEC_CRASH].loaded);
}

static void executes(struct test *t)
{
	struct kd_error err = { 0 };
	struct fixture f;

	setup(&f, "");
	CHECK_INT(t, f.place.backend.ops->execute(&f.b, &err), -EINVAL);
	CHECK(t, strstr(err.message, "no image is loaded"));
}

/** A kernel, the same in gzip, an initrd. */
struct images {
	struct fake_root root;
	int plain, gzip, initrd;
};

static int open_in(const struct fake_root *root, const char *name)
{
	return openat(root->fd, name, O_RDONLY | O_CLOEXEC);
}

static void images_make(struct test *t, struct images *i)
{
	uint8_t kernel[FAKE_BZIMAGE_SIZE];

	fake_root_init(&i->root);
	fake_bzimage(kernel);
	fake_file(&i->root, "plain", kernel, sizeof(kernel));
	fake_text(&i->root, "initrd", "an initrd");
	CHECK_INT(t, fake_run("gzip -c %s/plain > %s/gzip", i->root.path, i->root.path),
		  0);
	i->plain = open_in(&i->root, "plain");
	i->gzip = open_in(&i->root, "gzip");
	i->initrd = open_in(&i->root, "initrd");
	CHECK(t, i->plain >= 0 && i->gzip >= 0 && i->initrd >= 0);
}

static void images_done(struct images *i)
{
	i->plain = kd_close(i->plain);
	i->gzip = kd_close(i->gzip);
	i->initrd = kd_close(i->initrd);
	fake_root_done(&i->root);
}

static int load_files(struct fixture *f, enum kd_kexec_purpose purpose, int kernel,
		      int initrd, struct kd_error *err)
{
	const struct kd_kexec_files files = { .kernel_path = "kernel",
					      .kernel_fd = kernel,
					      .initrd_fd = initrd,
					      .cmdline = "quiet" };
	const struct kd_kexec_load load = { .purpose = purpose, .files = &files };

	f->file_loads = 0;
	return f->place.backend.ops->load(&f->b, &load, err);
}

static void file_flags(struct test *t)
{
	_cleanup_(images_done) struct images i;
	struct fixture f;

	images_make(t, &i);
	setup(&f, "");
	CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.plain, i.initrd, NULL), 0);
	CHECK_INT(t, f.file_flags, 0);
	CHECK_INT(t, load_files(&f, KD_KEXEC_CRASH, i.plain, i.initrd, NULL), 0);
	CHECK_INT(t, f.file_flags, KD_KEXEC_FILE_ON_CRASH);
	CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.plain, -EBADF, NULL), 0);
	CHECK_INT(t, f.file_flags, KD_KEXEC_FILE_NO_INITRAMFS);
	CHECK(t, f.model.images[0].loaded && f.model.images[1].loaded);
}

/* The kernel has the first word where that is free; a crash load's first try is good. */
static void unwraps(struct test *t)
{
	_cleanup_(images_done) struct images i;
	struct fixture f;

	images_make(t, &i);
	setup(&f, "");
	CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.gzip, i.initrd, NULL), 0);
	CHECK_INT(t, f.file_loads, 2);
	CHECK_INT(t, load_files(&f, KD_KEXEC_CRASH, i.gzip, i.initrd, NULL), 0);
	CHECK_INT(t, f.file_loads, 1);
	CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.plain, i.initrd, NULL), 0);
	CHECK_INT(t, f.file_loads, 1);
	/* nothing in it that would be another try */
	CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.initrd, i.initrd, NULL), -ENOEXEC);
	CHECK_INT(t, f.file_loads, 1);
}

/* A refusal of permission or of a signature is the last word. */
static void final_refusals(struct test *t)
{
	static const int finals[] = { -EPERM,	-EACCES,  -ENOKEY, -EKEYREJECTED,
				      -ELIBBAD, -EBADMSG, -ENOPKG, -EMSGSIZE,
				      -ETXTBSY, -ENOMEM,  -ENOSYS };
	_cleanup_(images_done) struct images i;
	struct fixture f;

	images_make(t, &i);
	for (size_t k = 0; k < ARRAY_SIZE(finals); k++) {
		struct kd_error err = { 0 };

		setup(&f, "");
		f.answer = finals[k];
		CHECK_INT(t, load_files(&f, KD_KEXEC_REBOOT, i.gzip, i.initrd, &err),
			  finals[k]);
		CHECK_INT(t, f.file_loads, 1);
		CHECK(t, strstr(err.message, "load refused: "));
	}
	/* a signature lies on the wrapping: under lockdown it is not taken off first */
	setup(&f, "");
	f.facts.lockdown = KD_LOCKDOWN_INTEGRITY;
	f.answer = -EPERM;
	CHECK_INT(t, load_files(&f, KD_KEXEC_CRASH, i.gzip, i.initrd, NULL), -EPERM);
	CHECK_INT(t, f.file_loads, 1);
}

static const struct test_case cases[] = {
	{ "flags for a header that is kept up to date", hotplug },
	{ "asking for a flag frees nothing", asking },
	{ "coming back from a kernel", preserve_context },
	{ "EBUSY, of segments", busy },
	{ "unload", unloads },
	{ "execute", executes },
	{ "flags of files", file_flags },
	{ "kernels in a wrapping", unwraps },
	{ "what is never tried twice", final_refusals },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
