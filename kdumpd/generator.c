/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd-generator: gives kdumpd.service what this machine's targets need, before units
 * are loaded; see systemd.generator(7). Thin: host/service-needs.c decides. Trusts the
 * service manager's arguments. Nothing waits for it but the boot, so it never fails one.
 */
#include <fcntl.h>
#include <string.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/log.h"
#include "kdumpd/host/service-needs.h"

#define TEXT_MAX 4096

static int write_dropin(int folder_fd, const struct kd_strbuf *text, struct kd_error *err)
{
	int r = kd_mkdir_p_at(folder_fd, "kdumpd.service.d", 0755, err);

	return r < 0 ? r
		     : kd_replace_file_at(folder_fd, KD_SERVICE_DROPIN, text->data,
					  text->length, 0644, err);
}

static int generate(const char *folder, struct kd_error *err)
{
	_cleanup_(kd_closep) int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_(kd_closep) int folder_fd = -EBADF;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	struct kd_service_needs needs;

	kd_strbuf_init(&text, TEXT_MAX);
	if (root_fd < 0)
		return kd_fail(err, -errno, "/");
	kd_service_needs_find(root_fd, &needs);
	kd_service_needs_write(&needs, &text);
	if (text.length == 0)
		return text.status < 0 ? kd_fail(err, text.status, "drop-in") : 0;
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0)
		return kd_fail(err, -errno, "%s", folder);
	return write_dropin(folder_fd, &text, err);
}

int main(int argc, char *argv[])
{
	const struct kd_log log = { .fd = STDERR_FILENO,
				    .name = "kdumpd-generator",
				    .max = KD_LOG_INFO };
	struct kd_error err = { 0 };

	if (argc != 4) {
		kd_log(&log, KD_LOG_ERROR,
		       "expected three folders, as systemd gives them to generators");
		return EXIT_FAILURE;
	}
	if (generate(argv[1], &err) < 0) {
		kd_log(&log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
