/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The check of files before kexec_file_load(2) sees them. Trusts nothing in them. Private
 * to load.c.
 */
#pragma once

#include "kexec/backend/backend.h"

/** See kd_kexec_load_check(). */
int kd_load_check_files(const struct kd_kexec_facts *facts, enum kd_kexec_purpose purpose,
			const struct kd_kexec_files *files, struct kd_error *err);
