# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The steps most scenarios take: arm, spoil something if $SPOIL says so, panic; look.

first() {
	arm
	[ "$(loaded)" = 1 ] || return
	eval "$SPOIL"
	panic
}

second() {
	review
	hand_over
}
