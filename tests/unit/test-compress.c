/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/compress and compression: streams read back by the programs of
 * the same name, streams of these programs opened, damage told, and which one a kernel
 * can unpack.
 */
#include "capture-kernel/image/compress.h"

#include <fcntl.h>

#include "base/io.h"
#include "capture-kernel/image/root.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define SIZE 300000 /* several chunks of every stream */

static void fill(char *data, size_t size)
{
	uint32_t x = 1;

	for (size_t i = 0; i < size; i++) {
		x = x * 1103515245 + 12345;
		data[i] = (char)(i % 5 ? 'a' + (x >> 16) % 26 : x >> 24);
	}
}

static int pack(const struct fake_root *root, enum kd_image_compression c,
		const char *data, uint64_t *ret_bytes)
{
	_cleanup_(kd_packer_freep) struct kd_packer *packer = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	fd = openat(root->fd, "packed", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	r = kd_packer_new(c, fd, &packer, NULL);
	if (r == 0)
		r = kd_packer_write(packer, data, 7);
	if (r == 0)
		r = kd_packer_write(packer, data + 7, SIZE - 7);
	if (r == 0)
		r = kd_packer_finish(packer, ret_bytes, NULL);
	return r;
}

static void programs_read_it(struct test *t)
{
	static const struct {
		enum kd_image_compression compression;
		const char *command;
	} table[] = {
		{ KD_IMAGE_NONE, "cat" },
		{ KD_IMAGE_ZSTD, "zstd -dc" },
		{ KD_IMAGE_GZIP, "gzip -dc" },
	};
	static char data[SIZE];
	struct fake_root root;

	fill(data, SIZE);
	fake_root_init(&root);
	fake_file(&root, "plain", data, SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_freep) char *back = NULL;
		uint64_t bytes = 0;
		size_t size;

		CHECK_INT(t, pack(&root, table[i].compression, data, &bytes), 0);
		CHECK_INT(t,
			  fake_run("cd %s && %s < packed | cmp - plain", root.path,
				   table[i].command),
			  0);
		CHECK_INT(t, kd_root_read(root.fd, "packed", SIZE, &back, &size, NULL),
			  0);
		CHECK_INT(t, size, bytes);
		CHECK_INT(t, kd_unpack(&back, &size, SIZE, NULL), 0);
		CHECK_INT(t, size, SIZE);
		CHECK(t, size == SIZE && memcmp(back, data, SIZE) == 0);
	}
	fake_root_done(&root);
}

static void opens_what_programs_made(struct test *t)
{
	static const char *const commands[] = { "xz -q", "zstd -q -19", "gzip", "cat" };
	static char data[SIZE];
	struct fake_root root;

	fill(data, SIZE);
	fake_root_init(&root);
	fake_file(&root, "plain", data, SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		_cleanup_(kd_freep) char *back = NULL;
		size_t size;

		CHECK_INT(
			t,
			fake_run("cd %s && %s < plain > packed", root.path, commands[i]),
			0);
		CHECK_INT(t, kd_root_read(root.fd, "packed", SIZE, &back, &size, NULL),
			  0);
		CHECK_INT(t, kd_unpack(&back, &size, SIZE, NULL), 0);
		CHECK_INT(t, size, SIZE);
		CHECK(t, size == SIZE && memcmp(back, data, SIZE) == 0);
	}
	fake_root_done(&root);
}

static void tells_damage(struct test *t)
{
	static const char *const commands[] = { "xz", "zstd", "gzip" };
	static char data[SIZE];
	struct fake_root root;

	fill(data, SIZE);
	fake_root_init(&root);
	fake_file(&root, "plain", data, SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		_cleanup_(kd_freep) char *whole = NULL;
		size_t size;

		CHECK_INT(t,
			  fake_run("cd %s && %s -q < plain > packed", root.path,
				   commands[i]),
			  0);
		CHECK_INT(t, kd_root_read(root.fd, "packed", SIZE, &whole, &size, NULL),
			  0);
		CHECK_INT(t, kd_unpack(&whole, &size, SIZE - 1, NULL), -EFBIG);
		size -= 9;
		CHECK_INT(t, kd_unpack(&whole, &size, SIZE, NULL), -EBADMSG);
		size /= 2;
		CHECK_INT(t, kd_unpack(&whole, &size, SIZE, NULL), -EBADMSG);
		memset(whole + 20, 0xff, 64);
		CHECK_INT(t, kd_unpack(&whole, &size, SIZE, NULL), -EBADMSG);
	}
	fake_root_done(&root);
}

static void full_disk(struct test *t)
{
	static char data[SIZE];
	static const enum kd_image_compression all[] = { KD_IMAGE_NONE, KD_IMAGE_ZSTD,
							 KD_IMAGE_GZIP };
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	fill(data, SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		_cleanup_(kd_packer_freep) struct kd_packer *packer = NULL;
		uint64_t bytes;
		int r;

		CHECK_INT(t, kd_packer_new(all[i], fd, &packer, NULL), 0);
		r = kd_packer_write(packer, data, SIZE);
		if (r == 0)
			r = kd_packer_finish(packer, &bytes, NULL);
		CHECK_INT(t, r, -ENOSPC);
	}
	(void)kd_close(fd);
	CHECK_INT(t, kd_packer_new((enum kd_image_compression)7, 1, NULL, NULL), -EINVAL);
}

static void kernels_configuration(struct test *t)
{
	static const struct {
		const char *path, *text;
		enum kd_image_compression want;
	} table[] = {
		{ "boot/config-1.0", "CONFIG_RD_GZIP=y\nCONFIG_RD_ZSTD=y\n",
		  KD_IMAGE_ZSTD },
		{ "boot/config-1.0", "# CONFIG_RD_ZSTD is not set\nCONFIG_RD_GZIP=y",
		  KD_IMAGE_GZIP },
		{ "boot/config-1.0", "CONFIG_RD_ZSTD=n\nXCONFIG_RD_GZIP=y\n",
		  KD_IMAGE_NONE },
		{ "boot/config-1.1", "CONFIG_RD_ZSTD=y\n", KD_IMAGE_NONE },
		{ "usr/lib/modules/1.0/config", "CONFIG_RD_ZSTD=y\n", KD_IMAGE_ZSTD },
		{ "lib/modules/1.0/config", "CONFIG_RD_GZIP=y\n", KD_IMAGE_GZIP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct fake_root root;

		fake_root_init(&root);
		fake_text(&root, table[i].path, table[i].text);
		CHECK_INT(t, kd_image_compression_for(root.fd, "1.0"), table[i].want);
		fake_root_done(&root);
	}
}

static void embedded_configuration(struct test *t)
{
	struct fake_root root;

	fake_root_init(&root);
	CHECK_INT(t, kd_image_compression_for(root.fd, "1.0"), KD_IMAGE_NONE);
	fake_text(&root, "proc/sys/kernel/osrelease", "1.0\n");
	fake_text(&root, "proc/config", "CONFIG_RD_ZSTD=y\n");
	CHECK_INT(t, fake_run("gzip %s/proc/config", root.path), 0);
	CHECK_INT(t, kd_image_compression_for(root.fd, "1.0"), KD_IMAGE_ZSTD);
	CHECK_INT(t, kd_image_compression_for(root.fd, "1.1"), KD_IMAGE_NONE);
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "zstd, gzip and cat read what is written", programs_read_it },
	{ "opens what xz, zstd and gzip made", opens_what_programs_made },
	{ "damage is told", tells_damage },
	{ "a full disk is told", full_disk },
	{ "what a kernel's configuration says", kernels_configuration },
	{ "what the running kernel carries", embedded_configuration },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
