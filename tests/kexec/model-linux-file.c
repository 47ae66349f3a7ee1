/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Linux model's kexec_file_load(2) on x86: see model-linux.h.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/kexec/model-linux-file.h"

#define HEADER_END	0x268
#define CMDLINE_SIZE	0x238
#define ELFCOREHDR_ROOM 30
#define LEAST_KERNEL	1024 /* (setup_sects + 1) sectors, at the very least */

static uint32_t known_flags(const struct model_linux *m)
{
	uint32_t known = 1 | 2 | 4;

	known |= table_has_word(m->features, "debug") ? 8 : 0;
	known |= table_has_word(m->features, "no-cma") ? 0x10 : 0;
	known |= table_has_word(m->features, "force-dtb") ? 0x20 : 0;
	return known;
}

/* kernel_read_file_from_fd(): what may be read whole. */
static int check_file(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	if (flags < 0 || flags & O_PATH || (flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return -EINVAL;
	/* deny_write_access(); a lease asks the same */
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN)
		return -ETXTBSY;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return 0;
}

static int probe(int fd, uint32_t *ret_cmdline_size)
{
	uint8_t head[HEADER_END];
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size < LEAST_KERNEL ||
	    kd_pread_full(fd, head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head + 0x202, "HdrS", 4) != 0)
		return -ENOEXEC;
	memcpy(ret_cmdline_size, head + CMDLINE_SIZE, 4);
	return 0;
}

static int check_cmdline(const char *cmdline, size_t length)
{
	char last;

	if (length == 0)
		return 0;
	if (!model_copy_from_user(&last, cmdline + length - 1, 1))
		return -EFAULT;
	return last == '\0' ? 0 : -EINVAL;
}

/* @flags: the system call's */
static int build(const struct model_linux *m, const int fds[2], const char *cmdline,
		 size_t length, unsigned long flags)
{
	uint32_t cmdline_size;
	int r;

	r = check_file(fds[0]);
	if (r >= 0)
		r = probe(fds[0], &cmdline_size);
	if (r >= 0 && m->lockdown != KD_LOCKDOWN_NONE)
		r = -EPERM; /* no file of a test is signed */
	if (r >= 0 && !(flags & KD_KEXEC_FILE_NO_INITRAMFS))
		r = check_file(fds[1]);
	if (r >= 0)
		r = check_cmdline(cmdline, length);
	if (r < 0)
		return r;
	if (length + ELFCOREHDR_ROOM > cmdline_size)
		return -EINVAL;
	if ((flags & KD_KEXEC_FILE_ON_CRASH) && m->crash[0] == m->crash[1])
		return -EADDRNOTAVAIL;
	return 0;
}

int model_file_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		    size_t cmdline_len, unsigned long flags)
{
	const int fds[2] = { kernel_fd, initrd_fd };
	struct model_linux *m = context;
	bool crash = flags & KD_KEXEC_FILE_ON_CRASH;
	struct model_image *image = &m->images[crash];
	int r;

	r = model_permitted(m, crash ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT);
	if (r < 0)
		return r;
	if (flags & ~(unsigned long)known_flags(m))
		return -EINVAL;
	r = model_lock(m);
	if (r < 0)
		return r;
	if (crash || flags & KD_KEXEC_FILE_UNLOAD)
		*image = (struct model_image) { .loaded = false };
	if (flags & KD_KEXEC_FILE_UNLOAD)
		return 0;
	r = build(m, fds, cmdline, cmdline_len, flags);
	if (r < 0)
		return r;
	/* a file's header is always the kernel's own to rewrite */
	*image = (struct model_image) { .loaded = true,
					.hotplug = crash,
					.tag = m->next_tag++ };
	return 0;
}
