/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/le: bytes in the order that formats have them, at odd addresses.
 */
#include "base/le.h"
#include "tests/unit/test.h"

static void reads(struct test *t)
{
	static const uint8_t bytes[] = { 0xee, 0x01, 0x02, 0x03, 0x84,
					 0x05, 0x06, 0x07, 0x88 };

	CHECK_INT(t, kd_le16(bytes + 1), 0x0201);
	CHECK_INT(t, kd_le32(bytes + 1), 0x84030201);
	CHECK_INT(t, kd_le64(bytes + 1), (int64_t)0x8807060584030201);
}

static void writes(struct test *t)
{
	uint8_t bytes[16] = { 0 };

	kd_put_le16(bytes + 1, 0xa1b2);
	kd_put_le32(bytes + 3, 0xc3d4e5f6);
	kd_put_le64(bytes + 7, 0x0123456789abcdef);
	CHECK(t, memcmp(bytes,
			"\0\xb2\xa1\xf6\xe5\xd4\xc3\xef\xcd\xab\x89\x67\x45\x23\x01\0",
			sizeof(bytes)) == 0);
}

static const struct test_case cases[] = {
	{ "numbers are read", reads },
	{ "numbers are written, and nothing beside them", writes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
