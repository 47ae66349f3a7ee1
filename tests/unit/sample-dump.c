/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine for the tests of format/: see sample-dump.h.
 */
#include "tests/unit/sample-dump.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

enum sample_page sample_kind(kd_pfn_t pfn, bool whole)
{
	static const enum sample_page kinds[] = {
		SAMPLE_TEXT,  SAMPLE_ZERO,     SAMPLE_TEXT,	SAMPLE_NOISE,
		SAMPLE_TEXT,  SAMPLE_EXCLUDED, SAMPLE_ZERO,	SAMPLE_UNREADABLE,
		SAMPLE_NOISE, SAMPLE_TEXT,     SAMPLE_EXCLUDED,
	};
	enum sample_page kind = kinds[pfn % ARRAY_SIZE(kinds)];

	if (pfn >= 100 && pfn < 180)
		return SAMPLE_HOLE;
	return whole && kind == SAMPLE_UNREADABLE ? SAMPLE_TEXT : kind;
}

int sample_expected(kd_pfn_t pfn, bool whole)
{
	switch (sample_kind(pfn, whole)) {
	case SAMPLE_HOLE:
	case SAMPLE_EXCLUDED:
		return -ENODATA;
	case SAMPLE_UNREADABLE:
		return -EIO;
	default:
		return 0;
	}
}

void sample_fill(kd_pfn_t pfn, bool whole, uint8_t *page, size_t size)
{
	uint64_t x = pfn * 0x9e3779b97f4a7c15ULL + 1;

	memset(page, 0, size);
	switch (sample_kind(pfn, whole)) {
	case SAMPLE_TEXT:
		for (size_t i = 0; i + 32 <= size; i += 32)
			(void)snprintf((char *)page + i, 32, "frame %llu at %zu",
				       (unsigned long long)pfn, i % 256);
		break;
	case SAMPLE_NOISE:
		for (size_t i = 0; i < size; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			page[i] = (uint8_t)(x >> 32);
		}
		break;
	default:
		break;
	}
}

/* One CPU's registers, all zeros, and VMCOREINFO, as ELF notes. */
static void sample_notes(struct sample *s)
{
	static const uint32_t info_note[] = { 11, sizeof(SAMPLE_INFO) - 1, 0 };

	memcpy(s->notes, info_note, sizeof(info_note));
	memcpy(s->notes + 12, "VMCOREINFO", 11);
	memcpy(s->notes + 24, SAMPLE_INFO, sizeof(SAMPLE_INFO) - 1);
	s->info.notes = s->notes;
	s->info.notes_size = kd_align_up(24 + sizeof(SAMPLE_INFO) - 1, 4);
	s->info.info_offset = 24;
	s->info.info_size = sizeof(SAMPLE_INFO) - 1;
}

void sample_init_frames(struct sample *s, kd_pfn_t frames)
{
	static const char *const uts[] = { "Linux",	    "host",   "6.1.0-sample",
					   "#1 SMP sample", "x86_64", "(none)" };

	*s = (struct sample) { .page_size = 4096,
			       .codec = KD_CODEC_ZSTD,
			       .complete = true,
			       .frames = frames };
	sample_notes(s);
	for (size_t i = 0; i < ARRAY_SIZE(uts); i++)
		memcpy(s->info.utsname + 65 * i, uts[i], strlen(uts[i]));
	s->info.phys_base = 0x1000000;
	s->info.max_mapnr = frames;
	s->info.crash_time = 1700000000;
	s->info.dump_level = 31;
	s->info.n_cpus = 2;
	s->info.codec_level = KD_CODEC_LEVEL_DEFAULT;
	for (kd_pfn_t pfn = 0; pfn < frames; pfn++) {
		enum sample_page kind = sample_kind(pfn, s->whole);
		uint8_t bit = (uint8_t)(1U << pfn % 8);

		if (kind == SAMPLE_HOLE)
			continue;
		s->exists[pfn / 8] |= bit;
		if (kind == SAMPLE_EXCLUDED)
			continue;
		s->kept[pfn / 8] |= bit;
		s->n_described++;
	}
}

void sample_init(struct sample *s)
{
	sample_init_frames(s, SAMPLE_FRAMES);
}

void sample_split(struct sample *s, kd_pfn_t start, kd_pfn_t end)
{
	s->info.split = true;
	s->info.start_pfn = start;
	s->info.end_pfn = end;
	s->n_described = 0;
	for (kd_pfn_t pfn = start; pfn < end; pfn++)
		s->n_described += s->kept[pfn / 8] >> pfn % 8 & 1;
}

/* All kept pages through a lane, in batches of 10. */
static int give_pages(struct sample *s, struct kd_lane *lane)
{
	_cleanup_(kd_freep) uint8_t *page = malloc(s->page_size);
	uint64_t number = 0;
	int r = 0;

	if (!page)
		return -ENOMEM;
	for (kd_pfn_t pfn = 0; pfn < s->frames && r == 0; pfn++) {
		enum sample_page kind = sample_kind(pfn, s->whole);

		if (kind == SAMPLE_HOLE || kind == SAMPLE_EXCLUDED)
			continue;
		if (s->info.split && (pfn < s->info.start_pfn || pfn >= s->info.end_pfn))
			continue;
		if (number % 10 == 0)
			r = lane->ops->start(lane, number);
		number++;
		sample_fill(pfn, s->whole, page, s->page_size);
		if (r == 0)
			r = lane->ops->page(lane, pfn,
					    kind == SAMPLE_UNREADABLE ? NULL : page);
	}
	return r < 0 ? r : lane->ops->flush(lane);
}

int sample_pages(struct sample *s, struct kd_writer *w)
{
	_cleanup_(kd_lane_freep) struct kd_lane *lane = NULL;
	int r = w->ops->lane_new(w, &lane, NULL);

	return r < 0 ? r : give_pages(s, lane);
}

int sample_write(struct sample *s, struct kd_sink *sink, struct kd_error *err)
{
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;
	struct kd_writer *base;
	int r, q;

	s->info.page_size = s->page_size;
	s->info.codec = s->codec;
	r = kd_kdump_writer_new(&s->info, sink, &w, err);
	if (r < 0)
		return r;
	base = kd_kdump_writer_base(w);
	r = kd_kdump_writer_bitmaps(w, 0, s->exists, s->kept, 16);
	if (r == 0 && s->frames > 128)
		r = kd_kdump_writer_bitmaps(w, 128, s->exists + 16, s->kept + 16,
					    sizeof(s->kept) - 16);
	if (r == 0)
		r = kd_kdump_writer_describe(w, s->n_described, /* in_place= */ false);
	if (r == 0)
		r = sample_pages(s, base);
	q = base->ops->finish(base, r == 0 && s->complete, err);
	base->ops->counts(base, &s->counts);
	return r < 0 ? r : q;
}

int sample_make(struct sample *s, struct memory_sink *ret)
{
	memory_sink_init(ret);
	return sample_write(s, &ret->sink, NULL);
}

int sample_file(const void *data, size_t size)
{
	_cleanup_(kd_closep) int fd = memfd_create("dump", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = kd_pwrite_full(fd, data, size, 0);
	return r < 0 ? r : TAKE_FD(fd);
}

int sample_open(int fd, struct kd_kdump **ret, struct kd_error *err)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return kd_kdump_open_at(AT_FDCWD, path, ret, err);
}

int sample_open_bytes(const struct memory_sink *m, struct kd_kdump **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);

	return fd < 0 ? fd : sample_open(fd, ret, err);
}

int sample_read(const struct kd_kdump *k, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_memory *m = kd_kdump_memory(k);

	return m->ops->read(m, addr, buf, size);
}
