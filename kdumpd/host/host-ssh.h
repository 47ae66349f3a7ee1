/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What logging in takes after a crash: the program, the dedicated key, the server's keys
 * that were accepted before. All of it is looked at while somebody can still mend it.
 * Called by the arm path.
 */
#pragma once

#include "kdumpd/host/host.h"

#define KD_SSH_KEY	     "/root/.ssh/kdump_id_rsa" /* kdump-utils' own */
#define KD_SSH_PATH	     "/usr/bin/ssh"
#define KD_SSH_PINS_MAX	     65536
#define KD_SSH_PINS_IN_IMAGE "/kdump/ssh/known_hosts"

/**
 * @key:  path of the private key, "" while no target needs one
 * @pins: known_hosts of the targets, plain
 */
struct kd_ssh_facts {
	char key[KD_PLAN_STRING];
	struct kd_strbuf pins;
};

/** Nothing needed yet; kd_ssh_facts_done(). */
void kd_ssh_facts_init(struct kd_ssh_facts *facts);
void kd_ssh_facts_done(struct kd_ssh_facts *facts);

/**
 * Look at what logging in to @target takes.
 *
 * @key: of the configuration; "" for KD_SSH_KEY
 * Errors, each with one sentence and what to do: -ENOENT no ssh, no key, or no accepted key
 * of the server; -EPERM a private key that others may read; -EKEYREJECTED one with a
 * passphrase.
 */
int kd_ssh_find(int root_fd, const char *key, const struct kd_target_facts *target,
		struct kd_ssh_facts *facts, struct kd_error *err);
