/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces of the plan, brought up from the hardware upwards: NICs found by their own
 * address, whatever name they got, VLANs and bonds made on them. Called by network.c.
 */
#pragma once

#include "capture-kernel/net/wire.h"
#include "capture-kernel/shared.h"

#define KD_LINKS_APPEAR_S  30 /* a NIC's driver may be slow to find it */
#define KD_LINKS_CARRIER_S 30 /* and its link to come up */

/**
 * Bring up interface @net of @plan and those it lies on.
 *
 * What is up already is left as it is, so that a second target over the same
 * interface costs nothing.
 * @ret_index: the kernel's number for it
 * Errors: -ENODEV a NIC did not appear, -ENETDOWN a link did not come up, -EINVAL a plan
 * that names no such interface, those of rtnetlink.
 */
int kd_links_up(int fd, const struct kd_plan *plan, unsigned int net,
		struct kd_shared *shared, uint32_t *ret_index, struct kd_error *err);

/** Which interfaces @net lies on, itself among them: a bit each. Pure. 0, or -EINVAL for
 *  one that lies on none, on itself or on a later one. */
int kd_links_needed(const struct kd_plan *plan, unsigned int net, uint32_t *ret);

/** The NIC with that address: its own before the one it was given, one that is no port
 *  before one that is. NULL when there is none. Pure. */
const struct kd_net_link *kd_links_find_nic(const struct kd_wire_links *list,
					    const uint8_t mac[static KD_NET_MAC]);
