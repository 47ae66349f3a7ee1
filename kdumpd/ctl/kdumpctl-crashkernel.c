/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl get-default-crashkernel and reset-crashkernel: what to reserve, and writing it
 * where the next boot finds it. Sentences are those of kdump-utils where it has them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/io.h"
#include "base/params.h"
#include "kdumpd/boot/boot-change.h"
#include "kdumpd/boot/crashkernel.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/host.h"
#include "kdumpd/tool.h"

#define VALUE_MAX 1024
#define MOST	  3 /* ,high ,low ,cma */
#define PAGE_64K  65536

static bool exists(const struct kd_ctl *ctl, const char *path)
{
	return faccessat(ctl->root_fd, path, F_OK, 0) >= 0;
}

static bool has_smmu(const struct kd_ctl *ctl)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	struct dirent *e;

	if (kd_opendir_at(ctl->root_fd, "sys/devices/platform", &dir) < 0)
		return false;
	while ((e = readdir(dir)))
		if (strncmp(e->d_name, "arm-smmu-", 9) == 0)
			return true;
	return false;
}

static bool is_encrypted(const struct kd_ctl *ctl)
{
	char cmdline[KD_CMDLINE_SIZE];
	const char *word = cmdline;
	size_t n;

	if (kd_read_line_at(ctl->root_fd, "proc/cmdline", cmdline, sizeof(cmdline),
			    NULL) < 0)
		return false;
	for (; (n = kd_params_next(&word)) > 0; word += n)
		if (n == 14 && memcmp(word, "mem_encrypt=on", n) == 0)
			return true;
	return false;
}

static int find_default(const struct kd_ctl *ctl, struct kd_strbuf *to,
			struct kd_error *err)
{
	struct kd_crashkernel_machine machine;
	struct kd_crashkernel ck;
	struct utsname name;
	int r;

	if (uname(&name) < 0)
		return kd_fail(err, -errno, "uname");
	machine = (struct kd_crashkernel_machine) {
		.machine = name.machine,
		.pages_64k = sysconf(_SC_PAGESIZE) == PAGE_64K,
		.encrypted = is_encrypted(ctl),
		.mlx5 = exists(ctl, "sys/bus/pci/drivers/mlx5_core"),
		.smmu = has_smmu(ctl),
	};
	r = kd_crashkernel_default(&machine, &ck, err);
	if (r < 0)
		return r;
	kd_crashkernel_format(&ck, to);
	return to->status < 0 ? kd_fail(err, to->status, "crashkernel=") : 0;
}

static int failed(const struct kd_ctl *ctl, const struct kd_error *err)
{
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err->message);
	return EXIT_FAILURE;
}

int kd_ctl_get_default_crashkernel(const struct kd_ctl *ctl)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf value;
	const char *mode = ctl->args.n_words ? ctl->args.words[0] : "kdump";
	struct kd_error err = { 0 };

	kd_strbuf_init(&value, VALUE_MAX);
	if (strcmp(mode, "kdump") != 0) {
		kd_log(&ctl->log, KD_LOG_ERROR,
		       "%s: expected kdump; there is no other way of dumping here", mode);
		return EXIT_FAILURE;
	}
	if (find_default(ctl, &value, &err) < 0)
		return failed(ctl, &err);
	(void)fputs(kd_strbuf_text(&value), stdout); /* scripts expect no newline */
	return EXIT_SUCCESS;
}

/** @values: what was asked for, NULL-terminated; @shown: in a row, for messages */
struct request {
	const char *values[MOST + 1];
	struct kd_strbuf shown;
	char release[KD_RELEASE_SIZE];
	const struct kd_boot_place *places[KD_BOOT_PLACES];
	size_t n;
};

static int choose_values(const struct kd_ctl *ctl, struct request *q,
			 struct kd_error *err)
{
	struct kd_crashkernel ck;
	int r = 0;

	if (ctl->args.n_words == 0) {
		r = find_default(ctl, &q->shown, err);
		q->values[0] = kd_strbuf_text(&q->shown);
		return r;
	}
	for (size_t i = 0; r >= 0 && i < ctl->args.n_words; i++) {
		r = kd_crashkernel_parse(ctl->args.words[i], &ck, err);
		q->values[i] = ctl->args.words[i];
		kd_strbuf_addf(&q->shown, "%s%s", i ? " crashkernel=" : "",
			       ctl->args.words[i]);
	}
	return r;
}

static int choose_release(const struct kd_ctl *ctl, struct request *q,
			  struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *s = malloc(sizeof(*s));
	struct kd_error ignored = { 0 };

	if (!s)
		return kd_fail(err, -ENOMEM, "reset-crashkernel");
	/* A broken kdump.conf is no reason to reserve no memory. */
	if (kd_settings_read(ctl->root_fd, s, &ignored) >= 0 &&
	    s->sysconfig.kernel_version[0]) {
		memcpy(q->release, s->sysconfig.kernel_version, sizeof(q->release));
		return 0;
	}
	return kd_read_line_at(ctl->root_fd, "proc/sys/kernel/osrelease", q->release,
			       sizeof(q->release), err);
}

static int choose_places(const struct kd_ctl *ctl, const struct kd_boot_places *all,
			 const struct kd_boot_change *change, struct request *q,
			 struct kd_error *err)
{
	size_t meant = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct kd_boot_place *place = &all->items[i];

		if (!kd_boot_selects(place, ctl->args.kernel, q->release))
			continue;
		meant++;
		if (!kd_boot_is_set(place, change))
			q->places[q->n++] = place;
		else if (place->kind == KD_BOOT_ENTRY)
			kd_log(&ctl->log, KD_LOG_INFO,
			       "No need to update crashkernel value for kernel=%s, grub "
			       "entry index=%u",
			       place->kernel, place->index);
		else
			kd_log(&ctl->log, KD_LOG_INFO,
			       "No need to update crashkernel value in /%s", place->path);
	}
	if (meant)
		return 0;
	if (ctl->args.kernel)
		return kd_fail_msg(err, -ENOENT,
				   "Invalid --kernel=%s, please specify a valid kernel "
				   "path, ALL or DEFAULT",
				   ctl->args.kernel);
	return kd_fail_msg(err, -ENOENT,
			   "no boot loader configuration was found for kernel %s: add "
			   "crashkernel=%s to its parameters",
			   q->release, kd_strbuf_text(&q->shown));
}

static void tell(const struct kd_ctl *ctl, const struct request *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->places[i]->kind == KD_BOOT_ENTRY)
			kd_log(&ctl->log, KD_LOG_INFO,
			       "Updated crashkernel=%s for kernel=%s, grub entry "
			       "index=%u.",
			       kd_strbuf_text(&q->shown), q->places[i]->kernel,
			       q->places[i]->index);
		else
			kd_log(&ctl->log, KD_LOG_INFO, "Updated crashkernel=%s in /%s.",
			       kd_strbuf_text(&q->shown), q->places[i]->path);
	for (size_t i = 0; i < q->n; i++)
		if (q->places[i]->secure)
			kd_log(&ctl->log, KD_LOG_WARNING,
			       "Secure Boot is on: sign /%s (sbsign) with a key that this "
			       "machine trusts, or the boot ignores it.",
			       q->places[i]->path);
	kd_log(&ctl->log, KD_LOG_WARNING,
	       "Please reboot the system for the change to take effect.");
}

static int reset(const struct kd_ctl *ctl, struct request *q, struct kd_error *err)
{
	_cleanup_(kd_boot_places_done) struct kd_boot_places all = { .items = NULL };
	const struct kd_boot_change change = { .root_fd = ctl->root_fd,
					       .name = "crashkernel",
					       .values = q->values,
					       .run = kd_tool_run };
	int r;

	if (ctl->args.options & KD_CTL_FADUMP)
		return kd_fail_msg(err, -EINVAL, "Option --fadump only valid on PPC");
	r = choose_values(ctl, q, err);
	if (r >= 0)
		r = choose_release(ctl, q, err);
	if (r >= 0)
		r = kd_boot_places_find(ctl->root_fd, &all, err);
	if (r >= 0)
		r = choose_places(ctl, &all, &change, q, err);
	if (r < 0 || q->n == 0)
		return r;
	r = kd_boot_change(&change, q->places, q->n, err);
	if (r < 0)
		return r;
	tell(ctl, q);
	return 0;
}

int kd_ctl_reset_crashkernel(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct request *q = calloc(1, sizeof(*q));
	char *const reboot[] = { (char *)"systemctl", (char *)"reboot", NULL };
	struct kd_error err = { 0 };
	int r;

	if (ctl->args.options & KD_CTL_INSTALLED)
		return kd_ctl_reset_installed(ctl);
	if (!q)
		return EXIT_FAILURE;
	kd_strbuf_init(&q->shown, VALUE_MAX);
	r = reset(ctl, q, &err);
	if (r >= 0 && q->n > 0 && ctl->args.options & KD_CTL_REBOOT)
		r = kd_tool_run(reboot, &err);
	kd_strbuf_done(&q->shown);
	return r < 0 ? failed(ctl, &err) : EXIT_SUCCESS;
}
