/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending to the journal: see journal.h. Never waits: a journal that is stuck loses an
 * entry. Called by events.c.
 */
#include "kdumpd/report/journal.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/le.h"
#include "base/strbuf.h"

#define SOCKET_PATH "run/systemd/journal/socket"
#define ENTRY_MAX   16384

int kd_journal_open(int root_fd)
{
	_cleanup_(kd_closep) int path_fd = -EBADF, fd = -EBADF;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	path_fd = openat(root_fd, SOCKET_PATH, O_PATH | O_CLOEXEC);
	if (path_fd < 0)
		return -errno;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* The socket below the root, however long its path is. */
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d",
		       path_fd);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return TAKE_FD(fd);
}

/* "NAME=value"; a value of several lines goes by its length. */
static void add_field(struct kd_strbuf *out, const struct kd_journal_field *f)
{
	size_t n = strlen(f->value);
	uint8_t length[8];

	kd_strbuf_adds(out, f->name);
	if (!strchr(f->value, '\n')) {
		kd_strbuf_adds(out, "=");
	} else {
		kd_put_le64(length, n);
		kd_strbuf_adds(out, "\n");
		kd_strbuf_add(out, length, sizeof(length));
	}
	kd_strbuf_add(out, f->value, n);
	kd_strbuf_adds(out, "\n");
}

int kd_journal_send(int fd, const struct kd_journal_field *fields, size_t n)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	ssize_t sent;

	kd_strbuf_init(&out, ENTRY_MAX);
	for (size_t i = 0; i < n; i++)
		add_field(&out, &fields[i]);
	if (out.status < 0)
		return out.status == -EFBIG ? -EMSGSIZE : out.status;
	do
		sent = send(fd, out.data, out.length, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

bool kd_journal_is_stream(const char *stream, int fd)
{
	uint64_t device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%" SCNu64 ":%" SCNu64, &device, &inode) != 2 ||
	    fstat(fd, &st) < 0)
		return false;
	return st.st_dev == device && st.st_ino == inode;
}
