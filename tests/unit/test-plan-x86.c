/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans for x86_64 machines: where segments lie, what is in each, and that a plan repeats
 * to the byte.
 */
#include "base/le.h"
#include "base/sha256.h"
#include "kexec/purgatory/purgatory.h"
#include "tests/unit/fake-kexec-host.h"
#include "tests/unit/test.h"

/* A machine, its plan, and views of the plan's parts. */
struct made {
	struct kd_kexec_host host;
	struct kd_kernel kernel;
	struct kd_kexec_options options;
	struct kd_kexec_plan plan;
	const uint8_t *bp;
	uint64_t base;
	uint64_t size;
};

static void prepare(struct made *m, const struct fake_machine *machine,
		    enum kd_kexec_purpose purpose)
{
	*m = (struct made) { .kernel = fake_kexec_kernel(),
			     .options = fake_kexec_options(purpose) };
	fake_kexec_host(machine, &m->host);
}

static bool make(struct test *t, struct made *m)
{
	const struct kd_kexec_segment *params;
	struct kd_error err = { 0 };

	CHECK_INT(t,
		  kd_kexec_plan_build(&m->host, &m->kernel, &m->options, &m->plan, &err),
		  0);
	CHECK_STR(t, err.message, "");
	params = fake_segment(&m->plan, KD_SEGMENT_PARAMS);
	CHECK(t, params && params->bufsz >= KD_BOOT_PARAMS_SIZE);
	if (!params)
		return false;
	m->bp = params->buf;
	m->base = params->mem;
	m->size = params->bufsz;
	return true;
}

static void unmake(struct made *m)
{
	kd_kexec_plan_done(&m->plan);
	fake_kexec_host_done(&m->host);
}

static uint64_t split(const uint8_t *bp, size_t low, size_t high)
{
	return kd_le32(bp + low) | (uint64_t)kd_le32(bp + high) << 32;
}

/* The bytes at a physical address inside the params segment. */
static const uint8_t *inside(struct test *t, const struct made *m, uint64_t address,
			     uint64_t size)
{
	if (address >= m->base && address - m->base <= m->size - size)
		return m->bp + (address - m->base);
	test_failed(t, __FILE__, __LINE__, "0x%" PRIx64 " is not in the segment",
		    address);
	return m->bp;
}

/* The data of the setup_data entry of @type; NULL for none. */
static const uint8_t *setup_data(struct test *t, const struct made *m, uint32_t type,
				 uint32_t *ret_length)
{
	uint64_t at = kd_le64(m->bp + 0x250);

	for (int i = 0; at && i < 8; i++) {
		const uint8_t *entry = inside(t, m, at, 16);

		if (kd_le32(entry + 8) == type) {
			*ret_length = kd_le32(entry + 12);
			return inside(t, m, at + 16, *ret_length);
		}
		at = kd_le64(entry);
	}
	return NULL;
}

static void check_segments(struct test *t, const struct made *m,
			   const struct kd_kexec_segment *want, size_t n)
{
	CHECK_INT(t, m->plan.n, n);
	for (size_t i = 0; i < n && i < m->plan.n; i++) {
		const struct kd_kexec_segment *s = &m->plan.segments[i];

		CHECK_INT(t, s->role, want[i].role);
		CHECK_INT(t, s->hashed, want[i].hashed);
		CHECK(t, s->mem % 4096 == 0 && s->memsz % 4096 == 0);
		CHECK(t, s->memsz >= s->bufsz && s->memsz > 0);
		if (want[i].mem)
			CHECK_INT(t, s->mem, want[i].mem);
		if (want[i].memsz)
			CHECK_INT(t, s->memsz, want[i].memsz);
	}
	for (size_t i = 0; i < m->plan.n; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(t, m->plan.segments[i].mem >=
						 m->plan.segments[k].mem +
							 m->plan.segments[k].memsz ||
					 m->plan.segments[k].mem >=
						 m->plan.segments[i].mem +
							 m->plan.segments[i].memsz);
}

static void test_crash(struct test *t)
{
	static const struct kd_kexec_segment want[] = {
		{ .role = KD_SEGMENT_KERNEL,
		  .mem = 0x6f000000,
		  .memsz = 32 * MIB,
		  .hashed = true },
		{ .role = KD_SEGMENT_INITRD, .memsz = 0x19000, .hashed = true },
		{ .role = KD_SEGMENT_PARAMS, .hashed = true },
		{ .role = KD_SEGMENT_PURGATORY },
		{ .role = KD_SEGMENT_ELFCOREHDR, .mem = 0x7efff000, .memsz = 0x1000 },
	};
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_CRASH);
	if (make(t, &m)) {
		check_segments(t, &m, want, ARRAY_SIZE(want));
		CHECK_STR(t, m.plan.cmdline, "console=ttyS0 quiet elfcorehdr=0x7efff000");
		CHECK_INT(t, m.plan.entry,
			  fake_segment(&m.plan, KD_SEGMENT_PURGATORY)->mem);
		for (size_t i = 0; i < m.plan.n; i++)
			CHECK(t,
			      m.plan.segments[i].mem >= 0x6f000000 &&
				      m.plan.segments[i].mem + m.plan.segments[i].memsz <=
					      0x7f000000);
	}
	unmake(&m);
}

/* A reboot's segments lie low, and the crash kernel's are left alone. */
static void test_reboot(struct test *t)
{
	static const struct kd_kexec_segment want[] = {
		{ .role = KD_SEGMENT_KERNEL,
		  .mem = 16 * MIB,
		  .memsz = 32 * MIB,
		  .hashed = true },
		{ .role = KD_SEGMENT_INITRD, .mem = 48 * MIB, .hashed = true },
		{ .role = KD_SEGMENT_PARAMS, .mem = 1 * MIB, .hashed = true },
		{ .role = KD_SEGMENT_PURGATORY },
	};
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_REBOOT);
	m.options.hotplug = true;
	if (make(t, &m)) {
		check_segments(t, &m, want, ARRAY_SIZE(want));
		CHECK_STR(t, m.plan.cmdline, m.options.cmdline);
		CHECK(t, !m.plan.hotplug);
	}
	unmake(&m);
}

/* The header of the image, what the running kernel knows, and zeros for the rest. */
static void test_boot_params(struct test *t)
{
	const struct kd_kexec_segment *initrd;
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_CRASH);
	m.host.boot_params[0x1ec] = 2;
	if (make(t, &m)) {
		initrd = fake_segment(&m.plan, KD_SEGMENT_INITRD);
		CHECK_INT(t, m.bp[0x1ef], 0);
		CHECK(t, memcmp(m.bp + 0x202, "HdrS", 4) == 0);
		CHECK_INT(t, kd_le16(m.bp + 0x1fe), 0xaa55);
		CHECK_INT(t, m.bp[0x210], 0xd0);
		CHECK_INT(t, m.bp[0x211], 0);
		CHECK_INT(t, m.bp[0x236], 0x7f);
		CHECK_INT(t, split(m.bp, 0x218, 0xc0), initrd->mem);
		CHECK_INT(t, split(m.bp, 0x21c, 0xc4), 100000);
		CHECK_STR(t,
			  (const char *)inside(t, &m, split(m.bp, 0x228, 0xc8),
					       strlen(m.plan.cmdline) + 1),
			  m.plan.cmdline);
		CHECK_INT(t, kd_le64(m.bp + 0x70), 0xf5a60);
		CHECK_INT(t, m.bp[0x1ec], 2);
		CHECK_INT(t, m.bp[0x1e9], 0xee); /* EDD */
		CHECK_INT(t, m.bp[0xd00 + 0x1eb], 0xee);
		CHECK_INT(t, m.bp[0x3f], 0xee);			 /* screen_info */
		CHECK_INT(t, kd_le32(m.bp + 0x23c), 0xeeeeeeee); /* subarch */
		CHECK_INT(t, m.bp[0x40], 0);			 /* apm_bios_info */
		CHECK_INT(t, m.bp[0x80], 0);			 /* hd0_info */
		CHECK_INT(t, kd_le32(m.bp + 0x1c0), 0);		 /* efi_info */
		CHECK_INT(t, m.bp[0xeec], 0);
		CHECK_INT(t, m.bp[0x1e8], 7);
		CHECK_INT(t, kd_le64(m.bp + 0x2d0 + 4 * 20), 0x6f000000);
		CHECK_INT(t, kd_le32(m.bp + 0x2d0 + 4 * 20 + 16), 1);
	}
	unmake(&m);
}

/* Everything lies above 4 GiB, and the upper halves say so. */
static void test_above_4g(struct test *t)
{
	struct made m;

	prepare(&m, &fake_high, KD_KEXEC_CRASH);
	if (make(t, &m)) {
		for (size_t i = 0; i < m.plan.n; i++)
			CHECK(t, m.plan.segments[i].mem >= 0x1af000000 &&
					 m.plan.segments[i].mem < 0x1bf000000);
		CHECK(t, m.bp[0xc0] == 1 && m.bp[0xc8] == 1);
		CHECK_INT(t, split(m.bp, 0x218, 0xc0),
			  fake_segment(&m.plan, KD_SEGMENT_INITRD)->mem);
		CHECK_INT(t, kd_le64(m.bp + 0x250) >> 32, 1);
		CHECK_STR(t, m.plan.cmdline,
			  "console=ttyS0 quiet elfcorehdr=0x1befff000");
	}
	unmake(&m);
}

static void test_seed(struct test *t)
{
	const uint8_t *data;
	uint32_t length = 0;
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_REBOOT);
	if (make(t, &m)) {
		data = setup_data(t, &m, 9, &length);
		CHECK_INT(t, length, KD_KEXEC_SEED_SIZE);
		CHECK(t, data && memcmp(data, m.options.seed, length) == 0);
	}
	kd_kexec_plan_done(&m.plan);
	memset(m.options.seed, 0, sizeof(m.options.seed));
	if (make(t, &m))
		CHECK_INT(t, kd_le64(m.bp + 0x250), 0);
	unmake(&m);
}

static void test_efi(struct test *t)
{
	const uint8_t *data, *map;
	uint32_t length = 0;
	struct made m;

	prepare(&m, &fake_efi, KD_KEXEC_CRASH);
	if (make(t, &m)) {
		CHECK(t, memcmp(m.bp + 0x1c0, "EL64", 4) == 0);
		CHECK_INT(t, split(m.bp, 0x1c4, 0x1d8), 0x7ef3d018);
		CHECK_INT(t, kd_le32(m.bp + 0x1c8), 40);
		CHECK_INT(t, kd_le32(m.bp + 0x1cc), 1);
		CHECK_INT(t, kd_le32(m.bp + 0x1d4), 80);
		map = inside(t, &m, split(m.bp, 0x1d0, 0x1dc), 80);
		CHECK_INT(t, kd_le32(map + 40), 6);
		CHECK_INT(t, kd_le64(map + 48), 0x7ea6d000);
		CHECK_INT(t, kd_le64(map + 56), 0xfffffffeff26d000);
		CHECK_INT(t, kd_le64(map + 64), 0x100);
		CHECK_INT(t, kd_le64(map + 72), 0x800000000000000f);
		data = setup_data(t, &m, 4, &length);
		CHECK_INT(t, length, 96);
		CHECK_INT(t, data ? kd_le64(data) : 0, 0x7ef00018);
		CHECK_INT(t, data ? kd_le64(data + 16) : 0, 0x7ef01018);
		CHECK_INT(t, data ? kd_le64(data + 24) : 0, 0x7e9c4000);
		CHECK(t, setup_data(t, &m, 9, &length));
	}
	unmake(&m);
}

/* No map for an image that cannot read it, nor one of 32-bit firmware. */
static void test_no_efi(struct test *t)
{
	uint32_t length;
	struct made m;

	prepare(&m, &fake_efi, KD_KEXEC_CRASH);
	m.kernel.efi = false;
	if (make(t, &m)) {
		CHECK_INT(t, kd_le32(m.bp + 0x1c0), 0);
		CHECK(t, !setup_data(t, &m, 4, &length));
	}
	kd_kexec_plan_done(&m.plan);
	m.kernel.efi = true;
	memcpy(m.host.boot_params + 0x1c0, "EL32", 4);
	if (make(t, &m))
		CHECK(t, !setup_data(t, &m, 4, &length));
	unmake(&m);
}

/* The firmware may say more than boot_params has room for. */
static void test_e820_ext(struct test *t)
{
	const uint8_t *data;
	uint32_t length = 0;
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_REBOOT);
	for (uint64_t i = 0; i < 1000; i++)
		CHECK_INT(t,
			  kd_ranges_insert(&m.host.ram, 0x100000000 + i * 0x10000,
					   0x100008000 + i * 0x10000, KD_RANGE_NVS),
			  0);
	if (make(t, &m)) {
		CHECK_INT(t, m.bp[0x1e8], 128);
		data = setup_data(t, &m, 1, &length);
		CHECK_INT(t, length, (1007 - 128) * 20);
		CHECK_INT(t, data ? kd_le64(data) : 0, 0x100000000 + 121 * 0x10000);
		CHECK_INT(t, data ? kd_le64(data + length - 20) : 0,
			  0x100000000 + 999 * 0x10000);
		CHECK_INT(t, data ? kd_le32(data + length - 4) : 0, 4);
	}
	unmake(&m);
}

/* Room for what the kernel writes when a CPU comes; none of it is in the map. */
static void test_hotplug(struct test *t)
{
	const struct kd_kexec_segment *core;
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_CRASH);
	m.options.hotplug = true;
	if (make(t, &m)) {
		core = fake_segment(&m.plan, KD_SEGMENT_ELFCOREHDR);
		CHECK(t, m.plan.hotplug);
		CHECK(t, core == &m.plan.segments[m.plan.n - 1]);
		CHECK_INT(t, core->memsz, 0xe1000);
		CHECK_INT(t, core->mem, 0x7f000000 - 0xe1000);
		CHECK_INT(t, kd_le64(m.bp + 0x2d0 + 4 * 20 + 8), 0x10000000 - 0xe1000);
	}
	unmake(&m);
}

/* Summed up here from the segments, as purgatory is told to. */
static void test_digest(struct test *t)
{
	const struct kd_purgatory purgatory = kd_purgatory_x86_64();
	struct kd_purgatory_params p;
	const uint8_t *code;
	struct kd_sha256 hash;
	uint8_t digest[32];
	struct made m;
	size_t n = 0;

	prepare(&m, &fake_bios, KD_KEXEC_CRASH);
	m.options.console = 0x3f8;
	if (!make(t, &m))
		return unmake(&m);
	code = fake_segment(&m.plan, KD_SEGMENT_PURGATORY)->buf;
	memcpy(&p, code + purgatory.params, sizeof(p));
	CHECK(t, p.magic == KD_PURGATORY_MAGIC);
	CHECK_INT(t, p.console, 0x3f8);
	CHECK_INT(t, p.argument, m.base);
	CHECK_INT(t, p.entry, 0x6f000200);
	kd_sha256_init(&hash, kd_sha256_blocks_portable);
	for (size_t i = 0; i < m.plan.n; i++) {
		const struct kd_kexec_segment *s = &m.plan.segments[i];

		if (!s->hashed)
			continue;
		CHECK_INT(t, p.regions[n].start, s->mem);
		CHECK_INT(t, p.regions[n].size, s->bufsz);
		CHECK_INT(t, p.regions[n].size + p.regions[n].zeros, s->memsz);
		n++;
		kd_sha256_update(&hash, s->buf, s->bufsz);
	}
	kd_sha256_final(&hash, digest);
	CHECK_INT(t, p.n_regions, n);
	CHECK(t, memcmp(digest, m.plan.digest, 32) == 0);
	CHECK(t, memcmp(digest, p.digest, 32) == 0);
	unmake(&m);
}

/* Twice the same input: every byte the same. */
static void test_repeats(struct test *t)
{
	const struct fake_machine *machines[] = { &fake_bios, &fake_efi, &fake_high,
						  &fake_cma };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(machines); i++) {
		enum kd_kexec_purpose purpose = i % 2 ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT;
		struct made a, b;

		prepare(&a, machines[i / 2], purpose);
		prepare(&b, machines[i / 2], purpose);
		if (make(t, &a) && make(t, &b)) {
			CHECK_INT(t, a.plan.n, b.plan.n);
			CHECK_INT(t, a.plan.entry, b.plan.entry);
			CHECK(t, memcmp(a.plan.digest, b.plan.digest, 32) == 0);
			for (size_t k = 0; k < a.plan.n; k++) {
				const struct kd_kexec_segment *x = &a.plan.segments[k];
				const struct kd_kexec_segment *y = &b.plan.segments[k];

				CHECK(t, x->mem == y->mem && x->memsz == y->memsz);
				CHECK(t, x->bufsz == y->bufsz &&
						 memcmp(x->buf, y->buf, x->bufsz) == 0);
			}
		}
		unmake(&a);
		unmake(&b);
	}
}

/* A vmlinux has no setup header; what its code looks at is made up. */
static void test_vmlinux(struct test *t)
{
	static const uint8_t text[5000] = { 0x48 }, data[8192] = { 1 };
	static const struct kd_kexec_segment want[] = {
		{ .role = KD_SEGMENT_KERNEL,
		  .mem = 0x1000000,
		  .memsz = 0x2000,
		  .hashed = true },
		{ .role = KD_SEGMENT_KERNEL,
		  .mem = 0x1200000,
		  .memsz = 0x600000,
		  .hashed = true },
		{ .role = KD_SEGMENT_INITRD, .mem = 0x1800000, .hashed = true },
		{ .role = KD_SEGMENT_PARAMS, .hashed = true },
		{ .role = KD_SEGMENT_PURGATORY },
	};
	struct kd_purgatory_params p;
	const uint8_t *code;
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_REBOOT);
	m.kernel.format = KD_KERNEL_ELF;
	m.kernel.relocatable = m.kernel.above_4g = false;
	m.kernel.setup = (struct kd_bytes) { 0 };
	m.kernel.parts[0] = (struct kd_kernel_part) { 0x1000000, 5000, { text, 5000 } };
	m.kernel.parts[1] =
		(struct kd_kernel_part) { 0x1200000, 0x500000, { data, 8192 } };
	m.kernel.n_parts = 2;
	m.kernel.mem_size = 0x800000;
	m.kernel.entry = 0x1000080;
	if (make(t, &m)) {
		check_segments(t, &m, want, ARRAY_SIZE(want));
		code = fake_segment(&m.plan, KD_SEGMENT_PURGATORY)->buf;
		memcpy(&p, code + kd_purgatory_x86_64().params, sizeof(p));
		CHECK_INT(t, p.entry, 0x1000080);
		CHECK(t, memcmp(m.bp + 0x202, "HdrS", 4) == 0);
		CHECK_INT(t, m.bp[0x210], 0xd0);
	}
	unmake(&m);
}

/* Without an initrd and a command line of its own a plan takes those of the UKI. */
static void test_uki(struct test *t)
{
	static const uint8_t initrd[5000] = "0707";
	struct made m;

	prepare(&m, &fake_bios, KD_KEXEC_REBOOT);
	m.kernel.initrd = (struct kd_bytes) { initrd, sizeof(initrd) };
	m.kernel.cmdline = (struct kd_bytes) { (const uint8_t *)"a=b\0\0", 5 };
	m.options.initrd = (struct kd_bytes) { 0 };
	m.options.cmdline = NULL;
	if (make(t, &m)) {
		CHECK_STR(t, m.plan.cmdline, "a=b");
		CHECK_INT(t, kd_le32(m.bp + 0x21c), 5000);
	}
	kd_kexec_plan_done(&m.plan);
	m.kernel.initrd = m.kernel.cmdline = (struct kd_bytes) { 0 };
	if (make(t, &m)) {
		CHECK_STR(t, m.plan.cmdline, "");
		CHECK(t, !fake_segment(&m.plan, KD_SEGMENT_INITRD));
		CHECK_INT(t, kd_le32(m.bp + 0x218), 0);
		CHECK_INT(t, kd_le32(m.bp + 0x21c), 0);
	}
	unmake(&m);
}

static const struct test_case cases[] = {
	{ "a crash kernel's segments", test_crash },
	{ "a reboot's segments", test_reboot },
	{ "boot_params", test_boot_params },
	{ "everything above 4 GiB", test_above_4g },
	{ "a seed", test_seed },
	{ "EFI's runtime map", test_efi },
	{ "no EFI for who cannot take it", test_no_efi },
	{ "more than 128 ranges", test_e820_ext },
	{ "room for hotplug", test_hotplug },
	{ "the digest, here and in purgatory", test_digest },
	{ "the same bytes again", test_repeats },
	{ "a vmlinux", test_vmlinux },
	{ "what a UKI carries", test_uki },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
