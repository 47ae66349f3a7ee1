/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks of block devices: see host-stack.h. Each device is added after those it lies on,
 * so the entries come out in the order they must be made in. The depth is bounded; the
 * kernel allows no loops. Called by the arm path.
 */
#include "kdumpd/host/host-stack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/io.h"
#include "base/parse.h"
#include "kdumpd/host/dm-rewrite.h"
#include "kdumpd/host/luks.h"
#include "kdumpd/host/sysblock.h"

#define DEPTH 8

struct walk {
	int root_fd;
	const struct kd_dm_reader *dm;
	struct kd_stack_facts *facts;
};

void kd_stack_facts_done(struct kd_stack_facts *facts)
{
	kd_strlist_done(&facts->kinds);
	explicit_bzero(facts->keys, sizeof(facts->keys));
	facts->n = facts->n_bottom = facts->n_keys = 0;
}

struct kd_stack_mark kd_stack_mark(const struct kd_stack_facts *facts)
{
	return (struct kd_stack_mark) {
		.n = facts->n,
		.n_kinds = facts->kinds.n,
		.n_bottom = facts->n_bottom,
		.n_keys = facts->n_keys,
	};
}

void kd_stack_back_to(struct kd_stack_facts *facts, const struct kd_stack_mark *mark)
{
	kd_strlist_cut(&facts->kinds, mark->n_kinds);
	explicit_bzero(facts->keys + mark->n_keys,
		       (ARRAY_SIZE(facts->keys) - mark->n_keys) * sizeof(facts->keys[0]));
	facts->n = mark->n;
	facts->n_bottom = mark->n_bottom;
	facts->n_keys = mark->n_keys;
}

static int set_name(char ret[KD_PLAN_STACK_NAME], const char *prefix, const char *value)
{
	int n = snprintf(ret, KD_PLAN_STACK_NAME, "%s%s", prefix, value);

	return n < 0 || n >= KD_PLAN_STACK_NAME ? -ENAMETOOLONG : 0;
}

/* What a disk says of itself, by the files the capture side looks into, too. */
static int disk_identity(const struct walk *w, const char *name,
			 char ret[KD_PLAN_STACK_NAME])
{
	static const struct {
		const char *file, *prefix;
	} sources[] = {
		{ "device/wwid", "WWID=" },
		{ "wwid", "WWID=" },
		{ "serial", "SERIAL=" },
		{ "device/serial", "SERIAL=" },
	};
	char value[256];

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (kd_sysblock_read(w->root_fd, name, sources[i].file, value,
				     sizeof(value)) >= 0 &&
		    set_name(ret, sources[i].prefix, value) >= 0)
			return 0;
	return -ENODATA;
}

static int remember_bottom(struct walk *w, const char *name)
{
	struct kd_stack_facts *f = w->facts;
	dev_t number;
	int r = kd_sysblock_number(w->root_fd, name, &number);

	if (r < 0)
		return r;
	for (size_t i = 0; i < f->n_bottom; i++)
		if (f->bottom[i] == number)
			return 0;
	if (f->n_bottom == ARRAY_SIZE(f->bottom))
		return -E2BIG;
	f->bottom[f->n_bottom++] = number;
	return 0;
}

/* A disk or a partition, named by what will not change: the paths to one disk by the
 * disk, all else by what lies on it, then by the table of partitions. */
static int plain_identity(struct walk *w, const char *name, bool is_path,
			  char ret[KD_PLAN_STACK_NAME])
{
	struct kd_probe probe = { 0 };
	int r = remember_bottom(w, name);

	if (r < 0)
		return r;
	if (is_path && disk_identity(w, name, ret) >= 0)
		return 0;
	(void)kd_probe_block(w->root_fd, name, &probe);
	if (probe.uuid[0] && (strcmp(probe.fstype, "LVM2_member") == 0 ||
			      strcmp(probe.fstype, "crypto_LUKS") == 0))
		return set_name(ret, "UUID=", probe.uuid);
	if (probe.partuuid[0])
		return set_name(ret, "PARTUUID=", probe.partuuid);
	if (!kd_sysblock_has(w->root_fd, name, "partition") &&
	    disk_identity(w, name, ret) >= 0)
		return 0;
	r = set_name(ret, "/dev/", name);
	for (char *c = ret + strlen("/dev/"); r >= 0 && *c; c++)
		if (*c == '!')
			*c = '/';
	return r;
}

static int find_entry(const struct kd_stack_facts *f, enum kd_stack_type type,
		      const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->entries[i].type == type && strcmp(f->entries[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

static int add_entry(struct kd_stack_facts *f, const struct kd_plan_stack *entry,
		     struct kd_error *err)
{
	if (f->n == ARRAY_SIZE(f->entries))
		return kd_fail_msg(err, -E2BIG,
				   "it is made of more than %d devices, which is more "
				   "than a plan holds",
				   KD_PLAN_STACK);
	f->entries[f->n] = *entry;
	return (int)f->n++;
}

static int add_kind(struct walk *w, const char *prefix, const char *words)
{
	char kind[256];
	int r = 0;

	for (size_t n; r >= 0 && *words; words += n + strspn(words + n, " ")) {
		n = strcspn(words, " ");
		(void)snprintf(kind, sizeof(kind), "%s:%.*s", prefix, (int)n, words);
		r = kd_strlist_add(&w->facts->kinds, kind);
	}
	return r;
}

/* Of a volume without a header there is only the mapping's name. */
static int key_description(const struct kd_dm_live *live, char ret[KD_PLAN_STACK_NAME])
{
	char uuid[KD_LUKS_UUID];
	bool luks = kd_luks_uuid(live->uuid, uuid) >= 0;

	return set_name(ret, KD_VOLUME_KEY, luks ? uuid : live->name);
}

static int from_hex(const char *text, uint8_t *ret, size_t size)
{
	char digits[3] = "";
	uint64_t byte;

	for (size_t i = 0; i < size; i++) {
		memcpy(digits, text + 2 * i, 2);
		if (kd_parse_hex(digits, &byte) < 0)
			return -EBADMSG;
		ret[i] = (uint8_t)byte;
	}
	explicit_bzero(digits, sizeof(digits));
	return 0;
}

static int add_key(struct walk *w, const char *description, const struct kd_dm_plan *plan,
		   struct kd_error *err)
{
	struct kd_stack_facts *f = w->facts;
	struct kd_stack_key *key = &f->keys[f->n_keys];

	if (plan->key_size == 0)
		return 0;
	if (f->n_keys == ARRAY_SIZE(f->keys) || plan->key_size > sizeof(key->key))
		return kd_fail_msg(err, -E2BIG,
				   "more or longer volume keys than there "
				   "is room for");
	memcpy(key->description, description, sizeof(key->description));
	if (plan->key[0]) {
		if (from_hex(plan->key, key->key, plan->key_size) < 0)
			return kd_fail(err, -EBADMSG, "volume key");
		key->size = plan->key_size;
	}
	f->n_keys++;
	return 0;
}

static int identify(struct walk *w, const char *name, bool is_path, unsigned int depth,
		    char ret[KD_PLAN_STACK_NAME], struct kd_error *err);

/* The devices of a table, each added before, as lines of @entry. */
static int add_devices(struct walk *w, const struct kd_dm_plan *plan, unsigned int depth,
		       struct kd_plan_stack *entry, struct kd_error *err)
{
	bool is_path = strcmp(plan->kinds, "multipath") == 0;
	char name[KD_BLOCK_NAME];
	int r = 0;

	for (size_t i = 0; r >= 0 && i < plan->n_uses; i++) {
		r = kd_sysblock_name(w->root_fd,
				     makedev(plan->uses[i].major, plan->uses[i].minor),
				     name);
		if (r >= 0)
			r = identify(w, name, is_path, depth, entry->devices[i], err);
		else
			r = kd_fail(err, r, "device %u:%u", plan->uses[i].major,
				    plan->uses[i].minor);
	}
	entry->n_devices = plan->n_uses;
	return r;
}

static int add_kinds(struct walk *w, const struct kd_dm_plan *plan)
{
	int r = add_kind(w, "dm", plan->kinds);

	if (r >= 0)
		r = add_kind(w, "cipher", plan->cipher);
	if (r >= 0)
		r = add_kind(w, "selector", plan->selectors);
	return r < 0 ? r : add_kind(w, "handler", plan->handler);
}

static void wipe_live(struct kd_dm_live **live)
{
	if (*live)
		kd_dm_live_done(*live);
	free(*live);
}

static void wipe_plan(struct kd_dm_plan **plan)
{
	if (*plan)
		explicit_bzero(*plan, sizeof(**plan));
	free(*plan);
}

/* Returns the entry's number. */
static int add_dm(struct walk *w, const char *name, unsigned int depth,
		  struct kd_error *err)
{
	_cleanup_(wipe_live) struct kd_dm_live *live = calloc(1, sizeof(*live));
	_cleanup_(wipe_plan) struct kd_dm_plan *plan = calloc(1, sizeof(*plan));
	_cleanup_(kd_freep) struct kd_plan_stack *entry = calloc(1, sizeof(*entry));
	char description[KD_PLAN_STACK_NAME];
	dev_t number;
	int r;

	if (!live || !plan || !entry)
		return kd_fail(err, -ENOMEM, "%s", name);
	r = kd_sysblock_number(w->root_fd, name, &number);
	if (r < 0)
		return kd_fail(err, r, "%s", name);
	r = w->dm->read(w->dm->context, major(number), minor(number), live, err);
	if (r < 0)
		return r;
	r = find_entry(w->facts, KD_STACK_DM, live->name);
	if (r >= 0)
		return r;
	r = key_description(live, description);
	if (r >= 0)
		r = kd_dm_rewrite(live->table, description, plan, err);
	if (r >= 0)
		r = add_devices(w, plan, depth, entry, err);
	if (r >= 0)
		r = add_kinds(w, plan);
	if (r >= 0)
		r = add_key(w, description, plan, err);
	if (r < 0)
		return kd_fail(err, r, "%s", live->name);
	memcpy(entry->name, live->name, sizeof(entry->name));
	memcpy(entry->uuid, live->uuid, sizeof(entry->uuid));
	memcpy(entry->table, plan->table, sizeof(entry->table));
	return add_entry(w->facts, entry, err);
}

/* One member. Those that are stacked themselves have to be there before members are
 * looked for. The array's UUID is that of the first member that tells it. */
static int add_member(struct walk *w, const char *name, unsigned int depth,
		      struct kd_plan_stack *entry, struct kd_error *err)
{
	char identity[KD_PLAN_STACK_NAME];
	struct kd_probe probe;
	int r;

	if (strlen(name) >= KD_BLOCK_NAME)
		return kd_fail(err, -ENAMETOOLONG, "%s", name);
	r = identify(w, name, /* is_path= */ false, depth, identity, err);
	if (r < 0)
		return r;
	if (strncmp(identity, "STACK=", 6) == 0) {
		if (entry->n_devices == ARRAY_SIZE(entry->devices))
			return kd_fail(err, -E2BIG, "%s", name);
		memcpy(entry->devices[entry->n_devices++], identity, sizeof(identity));
	}
	if (!entry->uuid[0] && kd_probe_block(w->root_fd, name, &probe) >= 0 &&
	    strcmp(probe.fstype, "linux_raid_member") == 0)
		(void)set_name(entry->uuid, "", probe.uuid);
	return 0;
}

static int add_members(struct walk *w, const char *name, unsigned int depth,
		       struct kd_plan_stack *entry, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	char path[KD_BLOCK_NAME + 32];
	const struct dirent *e;
	int r;

	(void)snprintf(path, sizeof(path), "sys/class/block/%s/slaves", name);
	r = kd_opendir_at(w->root_fd, path, &dir);
	if (r < 0)
		return kd_fail(err, r, "/%s", path);
	while (r >= 0 && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			r = add_member(w, e->d_name, depth, entry, err);
	if (r >= 0 && !entry->uuid[0])
		return kd_fail_msg(err, -ENOTSUP,
				   "%s: no member says which array it is of", name);
	return r;
}

static int add_md(struct walk *w, const char *name, unsigned int depth,
		  struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_plan_stack *entry = calloc(1, sizeof(*entry));
	char version[64] = "", level[32] = "";
	int r;

	if (!entry)
		return kd_fail(err, -ENOMEM, "%s", name);
	r = find_entry(w->facts, KD_STACK_MD, name);
	if (r >= 0)
		return r;
	(void)kd_sysblock_read(w->root_fd, name, "md/metadata_version", version,
			       sizeof(version));
	(void)kd_sysblock_read(w->root_fd, name, "md/level", level, sizeof(level));
	if (strncmp(version, "1.", 2) != 0 && strcmp(version, "0.90") != 0)
		return kd_fail_msg(err, -ENOTSUP,
				   "%s has metadata \"%s\", which the capture kernel "
				   "cannot read: use an array with 1.x or 0.90",
				   name, version);
	r = add_members(w, name, depth, entry, err);
	if (r >= 0)
		r = add_kind(w, "md", level);
	if (r < 0)
		return kd_fail(err, r, "%s", name);
	entry->type = KD_STACK_MD;
	(void)set_name(entry->name, "", name);
	return add_entry(w->facts, entry, err);
}

/* How the plan names a device, after adding what it is made of. */
static int identify(struct walk *w, const char *name, bool is_path, unsigned int depth,
		    char ret[KD_PLAN_STACK_NAME], struct kd_error *err)
{
	char disk[KD_BLOCK_NAME], partition[16] = "";
	int r;

	if (depth == 0)
		return kd_fail_msg(err, -ENOTSUP, "%s: too many devices above each other",
				   name);
	(void)snprintf(disk, sizeof(disk), "%s", name);
	if (kd_sysblock_read(w->root_fd, name, "partition", partition,
			     sizeof(partition)) >= 0) {
		r = kd_sysblock_disk(w->root_fd, name, disk);
		if (r < 0)
			return kd_fail(err, r, "%s", name);
	}
	if (kd_sysblock_has(w->root_fd, disk, "dm"))
		r = add_dm(w, disk, depth - 1, err);
	else if (kd_sysblock_has(w->root_fd, disk, "md"))
		r = add_md(w, disk, depth - 1, err);
	else
		return plain_identity(w, name, is_path, ret);
	if (r < 0)
		return r;
	(void)snprintf(ret, KD_PLAN_STACK_NAME, "STACK=%d%s%s", r,
		       partition[0] ? "." : "", partition);
	return 0;
}

int kd_stack_read(int root_fd, const struct kd_dm_reader *dm, const char *name,
		  struct kd_stack_facts *facts, char ret[KD_PLAN_STRING],
		  struct kd_error *err)
{
	struct walk w = { .root_fd = root_fd, .dm = dm, .facts = facts };
	char identity[KD_PLAN_STACK_NAME];
	int r = identify(&w, name, /* is_path= */ false, DEPTH, identity, err);

	if (r < 0)
		return r;
	if (strncmp(identity, "STACK=", 6) != 0)
		identity[0] = '\0';
	(void)snprintf(ret, KD_PLAN_STRING, "%s", identity);
	return 0;
}
