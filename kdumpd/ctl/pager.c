/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pager: see pager.h. less runs in its secure mode, since what it shows may come from
 * a machine that was attacked. Called by kdumpctl's commands.
 */
#include "kdumpd/ctl/pager.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/guard.h"

#define WORDS_MAX 16

/* "less -R" as words; quotes mean nothing. */
static void run(const char *command)
{
	char copy[256], *words[WORDS_MAX + 1], *rest = copy;
	size_t n = 0;

	if (strlen(command) >= sizeof(copy))
		return;
	memcpy(copy, command, strlen(command) + 1);
	while (n < WORDS_MAX && (words[n] = strsep(&rest, " \t")))
		n += words[n][0] != '\0';
	words[n] = NULL;
	if (n)
		(void)execvp(words[0], words);
}

static void child_main(int in)
{
	const char *pager = getenv("PAGER");

	if (dup2(in, STDIN_FILENO) < 0)
		_exit(EXIT_FAILURE);
	(void)setenv("LESS", "FRSXMK", /* overwrite= */ 0);
	(void)setenv("LESSSECURE", "1", 1);
	if (pager)
		run(pager);
	run("less");
	run("more");
	run("cat");
	_exit(EXIT_FAILURE);
}

void kd_pager_start(struct kd_pager *pager, int wanted)
{
	int fds[2];

	pager->pid = 0;
	if (!wanted || !isatty(STDOUT_FILENO) || pipe2(fds, O_CLOEXEC) < 0)
		return;
	(void)fflush(stdout);
	pager->pid = fork();
	if (pager->pid == 0)
		child_main(fds[0]);
	if (pager->pid < 0 || dup2(fds[1], STDOUT_FILENO) < 0)
		pager->pid = 0;
	(void)close(fds[0]);
	(void)close(fds[1]);
}

void kd_pager_done(struct kd_pager *pager)
{
	(void)fflush(stdout);
	if (pager->pid <= 0)
		return;
	(void)close(STDOUT_FILENO);
	while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
		;
	pager->pid = 0;
}

void kd_put_plain(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned char next = i + 1 < size ? (unsigned char)text[i + 1] : 0;

		/* U+0080 … U+009F */
		if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			(void)putchar('?');
			i++;
		} else {
			(void)putchar((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f
					      ? '?'
					      : c);
		}
	}
}
