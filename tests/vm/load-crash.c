/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads a crash kernel, and nothing else: load-crash KERNEL INITRD CMDLINE.
 * make-core builds it static for its guest, so that a reference vmcore owes
 * nothing to kdumpd's loader, and kexec-tools, whose package changes how a
 * machine reboots, need not be installed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KEXEC_FILE_ON_CRASH 0x2 /* include/uapi/linux/kexec.h */

int main(int argc, char **argv)
{
	int kernel, initrd;

	if (argc != 4)
		return 2;
	kernel = open(argv[1], O_RDONLY | O_CLOEXEC);
	initrd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[3]) + 1, argv[3],
		    (unsigned long)KEXEC_FILE_ON_CRASH) == 0)
		return 0;
	perror("kexec_file_load");
	return 1;
}
