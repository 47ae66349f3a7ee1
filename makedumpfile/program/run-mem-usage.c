/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --mem-usage /proc/kcore, or any core: the table of pages by kind, in the words and
 * columns that scripts read. Called by main.c.
 */
#include <inttypes.h>

#include "makedumpfile/program/look.h"
#include "makedumpfile/program/mem-usage.h"

/* Tabs and trailing blanks as the original has them. */
static void row(const char *type, uint64_t pages, const char *what)
{
	printf("%s\t%-16" PRIu64 "\t%s\n", type, pages, what);
}

static void show(const struct kd_mem_usage *u, uint32_t page_size)
{
	printf("\nTYPE\t\tPAGES\t\t\tEXCLUDABLE\tDESCRIPTION\n"
	       "----------------------------------------------------------------------\n");
	row("ZERO\t", u->zero, "yes\t\tPages filled with zero");
	row("NON_PRI_CACHE", u->cache, "yes\t\tCache pages without private flag");
	row("PRI_CACHE", u->cache_private, "yes\t\tCache pages with private flag");
	row("USER\t", u->user, "yes\t\tUser process pages");
	row("FREE\t", u->free, "yes\t\tFree pages");
	if (u->offline)
		row("OFFLINE\t", u->offline, "yes\t\tPages given back to a hypervisor");
	if (u->poisoned)
		row("HWPOISON", u->poisoned, "yes\t\tBroken memory");
	row("KERN_DATA", u->kernel, "no\t\tDumpable kernel data ");
	printf("\npage size:\t\t%-16" PRIu32 "\n", page_size);
	printf("Total pages on system:\t%-16" PRIu64 "\n", u->total);
	printf("Total size on system:\t%-16" PRIu64 " Byte\n\n", u->total * page_size);
}

int kd_run_mem_usage(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_look_done) struct kd_look look;
	struct kd_dump_request request = { .options = &p->options };
	struct kd_mem_usage usage;
	int r;

	r = kd_look_open(p, &look, err);
	if (r == -EPERM || r == -EACCES)
		return kd_fail_msg(err, r,
				   "%s: the kernel does not show its memory: root is "
				   "needed, and no lockdown=confidentiality",
				   p->options.input);
	if (r < 0)
		return r;
	request.input = &look.seen;
	r = kd_mem_usage_count(&look.know, &request, &usage, err);
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.input);
	show(&usage, look.seen.memory->page_size);
	if (usage.unreadable)
		(void)fprintf(stderr,
			      "makedumpfile: %" PRIu64 " pages could not be read\n",
			      usage.unreadable);
	return 0;
}
