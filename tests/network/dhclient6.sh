#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What dhclient runs: a leased address of IPv6 is of no network.

case $reason in
BOUND6 | RENEW6 | REBIND6)
	/sbin/ip addr replace "$new_ip6_address/128" dev "$interface" \
		valid_lft "$new_max_life" preferred_lft "$new_preferred_life"
	;;
esac
