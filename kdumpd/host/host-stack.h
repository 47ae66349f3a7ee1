/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a block device is made of, as the plan's stack lines: LVM, LUKS, multipath and
 * everything else of device-mapper by its live tables, RAID by its superblocks. At the
 * bottom stand names that hold in the capture kernel. Read through a root_fd; trusts
 * /sys. Called by the arm path.
 */
#pragma once

#include "base/strlist.h"
#include "kdumpd/host/host-dm.h"
#include "kdumpd/host/host.h"

/**
 * A volume key the capture kernel will need.
 *
 * @description: of the kernel key that has to be handed over
 * @key, @size:  the key itself where the live table shows it; 0 when only a keyring has it
 */
struct kd_stack_key {
	char description[KD_PLAN_STACK_NAME];
	uint8_t key[256];
	size_t size;
};

#define KD_STACK_KEYS 4

/**
 * The stacks of all targets; initialise to zero, kd_stack_facts_done() wipes the keys.
 *
 * @kinds:  "dm-crypt", "raid1" …: what the devices ask the kernel for, for the image
 * @bottom: numbers of the disks and partitions everything lies on
 */
struct kd_stack_facts {
	struct kd_plan_stack entries[KD_PLAN_STACK];
	size_t n;
	struct kd_strlist kinds;
	dev_t bottom[KD_PLAN_STACK * KD_PLAN_STACK_DEVICES];
	size_t n_bottom;
	struct kd_stack_key keys[KD_STACK_KEYS];
	size_t n_keys;
};

void kd_stack_facts_done(struct kd_stack_facts *facts);

/** How far the facts go, to come back to when a target turns out not to be usable. */
struct kd_stack_mark {
	size_t n, n_kinds, n_bottom, n_keys;
};

struct kd_stack_mark kd_stack_mark(const struct kd_stack_facts *facts);
void kd_stack_back_to(struct kd_stack_facts *facts, const struct kd_stack_mark *mark);

/**
 * Add what the block device @name (as sysfs knows it) is made of, or the device itself
 * to the bottom when it is a plain disk or partition.
 *
 * @ret: how the plan names it: "STACK=2"; "" for a plain disk or partition
 * Errors, each with one sentence: -ENOTSUP for what the capture kernel cannot put
 * together (arrays with a BIOS' metadata, loop devices), -E2BIG for more than a plan
 * holds, those of reading.
 */
int kd_stack_read(int root_fd, const struct kd_dm_reader *dm, const char *name,
		  struct kd_stack_facts *facts, char ret[KD_PLAN_STRING],
		  struct kd_error *err);
