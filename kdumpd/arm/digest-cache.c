/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remembered digests: see digest-cache.h. The file lies in a folder only root can write
 * to; still every line is checked and a bad one ends the reading. Called by key.c.
 */
#include "kdumpd/arm/digest-cache.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"
#include "base/strbuf.h"

#define FILE_MAX  (1u << 20)
#define LINE_SIZE 256
#define SECOND	  1000000000ull
#define SETTLED	  (2 * SECOND)

static bool parse_line(const struct kd_lines *it, struct kd_digest_entry *e)
{
	uint64_t *numbers[] = { &e->device, &e->inode, &e->size, &e->ctime };
	char line[LINE_SIZE], *rest = line, *word;

	if (it->length >= sizeof(line))
		return false;
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		word = strsep(&rest, " ");
		if (!word || kd_parse_u64(word, numbers[i]) < 0)
			return false;
	}
	if (!rest || strlen(rest) != KD_DIGEST_HEX - 1 ||
	    strspn(rest, "0123456789abcdef") != KD_DIGEST_HEX - 1)
		return false;
	memcpy(e->hex, rest, KD_DIGEST_HEX);
	return true;
}

struct kd_digest_cache *kd_digest_cache_load(int root_fd)
{
	struct kd_digest_cache *cache = calloc(1, sizeof(*cache));
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_lines it;
	size_t size;

	if (!cache || kd_read_file_at(root_fd, KD_DIGEST_CACHE_PATH, FILE_MAX, &text,
				      &size, NULL) < 0)
		return cache;
	it = (struct kd_lines) { .rest = text, .left = size };
	while (cache->n < KD_DIGEST_CACHE_ENTRIES && kd_lines_next(&it) &&
	       parse_line(&it, &cache->entries[cache->n]))
		cache->n++;
	return cache;
}

int kd_digest_cache_save(int root_fd, struct kd_digest_cache *cache)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b = { 0 };
	int r;

	if (!cache->dirty)
		return 0;
	kd_strbuf_init(&b, FILE_MAX);
	for (size_t i = 0; i < cache->n; i++) {
		const struct kd_digest_entry *e = &cache->entries[i];

		kd_strbuf_addf(&b, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n",
			       e->device, e->inode, e->size, e->ctime, e->hex);
	}
	if (b.status < 0)
		return b.status;
	r = kd_replace_file_at(root_fd, KD_DIGEST_CACHE_PATH, kd_strbuf_text(&b),
			       b.length, 0600, NULL);
	if (r >= 0)
		cache->dirty = false;
	return r;
}

/* The entry of that file, whatever its state; a new one while there is room. */
static struct kd_digest_entry *entry_of(struct kd_digest_cache *cache,
					const struct stat *st)
{
	for (size_t i = 0; i < cache->n; i++)
		if (cache->entries[i].device == st->st_dev &&
		    cache->entries[i].inode == st->st_ino)
			return &cache->entries[i];
	if (cache->n == KD_DIGEST_CACHE_ENTRIES)
		return NULL;
	cache->entries[cache->n] = (struct kd_digest_entry) { .device = st->st_dev,
							      .inode = st->st_ino };
	return &cache->entries[cache->n++];
}

int kd_digest_cached(struct kd_digest_cache *cache, int fd, uint64_t now,
		     char ret[KD_DIGEST_HEX])
{
	struct kd_digest_entry *e;
	struct stat st;
	uint64_t ctime;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	ctime = (uint64_t)st.st_ctim.tv_sec * SECOND + (uint64_t)st.st_ctim.tv_nsec;
	e = entry_of(cache, &st);
	if (e && e->hex[0] && e->size == (uint64_t)st.st_size && e->ctime == ctime) {
		memcpy(ret, e->hex, KD_DIGEST_HEX);
		return 0;
	}
	r = kd_digest_fd(fd, ret);
	if (r < 0 || !e)
		return r;
	e->size = (uint64_t)st.st_size;
	e->ctime = ctime;
	e->hex[0] = '\0';
	if (ctime + SETTLED < now)
		memcpy(e->hex, ret, KD_DIGEST_HEX);
	cache->dirty = true;
	return 0;
}
