/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dracut_args: options of dracut in a kdump.conf, as far as they mean something to an
 * image that dracut does not build. Pure; trusts nothing. Called by config-keys.c.
 */
#pragma once

#include "kdumpd/config/config-keys.h"

/**
 * Read the value of dracut_args.
 *
 *     --add-drivers, --force-drivers   modules that must be in the image
 *     --omit-drivers                   modules that must not
 *     --install, -I                    programs
 *     --mount "DEVICE FOLDER TYPE [OPTIONS]"   a target, as kdump-utils takes it
 *
 * Each other option is a warning that names it.
 */
void kd_config_dracut(struct kd_config_reader *reader, const char *value);
