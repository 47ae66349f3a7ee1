/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd: the service that keeps a capture kernel armed; see kdumpd(8). Parses its few
 * options and hands over to manager.c.
 */
#include <getopt.h>
#include <string.h>

#include "kdumpd/manager.h"
#include "kdumpd/version.h"

static void help(FILE *out)
{
	(void)fputs("Usage: kdumpd [OPTION]...\n"
		    "Keep a capture kernel armed for the next panic.\n"
		    "\n"
		    "  --once         arm once and exit; needs no service manager\n"
		    "  --init=PATH    pid 1 of the capture image (" KD_CAPTURE_INIT ")\n"
		    "  --help         show this\n"
		    "  --version      show the version\n"
		    "\n"
		    "kdumpctl(8) speaks to people; kdump.conf(5) is the configuration.\n",
		    out);
}

int main(int argc, char *argv[])
{
	enum {
		ONCE = 256,
		INIT,
		HELP,
		VERSION
	};
	static const struct option options[] = {
		{ "once", no_argument, NULL, ONCE },
		{ "init", required_argument, NULL, INIT },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ 0 },
	};
	const struct kd_log log = {
		.fd = STDERR_FILENO,
		.name = "kdump",
		.max = KD_LOG_INFO,
		.journal = getenv("JOURNAL_STREAM") != NULL,
	};
	const char *init = KD_CAPTURE_INIT;
	bool once = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case ONCE:
			once = true;
			break;
		case INIT:
			init = optarg;
			break;
		case HELP:
			help(stdout);
			return EXIT_SUCCESS;
		case VERSION:
			(void)puts("kdumpd " KD_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_FAILURE;
		}
	}
	if (optind < argc) {
		kd_log(&log, KD_LOG_ERROR,
		       "unexpected argument \"%s\"; see kdumpd --help", argv[optind]);
		return EXIT_FAILURE;
	}
	return once ? kd_manager_arm_once(init, &log) : kd_manager_run(init, &log);
}
