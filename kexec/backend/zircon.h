/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon as a backend: two boot images (ZBI) in memory objects, then zx_system_mexec().
 * Zircon images are split and extended, plans for other kernels become a blob (lower/).
 * docs/kexec-systems.md says what page and kernel differ in. Never run on Fuchsia. Made by
 * the kexec program; tests put a model below it.
 */
#pragma once

#include "kexec/backend/backend.h"
#include "kexec/backend/zircon-calls.h"
#include "kexec/ranges.h"

/**
 * Set @system, @arch and @ram, nothing else; must outlive the backend made of it. What is
 * loaded lives here and ends with the process: the kernel is told at the jump only.
 *
 * @arch: of the machine
 * @ram:  of the machine, to find places for a blob's shim in; NULL where only Zircon's own
 *        images are loaded
 * @resource, @kernel, @data: private: handles
 */
struct kd_zircon_backend {
	struct kd_zircon system;
	enum kd_arch arch;
	const struct kd_ranges *ram;
	kd_zx_handle_t resource;
	kd_zx_handle_t kernel;
	kd_zx_handle_t data;
};

/**
 * load:    of files: a bootable ZBI, and a data ZBI or none; of a plan: its blob. Asks
 *          the kernel for the items that describe the machine first, which shows whether
 *          it will take the jump, too. -ENOTSUP for a crash load and where
 *          kernel.enable-debugging-syscalls is off; -EACCES without a resource that is
 *          good for it; -EBADMSG for images that are none; -ENOMEM
 * unload:  drops the images. loaded: 1 or 0, of this process
 * execute: jumps; -ENOENT with nothing loaded. Devices must have been suspended by the
 *          driver manager: nobody does that for the caller
 */
struct kd_kexec_backend kd_zircon_backend(struct kd_zircon_backend *b);
void kd_zircon_backend_done(struct kd_zircon_backend *b);

/** The sentence and the errno of a status that @call gave. */
int kd_zircon_fail(struct kd_error *err, kd_zx_status_t status, const char *call);

/**
 * The items of the running system that the next one needs, a ZBI, by
 * zx_system_mexec_payload_get(), and the resource that was good for it.
 *
 * @b:       its resource is used when there is one, and set otherwise
 * @ret:     KD_ZX_PAYLOAD_MAX bytes
 * Errors as load has them.
 */
int kd_zircon_payload(struct kd_zircon_backend *b, uint8_t *ret, struct kd_error *err);
