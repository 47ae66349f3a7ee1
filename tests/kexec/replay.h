/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hand-off replay: FreeBSD's and Zircon's last moments made on a Linux machine, so that
 * our half of the hand-off runs on a CPU although neither system does here. replay-load
 * puts a plan in memory as they would, with a stub that makes their state, and jumps.
 */
#pragma once

#include "kexec/plan/plan.h"

/** The stubs' parameters, shared with replay-freebsd.S and replay-zircon.S. */
struct replay_freebsd {
	uint64_t cr3;
	uint64_t high;	/* where the stub is mapped besides its own address */
	uint64_t stack; /* its end, in a page mapped high */
	uint64_t image; /* for r9 */
	uint64_t entry;
};

struct replay_zircon {
	uint64_t cr3;
	uint64_t kernel_from;
	uint64_t kernel_to;
	uint64_t kernel_size;
	uint64_t data_zbi;
	uint64_t entry;
};

/**
 * Page tables under construction, four levels.
 *
 * @pages: their memory, one page each, the root first; @physical: where it will lie
 */
struct replay_tables {
	uint64_t *pages;
	uint64_t physical;
	size_t n;
	size_t room;
};

/** Map [@physical, +@size) at @address, read, write and execute, supervisor only, in
 *  pieces of 2 MiB, or of 4 KiB when @small. Both aligned to such. -ENOSPC. */
int replay_map(struct replay_tables *t, uint64_t address, uint64_t physical,
	       uint64_t size, bool small);

/** Pages for stub and tables: enough for 8 GiB and 16 targets above. */
#define REPLAY_PAGES 64
#define REPLAY_SIZE  (REPLAY_PAGES * 4096ull)

/**
 * The stub's segment: code, a page for the stack, tables.
 *
 * @mem: its physical address, below 4 GiB
 * @bytes: REPLAY_SIZE of them
 */
struct replay_stub {
	uint64_t mem;
	uint8_t *bytes;
	struct replay_tables tables;
};

/** What goes to kexec_load(2). */
struct replay_list {
	struct kd_kexec_segment segments[KD_KEXEC_SEGMENTS];
	size_t n;
	uint64_t entry;
};

/** A free place of @size bytes in [@min, @max), apart from what @list has; from the top. */
int replay_place(const struct kd_kexec_host *host, const struct replay_list *list,
		 uint64_t size, uint64_t min, uint64_t max, uint64_t *ret);

/** Make @stub and its state for @list, which holds the plan, and add it; @entry of @list
 *  becomes the stub's. Negative errno. */
int replay_as_freebsd(const struct kd_kexec_host *host, struct replay_stub *stub,
		      struct replay_list *list);

/** The same for a kernel ZBI, @kernel, and a data ZBI, whose bytes @list may borrow. */
int replay_as_zircon(const struct kd_kexec_host *host, struct replay_stub *stub,
		     struct kd_bytes kernel, struct kd_bytes data,
		     struct replay_list *list);
