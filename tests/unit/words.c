/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is a few words: see words.h. Read a word at a time, as page walks do;
 * anything else is an error of theirs.
 */
#include "tests/unit/words.h"

#include <string.h>

static int words_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct words *w = (const struct words *)m;
	uint64_t value = 0;

	if (size != sizeof(value))
		return -EIO;
	for (size_t i = 0; i < w->n; i++)
		if (w->word[i].at == addr)
			value = w->word[i].value;
	memcpy(buf, &value, sizeof(value));
	return 0;
}

static const struct kd_memory_ops words_ops = { .read = words_read };

int words_start(struct words *w, uint16_t machine, unsigned int bits, const char *info,
		struct kd_xlat *ret)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *parsed = NULL;

	w->all = (struct kd_extent) { 0, UINT64_C(1) << bits };
	w->memory = (struct kd_memory) { &words_ops, &w->all, 1, 4096 };
	if (kd_vmcoreinfo_new(info, strlen(info), &parsed, NULL) < 0)
		return -EINVAL;
	(void)kd_vmcoreinfo_page_size(parsed, &w->memory.page_size);
	return kd_xlat_init(ret, &w->memory, machine, parsed, NULL);
}
