/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of rules, in the order in which Linux checks (kernel/kexec.c,
 * kernel/kexec_core.c), so that the first broken one a kernel has gives the errno. What
 * comes last no kernel checks. Trusts nothing in the call but that the array is as long
 * as it says, when that is no more than an array may have. Each family is its own file.
 */
#include "kexec/check/validate.h"

#include <stdarg.h>
#include <stdio.h>

#include "kexec/check/rules.h"

static const struct kd_rule rules[] = {
	{ "capability", KD_RULE_LINUX, kd_rule_capability,
	  "run it as root, or with CAP_SYS_BOOT" },
	{ "disabled", KD_RULE_LINUX, kd_rule_disabled,
	  "reboot; kernel.kexec_load_disabled cannot be taken back" },
	{ "load-limit", KD_RULE_LINUX, kd_rule_load_limit,
	  "reboot; kernel.kexec_load_limit_* only ever goes down" },
	{ "lockdown", KD_RULE_LINUX, kd_rule_lockdown,
	  "load by files (kexec -s), or turn Secure Boot off" },
	{ "flags", KD_RULE_PHYSICAL, kd_rule_flags, "leave the flag out" },
	{ "preserve-context", KD_RULE_LINUX, kd_rule_preserve_context,
	  "use a kernel with CONFIG_KEXEC_JUMP, or leave the flag out" },
	{ "hotplug-unknown", KD_RULE_LINUX, kd_rule_hotplug_unknown,
	  "leave the flag out, and load again when CPUs or memory change" },
	{ "count", KD_RULE_PHYSICAL | KD_RULE_ZIRCON, kd_rule_count, "join segments" },
	{ "arch", KD_RULE_LINUX, kd_rule_arch, "take a kernel made for this machine" },
	{ "segments", KD_RULE_PHYSICAL | KD_RULE_ZIRCON, kd_rule_segments,
	  "hand over an array" },
	{ "no-reservation", KD_RULE_LINUX, kd_rule_no_reservation,
	  "add crashkernel=256M to the kernel command line and reboot" },
	{ "entry-outside-crash", KD_RULE_LINUX, kd_rule_entry_outside_crash,
	  "enter in the crash kernel's memory" },
	{ "wrap", KD_RULE_PHYSICAL, kd_rule_wrap, "make it smaller or place it lower" },
	{ "align", KD_RULE_PHYSICAL, kd_rule_align,
	  "round address and size in memory to whole pages" },
	{ "address-limit", KD_RULE_LINUX, kd_rule_address_limit, "place it lower" },
	{ "overlap", KD_RULE_PHYSICAL, kd_rule_overlap, "place one of them elsewhere" },
	{ "buffer-size", KD_RULE_PHYSICAL, kd_rule_buffer_size,
	  "give it as much memory as it has bytes" },
	{ "half-ram", KD_RULE_LINUX, kd_rule_half_ram,
	  "make the initrd smaller: the kernel lends half of its memory at most" },
	{ "outside-crash", KD_RULE_LINUX, kd_rule_outside_crash,
	  "place it in the crash kernel's memory, the high part where there are two" },
	{ "la57", KD_RULE_FREEBSD, kd_rule_la57,
	  "boot with vm.pmap.la57=0: five-level page tables are not handled" },
	{ "not-ram", KD_RULE_PHYSICAL, kd_rule_not_ram, "place it in memory" },
	{ "room", KD_RULE_LINUX, kd_rule_room,
	  "reserve more by crashkernel=, or load less" },
	{ "buffer", KD_RULE_PHYSICAL | KD_RULE_ZIRCON, kd_rule_buffer,
	  "point to its bytes, or say that it has none" },
	{ "zbi-container", KD_RULE_ZIRCON, kd_rule_zbi_container,
	  "hand over a whole ZBI" },
	{ "zbi-items", KD_RULE_ZIRCON, kd_rule_zbi_items, "make the ZBI again" },
	{ "zbi-kernel", KD_RULE_ZIRCON, kd_rule_zbi_kernel, "put the kernel item first" },
	{ "flags-high", KD_RULE_LINUX, kd_rule_flags_high, "leave the flag out" },
	{ "hotplug-without-crash", KD_RULE_LINUX, kd_rule_hotplug_without_crash,
	  "load it for a crash, or leave the flag out" },
	{ "unload", KD_RULE_FREEBSD, kd_rule_unload, "reboot" },
	{ "zero-length", KD_RULE_PHYSICAL, kd_rule_zero_length, "leave it out" },
	{ "entry", KD_RULE_PHYSICAL, kd_rule_entry, "enter where something is loaded" },
	{ "elf-magic", KD_RULE_LINUX, kd_rule_elf_magic,
	  "let only the header for the dump begin with ELF's magic" },
	{ "zbi-checksum", KD_RULE_ZIRCON, kd_rule_zbi_checksum, "make the ZBI again" },
};

/* "segment 2 (initrd): ", for what is about one; the length of it. */
static size_t name_segment(const struct kd_check *c, struct kd_violation *v)
{
	const char *what = c->call->system == KD_KEXEC_ZIRCON ? "image" : "segment";
	const struct kd_kexec_segment *s;
	int n;

	if (v->segment == KD_NO_SEGMENT || v->other != KD_NO_SEGMENT)
		return 0;
	s = &c->call->segments[v->segment];
	n = snprintf(v->text, sizeof(v->text), "%s %d (%s): ", what, v->segment,
		     kd_segment_role_name(s->role));
	return MIN((size_t)MAX(n, 0), sizeof(v->text) - 1);
}

void kd_complain(struct kd_check *c, int code, int segment, int other, const char *fmt,
		 ...)
{
	struct kd_violations *ret = c->ret;
	struct kd_violation *v;
	va_list ap;
	size_t n;

	if (ret->code == 0)
		ret->code = code;
	if (ret->n++ >= KD_VIOLATIONS)
		return;
	v = &ret->items[ret->n - 1];
	*v = (struct kd_violation) {
		.rule = c->rule->name,
		.code = code,
		.segment = segment,
		.other = other,
		.remedy = c->rule->remedy,
	};
	n = name_segment(c, v);
	va_start(ap, fmt);
	(void)vsnprintf(v->text + n, sizeof(v->text) - n, fmt, ap);
	va_end(ap);
}

int kd_check_address_code(const struct kd_check *c)
{
	return c->call->system == KD_KEXEC_LINUX ? -EADDRNOTAVAIL : -EINVAL;
}

size_t kd_kexec_validate(const struct kd_kexec_call *call,
			 const struct kd_kexec_host *host,
			 const struct kd_kexec_facts *facts, struct kd_violations *ret)
{
	struct kd_check c = {
		.call = call,
		.host = host,
		.facts = facts,
		.ret = ret,
		.crash = call->system == KD_KEXEC_LINUX &&
			 (call->flags & KD_KEXEC_ON_CRASH) && call->n > 0,
	};

	*ret = (struct kd_violations) { .n = 0 };
	if (call->segments && call->n <= KD_KEXEC_SEGMENTS)
		c.n = (size_t)call->n;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		c.rule = &rules[i];
		if (rules[i].systems & (1u << call->system))
			rules[i].look(&c);
	}
	return ret->n;
}

int kd_violations_fail(const struct kd_violations *v, struct kd_error *err)
{
	const struct kd_violation *first = &v->items[0];
	int code;

	if (v->n == 0)
		return 0;
	code = first->code ? first->code : -EINVAL;
	if (v->n > 1)
		return kd_fail_msg(err, code, "%s: %s; %s (and %zu more)", first->rule,
				   first->text, first->remedy, v->n - 1);
	return kd_fail_msg(err, code, "%s: %s; %s", first->rule, first->text,
			   first->remedy);
}
