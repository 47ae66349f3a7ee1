# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Wrong input while a good image is armed: each fault is told in one line, and the
# good image stays.  The faults come in an order that lets one boot show them all.

good_config() {
	cp /etc/kdump.conf.good /etc/kdump.conf
}

first() {
	cp /etc/kdump.conf /etc/kdump.conf.good
	arm

	echo "colour blue" >>/etc/kdump.conf
	line=$(wc -l </etc/kdump.conf)
	refused unknown-key "kdump.conf:$line.*colour" kdumpctl restart
	good_config

	sed -i "s,^$FSTYPE .*,$FSTYPE /dev/nosuchdisk," /etc/kdump.conf
	refused missing-target nosuchdisk kdumpctl restart
	good_config

	sed -i "s/^core_collector .*/core_collector makedumpfile --no-such/" \
		/etc/kdump.conf
	refused bad-collector no-such kdumpctl restart
	good_config

	image=$(ls /boot/vmlinuz-* /lib/modules/*/vmlinuz 2>/dev/null | head -n 1)
	mv "$image" /tmp/vmlinuz
	dd if=/dev/urandom of="$image" bs=64k count=4 2>/dev/null
	refused not-a-kernel vmlinuz kdumpctl restart
	head -c 65536 /tmp/vmlinuz >"$image"
	refused cut-kernel vmlinuz kdumpctl restart
	mv /tmp/vmlinuz "$image"

	fallocate -l $(($(stat -f -c "%f * %S" /target) - 65536)) /target/fill
	# room may be made before the crash
	report restart kdumpctl restart
	case $?$(cat /tmp/report) in
	0*"is full: 0 MB free"*) say "check full-disk ok" ;;
	*) say "check full-disk not told, or not armed" ;;
	esac
	rm /target/fill

	# so may /var: the image is kept elsewhere then, and what it lacks is told once
	mount -o bind /dev/null /sys/kernel/btf/vmlinux
	dd if=/dev/zero of=/persist/fill bs=64k 2>/dev/null
	report restart kdumpctl rebuild
	case $?$(loaded)$(grep -c "layout: BTF" /tmp/report)$(cat /tmp/report) in
	011*"the image is kept in /run/kdumpd, in memory"*) say "check full-var ok" ;;
	*) say "check full-var not armed, not told, or told twice" ;;
	esac
	rm /persist/fill
	umount /sys/kernel/btf/vmlinux

	report restart kdumpctl restart
	say "armed $(loaded)"

	# cannot be taken back, hence last
	echo 1 >/proc/sys/kernel/kexec_load_disabled
	refused load-disabled "kexec_load_disabled" kdumpctl restart
	say "done"
}
