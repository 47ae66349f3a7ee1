/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF headers and notes laid out as fs/proc/vmcore.c does: see output.h. Called by
 * build.c.
 */
#include "tests/tools/mkvmcore/output.h"

#include <elf.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"
#include "tests/tools/mkvmcore/presets.h"

#define INFO_MAX      65536
#define PRSTATUS_SIZE 336 /* struct elf_prstatus, x86_64 */
#define PRSTATUS_PID  32
#define UTS_FIELD     65
#define CRASHTIME     1700000000

int mk_output_directive(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	int r;

	mk->config.no_vmcoreinfo = mk_string(line, "vmcoreinfo") != NULL;
	r = mk_number(line, "cut", 0, &mk->config.cut, err);
	return r;
}

int mk_uts_write(struct mk *mk, struct kd_error *err)
{
	const char *const fields[] = { "Linux",		  "testhost", mk->config.release,
				       "#1 SMP mkvmcore", "x86_64",   "(none)" };
	char uts[ARRAY_SIZE(fields) * UTS_FIELD] = { 0 };
	char latch[24] = { 0 };
	kd_paddr_t at, seq;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		(void)snprintf(uts + i * UTS_FIELD, UTS_FIELD, "%s", fields[i]);
	r = mk_alloc(mk, MK_PAGE, 64, &at, err);
	if (r == 0)
		r = mk_write(mk, at + mk_offset(mk, "uts_namespace.name"), uts,
			     sizeof(uts), err);
	if (r == 0)
		r = mk_alloc(mk, sizeof(latch), 64, &seq, err);
	if (r == 0)
		r = mk_write(mk, seq, latch, sizeof(latch), err);
	if (r < 0)
		return r;
	kd_strbuf_addf(&mk->symbols, "SYMBOL(init_uts_ns)=%jx\nSYMBOL(clear_seq)=%jx\n",
		       (uintmax_t)mk_text_address(mk, at),
		       (uintmax_t)mk_text_address(mk, seq));
	return 0;
}

static void add_note(struct kd_strbuf *b, const char *name, uint32_t type,
		     const void *desc, size_t size)
{
	static const char zeros[4];
	size_t name_size = strlen(name) + 1;
	Elf64_Nhdr h = {
		.n_namesz = (uint32_t)name_size,
		.n_descsz = (uint32_t)size,
		.n_type = type,
	};

	kd_strbuf_add(b, &h, sizeof(h));
	kd_strbuf_add(b, name, name_size);
	kd_strbuf_add(b, zeros, (size_t)kd_align_up(name_size, 4) - name_size);
	kd_strbuf_add(b, desc, size);
	kd_strbuf_add(b, zeros, (size_t)kd_align_up(size, 4) - size);
}

/* Whether an @info line replaces @line: the same key, or "-key" to take it out. */
static bool is_overridden(const struct mk *mk, const char *line, size_t length)
{
	const char *text = kd_strbuf_text(&mk->overrides);
	struct kd_lines it = { .rest = text, .left = mk->overrides.length };
	const char *eq = memchr(line, '=', length);
	size_t key = eq ? (size_t)(eq - line) : length;

	while (kd_lines_next(&it)) {
		const char *p = it.line;
		size_t n = it.length;

		if (n && *p == '-') {
			p++;
			n--;
		}
		if (n >= key && memcmp(p, line, key) == 0 && (n == key || p[key] == '='))
			return true;
	}
	return false;
}

static void add_lines(const struct mk *mk, struct kd_strbuf *b, const char *text)
{
	struct kd_lines it = { .rest = text, .left = strlen(text) };

	while (kd_lines_next(&it))
		if (!is_overridden(mk, it.line, it.length)) {
			kd_strbuf_add(b, it.line, it.length);
			kd_strbuf_adds(b, "\n");
		}
}

static void make_vmcoreinfo(struct mk *mk, struct kd_strbuf *b)
{
	struct kd_lines it = { .rest = kd_strbuf_text(&mk->overrides),
			       .left = mk->overrides.length };
	const struct mk_config *c = &mk->config;

	kd_strbuf_addf(&mk->symbols,
		       "OSRELEASE=%s\nBUILD-ID=%s\nNUMBER(phys_base)=%jd\n"
		       "NUMBER(pgtable_l5_enabled)=%d\nNUMBER(MAX_PHYSMEM_BITS)=%d\n"
		       "NUMBER(KERNEL_IMAGE_SIZE)=1073741824\nNUMBER(sme_mask)=0\n"
		       "KERNELOFFSET=0\nCRASHTIME=%d\n",
		       c->release, c->build_id, (intmax_t)c->phys_base, c->levels == 5,
		       c->levels == 5 ? 52 : 46, CRASHTIME);
	add_lines(mk, b, mk_preset_common);
	add_lines(mk, b, c->preset->lines);
	add_lines(mk, b, kd_strbuf_text(&mk->symbols));
	while (kd_lines_next(&it))
		if (it.length && *it.line != '-') {
			kd_strbuf_add(b, it.line, it.length);
			kd_strbuf_adds(b, "\n");
		}
}

static void make_notes(struct mk *mk, struct kd_strbuf *notes)
{
	struct kd_strbuf info;

	for (unsigned int i = 0; i < mk->config.cpus; i++) {
		char prstatus[PRSTATUS_SIZE] = { 0 };
		uint32_t pid = 100 + i;

		memcpy(prstatus + PRSTATUS_PID, &pid, sizeof(pid));
		add_note(notes, "CORE", NT_PRSTATUS, prstatus, sizeof(prstatus));
	}
	if (mk->config.no_vmcoreinfo)
		return;
	kd_strbuf_init(&info, INFO_MAX);
	make_vmcoreinfo(mk, &info);
	add_note(notes, "VMCOREINFO", 0, info.data, info.length);
	if (info.status < 0)
		notes->status = info.status;
	kd_strbuf_done(&info);
}

static int write_headers(struct mk *mk, size_t notes_size, struct kd_error *err)
{
	Elf64_Phdr ph[MK_RAM_MAX + 2] = { 0 };
	Elf64_Ehdr eh = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(ph[0]),
		.e_phnum = (uint16_t)(mk->n_ram + 2),
	};
	uint64_t kernel_size = mk->kernel_end - mk->config.kernel;
	int r;

	ph[0] = (Elf64_Phdr) { .p_type = PT_NOTE,
			       .p_offset = MK_FILE_NOTES,
			       .p_filesz = notes_size,
			       .p_memsz = notes_size };
	for (size_t i = 0; i < mk->n_ram; i++) {
		const struct mk_ram *ram = &mk->ram[i];
		Elf64_Phdr *p = &ph[i + 2];

		*p = (Elf64_Phdr) { .p_type = PT_LOAD,
				    .p_flags = PF_R | PF_W | PF_X,
				    .p_offset = ram->offset,
				    .p_paddr = ram->start,
				    .p_vaddr = mk_direct_address(mk, ram->start),
				    .p_filesz = ram->end - ram->start,
				    .p_memsz = ram->end - ram->start };
		/* the kernel's text comes first and shows the same memory once more */
		if (mk->config.kernel >= ram->start && mk->config.kernel < ram->end) {
			ph[1] = *p;
			ph[1].p_offset += mk->config.kernel - ram->start;
			ph[1].p_paddr = mk->config.kernel;
			ph[1].p_vaddr = mk_text_address(mk, mk->config.kernel);
			ph[1].p_filesz = ph[1].p_memsz = kernel_size;
		}
	}
	r = kd_pwrite_full(mk->fd, &eh, sizeof(eh), 0);
	if (r == 0)
		r = kd_pwrite_full(mk->fd, ph, (mk->n_ram + 2) * sizeof(ph[0]),
				   sizeof(eh));
	return r < 0 ? kd_fail(err, r, "output") : 0;
}

int mk_output_finish(struct mk *mk, struct kd_error *err)
{
	struct kd_strbuf notes;
	int r;

	kd_strbuf_init(&notes, MK_FILE_RAM - MK_FILE_NOTES);
	make_notes(mk, &notes);
	r = notes.status;
	if (r == 0)
		r = kd_pwrite_full(mk->fd, notes.data, notes.length, MK_FILE_NOTES);
	if (r < 0)
		(void)kd_fail(err, r, "notes");
	if (r == 0)
		r = write_headers(mk, notes.length, err);
	kd_strbuf_done(&notes);
	if (r < 0)
		return r;
	if (mk->config.cut >= mk->file_end ||
	    ftruncate(mk->fd, (off_t)(mk->file_end - mk->config.cut)) < 0)
		return kd_fail_msg(err, -EINVAL, "cannot set the file's size");
	return 0;
}
