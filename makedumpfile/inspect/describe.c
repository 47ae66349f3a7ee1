/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at a dump: see describe.h. What the input knows, and for a
 * kdump-compressed file a census of its descriptors. Called by run-info.c.
 */
#include "makedumpfile/inspect/describe.h"

#include <string.h>

#include "base/parse.h"
#include "makedumpfile/vmcore/notes.h"

static void copy_text(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text ? text : "");
}

static void describe_notes(const struct kd_input *input, struct kd_description *d)
{
	struct kd_notes it = { .data = input->notes, .size = input->notes_size };

	while (it.size && kd_notes_next(&it))
		d->notes++;
	d->notes_bytes = input->notes_size;
	d->info_bytes = input->info ? MAX(input->info_size, (size_t)1) : 0;
	d->cpus = input->n_cpus;
}

static void describe_info(const struct kd_vmcoreinfo *info, struct kd_description *d)
{
	const char *time = kd_vmcoreinfo_string(info, "CRASHTIME");
	int64_t base;

	copy_text(d->release, sizeof(d->release),
		  kd_vmcoreinfo_string(info, "OSRELEASE"));
	copy_text(d->build_id, sizeof(d->build_id),
		  kd_vmcoreinfo_string(info, "BUILD-ID"));
	if (time && kd_parse_u64(time, &d->crash_time) < 0)
		d->crash_time = 0;
	if (kd_vmcoreinfo_number(info, "phys_base", &base) == 0 ||
	    kd_vmcoreinfo_number(info, "PHYS_OFFSET", &base) == 0) {
		d->has_phys_base = true;
		d->phys_base = (uint64_t)base;
	}
}

static void describe_elf(const struct kd_memory *m, struct kd_description *d)
{
	kd_pfn_t from = 0, end;

	for (; kd_memory_present(m, &from, &end) > 0; from = end)
		d->present += end - from;
}

static int describe_kdump(const struct kd_kdump *k, struct kd_description *d,
			  struct kd_error *err)
{
	const struct kd_kdump_facts *f = kd_kdump_facts(k);

	d->kdump = true;
	d->facts = *f;
	d->present = f->n_kept;
	d->erase_bytes = f->erase_size;
	d->has_phys_base = true;
	d->phys_base = f->phys_base;
	if (!d->release[0])
		copy_text(d->release, sizeof(d->release), f->utsname[2]);
	if (!d->crash_time)
		d->crash_time = f->crash_time;
	return kd_kdump_count(k, &d->census, err);
}

int kd_describe_at(int dir_fd, const char *path, struct kd_description *ret,
		   struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	struct kd_description d = { .kdump = false };
	const struct kd_memory *m;
	int r;

	r = kd_input_open_at(dir_fd, path, &input, err);
	if (r < 0)
		return r;
	m = input->memory;
	d.flattened = input->flattened;
	d.cut = input->cut;
	d.incomplete = input->incomplete;
	d.file_size = input->file_size;
	d.machine = input->machine;
	d.page_size = m->page_size;
	d.n_extents = m->n_extents;
	for (size_t i = 0; i < m->n_extents; i++)
		d.pages += (m->extents[i].end - 1) / m->page_size + 1 -
			   m->extents[i].start / m->page_size;
	copy_text(d.oddities, sizeof(d.oddities), input->oddities);
	describe_notes(input, &d);
	if (input->info)
		describe_info(input->info, &d);
	if (input->core)
		d.missing = kd_vmcore_missing(input->core);
	if (input->kdump)
		r = describe_kdump(input->kdump, &d, err);
	else
		describe_elf(m, &d);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	*ret = d;
	return 0;
}
