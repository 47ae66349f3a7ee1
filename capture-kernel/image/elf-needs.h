/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ELF file, or a script, asks the loader for, and the loader's cache. Pure
 * readers: no search, no file system but the one file. Bounds everything they read.
 * Used by closure.
 */
#pragma once

#include "base/error.h"
#include "base/strlist.h"

/**
 * @is_elf:      false for scripts and other files
 * @elf_class, @machine: EI_CLASS and e_machine; a library must have the same two
 * @interpreter: of PT_INTERP or of "#!"; NULL for none
 * @needed:      DT_NEEDED, in order
 * @rpath, @runpath: as they stand in the file, or NULL
 */
struct kd_elf_needs {
	bool is_elf;
	int elf_class;
	int machine;
	char *interpreter;
	struct kd_strlist needed;
	char *rpath, *runpath;
};

/** Free what it holds. */
void kd_elf_needs_done(struct kd_elf_needs *needs);

/**
 * Read what the file asks for.
 *
 * @ret: set only on success; kd_elf_needs_done()
 * Errors: -ENOEXEC for a damaged ELF file, -ENOMEM, those of read(2).
 */
int kd_elf_needs_read(int fd, struct kd_elf_needs *ret, struct kd_error *err);

/**
 * The next path /etc/ld.so.cache has for @soname, variants for special processors left
 * out.
 *
 * @cache, @size: the whole file, in this machine's byte order
 * @pos:          0 at first; where to go on
 * Returns a path borrowed from @cache, or NULL; also for a cache of another format.
 */
const char *kd_ld_cache_next(const char *cache, size_t size, const char *soname,
			     size_t *pos);
