/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vmlinux of any bytes: symbols, sections, layout and types out of it. Findings within
 * libelf and libdwarf are theirs; what they hand out must not trip us.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/layout/generate.h"
#include "makedumpfile/layout/source.h"
#include "makedumpfile/layout/types-dwarf.h"
#include "tests/fuzz/fuzz.h"

static void ask_types(int fd)
{
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	struct kd_type_member member;
	struct kd_type type;
	kd_type_id id;
	int64_t value;

	if (kd_types_from_dwarf(fd, &types, NULL) < 0)
		return;
	(void)types->ops->enumerator(types, NULL, "PG_lru", &value);
	if (types->ops->find(types, KD_TYPE_STRUCT, "page", &id) == 0 &&
	    types->ops->describe(types, id, &type) == 0)
		for (uint64_t i = 0; i < type.count; i++)
			if (types->ops->member(types, type.id, i, &member) == 0)
				(void)types->ops->describe(types, member.type, &type);
	if (types->ops->variable(types, "node_data", &id) == 0)
		(void)types->ops->describe(types, id, &type);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_closep) int fd = memfd_create("vmlinux", MFD_CLOEXEC);
	_cleanup_(kd_vmlinux_freep) struct kd_vmlinux *v = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	struct kd_layout l;
	char path[32];

	kd_strbuf_init(&text, 65536);
	if (fd < 0 || kd_pwrite_full(fd, data, size, 0) < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kd_vmlinux_open_at(AT_FDCWD, path, &v, NULL) < 0)
		return 0;
	(void)kd_vmcoreinfo_generate(v, &text, NULL);
	if (kd_layout_from_dwarf(kd_vmlinux_fd(v), &l, NULL) == 0 &&
	    kd_layout_drop_nonsense(&l))
		abort();
	ask_types(fd);
	return 0;
}
