/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what a stacked device is put together from: superblocks of RAID members,
 * and tables of device-mapper as a plan has them.
 */
#include <linux/dm-ioctl.h>
#include <string.h>

#include "capture-kernel/dm-table.h"
#include "capture-kernel/md-super.h"
#include "tests/fuzz/fuzz.h"

static void try_super(const uint8_t *data, size_t size)
{
	uint8_t block[KD_MD_SUPER_BYTES] = { 0 };
	struct kd_md_super super;
	uint64_t offset;

	memcpy(block, data, MIN(size, sizeof(block)));
	for (unsigned int place = 0; place < KD_MD_PLACES; place++) {
		if (!kd_md_super_place(place, 65536 + size, &offset) ||
		    !kd_md_super_parse(block, place, offset, &super))
			continue;
		if (strlen(super.uuid) != KD_UUID_SIZE - 1 || super.raid_disks == 0 ||
		    super.raid_disks > 1024)
			abort();
	}
}

/* The targets follow each other up to the end, and each one's text ends inside it. */
static void check_table(const struct kd_dm_table *t)
{
	size_t at = 0;

	for (unsigned int i = 0; i < t->targets; i++) {
		struct dm_target_spec spec;

		if (t->size - at < sizeof(spec))
			abort();
		memcpy(&spec, t->data + at, sizeof(spec));
		if (spec.next > t->size - at || spec.next <= sizeof(spec) ||
		    !memchr(t->data + at + sizeof(spec), '\0', spec.next - sizeof(spec)))
			abort();
		at += spec.next;
	}
	if (at != t->size || t->size > sizeof(t->data))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kd_devnum devices[] = { { 8, 0 }, { 4095, 1048575 } };
	_cleanup_(kd_freep) struct kd_dm_table *table = malloc(sizeof(*table));
	_cleanup_(kd_freep) char *text = malloc(size + 1);

	if (!table || !text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	try_super(data, size);
	if (kd_dm_table_make(text, devices, ARRAY_SIZE(devices), table, NULL) >= 0)
		check_table(table);
	if (kd_dm_table_single(text, devices, table, NULL) >= 0)
		check_table(table);
	(void)kd_dm_table_is(text, "multipath");
	return 0;
}
