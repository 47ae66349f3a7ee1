/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon's mexec, decision by decision: see model-zircon.h.
 */
#include "tests/kexec/model-zircon.h"

#include <stdlib.h>
#include <string.h>

/* sdk/lib/zbi-format/zbi.h; own numbers, so that the model owes nothing to our reader */
#define HEADER	      32
#define CONTAINER     0x544f4f42u
#define EXTRA	      0x868cf7e6u
#define MAGIC	      0xb5781729u
#define VERSION	      0x00010000u
#define KERNEL	      0x4c4e524bu /* x64 */
#define KERNEL_HEADER 16

static struct model_object *object(struct model_zircon *m, kd_zx_handle_t handle)
{
	if (handle == 0 || handle > MODEL_HANDLES ||
	    m->objects[handle - 1].type == MODEL_NOTHING)
		return NULL;
	return &m->objects[handle - 1];
}

kd_zx_handle_t model_zircon_handle(struct model_zircon *m, enum model_zircon_type type)
{
	for (uint32_t i = 0; i < MODEL_HANDLES; i++)
		if (m->objects[i].type == MODEL_NOTHING) {
			m->objects[i] = (struct model_object) { .type = type };
			return i + 1;
		}
	return 0;
}

unsigned int model_zircon_open(const struct model_zircon *m)
{
	unsigned int n = 0;

	for (size_t i = 0; i < MODEL_HANDLES; i++)
		n += m->objects[i].type != MODEL_NOTHING;
	return n;
}

void model_zircon_done(struct model_zircon *m)
{
	for (size_t i = 0; i < MODEL_HANDLES; i++)
		free(m->objects[i].data);
	free(m->kernel.data);
	free(m->data.data);
	*m = (struct model_zircon) { 0 };
}

/* validate_resource() and validate_ranged_resource(): ROOT is good for all, as long as
 * there was such a kind. */
static kd_zx_status_t check_resource(struct model_zircon *m, kd_zx_handle_t handle)
{
	const struct model_object *o = object(m, handle);

	if (!o)
		return KD_ZX_ERR_BAD_HANDLE;
	if (o->type != MODEL_RESOURCE)
		return KD_ZX_ERR_WRONG_TYPE;
	if (m->age != MODEL_ZIRCON_2026 && o->kind == KD_ZX_RSRC_KIND_ROOT)
		return KD_ZX_OK;
	if (m->age == MODEL_ZIRCON_SEED || o->kind != KD_ZX_RSRC_KIND_SYSTEM)
		return KD_ZX_ERR_WRONG_TYPE;
	return o->base == KD_ZX_RSRC_SYSTEM_MEXEC_BASE ? KD_ZX_OK
						       : KD_ZX_ERR_OUT_OF_RANGE;
}

static kd_zx_status_t panics(struct model_zircon *m, const char *why)
{
	m->panics = why;
	return KD_ZX_ERR_INTERNAL;
}

/* vmo_coalesce_pages() */
static kd_zx_status_t coalesce(struct model_zircon *m, kd_zx_handle_t handle,
			       struct model_object *ret)
{
	const struct model_object *o = object(m, handle);

	if (!o)
		return KD_ZX_ERR_BAD_HANDLE;
	if (o->type != MODEL_VMO)
		return KD_ZX_ERR_WRONG_TYPE;
	if (o->unreadable)
		return KD_ZX_ERR_ACCESS_DENIED;
	if (o->size == 0 && m->age == MODEL_ZIRCON_2026)
		return KD_ZX_ERR_BAD_STATE;
	if (o->size == 0 || o->size > m->contiguous)
		return m->age == MODEL_ZIRCON_2026
			       ? KD_ZX_ERR_NO_MEMORY
			       : panics(m, "Failed to allocate contiguous memory");
	free(ret->data);
	*ret = *o;
	ret->data = malloc(o->size);
	if (!ret->data)
		abort();
	memcpy(ret->data, o->data, o->size);
	return KD_ZX_OK;
}

static uint32_t word(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v)); /* the machine and the format are little-endian */
	return v;
}

/* zbitl::CheckBootable(): the headers of container and first item; no checksum */
static bool bootable(const struct model_object *o)
{
	const uint8_t *p = o->data;
	uint32_t length;

	if (o->size < 2 * HEADER + KERNEL_HEADER || word(p) != CONTAINER ||
	    word(p + 8) != EXTRA || word(p + 24) != MAGIC || !(word(p + 12) & VERSION))
		return false;
	length = word(p + 4);
	if (length % 8 || length > o->size - HEADER || length < HEADER + KERNEL_HEADER)
		return false;
	p += HEADER;
	return word(p) == KERNEL && word(p + 24) == MAGIC && (word(p + 12) & VERSION) &&
	       word(p + 4) >= KERNEL_HEADER && word(p + 4) <= length - HEADER;
}

kd_zx_status_t model_zircon_mexec(struct model_zircon *m, kd_zx_handle_t resource,
				  kd_zx_handle_t kernel, kd_zx_handle_t data)
{
	kd_zx_status_t status;

	m->mexecs++;
	if (!m->gate)
		return KD_ZX_ERR_NOT_SUPPORTED;
	status = check_resource(m, resource);
	if (status == KD_ZX_OK)
		status = coalesce(m, kernel, &m->kernel);
	if (status != KD_ZX_OK)
		return status;
	if (m->age == MODEL_ZIRCON_2026 && !bootable(&m->kernel))
		return KD_ZX_ERR_IO_DATA_INTEGRITY;
	status = coalesce(m, data, &m->data);
	if (status != KD_ZX_OK)
		return status;
	if (!m->low_page)
		return KD_ZX_ERR_NO_RESOURCES;
	m->jumped = true;
	m->overrun = !bootable(&m->kernel);
	return KD_ZX_ERR_INTERNAL;
}

kd_zx_status_t model_zircon_payload_get(struct model_zircon *m, kd_zx_handle_t resource,
					void *buf, size_t size)
{
	kd_zx_status_t status;

	m->tries++;
	if (!m->gate)
		return KD_ZX_ERR_NOT_SUPPORTED;
	status = check_resource(m, resource);
	if (status != KD_ZX_OK)
		return status;
	if (size > KD_ZX_PAYLOAD_MAX)
		return KD_ZX_ERR_INVALID_ARGS;
	if (size < m->payload_size)
		return KD_ZX_ERR_BUFFER_TOO_SMALL;
	memcpy(buf, m->payload, m->payload_size);
	return KD_ZX_OK;
}

static kd_zx_status_t call_resource(void *context, uint32_t kind, kd_zx_handle_t *ret)
{
	struct model_zircon *m = context;
	bool root = kind == KD_ZX_RSRC_KIND_ROOT;
	bool *has = root ? &m->has_root : &m->has_system;

	if (!*has)
		return KD_ZX_ERR_NOT_FOUND;
	*has = false; /* zx_take_startup_handle() */
	*ret = model_zircon_handle(m, MODEL_RESOURCE);
	m->objects[*ret - 1].kind = kind;
	m->objects[*ret - 1].base = root ? 0 : KD_ZX_RSRC_SYSTEM_MEXEC_BASE;
	return KD_ZX_OK;
}

static kd_zx_status_t call_vmo_create(void *context, uint64_t size, kd_zx_handle_t *ret)
{
	struct model_zircon *m = context;
	kd_zx_handle_t handle = model_zircon_handle(m, MODEL_VMO);
	/* whole pages, zeros */
	uint64_t room = (size + KD_ZX_PAGE - 1) / KD_ZX_PAGE * KD_ZX_PAGE;

	if (!handle)
		return KD_ZX_ERR_NO_MEMORY;
	m->objects[handle - 1].data = calloc(1, room ? room : 1);
	m->objects[handle - 1].size = room;
	*ret = handle;
	return KD_ZX_OK;
}

static kd_zx_status_t call_vmo_write(void *context, kd_zx_handle_t vmo, const void *buf,
				     size_t size)
{
	struct model_object *o = object(context, vmo);

	if (!o || o->type != MODEL_VMO)
		return KD_ZX_ERR_BAD_HANDLE;
	if (size > o->size)
		return KD_ZX_ERR_OUT_OF_RANGE;
	memcpy(o->data, buf, size);
	return KD_ZX_OK;
}

static void call_random(void *context, void *buf, size_t size)
{
	(void)context;
	memset(buf, 0xe7, size);
}

static kd_zx_status_t call_payload_get(void *context, kd_zx_handle_t resource, void *buf,
				       size_t size)
{
	return model_zircon_payload_get(context, resource, buf, size);
}

static kd_zx_status_t call_mexec(void *context, kd_zx_handle_t resource,
				 kd_zx_handle_t kernel, kd_zx_handle_t data)
{
	return model_zircon_mexec(context, resource, kernel, data);
}

static void call_close(void *context, kd_zx_handle_t handle)
{
	struct model_object *o = object(context, handle);

	if (!o)
		return;
	free(o->data);
	*o = (struct model_object) { 0 };
}

struct kd_zircon model_zircon_calls(struct model_zircon *m)
{
	static const struct kd_zircon_calls calls = {
		.resource = call_resource,
		.vmo_create = call_vmo_create,
		.vmo_write = call_vmo_write,
		.random = call_random,
		.payload_get = call_payload_get,
		.mexec = call_mexec,
		.close = call_close,
	};

	return (struct kd_zircon) { .calls = &calls, .context = m };
}

const char *model_zircon_status_name(kd_zx_status_t status)
{
	switch (status) {
	case KD_ZX_OK:
		return "OK";
	case KD_ZX_ERR_NOT_SUPPORTED:
		return "NOT_SUPPORTED";
	case KD_ZX_ERR_NO_RESOURCES:
		return "NO_RESOURCES";
	case KD_ZX_ERR_NO_MEMORY:
		return "NO_MEMORY";
	case KD_ZX_ERR_INVALID_ARGS:
		return "INVALID_ARGS";
	case KD_ZX_ERR_BAD_HANDLE:
		return "BAD_HANDLE";
	case KD_ZX_ERR_WRONG_TYPE:
		return "WRONG_TYPE";
	case KD_ZX_ERR_OUT_OF_RANGE:
		return "OUT_OF_RANGE";
	case KD_ZX_ERR_BUFFER_TOO_SMALL:
		return "BUFFER_TOO_SMALL";
	case KD_ZX_ERR_BAD_STATE:
		return "BAD_STATE";
	case KD_ZX_ERR_ACCESS_DENIED:
		return "ACCESS_DENIED";
	case KD_ZX_ERR_IO_DATA_INTEGRITY:
		return "IO_DATA_INTEGRITY";
	default:
		return "INTERNAL";
	}
}
