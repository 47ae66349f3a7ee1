/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of ISO C.
 */
#pragma once

int isdigit(int c);
int isspace(int c);
int isxdigit(int c);
int tolower(int c);
int toupper(int c);
