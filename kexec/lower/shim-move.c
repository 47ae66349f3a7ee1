/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moves segments out of the blob they lie in, to places that may be inside of it. Packed
 * in the order of their places, no two can be in each other's way: one that moves down can
 * only lie over earlier ones, and those that it reaches move down as well; the other way
 * round for one that moves up. So downward moves are done from the first segment on,
 * upward ones from the last. Zeros come when nothing is left to be moved. Called by shim.c.
 */
#include "kexec/lower/shim.h"

/* rep movs, for a copy loop in C may become a call of memcpy() */
static void copy(uint64_t to, uint64_t from, uint64_t n)
{
	if (to <= from) {
		__asm__ volatile("rep movsb"
				 : "+D"(to), "+S"(from), "+c"(n)
				 :
				 : "memory");
		return;
	}
	to += n - 1;
	from += n - 1;
	__asm__ volatile("std\n\trep movsb\n\tcld"
			 : "+D"(to), "+S"(from), "+c"(n)
			 :
			 : "memory");
}

static void clear(uint64_t at, uint64_t n)
{
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(0) : "memory");
}

void kd_shim_move(uint64_t base, const struct kd_shim_params *params)
{
	const struct kd_shim_segment *s = params->segments, *end = s + params->n;

	for (const struct kd_shim_segment *i = s; i < end; i++) {
		if (i->bufsz && i->mem < base + i->from)
			copy(i->mem, base + i->from, i->bufsz);
	}
	for (const struct kd_shim_segment *i = end; i-- > s;) {
		if (i->bufsz && i->mem > base + i->from)
			copy(i->mem, base + i->from, i->bufsz);
	}
	for (const struct kd_shim_segment *i = s; i < end; i++)
		clear(i->mem + i->bufsz, i->memsz - i->bufsz);
}
