/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of kdump.conf: what each may hold and where it goes. Pure; trusts no value.
 * Called by config.c, once a line; config-dracut.c uses the parts.
 */
#pragma once

#include "kdumpd/config/config.h"

/** Take over "@name @value" of the reader's line, or complain about it. */
void kd_config_key(struct kd_config_reader *reader, const char *name, const char *value);

/** Take over a target, "@key @value", or complain about it. */
void kd_config_add_target(struct kd_config_reader *reader, const char *key,
			  const char *value);

/** Append a word to a list of them in @size bytes; -EFBIG. */
int kd_config_add_word(char *words, size_t size, const char *word, size_t length);

/** Whether a word can be the name of a kernel module; an absolute path. */
bool kd_config_is_module(const char *word, size_t length);
bool kd_config_is_program(const char *word, size_t length);

/** Complain about the reader's line. */
#define KD_CONFIG_TELL(r, warning, ...)                                            \
	kd_config_complain((r)->report, (r)->where.file, (r)->where.line, warning, \
			   __VA_ARGS__)
