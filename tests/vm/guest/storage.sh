# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Targets that the guest makes itself (storage.py): made in boot 1 with an earlier dump on
# it, brought up again in boot 2.  Sourced by scenario.sh; the texts are in /storage.env.

. /storage.env

export DM_DISABLE_UDEV=1

mount_storage() {
	[ ! -x /sbin/lvm ] || for name in pvcreate vgcreate lvcreate vgchange; do
		ln -sf /sbin/lvm /sbin/$name
	done
	mkdir -p /run/lock /run/cryptsetup /etc/lvm
	echo 'global { thin_check_executable = "" }' >/etc/lvm/lvm.conf
	if [ "$boot" = 1 ]; then
		eval "$MAKE"
	else
		eval "$OPEN"
	fi
	eval "printf '%s\n' \"$CONFIG\"" | sed '/^$/d' >/tmp/target
	cat /tmp/target /etc/kdump.conf.rest >/etc/kdump.conf
	eval "$MOUNT" || say "target $DEVICE did not mount"
	[ "$boot" != 1 ] || tar -x -f /earlier.tar -C /target
	# what udev would have made
	mkdir -p /dev/disk/by-uuid
	ln -sf "$DEVICE" "/dev/disk/by-uuid/$UUID"
	sync
}
