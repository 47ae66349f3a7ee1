# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A capture whose dump this very machine's makedumpfile then verifies: the host's is of
# another machine.

first() {
	arm
	[ "$(loaded)" = 1 ] || return
	panic
}

second() {
	review
	for dump in /target/var/crash/*/vmcore; do
		case $dump in *-2020-01-01-*) continue ;; esac
		report verify /usr/lib/kdumpd/makedumpfile --verify "$dump"
		say "check verify $([ "$status" = 0 ] && echo ok || echo failed)"
	done
	hand_over
}
