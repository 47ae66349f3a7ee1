/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between libdwarf before and since 0.2, behind one name: meson picks
 * dwarf-library-1.c or dwarf-library-2.c. Private to dwarf-reader.c.
 */
#pragma once

#include <libdwarf.h>

/** Returns DW_DLV_OK, DW_DLV_NO_ENTRY or DW_DLV_ERROR. @fd: borrowed. */
int kd_libdwarf_open(int fd, Dwarf_Debug *ret);
void kd_libdwarf_close(Dwarf_Debug debug);
