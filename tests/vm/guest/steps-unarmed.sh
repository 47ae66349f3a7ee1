# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A panic before anything was armed; then as steps-capture.sh.

first() {
	say "armed $(loaded)"
	panic
}

second() {
	review
	hand_over
}
