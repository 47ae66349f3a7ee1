/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/backend/freebsd: models stand for the kernel, the one of the page and the one of
 * the code. Whatever the backend lets through, both answer 0 and hold the same memory.
 */
#include "kexec/backend/freebsd.h"

#include <sys/mman.h>

#include "kexec/backend/freebsd-memory.h"
#include "tests/kexec/model-freebsd.h"
#include "tests/unit/test.h"

#define PAGE 4096ull
#define MIB  (1ull << 20)

static const struct model_freebsd healthy = {
	.segs = { { 0x1000, 0x9f000 },
		  { 0x100000, 0x20000000 },
		  { 0x20000000, 0x40000000 }, /* a neighbour */
		  { 0x100000000, 0x140000000 } },
	.n_segs = 4,
	.free = 1024 * MIB,
};

static const uint8_t bytes[16 * PAGE] = { 1, 2, 3 };

/* Two segments, one below and one above 4 GiB; what a test changes of it. */
static struct kd_kexec_plan plan_of(void)
{
	return (struct kd_kexec_plan) {
		.purpose = KD_KEXEC_REBOOT,
		.arch = KD_ARCH_X86_64,
		.segments = { { bytes, sizeof(bytes), 0x10000000, 4 * MIB,
				KD_SEGMENT_KERNEL, true },
			      { bytes, 5000, 0x100000000, 2 * PAGE, KD_SEGMENT_PURGATORY,
				false } },
		.n = 2,
		.entry = 0x100000000,
	};
}

struct fixture {
	struct model_freebsd model;
	struct kd_freebsd system;
	struct kd_kexec_backend backend;
	struct kd_kexec_plan plan;
	struct kd_error err;
};

static void setup(struct fixture *f, enum model_reading reading, bool invariants)
{
	*f = (struct fixture) { .model = healthy, .plan = plan_of() };
	f->model.reading = reading;
	f->model.invariants = invariants;
	f->system = model_freebsd_calls(&f->model);
	f->backend = kd_freebsd_backend(&f->system);
}

static int load(struct fixture *f)
{
	struct kd_kexec_load what = { .purpose = f->plan.purpose, .plan = &f->plan };

	kd_error_reset(&f->err);
	return f->backend.ops->load(f->backend.context, &what, &f->err);
}

static void good(struct test *t)
{
	struct fixture f;

	for (int i = 0; i < 4; i++) {
		setup(&f, i & 1 ? MODEL_SNAPSHOT : MODEL_PAGE, i & 2);
		CHECK_INT(t, load(&f), 0);
		CHECK_STR(t, f.err.message, "");
		CHECK_INT(t, f.model.last.verdict, MODEL_RETURNS);
		CHECK_INT(t, f.model.image.n, 2);
		CHECK_INT(t, f.model.image.entry, 0x100000000);
		CHECK_INT(t, f.model.image.parts[1].mem, 0x100000000);
		CHECK_INT(t, f.model.image.parts[1].bufsz, 5000);
		CHECK_INT(t, f.model.locked, 0);
		CHECK_INT(t, f.backend.ops->execute(f.backend.context, &f.err), -EPERM);
		CHECK_INT(t, f.model.jumps, 1);
	}
}

static void once(struct test *t)
{
	struct fixture f;

	setup(&f, MODEL_SNAPSHOT, true);
	CHECK_INT(t, load(&f), 0);
	CHECK_INT(t, load(&f), -EALREADY);
	CHECK(t, strstr(f.err.message, "FreeBSD 16 takes one"));
	CHECK_INT(t, f.model.calls, 1);
	/* another process of the same boot: all that it shares is the note */
	f.backend = kd_freebsd_backend(&f.system);
	CHECK_INT(t, load(&f), -EALREADY);
	CHECK_INT(t, f.model.calls, 1);
	CHECK_INT(t, f.backend.ops->unload(f.backend.context, KD_KEXEC_REBOOT, &f.err),
		  -ENOTSUP);
	CHECK_INT(t, f.backend.ops->loaded(f.backend.context, KD_KEXEC_REBOOT), -ENOTSUP);
	CHECK_INT(t, f.model.calls, 1);
	CHECK_INT(t, f.model.locked, 0);
}

static void nothing_to_execute(struct test *t)
{
	struct fixture f;

	setup(&f, MODEL_SNAPSHOT, false);
	CHECK_INT(t, f.backend.ops->execute(f.backend.context, &f.err), -ENOENT);
	CHECK_INT(t, f.model.restarts, 0);
}

/* Why each of these is no load: a word of the sentence, and no call was made. */
static void refused_before(struct test *t, struct fixture *f, int code, const char *word)
{
	CHECK_INT(t, load(f), code);
	if (!strstr(f->err.message, word))
		test_failed(t, __FILE__, __LINE__, "\"%s\" has no \"%s\"", f->err.message,
			    word);
	CHECK_INT(t, f->model.calls, 0);
	CHECK_INT(t, f->model.claimed, 0);
	CHECK_INT(t, f->model.locked, 0);
}

static void refusals(struct test *t)
{
	struct kd_kexec_load files = { .purpose = KD_KEXEC_REBOOT };
	struct fixture f;

	setup(&f, MODEL_SNAPSHOT, true);
	f.plan.purpose = KD_KEXEC_CRASH;
	refused_before(t, &f, -ENOTSUP, "dumpon");
	setup(&f, MODEL_SNAPSHOT, true);
	CHECK_INT(t, f.backend.ops->load(f.backend.context, &files, &f.err), -ENOTSUP);
	f.model.la57 = true;
	refused_before(t, &f, -ENOTSUP, "five-level");
	f.model.la57 = false;
	f.plan.n = 0;
	refused_before(t, &f, -EINVAL, "takes 1 to 16");
	f.plan.n = 2;
	f.model.free = 8 * MIB;
	refused_before(t, &f, -ENOMEM, "wait for ever");
	f.model.free = 1024 * MIB;
	f.plan.segments[1].mem = 0x20000000 - PAGE; /* across two that meet */
	f.plan.entry = f.plan.segments[1].mem;
	refused_before(t, &f, -EINVAL, "one entry of vm.phys_segs");
	f.plan.segments[1].mem = 0x40000000;
	f.plan.entry = f.plan.segments[1].mem;
	refused_before(t, &f, -EINVAL, "");
}

static void buffers(struct test *t)
{
	uint8_t *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fixture f;

	CHECK(t, map != MAP_FAILED);
	CHECK_INT(t, munmap(map + PAGE, PAGE), 0);
	setup(&f, MODEL_SNAPSHOT, true);
	f.plan.segments[0].buf = map;
	f.plan.segments[0].bufsz = 2 * PAGE;
	refused_before(t, &f, -EFAULT, "");
	CHECK_INT(t, munmap(map, PAGE), 0);
}

static void answers(struct test *t)
{
	struct fixture f;

	setup(&f, MODEL_SNAPSHOT, true);
	f.model.unprivileged = true;
	CHECK_INT(t, load(&f), -EPERM);
	CHECK(t, strstr(f.err.message, "PRIV_REBOOT"));
	CHECK_INT(t, f.model.claimed, 0);
	f.model.unprivileged = false;
	f.model.busy = true;
	CHECK_INT(t, load(&f), -EBUSY);
	CHECK_INT(t, f.model.calls, 2); /* not tried again: the other one's load counts */
	f.model.busy = false;
	CHECK_INT(t, load(&f), -EALREADY);
	CHECK_INT(t, f.model.calls, 2);
}

static void phys_segs(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		size_t n;
	} rows[] = {
		{ "\nSEGMENT 0:\n\nstart:     0x10000\nend:       0x9b000\ndomain:    0\n"
		  "free list: 0xffffffff81e30a10\n\nSEGMENT 1:\n\nstart:     0x100000\n"
		  "end:       0x1000000\ndomain:    0\nfree list: 0xffffffff81e30a10\n",
		  0, 2 },
		{ "start: 0\nend: 0x1000", 0, 1 },
		{ "", -EBADMSG, 0 },
		{ "SEGMENT 0:\n", -EBADMSG, 0 },
		{ "start: 0x1000\n", -EBADMSG, 0 },
		{ "end: 0x1000\n", -EBADMSG, 0 },
		{ "start: 0x1000\nstart: 0x2000\nend: 0x3000\n", -EBADMSG, 0 },
		{ "start: 0x1000\nend: 0x1000\n", -EBADMSG, 0 },
		{ "start: 0x1000\nend: 0x10000000000000000\n", -EBADMSG, 0 },
		{ "start: rubbish\nend: 0x1000\n", -EBADMSG, 0 },
		{ "start:\nend: 0x1000\n", -EBADMSG, 0 },
		{ "start: 0x00000000000000000000000000001000\nend: 0x2000\n", -EBADMSG,
		  0 },
	};
	struct kd_freebsd_memory memory;
	char many[4096] = "";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r = kd_freebsd_phys_parse(rows[i].text, strlen(rows[i].text), &memory,
					      NULL);

		if (r != rows[i].r || (r == 0 && memory.n != rows[i].n))
			test_failed(t, __FILE__, __LINE__, "row %zu: %d", i, r);
	}
	for (int i = 0; i < KD_FREEBSD_PHYS_SEGS; i++)
		(void)strcat(many, "start: 0x1000\nend: 0x2000\n");
	CHECK_INT(t, kd_freebsd_phys_parse(many, strlen(many), &memory, NULL), 0);
	CHECK_INT(t, memory.n, KD_FREEBSD_PHYS_SEGS);
	(void)strcat(many, "start: 0x1000\nend: 0x2000\n");
	CHECK_INT(t, kd_freebsd_phys_parse(many, strlen(many), &memory, NULL), -E2BIG);
}

static uint64_t step(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Mostly good values, some of those on which page and code differ. */
static void random_plan(struct kd_kexec_plan *plan, uint64_t *state)
{
	static const uint64_t bases[] = { 0x10000000, 0x11000000, 0x1f000000, 0x100000000,
					  0x120000000 };

	*plan = (struct kd_kexec_plan) { .arch = KD_ARCH_X86_64,
					 .n = 1 + step(state) % 4 };
	for (size_t i = 0; i < plan->n; i++) {
		struct kd_kexec_segment *s = &plan->segments[i];

		s->mem = bases[step(state) % ARRAY_SIZE(bases)] + step(state) % 64 * PAGE;
		s->memsz = (1 + step(state) % 8) * PAGE;
		s->buf = bytes;
		s->bufsz = step(state) % (MIN(s->memsz, sizeof(bytes)) + 1);
		switch (step(state) % 24) {
		case 0:
			s->mem += 1 + step(state) % 8 * 512;
			break;
		case 1:
			s->memsz = 0;
			s->bufsz = 0;
			break;
		case 2:
			s->memsz -= step(state) % PAGE;
			break;
		case 3:
			s->buf = NULL;
			break;
		case 4:
			s->memsz = UINT64_MAX - s->mem + 1 + step(state) % 4 * PAGE;
			break;
		case 5:
			s->bufsz = s->memsz + 1;
			break;
		case 6:
			s->mem = 0x20000000 - step(state) % 8 * PAGE;
			break;
		default:
			break;
		}
	}
	plan->entry = plan->segments[0].mem;
}

static void let_through(struct test *t)
{
	struct fixture page, code, checked;
	uint64_t state = 0x9e3779b97f4a7c15;
	unsigned int through = 0, refused = 0, faults = 0;

	for (int i = 0; i < 20000; i++) {
		struct kd_freebsd_segment raw[4];
		int r;

		setup(&page, MODEL_PAGE, true);
		setup(&code, MODEL_SNAPSHOT, false);
		setup(&checked, MODEL_SNAPSHOT, true);
		random_plan(&page.plan, &state);
		code.plan = checked.plan = page.plan;
		r = load(&page);
		CHECK_INT(t, load(&code), r);
		CHECK_INT(t, load(&checked), r);
		if (r < 0) {
			refused++;
			CHECK_INT(t, page.model.calls + code.model.calls, 0);
			for (size_t k = 0; k < page.plan.n; k++)
				raw[k] = (struct kd_freebsd_segment) {
					(void *)page.plan.segments[k].buf,
					page.plan.segments[k].bufsz,
					page.plan.segments[k].mem,
					page.plan.segments[k].memsz
				};
			faults += model_freebsd_load(&code.model, 0, page.plan.n, raw, 0)
					  .verdict != MODEL_RETURNS;
			continue;
		}
		through++;
		CHECK_INT(t, page.model.last.verdict, MODEL_RETURNS);
		CHECK_INT(t, code.model.last.verdict, MODEL_RETURNS);
		CHECK_INT(t, checked.model.last.verdict, MODEL_RETURNS);
		CHECK(t, model_image_same(&page.model.image, &code.model.image));
		CHECK(t, model_image_same(&page.model.image, &checked.model.image));
		CHECK_INT(t, page.model.image.n, page.plan.n);
	}
	printf("# %u let through, %u refused, %u of those panic or corrupt\n", through,
	       refused, faults);
	CHECK(t, through > 2000 && faults > 1000);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "a good plan is loaded and entered, whatever the kernel", good },
		{ "one load in a boot, no unload, no asking", once },
		{ "nothing loaded: no silent restart", nothing_to_execute },
		{ "what is refused before the call", refusals },
		{ "a buffer that cannot be read never reaches the kernel", buffers },
		{ "the kernel's answers", answers },
		{ "vm.phys_segs", phys_segs },
		{ "what is let through is the same on page and code", let_through },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
