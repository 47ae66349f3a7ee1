/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts marked keys into the kernel of a guest and leaves no copy of the marks in its own
 * memory: they are kept flipped, and wiped after use. The session's keyring lives as long
 * as the caller, so the keys go to the user's. Runs in the machine of tests/reference/erase.
 */
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FLIP 0x15

static int add(const char *type, const char *name, const char *flipped)
{
	char payload[64];
	size_t n = strlen(flipped);
	long r;

	for (size_t i = 0; i < n; i++)
		payload[i] = (char)(flipped[i] ^ FLIP);
	r = syscall(SYS_add_key, type, name, payload, n, KEY_SPEC_USER_KEYRING);
	explicit_bzero(payload, sizeof(payload));
	if (r < 0)
		perror(type);
	return r < 0;
}

int main(int argc, char *argv[])
{
	if (argc != 3)
		return 2;
	return add("user", "kd-user", argv[1]) || add("logon", "kd:logon", argv[2]);
}
