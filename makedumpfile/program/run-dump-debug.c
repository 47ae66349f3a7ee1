/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -D in the main mode: what is known of the kernel, and how it is going to be dumped.
 * Texts from the vmcore are not to be trusted with a terminal: only those that
 * vmcoreinfo's parser let through are printed. Called by run-dump.c.
 */
#include <inttypes.h>

#include "base/parallel.h"
#include "makedumpfile/program/run-dump.h"

static const char *text(const char *value)
{
	return value ? value : "unknown";
}

static void print_memory(FILE *out, const struct kd_memory *m)
{
	for (size_t i = 0; i < m->n_extents; i++)
		(void)fprintf(out,
			      "memory          : 0x%016" PRIx64 "-0x%016" PRIx64 "\n",
			      m->extents[i].start, m->extents[i].end);
}

void kd_debug_input(const struct kd_program *p, const struct kd_input *input)
{
	const struct kd_dump_options *o = &p->options;
	FILE *out = p->out;

	if (!kd_program_says(p, KD_MESSAGE_DEBUG))
		return;
	(void)fprintf(out, "makedumpfile: version %s (kdumpd)\n", VERSION);
	if (input->info)
		(void)fprintf(out, "kernel          : %s, build ID %s\n",
			      text(kd_vmcoreinfo_string(input->info, "OSRELEASE")),
			      text(kd_vmcoreinfo_string(input->info, "BUILD-ID")));
	else
		(void)fprintf(out, "kernel          : unknown, no vmcoreinfo\n");
	(void)fprintf(out, "machine         : ELF %u, %u CPUs, pages of %" PRIu32 "\n",
		      input->machine, input->n_cpus, input->memory->page_size);
	print_memory(out, input->memory);
	if (input->level || input->incomplete)
		(void)fprintf(out, "input           : filtered with level %u%s\n",
			      input->level, input->incomplete ? ", incomplete" : "");
	(void)fprintf(out, "threads         : %u of %u CPUs asked for\n",
		      o->threads ? o->threads : kd_parallel_cpus(), kd_parallel_cpus());
	(void)fprintf(out, "memory limit    : %" PRIu64 " bytes (0: the default)\n",
		      o->memory_limit);
}

void kd_debug_stats(const struct kd_program *p, const struct kd_dump_stats *s)
{
	static const char *const sources[] = {
		[KD_KNOW_LAYOUT] = "a layout file",
		[KD_KNOW_VMCOREINFO] = "vmcoreinfo",
		[KD_KNOW_NOTHING] = "nothing: every page is kept",
	};

	if (!kd_program_says(p, KD_MESSAGE_DEBUG))
		return;
	(void)fprintf(p->out, "types from      : %s\n", sources[s->knowledge]);
	(void)fprintf(p->out, "dump level      : %u\n", s->level);
	(void)fprintf(p->out, "buffers         : %" PRIu64 " bytes, %u threads\n",
		      s->memory, s->threads);
	for (size_t i = 0; i < s->n_classes; i++)
		if (s->classes[i].seen)
			(void)fprintf(p->out,
				      "class           : %s: %" PRIu64 " pages, %" PRIu64
				      " kept\n",
				      s->classes[i].name, s->classes[i].seen,
				      s->classes[i].kept);
}
