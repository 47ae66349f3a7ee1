/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the dead kernel, put together from the best sources there are: the
 * layout file where it is that kernel's, vmcoreinfo, or nothing, in which case every
 * page is kept. Each step down is told. Called by dump.c alone.
 */
#pragma once

#include "makedumpfile/dump.h"
#include "makedumpfile/pages/scan.h"

/**
 * @xlat:   valid unless has_xlat is false
 * @memmap: valid when @knowledge is not KD_KNOW_NOTHING
 */
struct kd_know {
	enum kd_dump_knowledge knowledge;
	bool has_xlat;
	struct kd_layout layout;
	struct kd_xlat xlat;
	struct kd_memmap memmap;
};

/** Tell a degradation in words, cut at KD_ERROR_SIZE. */
void kd_dump_note(const struct kd_dump_request *request, const char *fmt, ...)
	_printf_(2, 3);

/**
 * Find out all that can be. Never fails: it ends at KD_KNOW_NOTHING.
 * @window: bytes of the buffer for struct pages
 */
void kd_know_init(struct kd_know *ret, const struct kd_dump_request *request,
		  size_t window);
void kd_know_done(struct kd_know *know);

/** Set up @ret for @level with what is known; when struct page cannot be decoded all of
 *  it is forgotten, and every page kept. @keep: classes, 1U << class, that stay. */
void kd_know_scan(struct kd_know *know, const struct kd_dump_request *request,
		  unsigned int level, unsigned int keep, struct kd_scan *ret);
