/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the options come to, and which do not go together: kexec-tools takes the last one
 * of several and forgets the rest, which has loaded what was to be unloaded; here they
 * are refused. Called by options.c.
 */
#include "kexec/program/options-private.h"

#define COM1 0x3f8

/* Actions in the order of who goes first, with what each may stand beside. */
static const struct {
	unsigned int bit;
	const char *name;
	enum kd_kexec_do action;
	unsigned int beside;
} actions[] = {
	{ KD_SEEN_SIZE, "--print-ckr-size", KD_KEXEC_DO_SIZE, ~0u },
	{ KD_SEEN_STATUS, "-S", KD_KEXEC_DO_STATUS, KD_SEEN_LOAD | KD_SEEN_PANIC },
	{ KD_SEEN_CHECK, "--check", KD_KEXEC_DO_CHECK, KD_SEEN_LOAD | KD_SEEN_PANIC },
	{ KD_SEEN_PLAN, "--plan", KD_KEXEC_DO_PLAN, KD_SEEN_LOAD | KD_SEEN_PANIC },
	{ KD_SEEN_UNLOAD, "-u", KD_KEXEC_DO_UNLOAD, KD_SEEN_PANIC },
	{ KD_SEEN_EXECUTE, "-e", KD_KEXEC_DO_EXECUTE, KD_SEEN_FORCE },
	{ KD_SEEN_FORCE, "-f", KD_KEXEC_DO_FORCE, KD_SEEN_EXECUTE },
	{ KD_SEEN_LOAD, "-l", KD_KEXEC_DO_LOAD, 0 },
	{ KD_SEEN_PANIC, "-p", KD_KEXEC_DO_LOAD, 0 },
};

static int choose_action(struct kd_kexec_parser *p)
{
	struct kd_kexec_command *c = &p->command;
	size_t first = ARRAY_SIZE(actions);

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (!(p->seen & actions[i].bit))
			continue;
		if (first == ARRAY_SIZE(actions))
			first = i;
		else if (!(actions[first].beside & actions[i].bit))
			return kd_fail_msg(p->err, -EINVAL, "%s and %s: one of them",
					   actions[first].name, actions[i].name);
	}
	c->action = first < ARRAY_SIZE(actions) ? actions[first].action
						: KD_KEXEC_DO_SOFT_REBOOT;
	/* "kexec -e -f KERNEL" is to load it, too */
	if ((p->seen & KD_SEEN_EXECUTE) && (p->seen & KD_SEEN_FORCE) && c->kernel)
		c->action = KD_KEXEC_DO_FORCE;
	if (p->seen & KD_SEEN_VERSION)
		c->action = KD_KEXEC_DO_VERSION;
	if (p->seen & KD_SEEN_HELP)
		c->action = KD_KEXEC_DO_HELP;
	return 0;
}

/* -S asks for the crash kernel unless -l says otherwise. */
static void choose_purpose(struct kd_kexec_parser *p)
{
	struct kd_kexec_command *c = &p->command;
	bool crash = p->seen & KD_SEEN_PANIC;

	if (c->action == KD_KEXEC_DO_STATUS && !(p->seen & KD_SEEN_LOAD))
		crash = true;
	c->purpose = crash ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT;
}

static int check_operand(const struct kd_kexec_parser *p)
{
	const struct kd_kexec_command *c = &p->command;

	if (c->kernel &&
	    (c->action == KD_KEXEC_DO_EXECUTE || c->action == KD_KEXEC_DO_UNLOAD ||
	     c->action == KD_KEXEC_DO_STATUS))
		return kd_fail_msg(p->err, -EINVAL, "%s: no kernel is named with %s",
				   c->kernel,
				   c->action == KD_KEXEC_DO_EXECUTE  ? "-e, but with -f"
				   : c->action == KD_KEXEC_DO_UNLOAD ? "-u"
								     : "-S");
	return 0;
}

/* What only a plan of ours can follow. */
static const char *needs_segments(const struct kd_kexec_parser *p)
{
	const struct kd_kexec_command *c = &p->command;

	if (c->mem_min > 0)
		return "--mem-min";
	if (c->mem_max < UINT64_MAX)
		return "--mem-max";
	if (c->console)
		return "--console-serial";
	if (c->dtb)
		return "--dtb";
	if (c->no_efi)
		return "--noefi";
	if (c->preserve_context)
		return "--load-preserve-context";
	if (c->action == KD_KEXEC_DO_PLAN)
		return "--plan";
	return NULL;
}

static int choose_method(struct kd_kexec_parser *p)
{
	struct kd_kexec_command *c = &p->command;
	const char *segments = needs_segments(p);

	if (segments && c->method == KD_KEXEC_BY_FILES)
		return kd_fail_msg(
			p->err, -EINVAL,
			"%s does not go with -s: the kernel makes its own plan "
			"of files",
			segments);
	if (segments && c->force_dtb)
		return kd_fail_msg(p->err, -EINVAL, "%s and --force-dtb: one of them",
				   segments);
	if (c->force_dtb && c->method == KD_KEXEC_BY_SEGMENTS)
		return kd_fail_msg(p->err, -EINVAL, "--force-dtb goes with -s only");
	if (segments)
		c->method = KD_KEXEC_BY_SEGMENTS;
	else if (c->force_dtb)
		c->method = KD_KEXEC_BY_FILES;
	return 0;
}

static int check_pairs(const struct kd_kexec_parser *p)
{
	const struct kd_kexec_command *c = &p->command;

	if (c->initrd && c->reuse_initrd)
		return kd_fail_msg(p->err, -EINVAL,
				   "--initrd and --reuseinitrd: one of them");
	if (c->mem_min >= c->mem_max)
		return kd_fail_msg(p->err, -EINVAL, "--mem-min is not below --mem-max");
	if (c->preserve_context && !(p->seen & KD_SEEN_MEM_MAX))
		return kd_fail_msg(
			p->err, -EINVAL,
			"--load-preserve-context needs --mem-max: memory above "
			"it stays this kernel's");
	if (c->preserve_context && c->purpose == KD_KEXEC_CRASH)
		return kd_fail_msg(p->err, -EINVAL,
				   "-p and --load-preserve-context: one of them");
	if (c->hotplug && c->purpose != KD_KEXEC_CRASH)
		return kd_fail_msg(p->err, -EINVAL, "--hotplug goes with -p only");
	return 0;
}

int kd_kexec_option_rules(struct kd_kexec_parser *p)
{
	struct kd_kexec_command *c = &p->command;
	int r;

	if ((p->seen & KD_SEEN_CONSOLE) && !c->console)
		c->console = COM1;
	/* as with kexec-tools, the port alone says nothing yet */
	if (!(p->seen & KD_SEEN_CONSOLE))
		c->console = 0;
	r = choose_action(p);
	if (r < 0 || c->action == KD_KEXEC_DO_HELP || c->action == KD_KEXEC_DO_VERSION ||
	    c->action == KD_KEXEC_DO_SIZE)
		return r;
	choose_purpose(p);
	r = check_operand(p);
	if (r == 0)
		r = choose_method(p);
	return r < 0 ? r : check_pairs(p);
}
