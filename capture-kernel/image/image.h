/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds the capture image on the healthy system: pid 1, modules with what they need,
 * the plan and the layout file, as a compressed newc archive. Byte-for-byte the same
 * for the same input. Called by kdumpd; trusts the host's /lib/modules.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

enum kd_image_compression {
	KD_IMAGE_NONE, /* every kernel unpacks this */
	KD_IMAGE_ZSTD,
	KD_IMAGE_GZIP,
};

/** A file made of bytes in memory: plan, layout, hook configuration. */
struct kd_image_blob {
	const char *path; /* in the image, absolute */
	const void *data;
	size_t size;
	uint32_t mode; /* permission bits */
};

/**
 * @root_fd: the host's root; every path below is looked up there
 * @release: kernel whose modules are taken
 * @init:    host path of the static pid 1; becomes /init
 * @modules: names or aliases, NULL-terminated; dependencies, softdeps and firmware are
 *           added. A name that is built in is fine. May be NULL, as the next two.
 * @optional_modules: the same, but what no module answers to is left out
 * @omit_modules: as kd_module_query.omit
 * @binaries: host paths of programs to add with their shared libraries; NULL-terminated
 * @blobs:   borrowed until the build returns
 */
struct kd_image_request {
	int root_fd;
	const char *release;
	const char *init;
	const char *const *modules;
	const char *const *optional_modules;
	const char *omit_modules;
	const char *const *binaries;
	const struct kd_image_blob *blobs;
	size_t n_blobs;
	enum kd_image_compression compression;
};

/**
 * Sizes in bytes.
 *
 * @archive_bytes: unpacked; @image_bytes: as written to the descriptor
 * @module_bytes:  sum of the modules' files as they will be loaded
 * @n_firmware_missing: firmware the modules name and the host does not have; the first
 *                 of them in @firmware_missing. For a device that is in use now, its
 *                 driver got by without it.
 */
struct kd_image_stats {
	uint64_t archive_bytes, image_bytes, module_bytes;
	unsigned int n_modules, n_files, n_firmware, n_firmware_missing;
	char firmware_missing[128];
};

/**
 * Build the image into @out_fd (a memfd or a file), from its start; what it held before
 * is gone. Needs /proc. On failure @out_fd holds a part and @ret is untouched.
 *
 * In the image: /init, /kdump/modules (one path a line, in load order), the modules
 * unpacked below /lib/modules/<release>, /lib/firmware, the binaries with their shared
 * libraries, the blobs, /dev/console, and empty /dev, /proc, /run, /sys, /tmp.
 * Errors: -ENOENT naming the module, library or program that is missing; -EEXIST when
 * two things claim one path; -EINVAL, -EBADMSG for a damaged file; -EIO, -ENOSPC.
 */
int kd_image_build(const struct kd_image_request *request, int out_fd,
		   struct kd_image_stats *ret, struct kd_error *err);

/** What kernel @release can unpack, from its config in /boot or its modules folder, or
 *  in /proc for the running one; KD_IMAGE_NONE when none of them says. */
enum kd_image_compression kd_image_compression_for(int root_fd, const char *release);
