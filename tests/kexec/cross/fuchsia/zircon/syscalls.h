/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <zircon/syscalls.h>, from the reference pages of each call.
 */
#pragma once

#include <zircon/types.h>

void zx_cprng_draw(void *buffer, size_t buffer_size);
zx_status_t zx_handle_close(zx_handle_t handle);
zx_status_t zx_resource_create(zx_handle_t parent, uint32_t options, uint64_t base,
			       size_t size, const char *name, size_t name_size,
			       zx_handle_t *out);
zx_status_t zx_system_mexec(zx_handle_t resource, zx_handle_t kernel_vmo,
			    zx_handle_t bootimage_vmo);
zx_status_t zx_system_mexec_payload_get(zx_handle_t resource, void *buffer,
					size_t buffer_size);
zx_status_t zx_vmo_create(uint64_t size, uint32_t options, zx_handle_t *out);
zx_status_t zx_vmo_write(zx_handle_t handle, const void *buffer, uint64_t offset,
			 size_t buffer_size);
