/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging in after a crash: see host-ssh.h. No key is ever accepted here: that is done by
 * a person, with kdumpctl propagate. Trusts root's own files. Called by the arm path.
 */
#include "kdumpd/host/host-ssh.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/host/host-net.h"
#include "kdumpd/host/known-hosts.h"

#define KEY_MAX 65536

/* As root's ssh reads them. */
static const char *const known_hosts[] = {
	"/root/.ssh/known_hosts",
	"/root/.ssh/known_hosts2",
	"/etc/ssh/ssh_known_hosts",
	"/etc/ssh/ssh_known_hosts2",
};

void kd_ssh_facts_init(struct kd_ssh_facts *facts)
{
	facts->key[0] = '\0';
	kd_strbuf_init(&facts->pins, KD_SSH_PINS_MAX);
}

void kd_ssh_facts_done(struct kd_ssh_facts *facts)
{
	kd_strbuf_done(&facts->pins);
}

/* Nobody will be there to type a passphrase. PEM says it in its head; in OpenSSH's own
 * format the cipher's name follows the magic (PROTOCOL.key): in base 64, at a fixed place. */
static bool is_locked(const char *text)
{
	static const char magic[] = "b3BlbnNzaC1rZXktdjEA";
	static const char none[] = "AAAABG5vbmU";
	const char *at = strstr(text, magic);

	if (at)
		return strncmp(at + strlen(magic), none, strlen(none)) != 0;
	return strstr(text, "ENCRYPTED") != NULL;
}

static int check_key(int root_fd, const char *key, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, key, O_RDONLY | O_NONBLOCK);
	char text[KEY_MAX];
	struct stat st;
	ssize_t n;
	bool locked;

	if (fd == -ENOENT)
		return kd_fail_msg(
			err, fd,
			"sshkey %s does not exist: kdumpctl propagate makes it "
			"and takes it to the server",
			key);
	if (fd < 0 || fstat(fd, &st) < 0)
		return kd_fail(err, fd < 0 ? fd : -errno, "sshkey %s", key);
	if (st.st_mode & 077 || !S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EPERM,
				   "sshkey %s may be read by others: chmod 600 it", key);
	n = kd_read_full(fd, text, sizeof(text) - 1);
	if (n < 0)
		return kd_fail(err, (int)n, "sshkey %s", key);
	text[n] = '\0';
	locked = is_locked(text);
	explicit_bzero(text, sizeof(text));
	if (locked)
		return kd_fail_msg(err, -EKEYREJECTED,
				   "sshkey %s has a passphrase, which nobody can type "
				   "after a crash: use a key of its own without one",
				   key);
	return 0;
}

static int pin(int root_fd, const char *host, struct kd_strbuf *pins,
	       struct kd_error *err)
{
	unsigned int found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known_hosts); i++) {
		_cleanup_(kd_freep) char *text = NULL;
		unsigned int n = 0;
		size_t size;

		if (kd_read_file_at(root_fd, known_hosts[i] + 1, KD_KNOWN_HOSTS_MAX,
				    &text, &size, NULL) < 0)
			continue;
		if (kd_known_hosts_find(text, size, host, pins, &n) < 0)
			return kd_fail(err, pins->status, "%s", known_hosts[i]);
		found += n;
	}
	if (!found)
		return kd_fail_msg(err, -ENOENT,
				   "no key of host %s was ever accepted on this machine "
				   "(/root/.ssh/known_hosts): run kdumpctl propagate",
				   host);
	return 0;
}

int kd_ssh_find(int root_fd, const char *key, const struct kd_target_facts *target,
		struct kd_ssh_facts *facts, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, KD_SSH_PATH, O_PATH);
	char host[KD_PLAN_STRING];
	int r;

	if (fd < 0)
		return kd_fail_msg(err, fd,
				   KD_SSH_PATH " is missing: install the SSH client");
	if (!key[0])
		key = KD_SSH_KEY;
	r = check_key(root_fd, key, err);
	if (r < 0)
		return r;
	r = kd_net_host_of(target->wanted.source, host, sizeof(host));
	if (r < 0)
		return kd_fail_msg(err, r, "\"%s\" names no host", target->wanted.source);
	r = pin(root_fd, host, &facts->pins, err);
	if (r >= 0)
		(void)snprintf(facts->key, sizeof(facts->key), "%s", key);
	return r;
}
