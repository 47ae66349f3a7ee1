/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of Linux's two system calls loads, and whether the other may be tried after it.
 * Pure. Called by run-load.c and run-check.c.
 */
#pragma once

#include "kexec/host/facts.h"
#include "kexec/image/kernel.h"
#include "kexec/program/options.h"

/**
 * KD_KEXEC_BY_FILES, KD_KEXEC_BY_SEGMENTS, or KD_KEXEC_BY_EITHER: files first, segments
 * when kd_kexec_try_segments() says so.
 */
enum kd_kexec_method kd_kexec_choose(const struct kd_kexec_command *command,
				     const struct kd_kexec_facts *facts,
				     const struct kd_kernel *kernel);

/** Whether @error, of kexec_file_load(2), says that it cannot, and not that it must not. */
bool kd_kexec_try_segments(int error);
