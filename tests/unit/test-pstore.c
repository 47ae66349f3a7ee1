/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/pstore: which records tell of a panic, and of which boot's.
 */
#include "kdumpd/report/pstore.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define EFI	"sys/fs/pstore/dmesg-efi-170000000001001"
#define SYSTEMD "var/lib/systemd/pstore/1700000000/001/dmesg.txt"

static void record(const struct fake_root *root, const char *path, const char *text,
		   time_t time)
{
	const struct timespec times[] = { { .tv_sec = time }, { .tv_sec = time } };

	fake_text(root, path, text);
	(void)utimensat(root->fd, path, times, 0);
}

static void kinds(struct test *t)
{
	static const struct {
		const char *path, *text;
		uint64_t want;
	} table[] = {
		{ EFI, "Panic#1 Part1\n<4>[ 1.0] foo\n", 1000 },
		{ EFI, "Oops#1 Part1\n<4>[ 1.0] BUG: foo\n", 0 },
		{ "sys/fs/pstore/console-ramoops-0", "Kernel panic - not syncing", 0 },
		{ SYSTEMD, "[ 1.0] a\n[ 2.0] Kernel panic - not syncing: b\n", 1000 },
		{ SYSTEMD, "[ 1.0] a\n[ 2.0] BUG: b\n", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

		record(&root, table[i].path, table[i].text, 1000);
		CHECK_INT(t, kd_pstore_panic(root.fd, 900), table[i].want);
		CHECK_INT(t, kd_pstore_panic(root.fd, 1001), 0);
	}
}

static void newest(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	CHECK_INT(t, kd_pstore_panic(root.fd, 0), 0);
	record(&root, EFI, "Panic#1 Part1\n", 1000);
	record(&root, SYSTEMD, "Panic#2 Part1\n", 2000);
	record(&root, EFI "2", "Oops#3 Part1\n", 3000);
	CHECK_INT(t, kd_pstore_panic(root.fd, 0), 2000);
}

static void hostile(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	char big[70000];

	fake_text(&root, "elsewhere/dmesg-x", "Panic#1 Part1\n");
	fake_link(&root, "sys/fs/pstore/dmesg-link", "../../../elsewhere/dmesg-x");
	fake_link(&root, "var/lib/systemd/pstore/link", "../../../../elsewhere");
	CHECK_INT(t, mkfifoat(root.fd, "sys/fs/pstore/dmesg-fifo", 0600), 0);
	/* past what is looked at */
	memset(big, 'x', sizeof(big));
	memcpy(big + sizeof(big) - 40, "Kernel panic - not syncing", 26);
	fake_file(&root, "sys/fs/pstore/dmesg-big", big, sizeof(big));
	fake_text(&root, "var/lib/systemd/pstore/1/2/3/4/dmesg.txt", "Panic#1 Part1\n");
	fake_file(&root, "sys/fs/pstore/dmesg-nul", "\0\0Panic#", 8);
	CHECK_INT(t, kd_pstore_panic(root.fd, 0), 0);
}

static const struct test_case cases[] = {
	{ "what tells of a panic", kinds },
	{ "the newest counts", newest },
	{ "hostile records", hostile },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
