/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Salvage: see salvage.h. An ELF core keeps its layout, with program headers that promise
 * what is there: the rest of a segment becomes memory that is left out. Called by
 * run-salvage.c.
 */
#include "makedumpfile/inspect/salvage.h"

#include <elf.h>
#include <string.h>

#include "base/io.h"
#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/vmcore/elf-headers.h"

#define COPY_SIZE      ((size_t)1 << 20)
#define PAGE	       4096U
/* e_flags of an ELF dump that is not whole, makedumpfile's DUMP_ELF_INCOMPLETE */
#define ELF_INCOMPLETE 1U

static bool all_zero(const uint8_t *data, size_t size)
{
	return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

/* Zeros become holes. A piece that cannot be read stays one. A file may claim to be as
 * long as there are numbers: only what came with it is visited. */
static int copy_file(const struct kd_file_view *from, int fd)
{
	_cleanup_(kd_freep) uint8_t *buf = malloc(COPY_SIZE);

	if (!buf)
		return -ENOMEM;
	for (uint64_t at = kd_file_view_data(from, 0); at < from->size;
	     at = kd_file_view_data(from, at + COPY_SIZE)) {
		ssize_t n = kd_file_view_read(from, buf, COPY_SIZE, at);
		int r = 0;

		if (n == 0)
			break;
		if (n > 0 && !all_zero(buf, (size_t)n))
			r = kd_pwrite_full(fd, buf, (size_t)n, at);
		if (r < 0)
			return r;
	}
	return ftruncate(fd, (off_t)from->size) < 0 ? -errno : 0;
}

static int cut_segments(const struct kd_elf *elf, int fd,
			struct kd_salvage_report *report, struct kd_error *err)
{
	struct kd_elf_segment s;
	int r;

	for (uint32_t i = 0; i < elf->phnum; i++) {
		uint64_t at = elf->phoff + (uint64_t)i * sizeof(Elf64_Phdr), there;

		r = kd_elf_segment(elf, i, &s, err);
		if (r < 0)
			return r;
		there = s.offset < elf->size ? MIN(s.filesz, elf->size - s.offset) : 0;
		/* half a page is none: readers would call it corrupt */
		if (s.type == PT_LOAD && there < s.filesz)
			there -= MIN(there, (s.paddr + there) % PAGE);
		if (s.type == PT_LOAD) {
			if (__builtin_add_overflow(report->bytes, s.filesz,
						   &report->bytes))
				report->bytes = UINT64_MAX;
			report->saved_bytes += there;
		}
		if (there == s.filesz)
			continue;
		r = kd_pwrite_full(fd, &there, sizeof(there),
				   at + offsetof(Elf64_Phdr, p_filesz));
		if (r < 0)
			return kd_fail(err, r, "program header %u", i);
	}
	return 0;
}

static int salvage_elf(const struct kd_file_view *view, bool cut, int fd,
		       struct kd_salvage_report *report, struct kd_error *err)
{
	struct kd_elf elf;
	uint32_t flags = 0;
	int r;

	r = kd_elf_init_view(&elf, view, err);
	if (r < 0)
		return r;
	report->elf = true;
	r = copy_file(view, fd);
	if (r < 0)
		return kd_fail(err, r, "copy");
	r = cut_segments(&elf, fd, report, err);
	if (r < 0)
		return r;
	report->counts.whole = !cut && report->bytes == report->saved_bytes;
	r = kd_file_view_read_all(view, &flags, sizeof(flags),
				  offsetof(Elf64_Ehdr, e_flags));
	flags |= ELF_INCOMPLETE;
	if (r == 0 && !report->counts.whole)
		r = kd_pwrite_full(fd, &flags, sizeof(flags),
				   offsetof(Elf64_Ehdr, e_flags));
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r < 0 ? kd_fail(err, r, "header") : 0;
}

/* @view: taken over. */
static int salvage_kdump(struct kd_file_view *view, bool cut, int fd,
			 const struct kd_kdump_verify *how,
			 struct kd_salvage_report *report, struct kd_error *err)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	int r;

	r = kd_kdump_open_view(view, KD_KDUMP_DAMAGED, &k, err);
	if (r < 0) {
		kd_file_view_free(view);
		return r;
	}
	return kd_kdump_salvage(k, fd, cut, how, &report->counts, err);
}

int kd_salvage_at(int dir_fd, const char *path, int fd, const struct kd_kdump_verify *how,
		  struct kd_salvage_report *ret, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	struct kd_salvage_report report = { .elf = false };
	char magic[SELFMAG] = "";
	bool cut;
	int r;

	r = kd_file_view_open_at(dir_fd, path, &view, err);
	if (r < 0)
		return r;
	r = kd_flat_file_unwrap(&view, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	cut = kd_flat_file_cut(view);
	r = kd_file_view_read_all(view, magic, sizeof(magic), 0);
	if (r == 0 && memcmp(magic, ELFMAG, SELFMAG) == 0)
		r = salvage_elf(view, cut, fd, &report, err);
	else
		r = salvage_kdump(TAKE_PTR(view), cut, fd, how, &report, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	*ret = report;
	return 0;
}
