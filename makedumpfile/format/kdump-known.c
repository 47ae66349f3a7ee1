/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of payloads known to be good: see kdump-known.h. Payloads mostly come in the
 * order they lie in: one that does not is shared, and will be met again.
 */
#include "makedumpfile/format/kdump-known.h"

#define KEY UINT64_C(0x9e3779b97f4a7c15)

static size_t slot_of(uint64_t offset)
{
	return (size_t)(offset * KEY >> 32) % KD_KDUMP_KNOWN;
}

bool kd_kdump_is_known(const struct kd_kdump_known *k, const struct kd_kdump_desc *d)
{
	const struct kd_kdump_known_slot *s = &k->slots[slot_of(d->offset)];

	return s->size && s->offset == d->offset && s->size == d->size &&
	       s->flags == d->flags;
}

void kd_kdump_known_add(struct kd_kdump_known *k, const struct kd_kdump_desc *d)
{
	if (d->offset >= k->end)
		k->end = d->offset + d->size;
	else
		k->slots[slot_of(d->offset)] = (struct kd_kdump_known_slot) {
			.offset = d->offset, .size = d->size, .flags = d->flags
		};
}
