/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running FreeBSD kernel behind freebsd-calls.h. Decides nothing. meson compiles it on
 * FreeBSD only; a test compiles it everywhere, for FreeBSD, against declarations made from
 * the manual pages (tests/kexec/cross). It was never run.
 */
#include "kexec/backend/freebsd-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/kexec.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/sysctl.h>
#include <unistd.h>

/* What the system's headers say is what we made of the page. */
_Static_assert(sizeof(struct kexec_segment) == sizeof(struct kd_freebsd_segment), "size");
_Static_assert(offsetof(struct kexec_segment, buf) == 0, "buf");
_Static_assert(offsetof(struct kexec_segment, bufsz) ==
		       offsetof(struct kd_freebsd_segment, bufsz),
	       "bufsz");
_Static_assert(offsetof(struct kexec_segment, mem) ==
		       offsetof(struct kd_freebsd_segment, mem),
	       "mem");
_Static_assert(offsetof(struct kexec_segment, memsz) ==
		       offsetof(struct kd_freebsd_segment, memsz),
	       "memsz");
_Static_assert(KEXEC_SEGMENT_MAX == KD_FREEBSD_SEGMENT_MAX, "KEXEC_SEGMENT_MAX");
_Static_assert(RB_KEXEC == KD_FREEBSD_RB_KEXEC, "RB_KEXEC");

/* rc.d/cleanvar empties /var/run at each boot. Where it is switched off the note stays,
 * and a load is refused with the file's name: the safe side. */
#define NOTE "/var/run/kdumpd.kexec-loaded"

static int load_image(void *context, uint64_t entry, unsigned long count,
		      struct kd_freebsd_segment *segments, unsigned long flags)
{
	struct kexec_segment list[KD_FREEBSD_SEGMENT_MAX];

	(void)context;
	if (count > KD_FREEBSD_SEGMENT_MAX)
		return -EINVAL;
	for (unsigned long i = 0; i < count; i++)
		list[i] = (struct kexec_segment) {
			.buf = segments[i].buf,
			.bufsz = segments[i].bufsz,
			.mem = segments[i].mem,
			.memsz = segments[i].memsz,
		};
	return kexec_load(entry, count, list, flags) < 0 ? -errno : 0;
}

static int restart(void *context, int howto)
{
	(void)context;
	return reboot(howto) < 0 ? -errno : 0;
}

static ssize_t value_of(void *context, const char *name, void *buf, size_t size)
{
	size_t got = size;

	(void)context;
	return sysctlbyname(name, buf, &got, NULL, 0) < 0 ? -errno : (ssize_t)got;
}

static int lock(void *context, const void *buf, size_t size)
{
	(void)context;
	return mlock(buf, size) < 0 ? -errno : 0;
}

static void unlock(void *context, const void *buf, size_t size)
{
	(void)context;
	(void)munlock(buf, size);
}

static int claim(void *context)
{
	int fd = open(NOTE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	(void)context;
	if (fd < 0)
		return -errno;
	(void)close(fd);
	return 0;
}

static void release(void *context)
{
	(void)context;
	(void)unlink(NOTE);
}

static int claimed(void *context)
{
	(void)context;
	if (access(NOTE, F_OK) == 0)
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

struct kd_freebsd kd_freebsd_real(void)
{
	static const struct kd_freebsd_calls calls = {
		.kexec_load = load_image,
		.reboot = restart,
		.sysctl = value_of,
		.lock = lock,
		.unlock = unlock,
		.claim = claim,
		.release = release,
		.claimed = claimed,
	};

	return (struct kd_freebsd) { .calls = &calls };
}
