/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl: what people and scripts call; see kdumpctl(8). Options, the table of
 * commands, nothing else.
 */
#include "kdumpd/kdumpctl.h"

#include <fcntl.h>
#include <getopt.h>
#include <string.h>

#include "kdumpd/version.h"

static const struct command {
	const char *name;
	int (*run)(const struct kd_ctl *ctl);
	bool json;
	const char *help;
} commands[] = {
	{ "start", kd_ctl_start, false,
	  "arm, unless it is armed and nothing has changed" },
	{ "stop", kd_ctl_stop, false, "disarm" },
	{ "restart", kd_ctl_restart, false, "arm anew, without a moment unarmed" },
	{ "reload", kd_ctl_reload, false, "take over a changed configuration" },
	{ "rebuild", kd_ctl_rebuild, false, "build the capture image anew and arm it" },
	{ "status", kd_ctl_status, true, "say whether a crash would be captured" },
	{ "showmem", kd_ctl_showmem, false, "say how much memory is reserved" },
	{ "list", kd_ctl_list, true, "list the dumps on this machine" },
};

/* Of kdump-utils' kdumpctl, refused by name. */
static const char *const later[] = {
	"estimate",  "get-default-crashkernel", "reset-crashkernel",
	"propagate", "setup-crypttab",		"test",
};

static void help(FILE *out)
{
	(void)fputs("Usage: kdumpctl [OPTION]... COMMAND\n\nCommands:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		(void)fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	(void)fputs("\nOptions:\n"
		    "  --json       status, list: JSON on stdout\n"
		    "  --init=PATH  pid 1 of the capture image (" KD_CAPTURE_INIT ")\n"
		    "  --help       show this\n"
		    "  --version    show the version\n",
		    out);
}

static int run(struct kd_ctl *ctl, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (ctl->json && !commands[i].json) {
			kd_log(&ctl->log, KD_LOG_ERROR, "%s has no --json", name);
			return EXIT_FAILURE;
		}
		return commands[i].run(ctl);
	}
	for (size_t i = 0; i < ARRAY_SIZE(later); i++)
		if (strcmp(later[i], name) == 0) {
			kd_log(&ctl->log, KD_LOG_ERROR, "%s: not supported yet", name);
			return EXIT_FAILURE;
		}
	kd_log(&ctl->log, KD_LOG_ERROR, "unknown command \"%s\"; see kdumpctl --help",
	       name);
	return EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	enum {
		JSON = 256,
		INIT,
		HELP,
		VERSION
	};
	static const struct option options[] = {
		{ "json", no_argument, NULL, JSON },
		{ "init", required_argument, NULL, INIT },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ 0 },
	};
	_cleanup_(kd_closep) int root_fd = -EBADF;
	struct kd_ctl ctl = {
		.init = KD_CAPTURE_INIT,
		.log = { .fd = STDERR_FILENO, .name = "kdump", .max = KD_LOG_INFO },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case JSON:
			ctl.json = true;
			break;
		case INIT:
			ctl.init = optarg;
			break;
		case HELP:
			help(stdout);
			return EXIT_SUCCESS;
		case VERSION:
			(void)puts("kdumpctl " KD_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_FAILURE;
		}
	}
	if (optind + 1 != argc) {
		kd_log(&ctl.log, KD_LOG_ERROR,
		       "expected one command; see kdumpctl --help");
		return EXIT_FAILURE;
	}
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		kd_log(&ctl.log, KD_LOG_ERROR, "/: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	ctl.root_fd = root_fd;
	return run(&ctl, argv[optind]);
}
