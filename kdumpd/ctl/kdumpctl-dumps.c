/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the dumps a command is about: see kdumpctl-dumps.h. Trusts no name that was
 * typed or found.
 */
#include "kdumpd/ctl/kdumpctl-dumps.h"

#include <string.h>
#include <time.h>

static bool is_path_of(const struct kd_found_dump *d, const char *word)
{
	size_t n = strlen(d->place->folder);

	if (strncmp(word, d->place->folder, n) != 0 || word[n] != '/')
		return false;
	word += n + 1;
	n = strlen(d->dump->name);
	return strncmp(word, d->dump->name, n) == 0 &&
	       (word[n] == '\0' || word[n] == '/');
}

bool kd_ctl_dump_matches(const struct kd_found_dump *d, const char *word)
{
	if (word[0] == '/')
		return is_path_of(d, word);
	return word[0] &&
	       (strstr(d->dump->name, word) ||
		strcmp(kd_outcome_state_name(d->dump->state), word) == 0 ||
		strcmp(d->dump->host, word) == 0 || strcmp(d->dump->release, word) == 0);
}

static bool is_meant(const struct kd_found_dump *d, const struct kd_ctl_args *args)
{
	for (size_t i = 0; i < args->n_words; i++)
		if (kd_ctl_dump_matches(d, args->words[i]))
			return true;
	return args->n_words == 0;
}

static void tell_unseen(const struct kd_ctl *ctl, const struct kd_places *places)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->items[i].why_not[0])
			kd_log(&ctl->log, KD_LOG_WARNING, "%s", places->items[i].why_not);
}

int kd_ctl_dumps_read(const struct kd_ctl *ctl, struct kd_ctl_dumps *ret,
		      struct kd_error *err)
{
	_cleanup_(kd_ctl_dumps_done) struct kd_ctl_dumps d = { .n = 0 };
	size_t all;
	int r;

	d.settings = malloc(sizeof(*d.settings));
	d.places = calloc(1, sizeof(*d.places));
	if (!d.settings || !d.places)
		return kd_fail(err, -ENOMEM, "dumps");
	r = kd_settings_read(ctl->root_fd, d.settings, err);
	if (r >= 0)
		r = kd_places_read(ctl->root_fd, &d.settings->config, d.places, err);
	if (r < 0)
		return r;
	tell_unseen(ctl, d.places);
	r = kd_places_dumps(d.places, &d.dumps, &all);
	if (r < 0)
		return kd_fail(err, r, "dumps");
	for (size_t i = 0; i < all; i++)
		if (is_meant(&d.dumps[i], &ctl->args))
			d.dumps[d.n++] = d.dumps[i];
	if (ctl->args.n_words && d.n == 0)
		return kd_fail_msg(err, -ENOENT,
				   "no dump fits \"%s\"; kdumpctl list shows them all",
				   ctl->args.words[0]);
	*ret = d;
	d = (struct kd_ctl_dumps) { .n = 0 };
	return 0;
}

void kd_ctl_dumps_done(struct kd_ctl_dumps *d)
{
	free(d->dumps);
	if (d->places)
		kd_places_done(d->places);
	free(d->places);
	free(d->settings);
	*d = (struct kd_ctl_dumps) { .n = 0 };
}

void kd_ctl_time_format(int64_t at, char *ret, size_t size)
{
	time_t seconds = (time_t)at;
	struct tm tm;

	if (at <= 0 || !localtime_r(&seconds, &tm) || !strftime(ret, size, "%F %T", &tm))
		(void)snprintf(ret, size, "-");
}
