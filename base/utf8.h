/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 as RFC 3629 has it, no surrogates: for texts that JSON or D-Bus carries, which
 * take nothing else. Trusts a NUL at the end. Used by json.c and the daemon.
 */
#pragma once

#include "base/types.h"

/** Length of the sequence that begins at @s, which is not at its NUL; 0 when it is none. */
size_t kd_utf8_length(const char *s);

/** Put '?' in the place of every byte that belongs to no sequence. */
void kd_utf8_clean(char *text);
