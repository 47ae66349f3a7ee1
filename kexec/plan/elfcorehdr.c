/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump's header: see elfcorehdr.h. Trusts the host snapshot's ranges to be sorted and
 * disjoint, nothing of their number.
 */
#include "kexec/plan/elfcorehdr.h"

#include <elf.h>
#include <string.h>

static int check_host(const struct kd_kexec_host *host, struct kd_error *err)
{
	if (!host->vmcoreinfo.size)
		return kd_fail_msg(err, -ENODATA,
				   "/sys/kernel/vmcoreinfo does not say where it is: a "
				   "dump without could not be read");
	if (!host->n_notes)
		return kd_fail_msg(err, -ENODATA,
				   "no CPU says where its crash notes are "
				   "(/sys/devices/system/cpu/cpu*/crash_notes)");
	if (!host->has_page_offset)
		return kd_fail_msg(
			err, -ENODATA,
			"/proc/kcore does not tell where memory is mapped: the "
			"dump's header needs it");
	return 0;
}

/* What is to be dumped: RAM of the dying kernel. */
static int dumped_ranges(const struct kd_kexec_host *host, uint64_t lowest,
			 struct kd_ranges *ret)
{
	const struct kd_ranges *cma = &host->crash_cma;
	int r = kd_ranges_select(&host->ram, KD_RANGE_RAM, ret);

	if (r == 0)
		r = kd_ranges_subtract(ret, 0, lowest);
	if (r == 0)
		r = kd_ranges_subtract(ret, host->crash.start, host->crash.end);
	if (r == 0)
		r = kd_ranges_subtract(ret, host->crash_low.start, host->crash_low.end);
	for (size_t i = 0; r == 0 && i < cma->n; i++)
		r = kd_ranges_subtract(ret, cma->items[i].start, cma->items[i].end);
	return r;
}

static uint16_t machine_of(enum kd_arch arch)
{
	return arch == KD_ARCH_ARM64 ? EM_AARCH64 : EM_X86_64;
}

static void fill_header(Elf64_Ehdr *h, const struct kd_kexec_host *host, size_t n)
{
	memcpy(h->e_ident, ELFMAG, SELFMAG);
	h->e_ident[EI_CLASS] = ELFCLASS64;
	h->e_ident[EI_DATA] = ELFDATA2LSB;
	h->e_ident[EI_VERSION] = EV_CURRENT;
	h->e_type = ET_CORE;
	h->e_machine = machine_of(host->arch);
	h->e_version = EV_CURRENT;
	h->e_phoff = sizeof(*h);
	h->e_ehsize = sizeof(*h);
	h->e_phentsize = sizeof(Elf64_Phdr);
	h->e_phnum = (Elf64_Half)n;
}

/* The kernel finds a note's bytes, and a segment's, by p_offset: a physical address. */
static Elf64_Phdr note_at(const struct kd_host_note *note)
{
	return (Elf64_Phdr) { .p_type = PT_NOTE,
			      .p_offset = note->address,
			      .p_paddr = note->address,
			      .p_filesz = note->size,
			      .p_memsz = note->size,
			      .p_align = 4 };
}

static Elf64_Phdr load_at(const struct kd_range *range, uint64_t vaddr)
{
	return (Elf64_Phdr) { .p_type = PT_LOAD,
			      .p_flags = PF_R | PF_W | PF_X,
			      .p_offset = range->start,
			      .p_vaddr = vaddr,
			      .p_paddr = range->start,
			      .p_filesz = range->end - range->start,
			      .p_memsz = range->end - range->start };
}

static bool has_text(const struct kd_kexec_host *host)
{
	return host->text_vaddr && host->kernel.start < host->kernel.end;
}

static void fill_segments(Elf64_Phdr *p, const struct kd_kexec_host *host,
			  const struct kd_ranges *ram)
{
	for (size_t i = 0; i < host->n_notes; i++)
		*p++ = note_at(&host->notes[i]);
	*p++ = note_at(&host->vmcoreinfo);
	if (has_text(host))
		*p++ = load_at(&host->kernel, host->text_vaddr);
	for (size_t i = 0; i < ram->n; i++)
		*p++ = load_at(&ram->items[i], host->page_offset + ram->items[i].start);
}

static int build(const struct kd_kexec_host *host, const struct kd_ranges *ram,
		 void **ret, size_t *ret_size, struct kd_error *err)
{
	size_t n = host->n_notes + 1 + has_text(host) + ram->n;
	size_t size = sizeof(Elf64_Ehdr) + n * sizeof(Elf64_Phdr);
	uint8_t *buf;

	/* PN_XNUM: vmcore.c reads e_phnum and nothing else */
	if (n >= PN_XNUM)
		return kd_fail_msg(err, -ENOTSUP,
				   "%zu CPUs and %zu ranges of RAM are more than the "
				   "dump's ELF header can count",
				   host->n_notes, ram->n);
	buf = calloc(1, size);
	if (!buf)
		return kd_fail(err, -ENOMEM, "elfcorehdr");
	fill_header((Elf64_Ehdr *)buf, host, n);
	fill_segments((Elf64_Phdr *)(buf + sizeof(Elf64_Ehdr)), host, ram);
	*ret = buf;
	*ret_size = size;
	return 0;
}

int kd_elfcorehdr_build(const struct kd_kexec_host *host, uint64_t lowest, void **ret,
			size_t *ret_size, struct kd_error *err)
{
	struct kd_ranges ram;
	int r = check_host(host, err);

	if (r < 0)
		return r;
	kd_ranges_init(&ram);
	r = dumped_ranges(host, lowest, &ram);
	if (r < 0)
		(void)kd_fail(err, r, "elfcorehdr");
	else
		r = build(host, &ram, ret, ret_size, err);
	kd_ranges_done(&ram);
	return r;
}
