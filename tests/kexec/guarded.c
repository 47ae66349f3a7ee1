/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guarded loads of every kind of row: see guarded.h.
 */
#include "tests/kexec/guarded.h"

#include <stdio.h>
#include <string.h>

#define PAGE 4096ull

static uint64_t symbol(const struct table_symbol *symbols, const char *name)
{
	uint64_t v = 0;

	(void)table_number(symbols, name, &v);
	return v;
}

void guarded_init(struct guarded *g)
{
	const struct table_symbol *from = g->performer->symbols;
	size_t i;

	/* the last ones stay without a name */
	for (i = 0; from[i].name && i + 1 < ARRAY_SIZE(g->symbols); i++) {
		g->symbols[i] = from[i];
		if (strcmp(from[i].name, "M") == 0)
			g->symbols[i].value = symbol(from, "C");
	}
}

/* Zircon's plans are not looked at by load.c: its rules are about what they become. */
static struct kd_load_place blinded(const struct guarded *g,
				    struct kd_kexec_backend_ops *ops)
{
	struct kd_load_place place = g->place;

	*ops = *g->place.backend.ops;
	if (g->blind)
		ops->system = KD_KEXEC_ZIRCON;
	place.backend.ops = ops;
	return place;
}

static struct kd_kexec_plan last_good_plan(const struct guarded *g)
{
	return (struct kd_kexec_plan) {
		.purpose = KD_KEXEC_CRASH,
		.arch = KD_ARCH_X86_64,
		.entry = symbol(g->symbols, "C"),
		.n = 1,
		.segments = { { .buf = g->performer->buffers.page,
				.bufsz = PAGE,
				.mem = symbol(g->symbols, "C"),
				.memsz = PAGE } },
	};
}

static int try(struct guarded *g, const struct kd_kexec_load *load, char *words,
	       size_t size)
{
	const struct kd_kexec_plan plan = last_good_plan(g);
	const struct kd_kexec_load last_good = { .purpose = KD_KEXEC_CRASH,
						 .plan = &plan };
	const struct kd_kexec_backend *backend = &g->place.backend;
	struct kd_kexec_backend_ops ops;
	const struct kd_load_place place = blinded(g, &ops);
	struct kd_error err = { 0 };
	enum kd_load_left left;
	int r;

	r = backend->ops->load(backend->context, &last_good, &err);
	if (r < 0) {
		(void)snprintf(words, size, "arming: %s", err.message);
		return -1;
	}
	kd_error_reset(&err);
	r = kd_kexec_load_guarded(&place, load, &last_good, &left, &err);
	g->tried++;
	g->refused += r < 0;
	g->again += left == KD_LOAD_LEFT_LAST_GOOD;
	if (backend->ops->loaded(backend->context, KD_KEXEC_CRASH) == 1 &&
	    left != KD_LOAD_LEFT_NOTHING && (r < 0) == (left != KD_LOAD_LEFT_NEW))
		return 0;
	(void)snprintf(words, size, "%d, left %d: %s", r, (int)left, err.message);
	return -1;
}

static int try_plan(struct guarded *g, const struct table_step *step, char *words,
		    size_t size)
{
	const uint64_t hotplug = KD_KEXEC_UPDATE_ELFCOREHDR |
				 KD_KEXEC_CRASH_HOTPLUG_SUPPORT;
	struct kd_kexec_plan plan = { .purpose = KD_KEXEC_CRASH, .arch = KD_ARCH_X86_64 };
	const struct kd_kexec_load load = { .purpose = KD_KEXEC_CRASH, .plan = &plan };
	struct perform_load l;

	if (!perform_load_read(step, g->symbols, &g->performer->buffers, &l) ||
	    l.n != l.n_own || l.n == 0 || l.n > KD_KEXEC_SEGMENTS || !l.segments)
		return 1;
	(void)perform_call(&l, KD_KEXEC_LINUX, plan.segments);
	plan.n = (size_t)l.n;
	plan.entry = l.entry;
	plan.hotplug = l.flags & hotplug;
	if (l.flags & KD_KEXEC_ARCH_MASK)
		plan.arch = KD_ARCH_I386; /* whatever it names, it is another one */
	return try(g, &load, words, size);
}

static int try_files(struct guarded *g, const struct table_step *step, char *words,
		     size_t size)
{
	_cleanup_(perform_file_done) struct perform_file f;
	struct kd_kexec_files files = { .kernel_path = "kernel" };
	const struct kd_kexec_load load = { .purpose = KD_KEXEC_CRASH, .files = &files };

	if (!perform_file_read(step, &g->performer->files, &g->performer->buffers, &f) ||
	    f.cmdline != f.text)
		return 1;
	files.kernel_fd = f.kernel_fd;
	files.initrd_fd = f.initrd_fd;
	files.cmdline = f.cmdline;
	files.flags = f.flags & ~KD_KEXEC_FILE_ON_CRASH;
	return try(g, &load, words, size);
}

int guarded_row(struct guarded *g, const struct table_step *step, char *words,
		size_t size)
{
	if (table_has_word(step->call, "user") ||
	    table_has_word(step->call, "abi=i386") ||
	    table_has_word(step->call, "segments=kernel"))
		return 1;
	if (strncmp(step->call, "load ", 5) == 0)
		return try_plan(g, step, words, size);
	if (strncmp(step->call, "file ", 5) == 0)
		return try_files(g, step, words, size);
	return 1;
}
