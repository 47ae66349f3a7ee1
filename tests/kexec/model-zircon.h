/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zx_system_mexec() and zx_system_mexec_payload_get() as something to run: the order in
 * which Zircon decides, to the status or to the jump (zircon/kernel/lib/syscalls/system.cc
 * and what it became in 2026). No kernel was asked: the code was read.
 */
#pragma once

#include <stdbool.h>

#include "kexec/backend/zircon-calls.h"

/** Whose decisions: the seed's page wants ROOT; from 2022 on the page wants SYSTEM; the
 *  kernel of 2026 also looks at the images, and reports what used to be a panic. */
enum model_zircon_age {
	MODEL_ZIRCON_SEED,
	MODEL_ZIRCON_2022,
	MODEL_ZIRCON_2026,
};

enum model_zircon_type {
	MODEL_NOTHING,
	MODEL_RESOURCE,
	MODEL_VMO,
	MODEL_EVENT, /* any other object */
};

#define MODEL_HANDLES 16

/** A handle's object; handles are positions + 1. @unreadable: without ZX_RIGHT_READ */
struct model_object {
	enum model_zircon_type type;
	uint32_t kind;
	uint64_t base;
	bool unreadable;
	uint8_t *data;
	uint64_t size;
};

/**
 * @gate:       kernel.enable-debugging-syscalls; @low_page: one below 4 GiB is free
 * @has_system, @has_root: what the program was started with; taken once
 * @contiguous: the longest run of free memory, bytes
 * @payload:    the items to hand on, a ZBI; borrowed
 * @panics:     why, once it did; @jumped: once it did, into copies of both images
 * @overrun:    jumped into an image that is no kernel
 * @tries:      payload_get calls; @mexecs: mexec calls
 */
struct model_zircon {
	enum model_zircon_age age;
	bool gate;
	bool low_page;
	bool has_system;
	bool has_root;
	uint64_t contiguous;
	const uint8_t *payload;
	size_t payload_size;

	struct model_object objects[MODEL_HANDLES];
	const char *panics;
	bool jumped;
	bool overrun;
	struct model_object kernel;
	struct model_object data;
	unsigned int tries;
	unsigned int mexecs;
};

void model_zircon_done(struct model_zircon *m);

/** A handle to a new object; the caller fills the rest in through @objects. 0: no room. */
kd_zx_handle_t model_zircon_handle(struct model_zircon *m, enum model_zircon_type type);

/** Handles that are open. */
unsigned int model_zircon_open(const struct model_zircon *m);

/** The two system calls. A panic and a jump come back as ZX_ERR_INTERNAL. */
kd_zx_status_t model_zircon_mexec(struct model_zircon *m, kd_zx_handle_t resource,
				  kd_zx_handle_t kernel, kd_zx_handle_t data);
kd_zx_status_t model_zircon_payload_get(struct model_zircon *m, kd_zx_handle_t resource,
					void *buf, size_t size);

/** The table for a backend. */
struct kd_zircon model_zircon_calls(struct model_zircon *m);

/** "IO_DATA_INTEGRITY": the status's name without ZX_ERR_; "OK". */
const char *model_zircon_status_name(kd_zx_status_t status);
