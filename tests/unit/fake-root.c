/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fake root: see fake-root.h. A failure here is no test result, so it aborts.
 */
#include "tests/unit/fake-root.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

#include "base/io.h"

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

void fake_root_init(struct fake_root *root)
{
	fake_root_init_in(root, "/tmp");
}

void fake_root_init_in(struct fake_root *root, const char *folder)
{
	(void)snprintf(root->path, sizeof(root->path), "%s/kd-test-XXXXXX", folder);
	must(mkdtemp(root->path) != NULL, "mkdtemp");
	root->fd = open(root->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(root->fd >= 0, root->path);
}

struct fake_root fake_root_new(void)
{
	struct fake_root root;

	fake_root_init(&root);
	return root;
}

int fake_run(const char *fmt, ...)
{
	char command[1024];
	va_list ap;
	int status;

	va_start(ap, fmt);
	(void)vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void fake_root_done(struct fake_root *root)
{
	root->fd = kd_close(root->fd);
	must(fake_run("rm -rf %s", root->path) == 0, root->path);
}

static void make_parents(const struct fake_root *root, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[512];

	if (!slash)
		return;
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	must(kd_mkdir_p_at(root->fd, folder, 0755, NULL) == 0, folder);
}

bool fake_root_may_refuse_direct(const struct fake_root *root)
{
	struct statfs fs;

	return fstatfs(root->fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

void fake_file(const struct fake_root *root, const char *path, const void *data,
	       size_t size)
{
	int fd;

	make_parents(root, path);
	fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	must(fd >= 0 && kd_write_full(fd, data, size) == 0, path);
	(void)kd_close(fd);
}

void fake_text(const struct fake_root *root, const char *path, const char *text)
{
	fake_file(root, path, text, strlen(text));
}

void fake_link(const struct fake_root *root, const char *path, const char *target)
{
	make_parents(root, path);
	must(symlinkat(target, root->fd, path) == 0, path);
}

/* The sections of a module, in the order of their headers. */
enum {
	NONE,
	MODINFO,
	KSYMTAB,
	SYMTAB,
	STRTAB,
	SHSTRTAB,
	SECTIONS
};

static const char section_names[] =
	"\0.modinfo\0__ksymtab_strings\0.symtab\0.strtab\0.shstrtab";
static const unsigned int name_at[SECTIONS] = { 0, 1, 10, 28, 36, 44 };

struct bytes {
	char data[4096];
	size_t size;
};

static size_t append(struct bytes *b, const void *data, size_t size)
{
	size_t at = b->size;

	must(size <= sizeof(b->data) - at, "a fake module's section");
	memcpy(b->data + at, data, size);
	b->size += size;
	return at;
}

static void append_all(struct bytes *b, const char *const *texts)
{
	for (size_t i = 0; texts && texts[i]; i++)
		append(b, texts[i], strlen(texts[i]) + 1);
}

void fake_module(const struct fake_root *root, const char *path,
		 const char *const *modinfo, const char *const *exports,
		 const char *const *imports)
{
	static const Elf64_Sym no_symbol;
	struct bytes content[SECTIONS] = { 0 }, file = { 0 };
	Elf64_Shdr headers[SECTIONS] = { 0 };
	Elf64_Ehdr head = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_REL,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = SECTIONS,
		.e_shstrndx = SHSTRTAB,
	};

	append_all(&content[MODINFO], modinfo);
	append_all(&content[KSYMTAB], exports);
	append(&content[SYMTAB], &no_symbol, sizeof(no_symbol));
	append(&content[STRTAB], "", 1);
	for (size_t i = 0; imports && imports[i]; i++) {
		Elf64_Sym symbol = { .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE) };

		symbol.st_name = (Elf64_Word)append(&content[STRTAB], imports[i],
						    strlen(imports[i]) + 1);
		append(&content[SYMTAB], &symbol, sizeof(symbol));
	}
	append(&content[SHSTRTAB], section_names, sizeof(section_names));

	append(&file, &head, sizeof(head));
	for (unsigned int i = MODINFO; i < SECTIONS; i++) {
		headers[i].sh_name = name_at[i];
		headers[i].sh_type = i == SYMTAB   ? SHT_SYMTAB
				     : i >= STRTAB ? SHT_STRTAB
						   : SHT_PROGBITS;
		headers[i].sh_size = content[i].size;
		headers[i].sh_addralign = 1;
		headers[i].sh_offset = append(&file, content[i].data, content[i].size);
	}
	headers[SYMTAB].sh_link = STRTAB;
	headers[SYMTAB].sh_info = 1;
	headers[SYMTAB].sh_entsize = sizeof(Elf64_Sym);
	while (file.size % 8)
		append(&file, "", 1);
	head.e_shoff = append(&file, headers, sizeof(headers));
	memcpy(file.data, &head, sizeof(head));
	fake_file(root, path, file.data, file.size);
}
