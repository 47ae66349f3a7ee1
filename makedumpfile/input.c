/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One look at the signature, then the reader that knows it: see input.h. Called by the
 * programs and by pid 1.
 */
#include "makedumpfile/input.h"

#include <elf.h>

#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/vmcore/machine.h"
#include "makedumpfile/vmcore/notes.h"

/** @input: first; the rest is owned. */
struct owner {
	struct kd_input input;
	struct kd_vmcore *core;
	struct kd_kdump *kdump;
	struct kd_vmcoreinfo *info;
};

void kd_input_free(struct kd_input *s)
{
	struct owner *o = (struct owner *)s;

	if (!o)
		return;
	kd_vmcoreinfo_free(o->info);
	kd_kdump_free(o->kdump);
	kd_vmcore_free(o->core);
	free(o);
}

int kd_input_from_core(struct kd_vmcore *core, struct kd_input **ret,
		       struct kd_error *err)
{
	struct owner *o = calloc(1, sizeof(*o));
	struct kd_input *s;

	if (!o)
		return kd_fail(err, -ENOMEM, "vmcore");
	o->core = core;
	s = &o->input;
	*s = (struct kd_input) {
		.memory = kd_vmcore_memory(core),
		.machine = kd_vmcore_machine(core),
		.n_cpus = kd_vmcore_n_cpus(core),
		.oddities = kd_vmcore_oddities(core),
	};
	s->notes = kd_vmcore_notes(core, &s->notes_size);
	s->info = kd_vmcore_info(core, &s->info_offset, &s->info_size);
	*ret = s;
	return 0;
}

static uint16_t machine_of(const char *name)
{
	const struct kd_machine *machine = kd_machine_by_name(name);

	return machine ? machine->elf : EM_NONE;
}

static unsigned int count_cpus(const void *notes, size_t size)
{
	struct kd_notes it = { .data = notes, .size = size };
	unsigned int n = 0;

	while (kd_notes_next(&it))
		n += kd_notes_is(&it, "CORE", NT_PRSTATUS);
	return n;
}

/* A dump without VMCOREINFO, QEMU's for one, still has its pages. */
static void describe_kdump(struct owner *o)
{
	struct kd_input *s = &o->input;
	const char *text;

	*s = (struct kd_input) {
		.memory = kd_kdump_memory(o->kdump),
		.machine = machine_of(kd_kdump_machine(o->kdump)),
		.incomplete = kd_kdump_incomplete(o->kdump),
		.oddities = "",
	};
	s->notes = kd_kdump_notes(o->kdump, &s->notes_size);
	s->n_cpus = count_cpus(s->notes, s->notes_size);
	text = kd_kdump_info_text(o->kdump, &s->info_size);
	if (!text || !s->info_size ||
	    kd_vmcoreinfo_new(text, s->info_size, &o->info, /* err= */ NULL) < 0)
		s->info_size = 0;
	s->info = o->info;
}

static int open_kdump(int dir_fd, const char *path, struct kd_input **ret,
		      struct kd_error *err)
{
	struct owner *o = calloc(1, sizeof(*o));
	int r;

	if (!o)
		return kd_fail(err, -ENOMEM, "%s", path);
	r = kd_kdump_open_at(dir_fd, path, &o->kdump, err);
	if (r < 0) {
		free(o);
		return r;
	}
	describe_kdump(o);
	*ret = &o->input;
	return 0;
}

int kd_input_open_at(int dir_fd, const char *path, struct kd_input **ret,
		     struct kd_error *err)
{
	struct kd_vmcore *core;
	int r;

	r = kd_vmcore_open_at(dir_fd, path, &core, err);
	if (r == -ENOEXEC) {
		kd_error_reset(err);
		return open_kdump(dir_fd, path, ret, err);
	}
	if (r < 0)
		return r;
	r = kd_input_from_core(core, ret, err);
	if (r < 0)
		kd_vmcore_free(core);
	return r;
}
