/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pstore's backend: see pstore.h. Trusts the kernel's word for it, where it has that module
 * parameter.
 */
#include "base/pstore.h"

#include <string.h>

#include "base/io.h"

bool kd_pstore_backend(int root_fd, char ret[static KD_PSTORE_NAME])
{
	return kd_read_line_at(root_fd, "sys/module/pstore/parameters/backend", ret,
			       KD_PSTORE_NAME, NULL) >= 0 &&
	       ret[0] != '\0' && strcmp(ret, "(null)") != 0;
}
