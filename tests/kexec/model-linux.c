/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Linux model's kexec_load(2), sysctls and state: see model-linux.h.
 */
#include "tests/kexec/model-linux.h"

#include <string.h>
#include <sys/uio.h>

#include "tests/kexec/model-linux-file.h"

#define PAGE	     4096ull
#define ADDRESSES    (1ull << 46) /* MAXMEM with four levels of page tables */
#define NATIVE	     62
#define MAX_SEGMENTS 16

/* What a crash load takes of the reserved memory beside the segments: page tables and
 * the copy of vmcoreinfo, a page each, behind a control page of two. */
#define SINGLE_PAGES 8

struct model_linux model_linux_new(void)
{
	return (struct model_linux) {
		.features = "hotplug limits debug no-cma force-dtb",
		.crash = { 0x6f000000, 0x7f000000 },
		.ram_pages = (2048ull << 20) / PAGE - 20000,
		.limits = { -1, -1 },
		.next_tag = 1,
	};
}

bool model_copy_from_user(void *to, const void *from, uint64_t size)
{
	uint8_t scratch[PAGE];

	for (uint64_t done = 0; done < size;) {
		uint64_t n = MIN(size - done, (uint64_t)sizeof(scratch));
		struct iovec local = { scratch, n };
		struct iovec remote = { (uint8_t *)(uintptr_t)from + done, n };

		if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != (ssize_t)n)
			return false;
		if (to)
			memcpy((uint8_t *)to + done, scratch, n);
		done += n;
	}
	return true;
}

int model_permitted(struct model_linux *m, enum kd_kexec_purpose purpose)
{
	int64_t *limit = &m->limits[purpose];

	m->calls++;
	if (m->user || m->disabled || *limit == 0)
		return -EPERM;
	if (*limit > 0)
		--*limit;
	return 0;
}

int model_lock(struct model_linux *m)
{
	if (m->busy == 0)
		return 0;
	m->busy--;
	return -EBUSY;
}

static int check_flags(const struct model_linux *m, uint64_t n, uint32_t flags)
{
	uint32_t known = 1, arch = flags >> 16;

	if (table_has_word(m->features, "jump"))
		known |= 2;
	if (table_has_word(m->features, "hotplug"))
		known |= 4 | 8;
	if ((flags & 0xffff) & ~known || n > MAX_SEGMENTS)
		return -EINVAL;
	return arch && arch != NATIVE ? -EINVAL : 0;
}

static int check_addresses(const struct kd_linux_segment *s, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t start = s[i].mem, end = start + s[i].memsz;

		if (start > end || start % PAGE || end % PAGE || end >= ADDRESSES - 1)
			return -EADDRNOTAVAIL;
	}
	for (uint64_t i = 0; i < n; i++)
		for (uint64_t j = 0; j < i; j++)
			if (s[i].mem + s[i].memsz > s[j].mem &&
			    s[i].mem < s[j].mem + s[j].memsz)
				return -EINVAL;
	for (uint64_t i = 0; i < n; i++)
		if (s[i].bufsz > s[i].memsz)
			return -EINVAL;
	return 0;
}

static int check_sizes(const struct model_linux *m, const struct kd_linux_segment *s,
		       uint64_t n)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t pages = (s[i].memsz + PAGE - 1) / PAGE;

		if (pages > m->ram_pages / 2)
			return -EINVAL;
		sum += pages;
	}
	return sum > m->ram_pages / 2 ? -EINVAL : 0;
}

static bool inside(const struct model_linux *m, const struct kd_linux_segment *s)
{
	return s->mem >= m->crash[0] && s->mem + s->memsz <= m->crash[1];
}

/* kimage_alloc_crash_control_pages(): upwards through the holes the segments leave. */
static bool take_hole(const struct model_linux *m, const struct kd_linux_segment *s,
		      uint64_t n, uint64_t size, uint64_t *next)
{
	uint64_t at = kd_align_up(*next, size), i = 0;

	while (i < n && at + size <= m->crash[1]) {
		if (at + size > s[i].mem && at < s[i].mem + s[i].memsz) {
			at = kd_align_up(s[i].mem + s[i].memsz, size);
			i = 0;
		} else
			i++;
	}
	*next = at + size;
	return *next <= m->crash[1];
}

static int check_room(const struct model_linux *m, const struct kd_linux_segment *s,
		      uint64_t n)
{
	uint64_t next = m->crash[0];
	bool good = take_hole(m, s, n, 2 * PAGE, &next);

	for (int i = 0; good && i < SINGLE_PAGES; i++)
		good = take_hole(m, s, n, PAGE, &next);
	return good ? 0 : -ENOMEM;
}

static int build(const struct model_linux *m, uint64_t entry,
		 const struct kd_linux_segment *s, uint64_t n, bool crash)
{
	int r;

	/* crashk_res is 0 to 0 when nothing is reserved */
	if (crash && (entry < m->crash[0] || entry > MAX(m->crash[1], 1ull) - 1))
		return -EADDRNOTAVAIL;
	r = check_addresses(s, n);
	if (r >= 0)
		r = check_sizes(m, s, n);
	for (uint64_t i = 0; r >= 0 && crash && i < n; i++)
		if (!inside(m, &s[i]))
			r = -EADDRNOTAVAIL;
	if (r >= 0 && crash)
		r = check_room(m, s, n);
	for (uint64_t i = 0; r >= 0 && i < n; i++)
		if (!model_copy_from_user(NULL, s[i].buf, s[i].bufsz))
			r = -EFAULT;
	return r;
}

static int exchange(struct model_linux *m, uint64_t entry,
		    const struct kd_linux_segment *s, uint64_t n, uint32_t flags)
{
	struct model_image *image = &m->images[flags & 1];
	int r;

	r = model_lock(m);
	if (r < 0)
		return r;
	if (n == 0) {
		*image = (struct model_image) { .loaded = false };
		return 0;
	}
	if (flags & 1)
		*image = (struct model_image) { .loaded = false };
	r = build(m, entry, s, n, flags & 1);
	if (r < 0)
		return r;
	*image = (struct model_image) { .loaded = true,
					.hotplug = flags & (4 | 8),
					.tag = m->next_tag++ };
	return 0;
}

static int model_load(void *context, uint64_t entry, uint64_t n,
		      const struct kd_linux_segment *segments, uint64_t flags)
{
	struct kd_linux_segment copy[MAX_SEGMENTS];
	struct model_linux *m = context;
	int r;

	r = model_permitted(m, flags & 1 ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT);
	if (r < 0)
		return r;
	if (m->lockdown != KD_LOCKDOWN_NONE)
		return -EPERM;
	r = check_flags(m, n, (uint32_t)flags);
	if (r < 0)
		return r;
	if (!model_copy_from_user(copy, segments, n * sizeof(copy[0])))
		return -EFAULT;
	return exchange(m, entry, copy, n, (uint32_t)flags);
}

static int model_loaded(void *context, enum kd_kexec_purpose purpose)
{
	return ((struct model_linux *)context)->images[purpose].loaded;
}

static int model_reboot(void *context)
{
	struct model_linux *m = context;

	if (m->user)
		return -EPERM;
	return m->images[KD_KEXEC_REBOOT].loaded ? 0 : -EINVAL;
}

static void model_pause(void *context, unsigned int ms)
{
	((struct model_linux *)context)->paused_ms += ms;
}

struct kd_linux model_linux_calls(struct model_linux *m)
{
	static const struct kd_linux_calls calls = {
		.load = model_load,
		.file_load = model_file_load,
		.loaded = model_loaded,
		.reboot = model_reboot,
		.pause = model_pause,
	};

	return (struct kd_linux) { .calls = &calls, .context = m };
}

static int write_limit(struct model_linux *m, int64_t *limit, long long v)
{
	if (!table_has_word(m->features, "limits"))
		return -ENOENT;
	if (v < 0 || (*limit >= 0 && v > *limit))
		return -EINVAL;
	*limit = v;
	return 0;
}

static int write_crash_size(const struct model_linux *m, const char *value)
{
	unsigned long long v;
	char *end;

	v = strtoull(value, &end, 0);
	if (*end)
		return -EINVAL;
	if (m->images[KD_KEXEC_CRASH].loaded)
		return -ENOENT;
	return v > m->crash[1] - m->crash[0] ? -EINVAL : 0;
}

static int model_write(struct performer *p, const char *name, const char *value)
{
	struct model_linux *m = p->kernel.context;
	long long v = strtoll(value, NULL, 0);

	if (strcmp(name, "limit-panic") == 0)
		return write_limit(m, &m->limits[KD_KEXEC_CRASH], v);
	if (strcmp(name, "limit-reboot") == 0)
		return write_limit(m, &m->limits[KD_KEXEC_REBOOT], v);
	if (strcmp(name, "crash-size") == 0)
		return write_crash_size(m, value);
	if (v != 1)
		return -EINVAL;
	m->disabled = true;
	return 0;
}

static int model_as_user(struct performer *p, const struct table_step *step)
{
	struct model_linux *m = p->kernel.context;
	int r;

	p->user = m->user = true;
	r = perform_step(p, step);
	p->user = m->user = false;
	return r;
}

/* compat_sys_kexec_load(): the architecture must be named, and is not compared. */
static int model_i386(struct performer *p, const struct perform_load *l)
{
	struct model_linux *m = p->kernel.context;

	if ((uint32_t)l->flags >> 16 == 0)
		return -EINVAL;
	return model_load(m, l->entry, l->n, l->segments,
			  (l->flags & 0xffff) | NATIVE << 16);
}

static int model_race(struct performer *p)
{
	struct model_linux *m = p->kernel.context;

	m->busy = 1;
	return model_load(m, 0, 0, NULL, 0);
}

static int model_hotplug(struct performer *p)
{
	const struct model_linux *m = p->kernel.context;

	if (!table_has_word(m->features, "hotplug"))
		return -1;
	return m->images[KD_KEXEC_CRASH].hotplug;
}

void model_linux_performer(struct model_linux *m, struct performer *ret)
{
	*ret = (struct performer) {
		.kernel = model_linux_calls(m),
		.write = model_write,
		.as_user = model_as_user,
		.i386 = model_i386,
		.race = model_race,
		.hotplug = model_hotplug,
	};
}

struct kd_kexec_facts model_linux_facts(const struct model_linux *m)
{
	return (struct kd_kexec_facts) {
		.supported = true,
		.crash_loaded = m->images[KD_KEXEC_CRASH].loaded,
		.reboot_loaded = m->images[KD_KEXEC_REBOOT].loaded,
		.crash_size = m->crash[1] - m->crash[0],
		.load_disabled = m->disabled,
		.limit_panic = m->limits[KD_KEXEC_CRASH],
		.limit_reboot = m->limits[KD_KEXEC_REBOOT],
		.lockdown = m->lockdown,
		.cap_sys_boot = !m->user,
	};
}
