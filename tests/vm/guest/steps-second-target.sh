# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# As steps-capture.sh, with a second target: the disk that keeps what must outlive a
# reboot. What is found there goes to the first one, for the host to see.

first() {
	mkdir -p /persist/var/crash
	arm
	[ "$(loaded)" = 1 ] || return
	eval "$SPOIL"
	panic
}

second() {
	review
	cp -a /persist/var/crash/. /target/var/crash/
	hand_over
}
