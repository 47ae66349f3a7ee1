# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# kdumpctl is killed at moments spread over a whole arming, and the machine must be armed
# after each; then fifty of them run at once. With KEXEC_ARGS="-s" the kernel itself gives
# up the old image when its reading of files is interrupted: there the daemon runs, and
# makes it good. At last the machine panics, and is captured.

KILLS=30

centiseconds() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# A moment may pass where the daemon has to arm again; none where nothing was freed.
stays_armed() {
	[ "$(loaded)" = 1 ] && return
	grep -q "KEXEC_ARGS=.*-s" /etc/sysconfig/kdump || return 1
	mended=$((mended + 1))
	for _ in $(seq 300); do
		usleep 100000
		[ "$(loaded)" = 1 ] && return
	done
	return 1
}

killed() {
	begin=$(centiseconds)
	kdumpctl rebuild >/dev/null 2>&1
	whole=$(($(centiseconds) - begin))
	lost=0 mended=0
	for i in $(seq $KILLS); do
		kdumpctl rebuild >/dev/null 2>&1 &
		usleep $((whole * 10000 * i / KILLS))
		kill -KILL $! 2>/dev/null
		wait $! 2>/dev/null
		stays_armed || lost=$((lost + 1))
	done
	say "killed $KILLS times over $whole centiseconds, mended $mended" >&2
	[ $lost = 0 ] && echo ok || echo "disarmed after $lost of $KILLS kills"
}

# Each says what it was, and how it ended.
parallel() {
	mkdir /tmp/parallel
	pids=
	for i in $(seq 10); do
		for command in "status" "list --json" "reload" "showmem" "start"; do
			(
				# shellcheck disable=SC2086
				kdumpctl $command >"/tmp/parallel/$i-${command%% *}" 2>&1
				echo "exit $?" >>"/tmp/parallel/$i-${command%% *}"
			) &
			pids="$pids $!"
		done
	done
	# shellcheck disable=SC2086
	wait $pids
	cd /tmp/parallel || return
	if [ "$(grep -l "^exit 0$" * | wc -l)" != 50 ]; then
		grep -H "" $(grep -L "^exit 0$" *) | head -n 3 | tr '\n' ' '
	elif [ "$(grep -l "Kdump is operational" *-status | wc -l)" != 10 ] ||
		[ "$(grep -l "Reserved [0-9]*MB" *-showmem | wc -l)" != 10 ] ||
		[ "$(grep -l "Starting kdump: \[OK\]" *-start *-reload | wc -l)" != 20 ]; then
		echo "one answered something else"
	else
		echo ok
	fi
	cd /
}

first() {
	if grep -q "KEXEC_ARGS=.*-s" /etc/sysconfig/kdump; then
		/usr/lib/kdumpd/kdumpd >/tmp/kdumpd.log 2>&1 &
		until [ "$(loaded)" = 1 ]; do usleep 100000; done
	fi
	arm
	[ "$(loaded)" = 1 ] || return
	say "check killed $(killed)"
	report again kdumpctl start
	say "check leftover $([ -e /run/kdumpd/state.new ] && echo state.new || echo ok)"
	say "check parallel $(parallel)"
	panic
}

second() {
	review
	hand_over
}
