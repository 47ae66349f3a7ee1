/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command on the machine it runs on: what reaches out of the process is named
 * here. All else is in program.c and below.
 */
#include <fcntl.h>
#include <sys/random.h>

#include "kexec/program/ifdown.h"
#include "kexec/program/program.h"

static int read_random(void *buf, size_t size)
{
	ssize_t n = getrandom(buf, size, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

/* systemd says by this folder that it is pid 1: sd_booted(3). Its kexec.target stops
 * everything, then jumps. */
static int shut_down(void)
{
	if (access("/run/systemd/system", F_OK) < 0)
		return -ENOENT;
	(void)fflush(stdout);
	(void)execlp("systemctl", "systemctl", "kexec", (char *)NULL);
	return -errno;
}

int main(int argc, char *argv[])
{
	struct kd_kexec_machine machine = {
		.kernel = kd_linux_real(),
		.random = read_random,
		.sync = sync,
		.ifdown = kd_kexec_ifdown,
		.shut_down = shut_down,
	};

	machine.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (machine.root_fd < 0) {
		perror("kexec: /");
		return KD_KEXEC_EXIT_FAILED;
	}
	return kd_kexec_program(argc, argv, &machine);
}
