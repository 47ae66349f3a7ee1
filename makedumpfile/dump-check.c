/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filter that does not understand its kernel must not go unnoticed, nor lose pages:
 * see dump-check.h. Trusts neither side of a comparison. Called by dump.c.
 */
#include "makedumpfile/dump-check.h"

#include "makedumpfile/pages/exclude.h"
#include "makedumpfile/pages/vmstat.h"

void kd_dump_check_exclude(const struct kd_dump_request *request,
			   const struct kd_know *know)
{
	static const enum kd_dump_exclude bits[] = { KD_EXCLUDE_ZRAM, KD_EXCLUDE_GUEST,
						     KD_EXCLUDE_GPU };

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		const char *why;

		if (!(request->options->exclude & (unsigned int)bits[i]))
			continue;
		why = kd_exclude_refusal(&know->layout, bits[i]);
		if (why)
			kd_dump_note(request, "%s", why);
	}
}

static void tell_counts(const struct kd_dump_request *request,
			const struct kd_scan_counts *counts)
{
	if (counts->seen[KD_CLASS_UNKNOWN])
		kd_dump_note(request, "%llu pages have no readable struct page: kept",
			     (unsigned long long)counts->seen[KD_CLASS_UNKNOWN]);
	if (!counts->seen[KD_CLASS_FREE])
		kd_dump_note(request, "no free page was found: this kernel's pages may "
				      "not be understood");
}

/* Of the classes in @keep those that @scan left out. */
static unsigned int left_out(const struct kd_scan *scan, unsigned int keep)
{
	unsigned int classes = 0;

	for (unsigned int i = 0; i < KD_CLASS_COUNT; i++)
		if (keep & 1U << i &&
		    !kd_policy_keep(&scan->policy, (enum kd_page_class)i))
			classes |= 1U << i;
	return classes;
}

unsigned int kd_dump_check_counts(const struct kd_dump_request *request,
				  const struct kd_know *know, const struct kd_scan *scan,
				  const struct kd_scan_counts *counts,
				  struct kd_selfcheck *check)
{
	struct kd_vmstat stat;
	unsigned int keep;
	char text[KD_ERROR_SIZE];
	bool known;

	*check = (struct kd_selfcheck) { .keep = 0 };
	if (know->knowledge == KD_KNOW_NOTHING || request->unfiltered)
		return 0;
	tell_counts(request, counts);
	known = kd_vmstat_read(&stat, &know->xlat, &know->layout) == 0;
	kd_selfcheck(counts, known ? &stat : NULL, request->input->n_cpus, check);
	keep = left_out(scan, check->keep);
	for (unsigned int i = 0; i < KD_VMSTAT_COUNT; i++)
		if (kd_selfcheck_text(check, (enum kd_vmstat_item)i, keep, text,
				      sizeof(text)))
			kd_dump_note(request, "%s", text);
	return keep;
}
