# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The guest of kexec-peers: times loads, or loads for a crash and panics. init runs it
# behind initramfs.py's prelude; $ROUNDS comes before, the job is on the command line.

LINE="console=ttyS0 no_timer_check loglevel=7 earlyprintk=serial,ttyS0,115200"

option() {
	sed -n "s/.*\b$1=\([a-z]*\).*/\1/p" /proc/cmdline
}

# Centiseconds since boot.
now() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

load() {
	who=$1
	shift
	LD_LIBRARY_PATH=/$who/lib "/$who/kexec" "$@" /vmlinuz --initrd=/capture.img --append="$LINE" >/tmp/out 2>&1 ||
		echo "@@ failed $who $*: $(head -n 1 /tmp/out)"
}

# Three loads each, so that the clock's hundredths do not matter.
time_load() {
	start=$(now)
	load "$@"
	load "$@"
	load "$@"
	end=$(now)
	who=$1
	shift
	echo "@@ time $who $* $(((end - start) * 10 / 3))"
}

if [ "$(option job)" = panic ]; then
	load "$(option who)" -p -c
	sync
	echo c >/proc/sysrq-trigger
fi
round=0
while [ $round -lt "$ROUNDS" ]; do
	round=$((round + 1))
	for how in -c -s; do
		for what in -l -p; do
			time_load ours $what $how
			time_load theirs $what $how
		done
	done
done
echo "@@ done"
poweroff -f
