/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kdumpctl's commands about dumps share: which dumps there are, which of them the
 * words on the command line mean, and how a time and a size read. Called by
 * kdumpctl-list.c, kdumpctl-info.c, kdumpctl-verify.c and kdumpctl-gc.c.
 */
#pragma once

#include "kdumpd/archive/places.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"

/**
 * @settings: as they are configured; NULL when they cannot be read
 * @dumps:    oldest first, those the words mean; pointing into @places
 */
struct kd_ctl_dumps {
	struct kd_settings *settings;
	struct kd_places *places;
	struct kd_found_dump *dumps;
	size_t n;
};

/**
 * Read all dumps and keep those the command's words mean: all of them without words.
 * Folders that cannot be looked at are told on the log.
 *
 * @ret: kd_ctl_dumps_done()
 * Errors: -ENOENT when there are words and no dump fits them; those of the configuration.
 */
int kd_ctl_dumps_read(const struct kd_ctl *ctl, struct kd_ctl_dumps *ret,
		      struct kd_error *err);
void kd_ctl_dumps_done(struct kd_ctl_dumps *dumps);

/** Whether @word means that dump: its name or a part of it, its path, its state, host or
 *  release. Pure. */
bool kd_ctl_dump_matches(const struct kd_found_dump *dump, const char *word);

/** "2026-03-02 10:00:00", local time; "-" for none. */
void kd_ctl_time_format(int64_t at, char *ret, size_t size);
