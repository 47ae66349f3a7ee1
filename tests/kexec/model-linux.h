/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An executable model of what Linux does with kexec_load(2) and kexec_file_load(2):
 * kernel/kexec.c, kernel/kexec_file.c, kernel/kexec_core.c, arch/x86. Written from them
 * and from what kernels answered, not from our validator. The old image of a crash load is
 * freed where the kernel frees it. Called by tests.
 */
#pragma once

#include "kexec/backend/linux-calls.h"
#include "kexec/host/facts.h"
#include "tests/kexec/perform.h"

/** @tag: whatever a test wants to know an image by */
struct model_image {
	bool loaded;
	bool hotplug;
	uint64_t tag;
};

/**
 * A machine, for tests to spoil.
 *
 * @features:   words as in the conformance table; "jump" for CONFIG_KEXEC_JUMP
 * @crash:      start and end (exclusive) of what is reserved; none when equal
 * @ram_pages:  totalram_pages()
 * @refuse:     errnos for the next calls, positive for none; the call is carried out as
 *              far as the old image is concerned. @n_refuse of them are left
 * @busy:       so many calls find the lock taken
 * @calls, @paused_ms: counted
 */
struct model_linux {
	const char *features;
	uint64_t crash[2];
	uint64_t ram_pages;
	enum kd_lockdown lockdown;
	bool user;
	bool disabled;
	int64_t limits[2]; /* by purpose */
	struct model_image images[2];
	uint64_t next_tag;
	unsigned int busy;
	unsigned int calls;
	unsigned int paused_ms;
};

/** 2 GiB, 256 MiB reserved near the top, a kernel with every feature but "jump". */
struct model_linux model_linux_new(void);

struct kd_linux model_linux_calls(struct model_linux *m);

/** What performs rows on it; @p->kernel.context is the model. */
void model_linux_performer(struct model_linux *m, struct performer *ret);

/** The facts such a machine shows. */
struct kd_kexec_facts model_linux_facts(const struct model_linux *m);
