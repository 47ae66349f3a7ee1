/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints all symbols of a dump's own kallsyms, as nm(1) would: address, type, name.
 * Called by tests/reference/symbols, which compares them to a vmlinux.
 */
#include <fcntl.h>
#include <inttypes.h>

#include "makedumpfile/input.h"
#include "makedumpfile/layout/kallsyms.h"

static int show(const char *path, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *k = NULL;
	struct kd_kallsyms_entry e = { 0 };
	struct kd_xlat x;
	int r;

	r = kd_input_open_at(AT_FDCWD, path, &input, err);
	if (r < 0)
		return r;
	if (!input->info)
		return kd_fail_msg(err, -ENODATA, "no VMCOREINFO");
	r = kd_xlat_init(&x, input->memory, input->machine, input->info, err);
	if (r == 0)
		r = kd_kallsyms_new(&x, input->info, &k, err);
	if (r < 0)
		return r;
	while (kd_kallsyms_next(k, &e))
		printf("%016" PRIx64 " %c %s\n", e.addr, e.type, e.name);
	return 0;
}

int main(int argc, char *argv[])
{
	struct kd_error err = { 0 };

	if (argc != 2) {
		fprintf(stderr, "usage: kernel-symbols VMCORE\n");
		return 2;
	}
	if (show(argv[1], &err) == 0)
		return 0;
	fprintf(stderr, "%s: %s\n", argv[1], err.message);
	return 1;
}
