/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of DHCPv6 clients: see lease6.h. They are texts of lines, read without a grammar:
 * what is not known is passed over. Trusts no length and no digit. Called by host-net.c.
 */
#include "kdumpd/host/lease6.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"

#define FILE_MAX  (1u << 20)
#define LINE_SIZE 1024
#define DUID_MAX  ((KD_PLAN_DUID - 1) / 2)
#define DUID_MIN  3 /* a type and something of it */

/** Bytes a text spells. */
struct bytes {
	size_t n;
	uint8_t v[DUID_MAX];
};

static int add(struct bytes *b, unsigned int v)
{
	if (b->n == sizeof(b->v) || v > UINT8_MAX)
		return -EINVAL;
	b->v[b->n++] = (uint8_t)v;
	return 0;
}

static int to_duid(const struct bytes *b, char ret[static KD_PLAN_DUID])
{
	if (b->n < DUID_MIN)
		return -EINVAL;
	for (size_t i = 0; i < b->n; i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", b->v[i]);
	return 0;
}

/* "00030001…", two digits a byte. */
static int read_hex(const char *text, struct bytes *b)
{
	size_t length = strlen(text);
	int r = length % 2 ? -EINVAL : 0;

	for (size_t i = 0; r >= 0 && i < length; i += 2) {
		const char digits[] = { text[i], text[i + 1], '\0' };
		uint64_t v;

		r = kd_parse_hex(digits, &v);
		if (r >= 0)
			r = add(b, (unsigned int)v);
	}
	return r;
}

/** How networkd names a DUID's type; @size: bytes behind it. Versions before 254 print two
 *  bytes more, of nothing. */
static const struct {
	const char *name;
	uint8_t type;
	size_t size;
} duid_types[] = {
	{ "DUID-LLT", 1, 12 },
	{ "DUID-EN/Vendor", 2, 12 },
	{ "DUID-LL", 3, 8 },
	{ "UUID", 4, 16 },
};

static int read_networkd_duid(char *value, char ret[static KD_PLAN_DUID])
{
	char *hex = strchr(value, ':');
	struct bytes b = { .n = 0 };

	if (!hex)
		return -EINVAL;
	*hex++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(duid_types); i++) {
		if (strcmp(duid_types[i].name, value) != 0)
			continue;
		b = (struct bytes) { .n = 2, .v = { 0, duid_types[i].type } };
		if (read_hex(hex, &b) < 0)
			return -EINVAL;
		if (b.n == 2 + duid_types[i].size + 2)
			b.n -= 2;
		return to_duid(&b, ret);
	}
	return -EINVAL;
}

int kd_lease6_from_networkd(const char *text, size_t size, struct kd_lease6 *ret)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_lease6 lease = { .iaid = 0 };
	bool has_duid = false, has_iaid = false;
	char key[64], value[LINE_SIZE];
	uint64_t v;

	while (kd_lines_next(&it)) {
		if (kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)) < 0)
			continue;
		if (strcmp(key, "DHCP6_CLIENT_DUID") == 0)
			has_duid = read_networkd_duid(value, lease.duid) >= 0;
		if (strcmp(key, "DHCP6_CLIENT_IAID") == 0) {
			has_iaid = kd_parse_u64(value, &v) >= 0 && v <= UINT32_MAX;
			lease.iaid = has_iaid ? (uint32_t)v : 0;
		}
	}
	if (!has_duid || !has_iaid)
		return -ENODATA;
	*ret = lease;
	return 0;
}

static bool is_octal(const char *at)
{
	for (int i = 0; i < 3; i++)
		if (at[i] < '0' || at[i] > '7')
			return false;
	return true;
}

/* "\000\003ab\"", behind the first quote. */
static int read_quoted(const char *at, struct bytes *b)
{
	int r = 0;

	while (r >= 0 && *at && *at != '"') {
		unsigned int v;

		if (*at == '\\' && is_octal(at + 1)) {
			v = (unsigned int)((at[1] - '0') << 6 | (at[2] - '0') << 3 |
					   (at[3] - '0'));
			at += 3;
		} else {
			at += *at == '\\';
			v = (unsigned char)*at;
			if (!v)
				return -EINVAL;
		}
		r = add(b, v);
		at++;
	}
	return r < 0 || *at != '"' ? -EINVAL : 0;
}

/* "0:3:0:1:52:54" */
static int read_colons(const char *at, struct bytes *b)
{
	int r = 0;

	while (r >= 0 && isxdigit((unsigned char)*at)) {
		size_t n = strspn(at, "0123456789abcdefABCDEF");
		char digits[3];
		uint64_t v;

		if (n >= sizeof(digits))
			return -EINVAL;
		(void)snprintf(digits, sizeof(digits), "%.*s", (int)n, at);
		r = kd_parse_hex(digits, &v);
		if (r >= 0)
			r = add(b, (unsigned int)v);
		at += n + (at[n] == ':');
	}
	return r;
}

/* What stands behind @word in @line, if that is how it begins. */
static bool value_of(const char *line, const char *word, struct bytes *ret)
{
	size_t n = strlen(word);

	line += strspn(line, " \t");
	if (strncmp(line, word, n) != 0 || line[n] != ' ')
		return false;
	line += n + strspn(line + n, " \t");
	*ret = (struct bytes) { .n = 0 };
	return (*line == '"' ? read_quoted(line + 1, ret) : read_colons(line, ret)) >= 0;
}

static bool names_address(const char *line, const struct kd_net_address *address)
{
	static const char word[] = "iaaddr ";
	struct kd_net_address found;
	char text[KD_NET_ADDRESS_TEXT];
	size_t n;

	line += strspn(line, " \t");
	if (strncmp(line, word, strlen(word)) != 0)
		return false;
	line += strlen(word);
	n = strcspn(line, " {");
	(void)snprintf(text, sizeof(text), "%.*s", (int)MIN(n, sizeof(text)), line);
	return kd_net_address_parse(text, &found) >= 0 &&
	       kd_net_address_equal(&found, address);
}

/* Leases follow one another, the last word on an address is the last there is. */
int kd_lease6_from_dhclient(const char *text, size_t size,
			    const struct kd_net_address *address, struct kd_lease6 *ret)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct bytes duid = { .n = 0 }, ia = { .n = 0 }, b;
	struct kd_lease6 lease = { .iaid = 0 };
	bool found = false;
	char line[LINE_SIZE];

	while (kd_lines_next(&it)) {
		(void)snprintf(line, sizeof(line), "%.*s",
			       (int)MIN(it.length, sizeof(line) - 1), it.line);
		if (value_of(line, "default-duid", &b) ||
		    value_of(line, "option dhcp6.client-id", &b))
			duid = b;
		else if (value_of(line, "ia-na", &b))
			ia = b;
		else if (names_address(line, address) && ia.n == sizeof(uint32_t)) {
			lease.iaid = (uint32_t)ia.v[0] << 24 | (uint32_t)ia.v[1] << 16 |
				     (uint32_t)ia.v[2] << 8 | ia.v[3];
			found = true;
		}
	}
	if (!found || to_duid(&duid, lease.duid) < 0)
		return -ENODATA;
	*ret = lease;
	return 0;
}

static int look_into(int dir_fd, const char *name, const struct kd_net_address *address,
		     struct kd_lease6 *ret)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r = kd_read_file_at(dir_fd, name, FILE_MAX, &text, &size, /* err= */ NULL);

	return r < 0 ? r : kd_lease6_from_dhclient(text, size, address, ret);
}

/* "dhclient6.leases", "dhclient6.eth0.leases", "dhclient6-<uuid>-eth0.lease" */
static int search_folder(int root_fd, const char *path,
			 const struct kd_net_address *address, struct kd_lease6 *ret)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;

	if (kd_opendir_at(root_fd, path, &dir) < 0)
		return -ENODATA;
	while ((e = readdir(dir)))
		if (strncmp(e->d_name, "dhclient6", 9) == 0 &&
		    strstr(e->d_name, ".lease") &&
		    look_into(dirfd(dir), e->d_name, address, ret) >= 0)
			return 0;
	return -ENODATA;
}

int kd_lease6_find(int root_fd, uint32_t index, const struct kd_net_address *address,
		   struct kd_lease6 *ret)
{
	static const char *const folders[] = { "var/lib/dhcp", "var/lib/dhclient",
					       "var/lib/NetworkManager" };
	_cleanup_(kd_freep) char *text = NULL;
	char path[64];
	size_t size;

	(void)snprintf(path, sizeof(path), "run/systemd/netif/links/%u", index);
	if (kd_read_file_at(root_fd, path, FILE_MAX, &text, &size, /* err= */ NULL) >=
		    0 &&
	    kd_lease6_from_networkd(text, size, ret) >= 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (search_folder(root_fd, folders[i], address, ret) >= 0)
			return 0;
	return -ENODATA;
}
