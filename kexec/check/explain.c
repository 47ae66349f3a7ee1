/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences for refused calls: see explain.h. One errno has many causes, EPERM alone
 * six; the facts tell them apart. Trusts its caller's facts. Called by load.c, which
 * asks before the system call, the Linux backend, the kexec program and kdumpctl.
 */
#include "kexec/check/explain.h"

#define NO_RESERVATION                                                       \
	"no memory is reserved for the capture kernel: add crashkernel=256M" \
	" to the kernel command line and reboot"

/* Two tables below have a bit for each action and each purpose. */
#define SEGMENTS (1u << KD_KEXEC_LOAD_SEGMENTS)
#define FILES	 (1u << KD_KEXEC_LOAD_FILES)
#define UNLOAD	 (1u << KD_KEXEC_UNLOAD)
#define EXECUTE	 (1u << KD_KEXEC_EXECUTE)
#define LOADS	 (SEGMENTS | FILES)
#define CALLS	 (LOADS | UNLOAD)
#define REBOOT	 (1u << KD_KEXEC_REBOOT)
#define CRASH	 (1u << KD_KEXEC_CRASH)
#define BOTH	 (REBOOT | CRASH)

static bool not_supported(const struct kd_kexec_facts *f)
{
	return !f->supported;
}

static bool not_reserved(const struct kd_kexec_facts *f)
{
	return f->crash_size == 0;
}

static bool disabled(const struct kd_kexec_facts *f)
{
	return f->load_disabled;
}

static bool no_more_crash(const struct kd_kexec_facts *f)
{
	return f->limit_panic == 0;
}

static bool no_more_reboot(const struct kd_kexec_facts *f)
{
	return f->limit_reboot == 0;
}

static bool not_permitted(const struct kd_kexec_facts *f)
{
	return !f->cap_sys_boot;
}

static bool locked_down(const struct kd_kexec_facts *f)
{
	return f->lockdown != KD_LOCKDOWN_NONE;
}

static const struct {
	unsigned int actions;
	unsigned int purposes;
	bool (*stands)(const struct kd_kexec_facts *f);
	int code;
	const char *words;
} obstacles[] = {
	{ LOADS, CRASH, not_supported, -EOPNOTSUPP,
	  "this kernel has no support for crash dumps (CONFIG_CRASH_DUMP)" },
	{ LOADS, CRASH, not_reserved, -EADDRNOTAVAIL, NO_RESERVATION },
	{ CALLS, BOTH, disabled, -EPERM,
	  "kernel.kexec_load_disabled is 1: no image can be loaded until the next boot" },
	{ CALLS, CRASH, no_more_crash, -EPERM,
	  "kernel.kexec_load_limit_panic is used up: no image can be loaded until the "
	  "next boot" },
	{ CALLS, REBOOT, no_more_reboot, -EPERM,
	  "kernel.kexec_load_limit_reboot is used up: no image can be loaded until the "
	  "next boot" },
	{ CALLS | EXECUTE, BOTH, not_permitted, -EPERM,
	  "loading an image needs root (CAP_SYS_BOOT)" },
	{ SEGMENTS, BOTH, locked_down, -EPERM,
	  "the kernel is locked down (Secure Boot) and takes signed files only: load by "
	  "kexec_file_load (kexec -s)" },
};

const char *kd_kexec_obstacle_to(const struct kd_kexec_facts *facts,
				 const struct kd_kexec_attempt *what, int *ret_code)
{
	*ret_code = -EPERM;
	for (size_t i = 0; i < ARRAY_SIZE(obstacles); i++) {
		if (!(obstacles[i].actions & (1u << what->action)) ||
		    !(obstacles[i].purposes & (1u << what->purpose)) ||
		    !obstacles[i].stands(facts))
			continue;
		*ret_code = obstacles[i].code;
		return obstacles[i].words;
	}
	return NULL;
}

const char *kd_kexec_obstacle(const struct kd_kexec_facts *facts, int *ret_code)
{
	const struct kd_kexec_attempt what = { .action = KD_KEXEC_LOAD_FILES,
					       .purpose = KD_KEXEC_CRASH };

	return kd_kexec_obstacle_to(facts, &what, ret_code);
}

/* verify_pefile_signature() and its callees, with KEXEC_SIG_FORCE */
#define SIGNATURE                                                                       \
	"the kernel image's signature is missing, broken or by a key this kernel does " \
	"not trust"

/* The first one that fits; @stands: NULL for on every machine. */
static const struct {
	int code;
	unsigned int actions;
	unsigned int purposes;
	bool (*stands)(const struct kd_kexec_facts *f);
	const char *words;
} meanings[] = {
	{ -EPERM, FILES, BOTH, locked_down,
	  "the kernel is locked down (Secure Boot) and does not accept this kernel "
	  "image's signature" },
	{ -EPERM, LOADS, BOTH, NULL, "a security module refused the load" },
	{ -EPERM, UNLOAD, BOTH, NULL, "a security module refused the unload" },
	{ -EACCES, LOADS, BOTH, NULL,
	  "the integrity policy (IMA) refused the kernel image" },
	{ -EADDRNOTAVAIL, LOADS, CRASH, not_reserved, NO_RESERVATION },
	{ -EADDRNOTAVAIL, LOADS, CRASH, NULL,
	  "the image does not fit the reserved memory" },
	{ -EADDRNOTAVAIL, LOADS, REBOOT, NULL,
	  "the kernel cannot place the image at such addresses" },
	{ -ENOMEM, SEGMENTS, CRASH, NULL,
	  "the reserved memory has no room left for the kernel's own pages beside the "
	  "segments" },
	{ -ENOMEM, LOADS, CRASH, NULL,
	  "the reserved memory, or the machine's, is too small for the image" },
	{ -ENOMEM, LOADS, REBOOT, NULL,
	  "there is not enough free memory to keep the image until the reboot" },
	{ -ENOEXEC, FILES, BOTH, NULL,
	  "the kernel does not take the file for a kernel image" },
	{ -ETXTBSY, FILES, BOTH, NULL,
	  "the kernel image is open for writing in some process" },
	{ -EFBIG, FILES, BOTH, NULL, "a file is larger than the kernel reads" },
	{ -EBADF, FILES, BOTH, NULL, "a file is not open for reading" },
	{ -EBUSY, CALLS, BOTH, NULL, "another process keeps loading or resizing" },
	{ -EBUSY, EXECUTE, BOTH, NULL, "another process is loading" },
	{ -ENOKEY, FILES, BOTH, NULL, SIGNATURE },
	{ -EKEYREJECTED, FILES, BOTH, NULL, SIGNATURE },
	{ -EBADMSG, FILES, BOTH, NULL, SIGNATURE },
	{ -ELIBBAD, FILES, BOTH, NULL, SIGNATURE },
	{ -ENOPKG, FILES, BOTH, NULL, SIGNATURE },
	{ -EMSGSIZE, FILES, BOTH, NULL, SIGNATURE },
	{ -ENOSYS, FILES, BOTH, NULL,
	  "this kernel has no kexec_file_load(2) (CONFIG_KEXEC_FILE)" },
	{ -ENOSYS, SEGMENTS | UNLOAD, BOTH, NULL,
	  "this kernel has no kexec_load(2) (CONFIG_KEXEC)" },
	{ -EINVAL, FILES, BOTH, NULL,
	  "the kernel takes the image, the initrd or the command line's length for "
	  "invalid" },
	{ -EINVAL, SEGMENTS, BOTH, NULL,
	  "the kernel has a rule for segments or flags that is not known here" },
	{ -EINVAL, EXECUTE, BOTH, NULL,
	  "no image is loaded, or this kernel has no kexec (CONFIG_KEXEC)" },
	{ -EFAULT, LOADS, BOTH, NULL, "memory of this process went away meanwhile" },
};

const char *kd_kexec_explain(const struct kd_kexec_facts *facts,
			     const struct kd_kexec_attempt *what, int error)
{
	int code;
	const char *obstacle = kd_kexec_obstacle_to(facts, what, &code);

	if (obstacle && code == error)
		return obstacle;
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].code == error &&
		    (meanings[i].actions & (1u << what->action)) &&
		    (meanings[i].purposes & (1u << what->purpose)) &&
		    (!meanings[i].stands || meanings[i].stands(facts)))
			return meanings[i].words;
	return NULL;
}
