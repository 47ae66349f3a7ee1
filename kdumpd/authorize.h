/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may call a method: root always, others what polkit allows them. Nothing waits: bus
 * and polkit answer when they do. Trusts the bus on who the caller is. Called by bus.c.
 */
#pragma once

#include <systemd/sd-bus.h>

/**
 * The answer to kd_authorize().
 *
 * @r: 0: go ahead. -EACCES: not allowed, or nobody to ask. -ENOKEY: a password would do,
 *     but the caller did not say that it may be asked for (ALLOW_INTERACTIVE_AUTHORIZATION)
 */
typedef void (*kd_authorized)(sd_bus_message *call, const char *action, int r,
			      void *userdata);

/**
 * Find out, and call @done once, later.
 *
 * @action: polkit's name for it; must outlive the question
 * Errors: -ENOMEM and those of sending; @done is not called then.
 */
int kd_authorize(sd_bus_message *call, const char *action, kd_authorized done,
		 void *userdata);
