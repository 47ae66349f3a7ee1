/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -R: a flattened stream on stdin into the file it stands for. Nothing that came is lost:
 * a stream cut short leaves a file that says so. Called by main.c.
 */
#include "makedumpfile/format/flat-rearrange.h"
#include "makedumpfile/program/program.h"

static void say_counts(const struct kd_program *p, const struct kd_flat_counts *counts)
{
	if (kd_program_says(p, KD_MESSAGE_DEBUG))
		(void)fprintf(stderr, "makedumpfile: %llu records, %llu bytes\n",
			      (unsigned long long)counts->records,
			      (unsigned long long)counts->bytes);
	if (counts->again && kd_program_says(p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr,
			      "makedumpfile: the stream brought some bytes twice, in "
			      "%llu records: the later ones were taken\n",
			      (unsigned long long)counts->again);
}

int kd_run_rearrange(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_flat_counts counts = { 0 };
	struct kd_flat_reader in;
	int r;

	r = kd_flat_reader_init(&in, STDIN_FILENO, err);
	if (r < 0)
		return kd_fail(err, r, "standard input");
	r = kd_program_create_sink(p, p->options.output, /* again= */ false, &sink, err);
	if (r < 0)
		return r;

	r = kd_flat_rearrange(&in, sink, &counts, err);
	say_counts(p, &counts);
	if (r == -ENODATA || r == -EBADMSG)
		return kd_fail(err, r, "%s is incomplete, but holds all that came",
			       p->options.output);
	return r < 0 ? kd_fail(err, r, "%s", p->options.output) : 0;
}
