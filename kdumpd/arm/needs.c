/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory needs of this machine's capture: see needs.h. Trusts the kernel's own tables and
 * the headers of an image that kd_kernel_open() understood. Called by arm.c and kdumpctl.
 */
#include "kdumpd/arm/needs.h"

#include <string.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/params.h"
#include "base/parse.h"
#include "capture-kernel/budget.h"
#include "kdumpd/arm/prepare.h"
#include "kexec/host/iomem.h"

#define REMARKS_MAX  16384
#define SLABINFO_MAX (1u << 20)

/* A cache of tracefs' own came with eventfs. Without a look at it the larger need counts. */
static bool has_event_inodes(int root_fd)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;

	return kd_read_file_at(root_fd, "proc/slabinfo", SLABINFO_MAX, &text, &size,
			       NULL) < 0 ||
	       !strstr(text, "\ntracefs_inode_cache ");
}

/* "nr_cpus=4"; the last one counts, as for the kernel. */
static unsigned int cpus_of(const char *cmdline)
{
	static const char name[] = "nr_cpus";
	size_t length = sizeof(name) - 1, n;
	unsigned int cpus = 1;
	char text[16];
	uint64_t value;

	for (; (n = kd_params_next(&cmdline)) > 0; cmdline += n) {
		if (!kd_params_match(cmdline, n, name, length) || n <= length + 1 ||
		    n - length - 1 >= sizeof(text))
			continue;
		memcpy(text, cmdline + length + 1, n - length - 1);
		text[n - length - 1] = '\0';
		if (kd_parse_u64(text, &value) >= 0 && value > 0 && value <= UINT32_MAX)
			cpus = (unsigned int)value;
	}
	return cpus;
}

/* Allowances for rings and sockets, and for a process that encrypts: unlike the rest these
 * were never held against a machine's smallest reservation. The largest target counts. */
static uint64_t network_of(const struct kd_plan *plan)
{
	static const uint64_t needs[KD_TARGET_COUNT] = {
		[KD_TARGET_NFS] = 8ull << 20,
		[KD_TARGET_SSH] = 16ull << 20,
		[KD_TARGET_SFTP] = 16ull << 20,
	};
	uint64_t most = 0;

	for (size_t i = 0; i < plan->n_targets; i++)
		if ((unsigned int)plan->targets[i].type < KD_TARGET_COUNT)
			most = MAX(most, needs[plan->targets[i].type]);
	return most;
}

void kd_needs_estimate(int root_fd, int iomem_fd, const struct kd_inputs *in,
		       const struct kd_image_stats *sizes, struct kd_estimate *ret)
{
	struct kd_estimate_input e = {
		.kernel = in->kernel_memory,
		.loading = in->kernel_memory,
		.image = sizes->image_bytes,
		.archive = sizes->archive_bytes,
		.modules = sizes->module_bytes,
		.dump = kd_memory_budget(in->plan.memory_limit, /* available= */ 0,
					 /* attempt= */ 0),
		.network = network_of(&in->plan),
		.page = (uint64_t)sysconf(_SC_PAGESIZE),
		.cpus = cpus_of(in->cmdline),
		.event_inodes = has_event_inodes(root_fd),
	};
	_cleanup_(kd_iomem_done) struct kd_iomem map = { 0 };

	/* What a running kernel occupies is known; of another one only what it asks for,
	 * which includes room to unpack itself. */
	if (strcmp(in->kernel_release, in->host.release) == 0 &&
	    kd_iomem_read(root_fd, iomem_fd, &map, NULL) >= 0 &&
	    map.kernel.end > map.kernel.start)
		e.kernel = map.kernel.end - map.kernel.start;
	kd_estimate(&e, ret);
}

int kd_needs_find(const struct kd_inputs_request *request, int iomem_fd,
		  struct kd_inputs *in, struct kd_needs *ret, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf remarks;
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	kd_strbuf_init(&remarks, REMARKS_MAX);
	r = kd_inputs_gather(request, in, err);
	if (r < 0)
		return r;
	fd = memfd_create("kdump-image", MFD_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "capture image");
	r = kd_prepare_into(request->root_fd, in, fd, &ret->sizes, &remarks, err);
	if (r < 0)
		return r;
	ret->reserved = in->host.kexec.crash_size;
	kd_needs_estimate(request->root_fd, iomem_fd, in, &ret->sizes, &ret->estimate);
	return 0;
}
