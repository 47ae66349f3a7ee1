# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# init of the system that kexec -e starts: tells the host what kernel and initrd it is.
# Behind initramfs.py's prelude.

say() {
	echo "@@ $*"
}

line=$(cat /proc/cmdline)
say "second: $line"
# a kernel's own loader may put words of its own before the line
case $line in
*'console=ttyS0 no_timer_check loglevel=4 marker="two words" last=1')
	say "check second-cmdline ok"
	;;
*) say "check second-cmdline: $line" ;;
esac
if [ "$(cat /token 2>/dev/null)" = "the second initrd" ]; then
	say "check second-initrd ok"
else
	say "check second-initrd: another one"
fi
say "done"
poweroff -f
