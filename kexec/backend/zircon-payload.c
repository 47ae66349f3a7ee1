/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running Zircon kernel hands on, and with which resource: see zircon.h. Both
 * calls pass the same gate and want the same resource, so that this one, which changes
 * nothing, answers for the jump. Called by zircon.c.
 */
#include "kexec/backend/zircon.h"

int kd_zircon_fail(struct kd_error *err, kd_zx_status_t status, const char *call)
{
	switch (status) {
	case KD_ZX_ERR_NOT_SUPPORTED:
		return kd_fail_msg(
			err, -ENOTSUP,
			"%s: the running kernel has it switched off: boot with "
			"kernel.enable-debugging-syscalls=true",
			call);
	case KD_ZX_ERR_NOT_FOUND:
	case KD_ZX_ERR_BAD_HANDLE:
		return kd_fail_msg(err, -EACCES,
				   "%s: this program was given no system resource "
				   "(fuchsia.kernel.MexecResource) and no root resource",
				   call);
	case KD_ZX_ERR_WRONG_TYPE:
	case KD_ZX_ERR_OUT_OF_RANGE:
	case KD_ZX_ERR_ACCESS_DENIED:
		return kd_fail_msg(
			err, -EACCES,
			"%s: the resource is not good for it: it takes kind "
			"SYSTEM with the base for mexec, or ROOT in old kernels",
			call);
	case KD_ZX_ERR_IO_DATA_INTEGRITY:
		return kd_fail_msg(
			err, -EBADMSG,
			"%s: the kernel takes the image for no bootable ZBI of "
			"this machine",
			call);
	case KD_ZX_ERR_BAD_STATE:
		return kd_fail_msg(err, -EINVAL, "%s: an image is empty", call);
	case KD_ZX_ERR_NO_MEMORY:
	case KD_ZX_ERR_NO_RESOURCES:
		return kd_fail_msg(err, -ENOMEM,
				   "%s: no room: both images must lie in memory in one "
				   "piece, and a page below 4 GiB must be free",
				   call);
	case KD_ZX_ERR_BUFFER_TOO_SMALL:
		return kd_fail_msg(err, -EFBIG, "%s: more than %u bytes", call,
				   KD_ZX_PAYLOAD_MAX);
	default:
		return kd_fail_msg(err, -EIO, "%s: status %d", call, status);
	}
}

/* Bigger by a page as long as it is too small; the kernel refuses more than 16 KiB. */
static kd_zx_status_t get(const struct kd_zircon *system, kd_zx_handle_t resource,
			  uint8_t *buf)
{
	kd_zx_status_t status = KD_ZX_ERR_BUFFER_TOO_SMALL;

	for (size_t size = KD_ZX_PAGE;
	     size <= KD_ZX_PAYLOAD_MAX && status == KD_ZX_ERR_BUFFER_TOO_SMALL;
	     size += KD_ZX_PAGE)
		status = system->calls->payload_get(system->context, resource, buf, size);
	return status;
}

/* It is the kind that is wrong, another one may do. */
static bool other_kind_may_do(kd_zx_status_t status)
{
	return status == KD_ZX_ERR_NOT_FOUND || status == KD_ZX_ERR_BAD_HANDLE ||
	       status == KD_ZX_ERR_WRONG_TYPE || status == KD_ZX_ERR_OUT_OF_RANGE ||
	       status == KD_ZX_ERR_ACCESS_DENIED;
}

static kd_zx_status_t try_kind(struct kd_zircon_backend *b, uint32_t kind, uint8_t *buf)
{
	const struct kd_zircon *system = &b->system;
	kd_zx_handle_t resource = KD_ZX_HANDLE_INVALID;
	kd_zx_status_t status;

	status = system->calls->resource(system->context, kind, &resource);
	if (status != KD_ZX_OK)
		return status;
	status = get(system, resource, buf);
	if (status == KD_ZX_OK)
		b->resource = resource;
	else
		system->calls->close(system->context, resource);
	return status;
}

int kd_zircon_payload(struct kd_zircon_backend *b, uint8_t *ret, struct kd_error *err)
{
	static const uint32_t kinds[] = { KD_ZX_RSRC_KIND_SYSTEM, KD_ZX_RSRC_KIND_ROOT };
	kd_zx_status_t first = KD_ZX_OK, status = KD_ZX_OK;

	if (b->resource != KD_ZX_HANDLE_INVALID) {
		status = get(&b->system, b->resource, ret);
		return status == KD_ZX_OK ? 0
					  : kd_zircon_fail(err, status,
							   "zx_system_mexec_payload_get");
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		status = try_kind(b, kinds[i], ret);
		if (!other_kind_may_do(status))
			break;
		/* having a resource that is refused says more than having none */
		if (first == KD_ZX_OK || first == KD_ZX_ERR_NOT_FOUND)
			first = status;
	}
	if (status == KD_ZX_OK)
		return 0;
	return kd_zircon_fail(err, other_kind_may_do(status) ? first : status,
			      "zx_system_mexec_payload_get");
}
