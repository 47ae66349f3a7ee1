/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bus of the test's own, with a polkit on it that says what the test wants: for what
 * speaks to both.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "tests/unit/fake-root.h"

struct private_bus {
	struct fake_root root;
	char address[128];
	pid_t pid;
};

/** Its address is known, nothing listens yet. */
void private_bus_init(struct private_bus *b);
void private_bus_done(struct private_bus *b);
/** Start dbus-daemon and wait until it listens; aborts the test program without one. */
void private_bus_start(struct private_bus *b);
void private_bus_stop(struct private_bus *b);

/** What polkit says. */
enum polkit_answer {
	POLKIT_ABSENT,
	POLKIT_DENIES,
	POLKIT_CHALLENGES,
	POLKIT_ALLOWS,
};

/** @asked: what it was asked last, in words; @flags: with these */
struct fake_polkit {
	enum polkit_answer answer;
	sd_bus *bus;
	char asked[128];
	unsigned int flags;
};

/** Be polkit, served by @event; aborts when that cannot be. POLKIT_ABSENT: be nobody. */
void fake_polkit_play(struct fake_polkit *p, const struct private_bus *bus,
		      sd_event *event, enum polkit_answer answer);
void fake_polkit_done(struct fake_polkit *p);
