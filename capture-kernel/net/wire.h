/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few things asked of rtnetlink to set a network up: interfaces made and changed,
 * addresses, routes. Each is one request. Called by links.c and network.c, in a child.
 */
#pragma once

#include "base/net-facts.h"
#include "base/plan.h"

#define KD_WIRE_LINKS 64 /* interfaces that are looked at; more are passed over */

/** Interfaces that are there. */
struct kd_wire_links {
	size_t n;
	struct kd_net_link links[KD_WIRE_LINKS];
};

/** List the interfaces. Errors: those of rtnetlink, as with all below. */
int kd_wire_list(int fd, struct kd_wire_links *ret, struct kd_error *err);

/** Up or down. */
int kd_wire_set_up(int fd, uint32_t index, bool up, struct kd_error *err);

/** Make it a port of the bond @master. It has to be down. */
int kd_wire_enslave(int fd, uint32_t index, uint32_t master, struct kd_error *err);

/** Give it an MTU and a MAC; 0 and NULL leave what there is. It has to be down. */
int kd_wire_configure(int fd, uint32_t index, unsigned int mtu, const uint8_t *mac,
		      struct kd_error *err);

/** Make the VLAN or bond that @net describes. @lower: of a VLAN */
int kd_wire_create(int fd, const char *name, const struct kd_plan_net *net,
		   uint32_t lower, struct kd_error *err);

/** Give the interface an address, without asking first whether another has it: this
 *  machine had it until it crashed. One that is there already is fine. */
int kd_wire_add_address(int fd, uint32_t index, const struct kd_net_address *address,
			unsigned int length, struct kd_error *err);

/** The usable address of @family on the interface, other than a link-local one. 0, or
 *  -ENODATA when there is none. */
int kd_wire_find_address(int fd, uint32_t index, int family, struct kd_net_own *ret);

/** Reach @server, and no other host, by @gateway, or as a neighbour where its family is 0.
 *  One that is there is replaced. */
int kd_wire_add_route(int fd, uint32_t index, const struct kd_net_address *server,
		      const struct kd_net_address *gateway, struct kd_error *err);

/** The way the kernel would take to @server. */
int kd_wire_find_route(int fd, const struct kd_net_address *server,
		       struct kd_net_route *ret, struct kd_error *err);
