/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State file and judgement: see state.h. One table names every key, so that writing and
 * reading cannot drift apart. Trusts nothing in the file beyond its being root's.
 */
#include "kdumpd/arm/state.h"

#include <inttypes.h>
#include <string.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"

#define STATE_MAX 16384

struct key {
	const char *name;
	bool number;
	size_t offset, size;
};

#define KEY(f, n)                                            \
	{                                                    \
#f, n, offsetof(struct kd_state, f),         \
			sizeof(((struct kd_state *)NULL)->f) \
	}

static const struct key keys[] = {
	KEY(boot_id, false),	  KEY(key, false),     KEY(config, false),
	KEY(release, false),	  KEY(kernel, false),  KEY(image, false),
	KEY(image_sha256, false), KEY(cmdline, false), KEY(target, false),
	KEY(loaded_by, false),	  KEY(cpus, false),    KEY(memory, false),
	KEY(image_bytes, true),	  KEY(armed_at, true), KEY(error_at, true),
	KEY(error, false),
};

static void add_string(struct kd_strbuf *out, const char *s)
{
	for (; *s; s++) {
		char c = (unsigned char)*s < 0x20 ? '?' : *s;

		kd_strbuf_add(out, &c, 1);
	}
}

int kd_state_encode(const struct kd_state *state, struct kd_strbuf *out,
		    struct kd_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *p = (const char *)state + keys[i].offset;

		kd_strbuf_addf(out, "%s=", keys[i].name);
		if (keys[i].number)
			kd_strbuf_addf(out, "%" PRIu64,
				       *(const uint64_t *)(const void *)p);
		else
			add_string(out, p);
		kd_strbuf_adds(out, "\n");
	}
	return out->status < 0 ? kd_fail(err, out->status, "state") : 0;
}

static int decode_line(struct kd_state *state, const struct kd_lines *it)
{
	char name[32], value[KD_CMDLINE_SIZE];
	int r;

	r = kd_lines_key_value(it, name, sizeof(name), value, sizeof(value));
	if (r < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char *p = (char *)state + keys[i].offset;

		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (keys[i].number)
			return kd_parse_u64(value, (uint64_t *)(void *)p);
		if (strlen(value) >= keys[i].size)
			return -EINVAL;
		memcpy(p, value, strlen(value) + 1);
		return 0;
	}
	return 0;
}

int kd_state_decode(const char *text, size_t size, struct kd_state *ret,
		    struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct kd_state state = { 0 };

	while (kd_lines_next(&it))
		if (decode_line(&state, &it) < 0)
			return kd_fail_msg(err, -EINVAL,
					   "line %u makes no sense; `kdumpctl start` "
					   "writes it anew",
					   it.number);
	*ret = state;
	return 0;
}

int kd_state_read(int root_fd, struct kd_state *ret, struct kd_error *err)
{
	return kd_state_read_at(root_fd, KD_STATE_PATH, ret, err);
}

bool kd_state_unfinished(int root_fd)
{
	return faccessat(root_fd, KD_STATE_PATH_NEW, F_OK, 0) >= 0;
}

int kd_state_read_at(int root_fd, const char *path, struct kd_state *ret,
		     struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_read_file_at(root_fd, path, STATE_MAX, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_state_decode(text, size, ret, err);
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

int kd_state_write(int root_fd, const char *path, const struct kd_state *state,
		   struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	int r;

	kd_strbuf_init(&text, STATE_MAX);
	r = kd_state_encode(state, &text, err);
	if (r < 0)
		return r;
	return kd_replace_file_at(root_fd, path, kd_strbuf_text(&text), text.length, 0644,
				  err);
}

enum kd_armed kd_state_judge(const struct kd_state *state, bool loaded,
			     const char *boot_id, const char *release, const char *config)
{
	if (!loaded)
		return KD_ARMED_NOTHING;
	if (!state || strcmp(state->boot_id, boot_id) != 0)
		return KD_ARMED_FOREIGN;
	if (strcmp(state->release, release) != 0)
		return KD_ARMED_OTHER_KERNEL;
	if (config && strcmp(state->config, config) != 0)
		return KD_ARMED_OLD_CONFIG;
	return KD_ARMED_YES;
}

const char *kd_armed_reason(enum kd_armed armed)
{
	switch (armed) {
	case KD_ARMED_YES:
		return NULL;
	case KD_ARMED_NOTHING:
		return "no capture kernel is loaded";
	case KD_ARMED_FOREIGN:
		return "a capture kernel is loaded, but not by kdumpd: run `kdumpctl "
		       "start`";
	case KD_ARMED_OTHER_KERNEL:
		return "what is loaded was made for another kernel: run `kdumpctl start`";
	case KD_ARMED_OLD_CONFIG:
		return "the configuration has changed since: run `kdumpctl reload`";
	}
	return NULL;
}
