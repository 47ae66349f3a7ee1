/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/notes: padding, damaged sizes, and VMCOREINFO found behind damage.
 */
#include "makedumpfile/vmcore/notes.h"

#include <elf.h>

#include "tests/unit/test.h"

/* A buffer of notes under construction. */
struct buffer {
	char data[512];
	size_t size;
};

static void add(struct buffer *b, const char *name, uint32_t namesz, uint32_t descsz,
		uint32_t type, const char *desc)
{
	Elf64_Nhdr h = { .n_namesz = namesz, .n_descsz = descsz, .n_type = type };
	size_t n = strlen(name) + 1, d = strlen(desc);

	memcpy(b->data + b->size, &h, sizeof(h));
	b->size += sizeof(h);
	memcpy(b->data + b->size, name, n);
	b->size += (n + 3) / 4 * 4;
	memcpy(b->data + b->size, desc, d);
	b->size += (d + 3) / 4 * 4;
}

static void well_formed(struct test *t)
{
	struct buffer b = { 0 };
	struct kd_notes it;

	add(&b, "CORE", 5, 5, NT_PRSTATUS, "12345");
	b.size += 16; /* padding between joined segments */
	add(&b, "GNU", 4, 4, NT_GNU_BUILD_ID, "abcd");
	it = (struct kd_notes) { .data = b.data, .size = b.size };
	CHECK(t, kd_notes_next(&it));
	CHECK(t, kd_notes_is(&it, "CORE", NT_PRSTATUS));
	CHECK(t, !kd_notes_is(&it, "CORE", NT_PRPSINFO));
	CHECK(t, !kd_notes_is(&it, "COR", NT_PRSTATUS));
	CHECK_INT(t, it.desc_size, 5);
	CHECK(t, memcmp(it.desc, "12345", 5) == 0);
	CHECK(t, kd_notes_next(&it));
	CHECK(t, kd_notes_is(&it, "GNU", NT_GNU_BUILD_ID));
	CHECK(t, !kd_notes_next(&it));
	CHECK(t, !it.broken);
}

static void last_without_padding(struct test *t)
{
	struct buffer b = { 0 };
	struct kd_notes it;

	add(&b, "CORE", 5, 5, 1, "12345");
	it = (struct kd_notes) { .data = b.data, .size = b.size - 3 };
	CHECK(t, kd_notes_next(&it));
	CHECK(t, !kd_notes_next(&it));
	CHECK(t, !it.broken);
	it = (struct kd_notes) { .data = b.data, .size = b.size - 4 };
	CHECK(t, !kd_notes_next(&it));
	CHECK(t, it.broken);
}

static void damaged_sizes(struct test *t)
{
	static const struct {
		uint32_t namesz, descsz;
	} table[] = {
		{ UINT32_MAX, 4 }, { 5, UINT32_MAX },	  { UINT32_MAX, UINT32_MAX },
		{ 5, 0x7fffffff }, { UINT32_MAX - 2, 0 }, { 5, 1000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct buffer b = { 0 };
		struct kd_notes it;

		add(&b, "CORE", table[i].namesz, table[i].descsz, 1, "1234");
		it = (struct kd_notes) { .data = b.data, .size = b.size };
		CHECK(t, !kd_notes_next(&it));
		CHECK(t, it.broken);
	}
}

static void name_without_nul(struct test *t)
{
	struct buffer b = { 0 };
	struct kd_notes it;

	add(&b, "CORE", 4, 4, 1, "1234");
	it = (struct kd_notes) { .data = b.data, .size = b.size };
	CHECK(t, kd_notes_next(&it));
	CHECK_INT(t, it.name_size, 4);
}

static void finds_vmcoreinfo(struct test *t)
{
	struct buffer b = { 0 };
	size_t offset = 0, size = 0;

	add(&b, "CORE", 5, 4, 1, "1234");
	add(&b, "VMCOREINFO", 11, 4, 0, "A=1\n");
	CHECK_INT(t, kd_notes_find_vmcoreinfo(b.data, b.size, &offset, &size), 0);
	CHECK_INT(t, size, 4);
	CHECK(t, memcmp(b.data + offset, "A=1\n", 4) == 0);
	CHECK_INT(t, kd_notes_find_vmcoreinfo(b.data, 24, &offset, &size), -ENODATA);
	CHECK_INT(t, kd_notes_find_vmcoreinfo(NULL, 0, &offset, &size), -ENODATA);
}

static void finds_it_behind_damage(struct test *t)
{
	struct buffer b = { 0 };
	size_t offset = 0, size = 0;

	add(&b, "CORE", 5, 0x10000, 1, "1234");
	add(&b, "XX", 3, 12, 1, "VMCOREINFO"); /* the name alone is no note */
	add(&b, "VMCOREINFO", 11, 4, 0, "B=2\n");
	CHECK_INT(t, kd_notes_find_vmcoreinfo(b.data, b.size, &offset, &size), 0);
	CHECK(t, memcmp(b.data + offset, "B=2\n", 4) == 0);
	/* its own size reaches too far: not usable, and no endless search */
	b = (struct buffer) { 0 };
	add(&b, "VMCOREINFO", 11, 4000, 0, "C=3\n");
	CHECK_INT(t, kd_notes_find_vmcoreinfo(b.data, b.size, &offset, &size), -ENODATA);
}

static const struct test_case cases[] = {
	{ "walk over notes and padding", well_formed },
	{ "the last one needs no padding", last_without_padding },
	{ "damaged sizes stop the walk", damaged_sizes },
	{ "an owner without its NUL", name_without_nul },
	{ "VMCOREINFO", finds_vmcoreinfo },
	{ "VMCOREINFO behind a damaged note", finds_it_behind_damage },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
