/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO text as typed look-ups: see vmcoreinfo.h. Trusts nothing: the text may be
 * cut anywhere and hold any byte. Called by elf-core.c, xlat and the layout sources.
 */
#include "makedumpfile/vmcore/vmcoreinfo.h"

#include <string.h>

#include "base/parse.h"

/* "OFFSET(page.compound_head)"; the longest the kernel has is under 60 bytes */
#define KEY_SIZE 128

/* PAGESIZE of the ports of Linux (arch/hexagon: 256 KiB at most) */
#define PAGE_SIZE_MIN 4096
#define PAGE_SIZE_MAX 262144

struct entry {
	const char *key;
	const char *value;
};

/** @text: owned copy, cut at each '=' and newline; the entries point into it */
struct kd_vmcoreinfo {
	char *text;
	struct entry *entries;
	size_t n_entries;
	unsigned int dropped;
};

static size_t count_lines(const char *text, size_t size)
{
	size_t n = 1;

	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

static void parse(struct kd_vmcoreinfo *info)
{
	char *line = info->text, *next, *eq;

	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		eq = strchr(line, '=');
		if (eq && eq != line) {
			*eq = '\0';
			info->entries[info->n_entries++] = (struct entry) { line,
									    eq + 1 };
		} else if (*line) {
			info->dropped++;
		}
	}
}

int kd_vmcoreinfo_new(const char *text, size_t size, struct kd_vmcoreinfo **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;

	size = strnlen(text, MIN(size, (size_t)KD_VMCOREINFO_MAX));
	info = calloc(1, sizeof(*info));
	if (!info)
		return kd_fail(err, -ENOMEM, "VMCOREINFO");
	info->text = strndup(text, size);
	info->entries = calloc(count_lines(text, size), sizeof(*info->entries));
	if (!info->text || !info->entries)
		return kd_fail(err, -ENOMEM, "VMCOREINFO");
	parse(info);
	if (!info->n_entries)
		return kd_fail_msg(err, -EBADMSG, "VMCOREINFO has no usable line");
	*ret = TAKE_PTR(info);
	return 0;
}

void kd_vmcoreinfo_free(struct kd_vmcoreinfo *info)
{
	if (!info)
		return;
	free(info->text);
	free(info->entries);
	free(info);
}

unsigned int kd_vmcoreinfo_dropped(const struct kd_vmcoreinfo *info)
{
	return info->dropped;
}

const char *kd_vmcoreinfo_string(const struct kd_vmcoreinfo *info, const char *key)
{
	for (size_t i = info->n_entries; i-- > 0;)
		if (strcmp(info->entries[i].key, key) == 0)
			return info->entries[i].value;
	return NULL;
}

static const char *find(const struct kd_vmcoreinfo *info, const char *kind,
			const char *name)
{
	char key[KEY_SIZE];
	int n = snprintf(key, sizeof(key), "%s(%s)", kind, name);

	if (n < 0 || (size_t)n >= sizeof(key))
		return NULL;
	return kd_vmcoreinfo_string(info, key);
}

static int unsigned_value(const char *text, int (*parse_number)(const char *, uint64_t *),
			  uint64_t *ret)
{
	if (!text)
		return -ENODATA;
	return parse_number(text, ret) < 0 ? -EBADMSG : 0;
}

int kd_vmcoreinfo_symbol(const struct kd_vmcoreinfo *info, const char *name,
			 kd_vaddr_t *ret)
{
	return unsigned_value(find(info, "SYMBOL", name), kd_parse_hex, ret);
}

int kd_vmcoreinfo_size(const struct kd_vmcoreinfo *info, const char *name, uint64_t *ret)
{
	return unsigned_value(find(info, "SIZE", name), kd_parse_u64, ret);
}

int kd_vmcoreinfo_offset(const struct kd_vmcoreinfo *info, const char *name,
			 uint64_t *ret)
{
	return unsigned_value(find(info, "OFFSET", name), kd_parse_u64, ret);
}

int kd_vmcoreinfo_length(const struct kd_vmcoreinfo *info, const char *name,
			 uint64_t *ret)
{
	return unsigned_value(find(info, "LENGTH", name), kd_parse_u64, ret);
}

int kd_vmcoreinfo_number(const struct kd_vmcoreinfo *info, const char *name, int64_t *ret)
{
	const char *text = find(info, "NUMBER", name);
	uint64_t bits;

	if (!text)
		return -ENODATA;
	if (kd_parse_i64(text, ret) == 0)
		return 0;
	/* arm64 prints kimage_voffset and the like as 0x%llx: all 64 bits are used */
	if (strncmp(text, "0x", 2) != 0 || kd_parse_hex(text, &bits) < 0)
		return -EBADMSG;
	*ret = (int64_t)bits;
	return 0;
}

int kd_vmcoreinfo_page_size(const struct kd_vmcoreinfo *info, uint32_t *ret)
{
	uint64_t v;
	int r;

	r = unsigned_value(kd_vmcoreinfo_string(info, "PAGESIZE"), kd_parse_u64, &v);
	if (r < 0)
		return r;
	if (!kd_is_power_of_2(v) || v < PAGE_SIZE_MIN || v > PAGE_SIZE_MAX)
		return -EBADMSG;
	*ret = (uint32_t)v;
	return 0;
}
