/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loader's cache, see elf-needs.h. Its format is glibc's own:
 * sysdeps/generic/dl-cache.h, struct cache_file_new; ldconfig has written no other
 * since glibc 2.32. Trusts no offset in it. Called by closure.
 */
#include <string.h>

#include "capture-kernel/image/elf-needs.h"

#define MAGIC "glibc-ld.so.cache1.1"

struct cache_header {
	char magic[sizeof(MAGIC) - 1];
	uint32_t n_libs;
	uint32_t strings_size;
	uint8_t flags;
	uint8_t padding[3];
	uint32_t extension;
	uint32_t unused[3];
};

struct cache_entry {
	int32_t flags;
	uint32_t key; /* offsets from the start of the file */
	uint32_t value;
	uint32_t os_version;
	uint64_t hwcap; /* 0: for every processor */
};

_Static_assert(sizeof(struct cache_header) == 48, "dl-cache.h");
_Static_assert(sizeof(struct cache_entry) == 24, "dl-cache.h");

static const char *string_at(const char *cache, size_t size, uint32_t at)
{
	if (at >= size || !memchr(cache + at, '\0', size - at))
		return NULL;
	return cache + at;
}

const char *kd_ld_cache_next(const char *cache, size_t size, const char *soname,
			     size_t *pos)
{
	struct cache_header header;
	struct cache_entry entry;
	size_t n;

	if (size < sizeof(header))
		return NULL;
	memcpy(&header, cache, sizeof(header));
	if (memcmp(header.magic, MAGIC, sizeof(header.magic)) != 0)
		return NULL;
	n = MIN((size_t)header.n_libs, (size - sizeof(header)) / sizeof(entry));

	while (*pos < n) {
		const char *key, *value;

		memcpy(&entry, cache + sizeof(header) + *pos * sizeof(entry),
		       sizeof(entry));
		(*pos)++;
		key = string_at(cache, size, entry.key);
		value = string_at(cache, size, entry.value);
		if (key && value && entry.hwcap == 0 && value[0] == '/' &&
		    strcmp(key, soname) == 0)
			return value;
	}
	return NULL;
}
