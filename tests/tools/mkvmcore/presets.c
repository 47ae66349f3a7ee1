/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The presets' text: see presets.h. Taken from the vmcoreinfo of running kernels; what
 * a boot decides (addresses, paging mode) is added by build.c. Called by build.c.
 */
#include "tests/tools/mkvmcore/presets.h"

#include <string.h>

const char mk_preset_common[] = "LENGTH(printk_info_device)=48\n"
				"LENGTH(printk_info_subsystem)=16\n"
				"LENGTH(zone.free_area)=11\n"
				"NUMBER(PG_swapcache)=10\n"
				"NUMBER(SECTION_SIZE_BITS)=27\n"
				"OFFSET(atomic_long_t.counter)=0\n"
				"OFFSET(dev_printk_info.device)=16\n"
				"OFFSET(dev_printk_info.subsystem)=0\n"
				"OFFSET(latched_seq.val)=8\n"
				"OFFSET(list_head.next)=0\n"
				"OFFSET(list_head.prev)=8\n"
				"OFFSET(mem_section.section_mem_map)=0\n"
				"OFFSET(page._mapcount)=48\n"
				"OFFSET(page._refcount)=52\n"
				"OFFSET(page.flags)=0\n"
				"OFFSET(page.lru)=8\n"
				"OFFSET(page.mapping)=24\n"
				"OFFSET(page.private)=40\n"
				"OFFSET(prb_data_blk_lpos.begin)=0\n"
				"OFFSET(prb_data_blk_lpos.next)=8\n"
				"OFFSET(prb_data_ring.data)=8\n"
				"OFFSET(prb_data_ring.head_lpos)=16\n"
				"OFFSET(prb_data_ring.size_bits)=0\n"
				"OFFSET(prb_data_ring.tail_lpos)=24\n"
				"OFFSET(prb_desc.state_var)=0\n"
				"OFFSET(prb_desc.text_blk_lpos)=8\n"
				"OFFSET(prb_desc_ring.count_bits)=0\n"
				"OFFSET(prb_desc_ring.descs)=8\n"
				"OFFSET(prb_desc_ring.head_id)=24\n"
				"OFFSET(prb_desc_ring.infos)=16\n"
				"OFFSET(prb_desc_ring.tail_id)=32\n"
				"OFFSET(printk_info.caller_id)=20\n"
				"OFFSET(printk_info.seq)=0\n"
				"OFFSET(printk_info.text_len)=16\n"
				"OFFSET(printk_info.ts_nsec)=8\n"
				"OFFSET(printk_ringbuffer.desc_ring)=0\n"
				"OFFSET(printk_ringbuffer.fail)=80\n"
				"OFFSET(printk_ringbuffer.text_data_ring)=48\n"
				"OFFSET(uts_namespace.name)=0\n"
				"PAGESIZE=4096\n"
				"SIZE(atomic_long_t)=8\n"
				"SIZE(dev_printk_info)=64\n"
				"SIZE(latched_seq)=24\n"
				"SIZE(list_head)=16\n"
				"SIZE(mem_section)=16\n"
				"SIZE(page)=64\n"
				"SIZE(prb_data_blk_lpos)=16\n"
				"SIZE(prb_data_ring)=32\n"
				"SIZE(prb_desc)=24\n"
				"SIZE(prb_desc_ring)=48\n"
				"SIZE(printk_ringbuffer)=88\n";

static const struct mk_preset presets[] = {
	{
		.name = "6.1",
		.release = "6.1.0-50-cloud-amd64",
		.hwpoison = 23,
		.slab_flag = 1,
		.order_in_flags = 0,
		.info_mask = 0,
		.lines = "NUMBER(HUGETLB_PAGE_DTOR)=2\n"
			 "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129\n"
			 "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-257\n"
			 "NUMBER(PG_head_mask)=65536\n"
			 "NUMBER(PG_lru)=4\n"
			 "NUMBER(PG_private)=13\n"
			 "NUMBER(PG_slab)=9\n"
			 "NUMBER(PG_swapbacked)=19\n"
			 "OFFSET(page.compound_dtor)=16\n"
			 "OFFSET(page.compound_head)=8\n"
			 "OFFSET(page.compound_order)=17\n"
			 "OFFSET(printk_info.dev_info)=24\n"
			 "SIZE(printk_info)=88\n",
	},
	{
		.name = "6.12",
		.release = "6.12.95+deb12-cloud-amd64",
		.hwpoison = 20,
		.slab_flag = 0,
		.order_in_flags = 1,
		.info_mask = 0,
		.lines = "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-268435456\n"
			 "NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)=-201326592\n"
			 "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-251658240\n"
			 "NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)=-184549376\n"
			 "NUMBER(PG_head_mask)=64\n"
			 "NUMBER(PG_hwpoison)=20\n"
			 "NUMBER(PG_lru)=5\n"
			 "NUMBER(PG_private)=14\n"
			 "NUMBER(PG_swapbacked)=17\n"
			 "OFFSET(page.compound_head)=8\n"
			 "OFFSET(printk_info.dev_info)=24\n"
			 "SIZE(printk_info)=88\n",
	},
	{
		.name = "7.1",
		.release = "7.3.4+deb13-cloud-amd64",
		.hwpoison = 21,
		.slab_flag = 0,
		.order_in_flags = 1,
		.info_mask = 1,
		.lines = "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-268435456\n"
			 "NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)=-201326592\n"
			 "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-251658240\n"
			 "NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)=-184549376\n"
			 "NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)=-150994944\n"
			 "NUMBER(PG_head_mask)=64\n"
			 "NUMBER(PG_hwpoison)=21\n"
			 "NUMBER(PG_lru)=5\n"
			 "NUMBER(PG_private)=14\n"
			 "NUMBER(PG_swapbacked)=17\n"
			 "OFFSET(page.compound_info)=8\n"
			 "OFFSET(printk_info.dev_info)=44\n"
			 "SIZE(printk_info)=112\n",
	},
};

const struct mk_preset *mk_preset_find(const char *name)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (strcmp(presets[i].name, name) == 0)
			return &presets[i];
	return NULL;
}
