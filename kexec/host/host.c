/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot put together: see host.h. Each source is read by its own file
 * (readers.h); here is the order of them, and who frees what.
 */
#include "kexec/host/host.h"

#include "base/guard.h"
#include "kexec/host/readers.h"

int kd_kexec_host_read(int root_fd, enum kd_arch arch, struct kd_kexec_host *ret,
		       struct kd_error *err)
{
	return kd_kexec_host_read_with(root_fd, -EBADF, arch, ret, err);
}

int kd_kexec_host_read_with(int root_fd, int iomem_fd, enum kd_arch arch,
			    struct kd_kexec_host *ret, struct kd_error *err)
{
	static int (*const readers[])(int root_fd, struct kd_kexec_host *host,
				      struct kd_error *err) = {
		kd_host_read_boot,
		kd_host_read_efi,
		kd_host_read_cpus,
		kd_host_read_map,
	};
	_cleanup_(kd_kexec_host_done) struct kd_kexec_host host = { .arch = arch };
	int r = kd_host_read_memory(root_fd, iomem_fd, &host, err);

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(readers); i++)
		r = readers[i](root_fd, &host, err);
	if (r < 0)
		return r;
	*ret = host;
	host = (struct kd_kexec_host) { 0 };
	return 0;
}

void kd_kexec_host_done(struct kd_kexec_host *host)
{
	kd_ranges_done(&host->ram);
	kd_ranges_done(&host->busy);
	kd_ranges_done(&host->firmware);
	kd_ranges_done(&host->crash_cma);
	free(host->notes);
	free(host->efi.maps);
	free(host->fdt);
	free(host->cmdline);
	*host = (struct kd_kexec_host) { 0 };
}
