/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where this machine keeps the parameters its kernels are booted with: Boot Loader
 * Specification entries (Fedora's GRUB, systemd-boot), GRUB's environment block,
 * Debian's /etc/default/grub.d, kernel-install's /etc/kernel/cmdline, addons of unified
 * kernel images. Read through a root_fd; trusts no file's content. Called by
 * reset-crashkernel.
 */
#pragma once

#include "base/error.h"
#include "base/strbuf.h"
#include "base/types.h"

#define KD_BOOT_PATH   256
#define KD_BOOT_TEXT   65536 /* bytes of one file */
#define KD_BOOT_PLACES 256

enum kd_boot_kind {
	KD_BOOT_ENTRY,	 /* a BLS entry: one kernel */
	KD_BOOT_GRUBENV, /* "kernelopts" that entries refer to */
	KD_BOOT_GRUB_D, /* our file in /etc/default/grub.d; update-grub makes grub.cfg of it */
	KD_BOOT_CMDLINE, /* /etc/kernel/cmdline: kernels to come, and UKIs */
	KD_BOOT_ADDON,	 /* our addon for all unified kernel images of an ESP */
};

/**
 * One file with one line of parameters in it.
 *
 * @path:   below the root
 * @kernel: an entry's kernel as it names it; "" elsewhere
 * @index:  of an entry, newest first, as grubby counts
 * @text, @size: the file; owned. @at, @length: the line of parameters in it, and @line a
 *          copy; owned
 * @secure: an addon that Secure Boot ignores until somebody signs it
 * @indirect: an entry whose parameters come from the environment block
 * @absent: the file is not there yet; @text is what it would be
 */
struct kd_boot_place {
	enum kd_boot_kind kind;
	char path[KD_BOOT_PATH];
	char kernel[KD_BOOT_PATH];
	unsigned int index;
	char *text;
	size_t size;
	size_t at;
	size_t length;
	char *line;
	bool secure;
	bool indirect;
	bool absent;
};

struct kd_boot_places {
	struct kd_boot_place *items;
	size_t n;
};

/** Find them all. An empty set is no error. -EFBIG, -E2BIG above the limits; -EBADMSG
 *  for an environment block that is none; those of reading. */
int kd_boot_places_find(int root_fd, struct kd_boot_places *ret, struct kd_error *err);
void kd_boot_places_done(struct kd_boot_places *places);

/** The value of @name in a place's line: as kd_boot_line_get(). */
bool kd_boot_place_get(const struct kd_boot_place *place, const char *name,
		       struct kd_strbuf *to);

/** The whole file with @name set to @values (NULL-terminated) in its line. -ENOSPC when
 *  an environment block is full, -EFBIG. Pure. */
int kd_boot_place_edit(const struct kd_boot_place *place, const char *name,
		       const char *const *values, struct kd_strbuf *to,
		       struct kd_error *err);
