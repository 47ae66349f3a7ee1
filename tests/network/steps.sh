# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A machine with a network: bring it up as an administrator would ($NETWORK), arm, let the
# host spoil something, panic.  Boot 2 hands over what is on the local disk.

network() {
	eval "$NETWORK"
	# addresses of IPv6 are tentative at first
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ip addr | grep -q tentative || break
		sleep 1
	done
	ip addr >/tmp/addresses
	sed "s/^/@@ address: /" /tmp/addresses
}

first() {
	network
	arm
	say "image $(stat -c %s /var/lib/kdumpd/image-*.img)"
	[ "$(loaded)" = 1 ] || return
	say "ready"
	sleep 4
	echo c >/proc/sysrq-trigger
}

second() {
	hand_over
}
