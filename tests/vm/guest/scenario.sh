# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What a test's first kernel does: boot 1 (or the first $CRASHES) arms and panics, the
# next looks at what the capture left.  Sourced by init (initramfs.py); the scenario's own settings are
# in /scenario.env and its steps in /steps.sh.  Lines for the host begin with "@@".
#
# /dev/vda keeps what must outlive a reboot, /dev/vdb takes what the host is to
# read, $TARGET is the disk dumps go to.

. /scenario.env

say() {
	echo "@@ $*"
}

# Everything a command prints, marked, then its exit status.
report() {
	label=$1
	shift
	"$@" >/tmp/report 2>&1
	status=$?
	sed "s/^/@@ $label: /" /tmp/report
	say "$label exit $status"
	return $status
}

next_boot() {
	mkdir -p /persist /target
	mount -t ext4 /dev/vda /persist
	mkdir -p /persist/kdumpd /var/lib/kdumpd
	mount -o bind /persist/kdumpd /var/lib/kdumpd
	boot=$(($(cat /persist/boot 2>/dev/null || echo 0) + 1))
	echo $boot >/persist/boot
	sync
	say "boot $boot"
}

mount_target() {
	[ ! -f /storage.sh ] || {
		. /storage.sh
		mount_storage
		return
	}
	# what udev would have made
	mkdir -p /dev/disk/by-uuid /dev/disk/by-label
	ln -sf "$TARGET" "/dev/disk/by-uuid/$UUID"
	ln -sf "$TARGET" "/dev/disk/by-label/$LABEL"
	[ ! -f /persist/head ] || dd if=/persist/head of="$TARGET" bs=1M 2>/dev/null
	mount -t "$FSTYPE" "$TARGET" /target || say "target $TARGET did not mount"
}

loaded() {
	cat /sys/kernel/kexec_crash_loaded
}

arm() {
	report start kdumpctl start
	report status kdumpctl status
	say "armed $(loaded)"
}

# A fault must be told in one line (beside kdump-utils' "[FAILED]"), with an error
# status, and what was armed before must be armed after.
refused() {
	name=$1 pattern=$2 before=$(loaded)
	shift 2
	"$@" >/tmp/out 2>/tmp/err
	status=$? why=
	[ $status -ne 0 ] || why="exit status 0"
	[ "$(loaded)" = "$before" ] || why="$why, armed was $before is $(loaded)"
	grep -q -i -e "$pattern" /tmp/err || why="$why, no line matches '$pattern'"
	[ "$(grep -c -v 'Starting kdump: \[FAILED\]' /tmp/err)" = 1 ] || why="$why, not one line"
	sed "s/^/@@ $name: /" /tmp/err
	say "check $name ${why:-ok}"
}

# A script at $1 for the image to bring along.
hook() {
	mkdir -p "${1%/*}"
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod 755 "$1"
}

panic() {
	sh -c 'echo selfdestruct >/proc/$$/comm; sleep 1000; true' &
	sleep 1
	. /trigger.sh
	# whatever is to notice gets its time
	sleep 600
}

# The last boot: the capture must have left its tale, and the machine can be armed again.
review() {
	report start kdumpctl start
	report status kdumpctl status
	report list kdumpctl list
}

# The host reads folders, owners and modes from this archive on a raw disk.
hand_over() {
	[ -f /storage.sh ] || {
		umount /target
		mount -t "$FSTYPE" -o ro "$TARGET" /target
	}
	tar -c -C /target var | dd of=/dev/vdb bs=1M 2>/dev/null
	sync
	say "done"
}

next_boot
mount_target
. /steps.sh
if [ "$boot" -le "$CRASHES" ]; then
	first
elif [ "$boot" = $((CRASHES + 1)) ]; then
	second
else
	say "unexpected boot $boot"
fi
poweroff -f
