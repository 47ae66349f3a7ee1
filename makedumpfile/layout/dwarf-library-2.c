/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening and closing with libdwarf since 0.2. Called by
 * dwarf-reader.c; trusts it to close what it opened.
 */
#include "makedumpfile/layout/dwarf-library.h"

#include <stddef.h>

int kd_libdwarf_open(int fd, Dwarf_Debug *ret)
{
	Dwarf_Error error = NULL;
	int r;

	r = dwarf_init_b(fd, DW_GROUPNUMBER_ANY, /* errhand= */ NULL, /* errarg= */ NULL,
			 ret, &error);
	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(NULL, error);
	return r;
}

void kd_libdwarf_close(Dwarf_Debug debug)
{
	(void)dwarf_finish(debug);
}
