/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/image/image, whole: what is in an image, byte for byte the same
 * whatever the surroundings, and one clear line when something is missing.
 */
#include "capture-kernel/image/image.h"

#include <fcntl.h>
#include <locale.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define RELEASE "1.2.3-test"
#define FOLDER	"lib/modules/" RELEASE "/"

static const char *const names[] = { "core", "disk", "third" };

/* The same files, made in another order when @backwards. */
static void make_root(struct fake_root *root, bool backwards)
{
	static const char *const exports[][2] = { { "core_fn" }, { NULL }, { "x" } };
	static const char *const imports[][2] = { { NULL },
						  { "core_fn" },
						  { "core_fn" } };
	static const char *const info[][4] = {
		{ "license=GPL" },
		{ "firmware=disk.bin", "firmware=lost.bin", "depends=core" },
		{ "alias=pci:v1d*", "depends=core" },
	};

	fake_root_init(root);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = backwards ? ARRAY_SIZE(names) - 1 - i : i;
		char path[128];

		(void)snprintf(path, sizeof(path), FOLDER "kernel/%s.ko", names[n]);
		fake_module(root, path, info[n], exports[n], imports[n]);
	}
	fake_text(root, FOLDER "modules.order", "");
	fake_text(root, FOLDER "modules.builtin", "");
	fake_text(root, FOLDER "modules.builtin.modinfo", "");
	fake_text(root, "lib/firmware/" RELEASE "/disk.bin", "FIRMWARE");
	fake_text(root, "usr/lib/kdumpd/init", "#!/none\n");
	(void)fake_run("PATH=$PATH:/sbin:/usr/sbin depmod -b %s " RELEASE, root->path);
}

static int build(const struct fake_root *root, enum kd_image_compression compression,
		 int fd, struct kd_image_stats *ret, struct kd_error *err)
{
	static const char *const modules[] = { "disk", NULL };
	static const char *const optional[] = { "pci:v1d2", "pci:v9", NULL };
	static const struct kd_image_blob blobs[] = {
		{ "/kdump/plan", "plan\n", 5, 0600 },
		{ "/kdump/empty", NULL, 0, 0644 },
	};
	const struct kd_image_request request = {
		.root_fd = root->fd,
		.release = RELEASE,
		.init = "/usr/lib/kdumpd/init",
		.modules = modules,
		.optional_modules = optional,
		.blobs = blobs,
		.n_blobs = ARRAY_SIZE(blobs),
		.compression = compression,
	};

	return kd_image_build(&request, fd, ret, err);
}

static void contents(struct test *t)
{
	_cleanup_(kd_freep) char *list = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_image_stats stats = { 0 };
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root, false);
	fake_text(&root, "image", "old content that is longer than nothing");
	fd = openat(root.fd, "image", O_RDWR | O_CLOEXEC);
	CHECK_INT(t, build(&root, KD_IMAGE_ZSTD, fd, &stats, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, stats.n_modules, 3);
	CHECK_INT(t, stats.n_files, 8);
	CHECK_INT(t, stats.n_firmware, 1);
	CHECK_INT(t, stats.n_firmware_missing, 1);
	CHECK_STR(t, stats.firmware_missing, "lost.bin");
	CHECK_INT(t, stats.image_bytes, lseek(fd, 0, SEEK_END));
	CHECK(t, stats.module_bytes > 1000 && stats.module_bytes < stats.archive_bytes);
	CHECK_INT(
		t,
		fake_run("cd %s && zstd -dc image > a && mkdir x && cd x && "
			 "cpio -i --quiet < ../a && (find . -type f | LC_ALL=C sort; "
			 "cat kdump/modules kdump/plan lib/firmware/disk.bin) > ../list",
			 root.path),
		0);
	CHECK_INT(t, kd_read_file_at(root.fd, "list", 65536, &list, NULL, NULL), 0);
	CHECK_STR(t, list,
		  "./init\n./kdump/empty\n./kdump/modules\n./kdump/plan\n"
		  "./lib/firmware/disk.bin\n"
		  "./lib/modules/1.2.3-test/kernel/core.ko\n"
		  "./lib/modules/1.2.3-test/kernel/disk.ko\n"
		  "./lib/modules/1.2.3-test/kernel/third.ko\n"
		  "/lib/modules/1.2.3-test/kernel/core.ko\n"
		  "/lib/modules/1.2.3-test/kernel/disk.ko\n"
		  "/lib/modules/1.2.3-test/kernel/third.ko\n"
		  "plan\nFIRMWARE");
	CHECK_INT(
		t,
		fake_run("cd %s && cmp x/lib/modules/%s/kernel/disk.ko %skernel/disk.ko",
			 root.path, RELEASE, FOLDER),
		0);
	fake_root_done(&root);
}

static int read_back(int fd, char **ret, size_t *ret_size)
{
	char link[64];

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return kd_read_file_at(AT_FDCWD, link, 1 << 20, ret, ret_size, NULL);
}

static void check_same(struct test *t, enum kd_image_compression compression)
{
	_cleanup_(kd_freep) char *first = NULL, *second = NULL;
	size_t first_size = 0, second_size = 0;
	int fds[2] = { memfd_create("a", MFD_CLOEXEC), memfd_create("b", MFD_CLOEXEC) };
	struct kd_image_stats stats;
	struct fake_root roots[2];
	mode_t old;

	make_root(&roots[0], false);
	CHECK_INT(t, build(&roots[0], compression, fds[0], &stats, NULL), 0);

	old = umask(0077);
	make_root(&roots[1], true);
	CHECK_INT(t, fake_run("find %s -exec touch -h -d 2001-02-03 {} +", roots[1].path),
		  0);
	CHECK_INT(
		t,
		fake_run(
			"xz %s/" FOLDER
			"kernel/*.ko && PATH=$PATH:/sbin:/usr/sbin depmod -b %s " RELEASE,
			roots[1].path, roots[1].path),
		0);
	(void)setenv("TZ", "Asia/Tokyo", 1);
	(void)setlocale(LC_ALL, "C.UTF-8");
	CHECK_INT(t, build(&roots[1], compression, fds[1], &stats, NULL), 0);
	(void)umask(old);
	(void)setlocale(LC_ALL, "C");

	CHECK_INT(t, read_back(fds[0], &first, &first_size), 0);
	CHECK_INT(t, read_back(fds[1], &second, &second_size), 0);
	CHECK_INT(t, first_size, second_size);
	CHECK(t, first_size == second_size && memcmp(first, second, first_size) == 0);
	for (size_t i = 0; i < 2; i++) {
		fake_root_done(&roots[i]);
		(void)kd_close(fds[i]);
	}
}

static void reproducible(struct test *t)
{
	check_same(t, KD_IMAGE_NONE);
	check_same(t, KD_IMAGE_ZSTD);
	check_same(t, KD_IMAGE_GZIP);
}

static void missing(struct test *t)
{
	_cleanup_(kd_closep) int fd = memfd_create("image", MFD_CLOEXEC);
	_cleanup_(kd_closep) int full = open("/dev/full", O_RDWR | O_CLOEXEC);
	struct kd_image_stats stats = { .n_modules = 77 };
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root, false);
	CHECK(t, build(&root, KD_IMAGE_ZSTD, full, &stats, NULL) < 0);
	CHECK_INT(t, unlinkat(root.fd, FOLDER "kernel/core.ko", 0), 0);
	CHECK_INT(t, build(&root, KD_IMAGE_ZSTD, fd, &stats, &err), -ENOENT);
	CHECK_STR(t, err.message,
		  "capture image: kernel/core.ko: No such file or directory");
	CHECK_INT(t, unlinkat(root.fd, FOLDER "modules.dep.bin", 0), 0);
	kd_error_reset(&err);
	CHECK_INT(t, build(&root, KD_IMAGE_ZSTD, fd, &stats, &err), -ENOENT);
	CHECK_INT(t, stats.n_modules, 77);
	fake_root_done(&root);
}

static void no_init(struct test *t)
{
	_cleanup_(kd_closep) int fd = memfd_create("image", MFD_CLOEXEC);
	struct kd_image_stats stats;
	struct kd_error err = { 0 };
	struct fake_root root;

	make_root(&root, false);
	CHECK_INT(t, unlinkat(root.fd, "usr/lib/kdumpd/init", 0), 0);
	CHECK_INT(t, build(&root, KD_IMAGE_NONE, fd, &stats, &err), -ENOENT);
	CHECK_STR(t, err.message,
		  "capture image: /usr/lib/kdumpd/init: No such file or directory");
	fake_root_done(&root);
}

static const struct test_case cases[] = {
	{ "what is in an image", contents },
	{ "the same input gives the same bytes", reproducible },
	{ "a missing module file is named", missing },
	{ "a missing init is named", no_init },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
