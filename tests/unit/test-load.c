/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/load: a recorder stands for the kernel, and like it frees the armed image
 * before it refuses the new one. Whatever is refused, the last good one ends armed.
 */
#include "kexec/load.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "kexec/backend/linux.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/test.h"

/** @answers: one per call, 0 once they are used up; @early: refused before freeing */
struct recorder {
	int answers[16];
	size_t n_answers, n_calls, n_pauses;
	unsigned long flags;
	bool early;
	const char *armed; /* command line of the armed image */
	unsigned int paused_ms;
};

static int record_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		       size_t cmdline_len, unsigned long flags)
{
	struct recorder *rec = context;
	int r = rec->n_calls < rec->n_answers ? rec->answers[rec->n_calls] : 0;

	(void)kernel_fd;
	(void)initrd_fd;
	rec->n_calls++;
	rec->flags = flags;
	if (r == -EBUSY || (r < 0 && rec->early))
		return r;
	rec->armed = NULL;
	if (r >= 0 && !(flags & KD_KEXEC_FILE_UNLOAD))
		rec->armed = cmdline_len == strlen(cmdline) + 1 ? cmdline : NULL;
	return r;
}

static int record_loaded(void *context, enum kd_kexec_purpose purpose)
{
	return purpose == KD_KEXEC_CRASH && ((struct recorder *)context)->armed != NULL;
}

static void record_pause(void *context, unsigned int ms)
{
	struct recorder *rec = context;

	rec->n_pauses++;
	rec->paused_ms += ms;
}

static const struct kd_linux_calls recorder_ops = {
	.file_load = record_load,
	.loaded = record_loaded,
	.pause = record_pause,
};

static const struct kd_kexec_facts healthy = {
	.supported = true,
	.crash_size = 16ull << 20,
	.limit_panic = -1,
	.limit_reboot = -1,
	.cap_sys_boot = true,
};

struct fixture {
	struct recorder rec;
	struct kd_linux_backend linux_backend;
	struct kd_kexec_files image, last_good;
};

static struct kd_load_place place_of(struct fixture *f,
				     const struct kd_kexec_facts *facts)
{
	f->linux_backend.facts = facts;
	return (struct kd_load_place) { .backend = kd_linux_backend(&f->linux_backend),
					.facts = facts };
}

static int guarded(struct fixture *f, const struct kd_kexec_facts *facts, bool last,
		   enum kd_load_left *ret_left, struct kd_error *err)
{
	const struct kd_load_place place = place_of(f, facts);
	const struct kd_kexec_load image = { .purpose = KD_KEXEC_CRASH,
					     .files = &f->image };
	const struct kd_kexec_load last_good = { .purpose = KD_KEXEC_CRASH,
						 .files = &f->last_good };

	return kd_kexec_load_guarded(&place, &image, last ? &last_good : NULL, ret_left,
				     err);
}

static int check(struct fixture *f, struct kd_error *err)
{
	const struct kd_load_place place = place_of(f, &healthy);
	const struct kd_kexec_load image = { .purpose = KD_KEXEC_CRASH,
					     .files = &f->image };

	kd_error_reset(err);
	return kd_kexec_load_check(&place, &image, err);
}

/* The same file opened once more: the kernel, and load.c, refuse one with a writer. */
static int reopen(struct test *t, int fd, int flags)
{
	char path[64];
	int again;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags | O_CLOEXEC);
	CHECK(t, again >= 0);
	return again;
}

static int memory_file(struct test *t, const void *data, size_t size)
{
	_cleanup_(kd_closep) int fd = memfd_create("test", MFD_CLOEXEC);

	CHECK(t, fd >= 0);
	CHECK_INT(t, write(fd, data, size), (ssize_t)size);
	return reopen(t, fd, O_RDONLY);
}

static void spoil(struct test *t, int fd, off_t size, off_t offset)
{
	_cleanup_(kd_closep) int writer = reopen(t, fd, O_RDWR);

	if (size >= 0)
		CHECK_INT(t, ftruncate(writer, size), 0);
	else
		CHECK_INT(t, pwrite(writer, "x", 1, offset), 1);
}

static void setup(struct test *t, struct fixture *f)
{
	uint8_t kernel[FAKE_BZIMAGE_SIZE];

	fake_bzimage(kernel);
	*f = (struct fixture) { .rec.armed = "old" };
	f->linux_backend.kernel = (struct kd_linux) { &recorder_ops, &f->rec };
	f->image = (struct kd_kexec_files) {
		.kernel_path = "/boot/vmlinuz-new",
		.kernel_fd = memory_file(t, kernel, sizeof(kernel)),
		.initrd_fd = memory_file(t, "initrd", 6),
		.cmdline = "new",
	};
	f->last_good = f->image;
	f->last_good.cmdline = "old";
}

static void teardown(struct fixture *f)
{
	kd_close(f->image.kernel_fd);
	kd_close(f->image.initrd_fd);
}

static void loads(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	enum kd_load_left left;

	setup(t, &f);
	CHECK_INT(t, guarded(&f, &healthy, true, &left, NULL), 0);
	CHECK_INT(t, left, KD_LOAD_LEFT_NEW);
	CHECK_INT(t, f.rec.n_calls, 1);
	CHECK_INT(t, f.rec.flags, KD_KEXEC_FILE_ON_CRASH);
	CHECK_STR(t, f.rec.armed, "new");
}

/* Every errno the two kernels' paths can give: the machine stays armed after each. */
static void refusals(struct test *t)
{
	static const int errors[] = {
		-EPERM,	 -EACCES,  -ENOEXEC, -EINVAL, -ENOMEM, -EADDRNOTAVAIL,
		-EFAULT, -ETXTBSY, -ENOKEY,  -EIO,    -ENOSYS, -EKEYREJECTED,
		-ENOPKG, -EBADMSG, -ELIBBAD, -EFBIG,  -EBADF,  -EMSGSIZE,
	};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		_cleanup_(teardown) struct fixture f;
		struct kd_error err = { 0 };
		enum kd_load_left left;

		setup(t, &f);
		f.rec.answers[0] = errors[i];
		f.rec.n_answers = 1;
		CHECK_INT(t, guarded(&f, &healthy, true, &left, &err), errors[i]);
		CHECK_INT(t, left, KD_LOAD_LEFT_LAST_GOOD);
		CHECK_INT(t, f.rec.n_calls, 2);
		CHECK_STR(t, f.rec.armed, "old");
		CHECK(t, strstr(err.message, "armed again: load refused"));
	}
}

static void refused_early(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	struct kd_error err = { 0 };
	enum kd_load_left left;

	setup(t, &f);
	f.rec.answers[0] = -EPERM;
	f.rec.n_answers = 1;
	f.rec.early = true;
	CHECK_INT(t, guarded(&f, &healthy, true, &left, &err), -EPERM);
	CHECK_INT(t, left, KD_LOAD_LEFT_UNTOUCHED);
	CHECK_INT(t, f.rec.n_calls, 1);
	CHECK_STR(t, f.rec.armed, "old");
	CHECK(t, strstr(err.message, "stays armed"));
}

static void both_refused(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	struct kd_error err = { 0 };
	enum kd_load_left left;

	setup(t, &f);
	f.rec.answers[0] = -ENOEXEC;
	f.rec.answers[1] = -ENOMEM;
	f.rec.n_answers = 2;
	CHECK_INT(t, guarded(&f, &healthy, true, &left, &err), -ENOEXEC);
	CHECK_INT(t, left, KD_LOAD_LEFT_NOTHING);
	CHECK(t, strstr(err.message, "NOTHING IS ARMED"));
	CHECK(t, strstr(err.message, "Cannot allocate memory"));

	f.rec.n_calls = 0;
	CHECK_INT(t, guarded(&f, &healthy, false, &left, &err), -ENOEXEC);
	CHECK_INT(t, left, KD_LOAD_LEFT_NOTHING);
	CHECK_INT(t, f.rec.n_calls, 1);
}

/* The try that loading the last good one again would need is not spent. */
static void last_try(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	struct kd_kexec_facts facts = healthy;
	struct kd_error err = { 0 };
	enum kd_load_left left;

	setup(t, &f);
	facts.crash_loaded = true;
	facts.limit_panic = 1;
	CHECK_INT(t, guarded(&f, &facts, true, &left, &err), -EPERM);
	CHECK_INT(t, left, KD_LOAD_LEFT_UNTOUCHED);
	CHECK_INT(t, f.rec.n_calls, 0);
	CHECK(t, strstr(err.message, "leaves one try"));
	/* nothing to lose, or another one left */
	CHECK_INT(t, guarded(&f, &facts, false, &left, NULL), 0);
	facts.limit_panic = 2;
	CHECK_INT(t, guarded(&f, &facts, true, &left, NULL), 0);
}

static void busy(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	enum kd_load_left left;

	setup(t, &f);
	for (size_t i = 0; i < 3; i++)
		f.rec.answers[i] = -EBUSY;
	f.rec.n_answers = 3;
	CHECK_INT(t, guarded(&f, &healthy, false, &left, NULL), 0);
	CHECK_STR(t, f.rec.armed, "new");
	CHECK_INT(t, f.rec.n_pauses, 3);

	for (size_t i = 0; i < 16; i++)
		f.rec.answers[i] = -EBUSY;
	f.rec.n_answers = 16;
	f.rec.n_calls = f.rec.n_pauses = f.rec.paused_ms = 0;
	f.rec.armed = "old";
	CHECK_INT(t, guarded(&f, &healthy, true, &left, NULL), -EBUSY);
	CHECK_INT(t, left, KD_LOAD_LEFT_UNTOUCHED);
	CHECK_INT(t, f.rec.n_calls, 8);
	CHECK(t, f.rec.paused_ms < 10000);
	CHECK_STR(t, f.rec.armed, "old");
}

static void break_no_reservation(struct test *t, struct fixture *f,
				 struct kd_kexec_facts *facts)
{
	(void)t;
	(void)f;
	facts->crash_size = 0;
}

static void break_disabled(struct test *t, struct fixture *f,
			   struct kd_kexec_facts *facts)
{
	(void)t;
	(void)f;
	facts->load_disabled = true;
}

static void break_kernel(struct test *t, struct fixture *f, struct kd_kexec_facts *facts)
{
	(void)facts;
	spoil(t, f->image.kernel_fd, -1, 0x202);
}

static void break_length(struct test *t, struct fixture *f, struct kd_kexec_facts *facts)
{
	(void)facts;
	spoil(t, f->image.kernel_fd, 1024 + 63 * 16, 0);
}

static void break_initrd(struct test *t, struct fixture *f, struct kd_kexec_facts *facts)
{
	(void)facts;
	spoil(t, f->image.initrd_fd, 0, 0);
}

static void break_fit(struct test *t, struct fixture *f, struct kd_kexec_facts *facts)
{
	(void)facts;
	spoil(t, f->image.initrd_fd, 15 << 20, 0);
}

static const struct precheck {
	const char *name, *words;
	int code;
	void (*spoil)(struct test *t, struct fixture *f, struct kd_kexec_facts *facts);
} prechecks[] = {
	{ "no reservation", "crashkernel=", -EADDRNOTAVAIL, break_no_reservation },
	{ "disabled", "kexec_load_disabled is 1", -EPERM, break_disabled },
	{ "no kernel", "/boot/vmlinuz-new: not a kernel", -ENOEXEC, break_kernel },
	{ "kernel cut", "/boot/vmlinuz-new: cut short", -ENOEXEC, break_length },
	{ "empty image", "initrd: empty", -EINVAL, break_initrd },
	{ "too big", "kernel and image need 17 MB, crashkernel= reserves 16 MB", -ENOMEM,
	  break_fit },
};

static void checked_before(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(prechecks); i++) {
		_cleanup_(teardown) struct fixture f;
		struct kd_kexec_facts facts = healthy;
		struct kd_error err = { 0 };
		enum kd_load_left left;

		setup(t, &f);
		prechecks[i].spoil(t, &f, &facts);
		CHECK_INT(t, guarded(&f, &facts, true, &left, &err), prechecks[i].code);
		if (!strstr(err.message, prechecks[i].words))
			test_failed(t, __FILE__, __LINE__, "%s: %s", prechecks[i].name,
				    err.message);
		CHECK_INT(t, left, KD_LOAD_LEFT_UNTOUCHED);
		CHECK_INT(t, f.rec.n_calls, 0);
		CHECK_STR(t, f.rec.armed, "old");
	}
}

/* 2017 bytes with the NUL pass the kernel, 2018 do not: seen on 6.1, 6.12 and 7.3. */
static void cmdline_length(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	struct kd_error err = { 0 };
	char cmdline[2100];

	setup(t, &f);
	memset(cmdline, 'a', sizeof(cmdline));
	cmdline[2016] = '\0';
	f.image.cmdline = cmdline;
	CHECK_INT(t, check(&f, &err), 0);
	cmdline[2016] = 'a';
	cmdline[2017] = '\0';
	CHECK_INT(t, check(&f, &err), -E2BIG);
	CHECK_STR(t, err.message,
		  "the command line has 2017 bytes, /boot/vmlinuz-new takes "
		  "2016");
}

static void open_for_writing(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	_cleanup_(kd_closep) int writer = -EBADF;
	char path[] = "/tmp/kdumpd-load-XXXXXX";
	uint8_t kernel[FAKE_BZIMAGE_SIZE];
	struct kd_error err = { 0 };

	setup(t, &f);
	fake_bzimage(kernel);
	writer = mkstemp(path);
	CHECK(t, writer >= 0);
	CHECK_INT(t, write(writer, kernel, sizeof(kernel)), FAKE_BZIMAGE_SIZE);
	kd_close(f.image.kernel_fd);
	f.image.kernel_fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(t, f.image.kernel_fd >= 0);
	CHECK_INT(t, check(&f, &err), -ETXTBSY);
	CHECK(t, strstr(err.message, "is open for writing"));
	writer = kd_close(writer);
	CHECK_INT(t, check(&f, NULL), 0);
	(void)unlink(path);
}

static void unloads(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	struct kd_kexec_backend backend;

	setup(t, &f);
	backend = place_of(&f, &healthy).backend;
	CHECK_INT(t, backend.ops->unload(backend.context, KD_KEXEC_CRASH, NULL), 0);
	CHECK(t, !f.rec.armed);
	CHECK_INT(t, f.rec.flags, KD_KEXEC_FILE_ON_CRASH | KD_KEXEC_FILE_UNLOAD);
}

static const struct test_case cases[] = {
	{ "a good image is armed with one call", loads },
	{ "every refusal leaves the last good one armed", refusals },
	{ "refused before the kernel freed anything", refused_early },
	{ "both refused is said loudly", both_refused },
	{ "the last try of kexec_load_limit_panic", last_try },
	{ "EBUSY is tried again, not for ever", busy },
	{ "what can be known is refused before the call", checked_before },
	{ "command line length, to the byte", cmdline_length },
	{ "a kernel image open for writing", open_for_writing },
	{ "unload", unloads },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
