# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Nothing can be saved: kdump_emergency runs, with a program of extra_bins.

first() {
	hook /usr/local/sbin/tool 'echo "the tool was told $1" >/dev/console'
	hook /usr/local/sbin/emergency '/usr/local/sbin/tool help'
	printf 'kdump_emergency /usr/local/sbin/emergency\nextra_bins /usr/local/sbin/tool\n' \
		>>/etc/kdump.conf
	arm
	[ "$(loaded)" = 1 ] || return
	eval "$SPOIL"
	panic
}

second() {
	review
	hand_over
}
