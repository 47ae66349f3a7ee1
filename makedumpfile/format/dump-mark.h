/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a dump says that it is not whole, told from its first bytes. Pure; trusts nothing
 * in them. Used by what writes a dump without having made it.
 */
#pragma once

#include "base/types.h"

/* What of a dump's start is needed, bytes. */
#define KD_DUMP_HEAD_SIZE 512

/** The bits @mask of the byte at @offset, below KD_DUMP_HEAD_SIZE. */
struct kd_dump_mark {
	uint64_t offset;
	uint8_t mask;
};

/**
 * Find the mark in the first KD_DUMP_HEAD_SIZE bytes of a dump: kdump-compressed
 * (docs/format-kdump.md 2.2) or ELF (docs/format-elf.md 2), any byte order and word size.
 * Returns whether it is either.
 */
bool kd_dump_mark_find(const uint8_t *head, struct kd_dump_mark *ret);
