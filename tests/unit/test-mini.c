/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/mini/: sets of frames, the two views of memory, and what is chosen of a
 * small dead kernel, whole and damaged.
 */
#include <elf.h>

#include "makedumpfile/mini/mini.h"
#include "tests/unit/fake-kernel.h"
#include "tests/unit/test.h"

static void frames(struct test *t)
{
	struct kd_frames f;
	kd_pfn_t from = 0, end = 0;

	CHECK_INT(t, kd_frames_init(&f, 5, NULL), 0);
	CHECK(t, kd_frames_add(&f, 7));
	CHECK(t, kd_frames_add(&f, 6));
	CHECK(t, kd_frames_add(&f, UINT64_MAX - 1));
	CHECK(t, kd_frames_add(&f, 7));
	CHECK_INT(t, f.n, 3);
	CHECK(t, kd_frames_add(&f, 0));
	CHECK(t, kd_frames_add(&f, 1));
	CHECK(t, !f.full);
	CHECK(t, !kd_frames_add(&f, 2));
	CHECK(t, f.full);
	CHECK(t, kd_frames_add(&f, 0));
	CHECK(t, !kd_frames_add(&f, UINT64_MAX));
	kd_frames_seal(&f);
	CHECK(t, !kd_frames_add(&f, 0));

	CHECK(t, kd_frames_next(&f, &from, &end));
	CHECK_INT(t, from, 0);
	CHECK_INT(t, end, 2);
	from = end;
	CHECK(t, kd_frames_next(&f, &from, &end));
	CHECK_INT(t, from, 6);
	CHECK_INT(t, end, 8);
	from = 7;
	CHECK(t, kd_frames_next(&f, &from, &end));
	CHECK_INT(t, from, 7);
	from = 8;
	CHECK(t, kd_frames_next(&f, &from, &end));
	CHECK_INT(t, from, UINT64_MAX - 1);
	from = UINT64_MAX;
	CHECK(t, !kd_frames_next(&f, &from, &end));
	kd_frames_done(&f);
}

static void views(struct test *t)
{
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	struct kd_frames f;
	struct kd_seen noting, only;
	kd_pfn_t from = 0, end = 0;
	char byte[2];

	fake_kernel_init(&k);
	CHECK_INT(t, kd_frames_init(&f, 8, NULL), 0);
	CHECK_INT(t, kd_seen_init(&noting, &k.memory, &f, NULL), 0);
	CHECK_INT(t, kd_memory_read(&noting.memory, 0x2fff, byte, 2), 0);
	CHECK_INT(t, kd_memory_read(&noting.memory, FAKE_SIZE, byte, 1), -ENXIO);
	CHECK_INT(t, f.n, 2);
	kd_seen_done(&noting);
	kd_frames_seal(&f);
	kd_seen_only(&only, &k.memory, &f);
	CHECK_INT(t, kd_memory_read(&only.memory, 0x2fff, byte, 2), 0);
	CHECK_INT(t, kd_memory_read(&only.memory, 0x1fff, byte, 2), -ENODATA);
	CHECK_INT(t, kd_memory_read(&only.memory, 0x5000, byte, 2), -ENODATA);
	CHECK_INT(t, kd_memory_present(&only.memory, &from, &end), 1);
	CHECK_INT(t, from, 2);
	CHECK_INT(t, end, 4);
	kd_frames_done(&f);
}

/* Memory that can be lent: each byte tells its page. */
#define LENT_PAGES 64

struct lending {
	struct kd_memory memory;
	struct kd_extent extent;
	uint8_t bytes[LENT_PAGES << 12];
	unsigned int lent;
};

static int lending_read(const struct kd_memory *m, kd_paddr_t addr, void *buf,
			size_t size)
{
	memcpy(buf, ((const struct lending *)m)->bytes + addr, size);
	return 0;
}

static int lending_map(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		       const void **ret_map, struct kd_extent *ret_slice)
{
	struct lending *l = (struct lending *)m;
	kd_paddr_t start = kd_align_down(addr, 4096);

	*ret_map = l->bytes + start;
	*ret_slice = (struct kd_extent) { start, addr + want };
	l->lent++;
	return 0;
}

static void lending_unmap(const struct kd_memory *m, _unused_ const void *map,
			  _unused_ struct kd_extent slice)
{
	((struct lending *)m)->lent--;
}

/* A long run is lent, to its end and no further; short ones are read. */
static void lends(struct test *t)
{
	static const struct kd_memory_ops ops = { .read = lending_read,
						  .map = lending_map,
						  .unmap = lending_unmap };
	static const struct {
		kd_paddr_t page;
		int r;
		bool lent;
	} table[] = {
		{ 1, -ENODATA, false },	 { 2, 0, false },  { 9, 0, false },
		{ 20, 0, true },	 { 35, 0, true },  { 49, 0, true },
		{ 50, -ENODATA, false }, { 58, 0, false }, { 63, -ENODATA, false },
	};
	_cleanup_(kd_freep) struct lending *l = calloc(1, sizeof(*l));
	struct kd_frames f;
	struct kd_window w;
	struct kd_seen only;

	*l = (struct lending) { .memory = { .ops = &ops,
					    .extents = &l->extent,
					    .n_extents = 1,
					    .page_size = 4096 },
				.extent = { 0, sizeof(l->bytes) } };
	for (size_t i = 0; i < sizeof(l->bytes); i++)
		l->bytes[i] = (uint8_t)(i >> 12);
	CHECK_INT(t, kd_frames_init(&f, LENT_PAGES, NULL), 0);
	for (kd_pfn_t pfn = 0; pfn < LENT_PAGES; pfn++)
		if ((pfn >= 2 && pfn < 10) || (pfn >= 20 && pfn < 50) || pfn == 58)
			CHECK(t, kd_frames_add(&f, pfn));
	kd_frames_seal(&f);
	kd_seen_only(&only, &l->memory, &f);
	CHECK_INT(t, kd_window_init(&w, &only.memory, sizeof(l->bytes), false), 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const void *page = NULL;
		int r = kd_window_get(&w, table[i].page << 12, 4096, &page);

		CHECK_INT(t, r, table[i].r);
		CHECK(t, r < 0 || *(const uint8_t *)page == table[i].page);
		CHECK_INT(t, l->lent, table[i].lent);
	}
	kd_window_done(&w);
	CHECK_INT(t, l->lent, 0);
	kd_frames_done(&f);
}

/* Each thing in a page of its own, so that a frame tells what was chosen. */
#define AT(page)     (FAKE_BASE + 0x1000 * (kd_vaddr_t)(page))
#define IMAGE_END    AT(0x40)
#define INIT_TASK    AT(0x41)
#define TASK_B	     AT(0x42)
#define THREAD_B     AT(0x43)
#define SIGNAL_B     AT(0x44)
#define STACK_B	     AT(0x50)
#define STACK_THREAD AT(0x60)
#define STACK_REGS   AT(0x70)
#define PID_NS	     AT(0x80)
#define XA_NODE	     AT(0x81)
#define PID_1	     AT(0x82)
#define MODULE_A     AT(0x83)
#define UNRELATED    AT(0x90)
#define TASKS	     0x10
#define THREAD_NODE  0x20
#define STACK	     0x30
#define SIGNAL	     0x38
#define THREAD_HEAD  0x08
#define IDR	     0x10
#define SLOTS	     0x28

struct machine {
	struct fake_kernel k;
	struct kd_layout layout;
	struct kd_input input;
	struct kd_dump_options options;
	struct kd_dump_request request;
	uint32_t note[3 + 2 + 336 / 4];
	unsigned int notes_told;
};

static void on_note(void *context, _unused_ const char *text)
{
	((struct machine *)context)->notes_told++;
}

static void set(struct machine *m, enum kd_field field, int64_t value)
{
	m->layout.values[field] = (struct kd_layout_value) { value, KD_SOURCE_BTF };
}

static void link_list(struct machine *m, const kd_vaddr_t *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fake_kernel_put_u64(&m->k, nodes[i], nodes[(i + 1) % n]);
}

static void make_types(struct machine *m)
{
	(void)snprintf(m->layout.release, sizeof(m->layout.release), "fake");
	set(m, KD_F_TASK_SIZEOF, 0x100);
	set(m, KD_F_TASK_TASKS, TASKS);
	set(m, KD_F_TASK_THREAD_NODE, THREAD_NODE);
	set(m, KD_F_TASK_STACK, STACK);
	set(m, KD_F_TASK_SIGNAL, SIGNAL);
	set(m, KD_F_SIGNAL_THREADS, THREAD_HEAD);
	set(m, KD_F_PID_NS_IDR, IDR);
	set(m, KD_F_XARRAY_HEAD, 8);
	set(m, KD_F_XA_NODE_SLOTS, SLOTS);
	set(m, KD_F_XA_NODE_SIZEOF, 576);
	set(m, KD_F_MODULE_LIST, 8);
	set(m, KD_F_MODULE_SIZEOF, 0x100);
}

static void make_memory(struct machine *m)
{
	const kd_vaddr_t tasks[] = { INIT_TASK + TASKS, TASK_B + TASKS };
	const kd_vaddr_t threads[] = { SIGNAL_B + THREAD_HEAD, TASK_B + THREAD_NODE,
				       THREAD_B + THREAD_NODE };
	const kd_vaddr_t modules[] = { AT(0x20), MODULE_A + 8 };

	link_list(m, tasks, ARRAY_SIZE(tasks));
	link_list(m, threads, ARRAY_SIZE(threads));
	link_list(m, modules, ARRAY_SIZE(modules));
	fake_kernel_put_u64(&m->k, TASK_B + SIGNAL, SIGNAL_B);
	fake_kernel_put_u64(&m->k, TASK_B + STACK, STACK_B);
	fake_kernel_put_u64(&m->k, THREAD_B + STACK, STACK_THREAD);
	fake_kernel_put_u64(&m->k, PID_NS + IDR + 8, XA_NODE + 2);
	fake_kernel_put_u64(&m->k, XA_NODE + SLOTS + 8, PID_1);
	fake_kernel_put(&m->k, AT(0x21), "\x0b\x9f\x1a\x52\x01\x02\x43\x04", 8);
}

/* One NT_PRSTATUS whose stack pointer is in the middle of a page. */
static void make_note(struct machine *m)
{
	kd_vaddr_t sp = STACK_REGS + 0x800;

	memset(m->note, 0, sizeof(m->note));
	m->note[0] = 5;
	m->note[1] = 336;
	m->note[2] = NT_PRSTATUS;
	memcpy(&m->note[3], "CORE", 5);
	memcpy((char *)&m->note[5] + 112 + 19 * 8, &sp, sizeof(sp));
}

static void machine_init(struct machine *m)
{
	*m = (struct machine) { .notes_told = 0 };
	fake_kernel_init(&m->k);
	fake_kernel_symbol(&m->k, "_etext", 'T', AT(0x10));
	fake_kernel_symbol(&m->k, "_sdata", 'D', AT(0x20));
	fake_kernel_symbol(&m->k, "_edata", 'D', IMAGE_END);
	fake_kernel_symbol(&m->k, "__start_BTF", 'D', AT(0x28) + 8);
	fake_kernel_symbol(&m->k, "__stop_BTF", 'D', AT(0x2b) + 8);
	fake_kernel_symbol(&m->k, "init_task", 'D', INIT_TASK);
	fake_kernel_symbol(&m->k, "init_pid_ns", 'D', PID_NS);
	fake_kernel_symbol(&m->k, "modules", 'd', AT(0x20));
	fake_kernel_symbol(&m->k, "sysctl_bootid", 'b', AT(0x21));
	fake_kernel_finish(&m->k);
	make_types(m);
	make_memory(m);
	make_note(m);
	m->input = (struct kd_input) {
		.memory = &m->k.memory,
		.info = m->k.info,
		.machine = EM_X86_64,
		.n_cpus = 1,
		.notes = m->note,
		.notes_size = sizeof(m->note),
		.oddities = "",
	};
	kd_options_init(&m->options);
	m->request = (struct kd_dump_request) { .input = &m->input,
						.layout = &m->layout,
						.options = &m->options,
						.note = on_note,
						.context = m };
}

static bool chose(const struct kd_mini *mini, kd_vaddr_t addr)
{
	kd_pfn_t pfn = (addr - FAKE_BASE) / 4096, from = pfn, end;

	return kd_frames_next(&mini->frames, &from, &end) && from == pfn;
}

static void whole(struct test *t)
{
	static const kd_vaddr_t wanted[] = {
		AT(0x02),     AT(0x3f),	  INIT_TASK, TASK_B,  THREAD_B, SIGNAL_B, STACK_B,
		STACK_THREAD, STACK_REGS, PID_NS,    XA_NODE, PID_1,	MODULE_A,
	};
	_cleanup_(kd_mini_freep) struct kd_mini *mini = NULL;
	struct machine m;
	struct kd_error err = { 0 };

	machine_init(&m);
	CHECK_INT(t, kd_mini_new(&m.request, 400, &mini, &err), 0);
	CHECK_STR(t, err.message, "");
	if (mini) {
		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
			if (!chose(mini, wanted[i]))
				test_failed(t, __FILE__, __LINE__,
					    "0x%" PRIx64 " is not there", wanted[i]);
		CHECK(t, chose(mini, AT(0x28)) && !chose(mini, AT(0x29)) &&
				 !chose(mini, AT(0x2a)) && chose(mini, AT(0x2b)));
		/* between two parts of the image */
		CHECK(t, !chose(mini, AT(0x11)));
		CHECK(t, !chose(mini, UNRELATED));
		CHECK(t, !chose(mini, IMAGE_END));
		CHECK_INT(t, mini->tasks, 3);
		CHECK(t, !mini->full);
		CHECK_STR(t, mini->boot_id, "0b9f1a52-0102-4304-0000-000000000000");
	}
	fake_kernel_done(&m.k);
}

/* What is damaged costs itself. */
static void damaged(struct test *t)
{
	static const struct {
		kd_vaddr_t at;
		uint64_t value;
		kd_vaddr_t lost, kept;
	} table[] = {
		{ TASK_B + TASKS, UINT64_C(0x4141414141414141), 0, THREAD_B },
		{ TASK_B + TASKS, TASK_B + TASKS, 0, PID_1 }, /* a ring of its own */
		{ INIT_TASK + TASKS, 0, TASK_B, PID_1 },
		{ TASK_B + SIGNAL, 0, THREAD_B, STACK_B },
		{ TASK_B + STACK, 0x1000, STACK_B, THREAD_B },
		{ PID_NS + IDR + 8, 0, PID_1, TASK_B },
		{ XA_NODE + SLOTS + 8, XA_NODE + 2, PID_1, TASK_B }, /* its own child */
		{ AT(0x20), 1, MODULE_A, TASK_B },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_mini_freep) struct kd_mini *mini = NULL;
		struct machine m;

		machine_init(&m);
		fake_kernel_put_u64(&m.k, table[i].at, table[i].value);
		CHECK_INT(t, kd_mini_new(&m.request, 400, &mini, NULL), 0);
		if (mini) {
			CHECK(t, chose(mini, table[i].kept));
			CHECK(t, !table[i].lost || !chose(mini, table[i].lost));
			CHECK(t, chose(mini, STACK_REGS));
		}
		fake_kernel_done(&m.k);
	}
}

/* Without symbols, or types, or room. */
static void with_less(struct test *t)
{
	_cleanup_(kd_mini_freep) struct kd_mini *none = NULL, *types = NULL,
						*small = NULL;
	struct kd_error err = { 0 };
	struct machine m;

	machine_init(&m);
	m.request.layout = NULL;
	CHECK_INT(t, kd_mini_new(&m.request, 400, &types, NULL), 0);
	CHECK(t, types && chose(types, AT(0x3f)) && !chose(types, TASK_B));

	m.request.layout = &m.layout;
	CHECK_INT(t, kd_mini_new(&m.request, 60, &small, NULL), 0);
	CHECK(t, small && small->full && small->frames.n <= 60);
	CHECK(t, small && chose(small, STACK_REGS));
	CHECK(t, small && chose(small, TASK_B));

	m.input.info = NULL;
	CHECK_INT(t, kd_mini_new(&m.request, 400, &none, &err), -ENODATA);
	CHECK(t, strstr(err.message, "vmcoreinfo") != NULL);
	fake_kernel_done(&m.k);
}

static const struct test_case cases[] = {
	{ "sets of frames", frames },
	{ "memory that notes, memory that is cut", views },
	{ "memory that is cut, lent", lends },
	{ "what is chosen", whole },
	{ "damage costs itself", damaged },
	{ "without symbols, types or room", with_less },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
