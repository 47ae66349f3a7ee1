/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules of stacked devices: see kd_drivers_add_stack() in drivers.h. A table of what the
 * kernel itself asks for by request_module(), which no dependency tells. Called by kdumpd.
 */
#include <string.h>

#include "capture-kernel/image/drivers.h"

/* Target types of device-mapper whose module has another name than "dm-<type>", which
 * get_target_type(), drivers/md/dm-target.c, would ask for. */
static const struct {
	const char *type, *module;
} types[] = {
	{ "linear", "dm-mod" },
	{ "striped", "dm-mod" },
	{ "error", "dm-mod" },
	{ "thin", "dm-thin-pool" },
	{ "snapshot-origin", "dm-snapshot" },
	{ "snapshot-merge", "dm-snapshot" },
};

static int add_type(struct kd_drivers *d, const char *type)
{
	/* what dm-raid is made of is asked for when it starts: set_personality() */
	static const char *const raids[] = { "raid0", "raid1", "raid10", "raid456" };
	char module[64];
	int r = 0;

	(void)snprintf(module, sizeof(module), "dm-%s", type);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i].type) == 0)
			(void)snprintf(module, sizeof(module), "%s", types[i].module);
	for (size_t i = 0; r >= 0 && strcmp(type, "raid") == 0 && i < ARRAY_SIZE(raids);
	     i++)
		r = kd_strlist_add(&d->optional, raids[i]);
	if (r >= 0 && strcmp(type, "crypt") == 0)
		r = kd_strlist_add(&d->optional, "configfs"); /* keys come by it */
	if (r >= 0 && strcmp(type, "cache") == 0)
		r = kd_strlist_add(&d->optional, "dm-cache-smq");
	return r < 0 ? r : kd_strlist_add(&d->required, module);
}

static int add_prefixed(struct kd_strlist *list, const char *prefix, const char *name)
{
	char module[64];

	(void)snprintf(module, sizeof(module), "%s%s", prefix, name);
	return kd_strlist_add(list, module);
}

/* "aes-xts-plain64", "capi:xts(aes)-plain64", "aes-cbc-essiv:sha256": each word may be an
 * algorithm, and several modules may offer it. */
static int add_cipher(struct kd_drivers *d, const char *cipher)
{
	char words[128], *rest = words, *word;
	int r = 0;

	(void)snprintf(words, sizeof(words), "%s", cipher);
	while (r >= 0 && (word = strsep(&rest, "-:()")))
		if (word[0])
			r = add_prefixed(&d->optional, "crypto-", word);
	/* xts and lrw are made of it: it has no dependency to show for that */
	return r < 0 ? r : kd_strlist_add(&d->optional, "crypto-ecb");
}

static int add(struct kd_drivers *d, const char *kind, const char *name)
{
	if (strcmp(kind, "dm") == 0)
		return add_type(d, name);
	if (strcmp(kind, "md") == 0)
		return add_prefixed(&d->required, "md-", name);
	if (strcmp(kind, "cipher") == 0)
		return add_cipher(d, name);
	if (strcmp(kind, "selector") == 0)
		return add_prefixed(&d->required, "dm-", name);
	if (strcmp(kind, "handler") == 0)
		return add_prefixed(&d->optional, "scsi_dh_", name);
	return -EINVAL;
}

int kd_drivers_add_stack(struct kd_drivers *drivers, const char *kind,
			 struct kd_error *err)
{
	const char *colon = strchr(kind, ':');
	char prefix[16];
	int r = -EINVAL;

	if (colon && (size_t)(colon - kind) < sizeof(prefix) && colon[1] &&
	    !strpbrk(colon, "/ *?[")) {
		(void)snprintf(prefix, sizeof(prefix), "%.*s", (int)(colon - kind), kind);
		r = add(drivers, prefix, colon + 1);
	}
	return r < 0 ? kd_fail(err, r, "modules for %s", kind) : 0;
}
