/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guarded crash load: see load.h. Trusts the facts it is handed and the descriptors;
 * nothing in the files. Called by the daemon's arm path and by kdumpctl stop.
 */
#include "kexec/load.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kexec/check/explain.h"
#include "kexec/image/bzimage.h"

/* EBUSY: another loader, a CPU hotplug event or a reader of kexec_crash_size holds the
 * kernel's lock. 50 ms doubled up to 800 ms: 8 tries wait 3.95 s in all. */
#define BUSY_TRIES	  8
#define BUSY_PAUSE_MS	  50
#define BUSY_PAUSE_MAX_MS 800

/* What bzImage64_load() appends before it compares with cmdline_size: "elfcorehdr=0x…",
 * MAX_ELFCOREHDR_STR_LEN in arch/x86/kernel/kexec-bzimage64.c. */
#define ELFCOREHDR_LENGTH 30

/* Page tables, boot_params, purgatory and a margin against fragmentation. */
#define LOADER_OVERHEAD (1ull << 20)

/* A read lease is refused while anybody has the file open for writing, which is what
 * kernel_read_file() would answer with ETXTBSY. Other errors of fcntl() say nothing. */
static int check_no_writer(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN ? -ETXTBSY : 0;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return 0;
}

static int check_kernel(const struct kd_kexec_image *image, struct kd_bzimage *ret,
			struct kd_error *err)
{
	uint8_t head[KD_BZIMAGE_HEAD];
	struct stat st;
	ssize_t n;
	int r;

	if (fstat(image->kernel_fd, &st) < 0)
		return kd_fail(err, -errno, "%s", image->kernel_path);
	if (!S_ISREG(st.st_mode)) {
		(void)kd_fail_msg(err, -ENOEXEC, "not a regular file");
		return kd_fail(err, -ENOEXEC, "%s", image->kernel_path);
	}
	n = kd_pread_full(image->kernel_fd, head, sizeof(head), 0);
	if (n < 0)
		return kd_fail(err, (int)n, "%s", image->kernel_path);
	r = kd_bzimage_check(head, (size_t)n, (uint64_t)st.st_size, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", image->kernel_path);
	r = check_no_writer(image->kernel_fd);
	if (r < 0)
		return kd_fail(err, r, "%s is open for writing in some process",
			       image->kernel_path);
	return 0;
}

static int check_fit(const struct kd_kexec_facts *facts, const struct kd_bzimage *kernel,
		     uint64_t initrd_size, struct kd_error *err)
{
	uint64_t need = MAX(kernel->init_size, kernel->kernel_bytes) + initrd_size +
			LOADER_OVERHEAD;

	if (need > facts->crash_size)
		return kd_fail_msg(err, -ENOMEM,
				   "kernel and image need %" PRIu64 " MB, crashkernel= "
				   "reserves %" PRIu64 " MB",
				   (need + (1 << 20) - 1) >> 20, facts->crash_size >> 20);
	return 0;
}

int kd_load_check(const struct kd_kexec_facts *facts, const struct kd_kexec_image *image,
		  struct kd_error *err)
{
	size_t length = strlen(image->cmdline) + 1;
	struct kd_bzimage kernel;
	const char *obstacle;
	struct stat st;
	int r;

	obstacle = kd_kexec_obstacle(facts, &r);
	if (obstacle)
		return kd_fail_msg(err, r, "%s", obstacle);
	r = check_kernel(image, &kernel, err);
	if (r < 0)
		return r;
	if (length + ELFCOREHDR_LENGTH > kernel.cmdline_size)
		return kd_fail_msg(err, -E2BIG,
				   "the capture command line has %zu bytes, %s takes %u",
				   length - 1, image->kernel_path,
				   kernel.cmdline_size > ELFCOREHDR_LENGTH
					   ? kernel.cmdline_size - ELFCOREHDR_LENGTH - 1
					   : 0);
	if (fstat(image->initrd_fd, &st) < 0)
		return kd_fail(err, -errno, "capture image");
	if (st.st_size <= 0)
		return kd_fail_msg(err, -EINVAL, "capture image: empty");
	return check_fit(facts, &kernel, (uint64_t)st.st_size, err);
}

static int call(const struct kd_linux *backend, const struct kd_kexec_image *image,
		unsigned long flags)
{
	unsigned int ms = BUSY_PAUSE_MS;
	int r;

	for (int i = 0;; i++) {
		r = backend->calls->file_load(
			backend->context, image ? image->kernel_fd : -1,
			image ? image->initrd_fd : -1, image ? image->cmdline : NULL,
			image ? strlen(image->cmdline) + 1 : 0,
			flags | KD_KEXEC_FILE_ON_CRASH);
		if (r != -EBUSY || i + 1 == BUSY_TRIES)
			return r;
		backend->calls->pause(backend->context, ms);
		ms = MIN(2 * ms, (unsigned int)BUSY_PAUSE_MAX_MS);
	}
}

static int explain(const struct kd_kexec_facts *facts, int code, const char *what,
		   struct kd_error *err)
{
	const char *words = kd_kexec_explain(facts, code);

	return words ? kd_fail(err, code, "%s: %s", what, words)
		     : kd_fail(err, code, "%s", what);
}

/* After a refusal: the kernel's own word on what is left, since an errno does not tell
 * whether it came before or after the armed image was freed (EPERM comes from both). */
static int load_again(const struct kd_linux *backend, int refused,
		      const struct kd_kexec_image *last_good, enum kd_load_left *ret_left,
		      struct kd_error *err)
{
	int r;

	if (backend->calls->crash_loaded(backend->context) > 0) {
		*ret_left = KD_LOAD_LEFT_UNTOUCHED;
		return kd_fail(err, refused, "the image armed before stays armed");
	}
	*ret_left = KD_LOAD_LEFT_NOTHING;
	if (!last_good)
		return kd_fail(err, refused, "nothing is armed");
	r = call(backend, last_good, 0);
	if (r < 0)
		return kd_fail(err, refused,
			       "NOTHING IS ARMED, the image armed before was refused too "
			       "(%s)",
			       strerror(-r));
	*ret_left = KD_LOAD_LEFT_LAST_GOOD;
	return kd_fail(err, refused, "the image armed before is armed again");
}

int kd_load_crash(const struct kd_linux *backend, const struct kd_kexec_facts *facts,
		  const struct kd_kexec_image *image,
		  const struct kd_kexec_image *last_good, enum kd_load_left *ret_left,
		  struct kd_error *err)
{
	int r;

	*ret_left = KD_LOAD_LEFT_UNTOUCHED;
	r = kd_load_check(facts, image, err);
	if (r < 0)
		return r;
	r = call(backend, image, 0);
	if (r < 0) {
		(void)explain(facts, r, "load refused", err);
		return load_again(backend, r, last_good, ret_left, err);
	}
	*ret_left = KD_LOAD_LEFT_NEW;
	return 0;
}

int kd_unload_crash(const struct kd_linux *backend, const struct kd_kexec_facts *facts,
		    struct kd_error *err)
{
	int r;

	r = call(backend, NULL, KD_KEXEC_FILE_UNLOAD);
	if (r < 0)
		return explain(facts, r, "unload refused", err);
	return 0;
}
