# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# As steps-capture.sh, and by which system call the image was loaded; of crashkernel=,cma
# that the ranges are in the plan's map and not in the dump's.

loaded_by() {
	kdumpctl status --json | grep -q "\"loadedBy\": \"$1\"" && echo ok ||
		kdumpctl status --json
}

# The kernel names them nowhere else; /sys/kernel/kexec/ since 6.19.
cma() {
	ranges=$(cat /sys/kernel/kexec/crash_cma_ranges 2>/dev/null)
	[ -n "$ranges" ] && echo ok || echo "no range in crash_cma_ranges"
}

first() {
	arm
	[ "$(loaded)" = 1 ] || return
	say "check by-segments $(loaded_by kexec_load)"
	say "check by-files $(loaded_by kexec_file_load)"
	say "check cma $(cma)"
	panic
}

second() {
	review
	hand_over
}
