# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The kexec command in a real kernel, by the system call that $METHOD names (-c or -s):
# asked, loaded, refused, unloaded, raced, and at last jumped with.  What comes up then
# is /second.img (guest/second.sh), which says the rest.

# What a command prints, marked; then whether its exit status was the one wanted.
check() {
	name=$1 wanted=$2
	shift 2
	"$@" >/tmp/out 2>&1
	status=$? why=
	[ $status = "$wanted" ] || why="exit status $status, not $wanted"
	sed "s/^/@@ $name: /" /tmp/out
	say "check $name ${why:-ok}"
}

# Likewise for what must hold.
holds() {
	name=$1
	shift
	if "$@"; then say "check $name ok"; else say "check $name: does not hold"; fi
}

is() {
	[ "$(cat "/sys/kernel/$1")" = "$2" ]
}

load() {
	kexec "$@" "$METHOD" "$image" --initrd=/second.img --append="$LINE"
}

# Loads in a row; the one outcome besides success is that the other one was at it for
# longer than this one waits.
load_often() {
	for _ in 1 2 3; do
		load -l
		status=$?
		[ $status = 0 ] || [ $status = 255 ] || echo "exit status $status"
	done
}

race() {
	load_often >/tmp/race1 2>&1 &
	load_often >/tmp/race2 2>&1 &
	wait
	cat /tmp/race1 /tmp/race2
	! cat /tmp/race1 /tmp/race2 | grep -v "Device or resource busy"
}

LINE='console=ttyS0 no_timer_check loglevel=4 marker="two words" last=1'

first() {
	image=$(ls /boot/vmlinuz-* /lib/modules/*/vmlinuz 2>/dev/null | head -n 1)
	head -c 65536 "$image" >/tmp/cut

	check status-none 0 kexec -S
	check status-none-reboot 0 kexec -S -l
	check exec-nothing 1 kexec -e
	check print-size 0 kexec --print-ckr-size
	holds size [ "$(tail -n 1 /tmp/out)" = $((128 << 20)) ]
	check plan 0 kexec --plan "$image" --initrd=/second.img --append="$LINE"
	holds plan-purgatory grep -q '^purgatory ' /tmp/out
	check plan-crash 0 kexec --plan=json -p "$image" --initrd=/second.img
	holds plan-elfcorehdr grep -q '"role": "elfcorehdr"' /tmp/out
	check check 0 load --check
	check check-crash 0 load --check -p
	check check-cut 1 kexec --check "$METHOD" /tmp/cut
	holds untouched is kexec_loaded 0

	check load 0 load -l
	holds loaded is kexec_loaded 1
	check status-reboot 1 kexec -S -l
	check load-again 0 load -l
	check refused 255 kexec -l "$METHOD" /tmp/cut
	holds still-loaded is kexec_loaded 1
	check unload 0 kexec -u
	holds unloaded is kexec_loaded 0
	check unload-again 0 kexec -u

	check load-crash 0 load -p
	check status-crash 1 kexec -S
	check load-crash-again 0 load -p
	check refused-crash 255 kexec -p "$METHOD" /tmp/cut
	holds still-armed is kexec_crash_loaded 1
	check unload-crash 0 kexec -u -p
	holds disarmed is kexec_crash_loaded 0

	check preserve 255 kexec -l --load-preserve-context --mem-max=0x40000000 "$image"
	holds preserve-reason grep -q CONFIG_KEXEC_JUMP /tmp/out
	check race 0 race
	holds raced is kexec_loaded 1

	check load-last 0 load -l
	sync
	kexec -e
	say "check exec: came back with $?"
	say "done"
}
