# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The steps most scenarios take: prepare what $PREPARE says, arm, spoil something if
# $SPOIL says so, panic; look.

first() {
	eval "$PREPARE"
	arm
	[ "$(loaded)" = 1 ] || return
	eval "$SPOIL"
	panic
}

second() {
	review
	hand_over
}
