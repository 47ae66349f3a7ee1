/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF core files made byte by byte in memory, right or wrong on purpose, for tests of
 * what reads them. Headers at 0, program headers behind, contents where a test says.
 */
#pragma once

#include <elf.h>
#include <sys/mman.h>

#include "base/io.h"
#include "tests/unit/test.h"

/** @path: how a reader opens it. Zero @size: as large as what is written. */
struct elf_maker {
	int fd;
	char path[32];
	Elf64_Ehdr ehdr;
};

static inline void elf_maker_init(struct elf_maker *m, struct test *t)
{
	m->fd = memfd_create("elf", MFD_CLOEXEC);
	CHECK(t, m->fd >= 0);
	(void)snprintf(m->path, sizeof(m->path), "/proc/self/fd/%d", m->fd);
	m->ehdr = (Elf64_Ehdr) {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
	};
}

static inline void elf_maker_done(struct elf_maker *m)
{
	kd_close(m->fd);
}

static inline void elf_maker_put(struct elf_maker *m, struct test *t, uint64_t offset,
				 const void *data, size_t size)
{
	CHECK_INT(t, kd_pwrite_full(m->fd, data, size, offset), 0);
}

/** Write the header and @n program headers behind it; sets e_phnum unless set. */
static inline void elf_maker_headers(struct elf_maker *m, struct test *t,
				     const Elf64_Phdr *ph, size_t n)
{
	if (!m->ehdr.e_phnum)
		m->ehdr.e_phnum = (uint16_t)n;
	elf_maker_put(m, t, 0, &m->ehdr, sizeof(m->ehdr));
	elf_maker_put(m, t, sizeof(m->ehdr), ph, n * sizeof(*ph));
}
