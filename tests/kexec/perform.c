/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doing what a row says, and judging what came of it: see perform.h.
 */
#include "tests/kexec/perform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int perform_file(struct performer *p, const struct table_step *step)
{
	const struct kd_linux *k = &p->kernel;
	_cleanup_(perform_file_done) struct perform_file f;

	if (!perform_file_read(step, &p->files, &p->buffers, &f))
		return 1;
	return k->calls->file_load(k->context, f.kernel_fd, f.initrd_fd, f.cmdline,
				   f.cmdline_len, f.flags);
}

static int perform_load(struct performer *p, const struct table_step *step)
{
	const struct kd_linux *k = &p->kernel;
	struct perform_load l;

	if (!perform_load_read(step, p->symbols, &p->buffers, &l))
		return 1;
	if (table_has_word(step->call, "abi=i386"))
		return p->i386(p, &l);
	return k->calls->load(k->context, l.entry, l.n, l.segments, l.flags);
}

static int perform_file_unload(struct performer *p, const struct table_step *step)
{
	const struct kd_linux *k = &p->kernel;
	unsigned long crash = table_has_word(step->call, "crash") ? KD_KEXEC_FILE_ON_CRASH
								  : 0;

	return k->calls->file_load(k->context, -1, -1, NULL, 0,
				   KD_KEXEC_FILE_UNLOAD | crash);
}

static int perform_write(struct performer *p, const struct table_step *step)
{
	static const char *const names[] = { "disabled", "limit-panic", "limit-reboot",
					     "crash-size" };
	char value[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (table_value(step, names[i], 0, value, sizeof(value)))
			return p->write(p, names[i], value);
	return 1;
}

static int perform_race(struct performer *p, const struct table_step *step)
{
	(void)step;
	return p->race(p);
}

/* With something loaded it would be the machine's end. */
static int perform_reboot(struct performer *p, const struct table_step *step)
{
	const struct kd_linux *k = &p->kernel;

	(void)step;
	if (k->calls->loaded(k->context, KD_KEXEC_REBOOT) != 0)
		return 1;
	return k->calls->reboot(k->context);
}

int perform_step(struct performer *p, const struct table_step *step)
{
	static const struct {
		const char *verb;
		int (*perform)(struct performer *p, const struct table_step *step);
	} verbs[] = {
		{ "load", perform_load },     { "unload", perform_load },
		{ "file", perform_file },     { "file-unload", perform_file_unload },
		{ "write", perform_write },   { "race", perform_race },
		{ "reboot", perform_reboot },
	};
	size_t length = strcspn(step->call, " ");

	if (!p->user && table_has_word(step->call, "user"))
		return p->as_user(p, step);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strlen(verbs[i].verb) == length &&
		    strncmp(verbs[i].verb, step->call, length) == 0)
			return verbs[i].perform(p, step);
	return 1;
}

static bool errno_fits(const char *expected, int got)
{
	const char *name = table_errno_name(got);
	size_t n = strlen(name);

	for (const char *p = expected; *p; p += strspn(p, "|")) {
		size_t length = strcspn(p, "|");

		if (length == n && strncmp(p, name, n) == 0)
			return true;
		p += length;
	}
	return false;
}

static int look(struct performer *p, const char *what)
{
	const struct kd_linux *k = &p->kernel;

	if (strcmp(what, "loaded") == 0)
		return k->calls->loaded(k->context, KD_KEXEC_REBOOT);
	if (strcmp(what, "crash") == 0)
		return k->calls->loaded(k->context, KD_KEXEC_CRASH);
	return p->hotplug(p);
}

static bool left_fits(struct performer *p, const char *expected, char *words, size_t size)
{
	static const char *const names[] = { "loaded", "crash", "hotplug" };
	const struct table_step as_step = { .call = expected };
	char value[16];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int is;

		if (!table_value(&as_step, names[i], 0, value, sizeof(value)))
			continue;
		is = look(p, names[i]);
		if (is != atoi(value)) {
			(void)snprintf(words, size, "left %s=%d, table %s", names[i], is,
				       value);
			return false;
		}
	}
	return true;
}

bool perform_judge(struct performer *p, const struct table_step *step,
		   const char *features, int got, char *words, size_t size)
{
	const char *expected = table_expected(step, "linux", features);
	const char *left = table_expected(step, "left", features);

	if (!expected)
		return true;
	if (!errno_fits(expected, got)) {
		(void)snprintf(words, size, "%s (%d), table %s",
			       got > 0 ? "not a call" : table_errno_name(got), got,
			       expected);
		return false;
	}
	return !left || left_fits(p, left, words, size);
}

void perform_reset(struct performer *p)
{
	const struct kd_linux *k = &p->kernel;

	for (int purpose = KD_KEXEC_REBOOT; purpose <= KD_KEXEC_CRASH; purpose++)
		if (k->calls->loaded(k->context, (enum kd_kexec_purpose)purpose) > 0)
			(void)k->calls->file_load(
				k->context, -1, -1, NULL, 0,
				KD_KEXEC_FILE_UNLOAD | (purpose == KD_KEXEC_CRASH
								? KD_KEXEC_FILE_ON_CRASH
								: 0));
}
