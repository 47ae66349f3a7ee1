# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The kernel was booted without crashkernel=: nothing can be armed, and that is said.

first() {
	refused no-crashkernel "crashkernel=" kdumpctl start
	report status kdumpctl status
	say "done"
}
