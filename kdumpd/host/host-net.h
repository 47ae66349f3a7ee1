/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets on other machines, as this one reaches them: names resolved, the kernel asked
 * for the way, an NFS export's mount looked at. Through one table of functions, so that a
 * test has a network of its own. Called by the arm path.
 */
#pragma once

#include "kdumpd/host/host.h"
#include "kdumpd/host/lease6.h"
#include "kdumpd/host/net-decide.h"

#define KD_NET_ADDRESSES 8 /* of one host that are tried */

/**
 * The door to the network.
 *
 * @resolve: addresses of a host, *n of them; name or number
 * @route:   the way the kernel takes to an address
 * @view:    all interfaces and addresses
 * @leased:  who this machine is to the DHCPv6 server that leased it an address of an
 *           interface; 0 or -ENODATA
 */
struct kd_net_reader {
	int (*resolve)(const char *host, struct kd_net_address ret[KD_NET_ADDRESSES],
		       size_t *ret_n, struct kd_error *err);
	int (*route)(const struct kd_net_address *server, struct kd_net_route *ret,
		     struct kd_error *err);
	int (*view)(struct kd_net_view *ret, struct kd_error *err);
	int (*leased)(uint32_t index, const struct kd_net_address *own,
		      struct kd_lease6 *ret);
};

/** The real one: getaddrinfo(3), rtnetlink, files of DHCP clients. */
extern const struct kd_net_reader kd_net_kernel_reader;

/** Whether targets of that type lie on other machines. */
bool kd_net_is_remote(enum kd_target_type type);

/**
 * Find out how @target is reached, and how an export is to be mounted: as it is now, where
 * it is.
 *
 * @facts:  interfaces are added
 * @target: its way, and options of an export, are set
 * Errors, each with one sentence: the host has no address, there is no way to it, those of
 * kd_net_decide(), -ENOTSUP for an export that is mounted with Kerberos.
 */
int kd_net_find(int root_fd, const struct kd_net_reader *reader,
		struct kd_target_facts *target, struct kd_net_facts *facts,
		struct kd_error *err);

/**
 * The way to a host by name or address: the first of its addresses to which there is one
 * that can be gone again.
 *
 * @wish:  who; @family: AF_UNSPEC for any address
 * @facts: interfaces are added
 * Errors as kd_net_find(); -EADDRINUSE when it is this machine.
 */
struct kd_net_wish {
	const char *host;
	int family;
};
int kd_net_find_way(const struct kd_net_reader *reader, const struct kd_net_wish *wish,
		    struct kd_net_facts *facts, struct kd_plan_way *ret,
		    struct kd_error *err);

/** The host in "host:/export", "[v6]:/export", "user@host", "user@[v6]"; pure. 0 or
 *  -EINVAL. */
int kd_net_host_of(const char *source, char *ret, size_t size);

/**
 * What of a mounted export's options matters after a crash: version as a type for the
 * plan, "nfs4.2", and the rest as far as it tells how to reach the server. Pure.
 *
 * @options: super options of /proc/self/mountinfo
 * 0; -ENOTSUP for sec= other than sys, -E2BIG.
 */
int kd_nfs_options(const char *options, char ret_type[static 32],
		   char ret_options[static KD_PLAN_STRING]);
