/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kdumpd.service has to be given on this machine beyond what every machine gives it:
 * the network for targets on servers, device-mapper for volumes. The unit itself allows
 * neither; a drop-in does where they are needed. Trusts no configuration. Called by the
 * generator and kdumpctl.
 */
#pragma once

#include "base/strbuf.h"
#include "base/types.h"

/** Below the folder a generator is given, and where systemd has it afterwards. */
#define KD_SERVICE_DROPIN      "kdumpd.service.d/50-needs.conf"
#define KD_SERVICE_DROPIN_PATH "run/systemd/generator/" KD_SERVICE_DROPIN

/**
 * @network: a target or a node of the cluster is another machine
 * @names:   one of them is named, and names are asked for on the network
 * @home:    a target is reached by SSH, whose keys are in root's home
 * @volumes: devices are mapped ones, whose tables only CAP_SYS_ADMIN is told
 */
struct kd_service_needs {
	bool network, names, home;
	bool volumes;
};

/** Look at the configuration and at the system. What cannot be read needs nothing: the
 *  service itself says what is wrong with it. */
void kd_service_needs_find(int root_fd, struct kd_service_needs *ret);

/** Append the drop-in's text; nothing when nothing is needed. Pure. */
void kd_service_needs_write(const struct kd_service_needs *needs, struct kd_strbuf *to);
