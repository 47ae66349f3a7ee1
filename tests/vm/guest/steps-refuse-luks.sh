# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# The target is an encrypted volume and this kernel cannot hand its key over: that is said
# when arming, with what to do instead.

first() {
	refused luks-without-key "encrypted.*CONFIG_CRASH_DM_CRYPT" kdumpctl start
	report status kdumpctl status
	say "done"
}
