/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/host-net.c, known-hosts.c and host-ssh.c: what a target's line, root's files
 * and a mounted export say.
 */
#include <net/if.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/host/host-fence.h"
#include "kdumpd/host/host-net.h"
#include "kdumpd/host/host-ssh.h"
#include "kdumpd/host/known-hosts.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void hosts(struct test *t)
{
	static const struct {
		const char *source, *want;
	} table[] = {
		{ "backup:/srv", "backup" },
		{ "192.0.2.1:/", "192.0.2.1" },
		{ "[2001:db8::1]:/srv", "2001:db8::1" },
		{ "root@backup.example.org", "backup.example.org" },
		{ "root@2001:db8::1", "2001:db8::1" },
		{ "a@b@[2001:db8::1]", "2001:db8::1" },
		{ "root@", NULL },
		{ ":/srv", NULL },
	};
	char host[64];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int r = kd_net_host_of(table[i].source, host, sizeof(host));

		CHECK_INT(t, r, table[i].want ? 0 : -EINVAL);
		if (table[i].want)
			CHECK_STR(t, host, table[i].want);
	}
}

static void nfs_options(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		const char *type, *options;
	} table[] = {
		{ "rw,vers=4.2,rsize=131072,wsize=131072,namlen=255,hard,proto=tcp,"
		  "timeo=600,retrans=2,sec=sys,clientaddr=192.0.2.5,addr=192.0.2.1",
		  0, "nfs4.2", "rsize=131072,wsize=131072,namlen=255" },
		{ "rw,vers=3,port=2049,mountport=20048,mountvers=3,mountproto=udp", 0,
		  "nfs3", "port=2049,mountport=20048,mountvers=3" },
		{ "rw", 0, "nfs", "" },
		{ "rw,vers=4.1,sec=krb5p", -ENOTSUP, "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char type[32] = "", options[KD_PLAN_STRING] = "";

		CHECK_INT(t, kd_nfs_options(table[i].text, type, options), table[i].r);
		CHECK_STR(t, type, table[i].type);
		CHECK_STR(t, options, table[i].options);
	}
}

static void names(struct test *t)
{
	static const struct {
		const char *field;
		bool want;
	} table[] = {
		{ "backup", true },
		{ "Backup", true },
		{ "other,backup", true },
		{ "192.0.2.1", false },
		{ "backup.example.org", false },
		{ "b*p", true },
		{ "*k?p", true },
		{ "b?p", false },
		{ "*", true },
		{ "*,!backup", false },
		{ "!backup,*", false },
		{ "[backup]:2222", false },
		{ "", false },
		/* ssh-keygen -H made these of "backup" and "other" */
		{ "|1|ibUbyVjm+TaZXgq4cyc/Qt+Z5lM=|bad", false },
		{ "|1|", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_known_hosts_match(table[i].field, "backup"),
			  table[i].want);
}

/* A name as OpenSSH's own program hashes it. */
static void hashed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	_cleanup_(kd_freep) char *text = NULL;
	char command[sizeof(root.path) + 64];
	unsigned int n = 0;
	size_t size = 0;

	fake_text(&root, "known_hosts", "other ssh-rsa AAAA1\nbackup ssh-rsa AAAA2\n");
	(void)snprintf(command, sizeof(command),
		       "ssh-keygen -q -H -f %s/known_hosts >/dev/null 2>&1", root.path);
	CHECK_INT(t, system(command), 0);
	CHECK_INT(t, kd_read_file_at(root.fd, "known_hosts", 4096, &text, &size, NULL),
		  0);
	CHECK(t, text && strncmp(text, "|1|", 3) == 0);
	kd_strbuf_init(&out, 4096);
	CHECK_INT(t, kd_known_hosts_find(text, size, "backup", &out, &n), 0);
	CHECK_INT(t, n, 1);
	CHECK_STR(t, kd_strbuf_text(&out), "backup ssh-rsa AAAA2\n");
}

static void pins(struct test *t)
{
	static const char text[] = "# a comment\n"
				   "backup ssh-ed25519 AAAA1 root@backup\n"
				   "other ssh-ed25519 AAAA2\n"
				   "backup ssh-rsa AAAA3\n"
				   "@revoked * ssh-rsa AAAA3\n"
				   "@cert-authority *p ssh-rsa AAAA4\n"
				   "backup\n"
				   "\n";
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	unsigned int n = 0;

	kd_strbuf_init(&out, 4096);
	CHECK_INT(t, kd_known_hosts_find(text, sizeof(text) - 1, "backup", &out, &n), 0);
	CHECK_INT(t, n, 2);
	CHECK_STR(t, kd_strbuf_text(&out),
		  "backup ssh-ed25519 AAAA1\n@cert-authority backup ssh-rsa AAAA4\n");
}

/* Each thing that is missing is told with what to do. */
static void logins(struct test *t)
{
	static const struct {
		const char *key, *known;
		mode_t mode;
		int r;
		const char *want;
	} table[] = {
		{ NULL, "", 0, -ENOENT, "kdumpctl propagate" },
		{ "key", "backup ssh-rsa AAAA1\n", 0640, -EPERM, "chmod 600" },
		{ "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
		  "backup ssh-rsa AAAA1\n", 0600, -EKEYREJECTED, "passphrase" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----\n"
		  "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI=\n",
		  "backup ssh-rsa AAAA1\n", 0600, -EKEYREJECTED, "passphrase" },
		{ "key", "other ssh-rsa AAAA1\n", 0600, -ENOENT, "kdumpctl propagate" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----\n"
		  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ==\n",
		  "backup ssh-rsa AAAA1\n", 0600, 0, "" },
	};
	const struct kd_target_facts target = { .wanted = { .type = KD_TARGET_SSH,
							    .source = "root@backup" } };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_ssh_facts_done) struct kd_ssh_facts facts;
		struct kd_error err = { 0 };

		kd_ssh_facts_init(&facts);
		fake_text(&root, "usr/bin/ssh", "");
		fake_text(&root, "root/.ssh/known_hosts", table[i].known);
		if (table[i].key) {
			fake_text(&root, "root/.ssh/kdump_id_rsa", table[i].key);
			CHECK_INT(t,
				  fchmodat(root.fd, "root/.ssh/kdump_id_rsa",
					   table[i].mode, 0),
				  0);
		}
		CHECK_INT(t, kd_ssh_find(root.fd, "", &target, &facts, &err), table[i].r);
		CHECK(t, strstr(err.message, table[i].want) != NULL);
		CHECK_STR(t, facts.key, table[i].r ? "" : KD_SSH_KEY);
	}
}

/* A network of the test's own. */
static int fake_resolve(const char *host, struct kd_net_address ret[KD_NET_ADDRESSES],
			size_t *ret_n, struct kd_error *err)
{
	*ret_n = 1;
	if (kd_net_address_parse(host, &ret[0]) >= 0)
		return 0;
	/* as Debian's /etc/hosts has it */
	if (strcmp(host, "myself") == 0)
		return kd_net_address_parse("127.0.1.1", &ret[0]);
	if (strcmp(host, "backup") != 0)
		return kd_fail_msg(err, -ENOENT, "host %s: unknown", host);
	(void)kd_net_address_parse("2001:db8::1", &ret[0]);
	(void)kd_net_address_parse("192.0.2.1", &ret[1]);
	*ret_n = 2;
	return 0;
}

static int fake_route(const struct kd_net_address *server, struct kd_net_route *ret,
		      struct kd_error *err)
{
	if (server->family == AF_INET6)
		return kd_fail_msg(err, -ENETUNREACH, "no way");
	ret->index = server->bytes[0] == 127 ? 1 : 2;
	return kd_net_address_parse("192.0.2.5", &ret->source);
}

static int fake_view(struct kd_net_view *ret, struct kd_error *err _unused_)
{
	*ret = (struct kd_net_view) { .n_links = 2, .n_own = 1 };
	ret->links[1] =
		(struct kd_net_link) { .index = 1, .name = "lo", .flags = IFF_LOOPBACK };
	ret->links[0] = (struct kd_net_link) {
		.index = 2, .name = "eth0", .mac = { 2, 0, 0, 0, 0, 1 }, .mtu = 1500
	};
	ret->own[0] = (struct kd_net_own) { .index = 2, .lasting = true };
	return kd_net_prefix_parse("192.0.2.5/24", &ret->own[0].address,
				   &ret->own[0].length);
}

static int fake_leased(uint32_t index, const struct kd_net_address *own,
		       struct kd_lease6 *ret)
{
	struct kd_net_address known;

	(void)kd_net_address_parse("2001:db8::5", &known);
	if (index != 2 || !kd_net_address_equal(own, &known))
		return -ENODATA;
	*ret = (struct kd_lease6) { .duid = "00030001", .iaid = 9 };
	return 0;
}

static const struct kd_net_reader fake_network = {
	.resolve = fake_resolve,
	.route = fake_route,
	.view = fake_view,
	.leased = fake_leased,
};

/* The same with leased addresses of IPv6, of which one is written down. */
static int leased_route(const struct kd_net_address *server, struct kd_net_route *ret,
			_unused_ struct kd_error *err)
{
	struct kd_net_address other;

	(void)kd_net_address_parse("2001:db8::2", &other);
	ret->index = 2;
	return kd_net_address_parse(kd_net_address_equal(server, &other) ? "2001:db8::6"
									 : "2001:db8::5",
				    &ret->source);
}

static int leased_view(struct kd_net_view *ret, struct kd_error *err)
{
	(void)fake_view(ret, err);
	ret->n_own = 2;
	ret->own[0].lasting = false;
	ret->own[1] = ret->own[0];
	(void)kd_net_prefix_parse("2001:db8::6/128", &ret->own[1].address,
				  &ret->own[1].length);
	return kd_net_prefix_parse("2001:db8::5/128", &ret->own[0].address,
				   &ret->own[0].length);
}

static void leases(struct test *t)
{
	static const struct kd_net_reader network = { fake_resolve, leased_route,
						      leased_view, fake_leased };
	struct kd_net_facts facts = { .n = 0 };
	struct kd_plan_way way;

	CHECK_INT(t,
		  kd_net_find_way(&network, &(struct kd_net_wish) { "2001:db8::1", 0 },
				  &facts, &way, NULL),
		  0);
	CHECK_INT(t, way.method, KD_PLAN_DHCP6);
	CHECK_STR(t, way.address, "2001:db8::5/128");
	CHECK_STR(t, way.duid, "00030001");
	CHECK_INT(t, way.iaid, 9);
	CHECK_INT(t,
		  kd_net_find_way(&network, &(struct kd_net_wish) { "2001:db8::2", 0 },
				  &facts, &way, NULL),
		  0);
	CHECK_INT(t, way.method, KD_PLAN_DHCP6);
	CHECK_STR(t, way.duid, "");
}

static void found(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_target_facts target = { .wanted = { .type = KD_TARGET_NFS,
						      .fstype = "nfs",
						      .source = "backup:/crash" } };
	struct kd_net_facts facts = { .n = 0 };
	struct kd_error err = { 0 };

	fake_text(&root, "proc/self/mountinfo",
		  "30 1 0:30 / /srv rw - nfs4 backup:/other rw,vers=4.1\n"
		  "31 1 0:31 / /mnt rw,relatime shared:5 - nfs4 backup:/crash "
		  "rw,vers=4.0,port=2050\n");
	CHECK_INT(t, kd_net_find(root.fd, &fake_network, &target, &facts, &err), 0);
	CHECK_STR(t, err.message, "");
	/* the second address: there is no way to the first */
	CHECK_STR(t, target.way.server, "192.0.2.1");
	CHECK_STR(t, target.way.address, "192.0.2.5/24");
	CHECK_STR(t, target.wanted.fstype, "nfs4.0");
	CHECK_STR(t, target.options, "port=2050");
	CHECK_INT(t, facts.n, 1);
	memcpy(target.wanted.source, "nowhere:/x", 11);
	CHECK_INT(t, kd_net_find(root.fd, &fake_network, &target, &facts, &err), -ENOENT);
	CHECK_STR(t, err.message, "host nowhere: unknown");
}

/* One node is this machine, one is unknown, one cannot be reached by the family. */
static void nodes(struct test *t)
{
	static const struct {
		const char *nodes;
		int family;
		size_t n, warnings;
		const char *warning;
	} table[] = {
		{ "", AF_UNSPEC, 0, 0, NULL },
		{ "backup 192.0.2.5 192.0.2.9", AF_UNSPEC, 2, 0, NULL },
		{ "backup 192.0.2.5 192.0.2.9", AF_INET, 2, 0, NULL },
		{ "myself 192.0.2.9", AF_UNSPEC, 1, 0, NULL },
		{ "backup", AF_INET6, 0, 1,
		  "fence_kdump_nodes: backup is not told of a dump: no way" },
		{ "192.0.2.9 nowhere", AF_UNSPEC, 1, 1,
		  "fence_kdump_nodes: nowhere is not told of a dump: host nowhere: "
		  "unknown" },
		{ "192.0.2.9", AF_INET6, 0, 1,
		  "fence_kdump_nodes: 192.0.2.9 is not told of a dump: host 192.0.2.9 has "
		  "no address of that family" },
		{ "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 "
		  "1.1.1.9 1.1.1.10 1.1.1.11 1.1.1.12 1.1.1.13 1.1.1.14 1.1.1.15 1.1.1.16 "
		  "1.1.1.17",
		  AF_UNSPEC, 16, 1,
		  "fence_kdump_nodes: 1.1.1.17 is not told of a dump: more than 16 nodes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_config config = { .fence = { .family = table[i].family,
						       .port = 7411,
						       .interval = 5,
						       .count = 9 },
					    .fence_where = { "f", 7 } };
		struct kd_net_facts net = { .n = 0 };
		struct kd_config_report report;
		struct kd_fence_facts facts;

		kd_config_report_init(&report);
		(void)snprintf(config.fence_nodes, sizeof(config.fence_nodes), "%s",
			       table[i].nodes);
		kd_fence_find(&fake_network, &config, &net, &facts, &report);
		CHECK_INT(t, facts.n, table[i].n);
		CHECK_INT(t, net.n, facts.n ? 1 : 0);
		for (size_t k = 0; k < facts.n; k++) {
			CHECK_INT(t, facts.fences[k].way.port, 7411);
			CHECK_INT(t, facts.fences[k].interval, 5);
			CHECK_INT(t, facts.fences[k].count, 9);
			CHECK_STR(t, facts.fences[k].way.address, "192.0.2.5/24");
		}
		CHECK_INT(t, report.n, table[i].warnings);
		CHECK_INT(t, report.errors, 0);
		if (!table[i].warning)
			continue;
		CHECK_STR(t, report.problems[0].text, table[i].warning);
		CHECK_INT(t, report.problems[0].line, 7);
	}
}

static const struct test_case cases[] = {
	{ "hosts of targets", hosts },	  { "options of a mounted export", nfs_options },
	{ "names of servers", names },	  { "hashed names", hashed },
	{ "keys that are pinned", pins }, { "what logging in takes", logins },
	{ "a server, an export", found }, { "leased addresses of IPv6", leases },
	{ "nodes of a cluster", nodes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
