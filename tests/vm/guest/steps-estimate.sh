# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A capture, before which kdumpctl says how much memory it should take.

first() {
	report estimate kdumpctl estimate --json
	arm
	[ "$(loaded)" = 1 ] || return
	panic
}

second() {
	review
	hand_over
}
