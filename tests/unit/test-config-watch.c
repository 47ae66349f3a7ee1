/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config-watch: what is of the configuration, and folders that come, go and are
 * moved under its eyes.
 */
#include "kdumpd/config-watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void names(struct test *t)
{
	static const struct {
		const char *folder, *name;
		bool counts;
	} rows[] = {
		{ "etc", "kdump.conf", true },
		{ "etc", "kdump.conf.d", true },
		{ "etc", "sysconfig", true },
		{ "etc", "kdump.conf~", false },
		{ "etc", ".#kdump.conf.tmp", false },
		{ "etc", "resolv.conf", false },
		{ "etc", "", false },
		{ "etc/sysconfig", "kdump", true },
		{ "etc/sysconfig", "network", false },
		{ "etc/default", "kdumpd", true },
		{ "etc/default", "kdump", false },
		{ "usr/lib", "kdump.conf.d", true },
		{ "usr/lib", "os-release", false },
		{ "etc/kdump.conf.d", "10-a.conf", true },
		{ "etc/kdump.conf.d", ".10-a.conf", false },
		{ "etc/kdump.conf.d", "10-a.conf.swp", false },
		{ "usr/lib/kdump.conf.d", "a.conf", true },
		{ "usr/lib/kdump.conf.d", "README", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (kd_config_watch_counts(rows[i].folder, rows[i].name) !=
		    rows[i].counts)
			test_failed(t, __FILE__, __LINE__, "%s/%s", rows[i].folder,
				    rows[i].name);
}

struct world {
	struct fake_root root;
	sd_event *event;
	struct kd_config_watch watch;
	unsigned int told;
};

static void on_told(void *context)
{
	struct world *w = context;

	w->told++;
}

static void world_done(struct world *w)
{
	kd_config_watch_done(&w->watch);
	sd_event_unref(w->event);
	fake_root_done(&w->root);
}

/* Whether anything was told of what was done since; the kernel queues at once. */
static bool was_told(struct test *t, struct world *w)
{
	w->told = 0;
	for (int r = 1; r > 0;)
		CHECK(t, (r = sd_event_run(w->event, 0)) >= 0);
	return w->told > 0;
}

static void events(struct test *t)
{
	_cleanup_(world_done) struct world w = { .root = fake_root_new() };
	const struct fake_root *root = &w.root;

	CHECK_INT(t, sd_event_new(&w.event), 0);
	fake_text(root, "etc/hosts", "");
	CHECK_INT(t, kd_config_watch_init(&w.watch, w.event, root->fd, on_told, &w), 0);
	CHECK(t, !was_told(t, &w));

	fake_text(root, "etc/kdump.conf", "path /a\n");
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/hosts", "x\n");
	CHECK(t, !was_told(t, &w));
	fake_text(root, "etc/new", "path /b\n");
	CHECK(t, !was_told(t, &w));
	CHECK_INT(t, renameat(root->fd, "etc/new", root->fd, "etc/kdump.conf"), 0);
	CHECK(t, was_told(t, &w));
	CHECK_INT(t, unlinkat(root->fd, "etc/kdump.conf", 0), 0);
	CHECK(t, was_told(t, &w));

	/* a folder that comes is watched from then on */
	CHECK_INT(t, kd_mkdir_p_at(root->fd, "etc/kdump.conf.d", 0755, NULL), 0);
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/a.conf", "path /c\n");
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/a.txt", "path /c\n");
	CHECK(t, !was_told(t, &w));
	CHECK_INT(t, kd_mkdir_p_at(root->fd, "etc/sysconfig", 0755, NULL), 0);
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/sysconfig/kdump", "\n");
	CHECK(t, was_told(t, &w));
}

/* Another folder of that name is another folder. */
static void folders(struct test *t)
{
	_cleanup_(world_done) struct world w = { .root = fake_root_new() };
	const struct fake_root *root = &w.root;

	CHECK_INT(t, sd_event_new(&w.event), 0);
	fake_text(root, "etc/kdump.conf.d/a.conf", "");
	CHECK_INT(t, kd_config_watch_init(&w.watch, w.event, root->fd, on_told, &w), 0);
	CHECK_INT(t, renameat(root->fd, "etc/kdump.conf.d", root->fd, "etc/old"), 0);
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/old/a.conf", "x");
	CHECK(t, !was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/b.conf", "");
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/c.conf", "");
	CHECK(t, was_told(t, &w));
	CHECK_INT(t, unlinkat(root->fd, "etc/kdump.conf.d/b.conf", 0), 0);
	CHECK_INT(t, unlinkat(root->fd, "etc/kdump.conf.d/c.conf", 0), 0);
	CHECK_INT(t, unlinkat(root->fd, "etc/kdump.conf.d", AT_REMOVEDIR), 0);
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/d.conf", "");
	CHECK(t, was_told(t, &w));
	fake_text(root, "etc/kdump.conf.d/d.conf", "x");
	CHECK(t, was_told(t, &w));
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "which names count", names },
		{ "files", events },
		{ "folders that come and go", folders },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
