/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of a dump as one JSON object: names and meaning in docs/dump-json.md, to
 * which they are bound. Trusts its arguments; called by run-dump.c.
 */
#include "base/json.h"
#include "makedumpfile/program/report.h"

#define SCHEMA_VERSION 1

static const char *const knowledge_names[] = {
	[KD_KNOW_LAYOUT] = "file",
	[KD_KNOW_VMCOREINFO] = "vmcoreinfo",
	[KD_KNOW_NOTHING] = "none",
};

static const char *state(const struct kd_report *r)
{
	if (r->result < 0)
		return r->written ? "incomplete" : "failed";
	return r->options->dry_run ? "dry-run" : "complete";
}

static void add_outputs(const struct kd_report *r, struct kd_json *j)
{
	const struct kd_dump_options *o = r->options;

	kd_json_array(j, "outputs");
	for (size_t i = 1; i < o->n_files && !o->dry_run; i++)
		kd_json_string(j, NULL, o->files[i]);
	kd_json_array_end(j);
}

static const char *codec_name(const struct kd_dump_options *o)
{
	const struct kd_codec_ops *codec = kd_codec_find(o->codec);

	return o->format == KD_FORMAT_ELF || !codec ? NULL : codec->name;
}

static void add_pages(const struct kd_dump_stats *s, struct kd_json *j)
{
	kd_json_object(j, "pages");
	kd_json_u64(j, "total", s->pages_total);
	kd_json_u64(j, "kept", s->pages_kept);
	kd_json_u64(j, "absent", s->pages_absent);
	kd_json_u64(j, "memmapDropped", s->pages_memmap);
	kd_json_u64(j, "zero", s->pages_zero);
	kd_json_u64(j, "shared", s->pages_shared);
	kd_json_u64(j, "raw", s->pages_raw);
	kd_json_u64(j, "unreadable", s->pages_unreadable);
	kd_json_array(j, "classes");
	for (size_t i = 0; i < s->n_classes; i++) {
		kd_json_object(j, NULL);
		kd_json_string(j, "name", s->classes[i].name);
		kd_json_u64(j, "seen", s->classes[i].seen);
		kd_json_u64(j, "kept", s->classes[i].kept);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
	kd_json_object_end(j);
}

/* Only what the kernel's own count is known of. */
static void add_check(const struct kd_selfcheck *check, struct kd_json *j)
{
	static const char *const results[] = {
		[KD_SELFCHECK_FITS] = "fits",
		[KD_SELFCHECK_FEWER] = "fewer",
		[KD_SELFCHECK_MORE] = "more",
	};

	kd_json_array(j, "selfCheck");
	for (unsigned int i = 0; i < KD_VMSTAT_COUNT; i++) {
		const struct kd_selfcheck_row *row = &check->rows[i];

		if (row->result == KD_SELFCHECK_UNKNOWN)
			continue;
		kd_json_object(j, NULL);
		kd_json_string(j, "name", kd_selfcheck_name((enum kd_vmstat_item)i));
		kd_json_string(j, "result", results[row->result]);
		kd_json_u64(j, "found", row->found);
		kd_json_u64(j, "counted", row->counted);
		kd_json_object_end(j);
	}
	kd_json_array_end(j);
}

static void add_cost(const struct kd_report *r, struct kd_json *j)
{
	kd_json_object(j, "cost");
	kd_json_u64(j, "threads", r->stats.threads);
	kd_json_u64(j, "wallMs", r->wall_ms);
	kd_json_u64(j, "cpuMs", r->cpu_ms);
	kd_json_u64(j, "bytesPerSecond", kd_report_speed(r));
	kd_json_u64(j, "bufferBytes", r->stats.memory);
	kd_json_u64(j, "peakRssKiB", r->peak_rss_kib);
	kd_json_object_end(j);
}

void kd_report_json(const struct kd_report *r, struct kd_strbuf *out)
{
	struct kd_json j;

	kd_json_init(&j, out);
	kd_json_object(&j, NULL);
	kd_json_u64(&j, "schemaVersion", SCHEMA_VERSION);
	kd_json_string(&j, "state", state(r));
	kd_json_string(&j, "error", r->result < 0 ? r->error : NULL);
	kd_json_string(&j, "input", r->options->input);
	add_outputs(r, &j);
	kd_json_string(&j, "format",
		       r->options->format == KD_FORMAT_ELF ? "elf" : "kdump");
	kd_json_bool(&j, "flattened", r->options->flattened);
	kd_json_string(&j, "codec", codec_name(r->options));
	kd_json_u64(&j, "dumpLevel", r->stats.level);
	kd_json_string(&j, "layout", knowledge_names[r->stats.knowledge]);
	kd_json_u64(&j, "pageSize", r->page_size);
	kd_json_u64(&j, "maxPfn", r->stats.max_pfn);
	kd_json_u64(&j, "bytes", r->stats.bytes);
	add_pages(&r->stats, &j);
	add_check(&r->stats.check, &j);
	add_cost(r, &j);
	kd_json_array(&j, "notes");
	for (size_t i = 0; i < r->notes.n; i++)
		kd_json_string(&j, NULL, r->notes.items[i]);
	kd_json_array_end(&j);
	kd_json_object_end(&j);
}
