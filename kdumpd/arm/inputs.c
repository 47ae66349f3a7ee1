/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathering the inputs: see inputs.h. Cheap checks first, so that the commonest mistakes
 * are told before slower ones. Called by the arm path.
 */
#include "kdumpd/arm/inputs.h"

#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/params.h"
#include "capture-kernel/image/module-list.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/arm/cmdline.h"
#include "kdumpd/arm/key.h"
#include "kdumpd/arm/programs.h"
#include "kdumpd/arm/volume-keys.h"
#include "kdumpd/host/host-net.h"
#include "kdumpd/host/kernel-image.h"
#include "kdumpd/version.h"
#include "kexec/check/explain.h"
#include "kexec/image/kernel.h"

/* As load.c: room the kernel needs for the parameter it adds. */
#define ELFCOREHDR_LENGTH 30

#define ARM_ID_LENGTH 16

static int check_machine(const struct kd_host *host, struct kd_error *err)
{
	const char *obstacle;
	int r;

	obstacle = kd_kexec_obstacle(&host->kexec, &r);
	return obstacle ? kd_fail_msg(err, r, "%s", obstacle) : 0;
}

/* Where it usually is, or where KDUMP_BOOTDIR and KDUMP_IMG say. */
static int open_image(int root_fd, struct kd_inputs *in, const char *release,
		      struct kd_error *err)
{
	const struct kd_sysconfig *s = &in->settings.sysconfig;
	int n, fd;

	if (!s->boot_dir[0] && !s->image[0] && !s->image_suffix[0])
		return kd_kernel_image_open(root_fd, release, in->kernel_path,
					    sizeof(in->kernel_path), err);
	n = snprintf(in->kernel_path, sizeof(in->kernel_path), "%s/%s-%s%s",
		     s->boot_dir[0] ? s->boot_dir : "/boot",
		     s->image[0] ? s->image : "vmlinuz", release, s->image_suffix);
	if (n < 0 || (size_t)n >= sizeof(in->kernel_path))
		return kd_fail(err, -ENAMETOOLONG, "KDUMP_BOOTDIR, KDUMP_IMG");
	fd = kd_root_open(root_fd, in->kernel_path, O_RDONLY | O_NONBLOCK);
	return fd < 0 ? kd_fail(err, fd, "KDUMP_BOOTDIR, KDUMP_IMG: %s", in->kernel_path)
		      : fd;
}

static int open_kernel(int root_fd, struct kd_inputs *in, struct kd_kernel *ret,
		       struct kd_error *err)
{
	const char *release = in->settings.sysconfig.kernel_version[0]
				      ? in->settings.sysconfig.kernel_version
				      : in->host.release;
	struct kd_file_view view;
	int r;

	memcpy(in->kernel_release, release, strlen(release) + 1);
	in->kernel_fd = open_image(root_fd, in, release, err);
	if (in->kernel_fd < 0)
		return in->kernel_fd;
	r = kd_file_view_init(&view, in->kernel_fd);
	if (r >= 0)
		r = kd_kernel_look(&view, NULL, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", in->kernel_path);
	in->kernel_memory = ret->mem_size;
	return 0;
}

static int build_cmdline(struct kd_inputs *in, const struct kd_kernel *kernel,
			 const char *test_id, struct kd_error *err)
{
	const struct kd_sysconfig *s = &in->settings.sysconfig;
	const struct kd_cmdline_rules rules = {
		.running = s->commandline[0] ? s->commandline : in->host.cmdline,
		.remove = s->remove,
		.append = s->has_append && !s->append_to_ours ? s->append : NULL,
		.also = s->has_append && s->append_to_ours ? s->append : NULL,
		.cpus = kd_cmdline_cpus(&in->host.cpus, kernel->arch, in->host.memory,
					in->host.kexec.crash_size),
		.boot_apic = kernel->arch == KD_ARCH_X86_64 ? in->host.cpus.boot_apic
							    : KD_APIC_UNKNOWN,
		.test_id = test_id,
		.max = kernel->cmdline_max > ELFCOREHDR_LENGTH
			       ? kernel->cmdline_max - ELFCOREHDR_LENGTH - 1
			       : 0,
	};

	return kd_cmdline_build(&rules, &in->cmdline, err);
}

/* The drivers of what lies at the bottom, and what putting it together takes. @before: of
 * the stacks there were, whose drivers are in the list. */
static int add_stack_drivers(int root_fd, const struct kd_stack_facts *stack,
			     const struct kd_stack_mark *before,
			     struct kd_drivers *drivers, struct kd_error *err)
{
	int r = 0;

	for (size_t i = before->n_bottom; r >= 0 && i < stack->n_bottom; i++)
		r = kd_drivers_add_block(drivers, root_fd, stack->bottom[i], err);
	for (size_t i = before->n_kinds; r >= 0 && i < stack->kinds.n; i++)
		r = kd_drivers_add_stack(drivers, stack->kinds.items[i], err);
	return r;
}

/* The other devices of a btrfs, each a link in sysfs; the plan names one. */
static int add_btrfs_devices(int root_fd, const struct kd_dm_reader *dm,
			     const struct kd_target_facts *t,
			     struct kd_stack_facts *stack, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	char path[128], device[KD_PLAN_STRING];
	const struct dirent *e;
	int r = 0;

	(void)snprintf(path, sizeof(path), "sys/fs/btrfs/%s/devices", t->probe.uuid);
	if (kd_opendir_at(root_fd, path, &dir) < 0)
		return 0; /* not mounted, or a kernel that does not tell */
	while (r >= 0 && (e = readdir(dir))) {
		if (e->d_name[0] == '.' || strcmp(e->d_name, t->name) == 0)
			continue;
		r = kd_stack_read(root_fd, dm, e->d_name, stack, device, err);
		if (r >= 0 && device[0])
			return kd_fail_msg(err, -ENOTSUP,
					   "%s, which the btrfs lies on, too, is put "
					   "together from others",
					   e->d_name);
	}
	return r;
}

static int add_target_drivers(int root_fd, struct kd_inputs *in,
			      struct kd_target_facts *t, struct kd_error *err)
{
	const struct kd_dm_reader dm = kd_dm_kernel_reader(&root_fd);
	const struct kd_stack_mark before = kd_stack_mark(&in->stack);
	int r;

	if (t->wanted.type == KD_TARGET_SHARE) {
		r = kd_drivers_add_share(&in->drivers, root_fd, t->wanted.fstype, err);
		return r < 0 ? kd_fail(err, r, "target %s", t->wanted.source) : 0;
	}
	r = kd_stack_read(root_fd, &dm, t->name, &in->stack, t->stack, err);
	if (r >= 0 && strcmp(t->probe.fstype, "btrfs") == 0)
		r = add_btrfs_devices(root_fd, &dm, t, &in->stack, err);
	if (r >= 0)
		r = kd_volume_keys_check(root_fd, &in->stack, err);
	if (r >= 0)
		r = add_stack_drivers(root_fd, &in->stack, &before, &in->drivers, err);
	if (r >= 0 && t->wanted.type == KD_TARGET_FS)
		r = kd_drivers_add_filesystem(&in->drivers, t->probe.fstype, err);
	if (r < 0)
		kd_stack_back_to(&in->stack, &before);
	return r < 0 ? kd_fail(err, r, "target /dev/%s", t->name) : 0;
}

static int add_extra_modules(struct kd_inputs *in, struct kd_error *err)
{
	const char *word = in->settings.config.extra_modules;
	char name[KD_PLAN_STRING];
	size_t n;
	int r = 0;

	for (; r >= 0 && (n = kd_params_next(&word)) > 0; word += n) {
		if (n >= sizeof(name))
			return kd_fail(err, -ENAMETOOLONG, "extra_modules");
		memcpy(name, word, n);
		name[n] = '\0';
		r = kd_strlist_add(&in->drivers.required, name);
	}
	return r < 0 ? kd_fail(err, r, "extra_modules") : 0;
}

/* The NICs' drivers, and of what is made on them. @first: those before are in the list */
static int add_net_drivers(int root_fd, const struct kd_net_facts *net, size_t first,
			   struct kd_drivers *drivers, struct kd_error *err)
{
	static const char *const modules[KD_PLAN_NET_KINDS] = {
		[KD_PLAN_VLAN] = "8021q",
		[KD_PLAN_BOND] = "bonding",
	};
	int r = 0;

	for (size_t i = first; r >= 0 && i < net->n; i++) {
		const char *module = modules[net->nets[i].kind];

		if (module)
			r = kd_strlist_add(&drivers->required, module);
		else
			r = kd_drivers_add_net(drivers, root_fd, net->names[i], err);
	}
	return r;
}

static int add_remote_target(int root_fd, struct kd_inputs *in, struct kd_target_facts *t,
			     struct kd_error *err)
{
	const struct kd_net_facts before = in->net;
	int r;

	r = kd_net_find(root_fd, &kd_net_kernel_reader, t, &in->net, err);
	if (r >= 0)
		r = add_net_drivers(root_fd, &in->net, before.n, &in->drivers, err);
	if (r >= 0 && t->wanted.type == KD_TARGET_NFS)
		r = kd_drivers_add_nfs(&in->drivers, err);
	else if (r >= 0)
		r = kd_ssh_find(root_fd, in->settings.config.sshkey, t, &in->ssh, err);
	if (r < 0)
		in->net = before;
	return r < 0 ? kd_fail_msg(err, r, "target %s", t->wanted.source) : 0;
}

/* Find, judge and add the drivers of each; what is wrong with one stays with it. */
static void gather_targets(int root_fd, struct kd_inputs *in)
{
	kd_targets_find(root_fd, &in->settings.config, in->targets);
	for (size_t i = 0; i < in->settings.config.n_targets; i++) {
		struct kd_target_facts *t = &in->targets[i];

		if (t->error.code < 0 || kd_plan_check_target(t, &t->error) < 0)
			continue;
		if (kd_net_is_remote(t->wanted.type))
			(void)add_remote_target(root_fd, in, t, &t->error);
		else
			(void)add_target_drivers(root_fd, in, t, &t->error);
	}
}

static int add_optional(const struct kd_strlist *from, struct kd_drivers *to)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < from->n; i++)
		r = kd_strlist_add(&to->optional, from->items[i]);
	return r;
}

/* The nodes of a cluster that are told; what is wrong there does not keep from arming. */
static void gather_fence(int root_fd, struct kd_inputs *in)
{
	const struct kd_config_where *where = &in->settings.config.fence_where;
	_cleanup_(kd_drivers_done) struct kd_drivers drivers = { 0 };
	const struct kd_net_facts before = in->net;
	struct kd_error err = { 0 };
	int r;

	kd_fence_find(&kd_net_kernel_reader, &in->settings.config, &in->net, &in->fence,
		      &in->settings.report);
	r = add_net_drivers(root_fd, &in->net, before.n, &drivers, &err);
	/* a dump that nobody hears of is better than none */
	if (r >= 0)
		r = add_optional(&drivers.required, &in->drivers);
	if (r >= 0)
		r = add_optional(&drivers.optional, &in->drivers);
	if (r >= 0)
		return;
	in->net = before;
	in->fence.n = 0;
	kd_config_complain(&in->settings.report, where->file, where->line,
			   /* warning= */ true, "fence_kdump_nodes: %s", err.message);
}

/** The files the key covers, while they are hashed. */
struct key_files {
	struct kd_key_file *v;
	char **paths;
	size_t n, room;
};

static void key_files_done(struct key_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	free(f->v);
}

static int key_files_init(struct key_files *f, size_t room)
{
	*f = (struct key_files) { .room = room };
	f->v = calloc(room, sizeof(*f->v));
	f->paths = calloc(room, sizeof(*f->paths));
	return f->v && f->paths ? 0 : -ENOMEM;
}

static int add_file(struct key_files *f, struct kd_digest_cache *cache, int fd,
		    uint64_t now, const char *path)
{
	int r;

	r = kd_digest_cached(cache, fd, now, f->v[f->n].hex);
	if (r < 0)
		return r;
	f->paths[f->n] = strdup(path);
	if (!f->paths[f->n])
		return -ENOMEM;
	f->v[f->n].path = f->paths[f->n];
	f->n++;
	return 0;
}

static int add_path(struct key_files *f, struct kd_digest_cache *cache, int root_fd,
		    uint64_t now, const char *path)
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, path, O_RDONLY | O_NONBLOCK);

	return fd < 0 ? fd : add_file(f, cache, fd, now, path);
}

#define KEY_FILES_SSH 3 /* the program, the private key, the pinned ones */

static int hash_ssh(int root_fd, const struct kd_inputs *in, uint64_t now,
		    struct key_files *f, struct kd_digest_cache *cache,
		    struct kd_error *err)
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = NULL;
	int r;

	if (!in->ssh.key[0])
		return 0;
	r = add_path(f, cache, root_fd, now, KD_SSH_PATH);
	if (r >= 0)
		r = add_path(f, cache, root_fd, now, in->ssh.key);
	if (r < 0)
		return kd_fail(err, r, "%s", in->ssh.key);
	d = kd_digest_new();
	f->paths[f->n] = strdup(KD_SSH_PINS_IN_IMAGE);
	if (!d || !f->paths[f->n])
		return kd_fail(err, -ENOMEM, "rebuild key");
	kd_digest_adds(d, "pins", kd_strbuf_text(&in->ssh.pins));
	kd_digest_hex(d, f->v[f->n].hex);
	f->v[f->n].path = f->paths[f->n];
	f->n++;
	return 0;
}

/* Hash kernel, pid 1 and every module with its dependencies; firmware counts by name. */
static int hash_files(int root_fd, const struct kd_inputs *in,
		      const struct kd_module_list *modules, uint64_t now,
		      struct key_files *f, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_digest_cache *cache = kd_digest_cache_load(root_fd);
	char path[1024];
	int r;

	if (!cache ||
	    key_files_init(f, modules->files.n + in->programs.n + 2 + KEY_FILES_SSH) < 0)
		return kd_fail(err, -ENOMEM, "rebuild key");
	r = add_file(f, cache, in->kernel_fd, now, in->kernel_path);
	if (r < 0)
		return kd_fail(err, r, "%s", in->kernel_path);
	r = add_path(f, cache, root_fd, now, in->init);
	if (r < 0)
		return kd_fail(err, r, "%s", in->init);
	for (size_t i = 0; i < modules->files.n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", modules->folder,
			       modules->files.items[i]);
		r = add_path(f, cache, root_fd, now, path);
		if (r < 0)
			return kd_fail(err, r, "%s", path);
	}
	r = hash_ssh(root_fd, in, now, f, cache, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < in->programs.n; i++) {
		r = add_path(f, cache, root_fd, now, in->programs.items[i]);
		if (r < 0)
			return kd_fail(err, r, "%s", in->programs.items[i]);
	}
	if (now)
		(void)kd_digest_cache_save(root_fd, cache);
	return 0;
}

static int find_programs(int root_fd, struct kd_inputs *in, struct kd_error *err)
{
	const struct kd_config *config = &in->settings.config;
	const struct kd_programs_wish wish = {
		.pre = config->pre,
		.post = config->post,
		.emergency = config->emergency,
		.extra_bins = config->extra_bins,
		.collector = config->collector,
	};

	return kd_programs_find(root_fd, &wish, &in->programs, err);
}

static int make_key(int root_fd, uint64_t now, struct kd_inputs *in, struct kd_error *err)
{
	const struct kd_module_query query = {
		.root_fd = root_fd,
		.release = in->kernel_release,
		.required = (const char *const *)in->drivers.required.items,
		.optional = (const char *const *)in->drivers.optional.items,
		.omit = in->settings.config.omit_modules,
	};
	_cleanup_(key_files_done) struct key_files files = { 0 };
	_cleanup_(kd_module_list_done) struct kd_module_list modules = { 0 };
	struct kd_key_input key = {
		.plan = &in->plan,
		.cmdline = in->cmdline,
		.kernel_release = in->kernel_release,
		.version = KD_VERSION,
	};
	int r;

	r = kd_module_list_resolve(&query, &modules, err);
	if (r < 0)
		return r;
	r = hash_files(root_fd, in, &modules, now, &files, err);
	if (r < 0)
		return r;
	key.files = files.v;
	key.n_files = files.n;
	return kd_key_compute(&key, in->key, err);
}

int kd_inputs_gather(const struct kd_inputs_request *request, struct kd_inputs *ret,
		     struct kd_error *err)
{
	struct kd_plan_input plan = {
		.config = &ret->settings.config,
		.host = &ret->host,
		.targets = ret->targets,
		.stack = &ret->stack,
		.net = &ret->net,
		.fence = &ret->fence,
	};
	_cleanup_(kd_kernel_done) struct kd_kernel kernel = { .n_wrappings = 0 };
	int root_fd = request->root_fd, r;

	*ret = (struct kd_inputs) { .kernel_fd = -EBADF, .init = request->init };
	kd_ssh_facts_init(&ret->ssh);
	r = kd_settings_read(root_fd, &ret->settings, err);
	if (r >= 0)
		r = kd_host_read(root_fd, &ret->host, err);
	if (r >= 0 && !request->no_load)
		r = check_machine(&ret->host, err);
	if (r >= 0)
		r = open_kernel(root_fd, ret, &kernel, err);
	if (r >= 0)
		r = build_cmdline(ret, &kernel, request->test_id, err);
	if (r < 0)
		return r;
	gather_targets(root_fd, ret);
	gather_fence(root_fd, ret);
	plan.n_targets = ret->settings.config.n_targets;
	r = kd_plan_build(&plan, &ret->plan, &ret->settings.report, err);
	ret->plan.test = request->test_id;
	if (r >= 0)
		r = kd_drivers_add_watchdogs(&ret->drivers, root_fd, err);
	if (r >= 0)
		r = kd_drivers_add_pstore(&ret->drivers, root_fd, err);
	if (r >= 0)
		r = add_extra_modules(ret, err);
	if (r >= 0)
		r = find_programs(root_fd, ret, err);
	if (r >= 0)
		r = make_key(root_fd, request->now, ret, err);
	if (r < 0)
		return r;
	memcpy(ret->plan.arm_id, ret->key, ARM_ID_LENGTH);
	ret->plan.arm_id[ARM_ID_LENGTH] = '\0';
	return 0;
}

void kd_inputs_done(struct kd_inputs *in)
{
	in->kernel_fd = kd_close(in->kernel_fd);
	free(in->cmdline);
	in->cmdline = NULL;
	kd_drivers_done(&in->drivers);
	kd_strlist_done(&in->programs);
	kd_stack_facts_done(&in->stack);
	kd_ssh_facts_done(&in->ssh);
}
