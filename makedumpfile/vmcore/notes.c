/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walk over ELF notes: see notes.h. Trusts no size field; works on unaligned buffers.
 * Called by elf-core.c and layout/running.c.
 */
#include "makedumpfile/vmcore/notes.h"

#include <elf.h>
#include <string.h>

#include "base/guard.h"

/* VMCOREINFO_NOTE_NAME, include/linux/vmcore_info.h; the owner's size counts its NUL */
#define VMCOREINFO_NAME "VMCOREINFO"

/* Decode the note at @at; false when it does not fit into what is left. */
static bool decode(struct kd_notes *it, const Elf64_Nhdr *h)
{
	const char *base = it->data;
	/* 64-bit sums of 32-bit sizes cannot overflow */
	uint64_t name = (uint64_t)it->at + sizeof(*h);
	uint64_t desc = name + kd_align_up(h->n_namesz, 4);
	uint64_t end = desc + h->n_descsz;

	if (desc > it->size || end > it->size)
		return false;
	it->type = h->n_type;
	it->name = base + name;
	it->name_size = strnlen(it->name, h->n_namesz);
	it->desc = base + desc;
	it->desc_size = h->n_descsz;
	/* the last note's padding may be missing */
	it->at = (size_t)MIN(kd_align_up(end, 4), (uint64_t)it->size);
	return true;
}

bool kd_notes_next(struct kd_notes *it)
{
	while (!it->broken && it->size - it->at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr h;

		memcpy(&h, (const char *)it->data + it->at, sizeof(h));
		/* nobody writes notes without an owner: this is padding, and its last
		 * words would pass for one */
		if (!h.n_namesz) {
			it->at += sizeof(h.n_namesz);
			continue;
		}
		if (decode(it, &h))
			return true;
		it->broken = true;
	}
	return false;
}

bool kd_notes_is(const struct kd_notes *it, const char *owner, uint32_t type)
{
	return it->type == type && it->name_size == strlen(owner) &&
	       memcmp(it->name, owner, it->name_size) == 0;
}

/* A note header in front of the owner's name at @name, believed only as far as the
 * buffer goes. */
static bool note_at_name(const void *data, size_t size, size_t name, struct kd_notes *ret)
{
	struct kd_notes it = { .data = data, .size = size };
	Elf64_Nhdr h;

	if (name < sizeof(h))
		return false;
	it.at = name - sizeof(h);
	memcpy(&h, (const char *)data + it.at, sizeof(h));
	if (h.n_namesz != sizeof(VMCOREINFO_NAME) || !decode(&it, &h))
		return false;
	*ret = it;
	return true;
}

static bool search(const void *data, size_t size, struct kd_notes *ret)
{
	const char *p = data, *end = p + size;

	while ((p = memmem(p, (size_t)(end - p), VMCOREINFO_NAME,
			   sizeof(VMCOREINFO_NAME)))) {
		if (note_at_name(data, size, (size_t)(p - (const char *)data), ret))
			return true;
		p++;
	}
	return false;
}

int kd_notes_find_vmcoreinfo(const void *data, size_t size, size_t *ret_offset,
			     size_t *ret_size)
{
	struct kd_notes it = { .data = data, .size = size };
	bool found = false;

	if (!size)
		return -ENODATA;
	while (!found && kd_notes_next(&it))
		found = kd_notes_is(&it, VMCOREINFO_NAME, 0);
	if (!found && !search(data, size, &it))
		return -ENODATA;
	*ret_offset = (size_t)((const char *)it.desc - (const char *)data);
	*ret_size = it.desc_size;
	return 0;
}

size_t kd_notes_info_bytes(size_t size)
{
	return KD_NOTES_INFO_HEAD + (size_t)kd_align_up(size, 4);
}

void kd_notes_put_info(char *to, const char *text, size_t size)
{
	const Elf64_Nhdr head = { .n_namesz = sizeof(VMCOREINFO_NAME),
				  .n_descsz = (uint32_t)size };

	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), VMCOREINFO_NAME, sizeof(VMCOREINFO_NAME));
	memcpy(to + KD_NOTES_INFO_HEAD, text, size);
}
