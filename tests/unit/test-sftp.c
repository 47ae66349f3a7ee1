/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/sftp/ and place-sftp.c against OpenSSH's own server, started where ssh
 * would be, and packets against a server that lies.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/place-sftp.h"
#include "capture-kernel/sftp/sftp-file.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/in-child.h"
#include "tests/unit/test.h"

#define SERVER "#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n"

/** A login by way of a program that stands for ssh, and its place in the test's folder,
 *  NULL when there was none. */
struct session {
	struct kd_place *server, *place;
};

static void log_out(struct session *s)
{
	kd_place_free(s->place);
	kd_place_free(s->server);
}

static void log_in(struct test *t, const struct fake_root *root, const char *script,
		   struct session *ret, struct kd_error *err)
{
	char program[sizeof(root->path) + 8];
	const struct kd_ssh_login login = { .program = program,
					    .user = "kdump",
					    .host = "backup",
					    .address = "192.0.2.1",
					    .folder = "/kdump/ssh" };

	*ret = (struct session) { NULL, NULL };
	fake_text(root, "ssh", script);
	CHECK_INT(t, fchmodat(root->fd, "ssh", 0755, 0), 0);
	(void)snprintf(program, sizeof(program), "%s/ssh", root->path);
	if (kd_place_sftp_new(&login, &ret->server, err) >= 0)
		CHECK_INT(t,
			  ret->server->ops->enter(ret->server, root->path, false,
						  &ret->place, err),
			  0);
}

static void saved(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	_cleanup_(log_out) struct session session = { NULL, NULL };
	_cleanup_(kd_place_freep) struct kd_place *dir = NULL;
	struct kd_place *p;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL, *second = NULL;
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	size_t size = (5 << 20) + 12345;
	_cleanup_(kd_freep) char *data = malloc(size), *back = malloc(size);
	struct stat st;

	log_in(t, &root, SERVER, &session, &err);
	p = session.place;
	CHECK_STR(t, err.message, "");
	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * 2654435761u >> 13);
	CHECK_INT(t, p->ops->enter(p, "var/crash", true, &dir, &err), 0);
	CHECK_INT(t, dir->ops->make(dir, "one", &err), 0);
	CHECK_INT(t, dir->ops->make(dir, "one", NULL), -EEXIST);
	CHECK_INT(t, fstatat(root.fd, "var/crash/one", &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0700);

	CHECK_INT(t, dir->ops->write(dir, "part", &sink, &err), 0);
	CHECK_INT(t, dir->ops->write(dir, "part", &second, NULL), -EEXIST);
	CHECK_INT(t, sink->ops->write(sink, 1000, data + 1000, size - 1000), 0);
	CHECK_INT(t, sink->ops->write(sink, 0, data, 1000), 0);
	CHECK_INT(t, sink->ops->rewrite(sink, 10, "0123456789", 10), 0);
	memcpy(data + 10, "0123456789", 10);
	CHECK_INT(t, sink->ops->read(sink, 5, back, 20), 0);
	CHECK_INT(t, memcmp(back, data + 5, 20), 0);
	CHECK_INT(t, kd_sink_finish(sink), 0);
	CHECK_INT(t, fstatat(root.fd, "var/crash/part", &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0600);
	CHECK_INT(t, st.st_size, size);

	CHECK_INT(t, dir->ops->read(dir, "part", true, &view, &err), 0);
	CHECK_INT(t, view->size, size);
	CHECK_INT(t, kd_file_view_read(view, back, size, 0), size);
	CHECK_INT(t, memcmp(back, data, size), 0);
	CHECK_INT(t, kd_file_view_read(view, back, 100, size - 50), 50);
	CHECK_INT(t, kd_file_view_read(view, back, 100, size), 0);

	CHECK_INT(t, dir->ops->rename(dir, "part", "whole", &err), 0);
	CHECK_INT(t, faccessat(root.fd, "var/crash/whole", F_OK, 0), 0);
	CHECK_INT(t, dir->ops->cut(dir, "whole", 5, &err), 0);
	CHECK_INT(t, fstatat(root.fd, "var/crash/whole", &st, 0), 0);
	CHECK_INT(t, st.st_size, 5);
	CHECK_STR(t, err.message, "");
}

static void replaced(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	_cleanup_(log_out) struct session session = { NULL, NULL };
	struct kd_place *p;
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	char text[8] = "";
	uint64_t bytes = 0;

	log_in(t, &root, SERVER, &session, &err);
	p = session.place;
	CHECK_INT(t, kd_place_replace(p, "outcome.json", "one", 3, &err), 0);
	CHECK_INT(t, kd_place_replace(p, "outcome.json", "two", 3, &err), 0);
	CHECK_INT(t, kd_read_line_at(root.fd, "outcome.json", text, sizeof(text), NULL),
		  0);
	CHECK_STR(t, text, "two");
	CHECK_INT(t, p->ops->read(p, "vmcore", false, &view, &err), -ENOENT);
	CHECK_STR(t, err.message, "vmcore: No such file or directory");
	CHECK_INT(t, kd_place_clear(p, "nothing", NULL), 0);
	CHECK_INT(t, p->ops->space(p, &bytes, NULL), 0);
	CHECK(t, bytes > 0);
}

/* 2 MiB and no more: what the protocol calls a failure is told as what it is. */
static void on_a_full_disk(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_error err = { 0 };
	struct session session = { NULL, NULL };
	struct kd_place *p, *dir = NULL;
	static char data[65536];
	char path[sizeof(root.path) + 8];
	int r = 0;

	CHECK_INT(t, mkdirat(root.fd, "disk", 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/disk", root.path);
	CHECK_INT(t, mount("tmpfs", path, "tmpfs", 0, "size=2m"), 0);
	log_in(t, &root, SERVER, &session, &err);
	p = session.place;
	CHECK_INT(t, p->ops->enter(p, "disk", false, &dir, &err), 0);
	CHECK_INT(t, dir->ops->write(dir, "dump", &sink, &err), 0);
	for (size_t i = 0; i < 100 && r == 0; i++)
		r = sink->ops->write(sink, i * sizeof(data), data, sizeof(data));
	if (r == 0)
		r = sink->ops->sync(sink);
	CHECK_INT(t, r, -ENOSPC);
	/* and it sticks */
	CHECK_INT(t, kd_sink_finish(sink), -ENOSPC);
	(void)umount2(path, MNT_DETACH);
}

static void full(struct test *t)
{
	test_in_child(t, CLONE_NEWNS, on_a_full_disk);
}

static void refused(struct test *t)
{
	static const struct {
		const char *script, *want;
	} table[] = {
		{ "#!/bin/sh\necho Warning >&2\necho 'Host key verification failed.' >&2\n"
		  "exit 255\n",
		  "Host key verification failed." },
		{ "#!/bin/sh\nexit 1\n", "SFTP: Transport endpoint is not connected" },
		/* it reads, so that it cannot be gone before it was spoken to */
		{ "#!/bin/sh\necho 'Welcome, but no SFTP here'\ncat >/dev/null\n",
		  "SFTP: Bad message" },
		{ "#!/nonexistent\n", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(log_out) struct session session = { NULL, NULL };
		struct kd_error err = { 0 };

		log_in(t, &root, table[i].script, &session, &err);
		CHECK(t, session.server == NULL);
		if (table[i].want)
			CHECK_STR(t, err.message, table[i].want);
		CHECK(t, err.code < 0);
	}
}

/* The server goes away in the middle: what was sent is not called saved. */
static void cut_off(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	char script[sizeof(root.path) + 64];
	static char data[1 << 20];
	_cleanup_(log_out) struct session session = { NULL, NULL };
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_place *p;
	uint64_t pid = 0;
	int r = 0;

	(void)snprintf(script, sizeof(script),
		       "#!/bin/sh\necho $$ >%s/pid\nexec /usr/lib/openssh/sftp-server\n",
		       root.path);
	log_in(t, &root, script, &session, &err);
	p = session.place;
	CHECK_INT(t, p->ops->write(p, "part", &sink, &err), 0);
	CHECK_INT(t, sink->ops->write(sink, 0, data, sizeof(data)), 0);
	CHECK_INT(t, kd_read_u64_at(root.fd, "pid", &pid, NULL), 0);
	CHECK_INT(t, kill((pid_t)pid, SIGKILL), 0);
	for (size_t i = 1; i < 8 && r == 0; i++)
		r = sink->ops->write(sink, i * sizeof(data), data, sizeof(data));
	if (r == 0)
		r = kd_sink_finish(sink);
	CHECK_INT(t, r, -ENOTCONN);
	CHECK_INT(t, p->ops->rename(p, "part", "whole", &err), -ENOTCONN);
	CHECK_INT(t, faccessat(root.fd, "whole", F_OK, 0), -1);
}

/* What each argument is there for: none may be lost. */
static void arguments(struct test *t)
{
	static const char *const want[] = {
		"BatchMode=yes",
		"StrictHostKeyChecking=yes",
		"GlobalKnownHostsFile=none",
		"UserKnownHostsFile=/kdump/ssh/known_hosts",
		"IdentityFile=/kdump/ssh/key",
		"IdentitiesOnly=yes",
		"HostKeyAlias=backup",
		"ServerAliveInterval=5",
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(log_out) struct session session = { NULL, NULL };
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_error err = { 0 };
	char script[sizeof(root.path) + 64];

	(void)snprintf(script, sizeof(script),
		       "#!/bin/sh\nprintf '%%s\\n' \"$@\" >%s/args\n", root.path);
	log_in(t, &root, script, &session, &err);
	CHECK(t, session.server == NULL);
	CHECK_INT(t, kd_read_file_at(root.fd, "args", 8192, &text, NULL, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		CHECK(t, strstr(text, want[i]) != NULL);
	CHECK(t, strstr(text, "\n-p\n22\n-l\nkdump\n-s\n--\n192.0.2.1\nsftp\n") != NULL);
}

#define MANY 500

struct seen {
	size_t n, longest, ours, most;
};

static bool see(void *context, const char *name)
{
	struct seen *s = context;

	s->n++;
	s->longest = MAX(s->longest, strlen(name));
	s->ours += strncmp(name, "dump-", 5) == 0;
	return s->n != s->most;
}

/* Names of a folder come a hundred at a time: more than fits a packet of ours. */
static void listed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(log_out) struct session session = { NULL, NULL };
	_cleanup_(kd_place_freep) struct kd_place *dir = NULL;
	struct kd_error err = { 0 };
	struct seen seen = { 0 };
	uint64_t space;

	log_in(t, &root, SERVER, &session, &err);
	CHECK_INT(t, mkdirat(root.fd, "many", 0700), 0);
	for (unsigned int i = 0; i < MANY; i++) {
		char name[256];

		(void)snprintf(name, sizeof(name), "many/dump-%u-%0200u", i, i);
		fake_text(&root, name, "");
	}
	if (!session.place ||
	    session.place->ops->enter(session.place, "many", false, &dir, &err) < 0) {
		CHECK_STR(t, err.message, "");
		return;
	}
	CHECK_INT(t, dir->ops->list(dir, see, &seen, &err), 0);
	CHECK_INT(t, seen.ours, MANY);
	CHECK_INT(t, seen.n, MANY + 2);
	CHECK_INT(t, seen.longest, 209);
	seen = (struct seen) { .most = 150 };
	CHECK_INT(t, dir->ops->list(dir, see, &seen, &err), 0);
	CHECK_INT(t, seen.n, 150);
	/* the conversation goes on, and a folder that is gone does not end it */
	CHECK_INT(t, fake_run("rm -r %s/many", root.path), 0);
	CHECK_INT(t, dir->ops->list(dir, see, &seen, &err), -ENOENT);
	CHECK_INT(t, session.place->ops->space(session.place, &space, NULL), 0);
}

/* A name, what "ls -l" says, and every kind of attribute; then what lies. */
static void names(struct test *t)
{
	static const char whole[] = "\0\0\0\3abc\0\0\0\1x\x80\0\0\x0f"
				    "12345678" /* size */
				    "12345678" /* owner */
				    "1234"     /* permissions */
				    "12345678" /* times */
				    "\0\0\0\1\0\0\0\1k\0\0\0\1v";
	struct kd_sftp_in in = { (const uint8_t *)whole, sizeof(whole) - 1, false };
	char name[8], two[3];

	CHECK_INT(t, kd_sftp_read_name(&in, name, sizeof(name)), 0);
	CHECK_STR(t, name, "abc");
	CHECK_INT(t, in.left, 0);
	in = (struct kd_sftp_in) { (const uint8_t *)whole, sizeof(whole) - 1, false };
	CHECK_INT(t, kd_sftp_read_name(&in, two, sizeof(two)), 0);
	CHECK_STR(t, two, "ab");
	for (size_t size = 0; size < sizeof(whole) - 1; size++) {
		in = (struct kd_sftp_in) { (const uint8_t *)whole, size, false };
		CHECK_INT(t, kd_sftp_read_name(&in, name, sizeof(name)), -EBADMSG);
	}
}

static void packets(struct test *t)
{
	static const struct {
		const char *bytes;
		size_t size;
		int want;
	} table[] = {
		{ "\x02\x00\x00\x00\x03", 5, 0 },
		{ "\x02\x00\x00\x00\x06", 5, 0 },
		{ "\x02\x00\x00\x00\x02", 5, -EPROTONOSUPPORT },
		{ "\x65\x00\x00\x00\x03", 5, -EBADMSG },
		{ "\x02\x00\x00\x00", 4, -EBADMSG },
		{ "\x02\x00\x00\x00\x03\x00\x00\x00\x01x", 10, -EBADMSG },
		{ "\x02\x00\x00\x00\x03\xff\xff\xff\xff", 9, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_sftp_extensions e;

		CHECK_INT(t,
			  kd_sftp_read_version((const uint8_t *)table[i].bytes,
					       table[i].size, &e),
			  table[i].want);
	}
}

static const struct test_case cases[] = {
	{ "written, read back, renamed, cut", saved },
	{ "replaced", replaced },
	{ "a full disk", full },
	{ "a login that is refused, in ssh's words", refused },
	{ "a conversation that is cut off", cut_off },
	{ "ssh's arguments", arguments },
	{ "a folder is listed", listed },
	{ "names", names },
	{ "the server's greeting", packets },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
