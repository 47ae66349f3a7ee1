/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Degrades in a stated order: layout and vmcoreinfo, vmcoreinfo alone, nothing. The
 * crashed kernel's own vmcoreinfo is believed where the two differ. Called by dump.c.
 */
#include "makedumpfile/dump-know.h"

#include <stdarg.h>

#include "makedumpfile/layout/resolve.h"

void kd_dump_note(const struct kd_dump_request *request, const char *fmt, ...)
{
	char text[KD_ERROR_SIZE];
	va_list ap;

	if (!request->note)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	request->note(request->context, text);
}

static void merge_layout(struct kd_know *know, const struct kd_dump_request *request,
			 const struct kd_vmcoreinfo *info)
{
	struct kd_remarks remarks = { 0 };

	if (!request->layout)
		return;
	if (!kd_layout_matches(request->layout, info)) {
		kd_dump_note(request,
			     "the layout is of kernel %s, not of the one that crashed: "
			     "going by vmcoreinfo alone",
			     request->layout->release[0] ? request->layout->release
							 : "(unknown)");
		return;
	}
	(void)kd_resolve_merge(&know->layout, request->layout, &remarks);
	for (size_t i = 0; i < MIN(remarks.n, (size_t)KD_REMARKS); i++)
		kd_dump_note(request, "layout: %s", remarks.texts[i]);
	know->knowledge = KD_KNOW_LAYOUT;
}

void kd_know_init(struct kd_know *ret, const struct kd_dump_request *request,
		  size_t window)
{
	const struct kd_input *input = request->input;
	const struct kd_vmcoreinfo *info = input->info;
	struct kd_error err = { 0 };
	size_t bad;
	int r;

	*ret = (struct kd_know) { .knowledge = KD_KNOW_NOTHING };
	if (!info && request->unfiltered)
		return;
	if (!info) {
		kd_dump_note(request, "no usable vmcoreinfo: every page is kept");
		return;
	}
	r = kd_xlat_init(&ret->xlat, input->memory, input->machine, info, &err);
	if (r < 0) {
		kd_dump_note(request, "%s: every page is kept", err.message);
		return;
	}
	ret->has_xlat = true;

	bad = kd_layout_from_vmcoreinfo(info, &ret->layout);
	if (bad)
		kd_dump_note(request, "%zu values of vmcoreinfo make no sense", bad);
	ret->knowledge = KD_KNOW_VMCOREINFO;
	merge_layout(ret, request, info);
	if (request->unfiltered)
		return;

	r = kd_memmap_init(&ret->memmap, &ret->xlat, &ret->layout, window,
			   request->options->non_mmap, &err);
	if (r < 0) {
		kd_dump_note(request, "%s: every page is kept", err.message);
		ret->knowledge = KD_KNOW_NOTHING;
	}
}

void kd_know_done(struct kd_know *know)
{
	know->knowledge = KD_KNOW_NOTHING;
}

void kd_know_scan(struct kd_know *know, const struct kd_dump_request *request,
		  unsigned int level, unsigned int keep, struct kd_scan *ret)
{
	const struct kd_memory *memory = request->input->memory;
	struct kd_policy policy = { .level = level,
				    .exclude = request->options->exclude,
				    .keep = keep };
	struct kd_error err = { 0 };

	if (know->knowledge != KD_KNOW_NOTHING && !request->unfiltered) {
		if (kd_scan_init(ret, memory, &know->memmap, &know->layout, &policy,
				 &err) == 0)
			return;
		kd_dump_note(request, "%s: every page is kept", err.message);
		kd_know_done(know);
	}
	/* cannot fail without a memory map */
	(void)kd_scan_init(ret, memory, /* memmap= */ NULL, /* layout= */ NULL, &policy,
			   /* err= */ NULL);
}
