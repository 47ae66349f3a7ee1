/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network taken down before a jump: a card that goes on receiving writes into memory
 * that is the next kernel's. Called by main.c.
 */
#pragma once

/** Take down every interface that is up but loopback. 0, or -errno of the first that
 *  could not be, the others down all the same. */
int kd_kexec_ifdown(void);
