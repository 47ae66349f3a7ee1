/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl rehearse for a machine made of a folder, on QEMU's emulation: what the test in
 * tests/vm/rehearse starts. Prints "key value" lines, then a line a phase.
 *
 *   rehearse-in FOLDER
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "kdumpd/rehearse/rehearse.h"

int main(int argc, char *argv[])
{
	_cleanup_(kd_freep) struct kd_rehearsal *r = malloc(sizeof(*r));
	_cleanup_(kd_freep) struct kd_inputs *in = malloc(sizeof(*in));
	_cleanup_(kd_closep) int root_fd = -EBADF;
	struct kd_rehearse_request request = { .init = "/usr/lib/kdumpd/capture-init",
					       .accel = "tcg",
					       .limit_s = 300 };
	struct kd_error err = { 0 };
	int done;

	root_fd = argc == 2 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -EBADF;
	if (!r || !in || root_fd < 0) {
		(void)fprintf(stderr, "usage: rehearse-in FOLDER\n");
		return EXIT_FAILURE;
	}
	request.root_fd = root_fd;
	done = kd_rehearse(&request, in, r, &err);
	kd_inputs_done(in);
	if (done < 0) {
		(void)fprintf(stderr, "%s\n", err.message);
		return EXIT_FAILURE;
	}
	printf("passed %d\nwhy %s\nmemory %" PRIu64 "\navailable %" PRIu64 "\n",
	       r->passed, r->why, r->memory, r->story.available);
	printf("driver %s\ntotal_ms %" PRIu64 "\npid1_ms %" PRIu64 "\n", r->driver,
	       r->total_ms, r->story.first_ms);
	for (size_t i = 0; i < r->story.n_phases; i++)
		printf("phase %s %d %s\n", r->story.phases[i].name,
		       r->story.phases[i].done, r->story.phases[i].text);
	return EXIT_SUCCESS;
}
