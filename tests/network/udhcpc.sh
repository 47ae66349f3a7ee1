#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What busybox' DHCP client runs: the address has the lease's end, as with any client.

case $1 in
bound | renew)
	/sbin/ip addr replace "$ip/$mask" dev "$interface" valid_lft "$lease" preferred_lft "$lease"
	[ -z "$router" ] || /sbin/ip route replace default via "$router"
	;;
esac
