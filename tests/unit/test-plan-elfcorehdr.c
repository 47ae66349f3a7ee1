/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump's header: made for machines of several kinds and read back by the project's own
 * reader of ELF cores.
 */
#include "tests/unit/test.h"

#include <elf.h>
#include <sys/mman.h>

#include "base/io.h"
#include "kexec/plan/elfcorehdr.h"
#include "makedumpfile/vmcore/elf-headers.h"
#include "tests/unit/fake-kexec-host.h"

#define LOW MIB

struct want {
	uint32_t type;
	uint64_t paddr;
	uint64_t size;
	uint64_t vaddr;
};

/* Build it, and let the reader have it. */
static void check_header(struct test *t, const struct fake_machine *machine,
			 const struct want *want, size_t n)
{
	_cleanup_(kd_closep) int fd = memfd_create("core", MFD_CLOEXEC);
	_cleanup_(kd_freep) void *buf = NULL;
	struct kd_kexec_host host;
	struct kd_error err = { 0 };
	struct kd_elf elf;
	size_t size = 0;

	fake_kexec_host(machine, &host);
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, &err), 0);
	fake_kexec_host_done(&host);
	CHECK_INT(t, size, 64 + 56 * n);
	CHECK_INT(t, write(fd, buf, size), size);
	CHECK_INT(t, kd_elf_init(&elf, fd, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, elf.machine, EM_X86_64);
	CHECK_INT(t, elf.phnum, n);
	for (uint32_t i = 0; i < n && i < elf.phnum; i++) {
		struct kd_elf_segment s;

		CHECK_INT(t, kd_elf_segment(&elf, i, &s, &err), 0);
		if (s.type != want[i].type || s.paddr != want[i].paddr ||
		    s.offset != s.paddr || s.filesz != want[i].size ||
		    s.memsz != s.filesz || s.vaddr != want[i].vaddr)
			test_failed(t, __FILE__, __LINE__,
				    "%u: type %u 0x%" PRIx64 "+0x%" PRIx64
				    " at 0x%" PRIx64,
				    i, s.type, s.paddr, s.filesz, s.vaddr);
	}
}

#define NOTES                                                                     \
	{ PT_NOTE, 0x7ec10000, 368, 0 }, { PT_NOTE, 0x7ec50000, 368, 0 },         \
		{ PT_NOTE, 0x7ec90000, 368, 0 }, { PT_NOTE, 0x11fa000, 1024, 0 }, \
	{                                                                         \
		PT_LOAD, 0x2a000000, 0x2800000, 0xffffffffa8000000                \
	}
#define AT(start, end)                                                        \
	{                                                                     \
		PT_LOAD, start, (end) - (start), 0xffff8a8000000000 + (start) \
	}

static void test_bios(struct test *t)
{
	static const struct want want[] = {
		NOTES,
		AT(0x100000, 0x6f000000),
		AT(0x7f000000, 0x7ffdd000),
	};

	check_header(t, &fake_bios, want, ARRAY_SIZE(want));
}

static void test_high(struct test *t)
{
	static const struct want want[] = {
		NOTES,
		AT(0x100000, 0xaf000000),
		AT(0xbf000000, 0xbffdd000),
		AT(0x100000000, 0x1af000000),
		AT(0x1bf000000, 0x1c0000000),
	};

	check_header(t, &fake_high, want, ARRAY_SIZE(want));
}

static void test_cma(struct test *t)
{
	static const struct want want[] = {
		NOTES,
		AT(0x100000, 0x40000000),
		AT(0x48000000, 0x60000000),
		AT(0x62000000, 0x77000000),
		AT(0x7f000000, 0x7ffdd000),
	};

	check_header(t, &fake_cma, want, ARRAY_SIZE(want));
}

/* Ends that lie on no page are dumped to the byte. */
static void test_unaligned(struct test *t)
{
	static const struct kd_range ram[] = {
		{ 0x80000, 0x100800, KD_RANGE_RAM },
		{ 0x200400, 0x3007ff, KD_RANGE_RAM },
		{ 0 },
	};
	static const struct fake_machine machine = { .ram = ram };
	static const struct want want[] = {
		NOTES,
		AT(0x100000, 0x100800),
		AT(0x200400, 0x3007ff),
	};

	check_header(t, &machine, want, ARRAY_SIZE(want));
}

static void test_refused(struct test *t)
{
	_cleanup_(kd_freep) void *buf = NULL;
	struct kd_kexec_host host;
	struct kd_error err = { 0 };
	size_t size = 0;

	fake_kexec_host(&fake_bios, &host);
	host.vmcoreinfo.size = 0;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, &err), -ENODATA);
	host.vmcoreinfo.size = 1024;
	host.has_page_offset = false;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, NULL), -ENODATA);
	host.has_page_offset = true;
	host.n_notes = 0;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, NULL), -ENODATA);
	host.n_notes = 3;
	/* unknown text is no reason to go without a dump */
	host.text_vaddr = 0;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, NULL), 0);
	CHECK_INT(t, size, 64 + 6 * 56);
	fake_kexec_host_done(&host);
}

/* e_phnum has 16 bits, and 0xffff means something else. */
static void test_many(struct test *t)
{
	_cleanup_(kd_freep) void *buf = NULL;
	struct kd_kexec_host host;
	size_t size = 0, n = 65535 - 4;
	struct kd_host_note *notes;

	fake_kexec_host(&fake_bios, &host);
	notes = calloc(n + 1, sizeof(*notes));
	free(host.notes);
	host.notes = notes;
	host.n_notes = n;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, NULL), -ENOTSUP);
	host.n_notes = n - 1;
	CHECK_INT(t, kd_elfcorehdr_build(&host, LOW, &buf, &size, NULL), 0);
	fake_kexec_host_done(&host);
}

static const struct test_case cases[] = {
	{ "a BIOS machine", test_bios },
	{ "a reservation above 4 GiB", test_high },
	{ "CMA ranges are the crash kernel's", test_cma },
	{ "RAM that ends on no page", test_unaligned },
	{ "what a header cannot do without", test_refused },
	{ "65534 segments and one more", test_many },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
