/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merge and cross-check of layouts: see resolve.h. Trusts the order it is given and
 * nothing else. Called by the daemon's resolver and by the façade after a crash.
 */
#include "makedumpfile/layout/resolve.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

void kd_remark(struct kd_remarks *remarks, const char *fmt, ...)
{
	va_list ap;

	if (!remarks)
		return;
	if (remarks->n < KD_REMARKS) {
		va_start(ap, fmt);
		(void)vsnprintf(remarks->texts[remarks->n], KD_REMARK_SIZE, fmt, ap);
		va_end(ap);
	}
	remarks->n++;
}

static bool differs(const struct kd_layout_value *a, const struct kd_layout_value *b)
{
	return a->source != KD_SOURCE_NONE && b->source != KD_SOURCE_NONE &&
	       a->value != b->value;
}

size_t kd_resolve_merge(struct kd_layout *layout, const struct kd_layout *more,
			struct kd_remarks *remarks)
{
	size_t n = 0;

	if (!*layout->release)
		memcpy(layout->release, more->release, sizeof(layout->release));
	if (!*layout->build_id)
		memcpy(layout->build_id, more->build_id, sizeof(layout->build_id));
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		struct kd_layout_value *ours = &layout->values[i];
		const struct kd_layout_value *theirs = &more->values[i];
		enum kd_field f = (enum kd_field)i;

		if (differs(ours, theirs)) {
			n++;
			kd_remark(remarks,
				  "%s(%s) is %" PRId64 " by %s but %" PRId64 " by %s",
				  kd_field_kind_name(kd_field_kind(f)), kd_field_key(f),
				  ours->value, kd_source_name(ours->source),
				  theirs->value, kd_source_name(theirs->source));
		}
		if (ours->source == KD_SOURCE_NONE)
			*ours = *theirs;
	}
	return n;
}

bool kd_layout_matches(const struct kd_layout *layout, const struct kd_vmcoreinfo *info)
{
	const char *build_id = kd_vmcoreinfo_string(info, "BUILD-ID");
	const char *release = kd_vmcoreinfo_string(info, "OSRELEASE");

	if (*layout->build_id && build_id && *build_id)
		return strcmp(layout->build_id, build_id) == 0;
	return *layout->release && release && strcmp(layout->release, release) == 0;
}
