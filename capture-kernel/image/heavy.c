/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Heavy drivers: see heavy.h. A trailing '*' takes the rest of a name. Trusts nothing
 * about the name. Called by module-list.c.
 */
#include "capture-kernel/image/heavy.h"

#include <stddef.h>
#include <string.h>

#include "base/guard.h"

static const char *const heavy[] = {
	/* graphics: firmware and video memory */
	"amdgpu",
	"i915",
	"mgag200",
	"nouveau",
	"nvidia*",
	"radeon",
	"xe",
	/* sound, cameras */
	"snd_*",
	"uvcvideo",
	/* wireless */
	"ath1*",
	"brcm*",
	"cfg80211",
	"iwl*",
	"mac80211",
	"mt7*",
	/* RDMA: its queues are as large as those of a healthy machine */
	"ib_*",
	"irdma",
	"mlx4_ib",
	"mlx5_ib",
	"rdma_*",
	/* others that were seen to eat a reservation */
	"hyperv_drm",
	"habanalabs",
	"qat_*",
};

static bool same(char a, char b)
{
	return a == b || (a == '-' && b == '_');
}

bool kd_module_is_heavy(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(heavy); i++) {
		const char *p = heavy[i], *n = name;

		for (; *p && *p != '*' && *n && same(*n, *p); p++, n++)
			;
		if (*p == '*' || (*p == '\0' && *n == '\0'))
			return true;
	}
	return false;
}
