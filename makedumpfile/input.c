/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One look at the signature, then the reader that knows it: see input.h. Called by the
 * programs and by pid 1.
 */
#include "makedumpfile/input.h"

#include <elf.h>
#include <string.h>

#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/format/kdump-set.h"
#include "makedumpfile/vmcore/machine.h"
#include "makedumpfile/vmcore/notes.h"

/** @input: first; the rest is owned. @notes: where the file has none of its own. */
struct owner {
	struct kd_input input;
	struct kd_vmcore *core;
	struct kd_kdump *kdump;
	struct kd_kdump_set *set;
	struct kd_vmcoreinfo *info;
	char *notes;
	char oddities[KD_ERROR_SIZE];
};

void kd_input_free(struct kd_input *s)
{
	struct owner *o = (struct owner *)s;

	if (!o)
		return;
	kd_vmcoreinfo_free(o->info);
	kd_kdump_set_free(o->set);
	kd_kdump_free(o->kdump);
	kd_vmcore_free(o->core);
	free(o->notes);
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
		.core = core,
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

/* Files older than the notes have the text by itself; writers want it in a note. */
static void wrap_info(struct owner *o, const char *text, size_t size)
{
	size_t room = kd_notes_info_bytes(size);

	o->notes = calloc(1, room);
	if (!o->notes)
		return; /* a note less */
	kd_notes_put_info(o->notes, text, size);
	o->input.notes = o->notes;
	o->input.notes_size = room;
	o->input.info_offset = KD_NOTES_INFO_HEAD;
	o->input.info_size = size;
}

/* A dump without VMCOREINFO, QEMU's for one, still has its pages. */
static void describe_info(struct owner *o, const struct kd_kdump *k)
{
	struct kd_input *s = &o->input;
	const char *notes, *text;
	size_t size, offset;

	notes = kd_kdump_notes(k, &s->notes_size);
	s->notes = notes;
	text = kd_kdump_info_text(k, &size);
	if (!size && kd_notes_find_vmcoreinfo(notes, s->notes_size, &offset, &size) == 0)
		text = notes + offset;
	if (!size || kd_vmcoreinfo_new(text, size, &o->info, /* err= */ NULL) < 0)
		return;
	s->info = o->info;
	if (s->notes_size && text >= notes && text < notes + s->notes_size) {
		s->info_offset = (size_t)(text - notes);
		s->info_size = size;
	} else if (!s->notes_size) {
		wrap_info(o, text, size);
	}
}

static void describe_kdump(struct owner *o, const struct kd_kdump *k,
			   const struct kd_memory *memory)
{
	const struct kd_kdump_facts *f = kd_kdump_facts(k);
	struct kd_input *s = &o->input;

	*s = (struct kd_input) {
		.memory = memory,
		.machine = machine_of(kd_kdump_machine(k)),
		.utsname = f->utsname[0],
		.phys_base = f->phys_base,
		.crash_time = f->crash_time,
		.level = f->level,
		.incomplete = kd_kdump_incomplete(k),
		.oddities = o->oddities,
	};
	describe_info(o, k);
	s->n_cpus = count_cpus(s->notes, s->notes_size);
}

static void say(struct owner *o, const char *what)
{
	size_t n = strlen(o->oddities);

	o->input.incomplete = true;
	(void)snprintf(o->oddities + n, sizeof(o->oddities) - n, "%s%s", n ? ", " : "",
		       what);
}

/* The functions below take @view over, whatever comes of it. */
static int open_reader(struct kd_file_view *view, struct kd_kdump **ret,
		       struct kd_error *err)
{
	int r = kd_kdump_open_view(view, /* flags= */ 0, ret, err);

	if (r < 0)
		kd_file_view_free(view);
	return r;
}

static int open_kdump(struct kd_file_view *view, struct kd_input **ret,
		      struct kd_error *err)
{
	struct owner *o = calloc(1, sizeof(*o));
	bool flat = kd_flat_file_opened(view), cut = kd_flat_file_cut(view);
	const struct kd_kdump_facts *f;
	int r;

	if (!o) {
		kd_file_view_free(view);
		return kd_fail(err, -ENOMEM, "dump");
	}
	r = open_reader(view, &o->kdump, err);
	if (r < 0) {
		free(o);
		return r;
	}
	describe_kdump(o, o->kdump, kd_kdump_memory(o->kdump));
	f = kd_kdump_facts(o->kdump);
	o->input.kdump = o->kdump;
	o->input.file_size = f->file_size;
	o->input.flattened = flat;
	o->input.cut = cut;
	if (f->split && (f->start > 0 || f->end < f->max_mapnr))
		say(o, "one part of a split dump");
	if (cut)
		say(o, "a flattened stream without its end");
	*ret = &o->input;
	return 0;
}

static int open_core(struct kd_file_view *view, struct kd_input **ret,
		     struct kd_error *err)
{
	bool flat = kd_flat_file_opened(view), cut = kd_flat_file_cut(view);
	uint64_t size = view->size;
	struct kd_vmcore *core;
	int r;

	r = kd_vmcore_open_view(view, &core, err);
	if (r < 0) {
		kd_file_view_free(view);
		return r;
	}
	r = kd_input_from_core(core, ret, err);
	if (r < 0) {
		kd_vmcore_free(core);
		return r;
	}
	(*ret)->flattened = flat;
	(*ret)->cut = cut;
	(*ret)->file_size = size;
	(*ret)->incomplete |= cut || kd_vmcore_incomplete(core);
	return 0;
}

static int open_view(struct kd_file_view *view, struct kd_input **ret,
		     struct kd_error *err)
{
	char magic[SELFMAG] = "";
	int r;

	r = kd_flat_file_unwrap(&view, err);
	if (r == 0)
		r = kd_file_view_read_all(view, magic, sizeof(magic), 0);
	if (r < 0 && r != -EBADMSG) {
		kd_file_view_free(view);
		return kd_fail(err, r, "signature");
	}
	if (memcmp(magic, ELFMAG, SELFMAG) == 0)
		return open_core(view, ret, err);
	return open_kdump(view, ret, err);
}

/* Takes @view over. */
static int open_named(struct kd_file_view *view, const char *name, struct kd_input **ret,
		      struct kd_error *err)
{
	int r = open_view(view, ret, err);

	if (r == -ENOEXEC) {
		kd_error_reset(err);
		return kd_fail_msg(err, r,
				   "%s: neither an ELF core nor a "
				   "kdump-compressed file",
				   name);
	}
	return r < 0 ? kd_fail(err, r, "%s", name) : 0;
}

int kd_input_open_at(int dir_fd, const char *path, struct kd_input **ret,
		     struct kd_error *err)
{
	struct kd_file_view *view;
	int r;

	r = kd_file_view_open_at(dir_fd, path, &view, err);
	return r < 0 ? r : open_named(view, path, ret, err);
}

int kd_input_open_fd(int fd, const char *name, struct kd_input **ret,
		     struct kd_error *err)
{
	struct kd_file_view *view;
	int r;

	r = kd_file_view_open_fd(fd, name, &view, err);
	return r < 0 ? r : open_named(view, name, ret, err);
}

/** @n of @items are open. */
struct parts {
	struct kd_kdump *items[KD_KDUMP_SET_MAX];
	size_t n;
	bool flattened, cut;
	uint64_t size;
};

static void parts_done(struct parts *p)
{
	while (p->n)
		kd_kdump_free(p->items[--p->n]);
}

static int open_part(struct parts *p, int dir_fd, const char *path, struct kd_error *err)
{
	struct kd_file_view *view;
	int r;

	r = kd_file_view_open_at(dir_fd, path, &view, err);
	if (r < 0)
		return r;
	r = kd_flat_file_unwrap(&view, err);
	if (r < 0) {
		kd_file_view_free(view);
		return kd_fail(err, r, "%s", path);
	}
	p->flattened |= kd_flat_file_opened(view);
	p->cut |= kd_flat_file_cut(view);
	p->size += view->size;
	r = open_reader(view, &p->items[p->n], err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	p->n++;
	return 0;
}

int kd_input_open_set_at(int dir_fd, const char *const paths[], size_t n,
			 struct kd_input **ret, struct kd_error *err)
{
	_cleanup_(parts_done) struct parts parts = { .n = 0 };
	struct owner *o;
	int r;

	if (n == 1)
		return kd_input_open_at(dir_fd, paths[0], ret, err);
	if (n == 0 || n > KD_KDUMP_SET_MAX)
		return kd_fail(err, -E2BIG, "%zu parts", n);
	for (size_t i = 0; i < n; i++) {
		r = open_part(&parts, dir_fd, paths[i], err);
		if (r < 0)
			return r;
	}
	o = calloc(1, sizeof(*o));
	if (!o)
		return kd_fail(err, -ENOMEM, "split dump");
	r = kd_kdump_set_new(parts.items, n, &o->set, err);
	if (r < 0) {
		free(o);
		return kd_fail(err, r, "%s", paths[0]);
	}
	parts.n = 0; /* the set's now */
	describe_kdump(o, kd_kdump_set_first(o->set), kd_kdump_set_memory(o->set));
	o->input.flattened = parts.flattened;
	o->input.cut = parts.cut;
	o->input.file_size = parts.size;
	if (!kd_kdump_set_whole(o->set))
		say(o, "parts of the split dump are missing or incomplete");
	if (parts.cut)
		say(o, "a flattened stream without its end");
	*ret = &o->input;
	return 0;
}
