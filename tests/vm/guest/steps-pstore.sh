# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A panic before anything was armed, on a machine that keeps the last messages in memory
# (ramoops): at the next boot they are there.

remember() {
	mount -t pstore pstore /sys/fs/pstore
	modprobe ramoops mem_address=0x60000000 mem_size=0x100000 record_size=0x20000
}

first() {
	remember
	say "armed $(loaded)"
	panic
}

second() {
	remember
	grep -q "sysrq triggered crash" /sys/fs/pstore/* 2>/dev/null &&
		say "check pstore ok" || say "check pstore: $(ls /sys/fs/pstore)"
	review
	hand_over
}
