/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -x and -i made into a layout: see extra.h. Trusts neither file. Called by the modes of
 * makedumpfile.
 */
#include "makedumpfile/layout/extra.h"

#include <string.h>

#include "base/io.h"
#include "base/parse.h"
#include "makedumpfile/layout/vmlinux.h"

void kd_extra_done(struct kd_extra *extra)
{
	kd_vmcoreinfo_free(extra->info);
	*extra = (struct kd_extra) { 0 };
}

int kd_extra_text(int dir_fd, const char *path, struct kd_vmcoreinfo **ret,
		  struct kd_error *err)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	_cleanup_(kd_freep) char *text = NULL;
	const char *release;
	size_t size;
	int r;

	r = kd_read_file_at(dir_fd, path, KD_VMCOREINFO_MAX, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_vmcoreinfo_new(text, size, &info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	release = kd_vmcoreinfo_string(info, "OSRELEASE");
	if (!release || !*release || strlen(release) >= KD_RELEASE_SIZE)
		return kd_fail_msg(err, -EINVAL, "%s: no vmcoreinfo: no usable OSRELEASE",
				   path);
	*ret = TAKE_PTR(info);
	return 0;
}

/* A build ID of zeros: kernels that exported it before they had read it. */
static const char *usable_id(const char *id)
{
	return id && id[strspn(id, "0")] ? id : "";
}

/*
 * Whether @l is of the kernel of @info, as far as both say who they are. -ESTALE, and
 * clears from @l what @info has no like of, so that the façade compares the rest.
 */
static int check_identity(struct kd_layout *l, const struct kd_vmcoreinfo *info,
			  const char *path, struct kd_error *err)
{
	const char *id = usable_id(kd_vmcoreinfo_string(info, "BUILD-ID"));
	const char *release = kd_vmcoreinfo_string(info, "OSRELEASE");

	if (release && *l->release && strcmp(release, l->release) != 0)
		return kd_fail_msg(err, -ESTALE, "%s is of kernel %s, the dump of %s",
				   path, l->release, release);
	if (!*id)
		l->build_id[0] = '\0';
	if (*l->build_id && strcmp(id, l->build_id) != 0)
		return kd_fail_msg(err, -ESTALE,
				   "%s is of another build of kernel %s: build ID "
				   "%.16s…, the dump's is %.16s…",
				   path, release ? release : "(unknown)", l->build_id,
				   id);
	return 0;
}

/*
 * Addresses as the dumped kernel has them. SYMBOL(mem_section) is left out: vmcoreinfo
 * means the array by it, the symbol table the pointer to that (CONFIG_SPARSEMEM_EXTREME).
 */
static void add_symbols(struct kd_layout *l, const struct kd_vmlinux *v,
			const struct kd_vmcoreinfo *info)
{
	const char *text = kd_vmcoreinfo_string(info, "KERNELOFFSET");
	uint64_t offset = 0;

	/* absent on kernels that do not move themselves */
	if (text && kd_parse_hex(text, &offset) < 0)
		return;
	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;
		kd_vaddr_t at;

		if (kd_field_kind(f) == KD_KIND_SYMBOL && f != KD_F_MEM_SECTION &&
		    kd_vmlinux_symbol(v, kd_field_key(f), &at) == 0)
			l->values[f] = (struct kd_layout_value) {
				.value = (int64_t)(at + offset), .source = KD_SOURCE_DWARF
			};
	}
}

static int types_of(const struct kd_vmlinux *v, struct kd_layout *ret,
		    struct kd_remarks *remarks, struct kd_error *err)
{
	struct kd_error why = { 0 };
	const void *btf;
	size_t size;
	int r;

	r = kd_layout_from_dwarf(kd_vmlinux_fd(v), ret, &why);
	if (r == 0 || r == -ENOMEM)
		return r < 0 ? kd_fail(err, r, "%s", why.message) : 0;
	if (kd_vmlinux_section(v, ".BTF", &btf, &size) < 0)
		return kd_fail_msg(err, r, "%s, nor BTF", why.message);
	kd_remark(remarks, "%s: going by BTF", why.message);
	return kd_layout_from_btf(btf, size, ret, err);
}

static int load_vmlinux(const struct kd_extra_files *files,
			const struct kd_vmcoreinfo *info, struct kd_layout *ret,
			struct kd_remarks *remarks, struct kd_error *err)
{
	_cleanup_(kd_vmlinux_freep) struct kd_vmlinux *v = NULL;
	struct kd_layout who = { 0 }, l;
	int r;

	r = kd_vmlinux_open_at(files->dir_fd, files->vmlinux, &v, err);
	if (r < 0)
		return r;
	memcpy(who.release, kd_vmlinux_release(v), strlen(kd_vmlinux_release(v)));
	memcpy(who.build_id, kd_vmlinux_build_id(v), strlen(kd_vmlinux_build_id(v)));
	/* before the long way through debug information */
	r = info ? check_identity(&who, info, files->vmlinux, err) : 0;
	if (r < 0)
		return r;
	r = types_of(v, &l, remarks, err);
	if (r < 0)
		return kd_fail(err, r, "%s", files->vmlinux);
	memcpy(l.release, who.release, sizeof(l.release));
	memcpy(l.build_id, who.build_id, sizeof(l.build_id));
	if (info)
		add_symbols(&l, v, info);
	*ret = l;
	return 0;
}

static int load_text(const struct kd_extra_files *files, const struct kd_vmcoreinfo *info,
		     struct kd_extra *extra, struct kd_remarks *remarks,
		     struct kd_error *err)
{
	struct kd_layout l;
	size_t bad;
	int r;

	r = kd_extra_text(files->dir_fd, files->vmcoreinfo, &extra->info, err);
	if (r < 0)
		return r;
	bad = kd_layout_from_vmcoreinfo(extra->info, &l);
	if (bad)
		kd_remark(remarks, "%s: %zu values make no sense", files->vmcoreinfo,
			  bad);
	/* of another boot, or of none: addresses have moved since */
	for (size_t i = 0; i < KD_FIELD_COUNT; i++)
		if (kd_field_kind((enum kd_field)i) == KD_KIND_SYMBOL)
			l.values[i] = (struct kd_layout_value) { 0 };
	r = info ? check_identity(&l, info, files->vmcoreinfo, err) : 0;
	if (r < 0)
		return r;
	extra->layout = l;
	return 0;
}

int kd_extra_load(const struct kd_extra_files *files, const struct kd_vmcoreinfo *info,
		  struct kd_extra *ret, struct kd_remarks *remarks, struct kd_error *err)
{
	_cleanup_(kd_extra_done) struct kd_extra extra = { 0 };
	struct kd_layout l;
	int r;

	if (files->vmcoreinfo) {
		r = load_text(files, info, &extra, remarks, err);
		if (r < 0)
			return r;
	}
	if (files->vmlinux) {
		r = load_vmlinux(files, info ? info : extra.info, &l, remarks, err);
		if (r < 0)
			return r;
		(void)kd_resolve_merge(&extra.layout, &l, remarks);
	}
	*ret = extra;
	extra = (struct kd_extra) { 0 };
	return 0;
}
