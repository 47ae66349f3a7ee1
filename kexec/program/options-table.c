/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every option kexec-tools has on x86_64 and arm64 in one table, so that none can pass
 * unseen, and ours. Called by options.c.
 */
#include <string.h>

#include "base/parse.h"
#include "kexec/program/options-private.h"

#define COM1 0x3f8

static int see(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
	       _unused_ const char *value)
{
	p->seen |= (unsigned int)option->argument;
	return 0;
}

static int set_flag(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		    _unused_ const char *value)
{
	*(bool *)((char *)&p->command + option->argument) = true;
	return 0;
}

static int set_text(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		    const char *value)
{
	*(const char **)((char *)&p->command + option->argument) = value;
	return 0;
}

static int set_method(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		      _unused_ const char *value)
{
	p->command.method = (enum kd_kexec_method)option->argument;
	return 0;
}

static int set_address(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		       const char *value)
{
	uint64_t *to = (uint64_t *)((char *)&p->command + option->argument);

	if (kd_parse_u64(value, to) < 0)
		return kd_fail_msg(p->err, -EINVAL, "%s=%s is no address", p->spelled,
				   value);
	if (to == &p->command.mem_max)
		p->seen |= KD_SEEN_MEM_MAX;
	return 0;
}

/* kexec-tools' names of what we have under one. */
static int set_type(struct kd_kexec_parser *p,
		    _unused_ const struct kd_kexec_option *option, const char *value)
{
	static const struct {
		const char *theirs;
		const char *ours;
	} names[] = {
		{ "bzImage64", "bzImage" },
		{ "elf-x86_64", "vmlinux" },
		{ "elf-arm64", "vmlinux" },
	};

	p->command.type = value;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(value, names[i].theirs) == 0)
			p->command.type = names[i].ours;
	return 0;
}

/* A port's number, or the name of one of a PC's four. */
static int set_port(struct kd_kexec_parser *p,
		    _unused_ const struct kd_kexec_option *option, const char *value)
{
	static const uint16_t ports[] = { COM1, 0x2f8, 0x3e8, 0x2e8 };
	uint64_t port;

	if (strncmp(value, "ttyS", 4) == 0 && value[4] >= '0' && value[4] <= '3' &&
	    !value[5])
		port = ports[value[4] - '0'];
	else if (kd_parse_u64(value, &port) < 0 || port == 0 || port > UINT16_MAX)
		return kd_fail_msg(p->err, -EINVAL,
				   "%s=%s is no port: a number, or ttyS0 to ttyS3",
				   p->spelled, value);
	p->command.console = (uint16_t)port;
	return 0;
}

static int set_plan(struct kd_kexec_parser *p,
		    _unused_ const struct kd_kexec_option *option, const char *value)
{
	if (value && strcmp(value, "json") != 0)
		return kd_fail_msg(p->err, -EINVAL, "--plan=%s: there is only json",
				   value);
	p->command.json = value != NULL;
	p->seen |= KD_SEEN_PLAN;
	return 0;
}

static int ignore(_unused_ struct kd_kexec_parser *p,
		  _unused_ const struct kd_kexec_option *option,
		  _unused_ const char *value)
{
	return 0;
}

static int refuse(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		  _unused_ const char *value)
{
	return kd_fail_msg(p->err, -EINVAL, "%s is not supported: %s", p->spelled,
			   option->why);
}

#define AT(member) offsetof(struct kd_kexec_command, member)
#define SEEN(letter, name, bit)                                       \
	{                                                             \
		letter, name, KD_VALUE_NONE, see, KD_SEEN_##bit, NULL \
	}
#define FLAG(letter, name, member)                                      \
	{                                                               \
		letter, name, KD_VALUE_NONE, set_flag, AT(member), NULL \
	}
#define TEXT(letter, name, member)                                        \
	{                                                                 \
		letter, name, KD_VALUE_NEEDED, set_text, AT(member), NULL \
	}
#define METHOD(letter, name, which)                                                \
	{                                                                          \
		letter, name, KD_VALUE_NONE, set_method, KD_KEXEC_BY_##which, NULL \
	}
#define REFUSED(letter, name, value, why)                      \
	{                                                      \
		letter, name, KD_VALUE_##value, refuse, 0, why \
	}
#define ALREADY(name)                                   \
	{                                               \
		0, name, KD_VALUE_NONE, ignore, 0, NULL \
	}

#define VGA  "purgatory writes to a serial port only; see --console-serial"
#define XEN  "Xen is not supported; use kexec-tools"
#define MBI  "multiboot kernels are not supported"
#define JUMP "what --load-preserve-context started comes back by itself"

static const struct kd_kexec_option table[] = {
	SEEN('h', "help", HELP),
	SEEN('?', NULL, HELP),
	SEEN('v', "version", VERSION),
	SEEN('l', "load", LOAD),
	SEEN('p', "load-panic", PANIC),
	SEEN('u', "unload", UNLOAD),
	SEEN('e', "exec", EXECUTE),
	SEEN('f', "force", FORCE),
	SEEN('S', "status", STATUS),
	SEEN(0, "print-ckr-size", SIZE),
	SEEN(0, "check", CHECK),
	SEEN(0, "console-serial", CONSOLE),
	FLAG('d', "debug", debug),
	FLAG('x', "no-ifdown", no_ifdown),
	FLAG('y', "no-sync", no_sync),
	FLAG(0, "reuse-cmdline", reuse_cmdline),
	FLAG(0, "reuseinitrd", reuse_initrd),
	FLAG(0, "load-preserve-context", preserve_context),
	FLAG(0, "hotplug", hotplug),
	FLAG(0, "no-cma", no_cma),
	FLAG(0, "force-dtb", force_dtb),
	FLAG(0, "noefi", no_efi),
	TEXT(0, "append", cmdline),
	TEXT(0, "command-line", cmdline),
	TEXT(0, "initrd", initrd),
	TEXT(0, "ramdisk", initrd),
	TEXT(0, "dtb", dtb),
	METHOD('s', "kexec-file-syscall", FILES),
	METHOD('c', "kexec-syscall", SEGMENTS),
	METHOD('a', "kexec-syscall-auto", EITHER),
	{ 't', "type", KD_VALUE_NEEDED, set_type, 0, NULL },
	{ 0, "mem-min", KD_VALUE_NEEDED, set_address, AT(mem_min), NULL },
	{ 0, "mem-max", KD_VALUE_NEEDED, set_address, AT(mem_max), NULL },
	{ 0, "serial", KD_VALUE_NEEDED, set_port, 0, NULL },
	{ 0, "plan", KD_VALUE_OPTIONAL, set_plan, 0, NULL },
	/* what these ask for is what is done */
	ALREADY("args-linux"),
	ALREADY("elf64-core-headers"),
	REFUSED('i', "no-checks", NONE, "the check takes less time than the jump"),
	REFUSED(0, "exec-live-update", NONE, XEN),
	REFUSED(0, "load-live-update", NONE, XEN),
	REFUSED(0, "load-jump-back-helper", NONE, JUMP),
	REFUSED(0, "entry", NEEDED, JUMP),
	REFUSED(0, "reset-vga", NONE, VGA),
	REFUSED(0, "console-vga", NONE, VGA),
	REFUSED(0, "reuse-video-type", NONE, "what firmware said of the screen is kept"),
	REFUSED(0, "serial-baud", NEEDED, "the port is used as it is set up"),
	REFUSED(0, "elf32-core-headers", NONE,
		"/proc/vmcore of a 64-bit kernel is ELF64"),
	REFUSED(0, "pass-memmap-cmdline", NONE, "the memory map is in boot_params"),
	REFUSED(0, "args-elf", NONE, MBI),
	REFUSED(0, "args-none", NONE, MBI),
	REFUSED(0, "module", NEEDED, MBI),
	REFUSED(0, "real-mode", NONE, "the kernel is entered in 64-bit mode"),
	REFUSED(0, "entry-32bit", NONE, "the kernel is entered in 64-bit mode"),
};

const struct kd_kexec_option *kd_kexec_option_table(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(table);
	return table;
}
