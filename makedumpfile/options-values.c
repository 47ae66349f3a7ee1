/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of makedumpfile's options, one function a kind. Numbers are numbers here,
 * where the original takes what it can read of any text. Called through the table.
 */
#include <string.h>

#include "base/parse.h"
#include "makedumpfile/options-private.h"

#define LEVEL_MAX   31
#define ORDER_MAX   31
#define THREADS_MAX 4096
#define SECONDS_MAX (7 * 24 * 3600)

static void *member(struct kd_option_parser *p, const struct kd_option_def *def)
{
	return (char *)&p->options + def->value;
}

/* A decimal or 0x number from @min to @max. */
static int number(struct kd_option_parser *p, const char *value, uint64_t min,
		  uint64_t max, uint64_t *ret)
{
	uint64_t n;

	if (kd_parse_u64(value, &n) < 0 || n < min || n > max)
		return kd_fail_msg(p->err, -EINVAL,
				   "%s %s: not a number from %llu to %llu", p->spelled,
				   value, (unsigned long long)min,
				   (unsigned long long)max);
	*ret = n;
	return 0;
}

int kd_option_codec(struct kd_option_parser *p, const struct kd_option_def *def,
		    const char *value)
{
	(void)value;
	if (!kd_codec_find((enum kd_codec_id)def->value))
		return kd_fail_msg(p->err, -EINVAL,
				   "%s: this build does not have that codec", p->spelled);
	p->options.codec = (enum kd_codec_id)def->value;
	return 0;
}

/* Help and the version come before all else, as in the original. */
static void set_mode(struct kd_option_parser *p, enum kd_dump_mode mode)
{
	if (p->options.mode < KD_MODE_HELP || mode == KD_MODE_HELP)
		p->options.mode = mode;
}

int kd_option_mode(struct kd_option_parser *p, const struct kd_option_def *def,
		   const char *value)
{
	(void)value;
	set_mode(p, (enum kd_dump_mode)def->value);
	return 0;
}

int kd_option_flag(struct kd_option_parser *p, const struct kd_option_def *def,
		   const char *value)
{
	(void)value;
	*(bool *)member(p, def) = true;
	return 0;
}

int kd_option_text(struct kd_option_parser *p, const struct kd_option_def *def,
		   const char *value)
{
	if (!*value)
		return kd_fail_msg(p->err, -EINVAL, "%s: the value is empty", p->spelled);
	*(const char **)member(p, def) = value;
	return 0;
}

int kd_option_size(struct kd_option_parser *p, const struct kd_option_def *def,
		   const char *value)
{
	uint64_t size;

	if (kd_parse_size(value, &size) < 0 || !size)
		return kd_fail_msg(p->err, -EINVAL,
				   "%s %s: not a size (bytes, or with K, M, G or T)",
				   p->spelled, value);
	*(uint64_t *)member(p, def) = size;
	return 0;
}

int kd_option_kilobytes(struct kd_option_parser *p, const struct kd_option_def *def,
			const char *value)
{
	uint64_t n = 0;
	int r;

	r = number(p, value, 1, UINT32_MAX, &n);
	if (r == 0)
		*(uint64_t *)member(p, def) = n << 10;
	return r;
}

int kd_option_elf(struct kd_option_parser *p, const struct kd_option_def *def,
		  const char *value)
{
	(void)def;
	(void)value;
	p->options.format = KD_FORMAT_ELF;
	return 0;
}

/* Empty items are skipped: the original's strtok() does. */
int kd_option_levels(struct kd_option_parser *p, const struct kd_option_def *def,
		     const char *value)
{
	struct kd_dump_options *o = &p->options;
	const char *at = value;
	char item[16];

	(void)def;
	for (o->n_levels = 0; *at; at += *at == ',') {
		size_t length = strcspn(at, ",");
		uint64_t level = 0;

		if (length && o->n_levels == KD_DUMP_LEVELS)
			return kd_fail_msg(p->err, -EINVAL,
					   "-d %s: more than %d dump levels", value,
					   KD_DUMP_LEVELS);
		(void)snprintf(item, sizeof(item), "%.*s", (int)length, at);
		if (length && (length >= sizeof(item) || kd_parse_u64(item, &level) < 0 ||
			       level > LEVEL_MAX))
			return kd_fail_msg(p->err, -EINVAL,
					   "-d %s: dump levels are numbers from 0 to %d",
					   value, LEVEL_MAX);
		if (length)
			o->levels[o->n_levels++] = (unsigned int)level;
		at += length;
	}
	if (!o->n_levels)
		return kd_fail_msg(p->err, -EINVAL, "-d %s: no dump level", value);
	return 0;
}

/* Its bounds are the codec's, which may come later: kd_option_rules() looks. */
int kd_option_codec_level(struct kd_option_parser *p, const struct kd_option_def *def,
			  const char *value)
{
	int64_t n;

	(void)def;
	if (kd_parse_i64(value, &n) < 0 || n < INT16_MIN || n > INT16_MAX)
		return kd_fail_msg(p->err, -EINVAL, "--level %s: not a number", value);
	p->options.codec_level = (int)n;
	return 0;
}

/* The original's --num-threads 0 is its way to say that there are none beside its own;
 * --threads auto is for as many as there are CPUs. */
int kd_option_threads(struct kd_option_parser *p, const struct kd_option_def *def,
		      const char *value)
{
	uint64_t n = 0;
	int r;

	if (def->id == KD_OPT_THREADS && strcmp(value, "auto") == 0) {
		p->options.threads = 0;
		return 0;
	}
	r = number(p, value, def->id == KD_OPT_THREADS, THREADS_MAX, &n);
	if (r == 0)
		p->options.threads = (unsigned int)MAX(n, UINT64_C(1));
	return r;
}

/* The original's write buffer, in pages: ours is sized from --memory. */
int kd_option_order(struct kd_option_parser *p, const struct kd_option_def *def,
		    const char *value)
{
	uint64_t n = 0;

	(void)def;
	return number(p, value, 0, ORDER_MAX, &n);
}

int kd_option_generate(struct kd_option_parser *p, const struct kd_option_def *def,
		       const char *value)
{
	set_mode(p, KD_MODE_GENERATE);
	return kd_option_text(p, def, value);
}

int kd_option_vtop(struct kd_option_parser *p, const struct kd_option_def *def,
		   const char *value)
{
	(void)def;
	/* strtoul(3) with base 0 in the original; a letter shows what it must be */
	if (kd_parse_u64(value, &p->options.vtop) < 0 &&
	    kd_parse_hex(value, &p->options.vtop) < 0)
		return kd_fail_msg(p->err, -EINVAL, "--vtop %s: not an address", value);
	set_mode(p, KD_MODE_VTOP);
	return 0;
}

int kd_option_messages(struct kd_option_parser *p, const struct kd_option_def *def,
		       const char *value)
{
	uint64_t n = 0;
	int r;

	(void)def;
	r = number(p, value, 0, KD_MESSAGE_ALL, &n);
	if (r == 0)
		p->options.message_level = (unsigned int)n;
	return r;
}

int kd_option_message_bit(struct kd_option_parser *p, const struct kd_option_def *def,
			  const char *value)
{
	(void)value;
	p->message_bits |= (unsigned int)def->value;
	return 0;
}

int kd_option_seconds(struct kd_option_parser *p, const struct kd_option_def *def,
		      const char *value)
{
	uint64_t n = 0;
	int r;

	(void)def;
	r = number(p, value, 1, SECONDS_MAX, &n);
	if (r == 0)
		p->options.time_budget = (unsigned int)n;
	return r;
}

int kd_option_exclude(struct kd_option_parser *p, const struct kd_option_def *def,
		      const char *value)
{
	static const struct {
		const char *name;
		enum kd_dump_exclude bit;
	} names[] = {
		{ "zram", KD_EXCLUDE_ZRAM },
		{ "guest", KD_EXCLUDE_GUEST },
		{ "gpu", KD_EXCLUDE_GPU },
	};
	unsigned int bits = 0;

	(void)def;
	for (const char *at = value;; at++) {
		size_t length = strcspn(at, ","), i = 0;

		while (i < ARRAY_SIZE(names) &&
		       (strncmp(names[i].name, at, length) != 0 || names[i].name[length]))
			i++;
		if (i == ARRAY_SIZE(names))
			return kd_fail_msg(p->err, -EINVAL,
					   "--exclude %s: a list of zram, guest and gpu",
					   value);
		bits |= names[i].bit;
		at += length;
		if (!*at)
			break;
	}
	p->options.exclude |= bits;
	return 0;
}

int kd_option_refuse(struct kd_option_parser *p, const struct kd_option_def *def,
		     const char *value)
{
	(void)value;
	return kd_fail_msg(p->err, -EINVAL, "%s: %s", p->spelled, def->why);
}
