/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the kernel maps itself and all of RAM: the program headers of /proc/kcore say
 * both since they carry physical addresses (fs/proc/kcore.c: RAM and kernel text; what
 * has none says -1). Without it, /proc/kallsyms knows the text's place. Trusts neither.
 * Called by host.c.
 */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/guard.h"
#include "base/io.h"
#include "base/parse.h"
#include "kexec/host/readers.h"
#include "kexec/host/source.h"

#define KCORE_HEADERS_MAX 16384
#define KALLSYMS_HEAD	  (1u << 20) /* _text is among the first symbols */

/* Program headers, a number of them. */
struct headers {
	Elf64_Phdr *items;
	size_t n;
};

static int read_headers(int fd, struct headers *ret)
{
	_cleanup_(kd_freep) Elf64_Phdr *items = NULL;
	Elf64_Ehdr elf;
	size_t size;
	ssize_t n;

	n = kd_pread_full(fd, &elf, sizeof(elf), 0);
	if (n < 0)
		return (int)n;
	if ((size_t)n < sizeof(elf) || memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
	    elf.e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phnum > KCORE_HEADERS_MAX)
		return -EBADMSG;
	size = elf.e_phnum * sizeof(*items);
	items = malloc(size + 1);
	if (!items)
		return -ENOMEM;
	n = kd_pread_full(fd, items, size, elf.e_phoff);
	if (n < 0)
		return (int)n;
	if ((size_t)n < size)
		return -EBADMSG;
	ret->n = elf.e_phnum;
	ret->items = TAKE_PTR(items);
	return 0;
}

static bool holds(const Elf64_Phdr *header, uint64_t address)
{
	return header->p_type == PT_LOAD && header->p_paddr != UINT64_MAX &&
	       address >= header->p_paddr && address - header->p_paddr < header->p_memsz;
}

static uint64_t offset_of(const Elf64_Phdr *header)
{
	return header->p_vaddr - header->p_paddr;
}

/* The linear map is the largest of what has a physical address. */
static const Elf64_Phdr *find_linear(const struct headers *headers,
				     const struct kd_ranges *ram)
{
	const Elf64_Phdr *best = NULL;

	for (size_t i = 0; i < headers->n; i++) {
		const Elf64_Phdr *h = &headers->items[i];
		const struct kd_range *range;

		if (h->p_type != PT_LOAD || h->p_paddr == UINT64_MAX)
			continue;
		range = kd_ranges_at(ram, h->p_paddr);
		if (range && range->type == KD_RANGE_RAM &&
		    (!best || h->p_memsz > best->p_memsz))
			best = h;
	}
	return best;
}

/* Kernel text has a mapping of its own, smaller than that of the RAM it lies in; where
 * it has none, the linear map is the one. */
static const Elf64_Phdr *find_text(const struct headers *headers, uint64_t kernel)
{
	const Elf64_Phdr *best = NULL;

	for (size_t i = 0; i < headers->n; i++) {
		const Elf64_Phdr *h = &headers->items[i];

		if (holds(h, kernel) && (!best || h->p_memsz < best->p_memsz))
			best = h;
	}
	return best;
}

static int read_kcore(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	_cleanup_(kd_freep) Elf64_Phdr *items = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct headers headers = { 0 };
	const Elf64_Phdr *found;
	int r;

	fd = openat(root_fd, "proc/kcore", O_RDONLY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == EPERM || errno == EACCES))
		return 0; /* locked down: kexec_file_load(2) needs none of this */
	if (fd < 0)
		return kd_fail(err, -errno, "/proc/kcore");
	r = read_headers(fd, &headers);
	if (r < 0)
		return kd_fail(err, r, "/proc/kcore");
	items = headers.items;
	found = find_linear(&headers, &host->ram);
	host->has_page_offset = found != NULL;
	if (found)
		host->page_offset = offset_of(found);
	found = host->kernel.end ? find_text(&headers, host->kernel.start) : NULL;
	if (found)
		host->text_vaddr = host->kernel.start + offset_of(found);
	return 0;
}

/* "Kernel code" of iomem begins at _text, but at _stext on arm64, whose setup.c leaves
 * the head out. */
static int read_kallsyms(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	const char *first = host->arch == KD_ARCH_ARM64 ? "_stext" : "_text";
	_cleanup_(kd_freep) char *head = NULL;
	struct kd_lines it = { 0 };
	int n;

	head = malloc(KALLSYMS_HEAD);
	if (!head)
		return kd_fail(err, -ENOMEM, "/proc/kallsyms");
	n = kd_source_head(root_fd, "proc/kallsyms", head, KALLSYMS_HEAD, err);
	if (n < 0)
		return n;
	it = (struct kd_lines) { .rest = head, .left = (size_t)n };
	while (kd_lines_next(&it)) {
		char line[64], type, name[8];
		uint64_t address;

		if (it.length >= sizeof(line))
			continue;
		memcpy(line, it.line, it.length);
		line[it.length] = '\0';
		if (sscanf(line, "%" SCNx64 " %c %7s", &address, &type, name) == 3 &&
		    strcmp(name, first) == 0) {
			host->text_vaddr = address; /* 0 when hidden: not known */
			return 0;
		}
	}
	return 0;
}

int kd_host_read_map(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	int r;

	r = read_kcore(root_fd, host, err);
	if (r >= 0 && host->text_vaddr == 0)
		r = read_kallsyms(root_fd, host, err);
	return r;
}
