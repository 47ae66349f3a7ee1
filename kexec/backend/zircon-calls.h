/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon's calls behind a table of functions, so that a model answers in the kernel's
 * place. The real ones are in zircon-calls.c, compiled on Fuchsia only. Called by
 * zircon.c and zircon-payload.c.
 */
#pragma once

#include "kexec/backend/zircon-abi.h"

/**
 * Each returns a zx_status_t; handles made are the caller's to close.
 *
 * @resource:    a resource of @kind, KD_ZX_RSRC_KIND_*, that may be for mexec;
 *               ZX_ERR_NOT_FOUND when the program was given none
 * @vmo_create:  zx_vmo_create() of @size bytes; @vmo_write: zx_vmo_write() at 0
 * @random:      zx_cprng_draw()
 * @payload_get: zx_system_mexec_payload_get()
 * @mexec:       zx_system_mexec(): returns on failure only
 * @close:       zx_handle_close(); KD_ZX_HANDLE_INVALID is fine
 */
struct kd_zircon_calls {
	kd_zx_status_t (*resource)(void *context, uint32_t kind, kd_zx_handle_t *ret);
	kd_zx_status_t (*vmo_create)(void *context, uint64_t size, kd_zx_handle_t *ret);
	kd_zx_status_t (*vmo_write)(void *context, kd_zx_handle_t vmo, const void *buf,
				    size_t size);
	void (*random)(void *context, void *buf, size_t size);
	kd_zx_status_t (*payload_get)(void *context, kd_zx_handle_t resource, void *buf,
				      size_t size);
	kd_zx_status_t (*mexec)(void *context, kd_zx_handle_t resource,
				kd_zx_handle_t kernel, kd_zx_handle_t data);
	void (*close)(void *context, kd_zx_handle_t handle);
};

/** @context: handed to each function; NULL for the real one */
struct kd_zircon {
	const struct kd_zircon_calls *calls;
	void *context;
};

/** The running kernel. On Fuchsia only. */
struct kd_zircon kd_zircon_real(void);
