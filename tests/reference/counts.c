/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the scan finds in a vmcore against what its kernel counted: a second, independent
 * reading of how full memory was. Run by tests/reference/counts.
 *
 *   kernel-counts VMCORE BTF
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "makedumpfile/layout/resolve.h"
#include "makedumpfile/layout/source.h"
#include "makedumpfile/pages/keepstore.h"
#include "makedumpfile/pages/selfcheck.h"

#define WINDOW	 (512U << 10)
#define BTF_SIZE (64U << 20)

struct dump {
	struct kd_vmcore *core;
	struct kd_layout layout;
	struct kd_xlat xlat;
	struct kd_memmap memmap;
};

static void dump_done(struct dump *d)
{
	kd_vmcore_free(d->core);
}

static int dump_open(struct dump *d, const char *vmcore, const char *btf_path,
		     struct kd_error *err)
{
	const struct kd_vmcoreinfo *info;
	struct kd_remarks remarks = { 0 };
	struct kd_layout btf;
	size_t size;
	char *data;
	int r;

	r = kd_vmcore_open_at(AT_FDCWD, vmcore, &d->core, err);
	if (r < 0)
		return r;
	info = kd_vmcore_info(d->core, NULL, NULL);
	if (!info)
		return kd_fail_msg(err, -ENODATA, "no VMCOREINFO");
	(void)kd_layout_from_vmcoreinfo(info, &d->layout);
	r = kd_read_file_at(AT_FDCWD, btf_path, BTF_SIZE, &data, &size, err);
	if (r < 0)
		return r;
	r = kd_layout_from_btf(data, size, &btf, err);
	free(data);
	if (r < 0)
		return r;
	(void)kd_resolve_merge(&d->layout, &btf, &remarks);
	r = kd_xlat_init(&d->xlat, kd_vmcore_memory(d->core), kd_vmcore_machine(d->core),
			 info, err);
	if (r < 0)
		return r;
	return kd_memmap_init(&d->memmap, &d->xlat, &d->layout, WINDOW, false, err);
}

static int scan(const struct dump *d, struct kd_scan_counts *ret, struct kd_error *err)
{
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *store = NULL;
	const struct kd_policy policy = { .level = KD_EXCLUDE_ALL };
	const struct kd_memory *memory = kd_vmcore_memory(d->core);
	struct kd_keepstore_setup setup = { .max_pfn = kd_scan_max_pfn(memory) };
	struct kd_scan s;
	int r;

	r = kd_scan_init(&s, memory, &d->memmap, &d->layout, &policy, err);
	if (r == 0)
		r = kd_keepstore_new(&setup, &store);
	if (r == 0)
		r = kd_keepstore_fill(store, &s, 2, NULL, NULL);
	if (r == 0)
		*ret = *kd_keepstore_counts(store);
	return r;
}

int main(int argc, char **argv)
{
	_cleanup_(dump_done) struct dump d = { 0 };
	struct kd_scan_counts counts;
	struct kd_selfcheck check;
	struct kd_error err = { 0 };
	struct kd_vmstat stat;
	const char *const results[] = { "unknown", "fits", "fewer", "more" };

	if (argc != 3) {
		fprintf(stderr, "usage: kernel-counts VMCORE BTF\n");
		return 2;
	}
	if (dump_open(&d, argv[1], argv[2], &err) < 0 || scan(&d, &counts, &err) < 0 ||
	    kd_vmstat_read(&stat, &d.xlat, &d.layout) < 0) {
		fprintf(stderr, "kernel-counts: %s\n",
			err.message[0] ? err.message : "no counters");
		return 1;
	}
	kd_selfcheck(&counts, &stat, kd_vmcore_n_cpus(d.core), &check);
	for (size_t i = 0; i < KD_VMSTAT_COUNT; i++)
		printf("%-12s found %8" PRIu64 " counted %8" PRIu64 " %s\n",
		       kd_selfcheck_name((enum kd_vmstat_item)i), check.rows[i].found,
		       check.rows[i].counted, results[check.rows[i].result]);
	return 0;
}
