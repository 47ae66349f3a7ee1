# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A memory module is put into the armed machine and its second CPU brought up, then it
# panics: the kernel itself brings the header of the capture image up to date.

kilobytes() {
	sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

crash_hotplug() {
	cat /sys/devices/system/cpu/crash_hotplug /sys/devices/system/memory/crash_hotplug |
		tr -d '\n'
}

first() {
	arm
	[ "$(loaded)" = 1 ] || return
	before=$(kilobytes)
	say "plug"
	for _ in $(seq 60); do
		for state in /sys/devices/system/memory/memory*/state; do
			grep -q offline "$state" && echo online >"$state"
		done
		[ "$(kilobytes)" -gt "$before" ] && break
		sleep 1
	done
	echo 1 >/sys/devices/system/cpu/cpu1/online
	sleep 2
	if [ "$(crash_hotplug)" != 11 ]; then
		say "check crash-hotplug the kernel does not update the header"
	elif [ "$(kilobytes)" -le "$before" ]; then
		say "check crash-hotplug no memory was added"
	elif [ "$(cat /sys/devices/system/cpu/online)" != 0-1 ]; then
		say "check crash-hotplug the CPU did not come up"
	else
		say "check crash-hotplug ok"
	fi
	panic
}

second() {
	review
	hand_over
}
