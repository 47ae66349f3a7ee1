/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ssh(1) as a child: see ssh.h. Trusts it to hold the server's key against the pinned
 * ones. Its keep-alives end a conversation with a server that went away. Called by
 * place-sftp.c.
 */
#include "capture-kernel/sftp/ssh.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"

#define END_TRIES  20 /* of POLL_MS */
#define POLL_MS	   50
#define TEXT_SIZE  512
#define WORDS_SIZE 4096

/* Nothing here asks, forwards, updates or waits without a limit; ssh_config(5). */
static const char *const options[] = {
	"BatchMode=yes",
	"StrictHostKeyChecking=yes",
	"GlobalKnownHostsFile=none",
	"UpdateHostKeys=no",
	"CheckHostIP=no",
	"IdentitiesOnly=yes",
	"IdentityAgent=none",
	"PreferredAuthentications=publickey",
	"ClearAllForwardings=yes",
	"ControlPath=none",
	"Compression=no",
	"LogLevel=ERROR",
	"ConnectionAttempts=1",
	"ConnectTimeout=20",
	"ServerAliveInterval=5",
	"ServerAliveCountMax=3",
};

#define N_FIXED 32 /* words that are not pairs of "-o" and a fixed option */
#define N_ARGS	(2 * ARRAY_SIZE(options) + N_FIXED)
#define N_NAMED 3

struct words {
	const char *args[N_ARGS];
	char port[16];
	char named[N_NAMED][TEXT_SIZE];
};

static void make_words(const struct kd_ssh_login *login, struct words *w)
{
	size_t n = 0;

	(void)snprintf(w->port, sizeof(w->port), "%u", login->port ? login->port : 22);
	(void)snprintf(w->named[0], TEXT_SIZE, "UserKnownHostsFile=%s/known_hosts",
		       login->folder);
	(void)snprintf(w->named[1], TEXT_SIZE, "IdentityFile=%s/key", login->folder);
	(void)snprintf(w->named[2], TEXT_SIZE, "HostKeyAlias=%s", login->host);
	w->args[n++] = "ssh";
	w->args[n++] = "-F";
	w->args[n++] = "none";
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		w->args[n++] = "-o";
		w->args[n++] = options[i];
	}
	for (size_t i = 0; i < N_NAMED; i++) {
		w->args[n++] = "-o";
		w->args[n++] = w->named[i];
	}
	w->args[n++] = "-p";
	w->args[n++] = w->port;
	w->args[n++] = "-l";
	w->args[n++] = login->user;
	w->args[n++] = "-s";
	w->args[n++] = "--";
	w->args[n++] = login->address;
	w->args[n++] = "sftp";
	w->args[n] = NULL;
}

static void become(const char *program, struct words *w, const int fds[static 3])
{
	static const char *const environment[] = { "PATH=/usr/bin:/bin", "HOME=/", NULL };

	/* what is inherited as ignored stays so, and a broken pipe should end it */
	(void)signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			_exit(127);
	(void)execve(program, (char *const *)w->args, (char *const *)environment);
	(void)dprintf(STDERR_FILENO, "%s: %s\n", program, strerror(errno));
	_exit(127);
}

/* Behind the standard streams, so that dup2() onto them overwrites none of its own. */
static int high_pipe(int ret[2])
{
	int fds[2], high[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 3);
		(void)kd_close(fds[i]);
	}
	if (high[0] < 0 || high[1] < 0) {
		(void)kd_close(high[0]);
		(void)kd_close(high[1]);
		return -EMFILE;
	}
	memcpy(ret, high, sizeof(high));
	return 0;
}

static void close_pipes(int pipes[3][2])
{
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 2; j++)
			pipes[i][j] = kd_close(pipes[i][j]);
}

int kd_ssh_start(const struct kd_ssh_login *login, struct kd_ssh *ret, int *ret_in,
		 int *ret_out, struct kd_error *err)
{
	int pipes[3][2] = { { -EBADF, -EBADF }, { -EBADF, -EBADF }, { -EBADF, -EBADF } };
	struct words w;
	pid_t pid = -1;
	int r = 0;

	make_words(login, &w);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(pipes); i++)
		r = high_pipe(pipes[i]);
	if (r == 0) {
		pid = fork();
		r = pid < 0 ? -errno : 0;
	}
	if (r < 0) {
		close_pipes(pipes);
		return kd_fail(err, r, "starting ssh");
	}
	if (pid == 0) {
		const int fds[] = { pipes[0][0], pipes[1][1], pipes[2][1] };

		become(login->program, &w, fds);
	}
	*ret_out = TAKE_FD(pipes[0][1]);
	*ret_in = TAKE_FD(pipes[1][0]);
	*ret = (struct kd_ssh) { .pid = pid, .errors = TAKE_FD(pipes[2][0]) };
	(void)fcntl(ret->errors, F_SETFL, O_NONBLOCK);
	close_pipes(pipes);
	return 0;
}

void kd_ssh_words(const struct kd_ssh *s, char *ret, size_t size)
{
	char text[WORDS_SIZE];
	ssize_t n = read(s->errors, text, sizeof(text) - 1);
	char *line;

	ret[0] = '\0';
	if (n <= 0)
		return;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	text[n] = '\0';
	line = strrchr(text, '\n');
	(void)snprintf(ret, size, "%s", line ? line + 1 : text);
	for (char *c = ret; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
}

void kd_ssh_end(struct kd_ssh *s)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };

	s->errors = kd_close(s->errors);
	for (int i = 0; s->pid > 0 && i < END_TRIES; i++) {
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			s->pid = 0;
		else
			(void)nanosleep(&nap, NULL);
	}
	if (s->pid > 0) {
		(void)kill(s->pid, SIGKILL);
		(void)waitpid(s->pid, NULL, 0);
	}
	s->pid = 0;
}
