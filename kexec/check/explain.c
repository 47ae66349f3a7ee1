/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences for refused loads: see explain.h. One errno has many causes, EPERM alone
 * five; the facts tell them apart. Trusts its caller's facts. Called by load.c, which
 * asks before the system call, and by kdumpctl.
 */
#include "kexec/check/explain.h"

#define NO_RESERVATION                                                       \
	"no memory is reserved for the capture kernel: add crashkernel=256M" \
	" to the kernel command line and reboot"

const char *kd_kexec_obstacle(const struct kd_kexec_facts *facts, int *ret_code)
{
	*ret_code = -EPERM;
	if (!facts->supported) {
		*ret_code = -EOPNOTSUPP;
		return "this kernel has no support for crash dumps (CONFIG_CRASH_DUMP)";
	}
	if (facts->crash_size == 0) {
		*ret_code = -EADDRNOTAVAIL;
		return NO_RESERVATION;
	}
	if (facts->load_disabled)
		return "kernel.kexec_load_disabled is 1: no image can be loaded until the "
		       "next boot";
	if (facts->limit_panic == 0)
		return "kernel.kexec_load_limit_panic is used up: no image can be loaded "
		       "until the next boot";
	if (!facts->cap_sys_boot)
		return "loading an image needs root (CAP_SYS_BOOT)";
	return NULL;
}

static const char *explain_eperm(const struct kd_kexec_facts *facts)
{
	if (facts->lockdown != KD_LOCKDOWN_NONE)
		return "the kernel is locked down (Secure Boot) and does not accept this "
		       "kernel image's signature";
	return "a security module refused the load";
}

const char *kd_kexec_explain(const struct kd_kexec_facts *facts, int error)
{
	int code;
	const char *obstacle = kd_kexec_obstacle(facts, &code);

	if (obstacle && code == error)
		return obstacle;
	switch (error) {
	case -EPERM:
		return explain_eperm(facts);
	case -EACCES:
		return "the integrity policy (IMA) refused the kernel image";
	case -EADDRNOTAVAIL:
		return facts->crash_size ? "the image does not fit the reserved memory"
					 : NO_RESERVATION;
	case -ENOMEM:
		return "the reserved memory, or the machine's, is too small for the image";
	case -ENOEXEC:
		return "the kernel does not take the file for a kernel image";
	case -ETXTBSY:
		return "the kernel image is open for writing in some process";
	case -EBUSY:
		return "another process keeps loading or resizing";
	case -ENOKEY:
	case -EKEYREJECTED:
	case -EBADMSG:
	case -ELIBBAD:
	case -ENOPKG:
	case -EMSGSIZE:
		/* verify_pefile_signature() and its callees, with KEXEC_SIG_FORCE */
		return "the kernel image's signature is missing, broken or by a key this "
		       "kernel does not trust";
	case -ENOSYS:
		return "this kernel has no kexec_file_load(2) (CONFIG_KEXEC_FILE)";
	case -EINVAL:
		return "the kernel takes the image, the initrd or the command line's "
		       "length for invalid";
	default:
		return NULL;
	}
}
