/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The INCOMPLETE mark of a dump's header: see dump-mark.h. Pure; looks at bytes
 * that may be anything. Called by flat-rearrange.c.
 */
#include "makedumpfile/format/dump-mark.h"

#include <elf.h>
#include <string.h>

#include "makedumpfile/format/kdump-format.h"

/* struct disk_dump_header of a 32-bit machine: no padding behind the names, two words
 * of time. docs/format-kdump.md 2 has the 64-bit one. */
#define STATUS_32     412U
#define BLOCK_SIZE_32 416U

/* DUMP_ELF_INCOMPLETE: bit 0 of e_flags, docs/format-elf.md 2 */
#define ELF_INCOMPLETE 0x1U

static uint32_t word(const uint8_t *head, size_t offset, bool big)
{
	uint32_t v;

	memcpy(&v, head + offset, sizeof(v));
	return big ? __builtin_bswap32(v) : v;
}

static bool sane_block_size(uint32_t n)
{
	return kd_is_power_of_2(n) && n >= KD_KDUMP_BLOCK_MIN && n <= KD_KDUMP_BLOCK_MAX;
}

/* The byte of the word at @offset that has the lowest bits. */
static struct kd_dump_mark lowest(size_t offset, bool big, uint32_t mask)
{
	return (struct kd_dump_mark) { .offset = offset + (big ? 3 : 0),
				       .mask = (uint8_t)mask };
}

static struct kd_dump_mark find_kdump(const uint8_t *head)
{
	bool big = word(head, offsetof(struct kd_kdump_header, version), false) > 0xffff;
	bool wide = sane_block_size(
		word(head, offsetof(struct kd_kdump_header, block_size), big));
	bool narrow = sane_block_size(word(head, BLOCK_SIZE_32, big));

	/* The 64-bit layout has microseconds where the other has its block size. */
	return lowest(narrow && !wide ? STATUS_32
				      : offsetof(struct kd_kdump_header, status),
		      big, KD_KDUMP_STATUS_INCOMPLETE);
}

static struct kd_dump_mark find_elf(const uint8_t *head)
{
	return lowest(head[EI_CLASS] == ELFCLASS32 ? offsetof(Elf32_Ehdr, e_flags)
						   : offsetof(Elf64_Ehdr, e_flags),
		      head[EI_DATA] == ELFDATA2MSB, ELF_INCOMPLETE);
}

bool kd_dump_mark_find(const uint8_t *head, struct kd_dump_mark *ret)
{
	if (memcmp(head, KD_KDUMP_SIGNATURE, strlen(KD_KDUMP_SIGNATURE)) == 0)
		*ret = find_kdump(head);
	else if (memcmp(head, ELFMAG, SELFMAG) == 0)
		*ret = find_elf(head);
	else
		return false;
	return true;
}
