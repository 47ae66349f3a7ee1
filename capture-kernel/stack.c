/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting devices together: see stack.h. Entries name only those before them, so one pass
 * from the first to the wanted one is enough. Trusts neither the plan nor the devices.
 * Called by targets.
 */
#include "capture-kernel/stack.h"

#include <assert.h>
#include <string.h>

#include "base/parse.h"
#include "capture-kernel/block.h"
#include "capture-kernel/crypt-keys.h"
#include "capture-kernel/devices.h"

const struct kd_stack_ops kd_stack_kernel = {
	.create = kd_dm_create,
	.find = kd_md_find,
	.start = kd_md_start,
};

/** What is made so far: @made[i] is entry i's device. */
struct made {
	struct kd_devnum devices[KD_PLAN_STACK];
};

/* "2" or "2.1" */
static int parse_value(const char *value, size_t limit, size_t *ret_entry,
		       unsigned int *ret_partition)
{
	const char *dot = strchr(value, '.');
	char number[8];
	uint64_t entry, partition = 0;
	size_t n = dot ? (size_t)(dot - value) : strlen(value);

	if (n >= sizeof(number))
		return -EINVAL;
	memcpy(number, value, n);
	number[n] = '\0';
	if (kd_parse_u64(number, &entry) < 0 || entry >= limit)
		return -EINVAL;
	if (dot &&
	    (kd_parse_u64(dot + 1, &partition) < 0 || partition == 0 || partition > 255))
		return -EINVAL;
	*ret_entry = (size_t)entry;
	*ret_partition = (unsigned int)partition;
	return 0;
}

/* The entry a device line names: -ENOENT for one that names no entry. */
static int entry_below(const char *device, size_t limit, size_t *ret,
		       unsigned int *ret_partition)
{
	struct kd_device_spec spec;

	if (kd_device_spec_parse(device, &spec) < 0)
		return -EINVAL;
	if (spec.tag != KD_DEVICE_STACK)
		return -ENOENT;
	return parse_value(spec.value, limit, ret, ret_partition);
}

/* Which entries lie below @top, itself included: a bit each. */
static uint32_t needed_for(const struct kd_stack *s, size_t top)
{
	uint32_t needed = 1u << top;
	unsigned int partition;
	size_t below;

	static_assert(KD_PLAN_STACK <= 32, "a bit an entry");
	for (size_t i = top + 1; i-- > 0;) {
		if (!(needed & 1u << i))
			continue;
		for (size_t d = 0; d < s->entries[i].n_devices; d++)
			if (entry_below(s->entries[i].devices[d], i, &below,
					&partition) >= 0)
				needed |= 1u << below;
	}
	return needed;
}

static int partition_of(int root_fd, const struct kd_devnum *disk, unsigned int partition,
			struct kd_devnum *ret)
{
	struct kd_block b;
	int r;

	r = kd_block_by_number(root_fd, disk->major, disk->minor, &b);
	if (r >= 0 && partition != 0)
		r = kd_block_partition(root_fd, &b, partition, &b);
	if (r >= 0)
		*ret = (struct kd_devnum) { b.major, b.minor };
	return r;
}

/* The number of device line @index: made before, or found. Lines that are the same stand
 * for as many devices. */
static int resolve(const struct kd_stack *s, const struct made *made, size_t entry,
		   size_t index, struct kd_devnum *ret)
{
	const struct kd_plan_stack *e = &s->entries[entry];
	const char *line = e->devices[index];
	char name[KD_BLOCK_STRING];
	struct kd_device_spec spec;
	unsigned int partition;
	struct kd_block b;
	size_t below;
	int r;

	r = entry_below(line, entry, &below, &partition);
	if (r >= 0)
		return partition_of(s->root_fd, &made->devices[below], partition, ret);
	if (r != -ENOENT || kd_device_spec_parse(line, &spec) < 0)
		return -EINVAL;
	for (size_t i = 0; i < index; i++)
		spec.skip += strcmp(e->devices[i], line) == 0;
	r = kd_device_find_at(s->root_fd, &spec, name, sizeof(name), NULL);
	if (r >= 0)
		r = kd_block_by_name(s->root_fd, name, &b);
	if (r >= 0)
		*ret = (struct kd_devnum) { b.major, b.minor };
	return r;
}

/* Device-mapper: all its devices, or of a multipath device any one. */
static int make_dm(const struct kd_stack *s, struct made *made, size_t entry,
		   struct kd_error *err)
{
	const struct kd_plan_stack *e = &s->entries[entry];
	_cleanup_(kd_freep) struct kd_dm_table *table = malloc(sizeof(*table));
	struct kd_devnum devices[KD_PLAN_STACK_DEVICES];
	size_t found = 0;
	int r;

	if (!table)
		return kd_fail(err, -ENOMEM, "%s", e->name);
	for (size_t i = 0; i < e->n_devices; i++) {
		r = resolve(s, made, entry, i, &devices[found]);
		if (r >= 0)
			found++;
		else if (s->patient || !kd_dm_table_is(e->table, "multipath"))
			return kd_fail(err, r, "%s lies on %s", e->name, e->devices[i]);
	}
	if (e->n_devices > 0 && found == 0)
		return kd_fail_msg(err, -ENODEV, "%s: no path to it is there", e->name);
	r = found == e->n_devices ? kd_dm_table_make(e->table, devices, found, table, err)
				  : kd_dm_table_single(e->table, &devices[0], table, err);
	if (r >= 0 && kd_dm_table_is(e->table, "crypt"))
		r = kd_crypt_keys_restore(s->root_fd, err);
	if (r >= 0)
		r = s->ops->create(e->name, e->uuid, table, &made->devices[entry], err);
	return r < 0 ? kd_fail(err, r, "%s", e->name) : 0;
}

static int make_md(const struct kd_stack *s, struct made *made, size_t entry,
		   struct kd_error *err)
{
	const struct kd_plan_stack *e = &s->entries[entry];
	struct kd_md_found found;
	struct kd_block b;
	int r;

	r = s->ops->find(s->root_fd, e->uuid, &found, err);
	if (r < 0)
		return r;
	if (found.n == 0 || (s->patient && !found.whole))
		return kd_fail_msg(err, -ENODEV, "%s: members are missing", e->name);
	r = s->ops->start(s->root_fd, e->name, &found, err);
	if (r >= 0)
		r = kd_block_by_name(s->root_fd, e->name, &b);
	if (r < 0)
		return kd_fail(err, r, "%s", e->name);
	made->devices[entry] = (struct kd_devnum) { b.major, b.minor };
	return 0;
}

int kd_stack_find(const struct kd_stack *s, const char *value, char *ret, size_t size,
		  struct kd_error *err)
{
	struct made made = { 0 };
	unsigned int partition;
	struct kd_block b;
	uint32_t needed;
	size_t top;
	int r;

	if (parse_value(value, MIN(s->n, (size_t)KD_PLAN_STACK), &top, &partition) < 0)
		return kd_fail_msg(err, -EINVAL, "the plan has no device \"%s\"", value);
	needed = needed_for(s, top);
	for (size_t i = 0; i <= top; i++) {
		if (!(needed & 1u << i))
			continue;
		r = s->entries[i].type == KD_STACK_MD ? make_md(s, &made, i, err)
						      : make_dm(s, &made, i, err);
		if (r < 0)
			return r;
	}
	r = kd_block_by_number(s->root_fd, made.devices[top].major,
			       made.devices[top].minor, &b);
	if (r >= 0 && partition != 0)
		r = kd_block_partition(s->root_fd, &b, partition, &b);
	if (r < 0)
		return kd_fail(err, r, "%s", s->entries[top].name);
	if (strlen(b.name) >= size)
		return kd_fail(err, -ENAMETOOLONG, "%s", b.name);
	memcpy(ret, b.name, strlen(b.name) + 1);
	return 0;
}
