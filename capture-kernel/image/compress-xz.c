/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xz, by liblzma: opens modules packed as .ko.xz, as Debian and Fedora have them; too
 * slow to pack an image with. Called by compress alone; trusts nothing about a stream.
 */
#include <lzma.h>

#include "capture-kernel/image/compress.h"

#define CHUNK	  65536
#define MAX_STATE (256U << 20) /* bytes the decoder may allocate; xz -9 needs 65 MiB */

static void end_stream(lzma_stream *s)
{
	lzma_end(s);
}

int kd_unpack_xz(const void *data, size_t size, struct kd_strbuf *out)
{
	_cleanup_(end_stream) lzma_stream s = LZMA_STREAM_INIT;
	_cleanup_(kd_freep) uint8_t *chunk = malloc(CHUNK);
	lzma_ret status;

	if (!chunk || lzma_stream_decoder(&s, MAX_STATE, LZMA_CONCATENATED) != LZMA_OK)
		return -ENOMEM;
	s.next_in = data;
	s.avail_in = size;
	do {
		s.next_out = chunk;
		s.avail_out = CHUNK;
		status = lzma_code(&s, LZMA_FINISH);
		if (status == LZMA_MEM_ERROR || status == LZMA_MEMLIMIT_ERROR)
			return -ENOMEM;
		if (status != LZMA_OK && status != LZMA_STREAM_END)
			return -EBADMSG;
		kd_strbuf_add(out, chunk, CHUNK - s.avail_out);
		if (out->status < 0)
			return out->status;
	} while (status != LZMA_STREAM_END);
	return 0;
}
