/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm/front.c: what is put in front of an image, and that the image follows as it
 * is, where the kernel looks for the next archive.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/arm/front.h"
#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define ROOM  262144
#define IMAGE "the image"

static int image(void)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	if (fd < 0 || kd_write_full(fd, IMAGE, strlen(IMAGE)) < 0)
		abort();
	return fd;
}

/* An ELF core with VMCOREINFO, as /proc/kcore is one. */
static int put_kcore(const struct fake_root *root)
{
	char path[32];
	int fd = mkvmcore_memfd("@core preset=6.12\n@ram start=0x100000 size=63M\n", path,
				sizeof(path), NULL);

	if (fd < 0)
		abort();
	fake_link(root, "proc/kcore", path);
	return fd;
}

static void in_front(struct test *t)
{
	static const struct {
		bool kcore;
		const char *key;
		int want;
	} rows[] = {
		{ false, "", -ENODATA },	  { true, "", 0 },
		{ false, "/etc/key", 0 },	  { true, "/etc/key", 0 },
		{ true, "/etc/open", -EPERM },	  { true, "/etc/none", -ENOENT },
		{ true, "/etc/empty", -ENODATA },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_closep) int below = image(), kcore = -EBADF, fd = -EBADF;
		_cleanup_(kd_freep) char *got = calloc(1, ROOM);
		ssize_t n;

		if (!got)
			abort();
		fake_text(&root, "etc/key", "a private key");
		fake_text(&root, "etc/open", "a private key");
		fake_text(&root, "etc/empty", "");
		CHECK_INT(t, fchmodat(root.fd, "etc/key", 0600, 0), 0);
		CHECK_INT(t, fchmodat(root.fd, "etc/empty", 0600, 0), 0);
		CHECK_INT(t, fchmodat(root.fd, "etc/open", 0644, 0), 0);
		if (rows[i].kcore)
			kcore = put_kcore(&root);
		fd = kd_front_image(root.fd, below, rows[i].key, NULL);
		CHECK_INT(t, fd < 0 ? fd : 0, rows[i].want);
		if (fd < 0)
			continue;
		n = kd_pread_full(fd, got, ROOM, 0);
		CHECK(t, n > (ssize_t)strlen(IMAGE) && n < ROOM);
		n -= (ssize_t)strlen(IMAGE);
		CHECK_INT(t, n % 4, 0);
		CHECK(t, memcmp(got + n, IMAGE, strlen(IMAGE)) == 0);
		CHECK_INT(t, memmem(got, (size_t)n, "a private key", 13) != NULL,
			  rows[i].key[0] != '\0');
		CHECK_INT(t, memmem(got, (size_t)n, "kdump/vmcoreinfo", 17) != NULL,
			  rows[i].kcore);
		CHECK_INT(t, memmem(got, (size_t)n, "OSRELEASE=", 10) != NULL,
			  rows[i].kcore);
		CHECK_INT(t, write(fd, "x", 1), -1);
	}
}

static const struct test_case cases[] = {
	{ "key and vmcoreinfo, and the image behind them", in_front },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
