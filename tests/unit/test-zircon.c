/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/backend/zircon: a model stands for the kernel, of three ages. What the backend
 * hands over is read back with the ZBI reader.
 */
#include "kexec/backend/zircon.h"

#include <sys/mman.h>

#include "kexec/image/zbi.h"
#include "tests/kexec/model-zircon.h"
#include "tests/unit/test.h"

#define MIB 0x100000ull

static const uint8_t bytes[8192] = { 1, 2, 3 };

/** @payload: what the model's kernel hands on */
struct fixture {
	struct model_zircon model;
	struct kd_zircon_backend backend;
	struct kd_kexec_backend ops;
	struct kd_ranges ram;
	struct kd_zbi_writer payload;
	struct kd_error err;
};

static void append(struct test *t, struct kd_zbi_writer *w, uint32_t type,
		   const void *data, size_t size)
{
	struct kd_zbi_item item = { .type = type, .data = { data, size } };

	CHECK_INT(t, kd_zbi_append(w, &item), 0);
}

/* A kernel item: entry and reserve, then code. */
static void append_kernel(struct test *t, struct kd_zbi_writer *w)
{
	uint64_t kernel[64] = { 80, 4096, 0x90 };

	append(t, w, KD_ZBI_KERNEL_X64, kernel, sizeof(kernel));
}

static void setup(struct test *t, struct fixture *f, enum model_zircon_age age,
		  size_t payload)
{
	*f = (struct fixture) {
		.model = { .age = age,
			   .gate = true,
			   .low_page = true,
			   .has_system = age != MODEL_ZIRCON_SEED,
			   .has_root = age != MODEL_ZIRCON_2026,
			   .contiguous = 512 * MIB },
	};
	CHECK_INT(t, kd_zbi_writer_init(&f->payload), 0);
	if (payload)
		append(t, &f->payload, 0x434d454d /* "MEMC" */, bytes, payload);
	f->model.payload = kd_zbi_written(&f->payload).data;
	f->model.payload_size = kd_zbi_written(&f->payload).size;
	kd_ranges_init(&f->ram);
	CHECK_INT(t, kd_ranges_insert(&f->ram, MIB, 1024 * MIB, KD_RANGE_RAM), 0);
	f->backend = (struct kd_zircon_backend) { .system = model_zircon_calls(&f->model),
						  .arch = KD_ARCH_X86_64,
						  .ram = &f->ram };
	f->ops = kd_zircon_backend(&f->backend);
}

/* Nothing may be left open, whatever happened. */
static void teardown(struct test *t, struct fixture *f)
{
	kd_zircon_backend_done(&f->backend);
	CHECK_INT(t, model_zircon_open(&f->model), 0);
	model_zircon_done(&f->model);
	kd_zbi_writer_done(&f->payload);
	kd_ranges_done(&f->ram);
}

static int load_plan(struct fixture *f, enum kd_kexec_purpose purpose)
{
	struct kd_kexec_plan plan = {
		.arch = KD_ARCH_X86_64,
		.segments = { { bytes, sizeof(bytes), 0x1000000, 0x10000,
				KD_SEGMENT_KERNEL, true } },
		.n = 1,
		.entry = 0x1000000,
		.cmdline = (char *)"quiet",
	};
	struct kd_kexec_load what = { .purpose = purpose, .plan = &plan };

	kd_error_reset(&f->err);
	return f->ops.ops->load(f->ops.context, &what, &f->err);
}

static int memory_file(struct kd_bytes image)
{
	int fd = memfd_create("zbi", MFD_CLOEXEC);

	return write(fd, image.data, image.size) == (ssize_t)image.size ? fd : -1;
}

static int load_files(struct fixture *f, struct kd_bytes kernel, struct kd_bytes data,
		      const char *cmdline)
{
	_cleanup_(kd_closep) int kernel_fd = memory_file(kernel);
	_cleanup_(kd_closep) int data_fd = data.size ? memory_file(data) : -EBADF;
	struct kd_kexec_files files = {
		"kernel.zbi", kernel_fd, data_fd, cmdline, NULL, 0
	};
	struct kd_kexec_load what = { .purpose = KD_KEXEC_REBOOT, .files = &files };

	kd_error_reset(&f->err);
	return f->ops.ops->load(f->ops.context, &what, &f->err);
}

/* How many items of @type the data ZBI has that the model jumped with, and their size. */
static size_t handed(struct test *t, const struct model_object *o, uint32_t type,
		     size_t *ret_size)
{
	struct kd_zbi_item item;
	struct kd_zbi zbi;
	size_t n = 0;
	int r;

	CHECK_INT(t, kd_zbi_open((struct kd_bytes) { o->data, o->size }, &zbi, NULL), 0);
	while ((r = kd_zbi_next(&zbi, &item, NULL)) > 0)
		if (item.type == type) {
			n++;
			*ret_size = item.data.size;
		}
	CHECK_INT(t, r, 0);
	return n;
}

static void foreign(struct test *t)
{
	struct kd_zbi_kernel kernel;
	struct fixture f;
	size_t size = 0;

	for (int age = MODEL_ZIRCON_SEED; age <= MODEL_ZIRCON_2026; age++) {
		setup(t, &f, age, 100);
		CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT), 0);
		CHECK_STR(t, f.err.message, "");
		CHECK_INT(t, f.ops.ops->loaded(f.ops.context, KD_KEXEC_REBOOT), 1);
		CHECK_INT(t, f.model.mexecs, 0);
		(void)f.ops.ops->execute(f.ops.context, &f.err);
		CHECK(t, f.model.jumped && !f.model.overrun && !f.model.panics);
		CHECK_INT(t,
			  kd_zbi_bootable((struct kd_bytes) { f.model.kernel.data,
							      f.model.kernel.size },
					  &kernel, NULL),
			  0);
		CHECK(t, kernel.entry > 0 && kernel.entry < kernel.load.size);
		CHECK_INT(t, handed(t, &f.model.data, 0x434d454d, &size), 1);
		CHECK_INT(t, size, 100);
		CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_SECURE_ENTROPY, &size), 1);
		CHECK_INT(t, size, KD_ZX_ENTROPY);
		teardown(t, &f);
	}
}

/* A complete image: its kernel alone goes one way, all else the other, in order. */
static void native(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer boot = { 0 }, more = { 0 };
	struct fixture f;
	size_t size;

	setup(t, &f, MODEL_ZIRCON_2026, 64);
	CHECK_INT(t, kd_zbi_writer_init(&boot), 0);
	append_kernel(t, &boot);
	append(t, &boot, KD_ZBI_BOOTFS, bytes, 500);
	CHECK_INT(t, kd_zbi_writer_init(&more), 0);
	append(t, &more, KD_ZBI_RAMDISK, bytes, 700);
	CHECK_INT(t, load_files(&f, kd_zbi_written(&boot), kd_zbi_written(&more), "a=b"),
		  0);
	CHECK_STR(t, f.err.message, "");
	(void)f.ops.ops->execute(f.ops.context, &f.err);
	CHECK(t, f.model.jumped && !f.model.overrun);
	CHECK_INT(t, handed(t, &f.model.kernel, KD_ZBI_KERNEL_X64, &size), 1);
	CHECK_INT(t, handed(t, &f.model.kernel, KD_ZBI_BOOTFS, &size), 0);
	CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_KERNEL_X64, &size), 0);
	CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_BOOTFS, &size), 1);
	CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_RAMDISK, &size), 1);
	CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_CMDLINE, &size), 1);
	CHECK_INT(t, size, 4);
	CHECK_INT(t, handed(t, &f.model.data, KD_ZBI_SECURE_ENTROPY, &size), 1);
	teardown(t, &f);
}

static void check_refused(struct test *t, struct fixture *f, int code, const char *word)
{
	CHECK_INT(t, load_plan(f, KD_KEXEC_REBOOT), code);
	if (!strstr(f->err.message, word))
		test_failed(t, __FILE__, __LINE__, "\"%s\" has no \"%s\"", f->err.message,
			    word);
	CHECK_INT(t, f->ops.ops->loaded(f->ops.context, KD_KEXEC_REBOOT), 0);
	CHECK_INT(t, f->ops.ops->execute(f->ops.context, &f->err), -ENOENT);
	CHECK_INT(t, f->model.mexecs, 0);
	teardown(t, f);
}

static void refusals(struct test *t)
{
	struct fixture f;

	setup(t, &f, MODEL_ZIRCON_2026, 0);
	f.model.gate = false;
	check_refused(t, &f, -ENOTSUP, "kernel.enable-debugging-syscalls=true");
	setup(t, &f, MODEL_ZIRCON_2026, 0);
	f.model.has_system = false;
	check_refused(t, &f, -EACCES, "was given no system resource");
	setup(t, &f, MODEL_ZIRCON_2026, 0);
	f.model.has_system = false;
	f.model.has_root = true;
	check_refused(t, &f, -EACCES, "not good for it");
	setup(t, &f, MODEL_ZIRCON_2022, 0);
	f.backend.ram = NULL;
	check_refused(t, &f, -ENOTSUP, "memory");
	setup(t, &f, MODEL_ZIRCON_2026, 0);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_CRASH), -ENOTSUP);
	CHECK(t, strstr(f.err.message, "crashlog"));
	teardown(t, &f);
}

/* The seed's kernel does not know SYSTEM; a program may have been given both. */
static void both_kinds(struct test *t)
{
	struct fixture f;

	setup(t, &f, MODEL_ZIRCON_SEED, 0);
	f.model.has_system = true;
	CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT), 0);
	CHECK_INT(t, f.model.objects[f.backend.resource - 1].kind, KD_ZX_RSRC_KIND_ROOT);
	/* again: handles of the start are taken once, the good one is kept */
	CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT), 0);
	CHECK_INT(t, model_zircon_open(&f.model), 3);
	CHECK_INT(t, f.ops.ops->unload(f.ops.context, KD_KEXEC_REBOOT, &f.err), 0);
	CHECK_INT(t, f.ops.ops->loaded(f.ops.context, KD_KEXEC_REBOOT), 0);
	teardown(t, &f);
}

static void payload_grows(struct test *t)
{
	static const struct {
		size_t items;
		unsigned int tries;
		int r;
	} rows[] = {
		{ 0, 1, 0 },	{ 4096 - 64, 1, 0 }, { 4096 - 63, 2, 0 },
		{ 8192, 3, 0 }, { 0, 4, -EFBIG },
	};
	struct fixture f;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		setup(t, &f, MODEL_ZIRCON_2026, rows[i].items);
		if (rows[i].r)
			f.model.payload_size = KD_ZX_PAYLOAD_MAX + 8;
		CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT), rows[i].r);
		CHECK_INT(t, f.model.tries, rows[i].tries);
		teardown(t, &f);
	}
}

/* What the kernel says at the jump; and that a refused load leaves what was loaded. */
static void jump(struct test *t)
{
	static const uint8_t junk[256];
	struct fixture f;

	setup(t, &f, MODEL_ZIRCON_2026, 0);
	CHECK_INT(t, load_plan(&f, KD_KEXEC_REBOOT), 0);
	CHECK_INT(t,
		  load_files(&f, (struct kd_bytes) { junk, sizeof(junk) },
			     (struct kd_bytes) { 0 }, ""),
		  -ENOEXEC);
	CHECK(t, strstr(f.err.message, "kernel.zbi"));
	CHECK_INT(t, f.ops.ops->loaded(f.ops.context, KD_KEXEC_REBOOT), 1);
	f.model.contiguous = 4096;
	CHECK_INT(t, f.ops.ops->execute(f.ops.context, &f.err), -ENOMEM);
	CHECK(t, strstr(f.err.message, "one piece"));
	f.model.contiguous = 512 * MIB;
	f.model.low_page = false;
	CHECK_INT(t, f.ops.ops->execute(f.ops.context, &f.err), -ENOMEM);
	teardown(t, &f);
}

/* One bit of any byte of both images: either a refusal, or a jump into a kernel. */
static void flipped(struct test *t)
{
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer boot = { 0 };
	unsigned int refused = 0, through = 0;
	struct kd_bytes image;
	struct fixture f;

	CHECK_INT(t, kd_zbi_writer_init(&boot), 0);
	append_kernel(t, &boot);
	append(t, &boot, KD_ZBI_BOOTFS, bytes, 16);
	image = kd_zbi_written(&boot);
	for (size_t i = 0; i < 8 * image.size; i++) {
		((uint8_t *)image.data)[i / 8] ^= (uint8_t)(1 << i % 8);
		setup(t, &f, MODEL_ZIRCON_2022, 0);
		if (load_files(&f, image, (struct kd_bytes) { 0 }, "") < 0) {
			refused++;
		} else {
			through++;
			(void)f.ops.ops->execute(f.ops.context, &f.err);
			CHECK(t, f.model.jumped && !f.model.overrun && !f.model.panics);
		}
		teardown(t, &f);
		((uint8_t *)image.data)[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	printf("# %u refused, %u let through\n", refused, through);
	CHECK(t, refused > 300 && through > 3000);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "a plan becomes a blob, on kernels of three ages", foreign },
		{ "a Zircon image is split and extended", native },
		{ "what is refused before the jump", refusals },
		{ "SYSTEM first, then ROOT; each is taken once", both_kinds },
		{ "the items handed on: a page more until they fit", payload_grows },
		{ "the kernel's words at the jump; what was loaded stays", jump },
		{ "a flipped bit never makes a jump into nothing", flipped },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
