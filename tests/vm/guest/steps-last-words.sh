# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Nothing can be saved, and the firmware keeps a pstore: at the next boot the end of the dead
# kernel's log is there, as the capture kernel logged it.

first() {
	modprobe efi_pstore
	arm
	[ "$(loaded)" = 1 ] || return
	eval "$SPOIL"
	panic
}

second() {
	modprobe efi_pstore
	mount -t pstore pstore /sys/fs/pstore
	grep -q "kdumpd: | .*sysrq triggered crash" /sys/fs/pstore/* 2>/dev/null &&
		say "check pstore ok" || say "check pstore: $(ls /sys/fs/pstore)"
	review
	hand_over
}
