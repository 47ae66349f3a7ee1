/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page as a zstd frame, made for kernel memory and for speed: libzstd at its fastest
 * spends a third of its time on tables for each page anew. Here they are constants, of
 * what kernel memory is like, and a page takes two thirds of the time for a twelfth more
 * bytes. Any reader of zstd takes the frames (RFC 8878). Used by codec-zstd.c.
 */
#pragma once

#include "base/guard.h"
#include "base/types.h"

struct kd_zstd_quick;

/** Make what frames of pages of @page_size bytes need: from 4096 to 65536, -EINVAL
 *  otherwise. *ret is owned by the caller. */
int kd_zstd_quick_new(size_t page_size, struct kd_zstd_quick **ret);
void kd_zstd_quick_free(struct kd_zstd_quick *q);
KD_DEFINE_GUARD(struct kd_zstd_quick, kd_zstd_quick_free)

/** Make a frame of @page. @size: a power of 2, from 4096 to what @q was made for. Returns
 *  how many bytes of the @room at @dst it takes, 0 when there is too little. */
size_t kd_zstd_quick_page(struct kd_zstd_quick *q, const uint8_t *page, size_t size,
			  uint8_t *dst, size_t room);
