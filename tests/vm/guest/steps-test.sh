# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# kdumpctl test: refused while nothing is armed, nothing after a no, a crash after a yes.

# holds NAME COMMAND...
holds() {
	name=$1
	shift
	if "$@"; then say "check $name ok"; else say "check $name: does not hold"; fi
}

refused_unarmed() {
	! kdumpctl test --force 2>/tmp/err &&
		grep -q "Kdump needs be operational before test" /tmp/err
}

said_no() {
	echo n | kdumpctl test >/tmp/out && grep -q "DANGER" /tmp/out &&
		[ "$(loaded)" = 1 ]
}

first() {
	holds test-unarmed refused_unarmed
	arm
	[ "$(loaded)" = 1 ] || return
	holds test-no said_no
	sh -c 'echo selfdestruct >/proc/$$/comm; sleep 1000; true' &
	report test kdumpctl test --force </dev/null
}

outcome_says_test() {
	grep -h '"test": *true' /target/var/crash/*/outcome.json >/dev/null
}

second() {
	holds test-outcome outcome_says_test
	review
	hand_over
}
