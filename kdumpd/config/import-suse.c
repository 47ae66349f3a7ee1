/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openSUSE's and SLE's kdump: lines of kdump.conf out of /etc/sysconfig/kdump, as its
 * kdump(5) describes it; the variables are in import-suse-table.c. Called by import.c.
 */
#include <string.h>

#include "base/params.h"
#include "kdumpd/config/config-keys.h"
#include "kdumpd/config/import-private.h"

/* "user:password@host/path" behind "ssh://" or "sftp://". A password goes nowhere. */
static void put_login(struct kd_importer *im, const char *key, const char *rest)
{
	const char *slash = rest + strcspn(rest, "/");
	char login[KD_PLAN_STRING] = "root@", *colon, *at;
	struct kd_config_target target;
	size_t n = (size_t)(slash - rest);
	size_t used = memchr(rest, '@', n) ? 0 : strlen(login);

	if (used + n >= sizeof(login)) {
		kd_import_remark(im, "KDUMP_SAVEDIR", "is too long");
		return;
	}
	memcpy(login + used, rest, n);
	login[used + n] = '\0';
	at = strrchr(login, '@');
	colon = memchr(login, ':', (size_t)(at - login));
	if (colon) {
		memmove(colon, at, strlen(at) + 1);
		kd_import_remark(im, "KDUMP_SAVEDIR",
				 "its password is left out: make a key with kdumpctl "
				 "propagate");
	}
	if (kd_config_target_parse(key, login, &target, NULL) < 0) {
		kd_import_remark(im, "KDUMP_SAVEDIR",
				 "is no login kdumpd can use: expected %s://user@host/"
				 "folder, without a port",
				 key);
		return;
	}
	kd_import_put(im, "KDUMP_SAVEDIR", key, login);
	kd_import_put(im, "KDUMP_SAVEDIR", "path", slash[0] ? slash : "/");
}

/* "server/export" behind "nfs://": the dumps lie at the top of what is mounted. */
static void put_export(struct kd_importer *im, const char *rest)
{
	int host = (int)strcspn(rest, "/");
	char source[KD_IMPORT_VALUE + 2];

	(void)snprintf(source, sizeof(source), "%.*s:%s", host, rest, rest + host);
	kd_import_put(im, "KDUMP_SAVEDIR", "nfs", source);
	kd_import_put(im, "KDUMP_SAVEDIR", "path", "/");
}

static void put_target(struct kd_importer *im)
{
	static const struct {
		const char *scheme, *key;
	} schemes[] = {
		{ "nfs://", "nfs" },   { "ssh://", "ssh" },   { "scp://", "sftp" },
		{ "sftp://", "sftp" }, { "file://", "path" }, { "/", "path" },
	};
	const char *url = kd_import_value(im, "KDUMP_SAVEDIR");
	size_t i = 0, n;

	if (!url[0])
		return;
	while (i < ARRAY_SIZE(schemes) &&
	       strncasecmp(url, schemes[i].scheme, strlen(schemes[i].scheme)) != 0)
		i++;
	if (i == ARRAY_SIZE(schemes)) {
		kd_import_remark(im, "KDUMP_SAVEDIR",
				 "there is no target of that kind: name a folder, or an "
				 "nfs, ssh or sftp target");
		return;
	}
	n = strlen(schemes[i].scheme);
	if (strcmp(schemes[i].key, "nfs") == 0)
		put_export(im, url + n);
	else if (strcmp(schemes[i].key, "path") != 0)
		put_login(im, schemes[i].key, url + n);
	else
		kd_import_put(im, "KDUMP_SAVEDIR", "path", n > 1 ? url + n : url);
}

static const char *compression(struct kd_importer *im)
{
	static const struct {
		const char *format, *option, *remark;
	} formats[] = {
		{ "", "-c", NULL },
		{ "compressed", "-c", NULL },
		{ "lzo", "-l", NULL },
		{ "zstd", "-z", NULL },
		{ "snappy", "-z", "the capture image has no snappy: zstd is used" },
		{ "none", "-z", "a dump is always tried, after the log" },
		{ "raw", "-z", "a dump is always compressed; -d 0 keeps every page" },
		{ "ELF", "-z", "a dump is always in the kdump-compressed format" },
	};
	const char *format = kd_import_value(im, "KDUMP_DUMPFORMAT");

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcasecmp(format, formats[i].format) == 0) {
			if (formats[i].remark)
				kd_import_remark(im, "KDUMP_DUMPFORMAT", "%s",
						 formats[i].remark);
			return formats[i].option;
		}
	kd_import_remark(im, "KDUMP_DUMPFORMAT", "is no format of openSUSE's");
	return "-z";
}

static void put_collector(struct kd_importer *im)
{
	const char *level = kd_import_value(im, "KDUMP_DUMPLEVEL"),
		   *options = kd_import_value(im, "MAKEDUMPFILE_OPTIONS");
	char line[2 * KD_IMPORT_VALUE + 64];

	if (!level[0] && !options[0] && !kd_import_value(im, "KDUMP_DUMPFORMAT")[0])
		return;
	(void)snprintf(line, sizeof(line), "makedumpfile %s -d %s%s%s", compression(im),
		       level[0] ? level : "31", options[0] ? " " : "", options);
	kd_import_put(im, level[0] ? "KDUMP_DUMPLEVEL" : "KDUMP_DUMPFORMAT",
		      "core_collector", line);
}

static void put_key(struct kd_importer *im)
{
	const char *keys = kd_import_value(im, "KDUMP_SSH_IDENTITY");
	char first[KD_PLAN_STRING];
	size_t n = kd_params_next(&keys);

	if (n == 0)
		return;
	(void)snprintf(first, sizeof(first), "%.*s", (int)n, keys);
	kd_import_put(im, "KDUMP_SSH_IDENTITY", "sshkey", first);
	keys += n;
	if (kd_params_next(&keys))
		kd_import_remark(im, "KDUMP_SSH_IDENTITY", "only the first key is used");
}

static void put_keep(struct kd_importer *im)
{
	const char *keep = kd_import_value(im, "KDUMP_KEEP_OLD_DUMPS");

	if (strcmp(keep, "-1") == 0)
		kd_import_remark(im, "KDUMP_KEEP_OLD_DUMPS",
				 "a dump is never removed for one that is not there yet: "
				 "keep_dumps says how many stay");
	else if (keep[0])
		kd_import_put(im, "KDUMP_KEEP_OLD_DUMPS", "keep_dumps", keep);
}

static void compose(struct kd_importer *im)
{
	static const struct {
		const char *name, *key;
	} plain[] = {
		{ "KDUMP_PRESCRIPT", "kdump_pre" },
		{ "KDUMP_POSTSCRIPT", "kdump_post" },
		{ "KDUMP_REQUIRED_PROGRAMS", "extra_bins" },
	};

	put_target(im);
	put_key(im);
	put_collector(im);
	put_keep(im);
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (kd_import_value(im, plain[i].name)[0])
			kd_import_put(im, plain[i].name, plain[i].key,
				      kd_import_value(im, plain[i].name));
}

const struct kd_import_dialect kd_import_suse = {
	.title = "openSUSE's kdump",
	.variables = kd_import_suse_variables,
	.compose = compose,
};
