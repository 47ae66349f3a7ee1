/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd: the service that keeps a capture kernel armed; see kdumpd(8). Parses its few
 * options and hands over to manager.c.
 */
#include <fcntl.h>
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
		    "  --worker=PATH  what does the work (" KD_WORKER ")\n"
		    "  --help         show this\n"
		    "  --version      show the version\n"
		    "\n"
		    "kdumpctl(8) speaks to people; kdump.conf(5) is the configuration.\n",
		    out);
}

/* Without a loop there is nothing to keep the work apart from. */
static int arm_once(const struct kd_manager_options *o)
{
	char *const argv[] = { (char *)o->worker, (char *)"--init", (char *)o->init,
			       (char *)"arm", NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	/* what the worker writes there is for the daemon; its log lines say the same */
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || execv(o->worker, argv) < 0)
		kd_log(o->log, KD_LOG_ERROR, "%s: %s", o->worker, strerror(errno));
	return EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	enum {
		ONCE = 256,
		INIT,
		WORKER,
		HELP,
		VERSION
	};
	static const struct option options[] = {
		{ "once", no_argument, NULL, ONCE },
		{ "init", required_argument, NULL, INIT },
		{ "worker", required_argument, NULL, WORKER },
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
	struct kd_manager_options manager = { .init = KD_CAPTURE_INIT,
					      .worker = KD_WORKER,
					      .log = &log };
	bool once = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case ONCE:
			once = true;
			break;
		case INIT:
			manager.init = optarg;
			break;
		case WORKER:
			manager.worker = optarg;
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
	return once ? arm_once(&manager) : kd_manager_run(&manager);
}
