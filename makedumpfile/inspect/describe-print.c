/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A description as lines and as JSON: see describe.h. Texts come from a dump and
 * may hold anything. Called by run-info.c.
 */
#include <elf.h>
#include <string.h>

#include "base/json.h"
#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/inspect/describe.h"

static const char *const uts_names[] = { "sysname", "nodename", "release",
					 "version", "machine",	"domainname" };

static const char *machine_name(uint16_t machine)
{
	if (machine == EM_X86_64)
		return "x86_64";
	return machine == EM_AARCH64 ? "aarch64" : "unknown";
}

static void line(struct kd_strbuf *out, const char *name, const char *text)
{
	char safe[KD_ERROR_SIZE];
	size_t i = 0;

	for (; text[i] && i + 1 < sizeof(safe); i++)
		safe[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?'
									   : text[i];
	safe[i] = '\0';
	kd_strbuf_addf(out, "%-18s%s\n", name, safe);
}

static void number(struct kd_strbuf *out, const char *name, uint64_t value)
{
	kd_strbuf_addf(out, "%-18s%llu\n", name, (unsigned long long)value);
}

/* What there is none of is not worth a line. */
static void some(struct kd_strbuf *out, const char *name, uint64_t value)
{
	if (value)
		number(out, name, value);
}

static void kdump_text(const struct kd_description *d, struct kd_strbuf *out)
{
	const struct kd_kdump_facts *f = &d->facts;
	const struct kd_kdump_census *c = &d->census;

	number(out, "Version:", f->version);
	number(out, "Dump level:", f->level);
	kd_strbuf_addf(out, "%-18s0x%x\n", "Status:", f->status);
	if (f->split)
		kd_strbuf_addf(out, "%-18s0x%llx-0x%llx of 0x%llx\n",
			       "Part of a split:", (unsigned long long)f->start,
			       (unsigned long long)f->end,
			       (unsigned long long)f->max_mapnr);
	for (size_t i = 0; i < ARRAY_SIZE(uts_names); i++) {
		char name[20];

		(void)snprintf(name, sizeof(name), "%s:", uts_names[i]);
		line(out, name, f->utsname[i]);
	}
	some(out, "  raw:", c->raw);
	some(out, "  zlib:", c->zlib);
	some(out, "  lzo:", c->lzo);
	some(out, "  snappy:", c->snappy);
	some(out, "  zstd:", c->zstd);
	some(out, "  zero:", c->zero);
	some(out, "  shared:", c->shared);
	some(out, "  unreadable:", c->unreadable);
	some(out, "  missing:", c->missing);
	some(out, "  corrupt:", c->corrupt);
	number(out, "Payload bytes:", c->payload_bytes);
	some(out, "Erase info bytes:", d->erase_bytes);
}

void kd_describe_text(const struct kd_description *d, struct kd_strbuf *out)
{
	kd_strbuf_addf(out, "%-18s%s%s\n",
		       "Format:", d->kdump ? "kdump-compressed" : "ELF core",
		       d->flattened ? ", flattened" : "");
	line(out, "Complete:", d->incomplete ? "no" : "yes");
	if (d->oddities[0])
		line(out, "Remarks:", d->oddities);
	number(out, "File bytes:", d->file_size);
	some(out, "Missing bytes:", d->missing);
	line(out, "Machine:", machine_name(d->machine));
	number(out, "Page size:", d->page_size);
	number(out, "Memory ranges:", d->n_extents);
	number(out, "Pages:", d->pages);
	number(out, "Pages here:", d->present);
	if (d->kdump)
		kdump_text(d, out);
	line(out, "Kernel release:", d->release[0] ? d->release : "unknown");
	line(out, "Build ID:", d->build_id[0] ? d->build_id : "unknown");
	number(out, "Crash time:", d->crash_time);
	number(out, "CPUs:", d->cpus);
	kd_strbuf_addf(out, "%-18s%u, %zu bytes\n", "Notes:", d->notes, d->notes_bytes);
	line(out, "VMCOREINFO:", d->info_bytes ? "yes" : "no");
	if (d->has_phys_base)
		kd_strbuf_addf(out, "%-18s0x%llx\n",
			       "phys_base:", (unsigned long long)d->phys_base);
}

static void kdump_json(const struct kd_description *d, struct kd_json *j)
{
	const struct kd_kdump_facts *f = &d->facts;
	const struct kd_kdump_census *c = &d->census;

	kd_json_u64(j, "version", f->version);
	kd_json_u64(j, "dump_level", f->level);
	kd_json_u64(j, "status", f->status);
	kd_json_bool(j, "split", f->split);
	kd_json_u64(j, "start_pfn", f->start);
	kd_json_u64(j, "end_pfn", f->end);
	kd_json_object(j, "utsname");
	for (size_t i = 0; i < ARRAY_SIZE(uts_names); i++)
		kd_json_string(j, uts_names[i], f->utsname[i]);
	kd_json_object_end(j);
	kd_json_object(j, "descriptors");
	kd_json_u64(j, "raw", c->raw);
	kd_json_u64(j, "zlib", c->zlib);
	kd_json_u64(j, "lzo", c->lzo);
	kd_json_u64(j, "snappy", c->snappy);
	kd_json_u64(j, "zstd", c->zstd);
	kd_json_u64(j, "zero", c->zero);
	kd_json_u64(j, "shared", c->shared);
	kd_json_u64(j, "unreadable", c->unreadable);
	kd_json_u64(j, "missing", c->missing);
	kd_json_u64(j, "corrupt", c->corrupt);
	kd_json_object_end(j);
	kd_json_u64(j, "payload_bytes", c->payload_bytes);
	kd_json_u64(j, "eraseinfo_bytes", d->erase_bytes);
}

void kd_describe_json(const struct kd_description *d, struct kd_strbuf *out)
{
	struct kd_json j;

	kd_json_init(&j, out);
	kd_json_object(&j, NULL);
	kd_json_string(&j, "format", d->kdump ? "kdump" : "elf");
	kd_json_bool(&j, "flattened", d->flattened);
	kd_json_bool(&j, "complete", !d->incomplete);
	kd_json_string(&j, "remarks", d->oddities);
	kd_json_u64(&j, "file_bytes", d->file_size);
	kd_json_u64(&j, "missing_bytes", d->missing);
	kd_json_string(&j, "machine", machine_name(d->machine));
	kd_json_u64(&j, "page_size", d->page_size);
	kd_json_u64(&j, "memory_ranges", d->n_extents);
	kd_json_u64(&j, "pages", d->pages);
	kd_json_u64(&j, "pages_present", d->present);
	if (d->kdump)
		kdump_json(d, &j);
	kd_json_string(&j, "release", d->release);
	kd_json_string(&j, "build_id", d->build_id);
	kd_json_u64(&j, "crash_time", d->crash_time);
	kd_json_u64(&j, "cpus", d->cpus);
	kd_json_u64(&j, "notes", d->notes);
	kd_json_u64(&j, "notes_bytes", d->notes_bytes);
	kd_json_bool(&j, "vmcoreinfo", d->info_bytes);
	if (d->has_phys_base)
		kd_json_u64(&j, "phys_base", d->phys_base);
	kd_json_object_end(&j);
}
