/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what status judges by: see facts.h. Called by kdumpctl, the daemon and the
 * metrics.
 */
#include "kdumpd/report/facts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/config/settings.h"

#define KERNEL_CONFIG_MAX (1u << 20)
#define IMA_POLICY_MAX	  (1u << 18)

static enum kd_known read_switch(int root_fd, const char *path)
{
	uint64_t v;

	if (kd_read_u64_at(root_fd, path, &v, NULL) < 0)
		return KD_NOT_KNOWN;
	return v ? KD_KNOWN_YES : KD_KNOWN_NO;
}

/* A kernel without a detector has no such file: nothing is detected. */
static enum kd_known read_detector(int root_fd, const char *path)
{
	uint64_t v;
	int r = kd_read_u64_at(root_fd, path, &v, NULL);

	if (r == -ENOENT)
		return KD_KNOWN_NO;
	if (r < 0)
		return KD_NOT_KNOWN;
	return v ? KD_KNOWN_YES : KD_KNOWN_NO;
}

/* Which driver it would have is only asked where none is driven. */
static void read_watchdog(int root_fd, struct kd_status_facts *f)
{
	int r = kd_watchdog_find(root_fd);

	f->watchdog = r < 0 ? KD_NOT_KNOWN : r > 0 ? KD_KNOWN_YES : KD_KNOWN_NO;
	if (r == 0)
		(void)kd_watchdog_driver(root_fd, f->release, &f->watchdog_driver);
}

/* CONFIG_KEXEC_SIG_FORCE shows nowhere else; only asked where it matters. */
static bool signature_is_forced(int root_fd, const char *release)
{
	_cleanup_(kd_freep) char *text = NULL;
	char path[KD_RELEASE_SIZE + 16];
	size_t size;

	(void)snprintf(path, sizeof(path), "boot/config-%s", release);
	return kd_read_file_at(root_fd, path, KERNEL_CONFIG_MAX, &text, &size, NULL) >=
		       0 &&
	       strstr(text, "\nCONFIG_KEXEC_SIG_FORCE=y\n");
}

/* Documentation/ABI/testing/ima_policy; the file is root's. */
static void read_ima_policy(int root_fd, char *ret, size_t size)
{
	static const struct {
		const char *function, *words;
	} checks[] = {
		{ "func=KEXEC_KERNEL_CHECK", "kernel" },
		{ "func=KEXEC_INITRAMFS_CHECK", "initramfs" },
		{ "func=KEXEC_CMDLINE", "command line (measured)" },
	};
	_cleanup_(kd_freep) char *text = NULL;
	size_t length, n = 0;

	if (kd_read_file_at(root_fd, "sys/kernel/security/ima/policy", IMA_POLICY_MAX,
			    &text, &length, NULL) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(checks) && n < size; i++)
		if (strstr(text, checks[i].function))
			n += (size_t)snprintf(ret + n, size - n, "%s%s", n ? ", " : "",
					      checks[i].words);
}

static void take_target(const struct kd_target_facts *t, const struct kd_config *config,
			struct kd_status_target *ret)
{
	const char *source = t->wanted.source;

	*ret = (struct kd_status_target) {
		.local = t->wanted.type == KD_TARGET_FS,
		.mounted = t->mounted,
		.free_bytes = t->free_bytes,
	};
	(void)snprintf(ret->what, sizeof(ret->what), "%s",
		       strcmp(source, KD_TARGET_OF_PATH) == 0 ? config->path : source);
	/* Who may not look at the device cannot say that it is not there. */
	if (t->error.code < 0 && t->error.code != -EACCES && t->error.code != -EPERM)
		memcpy(ret->missing, t->error.message, sizeof(ret->missing));
}

static int read_targets(int root_fd, const struct kd_config *config,
			struct kd_status_facts *f)
{
	_cleanup_(kd_freep) struct kd_target_facts *targets = calloc(KD_PLAN_TARGETS,
								     sizeof(*targets));

	if (!targets)
		return -ENOMEM;
	kd_targets_find(root_fd, config, targets);
	f->n_targets = config->n_targets;
	for (size_t i = 0; i < config->n_targets; i++)
		take_target(&targets[i], config, &f->targets[i]);
	return 0;
}

static int read_settings(int root_fd, struct kd_status_facts *f)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	struct kd_error err = { 0 };

	if (!settings)
		return -ENOMEM;
	if (kd_settings_read(root_fd, settings, &err) < 0) {
		memcpy(f->config_error, err.message, sizeof(f->config_error));
		return 0;
	}
	memcpy(f->config_digest, settings->digest, sizeof(f->config_digest));
	return read_targets(root_fd, &settings->config, f);
}

int kd_status_facts_read(int root_fd, struct kd_status_facts *ret, struct kd_error *err)
{
	struct kd_status_facts *f = ret;
	struct kd_error why = { 0 };

	*f = (struct kd_status_facts) { .has_state = false };
	if (kd_kexec_facts_read(root_fd, &f->kexec, &why) < 0)
		memcpy(f->kexec_error, why.message, sizeof(f->kexec_error));
	(void)kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", f->boot_id,
			      sizeof(f->boot_id), NULL);
	(void)kd_read_line_at(root_fd, "proc/sys/kernel/osrelease", f->release,
			      sizeof(f->release), NULL);
	f->has_state = kd_state_read(root_fd, &f->state, NULL) >= 0;
	f->unfinished = kd_state_unfinished(root_fd);
	kd_hardware_read(root_fd, /* iomem_fd= */ -EBADF, &f->hardware);
	if (read_settings(root_fd, f) < 0)
		return kd_fail(err, -ENOMEM, "status");
	read_watchdog(root_fd, f);
	f->hard_lockups = read_detector(root_fd, "proc/sys/kernel/nmi_watchdog");
	f->lockups_panic = read_switch(root_fd, "proc/sys/kernel/hardlockup_panic");
	f->oops_panics = read_switch(root_fd, "proc/sys/kernel/panic_on_oops");
	f->forced_signature = strcmp(f->state.loaded_by, "kexec_file_load") == 0 &&
			      signature_is_forced(root_fd, f->release);
	read_ima_policy(root_fd, f->ima_policy, sizeof(f->ima_policy));
	f->has_proofs = kd_proofs_read(root_fd, &f->proofs, NULL) >= 0;
	f->has_boot = kd_boot_report_read(root_fd, &f->boot, NULL) >= 0;
	return 0;
}
