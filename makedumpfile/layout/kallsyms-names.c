/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packed names of kallsyms: see kallsyms-names.h. Reads them by pieces, since nothing
 * says how many bytes they are but walking them. Called by kallsyms.c alone.
 */
#include "makedumpfile/layout/kallsyms-names.h"

#include <string.h>

/* names are read by so much at a time, so that the last piece reads little beyond */
#define PIECE 65536

/* 256 tokens of KSYM_NAME_LEN at the very most; real tables are about 1 KiB */
#define TOKENS_MAX 65536

/*
 * A length of 128 and more takes two bytes, the low seven bits first (commit
 * 73bbb94466fd, "kallsyms: support "big" kernel symbols"). Kernels before never have
 * bit 7 set, for no packed name was as long.
 */
static bool length_at(const struct kd_ksym_names *n, size_t at, size_t *ret,
		      size_t *ret_head)
{
	if (at >= n->size)
		return false;
	*ret = n->packed[at];
	*ret_head = 1;
	if (*ret < 0x80)
		return true;
	if (at + 1 >= n->size)
		return false;
	*ret = (*ret & 0x7f) | (size_t)n->packed[at + 1] << 7;
	*ret_head = 2;
	return true;
}

bool kd_ksym_names_next(const struct kd_ksym_names *n, struct kd_ksym_walk *w)
{
	size_t length, head;

	if (w->next_index >= n->count || !length_at(n, w->next_at, &length, &head))
		return false;
	w->at = w->next_at + head;
	if (length > n->size - w->at)
		return false;
	w->length = length;
	w->index = w->next_index++;
	w->next_at = w->at + length;
	return true;
}

bool kd_ksym_names_equal(const struct kd_ksym_names *n, const struct kd_ksym_walk *w,
			 const char *name)
{
	bool type = true;

	for (size_t i = 0; i < w->length; i++) {
		const char *token = n->tokens + n->index[n->packed[w->at + i]];

		for (; *token; token++) {
			if (type) {
				type = false;
				continue;
			}
			/* the end of @name is no character of a token either */
			if (*token != *name)
				return false;
			name++;
		}
	}
	return !type && !*name;
}

uint32_t kd_ksym_names_start(const struct kd_ksym_names *n, const struct kd_ksym_walk *w)
{
	uint32_t start = 0;
	size_t seen = 0;

	for (size_t i = 0; i < w->length; i++) {
		const char *token = n->tokens + n->index[n->packed[w->at + i]];

		for (; *token; token++, seen++) {
			if (seen > sizeof(start))
				return start;
			/* the first character is the type */
			if (seen)
				start |= (uint32_t)(uint8_t)*token << 8 * (seen - 1);
		}
	}
	return start;
}

char kd_ksym_names_expand(const struct kd_ksym_names *n, const struct kd_ksym_walk *w,
			  char *name)
{
	char type = '\0';
	size_t out = 0;

	for (size_t i = 0; i < w->length; i++) {
		const char *token = n->tokens + n->index[n->packed[w->at + i]];

		for (; *token; token++) {
			if (!type)
				type = *token;
			else if (out < KD_KSYM_NAME_SIZE - 1)
				name[out++] = *token;
		}
	}
	name[out] = '\0';
	return type ? type : '?';
}

/* The index names where the last token begins; how long that is, only its end tells. */
static int read_tokens(struct kd_ksym_names *n, const struct kd_xlat *x,
		       const struct kd_ksym_places *places, struct kd_error *err)
{
	size_t size, last = 0;
	int r;

	r = kd_xlat_read(x, places->token_index, n->index, sizeof(n->index));
	if (r < 0)
		return kd_fail(err, r, "kallsyms_token_index");
	for (size_t i = 0; i < KD_KSYM_TOKENS; i++)
		last = MAX(last, (size_t)n->index[i]);
	n->tokens = calloc(1, TOKENS_MAX + KD_KSYM_NAME_SIZE + 1);
	if (!n->tokens)
		return kd_fail(err, -ENOMEM, "kallsyms_token_table");
	r = last ? kd_xlat_read(x, places->token_table, n->tokens, last) : 0;
	if (r < 0)
		return kd_fail(err, r, "kallsyms_token_table");
	for (size = last; size < last + KD_KSYM_NAME_SIZE; size++) {
		r = kd_xlat_read(x, places->token_table + size, n->tokens + size, 1);
		if (r < 0)
			return kd_fail(err, r, "kallsyms_token_table");
		if (!n->tokens[size])
			return 0;
	}
	return kd_fail(err, -EBADMSG, "kallsyms_token_table");
}

/* One more piece; fewer bytes where memory ends. 0 bytes more is an error. */
static int read_piece(struct kd_ksym_names *n, const struct kd_xlat *x, kd_vaddr_t from)
{
	uint8_t *packed;
	size_t size = PIECE;
	int r;

	if (n->size > KD_KALLSYMS_MAX_NAMES - PIECE)
		return -EBADMSG;
	packed = realloc(n->packed, n->size + PIECE);
	if (!packed)
		return -ENOMEM;
	n->packed = packed;
	r = kd_xlat_read(x, from + n->size, packed + n->size, size);
	while (r < 0 && size > 1) {
		size /= 2;
		r = kd_xlat_read(x, from + n->size, packed + n->size, size);
	}
	if (r == 0)
		n->size += size;
	return r;
}

int kd_ksym_names_read(struct kd_ksym_names *ret, const struct kd_xlat *x,
		       const struct kd_ksym_places *places, struct kd_error *err)
{
	struct kd_ksym_walk w = { 0 };
	uint32_t count;
	int r;

	r = kd_xlat_read(x, places->num_syms, &count, sizeof(count));
	if (r < 0)
		return kd_fail(err, r, "kallsyms_num_syms");
	if (!count || count > KD_KALLSYMS_MAX_SYMBOLS)
		return kd_fail(err, -EBADMSG, "kallsyms: %u symbols", count);
	r = read_tokens(ret, x, places, err);
	if (r < 0)
		return r;
	ret->count = count;
	while (w.next_index < count) {
		if (kd_ksym_names_next(ret, &w))
			continue;
		r = read_piece(ret, x, places->names);
		if (r < 0)
			return kd_fail(err, r, "kallsyms_names: name %zu of %u",
				       w.next_index, count);
	}
	return 0;
}

void kd_ksym_names_done(struct kd_ksym_names *n)
{
	free(n->packed);
	free(n->tokens);
	*n = (struct kd_ksym_names) { 0 };
}
