/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What FreeBSD's and Zircon's kernels have in memory when they jump: see replay.h.
 */
#include <errno.h>
#include <string.h>

#include "kexec/ranges.h"
#include "tests/kexec/replay-stubs.h"
#include "tests/kexec/replay.h"

#define PAGE	    4096ull
#define LARGE	    (2ull << 20)
#define FOUR_GIB    (4ull << 30)
#define KERNEL_BASE 0xffffffff80000000ull /* KERNBASE of FreeBSD amd64 */

/* KernelPhysicalLoadAddress() of Zircon x86 */
#define ZIRCON_KERNEL 0x100000ull

int replay_place(const struct kd_kexec_host *host, const struct replay_list *list,
		 uint64_t size, uint64_t min, uint64_t max, uint64_t *ret)
{
	struct kd_hole hole = { kd_align_up(size, PAGE), PAGE, min, max, true };
	struct kd_ranges free;
	int r;

	kd_ranges_init(&free);
	r = kd_ranges_select(&host->ram, KD_RANGE_RAM, &free);
	for (size_t i = 0; i < list->n && r >= 0; i++)
		r = kd_ranges_subtract(&free, list->segments[i].mem,
				       list->segments[i].mem + list->segments[i].memsz);
	if (r >= 0 && host->crash.end)
		r = kd_ranges_subtract(&free, host->crash.start, host->crash.end);
	if (r >= 0)
		r = kd_ranges_find(&free, KD_RANGE_RAM, &hole, ret);
	kd_ranges_done(&free);
	return r;
}

static int add(struct replay_list *list, const void *buf, uint64_t size, uint64_t mem)
{
	if (list->n == KD_KEXEC_SEGMENTS)
		return -E2BIG;
	list->segments[list->n++] = (struct kd_kexec_segment) {
		.buf = buf,
		.bufsz = size,
		.mem = mem,
		.memsz = kd_align_up(size, PAGE),
	};
	return 0;
}

/* Code in the first page, the second for the stack, tables in the rest. */
static int stub_at(const struct kd_kexec_host *host, const struct replay_list *list,
		   uint64_t min, struct replay_stub *stub)
{
	int r = replay_place(host, list, REPLAY_SIZE, min, FOUR_GIB, &stub->mem);

	if (r < 0)
		return r;
	memset(stub->bytes, 0, REPLAY_SIZE);
	stub->tables = (struct replay_tables) {
		.pages = (uint64_t *)(stub->bytes + 2 * PAGE),
		.physical = stub->mem + 2 * PAGE,
		.room = REPLAY_PAGES - 2,
	};
	return 0;
}

int replay_as_freebsd(const struct kd_kexec_host *host, struct replay_stub *stub,
		      struct replay_list *list)
{
	struct replay_freebsd state;
	int r;

	r = stub_at(host, list, LARGE, stub);
	if (r < 0)
		return r;
	/* kexec_load_md(): the low 4 GiB, then each target to whole pieces */
	r = replay_map(&stub->tables, 0, 0, FOUR_GIB, /* small= */ false);
	for (size_t i = 0; i < list->n && r >= 0; i++) {
		uint64_t start = kd_align_down(list->segments[i].mem, LARGE);
		uint64_t end = list->segments[i].mem + list->segments[i].memsz;

		r = replay_map(&stub->tables, start, start,
			       kd_align_up(end, LARGE) - start,
			       /* small= */ false);
	}
	if (r >= 0)
		r = replay_map(&stub->tables, KERNEL_BASE, stub->mem, 2 * PAGE,
			       /* small= */ true);
	if (r < 0)
		return r;
	state = (struct replay_freebsd) {
		.cr3 = stub->tables.physical,
		.high = KERNEL_BASE,
		.stack = KERNEL_BASE + 2 * PAGE,
		.image = KERNEL_BASE + PAGE,
		.entry = list->entry,
	};
	memcpy(stub->bytes, replay_freebsd_code, replay_freebsd_size);
	memcpy(stub->bytes + replay_freebsd_params, &state, sizeof(state));
	list->entry = stub->mem;
	return add(list, stub->bytes, REPLAY_SIZE, stub->mem);
}

/* zbi_header_t of container and kernel item, then zbi_kernel_t.entry */
static uint64_t kernel_entry(struct kd_bytes kernel)
{
	uint64_t entry;

	memcpy(&entry, kernel.data + 64, sizeof(entry));
	return entry;
}

static uint64_t kernel_reserve(struct kd_bytes kernel)
{
	uint64_t reserve;

	memcpy(&reserve, kernel.data + 72, sizeof(reserve));
	return reserve;
}

int replay_as_zircon(const struct kd_kexec_host *host, struct replay_stub *stub,
		     struct kd_bytes kernel, struct kd_bytes data,
		     struct replay_list *list)
{
	struct replay_zircon state = { .kernel_to = ZIRCON_KERNEL };
	uint64_t end = ZIRCON_KERNEL + kernel.size;
	uint64_t min = kd_align_up(end + kernel_reserve(kernel), LARGE);
	int r;

	/* what mexec copies from may lie anywhere, what it leaves in place above the end
	 * of the kernel's image and of what that reserves */
	r = stub_at(host, list, min, stub);
	if (r >= 0)
		r = add(list, stub->bytes, REPLAY_SIZE, stub->mem);
	if (r >= 0)
		r = replay_place(host, list, kernel.size, min, FOUR_GIB,
				 &state.kernel_from);
	if (r >= 0)
		r = add(list, kernel.data, kernel.size, state.kernel_from);
	if (r >= 0)
		r = replay_place(host, list, data.size, min, FOUR_GIB, &state.data_zbi);
	if (r >= 0)
		r = add(list, data.data, data.size, state.data_zbi);
	if (r >= 0)
		r = replay_map(&stub->tables, 0, 0, 2 * FOUR_GIB, /* small= */ false);
	if (r < 0)
		return r;
	state.cr3 = stub->tables.physical;
	state.kernel_size = kernel.size;
	state.entry = ZIRCON_KERNEL + kernel_entry(kernel);
	memcpy(stub->bytes, replay_zircon_code, replay_zircon_size);
	memcpy(stub->bytes + replay_zircon_params, &state, sizeof(state));
	list->entry = stub->mem;
	return 0;
}
