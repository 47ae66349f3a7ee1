/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules for the capture kernel's command line: see cmdline.h. Two tables say what goes
 * and what comes, each with its reason. Trusts nothing about the text it edits. Called
 * by plan-build.
 */
#include "kdumpd/arm/cmdline.h"

#include <string.h>

#include "base/params.h"

/* COMMAND_LINE_SIZE is 2048 on x86; other architectures take up to 4096. */
#define CMDLINE_MAX 4096

/* Patterns of kd_params_match(). */
static const char *const removed[] = {
	"crashkernel", /* the capture kernel reserves nothing */
	"elfcorehdr",  /* the loader adds the right one */
	"dmcryptkeys",
	"kexec_jump_back_entry",
	"mem",	     /* maps of the dying kernel; */
	"memmap",    /* the capture kernel gets its own */
	"hugepages", /* would eat the little memory there is */
	"hugepagesz",
	"default_hugepagesz",
	"hugetlb_cma",
	"cma",
	"swiotlb",
	"log_buf_len",
	"slub_debug", /* costs memory */
	"slab_debug",
	"page_owner",
	"kfence.sample_interval",
	"numa_balancing",
	"isolcpus", /* ours has CPUs of its own number */
	"nohz_full",
	"rcu_nocbs",
	"nr_cpus",
	"maxcpus",
	"possible_cpus",
	"disable_cpu_apicid",
	"panic",	 /* ours is appended */
	"panic_on_warn", /* a warning must not end the capture */
	"panic_on_taint",
	"softlockup_panic",
	"hardlockup_panic",
	"hung_task_panic",
	"unknown_nmi_panic",
	"nmi_watchdog", /* nmi_watchdog=panic */
	"oops",		/* oops=panic */
	"panic_print",
	"workqueue.panic_on_stall_time",
	"workqueue.panic_on_stall",
	"kasan.fault",
	"sysctl.*", /* settings of the dying system's, these and others */
	"quiet",    /* the console is all there is */
	"splash",
	"root", /* pid 1 of the capture image mounts only the target */
	"rootflags",
	"rootfstype",
	"rootwait",
	"rootdelay",
	"ro",
	"rw",
	"init",
	"rdinit",
	"resume",
	"netroot",
	"ip",
	"rd.*",
	"systemd.*",
	"ignition.firstboot",
	"initrd", /* of the boot loader's */
	"kdump_test_id",
};

static const char ours[] =
	"irqpoll reset_devices"
	" cgroup_disable=memory mce=off numa=off panic=10 acpi_no_memhotplug"
	" transparent_hugepage=never nokaslr hest_disable cma=0 hugetlb_cma=0"
	" pcie_ports=compat novmcoredd kfence.sample_interval=0"
	/* code is not patched for one CPU, and back again when another one starts */
	" noreplace-smp"
	/* memory is not zeroed before its use: there is one program, root's, and each page
	 * of the page cache that a dump goes through would be */
	" init_on_alloc=0 init_on_free=0"
	/* passed when the machine booted; half a second of a slow CPU */
	" cryptomgr.notests"
	/* tmpfs takes half of memory by default, unpacking would fail on small reserves;
	 * kernels before 6.18 leave it to init, which ignores it. */
	" initramfs_options=size=90%";

#define CPUS_MAX	 8
#define CPUS_EACH	 (UINT64_C(1) << 30)
#define CPUS_FLOOR	 (UINT64_C(192) << 20)
#define CPUS_RESERVATION (UINT64_C(16) << 20)

unsigned int kd_cmdline_cpus(const struct kd_cpus *cpus, enum kd_arch arch,
			     uint64_t memory, uint64_t reserved)
{
	uint64_t work = MIN(1 + memory / CPUS_EACH, (uint64_t)CPUS_MAX), room = 1;

	if (reserved > CPUS_FLOOR)
		room += (reserved - CPUS_FLOOR) / CPUS_RESERVATION;
	if (cpus->alone || (arch == KD_ARCH_X86_64 && cpus->boot_apic == KD_APIC_UNKNOWN))
		return 1;
	room = MIN(room, work);
	return (unsigned int)MIN(room, (uint64_t)MAX(cpus->present, 1U));
}

/* They may be had but do not start by themselves: capture-kernel/cpus.h. The boot CPU of a
 * PC resets the machine when another one wakes it; since "x86/cpu: Detect real BSP on crash
 * kernels" (v6.9) the kernel knows that itself, and takes no such parameter. */
static void add_cpus(struct kd_strbuf *b, const struct kd_cmdline_rules *rules)
{
	unsigned int n = MAX(rules->cpus, 1U);

	kd_strbuf_addf(b, "%snr_cpus=%u", b->length ? " " : "", n);
	if (n == 1)
		return;
	kd_strbuf_adds(b, " maxcpus=1");
	if (rules->boot_apic != KD_APIC_UNKNOWN)
		kd_strbuf_addf(b, " disable_cpu_apicid=%u", rules->boot_apic);
}

/* A value behind a name in the list means nothing: the name goes with any. */
static bool is_listed(const char *list, const char *word, size_t length)
{
	const char *equals;
	size_t n;

	while ((n = kd_params_next(&list)) > 0) {
		equals = memchr(list, '=', n);
		if (kd_params_match(word, length, list,
				    equals ? (size_t)(equals - list) : n))
			return true;
		list += n;
	}
	return false;
}

static bool is_removed(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(removed); i++)
		if (kd_params_match(word, length, removed[i], strlen(removed[i])))
			return true;
	return false;
}

bool kd_cmdline_has(const char *cmdline, const char *name)
{
	size_t n;

	while ((n = kd_params_next(&cmdline)) > 0) {
		if (kd_params_match(cmdline, n, name, strlen(name)))
			return true;
		cmdline += n;
	}
	return false;
}

static void add_word(struct kd_strbuf *b, const char *word, size_t length)
{
	if (b->length)
		kd_strbuf_adds(b, " ");
	kd_strbuf_add(b, word, length);
}

static void add_words(struct kd_strbuf *b, const char *words)
{
	size_t n;

	for (; (n = kd_params_next(&words)) > 0; words += n)
		add_word(b, words, n);
}

int kd_cmdline_build(const struct kd_cmdline_rules *rules, char **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	const char *text = rules->running;
	size_t n;
	int r;

	kd_strbuf_init(&b, CMDLINE_MAX);
	/* What follows "--" is for init: ours takes nothing, and appending behind it
	 * would hide our own parameters from the kernel. */
	for (; (n = kd_params_next(&text)) > 0; text += n) {
		if (kd_params_is_end(text, n))
			break;
		if (!is_removed(text, n) && !is_listed(rules->remove, text, n))
			add_word(&b, text, n);
	}
	add_words(&b, rules->append ? rules->append : ours);
	if (!rules->append)
		add_cpus(&b, rules);
	add_words(&b, rules->also ? rules->also : "");
	if (rules->test_id)
		kd_strbuf_addf(&b, "%skdump_test_id=%s", b.length ? " " : "",
			       rules->test_id);
	if (b.status == -EFBIG || (rules->max && b.length > rules->max))
		return kd_fail_msg(
			err, -E2BIG,
			"the capture command line is longer than the %zu bytes "
			"the kernel takes: shorten it by "
			"KDUMP_COMMANDLINE_REMOVE",
			rules->max ? rules->max : (size_t)CMDLINE_MAX);
	kd_strbuf_adds(&b, ""); /* never NULL, even when empty */
	r = kd_strbuf_take(&b, ret);
	return r < 0 ? kd_fail(err, r, "command line") : 0;
}
