/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a kernel log, as dmesg(1) prints them, in pieces of bounded size. What may
 * steer a terminal is spelled out. Private to dmesg*.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"
#include "makedumpfile/sink/sink.h"

#define KD_DMESG_OUT_SIZE 8192
/** "[18446744073.709551] [  T4294967295] " and then some */
#define KD_DMESG_PREFIX	  48

/** @sink: borrowed, or NULL: then @fd takes the bytes; @at: bytes waiting in @buf;
 *  @written: bytes handed on */
struct kd_dmesg_out {
	struct kd_sink *sink;
	int fd;
	size_t at;
	uint64_t written;
	char buf[KD_DMESG_OUT_SIZE];
};

/** Write out what waits. Returns 0 or a negative errno, as all below. */
int kd_dmesg_flush(struct kd_dmesg_out *out);

/** "[    1.500000] ". @caller: "[      T1] " follows (printk_info.caller_id); NULL without.
 *  Returns the width, which following lines of the record are indented by. */
int kd_dmesg_prefix(struct kd_dmesg_out *out, uint64_t ts_nsec, const uint32_t *caller);

/** @size bytes of a record's text; a newline starts a line indented by @indent. */
int kd_dmesg_text(struct kd_dmesg_out *out, const unsigned char *text, size_t size,
		  int indent);

/** The newline behind a record. */
int kd_dmesg_end(struct kd_dmesg_out *out);
