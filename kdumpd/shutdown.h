/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine is going down, which SIGTERM does not say: a service that is
 * stopped disarms, a machine that shuts down can still crash. Called by manager.c.
 */
#pragma once

#include "base/types.h"

/** Ask systemd, for 5 s at most. True as well when nobody answers: what stays armed by
 *  mistake does less harm than what is not. */
bool kd_is_shutdown(void);
