/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcoreinfo out of a vmlinux: see generate.h. The fields of layout-fields.def, and what
 * else readers of such a text look for. A line for what the kernel does not have is left
 * out. Called by run-generate.c.
 */
#include "makedumpfile/layout/generate.h"

#include <inttypes.h>
#include <string.h>

#include "makedumpfile/layout/query.h"
#include "makedumpfile/layout/source.h"

/* As kernel/vmcore_info.c exports them, and older names of the same. */
static const char *const symbols[] = {
	"init_uts_ns",
	"node_online_map",
	"node_states",
	"swapper_pg_dir",
	"init_top_pgt",
	"init_level4_pgt",
	"level4_kernel_pgt",
	"_stext",
	"mem_map",
	"mem_section",
	"node_data",
	"contig_page_data",
	"vmlist",
	"vmap_area_list",
	"prb",
	"log_buf",
	"log_buf_len",
	"log_end",
	"log_first_idx",
	"log_next_idx",
	"clear_idx",
	"clear_seq",
	"printk_rb_static",
	"max_pfn",
	"high_memory",
	"free_huge_page",
	"kallsyms_names",
	"kallsyms_num_syms",
	"kallsyms_token_table",
	"kallsyms_token_index",
	"kallsyms_offsets",
	"kallsyms_relative_base",
};

static const struct {
	enum kd_field_kind kind;
	const char *key, *enumeration;
} questions[] = {
	{ KD_KIND_SIZE, "page", NULL },
	{ KD_KIND_SIZE, "pglist_data", NULL },
	{ KD_KIND_SIZE, "zone", NULL },
	{ KD_KIND_SIZE, "free_area", NULL },
	{ KD_KIND_SIZE, "list_head", NULL },
	{ KD_KIND_SIZE, "nodemask_t", NULL },
	{ KD_KIND_SIZE, "printk_log", NULL },
	{ KD_KIND_SIZE, "printk_ringbuffer", NULL },
	{ KD_KIND_SIZE, "prb_desc_ring", NULL },
	{ KD_KIND_SIZE, "prb_desc", NULL },
	{ KD_KIND_SIZE, "prb_data_blk_lpos", NULL },
	{ KD_KIND_SIZE, "printk_info", NULL },
	{ KD_KIND_SIZE, "prb_data_ring", NULL },
	{ KD_KIND_SIZE, "atomic_long_t", NULL },
	{ KD_KIND_SIZE, "latched_seq", NULL },
	{ KD_KIND_OFFSET, "uts_namespace.name", NULL },
	{ KD_KIND_OFFSET, "pglist_data.node_zones", NULL },
	{ KD_KIND_OFFSET, "pglist_data.nr_zones", NULL },
	{ KD_KIND_OFFSET, "pglist_data.node_start_pfn", NULL },
	{ KD_KIND_OFFSET, "pglist_data.node_spanned_pages", NULL },
	{ KD_KIND_OFFSET, "pglist_data.node_id", NULL },
	{ KD_KIND_OFFSET, "zone.free_area", NULL },
	{ KD_KIND_OFFSET, "zone.vm_stat", NULL },
	{ KD_KIND_OFFSET, "zone.spanned_pages", NULL },
	{ KD_KIND_OFFSET, "free_area.free_list", NULL },
	{ KD_KIND_OFFSET, "list_head.next", NULL },
	{ KD_KIND_OFFSET, "list_head.prev", NULL },
	{ KD_KIND_OFFSET, "vmap_area.va_start", NULL },
	{ KD_KIND_OFFSET, "vmap_area.list", NULL },
	{ KD_KIND_OFFSET, "vm_struct.addr", NULL },
	{ KD_KIND_OFFSET, "printk_log.ts_nsec", NULL },
	{ KD_KIND_OFFSET, "printk_log.len", NULL },
	{ KD_KIND_OFFSET, "printk_log.text_len", NULL },
	{ KD_KIND_OFFSET, "printk_log.dict_len", NULL },
	{ KD_KIND_OFFSET, "printk_log.caller_id", NULL },
	{ KD_KIND_OFFSET, "printk_ringbuffer.desc_ring", NULL },
	{ KD_KIND_OFFSET, "printk_ringbuffer.text_data_ring", NULL },
	{ KD_KIND_OFFSET, "printk_ringbuffer.fail", NULL },
	{ KD_KIND_OFFSET, "prb_desc_ring.count_bits", NULL },
	{ KD_KIND_OFFSET, "prb_desc_ring.descs", NULL },
	{ KD_KIND_OFFSET, "prb_desc_ring.infos", NULL },
	{ KD_KIND_OFFSET, "prb_desc_ring.head_id", NULL },
	{ KD_KIND_OFFSET, "prb_desc_ring.tail_id", NULL },
	{ KD_KIND_OFFSET, "prb_desc.state_var", NULL },
	{ KD_KIND_OFFSET, "prb_desc.text_blk_lpos", NULL },
	{ KD_KIND_OFFSET, "prb_data_blk_lpos.begin", NULL },
	{ KD_KIND_OFFSET, "prb_data_blk_lpos.next", NULL },
	{ KD_KIND_OFFSET, "printk_info.seq", NULL },
	{ KD_KIND_OFFSET, "printk_info.ts_nsec", NULL },
	{ KD_KIND_OFFSET, "printk_info.text_len", NULL },
	{ KD_KIND_OFFSET, "printk_info.caller_id", NULL },
	{ KD_KIND_OFFSET, "printk_info.dev_info", NULL },
	{ KD_KIND_OFFSET, "prb_data_ring.size_bits", NULL },
	{ KD_KIND_OFFSET, "prb_data_ring.data", NULL },
	{ KD_KIND_OFFSET, "prb_data_ring.head_lpos", NULL },
	{ KD_KIND_OFFSET, "prb_data_ring.tail_lpos", NULL },
	{ KD_KIND_OFFSET, "atomic_long_t.counter", NULL },
	{ KD_KIND_OFFSET, "latched_seq.val", NULL },
	{ KD_KIND_LENGTH, "node_data", NULL },
	{ KD_KIND_LENGTH, "free_area.free_list", NULL },
	{ KD_KIND_NUMBER, "NR_FREE_PAGES", "zone_stat_item" },
	{ KD_KIND_NUMBER, "N_ONLINE", "node_states" },
};

static void put(struct kd_strbuf *out, enum kd_field_kind kind, const char *key,
		int64_t value)
{
	kd_strbuf_addf(out, "%s(%s)=%" PRId64 "\n", kd_field_kind_name(kind), key, value);
}

static bool asked(enum kd_field_kind kind, const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		if (questions[i].kind == kind && strcmp(questions[i].key, key) == 0)
			return true;
	return false;
}

static int put_fields(const struct kd_vmlinux *v, struct kd_strbuf *out,
		      struct kd_error *err)
{
	struct kd_layout l;
	int r;

	r = kd_layout_from_dwarf(kd_vmlinux_fd(v), &l, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;
		enum kd_field_kind kind = kd_field_kind(f);

		if (kd_layout_has(&l, f) && kind != KD_KIND_SYMBOL &&
		    !asked(kind, kd_field_key(f)))
			put(out, kind, kd_field_key(f), kd_layout_get(&l, f));
	}
	return 0;
}

static int put_answers(const struct kd_vmlinux *v, struct kd_strbuf *out,
		       struct kd_error *err)
{
	_cleanup_(kd_dwarf_freep) struct kd_dwarf *d = NULL;
	struct kd_query queries[ARRAY_SIZE(questions)];
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		queries[i] =
			(struct kd_query) { .kind = questions[i].kind,
					    .key = questions[i].key,
					    .enumeration = questions[i].enumeration };
	r = kd_dwarf_new(kd_vmlinux_fd(v), &d, err);
	if (r == 0)
		r = kd_dwarf_answer(d, queries, ARRAY_SIZE(queries), /* thorough= */ true,
				    err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(queries); i++)
		if (queries[i].known)
			put(out, queries[i].kind, queries[i].key, queries[i].value);
	return r;
}

int kd_vmcoreinfo_generate(const struct kd_vmlinux *v, struct kd_strbuf *out,
			   struct kd_error *err)
{
	int r;

	if (!*kd_vmlinux_release(v))
		return kd_fail_msg(err, -ENODATA, "no linux_banner with a release");
	kd_strbuf_addf(out, "OSRELEASE=%s\n", kd_vmlinux_release(v));
	if (*kd_vmlinux_build_id(v))
		kd_strbuf_addf(out, "BUILD-ID=%s\n", kd_vmlinux_build_id(v));
	/* nothing in a vmlinux names it; the ports that have several are looked at on a
	 * machine of the same sort */
	kd_strbuf_addf(out, "PAGESIZE=%ld\n", sysconf(_SC_PAGESIZE));
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++) {
		kd_vaddr_t at;

		if (kd_vmlinux_symbol(v, symbols[i], &at) == 0)
			kd_strbuf_addf(out, "SYMBOL(%s)=%" PRIx64 "\n", symbols[i], at);
	}
	r = put_answers(v, out, err);
	if (r == 0)
		r = put_fields(v, out, err);
	if (r < 0)
		return r;
	return out->status < 0 ? kd_fail(err, out->status, "vmcoreinfo") : 0;
}
