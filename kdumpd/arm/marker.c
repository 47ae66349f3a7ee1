/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The marker of this boot: see marker.h. Each change reads it, moves another boot's out
 * of the way and writes it whole. Called by arm.c and by the daemon.
 */
#include "kdumpd/arm/marker.h"

#include <string.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/fields.h"

#define MARKER_MAX 8192

static const struct kd_field items[] = {
	KD_FIELD_TEXT(struct kd_marker, boot_id),
	KD_FIELD_NUMBER(struct kd_marker, begun_at),
	KD_FIELD_NUMBER(struct kd_marker, armed),
	KD_FIELD_TEXT(struct kd_marker, key),
	KD_FIELD_TEXT(struct kd_marker, release),
	KD_FIELD_TEXT(struct kd_marker, target),
	KD_FIELD_NUMBER(struct kd_marker, armed_at),
	KD_FIELD_NUMBER(struct kd_marker, ended_at),
	KD_FIELD_NUMBER(struct kd_marker, test),
	KD_FIELD_TEXT(struct kd_marker, error),
};

static const struct kd_fields fields = { items, ARRAY_SIZE(items), MARKER_MAX };

int kd_marker_read(int root_fd, const char *path, struct kd_marker *ret,
		   struct kd_error *err)
{
	struct kd_marker m = { .boot_id = "" };
	int r = kd_fields_read(&fields, root_fd, path, &m, err);

	if (r < 0)
		return r;
	*ret = m;
	return 0;
}

/* This boot's marker as it is; a new one, with the old one moved away, at the first
 * change of a boot. One that cannot be read is as good as none. */
static int begin(int root_fd, struct kd_marker *ret, struct kd_error *err)
{
	char boot_id[KD_BOOT_ID_SIZE];
	int r;

	r = kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			    sizeof(boot_id), err);
	if (r < 0)
		return r;
	r = kd_marker_read(root_fd, KD_MARKER_PATH, ret, NULL);
	if (r >= 0 && strcmp(ret->boot_id, boot_id) == 0)
		return 0;
	if (r >= 0 && renameat(root_fd, KD_MARKER_PATH, root_fd, KD_MARKER_PATH_LAST) < 0)
		return kd_fail(err, -errno, "/" KD_MARKER_PATH_LAST);
	*ret = (struct kd_marker) { .begun_at = (uint64_t)time(NULL) };
	memcpy(ret->boot_id, boot_id, sizeof(ret->boot_id));
	return 0;
}

static int finish(int root_fd, const struct kd_marker *marker, struct kd_error *err)
{
	struct kd_marker old;
	int r;

	if (kd_marker_read(root_fd, KD_MARKER_PATH, &old, NULL) >= 0 &&
	    memcmp(&old, marker, sizeof(old)) == 0)
		return 0;
	r = kd_mkdir_p_at(root_fd, KD_LIB_DIR, 0700, err);
	if (r < 0)
		return r;
	return kd_fields_write(&fields, root_fd, KD_MARKER_PATH, marker, 0600, err);
}

/* Into a field whose rest is zeroed, so that two markers compare as bytes. */
static void put(char *to, size_t size, const char *text)
{
	memset(to, 0, size);
	memcpy(to, text, strnlen(text, size - 1));
}

int kd_marker_armed(int root_fd, const struct kd_state *state, struct kd_error *err)
{
	struct kd_marker m;
	int r;

	r = begin(root_fd, &m, err);
	if (r < 0)
		return r;
	m.armed = 1;
	m.armed_at = state->armed_at;
	m.ended_at = 0;
	m.test = state->test;
	put(m.key, sizeof(m.key), state->key);
	put(m.release, sizeof(m.release), state->release);
	put(m.target, sizeof(m.target), state->target);
	put(m.error, sizeof(m.error), "");
	return finish(root_fd, &m, err);
}

int kd_marker_disarmed(int root_fd, const char *why, struct kd_error *err)
{
	struct kd_marker m;
	int r;

	r = begin(root_fd, &m, err);
	if (r < 0)
		return r;
	m.armed = 0;
	put(m.error, sizeof(m.error), why);
	return finish(root_fd, &m, err);
}

int kd_marker_shutdown(int root_fd, uint64_t now, struct kd_error *err)
{
	struct kd_marker m;
	int r;

	r = begin(root_fd, &m, err);
	if (r < 0)
		return r;
	m.ended_at = now;
	return finish(root_fd, &m, err);
}
