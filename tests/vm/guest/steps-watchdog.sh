# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# A machine whose watchdog nobody drives: the status names the module, says when it is
# blacklisted, loads nothing, and is silent once it is driven.

# NAME TEXT: the status has it
says() {
	kdumpctl status >/tmp/report 2>&1
	if grep -q -e "$2" /tmp/report; then
		say "check $1 ok"
	else
		say "check $1 $(grep watchdog /tmp/report)"
	fi
}

first() {
	arm
	says watchdog-named "modprobe i6300esb"
	mkdir -p /etc/modprobe.d
	echo "blacklist i6300esb" >/etc/modprobe.d/test.conf
	says watchdog-blacklisted "modprobe.d has i6300esb in its blacklist"
	if [ -e /sys/module/i6300esb ]; then
		say "check watchdog-not-loaded it is"
	else
		say "check watchdog-not-loaded ok"
	fi
	rm /etc/modprobe.d/test.conf
	modprobe i6300esb
	kdumpctl status >/tmp/report 2>&1
	if grep -q "has no watchdog" /tmp/report; then
		say "check watchdog-driven $(grep watchdog /tmp/report)"
	else
		say "check watchdog-driven ok"
	fi
	say "done"
}
