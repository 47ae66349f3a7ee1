/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: the printk ring. The input is lines of an mkvmcore script that are laid
 * over a machine with a small log: records, damage (@data), VMCOREINFO that lies (@info).
 * The kernel's area is at 16 MiB, so that seeds can aim at the ring itself.
 */
#include <fcntl.h>
#include <string.h>

#include "makedumpfile/dmesg.h"
#include "tests/tools/mkvmcore/mkvmcore.h"

#define INPUT_MAX 16384

static const char machine[] = "@core preset=6.12\n@ram start=0x100000 size=31M\n"
			      "@ring count_bits=4 size_bits=9\n"
			      "@log ts=1000 text=one\n@log ts=2000 text=two\\nlines\n";

static void use(const char *path)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_closep) int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const struct kd_vmcoreinfo *info;
	struct kd_error err = { 0 };
	struct kd_xlat xlat;

	if (kd_vmcore_open_at(AT_FDCWD, path, &core, &err) < 0)
		return;
	info = kd_vmcore_info(core, NULL, NULL);
	if (info && kd_xlat_init(&xlat, kd_vmcore_memory(core), kd_vmcore_machine(core),
				 info, &err) == 0)
		(void)kd_dmesg_write(&xlat, info, fd, NULL, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) char *script = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[32];

	if (size > INPUT_MAX)
		return 0;
	script = malloc(sizeof(machine) + size);
	if (!script)
		return 0;
	memcpy(script, machine, sizeof(machine) - 1);
	memcpy(script + sizeof(machine) - 1, data, size);
	script[sizeof(machine) - 1 + size] = '\0';
	fd = mkvmcore_memfd(script, path, sizeof(path), NULL);
	if (fd >= 0)
		use(path);
	return 0;
}
