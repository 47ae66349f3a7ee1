/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config/import: what comes of kdump-tools' and openSUSE's settings, line by line;
 * what is lost is said, and no password is repeated.
 */
#include "kdumpd/config/import.h"

#include <string.h>

#include "base/io.h"
#include "kdumpd/config/config.h"
#include "kdumpd/config/import-write.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define DEBIAN "# From the settings of kdump-tools, by kdumpctl import.\n"
#define SUSE   "# From the settings of openSUSE's kdump, by kdumpctl import.\n"

/** @remarks: all, a line each, without the file's name */
static const struct row {
	const char *text, *conf, *remarks;
} rows[] = {
	/* as Debian ships it */
	{ "USE_KDUMP=1\nKDUMP_KERNEL=/var/lib/kdump/vmlinuz\n"
	  "KDUMP_INITRD=/var/lib/kdump/initrd.img\nKDUMP_COREDIR=\"/var/crash\"\n",
	  DEBIAN "path /var/crash\n", "" },
	{ "MAKEDUMP_ARGS=\"-F -c -d 31\"\nKDUMP_FAIL_CMD=\"halt -f\"\n",
	  DEBIAN "core_collector makedumpfile -c -d 31\nfailure_action halt\n", "" },
	{ "KDUMP_COREDIR=/srv\nMAKEDUMP_ARGS=\"-R\"\n", DEBIAN "path /srv\n",
	  "2: MAKEDUMP_ARGS: left out: core_collector: -R: no dump is written with it\n" },
	{ "KDUMP_COREDIR=/srv\nKDUMP_FAIL_CMD=\"echo x; /bin/bash; reboot -f\"\n",
	  DEBIAN "path /srv\n",
	  "2: KDUMP_FAIL_CMD: there is no shell in the capture image: the machine "
	  "reboots; kdump_emergency runs a program\n" },
	{ "NFS=\"remote:/var/crash\"\nKDUMP_COREDIR=/var/crash\nNFS_TIMEO=\"700\"\n",
	  DEBIAN "nfs remote:/var/crash\npath /\n",
	  "3: NFS_TIMEO: the capture has time limits of its own\n" },
	{ "SSH=\"kdump@host\"\nSSH_KEY=\"/root/k\"\nKDUMP_COREDIR=/c\nSSH_KDUMP_RETRY=16\n",
	  DEBIAN "ssh kdump@host\nsshkey /root/k\npath /c\n", "" },
	{ "NFS=a:/b\nSSH=c@d\nKDUMP_COREDIR=/e\n", DEBIAN "nfs a:/b\nssh c@d\npath /e\n",
	  "1: NFS: kdump-tools writes to NFS and to SSH; here SSH is used when NFS fails, "
	  "and the path is KDUMP_COREDIR on either\n" },
	{ "SSH=host\nKDUMP_COREDIR=/e\n", DEBIAN "path /e\n",
	  "1: SSH: left out: ssh: expected a login (user@host), found \"host\"\n" },
	{ "FTP=\"h:/p\"\nFTP_USER=u\nFTP_PASSWORD=\"geheim\"\nFTP_PORT=21\n", DEBIAN,
	  "1: FTP: there is no target for FTP: name an ssh, sftp or nfs target\n"
	  "2: FTP_USER: there is no target for FTP\n"
	  "3: FTP_PASSWORD: there is no target for FTP\n" },
	{ "USE_KDUMP=0\nKDUMP_CMDLINE_APPEND=\"x\"\nKDUMP_COMPRESSION=xz\nHOSTTAG=hostname\n"
	  "KDUMP_DUMP_DMESG=0\n",
	  DEBIAN,
	  "1: USE_KDUMP: whether to arm is the unit's: systemctl disable kdumpd\n"
	  "5: KDUMP_DUMP_DMESG: the kernel's log is always saved\n"
	  "3: KDUMP_COMPRESSION: dumps are compressed page by page, so that they can be "
	  "read as they are: see core_collector\n"
	  "2: KDUMP_CMDLINE_APPEND: belongs into /etc/default/kdumpd, as "
	  "KDUMP_COMMANDLINE_APPEND, instead of kdumpd's own list\n"
	  "4: HOSTTAG: dump folders are named for the address\n" },
	{ "KDUMP_COREDIR=/a\nKDUMP_NUM_DUMPS=3\n", DEBIAN "path /a\nkeep_dumps 3\n", "" },
	{ "KDUMP_COREDIR=/a\nKDUMP_NUM_DUMPS=\n", DEBIAN "path /a\n", "" },
	/* the last assignment counts; what a shell would do is left out */
	{ "KDUMP_COREDIR=/a\nexport KDUMP_COREDIR='/b' # here\n", DEBIAN "path /b\n",
	  "" },
	{ "KDUMP_COREDIR=\"$HOME/x\"\nMAKEDUMP_ARGS=\"`id`\"\nif true; then\nCOLOR=red\n",
	  DEBIAN,
	  "1: KDUMP_COREDIR: left out: only a shell could tell its value\n"
	  "2: MAKEDUMP_ARGS: left out: only a shell could tell its value\n"
	  "3: not understood, left out: no assignment\n"
	  "4: COLOR: kdump-tools has no such variable, left out\n" },
	{ "KDUMP_COREDIR=\"/a #b\"\n", DEBIAN,
	  "1: KDUMP_COREDIR: left out: path: a '#' would begin a comment\n" },
	{ "KDUMP_COREDIR=relative\n", DEBIAN,
	  "1: KDUMP_COREDIR: left out: path: expected an absolute path, found "
	  "\"relative\"\n" },

	/* as openSUSE ships it */
	{ "KDUMP_CRASHKERNEL=\"auto\"\nKDUMP_UPDATE_BOOTLOADER=\"true\"\nKDUMP_CPUS=32\n"
	  "KDUMP_SAVEDIR=\"/var/crash\"\nKDUMP_DUMPLEVEL=31\n"
	  "KDUMP_DUMPFORMAT=\"compressed\"\nKDUMP_IMMEDIATE_REBOOT=\"true\"\n",
	  SUSE "path /var/crash\ncore_collector makedumpfile -c -d 31\n", "" },
	{ "KDUMP_SAVEDIR=\"file:///srv/dumps\"\nKDUMP_DUMPFORMAT=lzo\nKDUMP_DUMPLEVEL=1\n"
	  "MAKEDUMPFILE_OPTIONS=\"--message-level 7\"\n",
	  SUSE "path /srv/dumps\ncore_collector makedumpfile -l -d 1 --message-level 7\n",
	  "" },
	{ "KDUMP_SAVEDIR=/a\nKDUMP_KEEP_OLD_DUMPS=5\n", SUSE "path /a\nkeep_dumps 5\n",
	  "" },
	{ "KDUMP_SAVEDIR=/a\nKDUMP_KEEP_OLD_DUMPS=-1\n", SUSE "path /a\n",
	  "2: KDUMP_KEEP_OLD_DUMPS: a dump is never removed for one that is not there yet: "
	  "keep_dumps says how many stay\n" },
	{ "KDUMP_SAVEDIR=nfs://server/export/x\n", SUSE "nfs server:/export/x\npath /\n",
	  "" },
	{ "KDUMP_SAVEDIR=\"nfs://[2001:db8::1]/x\"\n",
	  SUSE "nfs [2001:db8::1]:/x\npath /\n", "" },
	{ "KDUMP_SAVEDIR=ssh://host/var/crash\nKDUMP_SSH_IDENTITY=\"/root/a /root/b\"\n",
	  SUSE "ssh root@host\npath /var/crash\nsshkey /root/a\n",
	  "2: KDUMP_SSH_IDENTITY: only the first key is used\n" },
	{ "KDUMP_SAVEDIR=sftp://u:geheim@host\n", SUSE "sftp u@host\npath /\n",
	  "1: KDUMP_SAVEDIR: its password is left out: make a key with kdumpctl "
	  "propagate\n" },
	{ "KDUMP_SAVEDIR=ssh://u:geheim@host:2222/x\n", SUSE,
	  "1: KDUMP_SAVEDIR: its password is left out: make a key with kdumpctl "
	  "propagate\n"
	  "1: KDUMP_SAVEDIR: is no login kdumpd can use: expected ssh://user@host/folder, "
	  "without a port\n" },
	{ "KDUMP_SAVEDIR=\"cifs://u:geheim@h/s\"\nKDUMP_DUMPFORMAT=ELF\n",
	  SUSE "core_collector makedumpfile -z -d 31\n",
	  "1: KDUMP_SAVEDIR: there is no target of that kind: name a folder, or an nfs, "
	  "ssh or sftp target\n"
	  "2: KDUMP_DUMPFORMAT: a dump is always in the kdump-compressed format\n" },
	{ "KDUMP_SAVEDIR=/a\nKDUMP_PRESCRIPT=/bin/a\nKDUMP_POSTSCRIPT=\"/bin/b --now\"\n"
	  "KDUMP_REQUIRED_PROGRAMS=\"/bin/a /bin/b\"\n",
	  SUSE "path /a\nkdump_pre /bin/a\nextra_bins /bin/a /bin/b\n",
	  "3: KDUMP_POSTSCRIPT: left out: kdump_post: expected the absolute path of a "
	  "program, found \"/bin/b --now\"\n" },
	{ "KDUMP_SAVEDIR=/a\nKDUMP_SMTP_PASSWORD=geheim\nKDUMP_CONTINUE_ON_ERROR=false\n"
	  "KDUMP_TRANSFER=\"scp x\"\n",
	  SUSE "path /a\n",
	  "4: KDUMP_TRANSFER: there is no shell: core_collector names a program\n"
	  "3: KDUMP_CONTINUE_ON_ERROR: there is no shell in the capture image: the "
	  "capture always goes on\n"
	  "2: KDUMP_SMTP_PASSWORD: kdumpd sends no mail; the journal has an entry for "
	  "each dump\n" },
};

static void check_row(struct test *t, const struct row *row)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf conf, remarks;
	struct kd_config_report report, read;
	struct kd_error err = { 0 };
	struct kd_config config;

	kd_strbuf_init(&conf, KD_IMPORT_MAX_CONF);
	kd_strbuf_init(&remarks, 8192);
	kd_config_report_init(&report);
	kd_config_report_init(&read);
	CHECK_INT(t, kd_import("f", row->text, strlen(row->text), &conf, &report, &err),
		  0);
	CHECK_STR(t, err.message, "");
	CHECK_STR(t, kd_strbuf_text(&conf), row->conf);
	CHECK_INT(t, report.errors, 0);
	for (size_t i = 0; i < report.n; i++)
		kd_strbuf_addf(&remarks, "%u: %s\n", report.problems[i].line,
			       report.problems[i].text);
	CHECK_STR(t, kd_strbuf_text(&remarks), row->remarks);
	CHECK(t, !strstr(kd_strbuf_text(&remarks), "geheim"));
	CHECK_INT(t,
		  kd_config_parse("c", kd_strbuf_text(&conf), conf.length, &config, &read,
				  &err),
		  0);
	CHECK_INT(t, read.n, 0);
}

static void table(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(t, &rows[i]);
}

static void neither(struct test *t)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"COLOR=red\n",
		"KDUMP_COMMANDLINE=\"x\"\nKEXEC_ARGS=\"-s\"\n",
		"KDUMP_KERNELVER=\"\"\nKDUMP_IMG=\"vmlinuz\"\n",
		"path /var/crash\n"
	};
	_cleanup_(kd_strbuf_done) struct kd_strbuf conf;
	struct kd_config_report report;

	kd_strbuf_init(&conf, KD_IMPORT_MAX_CONF);
	kd_config_report_init(&report);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct kd_error err = { 0 };

		CHECK_INT(
			t,
			kd_import("f", texts[i], strlen(texts[i]), &conf, &report, &err),
			-EINVAL);
		CHECK(t, strncmp(err.message, "f: neither kdump-tools'", 23) == 0);
		CHECK_INT(t, conf.length, 0);
	}
}

static void names(struct test *t)
{
	CHECK(t, kd_import_is_suse("KDUMP_SAVEDIR"));
	CHECK(t, !kd_import_is_suse("KDUMP_COREDIR"));
	CHECK(t, !kd_import_is_suse("COLOR"));
}

static char *conf_of(const struct fake_root *root, const char *path)
{
	char *text = NULL;

	(void)kd_read_file_at(root->fd, path, 4096, &text, NULL, NULL);
	return text;
}

static void writes(struct test *t)
{
	static const struct {
		const char *old, *backup, *was_kept;
		bool force;
		int code;
	} steps[] = {
		{ NULL, "", "", false, 0 },
		{ "# a comment\n\t\n  # b\n", "etc/kdump.conf.before-import",
		  "# a comment\n\t\n  # b\n", false, 0 },
		{ "#\n\tpath /x\n", "", "", false, -EEXIST },
		{ "#\n\tpath /x\n", "etc/kdump.conf.before-import.2", "#\n\tpath /x\n",
		  true, 0 },
	};
	_cleanup_(fake_root_done) struct fake_root root;
	char backup[64];

	fake_root_init(&root);
	fake_text(&root, "etc/hosts", "");
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		_cleanup_(kd_freep) char *now = NULL;
		_cleanup_(kd_freep) char *kept = NULL;
		struct kd_error err = { 0 };

		if (steps[i].old)
			fake_text(&root, "etc/kdump.conf", steps[i].old);
		CHECK_INT(t,
			  kd_import_write(root.fd, "new\n", 4, steps[i].force, backup,
					  &err),
			  steps[i].code);
		CHECK_STR(t, backup, steps[i].backup);
		now = conf_of(&root, "etc/kdump.conf");
		CHECK_STR(t, now, steps[i].code < 0 ? steps[i].old : "new\n");
		if (!backup[0])
			continue;
		kept = conf_of(&root, backup);
		CHECK_STR(t, kept, steps[i].was_kept);
	}
}

static const struct test_case cases[] = {
	{ "what comes of each file", table },
	{ "files of neither", neither },
	{ "whose variable it is", names },
	{ "the old file is kept", writes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
