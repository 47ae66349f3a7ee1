/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers that stay out of a capture image unless a target lies on them: each takes tens of
 * megabytes of a crash kernel's memory when it starts, or time, and none helps to save a
 * dump. The one list of them; pure. Called by module-list.c for what is only optional.
 */
#pragma once

#include <stdbool.h>

/** Whether the module of that name, with '-' or '_', is one of them. */
bool kd_module_is_heavy(const char *name);
