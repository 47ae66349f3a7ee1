/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fuzz target is: libFuzzer's entry point. Linked with libFuzzer where the
 * option "fuzz" is on, and always with replay.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Feed @size bytes to a parser. Returns 0; what is wrong aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
