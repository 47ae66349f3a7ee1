/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile -g: what a kernel would say in vmcoreinfo, out of its vmlinux. The text is
 * what -i reads, ours and the original's. Called by run-generate.c.
 */
#pragma once

#include "base/strbuf.h"
#include "makedumpfile/layout/vmlinux.h"

/**
 * Append the text to @out: link-time addresses, before KASLR moved the kernel.
 * Errors: -ENODATA without debug information or without a release, -EBADMSG, -ENOMEM,
 * the buffer's.
 */
int kd_vmcoreinfo_generate(const struct kd_vmlinux *v, struct kd_strbuf *out,
			   struct kd_error *err);
