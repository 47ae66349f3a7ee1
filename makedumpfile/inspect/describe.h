/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file is: any input, described without inflating a page. Trusts nothing in it;
 * texts are as they are stored, for the printer to make safe. Called by --info.
 */
#pragma once

#include "base/strbuf.h"
#include "makedumpfile/format/kdump-count.h"
#include "makedumpfile/input.h"

/**
 * @kdump:       its headers and descriptors are in @facts and @census; else an ELF core
 * @flattened:   it is a stream; @cut: without its end
 * @missing:     bytes an ELF core's headers promise behind its end
 * @pages, @present: frames of memory, and those whose pages are here
 * @erase_bytes: of text about erased data
 * All strings end and are cut where they do not fit.
 */
struct kd_description {
	bool kdump, flattened, cut, incomplete;
	uint64_t file_size;
	struct kd_kdump_facts facts;
	struct kd_kdump_census census;
	uint64_t missing;
	uint16_t machine;
	uint32_t page_size;
	size_t n_extents;
	uint64_t pages, present;
	unsigned int cpus, notes;
	size_t notes_bytes, info_bytes;
	uint64_t erase_bytes;
	char release[65], build_id[129];
	uint64_t crash_time;
	bool has_phys_base;
	uint64_t phys_base;
	char oddities[KD_ERROR_SIZE];
};

/** Errors: those of kd_input_open_at(). */
int kd_describe_at(int dir_fd, const char *path, struct kd_description *ret,
		   struct kd_error *err);

/** Append as lines, or as one JSON object. Control characters are replaced. */
void kd_describe_text(const struct kd_description *d, struct kd_strbuf *out);
void kd_describe_json(const struct kd_description *d, struct kd_strbuf *out);
