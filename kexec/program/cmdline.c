/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines of the kexec command: see cmdline.h. What of the running kernel's line
 * would be wrong in the next is left out: BOOT_IMAGE, and for a crash crashkernel=, by
 * whole words, so that "xcrashkernel=" and what stands in quotes stay.
 */
#include "kexec/program/cmdline.h"

#include <string.h>

#include "base/strbuf.h"

#define CMDLINE_MAX 65536

/* Length of the word at @text; a space inside of double quotes is part of it, as in the
 * kernel's next_arg() (lib/cmdline.c). */
static size_t word_length(const char *text)
{
	bool quoted = false;
	size_t n;

	for (n = 0; text[n] && (quoted || (text[n] != ' ' && text[n] != '\t')); n++)
		if (text[n] == '"')
			quoted = !quoted;
	return n;
}

static bool is_parameter(const char *word, size_t length, const char *name)
{
	size_t n = strlen(name);

	return length >= n && memcmp(word, name, n) == 0 &&
	       (length == n || word[n] == '=');
}

static void add_word(struct kd_strbuf *out, const char *word, size_t length)
{
	if (out->length)
		kd_strbuf_adds(out, " ");
	kd_strbuf_add(out, word, length);
}

static void add_running(struct kd_strbuf *out, const char *running, bool crash)
{
	for (const char *at = running; *at;) {
		size_t n = word_length(at);

		if (n && !is_parameter(at, n, "BOOT_IMAGE") &&
		    !(crash && is_parameter(at, n, "crashkernel")))
			add_word(out, at, n);
		at += n ? n : 1;
	}
}

int kd_kexec_cmdline(const struct kd_kexec_command *command, const char *running,
		     const struct kd_bytes *own, char **ret)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };

	kd_strbuf_init(&out, CMDLINE_MAX);
	if (command->reuse_cmdline)
		add_running(&out, running, command->purpose == KD_KEXEC_CRASH);
	if (command->cmdline && command->cmdline[0])
		add_word(&out, command->cmdline, strlen(command->cmdline));
	if (!command->reuse_cmdline && !command->cmdline && own->size)
		add_word(&out, (const char *)own->data,
			 strnlen((const char *)own->data, own->size));
	kd_strbuf_add(&out, "", 0);
	if (!out.status && !out.data)
		return (*ret = strdup("")) ? 0 : -ENOMEM;
	return kd_strbuf_take(&out, ret);
}
