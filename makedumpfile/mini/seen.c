/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two views of a machine's memory: see seen.h. Reads are passed on as they are; what
 * cannot be read is not noted. Called by mini.c.
 */
#include "makedumpfile/mini/seen.h"

#include <string.h>

#define HELD	   64 /* pages */
#define NO_PAGE	   UINT64_MAX
#define LONG_READS 4  /* pages: not worth holding */
#define LONG_RUN   16 /* pages: to map and unmap fewer costs more than to copy them */

static struct kd_seen *seen(const struct kd_memory *m)
{
	return (struct kd_seen *)m;
}

/* The page @pfn, held; NULL when all of it cannot be read. */
static const uint8_t *hold(struct kd_seen *s, kd_pfn_t pfn)
{
	size_t page = s->memory.page_size;
	uint8_t *held = s->pages + pfn % HELD * page;

	if (s->tags[pfn % HELD] == pfn)
		return held;
	s->tags[pfn % HELD] = NO_PAGE;
	if (kd_memory_read(s->inner, pfn * page, held, page) < 0)
		return NULL;
	s->tags[pfn % HELD] = pfn;
	return held;
}

static int read_held(struct kd_seen *s, kd_paddr_t addr, uint8_t *buf, size_t size)
{
	size_t page = s->memory.page_size, n;

	if (size > LONG_READS * page)
		return s->inner->ops->read(s->inner, addr, buf, size);
	for (; size > 0; addr += n, buf += n, size -= n) {
		const uint8_t *held = hold(s, addr / page);
		int r;

		n = MIN(size, page - addr % page);
		if (held) {
			memcpy(buf, held + addr % page, n);
			continue;
		}
		r = s->inner->ops->read(s->inner, addr, buf, n);
		if (r < 0)
			return r;
	}
	return 0;
}

static int noting_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	struct kd_seen *s = seen(m);
	int r = read_held(s, addr, buf, size);

	if (r < 0 || s->paused)
		return r;
	for (kd_pfn_t pfn = addr / m->page_size; pfn <= (addr + size - 1) / m->page_size;
	     pfn++)
		(void)kd_frames_add(s->frames, pfn);
	return 0;
}

static bool has(const struct kd_seen *s, kd_paddr_t addr, size_t size)
{
	kd_pfn_t first = addr / s->memory.page_size, from = first, end;

	return kd_frames_next(s->frames, &from, &end) && from == first &&
	       end > (addr + size - 1) / s->memory.page_size;
}

static int only_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_seen *s = seen(m);

	return has(s, addr, size) ? s->inner->ops->read(s->inner, addr, buf, size)
				  : -ENODATA;
}

/* Of a long run of frames what is left of it; a read serves for the others. */
static int only_map(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		    const void **ret_map, struct kd_extent *ret_slice)
{
	const struct kd_seen *s = seen(m);
	kd_pfn_t pfn = addr / m->page_size, from = pfn, end;

	if (!s->inner->ops->map)
		return -ENOTSUP;
	if (!kd_frames_next(s->frames, &from, &end) || from != pfn ||
	    end - from < LONG_RUN)
		return -ENODATA;
	return s->inner->ops->map(s->inner, addr,
				  (size_t)MIN((uint64_t)want, end * m->page_size - addr),
				  ret_map, ret_slice);
}

static void only_unmap(const struct kd_memory *m, const void *map, struct kd_extent slice)
{
	const struct kd_seen *s = seen(m);

	s->inner->ops->unmap(s->inner, map, slice);
}

static int only_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	return kd_frames_next(seen(m)->frames, from, ret_end) ? 1 : 0;
}

static void init(struct kd_seen *ret, const struct kd_memory *inner,
		 struct kd_frames *frames, const struct kd_memory_ops *ops)
{
	*ret = (struct kd_seen) {
		.memory = { .ops = ops,
			    .extents = inner->extents,
			    .n_extents = inner->n_extents,
			    .page_size = inner->page_size },
		.inner = inner,
		.frames = frames,
	};
}

int kd_seen_init(struct kd_seen *ret, const struct kd_memory *inner,
		 struct kd_frames *frames, struct kd_error *err)
{
	/* not mapped: a mapping would not tell what of it was read */
	static const struct kd_memory_ops ops = { .read = noting_read };

	init(ret, inner, frames, &ops);
	ret->pages = malloc((size_t)HELD * inner->page_size);
	ret->tags = malloc(HELD * sizeof(*ret->tags));
	if (!ret->pages || !ret->tags) {
		kd_seen_done(ret);
		return kd_fail(err, -ENOMEM, "mini dump");
	}
	for (size_t i = 0; i < HELD; i++)
		ret->tags[i] = NO_PAGE;
	return 0;
}

void kd_seen_done(struct kd_seen *s)
{
	free(s->pages);
	free(s->tags);
	s->pages = NULL;
	s->tags = NULL;
}

void kd_seen_only(struct kd_seen *ret, const struct kd_memory *inner,
		  struct kd_frames *frames)
{
	static const struct kd_memory_ops ops = { .read = only_read,
						  .map = only_map,
						  .unmap = only_unmap,
						  .present = only_present };

	init(ret, inner, frames, &ops);
}
