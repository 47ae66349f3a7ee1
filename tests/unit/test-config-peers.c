/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config against kdump-utils' own cases (spec/kdump-lib-initramfs_spec.sh,
 * spec/kdumpctl_general_spec.sh, as data): what it reads out of a kdump.conf and what
 * comes of the same lines here. Differences have a row of docs/differences.md.
 */
#include "kdumpd/config/config.h"
#include "tests/unit/test.h"

static int parse(const char *text, struct kd_config *ret, struct kd_config_report *report)
{
	kd_config_report_init(report);
	return kd_config_parse("f", text, strlen(text), ret, report, NULL);
}

/* kdump-utils' file for kdump_get_conf_val(), line by line: what it makes of each, and
 * what comes of it here. "" there: it refuses the whole file elsewhere. */
static void peers(struct test *t)
{
	static const struct {
		const char *line;
		size_t errors, warnings;
		size_t offset;
		const char *value;
	} table[] = {
#define AT(m) offsetof(struct kd_config, m)
		{ "nfs my.server.com:/export/tmp # trailing comment", 0, 0,
		  AT(targets[0].source), "my.server.com:/export/tmp" },
		{ "ssh user@my.server.com", 0, 0, AT(targets[0].source),
		  "user@my.server.com" },
		/* shell is reboot here, and told (docs/differences.md) */
		{ "\t\tfailure_action\t shell", 0, 1, AT(path), "/var/crash" },
		{ "default shell", 0, 2, AT(path), "/var/crash" },
		{ "dracut_args --omit-drivers \"cfg80211 snd\" --add-drivers \"ext2 ext3\"",
		  0, 0, AT(extra_modules), "ext2 ext3" },
		{ "sshkey /root/.ssh/kdump_id_rsa", 0, 0, AT(sshkey),
		  "/root/.ssh/kdump_id_rsa" },
		{ "core_collector \"makedumpfile -l --message-level 7 -d 31\"", 0, 0,
		  AT(collector), "makedumpfile -l --message-level 7 -d 31" },
		{ "    ext2	  	/dev/sda1		# trailing comment", 0, 0,
		  AT(targets[0].source), "/dev/sda1" },
		{ "# Note: this and the next line are comments\n#virtiofs /dev/sdd1", 0,
		  0, AT(targets[0].source), "" },
		{ "    ext2	  	/dev/sda1		# trailing comment\n"
		  "    ext2		/dev/sdb1	   	# trailing comment",
		  0, 0, AT(targets[1].source), "/dev/sdb1" },
		/* a tag holds no '/' (docs/differences.md) */
		{ "virtiofs /dev/sdc1", 1, 0, 0, NULL },
		/* the last of a key given twice is not silently taken */
		{ "path /a\npath /b", 1, 0, 0, NULL },
		{ "blabla", 1, 0, 0, NULL },
		{ "foo", 1, 0, 0, NULL },
		{ "ssh|aaa user@my.server.com", 1, 0, 0, NULL },
		{ "aaa|ssh user@my.server.com", 1, 0, 0, NULL },
		/* a '#' inside a value is part of it */
		{ "nfs host:/a#b", 0, 0, AT(targets[0].source), "host:/a#b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config_report report;
		struct kd_config c;

		CHECK_INT(t, parse(table[i].line, &c, &report),
			  table[i].errors ? -EINVAL : 0);
		CHECK_INT(t, report.errors, table[i].errors);
		CHECK_INT(t, report.n - report.errors, table[i].warnings);
		if (table[i].value)
			CHECK_STR(t, (const char *)&c + table[i].offset, table[i].value);
	}
}

/* parse_config(): the lines that are no comments in the file it makes for aarch64, ppc64le,
 * s390x and x86_64. */
static void made_files(struct test *t)
{
	static const char *const collectors[] = {
		"makedumpfile -l --message-level 7 -d 31",
		"makedumpfile -l --message-level 7 -d 31",
		"makedumpfile -c --message-level 7 -d 31",
		"makedumpfile -l --message-level 7 -d 31",
	};

	for (size_t i = 0; i < ARRAY_SIZE(collectors); i++) {
		struct kd_config_report report;
		struct kd_config c;
		char text[256];

		(void)snprintf(text, sizeof(text),
			       "auto_reset_crashkernel yes\npath /var/crash\n"
			       "core_collector %s\n",
			       collectors[i]);
		CHECK_INT(t, parse(text, &c, &report), 0);
		CHECK_INT(t, report.errors, 0);
		CHECK_INT(t, report.n, 0);
		CHECK(t, c.auto_reset_crashkernel);
		CHECK_STR(t, c.path, "/var/crash");
		CHECK_STR(t, c.collector, collectors[i]);
	}
}

static void check_dracut(struct test *t, size_t warnings, const char *before,
			 const char *option, const char *value, const char *after)
{
	struct kd_config_report report;
	struct kd_config c;
	char text[256];

	(void)snprintf(text, sizeof(text), "dracut_args %s%s%s%s", before, option, value,
		       after);
	CHECK_INT(t, parse(text, &c, &report), 0);
	CHECK_INT(t, report.errors, 0);
	CHECK_INT(t, report.n, warnings);
	CHECK_STR(t, c.omit_modules, "");
	CHECK_STR(t, c.extra_modules, "");
}

/* is_dracut_mod_omitted() and _get_dracut_arg(): modules of dracut and options that are not
 * ours, however they are written: one warning for each option, and no word of a value taken
 * for one. */
static void dracut_modules(struct test *t)
{
	static const char *const options[] = { "-o ", "--omit ", "--omit=" };
	static const char *const values[] = { "foo", "\"foo\"", "\"foo bar baz\"",
					      "\"bar foo baz\"", "\"bar baz foo\"" };

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		for (size_t j = 0; j < ARRAY_SIZE(values); j++) {
			check_dracut(t, 1, "", options[i], values[j], "");
			check_dracut(t, 3, "-a x ", options[i], values[j], " -i y");
		}
	check_dracut(t, 2, "", "-o xxx", " -o foo", "");
	check_dracut(t, 2, "", "-a x", " -i y", "");
	check_dracut(t, 4, "-o \"foo bar baz\" ", "-t 1 ", "--test=\"a b c\" ",
		     "--omit bla");
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "kdump_get_conf_val", peers },
		{ "the files it makes", made_files },
		{ "modules of dracut", dracut_modules },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
