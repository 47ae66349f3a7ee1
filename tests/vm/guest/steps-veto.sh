# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# kdump_pre says that there is to be no dump; a program of pre.d that fails says nothing.

first() {
	hook /usr/local/sbin/pre 'exit 3'
	hook /etc/kdump/pre.d/10-first 'exit 9'
	printf 'kdump_pre /usr/local/sbin/pre\n' >>/etc/kdump.conf
	arm
	[ "$(loaded)" = 1 ] || return
	panic
}

second() {
	review
	hand_over
}
