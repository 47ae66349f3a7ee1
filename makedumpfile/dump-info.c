/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers' contents. libkdumpfile takes the architecture from utsname.machine, hence the
 * check of it. Trusts nothing that comes from memory.
 */
#include "makedumpfile/dump-info.h"

#include <string.h>

#include "base/parse.h"
#include "makedumpfile/vmcore/machine.h"
#include "makedumpfile/vmcore/utsname.h"

static void set_field(char *utsname, size_t field, const char *value)
{
	memcpy(utsname + field * KD_UTS_FIELD, value,
	       MIN(strlen(value), (size_t)KD_UTS_FIELD - 1));
}

static void synthesize(char *utsname, uint16_t machine, const char *release)
{
	const struct kd_machine *known = kd_machine_by_elf(machine);

	memset(utsname, 0, KD_UTSNAME_SIZE);
	set_field(utsname, KD_UTS_SYSNAME, "Linux");
	set_field(utsname, KD_UTS_RELEASE, release);
	if (known)
		set_field(utsname, KD_UTS_MACHINE, known->name);
}

/* What crash takes as the physical base: of kernel text on x86_64, of memory on arm64
 * (kdump_sub_header.phys_base). */
static uint64_t phys_base(const struct kd_know *know, const struct kd_input *input)
{
	const struct kd_machine *known = kd_machine_by_elf(input->machine);
	const struct kd_vmcoreinfo *info = input->info;
	int64_t value;

	if (know->has_xlat)
		return know->xlat.phys_base;
	if (info && known && known->phys_base &&
	    kd_vmcoreinfo_number(info, known->phys_base, &value) == 0)
		return (uint64_t)value;
	return input->phys_base;
}

/* Names as the kernel has them, as the header of a dump has them, or made. */
static void find_utsname(const struct kd_dump_request *request,
			 const struct kd_know *know, const char *release, char *ret)
{
	const struct kd_input *input = request->input;

	if (input->info && know->has_xlat &&
	    kd_utsname_read(&know->xlat, input->info, release, ret))
		return;
	if (input->utsname && kd_utsname_plausible(input->utsname, release)) {
		memcpy(ret, input->utsname, KD_UTSNAME_SIZE);
		return;
	}
	if (input->info)
		kd_dump_note(request, "utsname cannot be read: made from vmcoreinfo");
	synthesize(ret, input->machine, release);
}

void kd_dump_info(struct kd_kdump_info *ret, const struct kd_dump_request *request,
		  const struct kd_know *know, kd_pfn_t max_pfn, unsigned int level)
{
	const struct kd_input *input = request->input;
	const struct kd_vmcoreinfo *info = input->info;
	const char *release = NULL, *time = NULL;

	*ret = (struct kd_kdump_info) {
		.page_size = input->memory->page_size,
		.max_mapnr = max_pfn,
		/* what was left out before stays left out */
		.dump_level = (int)(level | input->level),
		.no_vmemmap = request->options->exclude_vmemmap,
		/* crash warns of a dump without CPUs */
		.n_cpus = MAX(input->n_cpus, 1U),
		.codec = request->options->codec,
		.codec_level = request->options->codec_level,
		.notes = input->notes,
		.notes_size = input->notes_size,
		.info_offset = input->info_offset,
		.info_size = input->info_size,
	};
	ret->phys_base = phys_base(know, input);
	if (info) {
		release = kd_vmcoreinfo_string(info, "OSRELEASE");
		time = kd_vmcoreinfo_string(info, "CRASHTIME");
	}
	if (!time || kd_parse_u64(time, &ret->crash_time) < 0)
		ret->crash_time = input->crash_time;
	find_utsname(request, know, release ? release : "", ret->utsname);
}
