/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target lines: see config-target.h. One table names the keys; each kind of source has a
 * function that says what is wrong with one. Trusts nothing. Called by
 * config-keys.c.
 */
#include "kdumpd/config/config-target.h"

#include <ctype.h>
#include <string.h>

#define HOST_MAX 255
#define TAG_MAX	 36 /* struct virtio_fs_config, include/uapi/linux/virtio_fs.h */

/* As far as an address goes here: it is looked up when arming. */
static bool is_host(const char *host, size_t n)
{
	if (n == 0 || n > HOST_MAX || host[0] == '-' || host[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)host[i]) && !strchr(".-_", host[i]))
			return false;
	return true;
}

/* An IPv6 address, with the interface of a link-local one: "fe80::1%eth0". */
static bool is_v6(const char *host, size_t n)
{
	size_t digits = 0, colons = 0;

	for (; digits < n && host[digits] != '%'; digits++) {
		if (!isxdigit((unsigned char)host[digits]) && !strchr(":.", host[digits]))
			return false;
		colons += host[digits] == ':';
	}
	return colons >= 2 && (digits == n || is_host(host + digits + 1, n - digits - 1));
}

static bool is_device(const char *value)
{
	static const char *const prefixes[] = { "/dev/", "UUID=", "LABEL=", "PARTUUID=",
						"PARTLABEL=" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(value, prefixes[i], strlen(prefixes[i])) == 0 &&
		    value[strlen(prefixes[i])])
			return true;
	return false;
}

static bool is_export(const char *value)
{
	const char *end;

	if (value[0] == '[') {
		end = strchr(value, ']');
		return end && is_v6(value + 1, (size_t)(end - value) - 1) &&
		       end[1] == ':' && end[2] == '/';
	}
	end = strchr(value, ':');
	return end && is_host(value, (size_t)(end - value)) && end[1] == '/';
}

static bool is_login(const char *value)
{
	const char *host = strrchr(value, '@');
	size_t n;

	if (!host || host == value || value[0] == '-')
		return false;
	host++;
	n = strlen(host);
	if (host[0] == '[')
		return n > 2 && host[n - 1] == ']' && is_v6(host + 1, n - 2);
	return is_host(host, n) || is_v6(host, n);
}

static bool is_tag(const char *value)
{
	return strlen(value) <= TAG_MAX && value[0] != '-' && !strpbrk(value, "/,");
}

/** @expected: for the complaint; NULL for what the capture side never mounts */
static const struct key {
	const char *name;
	enum kd_target_type type;
	bool (*fits)(const char *value);
	const char *expected;
} keys[] = {
#define DEVICE "a device (/dev/…, UUID=… or LABEL=…)"
	{ "ext2", KD_TARGET_FS, is_device, DEVICE },
	{ "ext3", KD_TARGET_FS, is_device, DEVICE },
	{ "ext4", KD_TARGET_FS, is_device, DEVICE },
	{ "xfs", KD_TARGET_FS, is_device, DEVICE },
	{ "btrfs", KD_TARGET_FS, is_device, DEVICE },
	{ "vfat", KD_TARGET_FS, is_device, DEVICE },
	{ "minix", KD_TARGET_FS, NULL, NULL },
	{ "raw", KD_TARGET_RAW, is_device, DEVICE },
	{ "nfs", KD_TARGET_NFS, is_export,
	  "an export (host:/folder or [IPv6 address]:/folder)" },
	{ "ssh", KD_TARGET_SSH, is_login, "a login (user@host)" },
	{ "sftp", KD_TARGET_SFTP, is_login, "a login (user@host)" },
	{ "virtiofs", KD_TARGET_SHARE, is_tag, "a tag of at most 36 bytes" },
	{ "9p", KD_TARGET_SHARE, is_tag, "a tag of at most 36 bytes" },
};

static const struct key *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool kd_config_target_key(const char *key)
{
	return find(key) != NULL;
}

const char *kd_config_target_name(size_t i)
{
	return i < ARRAY_SIZE(keys) ? keys[i].name : NULL;
}

int kd_config_target_parse(const char *key, const char *value,
			   struct kd_config_target *ret, struct kd_error *err)
{
	const struct key *k = find(key);

	if (!k)
		return kd_fail_msg(err, -EINVAL, "%s: names no target", key);
	if (!k->fits)
		return kd_fail_msg(
			err, -ENOTSUP,
			"%s: not supported, its files end below 2 GiB: name an "
			"ext4, xfs or btrfs file system",
			key);
	if (!k->fits(value) || strpbrk(value, " \t\""))
		return kd_fail_msg(err, -EINVAL, "%s: expected %s, found \"%.128s\"", key,
				   k->expected, value);
	if (strlen(value) >= sizeof(ret->source))
		return kd_fail_msg(err, -EINVAL, "%s: longer than %zu bytes", key,
				   sizeof(ret->source) - 1);
	*ret = (struct kd_config_target) { .type = k->type };
	(void)snprintf(ret->fstype, sizeof(ret->fstype), "%s", k->name);
	memcpy(ret->source, value, strlen(value) + 1);
	return 0;
}
