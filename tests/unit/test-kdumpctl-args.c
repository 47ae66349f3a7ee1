/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl's command line: what is taken, what is refused and in which words.
 */
#include "kdumpd/ctl/kdumpctl-args.h"
#include "tests/unit/test.h"

#define WORDS 6

struct kd_ctl {
	int unused;
};

static int run(const struct kd_ctl *ctl)
{
	return ctl->unused;
}

static const struct kd_ctl_command commands[] = {
	{ "status", "", 0, 0, KD_CTL_JSON, run, "say it", "" },
	{ "start", "", 0, 0, KD_CTL_INIT, run, "arm", "" },
	{ "info", "DUMP", 1, 2, KD_CTL_JSON | KD_CTL_KERNEL, run, "show", "More.\n" },
	{ .name = "later" },
	{ .name = NULL },
};

static int parse(char *const words[WORDS], struct kd_ctl_args *args,
		 const char **ret_name, struct kd_error *err)
{
	const struct kd_ctl_command *command = NULL;
	char *argv[WORDS + 2] = { (char *)"kdumpctl" };
	int argc = 1, r;

	for (; argc <= WORDS && words[argc - 1]; argc++)
		argv[argc] = words[argc - 1];
	r = kd_ctl_parse(argc, argv, commands, &command, args, err);
	*ret_name = command ? command->name : "";
	return r;
}

static void test_taken(struct test *t)
{
	static const struct {
		const char *words[WORDS];
		int want;
		const char *name;
		unsigned int options;
		size_t n_words;
	} rows[] = {
		{ { "status" }, KD_CTL_RUN, "status", 0, 0 },
		{ { "status", "--json" }, KD_CTL_RUN, "status", KD_CTL_JSON, 0 },
		{ { "--json", "status" }, KD_CTL_RUN, "status", KD_CTL_JSON, 0 },
		{ { "--init=/x", "start" }, KD_CTL_RUN, "start", KD_CTL_INIT, 0 },
		{ { "info", "a" }, KD_CTL_RUN, "info", 0, 1 },
		{ { "info", "a", "--kernel", "k", "b" },
		  KD_CTL_RUN,
		  "info",
		  KD_CTL_KERNEL,
		  2 },
		{ { "--help" }, KD_CTL_HELP, "", 0, 0 },
		{ { "-h" }, KD_CTL_HELP, "", 0, 0 },
		{ { "info", "--help" }, KD_CTL_COMMAND_HELP, "info", 0, 0 },
		{ { "--version", "whatever" }, KD_CTL_VERSION, "", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_ctl_args args = { 0 };
		struct kd_error err = { 0 };
		const char *name;

		CHECK_INT(t, parse((char *const *)rows[i].words, &args, &name, &err),
			  rows[i].want);
		CHECK_STR(t, name, rows[i].name);
		CHECK_INT(t, args.options, rows[i].options);
		CHECK_INT(t, args.n_words, rows[i].n_words);
	}
}

static void test_values(struct test *t)
{
	const char *words[WORDS] = { "info", "a", "--kernel", "k", "b" };
	struct kd_ctl_args args = { 0 };
	struct kd_error err = { 0 };
	const char *name;

	CHECK_INT(t, parse((char *const *)words, &args, &name, &err), KD_CTL_RUN);
	CHECK_STR(t, args.kernel, "k");
	CHECK_STR(t, args.words[0], "a");
	CHECK_STR(t, args.words[1], "b");
	CHECK(t, !args.init);
}

static void test_refused(struct test *t)
{
	static const struct {
		const char *words[WORDS];
		const char *says;
	} rows[] = {
		{ { NULL }, "expected a command; see kdumpctl --help" },
		{ { "--json" }, "expected a command; see kdumpctl --help" },
		{ { "staus" }, "unknown command \"staus\"; see kdumpctl --help" },
		{ { "later" }, "later: not supported yet" },
		{ { "later", "--help" }, "later: not supported yet" },
		{ { "start", "--json" }, "start takes no --json" },
		{ { "status", "--kernel=x" }, "status takes no --kernel" },
		{ { "status", "x" },
		  "status: \"x\" is one word too many; see kdumpctl status --help" },
		{ { "info" }, "info: expected DUMP; see kdumpctl info --help" },
		{ { "info", "a", "b", "c" },
		  "info: \"c\" is one word too many; see kdumpctl info --help" },
		{ { "--nonsense" }, "--nonsense: no such option; see kdumpctl --help" },
		{ { "info", "a", "--kernel" }, "--kernel needs a value" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_ctl_args args = { 0 };
		struct kd_error err = { 0 };
		const char *name;

		CHECK_INT(t, parse((char *const *)rows[i].words, &args, &name, &err),
			  -EINVAL);
		CHECK_STR(t, err.message, rows[i].says);
	}
}

static void test_help(struct test *t)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	kd_ctl_help(out, commands);
	kd_ctl_command_help(out, &commands[2]);
	(void)fclose(out);
	CHECK(t, strstr(text, "  status                  say it\n"));
	CHECK(t, !strstr(text, "later"));
	CHECK(t, strstr(text, "Usage: kdumpctl info [OPTION]... DUMP\n\nshow\nMore.\n"));
	CHECK(t, strstr(text, "  --kernel=PATH "));
	CHECK(t, !strstr(text, "--init"));
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "taken", test_taken },
		{ "values", test_values },
		{ "refused", test_refused },
		{ "help", test_help },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
