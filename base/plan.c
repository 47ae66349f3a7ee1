/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan's text form: see plan.h and docs/plan.md. One table names every key with
 * its place in the structure, so that writing and reading cannot drift apart. Trusts
 * nothing it reads. Called by kdumpd (encode), capture-kernel (decode) and the fuzzer.
 */
#include "base/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/parse.h"

#define VERSION_LINE "kdump-plan"
#define KEY_SIZE     64

enum value_type {
	STRING,
	UINT,
	U64,
	BOOL,
	ACTION,
	TARGET_TYPE,
	STACK_TYPE,
	NET_KIND,
	METHOD
};

struct key {
	const char *name;
	enum value_type type;
	size_t offset, size;
};

#define MEMBER(s, n, t) \
	.name = #n, .type = (t), .offset = offsetof(s, n), .size = sizeof(((s *)NULL)->n)
#define PLAN(n, t)   MEMBER(struct kd_plan, n, t)
#define TARGET(n, t) MEMBER(struct kd_plan_target, n, t)
#define STACK(n, t)  MEMBER(struct kd_plan_stack, n, t)
#define NET(n, t)    MEMBER(struct kd_plan_net, n, t)
#define WAY(n, t)    MEMBER(struct kd_plan_way, n, t)
#define FENCE(n, t)  MEMBER(struct kd_plan_fence, n, t)

static const struct key plan_keys[] = {
	{ PLAN(release, STRING) },
	{ PLAN(build_id, STRING) },
	{ PLAN(arm_id, STRING) },
	{ PLAN(host, STRING) },
	{ PLAN(collector, STRING) },
	{ PLAN(final_action, ACTION) },
	{ PLAN(failure_action, ACTION) },
	{ PLAN(phase_timeout, UINT) },
	{ PLAN(total_timeout, UINT) },
	{ PLAN(memory_limit, U64) },
	{ PLAN(test, BOOL) },
	{ PLAN(crash_loop_limit, UINT) },
	{ PLAN(kdump_pre, STRING) },
	{ PLAN(kdump_post, STRING) },
	{ PLAN(kdump_emergency, STRING) },
};

static const struct key target_keys[] = {
	{ TARGET(type, TARGET_TYPE) }, { TARGET(device, STRING) },
	{ TARGET(fstype, STRING) },    { TARGET(options, STRING) },
	{ TARGET(path, STRING) },
};

static const struct key stack_keys[] = {
	{ STACK(type, STACK_TYPE) },
	{ STACK(name, STRING) },
	{ STACK(uuid, STRING) },
	{ STACK(table, STRING) },
};

static const struct key net_keys[] = {
	{ NET(kind, NET_KIND) },
	{ NET(mac, STRING) },
	{ NET(hwaddr, STRING) },
	{ NET(lower, STRING) },
	{ NET(mtu, UINT) },
	{ NET(vlan, UINT) },
	{ NET(vlan_protocol, UINT) },
	{ NET(bond_mode, UINT) },
	{ NET(bond_miimon, UINT) },
	{ NET(bond_lacp_rate, UINT) },
	{ NET(bond_xmit_policy, UINT) },
};

/* of a target on another machine, besides target_keys, and of a node */
static const struct key way_keys[] = {
	{ WAY(server, STRING) }, { WAY(port, UINT) },	   { WAY(net, UINT) },
	{ WAY(method, METHOD) }, { WAY(address, STRING) }, { WAY(gateway, STRING) },
	{ WAY(duid, STRING) },	 { WAY(iaid, UINT) },
};

/* besides way_keys */
static const struct key fence_keys[] = {
	{ FENCE(interval, UINT) },
	{ FENCE(count, UINT) },
};

/* "device.<k>" of a stacked device */
static const struct key device_key = {
	.name = "device",
	.type = STRING,
	.size = KD_PLAN_STACK_NAME,
};

static const char *const action_names[KD_ACTION_COUNT] = {
	[KD_ACTION_REBOOT] = "reboot",
	[KD_ACTION_HALT] = "halt",
	[KD_ACTION_POWEROFF] = "poweroff",
};

static const char *const target_names[KD_TARGET_COUNT] = {
	[KD_TARGET_FS] = "fs",	 [KD_TARGET_RAW] = "raw",   [KD_TARGET_NFS] = "nfs",
	[KD_TARGET_SSH] = "ssh", [KD_TARGET_SFTP] = "sftp", [KD_TARGET_SHARE] = "share",
};

static const char *const stack_names[KD_STACK_COUNT] = {
	[KD_STACK_DM] = "dm",
	[KD_STACK_MD] = "md",
};

static const char *const net_names[KD_PLAN_NET_KINDS] = {
	[KD_PLAN_NIC] = "nic",
	[KD_PLAN_VLAN] = "vlan",
	[KD_PLAN_BOND] = "bond",
};

static const char *const method_names[KD_PLAN_METHODS] = {
	[KD_PLAN_STATIC] = "static",
	[KD_PLAN_DHCP] = "dhcp",
	[KD_PLAN_DHCP6] = "dhcp6",
	[KD_PLAN_AUTO] = "auto",
};

static int from_name(const char *const *names, size_t n, const char *name, int *ret)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (int)i;
			return 0;
		}
	return -EINVAL;
}

const char *kd_action_name(enum kd_action action)
{
	return (unsigned int)action < KD_ACTION_COUNT ? action_names[action] : NULL;
}

const char *kd_target_type_name(enum kd_target_type type)
{
	return (unsigned int)type < KD_TARGET_COUNT ? target_names[type] : NULL;
}

int kd_action_from_name(const char *name, enum kd_action *ret)
{
	int v, r;

	r = from_name(action_names, ARRAY_SIZE(action_names), name, &v);
	if (r >= 0)
		*ret = (enum kd_action)v;
	return r;
}

void kd_plan_init(struct kd_plan *plan)
{
	*plan = (struct kd_plan) {
		.phase_timeout = 120,
		.total_timeout = 1800,
		.crash_loop_limit = KD_PLAN_CRASHES,
	};
}

static int encode_value(const struct key *k, const void *base, struct kd_strbuf *out)
{
	const void *p = (const char *)base + k->offset;
	const char *s;

	switch (k->type) {
	case STRING:
		for (s = p; *s; s++)
			if ((unsigned char)*s < 0x20)
				return -EINVAL;
		kd_strbuf_adds(out, p);
		break;
	case UINT:
		kd_strbuf_addf(out, "%u", *(const unsigned int *)p);
		break;
	case U64:
		kd_strbuf_addf(out, "%" PRIu64, *(const uint64_t *)p);
		break;
	case BOOL:
		kd_strbuf_adds(out, *(const bool *)p ? "yes" : "no");
		break;
	case ACTION:
		kd_strbuf_adds(out, action_names[*(const enum kd_action *)p]);
		break;
	case TARGET_TYPE:
		kd_strbuf_adds(out, target_names[*(const enum kd_target_type *)p]);
		break;
	case STACK_TYPE:
		kd_strbuf_adds(out, stack_names[*(const enum kd_stack_type *)p]);
		break;
	case NET_KIND:
		kd_strbuf_adds(out, net_names[*(const enum kd_plan_net_kind *)p]);
		break;
	case METHOD:
		kd_strbuf_adds(out, method_names[*(const enum kd_plan_method *)p]);
		break;
	}
	kd_strbuf_adds(out, "\n");
	return 0;
}

/* "<prefix><key>=<value>" for each of @keys. @prefix: "" or "target.0." */
static int encode_keys(const struct key *keys, size_t n, const char *prefix,
		       const void *base, struct kd_strbuf *out, struct kd_error *err)
{
	for (size_t i = 0; i < n; i++) {
		kd_strbuf_addf(out, "%s%s=", prefix, keys[i].name);
		if (encode_value(&keys[i], base, out) < 0)
			return kd_fail_msg(err, -EINVAL, "%s%s: control character",
					   prefix, keys[i].name);
	}
	return 0;
}

static int encode_stack(const struct kd_plan_stack *s, const char *prefix,
			struct kd_strbuf *out, struct kd_error *err)
{
	int r = encode_keys(stack_keys, ARRAY_SIZE(stack_keys), prefix, s, out, err);

	for (size_t i = 0; r >= 0 && i < s->n_devices; i++) {
		kd_strbuf_addf(out, "%sdevice.%zu=", prefix, i);
		if (encode_value(&device_key, s->devices[i], out) < 0)
			r = kd_fail_msg(err, -EINVAL, "%sdevice.%zu: control character",
					prefix, i);
	}
	return r;
}

static int encode_target(const struct kd_plan_target *t, const char *prefix,
			 struct kd_strbuf *out, struct kd_error *err)
{
	int r = encode_keys(target_keys, ARRAY_SIZE(target_keys), prefix, t, out, err);

	if (r < 0 || !t->way.server[0])
		return r;
	return encode_keys(way_keys, ARRAY_SIZE(way_keys), prefix, &t->way, out, err);
}

static int encode_fence(const struct kd_plan_fence *f, const char *prefix,
			struct kd_strbuf *out, struct kd_error *err)
{
	int r = encode_keys(way_keys, ARRAY_SIZE(way_keys), prefix, &f->way, out, err);

	return r < 0 ? r
		     : encode_keys(fence_keys, ARRAY_SIZE(fence_keys), prefix, f, out,
				   err);
}

int kd_plan_encode(const struct kd_plan *plan, struct kd_strbuf *out,
		   struct kd_error *err)
{
	char prefix[32];
	int r;

	kd_strbuf_addf(out, VERSION_LINE " %d\n", KD_PLAN_VERSION);
	r = encode_keys(plan_keys, ARRAY_SIZE(plan_keys), "", plan, out, err);
	for (size_t i = 0; r >= 0 && i < plan->n_targets; i++) {
		(void)snprintf(prefix, sizeof(prefix), "target.%zu.", i);
		r = encode_target(&plan->targets[i], prefix, out, err);
	}
	for (size_t i = 0; r >= 0 && i < plan->n_nets; i++) {
		(void)snprintf(prefix, sizeof(prefix), "net.%zu.", i);
		r = encode_keys(net_keys, ARRAY_SIZE(net_keys), prefix, &plan->nets[i],
				out, err);
	}
	for (size_t i = 0; r >= 0 && i < plan->n_stack; i++) {
		(void)snprintf(prefix, sizeof(prefix), "stack.%zu.", i);
		r = encode_stack(&plan->stack[i], prefix, out, err);
	}
	for (size_t i = 0; r >= 0 && i < plan->n_fences; i++) {
		(void)snprintf(prefix, sizeof(prefix), "fence.%zu.", i);
		r = encode_fence(&plan->fences[i], prefix, out, err);
	}
	if (r < 0)
		return r;
	return out->status < 0 ? kd_fail(err, out->status, "plan") : 0;
}

static int decode_value(const struct key *k, void *base, const char *value)
{
	void *p = (char *)base + k->offset;
	uint64_t v;
	int r;

	switch (k->type) {
	case STRING:
		if (strlen(value) >= k->size)
			return -EINVAL;
		memcpy(p, value, strlen(value) + 1);
		return 0;
	case UINT:
		r = kd_parse_u64(value, &v);
		if (r < 0 || v > UINT32_MAX)
			return -EINVAL;
		*(unsigned int *)p = (unsigned int)v;
		return 0;
	case U64:
		return kd_parse_u64(value, p);
	case BOOL:
		return kd_parse_bool(value, p);
	case ACTION:
		return kd_action_from_name(value, p);
	case TARGET_TYPE:
		return from_name(target_names, ARRAY_SIZE(target_names), value, p);
	case STACK_TYPE:
		return from_name(stack_names, ARRAY_SIZE(stack_names), value, p);
	case NET_KIND:
		return from_name(net_names, ARRAY_SIZE(net_names), value, p);
	case METHOD:
		return from_name(method_names, ARRAY_SIZE(method_names), value, p);
	}
	return -EINVAL;
}

static int decode_key(const struct key *keys, size_t n, const char *name, void *base,
		      const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(keys[i].name, name) == 0)
			return decode_value(&keys[i], base, value);
	return -EINVAL;
}

/* The number in front of "<index>.<key>", in order and none left out: *n is how many there
 * are, and grows. *ret_key: behind the dot, or at the end where there is none. */
static int decode_index(const char *text, size_t max, size_t *n, size_t *ret,
			const char **ret_key)
{
	size_t length = strcspn(text, ".");
	char index[8];
	uint64_t i;

	if (length >= sizeof(index))
		return -EINVAL;
	memcpy(index, text, length);
	index[length] = '\0';
	if (kd_parse_u64(index, &i) < 0 || i > *n)
		return -EINVAL;
	if (i >= max)
		return -E2BIG;
	*n = MAX(*n, (size_t)i + 1);
	*ret = (size_t)i;
	*ret_key = text + length + (text[length] == '.');
	return 0;
}

/* "target.<index>.<key>" */
static int decode_target(struct kd_plan *plan, const char *key, const char *value)
{
	size_t i;
	int r = decode_index(key, KD_PLAN_TARGETS, &plan->n_targets, &i, &key);

	if (r < 0)
		return r;
	r = decode_key(target_keys, ARRAY_SIZE(target_keys), key, &plan->targets[i],
		       value);
	return r >= 0 ? r
		      : decode_key(way_keys, ARRAY_SIZE(way_keys), key,
				   &plan->targets[i].way, value);
}

/* "net.<index>.<key>" */
static int decode_net(struct kd_plan *plan, const char *key, const char *value)
{
	size_t i;
	int r = decode_index(key, KD_PLAN_NETS, &plan->n_nets, &i, &key);

	return r < 0 ? r
		     : decode_key(net_keys, ARRAY_SIZE(net_keys), key, &plan->nets[i],
				  value);
}

/* "stack.<index>.<key>", "stack.<index>.device.<index>" */
static int decode_stack(struct kd_plan *plan, const char *key, const char *value)
{
	struct kd_plan_stack *s;
	size_t i;
	int r = decode_index(key, KD_PLAN_STACK, &plan->n_stack, &i, &key);

	if (r < 0)
		return r;
	s = &plan->stack[i];
	if (strncmp(key, "device.", 7) != 0)
		return decode_key(stack_keys, ARRAY_SIZE(stack_keys), key, s, value);
	r = decode_index(key + 7, KD_PLAN_STACK_DEVICES, &s->n_devices, &i, &key);
	if (r < 0 || *key)
		return r < 0 ? r : -EINVAL;
	return decode_value(&device_key, s->devices[i], value);
}

/* "fence.<index>.<key>" */
static int decode_fence(struct kd_plan *plan, const char *key, const char *value)
{
	size_t i;
	int r = decode_index(key, KD_PLAN_FENCES, &plan->n_fences, &i, &key);

	if (r < 0)
		return r;
	r = decode_key(fence_keys, ARRAY_SIZE(fence_keys), key, &plan->fences[i], value);
	return r >= 0 ? r
		      : decode_key(way_keys, ARRAY_SIZE(way_keys), key,
				   &plan->fences[i].way, value);
}

static int decode_line(struct kd_plan *plan, const struct kd_lines *it)
{
	char key[KEY_SIZE], value[KD_PLAN_TABLE];
	int r;

	r = kd_lines_key_value(it, key, sizeof(key), value, sizeof(value));
	if (r < 0)
		return -EINVAL;
	if (strncmp(key, "target.", 7) == 0)
		return decode_target(plan, key + 7, value);
	if (strncmp(key, "net.", 4) == 0)
		return decode_net(plan, key + 4, value);
	if (strncmp(key, "stack.", 6) == 0)
		return decode_stack(plan, key + 6, value);
	if (strncmp(key, "fence.", 6) == 0)
		return decode_fence(plan, key + 6, value);
	return decode_key(plan_keys, ARRAY_SIZE(plan_keys), key, plan, value);
}

static bool is_version_line(const struct kd_lines *it)
{
	char want[32];
	int n = snprintf(want, sizeof(want), VERSION_LINE " %d", KD_PLAN_VERSION);

	return n > 0 && it->length == (size_t)n &&
	       memcmp(it->line, want, it->length) == 0;
}

int kd_plan_decode(const char *text, size_t size, struct kd_plan *ret,
		   struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	int r, first = 0;

	kd_plan_init(ret);
	if (size > KD_PLAN_MAX_SIZE)
		return kd_fail(err, -EFBIG, "plan");
	if (!kd_lines_next(&it) || !is_version_line(&it))
		return kd_fail_msg(err, -EPROTO,
				   "plan: first line is not \"" VERSION_LINE " %d\"",
				   KD_PLAN_VERSION);
	while (kd_lines_next(&it)) {
		r = decode_line(ret, &it);
		if (r < 0 && first == 0)
			first = kd_fail(err, r, "plan: line %u", it.number);
	}
	if (ret->phase_timeout == 0 || ret->total_timeout == 0) {
		struct kd_plan defaults;

		kd_plan_init(&defaults);
		ret->phase_timeout = defaults.phase_timeout;
		ret->total_timeout = defaults.total_timeout;
		if (first == 0)
			first = kd_fail_msg(err, -EINVAL, "plan: a timeout of 0 s");
	}
	return first;
}
