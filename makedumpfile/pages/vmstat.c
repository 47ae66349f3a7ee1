/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_data[] (or the one node of a kernel without NUMA), each node's zones, and the
 * atomic longs both count in (include/linux/mmzone.h). See vmstat.h.
 */
#include "makedumpfile/pages/vmstat.h"

/* CONFIG_NODES_SHIFT is at most 10; MAX_NR_ZONES is 6 with every option. */
#define NODES_MAX UINT64_C(1024)
#define ZONES_MAX 8
#define ITEMS_MAX 1024

/* Pointers to nodes that are read at a time: most kernels have room for a thousand, and a
 * look into /proc/vmcore costs a mapping. */
#define NODES_READ UINT64_C(64)

/* A counter is a sum of signed steps, of which CPUs hold some back: a small negative
 * sum is none. Anything larger than the address space is no count either. */
static bool add(struct kd_vmstat *s, enum kd_vmstat_item item, int64_t value)
{
	if (value > INT64_C(1) << 52)
		return false;
	s->pages[item] += value > 0 ? (uint64_t)value : 0;
	return true;
}

static bool read_counter(const struct kd_xlat *x, const struct kd_layout *l,
			 kd_vaddr_t array, enum kd_field index, int64_t *ret)
{
	int64_t i = kd_layout_get(l, index);

	return kd_layout_has(l, index) && i >= 0 && i < ITEMS_MAX &&
	       kd_xlat_read(x, array + (uint64_t)i * 8, ret, 8) == 0;
}

static bool node_zones(struct kd_vmstat *s, const struct kd_xlat *x,
		       const struct kd_layout *l, kd_vaddr_t node)
{
	static const enum kd_field needed[] = { KD_F_NODE_ZONES, KD_F_NODE_NR_ZONES,
						KD_F_ZONE_SIZEOF, KD_F_ZONE_VM_STAT };
	int32_t n;

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!kd_layout_has(l, needed[i]))
			return false;
	if (kd_xlat_read(x, node + (uint64_t)kd_layout_get(l, KD_F_NODE_NR_ZONES), &n,
			 sizeof(n)) < 0 ||
	    n < 1 || n > ZONES_MAX)
		return false;
	for (int32_t i = 0; i < n; i++) {
		kd_vaddr_t zone = node + (uint64_t)kd_layout_get(l, KD_F_NODE_ZONES) +
				  (uint64_t)i *
					  (uint64_t)kd_layout_get(l, KD_F_ZONE_SIZEOF);
		int64_t v;

		if (!read_counter(x, l,
				  zone + (uint64_t)kd_layout_get(l, KD_F_ZONE_VM_STAT),
				  KD_F_NR_FREE_PAGES, &v) ||
		    !add(s, KD_VMSTAT_FREE, v))
			return false;
		s->n_zones++;
	}
	return true;
}

static bool node_item(struct kd_vmstat *s, const struct kd_xlat *x,
		      const struct kd_layout *l, kd_vaddr_t node,
		      enum kd_vmstat_item item, enum kd_field index)
{
	int64_t v;

	/* an index beyond the array is of another kernel */
	return kd_layout_has(l, KD_F_NODE_VM_STAT) &&
	       (!kd_layout_has(l, KD_F_NODE_VM_STAT_LENGTH) ||
		kd_layout_get(l, index) < kd_layout_get(l, KD_F_NODE_VM_STAT_LENGTH)) &&
	       read_counter(x, l, node + (uint64_t)kd_layout_get(l, KD_F_NODE_VM_STAT),
			    index, &v) &&
	       add(s, item, v);
}

static void read_node(struct kd_vmstat *s, const struct kd_xlat *x,
		      const struct kd_layout *l, kd_vaddr_t node)
{
	static const struct {
		enum kd_vmstat_item item;
		enum kd_field index;
	} items[] = {
		{ KD_VMSTAT_SLAB, KD_F_NR_SLAB_RECLAIMABLE },
		{ KD_VMSTAT_SLAB, KD_F_NR_SLAB_UNRECLAIMABLE },
		{ KD_VMSTAT_ANON, KD_F_NR_ANON_MAPPED },
		{ KD_VMSTAT_CACHE, KD_F_NR_FILE_PAGES },
	};

	s->known[KD_VMSTAT_FREE] &= node_zones(s, x, l, node);
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		s->known[items[i].item] &= node_item(s, x, l, node, items[i].item,
						     items[i].index);
}

/* Returns how many nodes there are, up to the first that cannot be looked for. */
static unsigned int read_nodes(struct kd_vmstat *s, const struct kd_xlat *x,
			       const struct kd_layout *l)
{
	kd_vaddr_t array = (kd_vaddr_t)kd_layout_get(l, KD_F_NODE_DATA);
	uint64_t n = MIN((uint64_t)kd_layout_get(l, KD_F_NODE_DATA_LENGTH), NODES_MAX);
	kd_vaddr_t nodes[NODES_READ];
	unsigned int found = 0;

	for (uint64_t at = 0; at < n; at += NODES_READ) {
		uint64_t some = MIN(n - at, NODES_READ);

		if (kd_xlat_read(x, array + at * sizeof(nodes[0]), nodes,
				 (size_t)some * sizeof(nodes[0])) < 0)
			break;
		for (uint64_t i = 0; i < some; i++) {
			if (!nodes[i])
				continue;
			read_node(s, x, l, nodes[i]);
			found++;
		}
	}
	return found;
}

int kd_vmstat_read(struct kd_vmstat *ret, const struct kd_xlat *xlat,
		   const struct kd_layout *layout)
{
	struct kd_vmstat s = { .known = { true, true, true, true } };
	unsigned int found = 0;

	if (kd_layout_has(layout, KD_F_NODE_DATA)) {
		found = read_nodes(&s, xlat, layout);
	} else if (kd_layout_has(layout, KD_F_CONTIG_PAGE_DATA)) {
		read_node(&s, xlat, layout,
			  (kd_vaddr_t)kd_layout_get(layout, KD_F_CONTIG_PAGE_DATA));
		found = 1;
	}
	if (!found)
		return -ENODATA;
	*ret = s;
	return 0;
}
