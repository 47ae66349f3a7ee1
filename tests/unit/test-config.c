/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config: values, every refusal with its line, all at once; the
 * shipped kdump.conf parses with and without its comments, and it, the manual and the
 * table name the same keys. kdump-utils' own cases are in test-config-peers.
 */
#include "base/parse.h"

#include <fcntl.h>

#include "base/io.h"
#include <sys/socket.h>

#include "kdumpd/config/config.h"
#include "tests/unit/test.h"

static int parse(const char *text, struct kd_config *ret, struct kd_config_report *report,
		 struct kd_error *err)
{
	kd_config_report_init(report);
	return kd_config_parse("f", text, strlen(text), ret, report, err);
}

static void values(struct test *t)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "path /dumps#1   # behind white space\n"
				   "\text4\tUUID=1234-5678 \n"
				   "core_collector \"makedumpfile -l -d 31\"\r\n"
				   "keep_dumps 3\nkeep_bytes 20G\nkeep_days 90\n"
				   "keep_free 1G\nmetrics_file /run/k.prom\n"
				   "final_action poweroff\n"
				   "failure_action halt\ncrash_loop_limit 0\n"
				   "auto_reset_crashkernel no";
	struct kd_config_report report;
	struct kd_config c;

	CHECK_INT(t, parse(text, &c, &report, NULL), 0);
	CHECK_INT(t, report.n, 0);
	CHECK_STR(t, c.path, "/dumps#1");
	CHECK_INT(t, c.n_targets, 1);
	CHECK_INT(t, c.targets[0].type, KD_TARGET_FS);
	CHECK_STR(t, c.targets[0].fstype, "ext4");
	CHECK_STR(t, c.targets[0].source, "UUID=1234-5678");
	CHECK_STR(t, c.targets[0].file, "f");
	CHECK_INT(t, c.targets[0].line, 4);
	CHECK_STR(t, c.collector, "makedumpfile -l -d 31");
	CHECK_INT(t, c.keep.count, 3);
	CHECK_INT(t, c.keep.bytes, 20ull << 30);
	CHECK_INT(t, c.keep.days, 90);
	CHECK_INT(t, c.keep.free, 1 << 30);
	CHECK_STR(t, c.metrics_file, "/run/k.prom");
	CHECK_INT(t, c.final_action, KD_ACTION_POWEROFF);
	CHECK_INT(t, c.failure_action, KD_ACTION_HALT);
	CHECK_INT(t, c.crash_loop_limit, 0);
}

static void defaults(struct test *t)
{
	struct kd_config_report report;
	struct kd_config c;

	CHECK_INT(t, parse("", &c, &report, NULL), 0);
	CHECK_STR(t, c.path, "/var/crash");
	CHECK_INT(t, c.n_targets, 1);
	CHECK_STR(t, c.targets[0].source, KD_TARGET_OF_PATH);
	CHECK_INT(t, c.final_action, KD_ACTION_REBOOT);
	CHECK_INT(t, c.failure_action, KD_ACTION_REBOOT);
	CHECK_INT(t, c.crash_loop_limit, 3);
}

/* In the file's order, and what each kind is called. */
static void targets(struct test *t)
{
	static const struct {
		const char *line;
		enum kd_target_type type;
		const char *source;
	} table[] = {
		{ "ext4 /dev/mapper/vg-dumps", KD_TARGET_FS, "/dev/mapper/vg-dumps" },
		{ "btrfs LABEL=dumps", KD_TARGET_FS, "LABEL=dumps" },
		{ "vfat PARTLABEL=esp", KD_TARGET_FS, "PARTLABEL=esp" },
		{ "raw /dev/sda5", KD_TARGET_RAW, "/dev/sda5" },
		{ "nfs my.server.com:/export/tmp", KD_TARGET_NFS,
		  "my.server.com:/export/tmp" },
		{ "nfs [2001:db8::1:2:3:4]:/export/tmp", KD_TARGET_NFS,
		  "[2001:db8::1:2:3:4]:/export/tmp" },
		{ "nfs 192.0.2.1:/", KD_TARGET_NFS, "192.0.2.1:/" },
		{ "ssh user@my.server.com", KD_TARGET_SSH, "user@my.server.com" },
		{ "ssh user@2001:db8::1:2:3:4", KD_TARGET_SSH, "user@2001:db8::1:2:3:4" },
		{ "sftp a@b@[fe80::1%eth0]", KD_TARGET_SFTP, "a@b@[fe80::1%eth0]" },
		{ "virtiofs my_fs", KD_TARGET_SHARE, "my_fs" },
		{ "9p share", KD_TARGET_SHARE, "share" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config_report report;
		struct kd_error err = { 0 };
		struct kd_config c;
		char text[256];

		(void)snprintf(text, sizeof(text), "xfs UUID=1\n%s\n", table[i].line);
		CHECK_INT(t, parse(text, &c, &report, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_INT(t, c.n_targets, 2);
		CHECK_STR(t, c.targets[0].source, "UUID=1");
		CHECK_INT(t, c.targets[1].type, table[i].type);
		CHECK_STR(t, c.targets[1].source, table[i].source);
		CHECK_INT(t, c.targets[1].line, 2);
	}
}

static void failure_actions(struct test *t)
{
	static const struct {
		const char *text;
		enum kd_action action;
		size_t n_targets, warnings;
		const char *last;
	} table[] = {
		{ "failure_action dump_to_rootfs", KD_ACTION_REBOOT, 2, 0,
		  KD_TARGET_OF_ROOT },
		{ "default dump_to_rootfs\nnfs a:/b", KD_ACTION_REBOOT, 2, 1,
		  KD_TARGET_OF_ROOT },
		{ "failure_action shell", KD_ACTION_REBOOT, 1, 1, KD_TARGET_OF_PATH },
		{ "failure_action poweroff\nnfs a:/b", KD_ACTION_POWEROFF, 1, 0, "a:/b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config_report report;
		struct kd_config c;

		CHECK_INT(t, parse(table[i].text, &c, &report, NULL), 0);
		CHECK_INT(t, c.failure_action, table[i].action);
		CHECK_INT(t, report.n, table[i].warnings);
		CHECK_INT(t, c.n_targets, table[i].n_targets);
		CHECK_STR(t, c.targets[c.n_targets - 1].source, table[i].last);
	}
}

static void words(struct test *t)
{
	static const char text[] = "sshkey /root/k\nkdump_pre /bin/a\nkdump_post /bin/b\n"
				   "kdump_emergency /bin/c\nextra_bins  /bin/d\t/bin/e\n"
				   "extra_modules gfs2 nf-tables\nforce_rebuild 1\n"
				   "dracut_args --omit-drivers \"cfg80211 snd\" "
				   "--add-drivers=ext2 -I \"/bin/f /bin/g\" "
				   "--force-drivers 'x y'";
	struct kd_config_report report;
	struct kd_config c;

	CHECK_INT(t, parse(text, &c, &report, NULL), 0);
	CHECK_INT(t, report.n, 0);
	CHECK_STR(t, c.sshkey, "/root/k");
	CHECK_STR(t, c.pre, "/bin/a");
	CHECK_STR(t, c.post, "/bin/b");
	CHECK_STR(t, c.emergency, "/bin/c");
	CHECK_STR(t, c.extra_bins, "/bin/d /bin/e /bin/f /bin/g");
	CHECK_STR(t, c.extra_modules, "gfs2 nf-tables ext2 x y");
	CHECK_STR(t, c.omit_modules, "cfg80211 snd");
	CHECK(t, c.force_rebuild && !c.force_no_rebuild);
}

/* Options of dracut that mean nothing here are told, once each, and cost nothing. */
static void dracut(struct test *t)
{
	static const struct {
		const char *args;
		size_t warnings;
		const char *modules, *target;
	} table[] = {
		{ "--add-drivers \"ext2 ext3\"", 0, "ext2 ext3", KD_TARGET_OF_PATH },
		{ "--add \"a b\" -o c --no-compress --add-drivers d", 3, "d",
		  KD_TARGET_OF_PATH },
		{ "--omit=nouveau", 1, "", KD_TARGET_OF_PATH },
		{ "--mount \"/dev/sda1 /x ext4 defaults\"", 0, "", "/dev/sda1" },
		{ "--mount=\"h:/x /mnt nfs4 ro\"", 1, "", "h:/x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config_report report;
		struct kd_config c;
		char text[256];

		(void)snprintf(text, sizeof(text), "dracut_args %s", table[i].args);
		CHECK_INT(t, parse(text, &c, &report, NULL), 0);
		CHECK_INT(t, report.n, table[i].warnings);
		CHECK_STR(t, c.extra_modules, table[i].modules);
		CHECK_INT(t, c.n_targets, 1);
		CHECK_STR(t, c.targets[0].source, table[i].target);
	}
}

/* As getopt_long(3) takes them. */
static void fence(struct test *t)
{
	static const struct {
		const char *args;
		struct kd_config_fence want;
	} table[] = {
		{ "-v", { AF_UNSPEC, 7410, 10, 0 } },
		{ "-p 7410 -f auto -c 0 -i 10", { AF_UNSPEC, 7410, 10, 0 } },
		{ "-p7411 -fipv4 -c20 -i3", { AF_INET, 7411, 3, 20 } },
		{ "--ipport=1 --family IPv6 --count 2 --interval=5 --verbose=3",
		  { AF_INET6, 1, 5, 2 } },
		{ "-vv -i 9", { AF_UNSPEC, 7410, 9, 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config_report report;
		struct kd_config c;
		char text[256];

		(void)snprintf(text, sizeof(text),
			       "fence_kdump_nodes node1\tnode2.example 2001:db8::1\n"
			       "fence_kdump_args %s",
			       table[i].args);
		CHECK_INT(t, parse(text, &c, &report, NULL), 0);
		CHECK_INT(t, report.n, 0);
		CHECK_STR(t, c.fence_nodes, "node1 node2.example 2001:db8::1");
		CHECK_INT(t, c.fence_where.line, 1);
		CHECK_INT(t, c.fence.family, table[i].want.family);
		CHECK_INT(t, c.fence.port, table[i].want.port);
		CHECK_INT(t, c.fence.interval, table[i].want.interval);
		CHECK_INT(t, c.fence.count, table[i].want.count);
	}
}

/* One wrong text each; the message names file and line. */
static const struct wrong {
	const char *text, *message;
} wrongs[] = {
	{ "\ncolor red\n",
	  "f:2: unknown key \"color\"; kdump.conf(5) lists those there are" },
	{ "path relative", "f:1: path: expected an absolute path, found \"relative\"" },
	{ "path", "f:1: path: expected a value" },
	{ "path \"\"", "f:1: path: expected a value" },
	{ "path /a\npath /b", "f:2: path: already set in line 1" },
	{ "ext4 /dev/vda\n\next4 /dev/vda",
	  "f:3: ext4: /dev/vda is a target already in line 1" },
	{ "9p a\n9p b\n9p c\n9p d\n9p e\n9p f\n9p g\n9p h\n9p i",
	  "f:9: 9p: more than 8 targets" },
	{ "9p a\n9p b\n9p c\n9p d\n9p e\n9p f\n9p g\n9p h\ndefault dump_to_rootfs",
	  "f:9: failure_action: dump_to_rootfs is one more target, and there are 8 "
	  "already" },
	{ "ext4 vda",
	  "f:1: ext4: expected a device (/dev/…, UUID=… or LABEL=…), found \"vda\"" },
	{ "ext4 UUID=",
	  "f:1: ext4: expected a device (/dev/…, UUID=… or LABEL=…), found \"UUID=\"" },
	{ "minix /dev/vda", "f:1: minix: not supported, its files end below 2 GiB: name "
			    "an ext4, xfs or btrfs file system" },
	{ "nfs host", "f:1: nfs: expected an export (host:/folder or [IPv6 "
		      "address]:/folder), found \"host\"" },
	{ "nfs 2001:db8::1:/export",
	  "f:1: nfs: expected an export (host:/folder or [IPv6 address]:/folder), found "
	  "\"2001:db8::1:/export\"" },
	{ "nfs -o:/x", "f:1: nfs: expected an export (host:/folder or [IPv6 "
		       "address]:/folder), found \"-o:/x\"" },
	{ "ssh host", "f:1: ssh: expected a login (user@host), found \"host\"" },
	{ "ssh -oProxyCommand=x@y",
	  "f:1: ssh: expected a login (user@host), found \"-oProxyCommand=x@y\"" },
	{ "ssh me@-oHost",
	  "f:1: ssh: expected a login (user@host), found \"me@-oHost\"" },
	{ "raw sda5", "f:1: raw: expected a device (/dev/…, UUID=… or LABEL=…), found "
		      "\"sda5\"" },
	{ "9p a/b", "f:1: 9p: expected a tag of at most 36 bytes, found \"a/b\"" },
	{ "xfs", "f:1: xfs: expected a value" },
	{ "fence_kdump_nodes a b;c",
	  "f:1: fence_kdump_nodes: expected names or addresses of nodes, found "
	  "\"b;c\"" },
	{ "fence_kdump_nodes -p",
	  "f:1: fence_kdump_nodes: expected names or addresses of nodes, found \"-p\"" },
	{ "fence_kdump_args -p 0", "f:1: fence_kdump_args: -p: expected a number from 1 "
				   "to 65535, found \"0\"" },
	{ "fence_kdump_args -i", "f:1: fence_kdump_args: -i: expected a value" },
	{ "fence_kdump_args --family=ipx",
	  "f:1: fence_kdump_args: -f: expected auto, ipv4 or ipv6, found \"ipx\"" },
	{ "fence_kdump_args --ipports",
	  "f:1: fence_kdump_args: \"--ipports\" is no option of fence_kdump_send: -p, "
	  "-f, -c and -i are" },
	{ "keep_dumps many",
	  "f:1: keep_dumps: expected a number up to 1000000, found \"many\"" },
	{ "crash_loop_limit off",
	  "f:1: crash_loop_limit: expected a number up to 1000000, found \"off\"" },
	{ "keep_days -1",
	  "f:1: keep_days: expected a number up to 1000000, found \"-1\"" },
	{ "keep_bytes 5X", "f:1: keep_bytes: expected a size (500M, 20G), found \"5X\"" },
	{ "keep_free 1\nkeep_free 2", "f:2: keep_free: already set in line 1" },
	{ "metrics_file kdump.prom",
	  "f:1: metrics_file: expected an absolute path, found \"kdump.prom\"" },
	{ "kdump_post relative",
	  "f:1: kdump_post: expected the absolute path of a program, found \"relative\"" },
	{ "kdump_pre /bin/x --now",
	  "f:1: kdump_pre: expected the absolute path of a program, found \"/bin/x "
	  "--now\"" },
	{ "sshkey id_rsa", "f:1: sshkey: expected an absolute path, found \"id_rsa\"" },
	{ "extra_bins /bin/a b",
	  "f:1: extra_bins: expected absolute paths of programs, found \"b\"" },
	{ "extra_modules gfs2 ../x",
	  "f:1: extra_modules: expected names of kernel modules, found \"../x\"" },
	{ "force_rebuild maybe",
	  "f:1: force_rebuild: expected yes or no, found \"maybe\"" },
	{ "force_rebuild 1\n\nforce_no_rebuild 1",
	  "f:3: force_rebuild and force_no_rebuild: only one of them can be yes" },
	{ "dracut_args --add-drivers",
	  "f:1: dracut_args: --add-drivers: expected a value" },
	{ "dracut_args --add-drivers=\"a *\"",
	  "f:1: dracut_args: --add-drivers: what is \"*\"?" },
	{ "dracut_args --install x", "f:1: dracut_args: --install: what is \"x\"?" },
	{ "dracut_args --mount \"/dev/sda1 /x\"",
	  "f:1: dracut_args: --mount: expected \"device folder type\"" },
	{ "dracut_args --mount \"a /x cifs\"",
	  "f:1: dracut_args: --mount: \"cifs\" is no target; kdump.conf(5) lists those "
	  "there are" },
	{ "dracut_args --mount \"/dev/a /x ext4\"\next4 /dev/a",
	  "f:2: ext4: /dev/a is a target already in line 1" },
	{ "link_delay 60", "f:1: link_delay: obsolete, remove it" },
	{ "final_action shell",
	  "f:1: final_action: expected reboot, halt or poweroff, found \"shell\"" },
	{ "failure_action continue", "f:1: failure_action: expected reboot, halt, "
				     "poweroff or dump_to_rootfs, found \"continue\"" },
	{ "default halt\nfailure_action halt",
	  "f:2: failure_action: already set in line 1" },
	{ "auto_reset_crashkernel maybe",
	  "f:1: auto_reset_crashkernel: expected yes or no, found \"maybe\"" },
	{ "path /a\x01", "f:1: control character in column 8" },
	{ "color red\nshape round\nnfs x", "f:1: unknown key \"color\"; kdump.conf(5) "
					   "lists those there are (and 2 more)" },
};

static void refusals(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		struct kd_config c = { .path = "untouched" };
		struct kd_config_report report;
		struct kd_error err = { 0 };

		CHECK_INT(t, parse(wrongs[i].text, &c, &report, &err), -EINVAL);
		CHECK_STR(t, err.message, wrongs[i].message);
		CHECK_STR(t, c.path, "untouched");
	}
}

static void all_at_once(struct test *t)
{
	static const char text[] = "default reboot\ncolor red\nnfs x\npath y\n";
	struct kd_config_report report;
	struct kd_config c;

	CHECK_INT(t, parse(text, &c, &report, NULL), -EINVAL);
	CHECK_INT(t, report.n, 4);
	CHECK_INT(t, report.errors, 3);
	CHECK(t, report.problems[0].warning);
	CHECK_INT(t, report.problems[1].line, 2);
	CHECK_INT(t, report.problems[2].line, 3);
	CHECK_INT(t, report.problems[3].line, 4);
}

static void bounded(struct test *t)
{
	struct kd_config_report report;
	struct kd_error err = { 0 };
	struct kd_config c;
	char text[4000];

	memset(text, 'a', sizeof(text));
	memcpy(text, "path /", 6);
	kd_config_report_init(&report);
	CHECK_INT(t, kd_config_parse("f", text, 300, &c, &report, &err), -EINVAL);
	CHECK_STR(t, err.message, "f:1: path: longer than 255 bytes");
	kd_config_report_init(&report);
	CHECK_INT(t, kd_config_parse("f", text, sizeof(text), &c, &report, NULL),
		  -EINVAL);
	kd_config_report_init(&report);
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "x\n", 2);
	CHECK_INT(t, kd_config_parse("f", text, sizeof(text), &c, &report, NULL),
		  -EINVAL);
	CHECK_INT(t, report.n, sizeof(text) / 2);
}

/* What we install: as it is, and with every "#key" line switched on one at a time. */
static void shipped(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_lines it;
	struct kd_config_report report;
	struct kd_error err = { 0 };
	struct kd_config c;
	size_t size, keys = 0;

	CHECK_INT(t,
		  kd_read_file_at(AT_FDCWD, KD_SOURCE_DIR "/conf/kdump.conf", 1 << 16,
				  &text, &size, NULL),
		  0);
	if (!text)
		return;
	kd_config_report_init(&report);
	CHECK_INT(t, kd_config_parse("conf", text, size, &c, &report, &err), 0);
	CHECK_INT(t, report.n, 0);
	it = (struct kd_lines) { .rest = text, .left = size };
	while (kd_lines_next(&it)) {
		if (it.length < 2 || it.line[0] != '#' || it.line[1] == ' ' ||
		    it.line[1] == '#')
			continue;
		keys++;
		kd_config_report_init(&report);
		if (kd_config_parse("conf", it.line + 1, it.length - 1, &c, &report,
				    &err) < 0)
			test_failed(t, __FILE__, __LINE__, "line %u: %s", it.number,
				    err.message);
	}
	CHECK(t, keys >= 8);
}

/* Every key the table has is in the manual, and has an example in what we install. */
static void documented(struct test *t)
{
	_cleanup_(kd_freep) char *conf = NULL;
	_cleanup_(kd_freep) char *man = NULL;
	const char *name;
	char want[64];

	CHECK_INT(t,
		  kd_read_file_at(AT_FDCWD, KD_SOURCE_DIR "/conf/kdump.conf", 1 << 16,
				  &conf, NULL, NULL),
		  0);
	CHECK_INT(t,
		  kd_read_file_at(AT_FDCWD, KD_SOURCE_DIR "/man/kdump.conf.5.scd",
				  1 << 16, &man, NULL, NULL),
		  0);
	for (size_t i = 0; conf && man && (name = kd_config_key_name(i)); i++) {
		(void)snprintf(want, sizeof(want), "\n#%s ", name);
		if (!strstr(conf, want) && strcmp(name, "default") != 0)
			test_failed(t, __FILE__, __LINE__, "conf/kdump.conf has no %s",
				    name);
		(void)snprintf(want, sizeof(want), "*%s*", name);
		if (!strstr(man, want))
			test_failed(t, __FILE__, __LINE__, "kdump.conf(5) has no %s",
				    name);
	}
	for (size_t i = 0; conf && man && (name = kd_config_target_name(i)); i++) {
		(void)snprintf(want, sizeof(want), "\n#%s ", name);
		if (!strstr(conf, want) && strcmp(name, "minix") != 0)
			test_failed(t, __FILE__, __LINE__, "conf/kdump.conf has no %s",
				    name);
		(void)snprintf(want, sizeof(want), "*%s*", name);
		if (!strstr(man, want))
			test_failed(t, __FILE__, __LINE__, "kdump.conf(5) has no %s",
				    name);
	}
}

static const struct test_case cases[] = {
	{ "values, comments and quotes", values },
	{ "an empty file", defaults },
	{ "targets", targets },
	{ "what follows when nothing was saved", failure_actions },
	{ "programs and modules", words },
	{ "options of dracut", dracut },
	{ "which nodes of a cluster are told, and how", fence },
	{ "each wrong line is refused by its number", refusals },
	{ "all complaints at once", all_at_once },
	{ "long lines, many errors", bounded },
	{ "the shipped file and each of its examples", shipped },
	{ "the manual and the shipped file have every key", documented },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
