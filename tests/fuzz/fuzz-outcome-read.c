/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An outcome.json of any bytes: what is taken writes back to something that reads the
 * same again.
 */
#include <stdlib.h>
#include <string.h>

#include "kdumpd/archive/outcome-read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_freep) struct kd_outcome *first = calloc(1, sizeof(*first));
	_cleanup_(kd_freep) struct kd_outcome *second = calloc(1, sizeof(*second));
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;

	kd_strbuf_init(&text, 16 * KD_OUTCOME_MAX_SIZE);
	if (!first || !second ||
	    kd_outcome_read((const char *)data, size, first, NULL) < 0)
		return 0;
	/* A text cut inside a character grows when it is written: then the second
	 * reading may end earlier, so only short ones are compared. */
	if (kd_outcome_encode(first, &text, NULL) < 0)
		abort();
	if (text.length <= KD_OUTCOME_MAX_SIZE &&
	    (kd_outcome_read(kd_strbuf_text(&text), text.length, second, NULL) < 0 ||
	     second->state != first->state || second->n_phases != first->n_phases ||
	     second->n_notes != first->n_notes))
		abort();
	return 0;
}
