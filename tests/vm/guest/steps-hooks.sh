# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Hooks are scripts, so that the image has to bring their shell along. What they saw they
# write beside the dumps.

first() {
	hook /usr/local/sbin/pre 'echo pre >>/run/said'
	hook /etc/kdump/pre.d/10-first 'echo pre.d >>/run/said; exit 9'
	hook /usr/local/sbin/post 'read -r word </run/said
echo "$word, post $1, ${KDUMP_DUMP_DIR##*/}" >"$KDUMP_DUMP_DIR/../../said"'
	printf 'kdump_pre /usr/local/sbin/pre\nkdump_post /usr/local/sbin/post\n' \
		>>/etc/kdump.conf
	arm
	[ "$(loaded)" = 1 ] || return
	panic
}

second() {
	review
	read -r said </target/var/said
	case $said in
	"pre.d, post 0, 127.0.0.1-"*) say "check hooks-ran ok" ;;
	*) say "check hooks-ran $said" ;;
	esac
	grep -q "hook /etc/kdump/pre.d/10-first ended with status 9" \
		/target/var/crash/*/outcome.json && say "check hook-noted ok" ||
		say "check hook-noted no such note"
	hand_over
}
