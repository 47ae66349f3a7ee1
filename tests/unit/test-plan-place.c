/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans that cannot be made: one sentence each, and nothing left behind. And where segments
 * of those that can be made may lie.
 */
#include "tests/unit/test.h"

#include "kexec/plan/builder.h"
#include "tests/unit/fake-kexec-host.h"

/* What a row changes of a plan that can be made. */
typedef void change_fn(struct kd_kexec_host *host, struct kd_kernel *kernel,
		       struct kd_kexec_options *options);

static void crash_of(struct kd_kexec_host *host, uint64_t size)
{
	host->crash.end = host->crash.start + size;
}

#define CHANGE(name, what)                                          \
	static void name(_unused_ struct kd_kexec_host *host,       \
			 _unused_ struct kd_kernel *kernel,         \
			 _unused_ struct kd_kexec_options *options) \
	{                                                           \
		what;                                               \
	}

static const uint8_t elf[4096] = "\x7f"
				 "ELF";

CHANGE(nothing, )
CHANGE(no_crash, crash_of(host, 0))
CHANGE(less_than_kernel, crash_of(host, 31 * MIB))
CHANGE(only_kernel, crash_of(host, 32 * MIB + 4096))
/* kernel 32 MiB, then initrd 25 pages, params 2, header 1, purgatory and 1 MiB more */
CHANGE(no_spare, crash_of(host, 32 * MIB + 28 * 4096 + MIB))
CHANGE(enough, crash_of(host, 34 * MIB))
CHANGE(huge_initrd, options->initrd.size = UINT64_MAX - 5)
CHANGE(huge_kernel, kernel->mem_size = UINT64_MAX - 5)
CHANGE(other_arch, kernel->arch = KD_ARCH_ARM64)
CHANGE(no_planner, kernel->arch = host->arch = KD_ARCH_S390X)
CHANGE(zbi, kernel->format = KD_KERNEL_ZBI)
CHANGE(la57, host->la57 = true; kernel->la57 = false)
CHANGE(low_kernel, kernel->above_4g = false)
CHANGE(elf_initrd, options->initrd = ((struct kd_bytes) { elf, sizeof(elf) }))
CHANGE(elf_part, kernel->parts[0].data.data = elf; kernel->parts[0].data.size = 4096)
CHANGE(no_parts, kernel->n_parts = 0)
CHANGE(wrong_parts, kernel->n_parts = 9)
CHANGE(no_vmcoreinfo, host->vmcoreinfo.size = 0)
CHANGE(long_cmdline, kernel->cmdline_max = 20)
CHANGE(mem_max, options->mem_max = 0x6f000000)
CHANGE(mem_min, options->mem_min = 0x7f000000)
CHANGE(fixed, kernel->relocatable = false; kernel->parts[0].paddr = 16 * MIB)
CHANGE(fixed_high, kernel->relocatable = false;
       kernel->parts[0].paddr = UINT64_MAX - MIB + 1)
CHANGE(part_beyond, kernel->parts[0].memsz = 33 * MIB)
CHANGE(part_wraps, kernel->parts[0].memsz = UINT64_MAX - 5)
CHANGE(part_unaligned, kernel->parts[0].paddr = 512)
CHANGE(parts_overlap, kernel->parts[1] = kernel->parts[0]; kernel->n_parts = 2)

static const struct {
	const char *name;
	enum kd_kexec_purpose purpose;
	change_fn *change;
	int want;
	const char *sentence; /* a part of it */
} rows[] = {
	{ "as it is", KD_KEXEC_CRASH, nothing, 0, "" },
	{ "no crashkernel=", KD_KEXEC_CRASH, no_crash, -ENOSPC, "add crashkernel=" },
	{ "less than the kernel", KD_KEXEC_CRASH, less_than_kernel, -ENOSPC,
	  "room for the kernel: 32768 KiB" },
	{ "the kernel and a page", KD_KEXEC_CRASH, only_kernel, -ENOSPC, "initrd" },
	{ "no MiB left", KD_KEXEC_CRASH, no_spare, -ENOSPC, "1024 KiB in one piece" },
	{ "a MiB left", KD_KEXEC_CRASH, enough, 0, "" },
	{ "initrd to the end of all", KD_KEXEC_CRASH, huge_initrd, -ENOSPC, "initrd" },
	{ "kernel to the end of all", KD_KEXEC_CRASH, huge_kernel, -ENOSPC, "kernel" },
	{ "kernel to the end of all", KD_KEXEC_REBOOT, huge_kernel, -ENOSPC, "kernel" },
	{ "arm64 on x86", KD_KEXEC_CRASH, other_arch, -ENOTSUP, "aarch64" },
	{ "s390x", KD_KEXEC_CRASH, no_planner, -ENOTSUP, "s390x" },
	{ "a ZBI", KD_KEXEC_REBOOT, zbi, -ENOTSUP, "Zircon" },
	{ "la57", KD_KEXEC_CRASH, la57, -ENOTSUP, "no5lvl" },
	{ "ELF initrd", KD_KEXEC_CRASH, elf_initrd, -ENOTSUP, "initrd begins as an ELF" },
	{ "ELF initrd", KD_KEXEC_REBOOT, elf_initrd, 0, "" },
	{ "ELF part", KD_KEXEC_CRASH, elf_part, -ENOTSUP, "kernel begins as an ELF" },
	{ "no parts", KD_KEXEC_CRASH, no_parts, -ENOTSUP, "nothing to load" },
	{ "nine parts", KD_KEXEC_CRASH, wrong_parts, -ENOTSUP, "nothing to load" },
	{ "no vmcoreinfo", KD_KEXEC_CRASH, no_vmcoreinfo, -ENODATA, "vmcoreinfo" },
	{ "no vmcoreinfo", KD_KEXEC_REBOOT, no_vmcoreinfo, 0, "" },
	{ "long line", KD_KEXEC_CRASH, long_cmdline, -E2BIG, "the 20 the kernel takes" },
	{ "mem_max", KD_KEXEC_CRASH, mem_max, -ENOSPC, "lies in 0x100000-0x6f000000" },
	{ "mem_max", KD_KEXEC_REBOOT, mem_max, 0, "" },
	{ "mem_min", KD_KEXEC_CRASH, mem_min, -ENOSPC, "lies in 0x7f000000-" },
	{ "not relocatable", KD_KEXEC_CRASH, fixed, -ENOSPC, "not a relocatable kernel" },
	{ "not relocatable", KD_KEXEC_REBOOT, fixed, 0, "" },
	{ "beyond memory", KD_KEXEC_REBOOT, fixed_high, -ENOTSUP, "beyond all memory" },
	{ "larger than it is", KD_KEXEC_CRASH, part_beyond, -ENOTSUP, "part 0" },
	{ "a part that wraps", KD_KEXEC_CRASH, part_wraps, -ENOTSUP, "part 0" },
	{ "not on a page", KD_KEXEC_CRASH, part_unaligned, -ENOTSUP, "part 0" },
	{ "parts that overlap", KD_KEXEC_CRASH, parts_overlap, -ENOTSUP, "part 1" },
};

static void check_row(struct test *t, size_t i, const struct fake_machine *machine)
{
	struct kd_kexec_options options = fake_kexec_options(rows[i].purpose);
	struct kd_kexec_plan plan = { .n = 99 };
	struct kd_kernel kernel = fake_kexec_kernel();
	struct kd_error err = { 0 };
	struct kd_kexec_host host;
	int r;

	fake_kexec_host(machine, &host);
	rows[i].change(&host, &kernel, &options);
	r = kd_kexec_plan_build(&host, &kernel, &options, &plan, &err);
	if (r != rows[i].want || !strstr(err.message, rows[i].sentence))
		test_failed(t, __FILE__, __LINE__, "%s: %d, \"%s\"", rows[i].name, r,
			    err.message);
	if (r < 0)
		CHECK_INT(t, plan.n, 99);
	else
		kd_kexec_plan_done(&plan);
	fake_kexec_host_done(&host);
}

static void test_rows(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(t, i, &fake_bios);
}

/* Code that stays below 4 GiB cannot use a reservation above it. */
static void test_below_4g(struct test *t)
{
	struct kd_kexec_options options = fake_kexec_options(KD_KEXEC_CRASH);
	struct kd_kernel kernel = fake_kexec_kernel();
	struct kd_kexec_plan plan;
	struct kd_error err = { 0 };
	struct kd_kexec_host host;

	low_kernel(NULL, &kernel, NULL);
	fake_kexec_host(&fake_high, &host);
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, &err), -ENOSPC);
	/* the image's own limit of 0x37ffffff counts for a reboot */
	options.purpose = KD_KEXEC_REBOOT;
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), 0);
	for (size_t i = 0; i < plan.n; i++)
		CHECK(t, plan.segments[i].mem + plan.segments[i].memsz <= 0x38000000);
	kd_kexec_plan_done(&plan);
	options.mem_min = 0x38000000;
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), -ENOSPC);
	fake_kexec_host_done(&host);
}

/* Memory of which only one of the two kernels knows is not used. */
static void test_reboot_room(struct test *t)
{
	struct kd_kexec_options options = fake_kexec_options(KD_KEXEC_REBOOT);
	struct kd_kernel kernel = fake_kexec_kernel();
	struct kd_kexec_plan plan;
	struct kd_kexec_host host;

	fake_kexec_host(&fake_bios, &host);
	/* mem=1G hides the upper half, and 0x100000-0x38000000 was hot-added */
	kd_ranges_clip(&host.ram, 0, 0x40000000);
	CHECK_INT(t, kd_ranges_subtract(&host.firmware, 0x100000, 0x38000000), 0);
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), 0);
	for (size_t i = 0; i < plan.n; i++)
		CHECK(t, plan.segments[i].mem >= 0x38000000 &&
				 plan.segments[i].mem < 0x40000000);
	kd_kexec_plan_done(&plan);
	/* nor the crash reservation, where an image may be armed */
	options.mem_min = host.crash.start = 0x38000000;
	options.mem_max = host.crash.end = 0x40000000;
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), -ENOSPC);
	fake_kexec_host_done(&host);
}

/* Sixteen segments, and not one more. */
static void test_segments(struct test *t)
{
	const struct kd_kexec_segment s = { .memsz = 1 };
	const struct kd_kexec_options options = { 0 };
	struct kd_plan_builder b = { .options = &options, .page = 4096 };
	struct kd_error err = { 0 };

	for (int i = 0; i < KD_KEXEC_SEGMENTS; i++)
		CHECK_INT(t, kd_plan_add(&b, &s, &err), 0);
	CHECK_INT(t, b.plan.segments[15].memsz, 4096);
	CHECK_INT(t, kd_plan_add(&b, &s, &err), -ENOSPC);
	CHECK_STR(t, err.message, "the kernel would be segment 17 of 16");
	CHECK_INT(t, b.plan.n, 16);
}

static void test_names(struct test *t)
{
	for (int i = 0; i < KD_SEGMENT_ROLES; i++)
		CHECK(t, kd_segment_role_name(i)[0] >= 'a');
	CHECK_STR(t, kd_segment_role_name(KD_SEGMENT_ROLES), "unknown");
}

static const struct test_case cases[] = {
	{ "refusals, in words", test_rows },
	{ "an image that stays below 4 GiB", test_below_4g },
	{ "memory both kernels know", test_reboot_room },
	{ "the 17th segment", test_segments },
	{ "names of roles", test_names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
