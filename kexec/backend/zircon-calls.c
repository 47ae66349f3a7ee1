/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running Zircon kernel behind zircon-calls.h. Decides nothing. meson compiles it on
 * Fuchsia only; a test compiles it everywhere, for Fuchsia, against declarations made from
 * the reference pages (tests/kexec/cross). It was never run.
 */
#include "kexec/backend/zircon-calls.h"

#include <zircon/process.h>
#include <zircon/processargs.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/resource.h>

/* What the system's headers say is what we made of the pages. */
_Static_assert(sizeof(zx_handle_t) == sizeof(kd_zx_handle_t), "zx_handle_t");
_Static_assert(sizeof(zx_status_t) == sizeof(kd_zx_status_t), "zx_status_t");
_Static_assert(ZX_ERR_NOT_SUPPORTED == KD_ZX_ERR_NOT_SUPPORTED, "NOT_SUPPORTED");
_Static_assert(ZX_ERR_INVALID_ARGS == KD_ZX_ERR_INVALID_ARGS, "INVALID_ARGS");
_Static_assert(ZX_ERR_WRONG_TYPE == KD_ZX_ERR_WRONG_TYPE, "WRONG_TYPE");
_Static_assert(ZX_ERR_OUT_OF_RANGE == KD_ZX_ERR_OUT_OF_RANGE, "OUT_OF_RANGE");
_Static_assert(ZX_ERR_BUFFER_TOO_SMALL == KD_ZX_ERR_BUFFER_TOO_SMALL, "BUFFER_TOO_SMALL");
_Static_assert(ZX_ERR_NOT_FOUND == KD_ZX_ERR_NOT_FOUND, "NOT_FOUND");
_Static_assert(ZX_ERR_ACCESS_DENIED == KD_ZX_ERR_ACCESS_DENIED, "ACCESS_DENIED");
_Static_assert(ZX_RSRC_KIND_SYSTEM == KD_ZX_RSRC_KIND_SYSTEM, "KIND_SYSTEM");
_Static_assert(ZX_RSRC_SYSTEM_MEXEC_BASE == KD_ZX_RSRC_SYSTEM_MEXEC_BASE, "MEXEC_BASE");
_Static_assert(PA_RESOURCE == KD_ZX_PA_RESOURCE, "PA_RESOURCE");
_Static_assert(PA_SYSTEM_RESOURCE == KD_ZX_PA_SYSTEM_RESOURCE, "PA_SYSTEM_RESOURCE");

/* What the program was started with: the root resource as it is, of the system resource
 * the child that is for mexec. */
static kd_zx_status_t resource(void *context, uint32_t kind, kd_zx_handle_t *ret)
{
	zx_handle_t whole, child;
	zx_status_t status;

	(void)context;
	whole = zx_take_startup_handle(kind == KD_ZX_RSRC_KIND_ROOT
					       ? PA_HND(PA_RESOURCE, 0)
					       : PA_HND(PA_SYSTEM_RESOURCE, 0));
	if (whole == ZX_HANDLE_INVALID)
		return ZX_ERR_NOT_FOUND;
	if (kind == KD_ZX_RSRC_KIND_ROOT) {
		*ret = whole;
		return ZX_OK;
	}
	status = zx_resource_create(whole, ZX_RSRC_KIND_SYSTEM, ZX_RSRC_SYSTEM_MEXEC_BASE,
				    1, NULL, 0, &child);
	(void)zx_handle_close(whole);
	if (status == ZX_OK)
		*ret = child;
	return status;
}

static kd_zx_status_t vmo_create(void *context, uint64_t size, kd_zx_handle_t *ret)
{
	(void)context;
	return zx_vmo_create(size, 0, ret);
}

static kd_zx_status_t vmo_write(void *context, kd_zx_handle_t vmo, const void *buf,
				size_t size)
{
	(void)context;
	return zx_vmo_write(vmo, buf, 0, size);
}

static void random_bytes(void *context, void *buf, size_t size)
{
	(void)context;
	zx_cprng_draw(buf, size);
}

static kd_zx_status_t payload_get(void *context, kd_zx_handle_t handle, void *buf,
				  size_t size)
{
	(void)context;
	return zx_system_mexec_payload_get(handle, buf, size);
}

static kd_zx_status_t mexec(void *context, kd_zx_handle_t handle, kd_zx_handle_t kernel,
			    kd_zx_handle_t data)
{
	(void)context;
	return zx_system_mexec(handle, kernel, data);
}

static void close_handle(void *context, kd_zx_handle_t handle)
{
	(void)context;
	(void)zx_handle_close(handle);
}

struct kd_zircon kd_zircon_real(void)
{
	static const struct kd_zircon_calls calls = {
		.resource = resource,
		.vmo_create = vmo_create,
		.vmo_write = vmo_write,
		.random = random_bytes,
		.payload_get = payload_get,
		.mexec = mexec,
		.close = close_handle,
	};

	return (struct kd_zircon) { .calls = &calls };
}
