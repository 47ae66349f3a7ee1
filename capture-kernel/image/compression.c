/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the target kernel can unpack, read off its configuration: the file
 * distributions install, else the copy a kernel may carry in itself, which only the
 * running one shows. Trusts nothing about these texts. Called by kdumpd through image.h.
 */
#include <string.h>

#include "base/io.h"
#include "base/parse.h"
#include "capture-kernel/image/compress.h"
#include "capture-kernel/image/image.h"
#include "capture-kernel/image/root.h"

#define CONFIG_MAX (4U << 20) /* bytes; 7.x configurations have about 300 KB */

static bool line_is(const struct kd_lines *it, const char *text)
{
	return it->length == strlen(text) && memcmp(it->line, text, it->length) == 0;
}

/* CONFIG_RD_*: usr/Kconfig. */
static enum kd_image_compression best_of(const char *text, size_t size)
{
	struct kd_lines it = { .rest = text, .left = size };
	bool gzip = false;

	while (kd_lines_next(&it)) {
		if (line_is(&it, "CONFIG_RD_ZSTD=y"))
			return KD_IMAGE_ZSTD;
		gzip = gzip || line_is(&it, "CONFIG_RD_GZIP=y");
	}
	return gzip ? KD_IMAGE_GZIP : KD_IMAGE_NONE;
}

static int read_embedded(int root_fd, const char *release, char **ret, size_t *ret_size)
{
	_cleanup_(kd_freep) char *text = NULL;
	char running[128];
	size_t size;
	int r;

	r = kd_read_line_at(root_fd, "proc/sys/kernel/osrelease", running,
			    sizeof(running), NULL);
	if (r < 0)
		return r;
	if (strcmp(running, release) != 0)
		return -ENOENT;
	r = kd_read_file_at(root_fd, "proc/config.gz", CONFIG_MAX, &text, &size, NULL);
	if (r < 0)
		return r;
	r = kd_unpack(&text, &size, CONFIG_MAX, NULL);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(text);
	*ret_size = size;
	return 0;
}

enum kd_image_compression kd_image_compression_for(int root_fd, const char *release)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "/lib/modules/", "/config" },
		{ "/usr/lib/modules/", "/config" },
		{ "/boot/config-", "" },
	};
	_cleanup_(kd_freep) char *text = NULL;
	char path[256];
	size_t size = 0;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int n = snprintf(path, sizeof(path), "%s%s%s", places[i].before, release,
				 places[i].after);

		if (n < 0 || (size_t)n >= sizeof(path))
			continue;
		if (kd_root_read(root_fd, path, CONFIG_MAX, &text, &size, NULL) == 0)
			return best_of(text, size);
	}
	if (read_embedded(root_fd, release, &text, &size) < 0)
		return KD_IMAGE_NONE;
	return best_of(text, size);
}
