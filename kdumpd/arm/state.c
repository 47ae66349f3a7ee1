/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State file and judgement: see state.h. Trusts nothing in the file beyond its being
 * root's. Called by arm.c, the daemon and kdumpctl.
 */
#include "kdumpd/arm/state.h"

#include <fcntl.h>
#include <string.h>

#include "kdumpd/arm/hardware.h"
#include "kdumpd/fields.h"

#define STATE_MAX 16384

#define TEXT(member)   KD_FIELD_TEXT(struct kd_state, member)
#define NUMBER(member) KD_FIELD_NUMBER(struct kd_state, member)

static const struct kd_field items[] = {
	TEXT(boot_id),
	TEXT(key),
	TEXT(config),
	TEXT(release),
	TEXT(kernel),
	TEXT(image),
	TEXT(image_sha256),
	TEXT(cmdline),
	TEXT(secret),
	TEXT(target),
	TEXT(collector),
	TEXT(loaded_by),
	TEXT(cpus),
	TEXT(memory),
	NUMBER(image_bytes),
	NUMBER(armed_at),
	NUMBER(arm_ms),
	NUMBER(reserved),
	NUMBER(estimate),
	NUMBER(test),
	NUMBER(error_at),
	TEXT(error),
	NUMBER(crash_loop_limit),
	TEXT(devices),
};

static const struct kd_fields fields = { items, ARRAY_SIZE(items), STATE_MAX };

int kd_state_encode(const struct kd_state *state, struct kd_strbuf *out,
		    struct kd_error *err)
{
	return kd_fields_encode(&fields, state, out, err);
}

int kd_state_decode(const char *text, size_t size, struct kd_state *ret,
		    struct kd_error *err)
{
	struct kd_state state = { .boot_id = "" };
	int r = kd_fields_decode(&fields, text, size, &state, err);

	if (r < 0)
		return r;
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
	struct kd_state state = { .boot_id = "" };
	int r = kd_fields_read(&fields, root_fd, path, &state, err);

	if (r < 0)
		return r;
	*ret = state;
	return 0;
}

int kd_state_write(int root_fd, const char *path, const struct kd_state *state,
		   struct kd_error *err)
{
	return kd_fields_write(&fields, root_fd, path, state, 0644, err);
}

enum kd_armed kd_state_judge(const struct kd_state *state, const struct kd_armed_now *now)
{
	if (!now->loaded)
		return KD_ARMED_NOTHING;
	if (!state || strcmp(state->boot_id, now->boot_id) != 0)
		return KD_ARMED_FOREIGN;
	if (now->unfinished)
		return KD_ARMED_UNFINISHED;
	if (strcmp(state->release, now->release) != 0)
		return KD_ARMED_OTHER_KERNEL;
	if (now->config && strcmp(state->config, now->config) != 0)
		return KD_ARMED_OLD_CONFIG;
	if (now->reserved && state->reserved && now->reserved != state->reserved)
		return KD_ARMED_OTHER_RESERVATION;
	if (now->hardware && kd_hardware_changed(state, now->hardware))
		return KD_ARMED_OLD_HARDWARE;
	return KD_ARMED_YES;
}
