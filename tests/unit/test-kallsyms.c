/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dead kernel's symbol table: three schemes, long names, damage.
 */
#include "makedumpfile/layout/kallsyms.h"
#include "tests/unit/fake-kernel.h"
#include "tests/unit/test.h"

#define DATA (FAKE_BASE + 0x80000)

static int open_table(const struct fake_kernel *k, struct kd_kallsyms **ret,
		      struct kd_error *err)
{
	return kd_kallsyms_new(&k->x, k->info, ret, err);
}

static void check_scheme(struct test *t, int scheme)
{
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *s = NULL;
	struct kd_error err = { 0 };
	char name[KD_KSYM_NAME_SIZE];
	kd_vaddr_t addr = 0;
	uint64_t offset = 0;

	fake_kernel_init(&k);
	k.scheme = scheme;
	fake_kernel_symbol(&k, "one", 'd', DATA);
	fake_kernel_symbol(&k, "two", 'B', DATA + 0x20);
	fake_kernel_finish(&k);
	CHECK_INT(t, open_table(&k, &s, &err), 0);
	CHECK_STR(t, err.message, "");
	if (!s)
		return;
	CHECK_INT(t, kd_kallsyms_count(s), 3);
	CHECK_INT(t, kd_kallsyms_scheme(s), scheme);
	CHECK_INT(t, kd_kallsyms_find(s, "two", &addr), 0);
	CHECK_INT(t, addr, DATA + 0x20);
	CHECK_INT(t, kd_kallsyms_find(s, "tw", &addr), -ENODATA);
	CHECK_INT(t, kd_kallsyms_find(s, "twoo", &addr), -ENODATA);
	CHECK_INT(t, kd_kallsyms_find(s, "", &addr), -EINVAL);
	CHECK_INT(t, kd_kallsyms_at(s, DATA + 0x1f, name, &offset), 0);
	CHECK_STR(t, name, "one");
	CHECK_INT(t, offset, 0x1f);
	CHECK_INT(t, kd_kallsyms_at(s, FAKE_BASE, name, &offset), -ENODATA);
}

static void test_schemes(struct test *t)
{
	check_scheme(t, KD_KALLSYMS_ABSOLUTE_PERCPU);
	check_scheme(t, KD_KALLSYMS_BASE_RELATIVE);
	check_scheme(t, KD_KALLSYMS_PLACE_RELATIVE);
}

/* Lengths of two bytes: what follows such a name must not shift. */
static void test_long_names(struct test *t)
{
	static const size_t lengths[] = { 126, 127, 128, 255, 256, 300, 511 };
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *s = NULL;
	struct kd_kallsyms_entry e = { 0 };
	char names[ARRAY_SIZE(lengths)][512];
	kd_vaddr_t addr;

	fake_kernel_init(&k);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		memset(names[i], 'a' + (int)i, lengths[i]);
		names[i][lengths[i]] = '\0';
		fake_kernel_symbol(&k, names[i], 't', DATA + i);
	}
	fake_kernel_symbol(&k, "behind", 'D', DATA + 0x100);
	fake_kernel_finish(&k);
	CHECK_INT(t, open_table(&k, &s, NULL), 0);
	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		CHECK_INT(t, kd_kallsyms_find(s, names[i], &addr), 0);
		CHECK_INT(t, addr, DATA + i);
	}
	CHECK_INT(t, kd_kallsyms_find(s, "behind", &addr), 0);
	CHECK_INT(t, addr, DATA + 0x100);
	while (kd_kallsyms_next(s, &e))
		addr = e.addr;
	CHECK_STR(t, e.name, "behind");
	CHECK_INT(t, e.type, 'D');
	CHECK_INT(t, e.next, ARRAY_SIZE(lengths) + 2);
}

static void test_same_names(struct test *t)
{
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *s = NULL;
	kd_vaddr_t addr;

	fake_kernel_init(&k);
	for (unsigned int i = 0; i < 3; i++)
		fake_kernel_symbol(&k, "static_one", 'd', DATA + i);
	fake_kernel_symbol(&k, "alias", 'd', DATA);
	fake_kernel_symbol(&k, "alias", 'd', DATA);
	fake_kernel_symbol(&k, "percpu", 'A', 0x1234);
	fake_kernel_finish(&k);
	CHECK_INT(t, open_table(&k, &s, NULL), 0);
	if (!s)
		return;
	CHECK_INT(t, kd_kallsyms_find(s, "static_one", &addr), 2);
	CHECK_INT(t, addr, DATA);
	CHECK_INT(t, kd_kallsyms_find(s, "alias", &addr), 0);
	CHECK_INT(t, kd_kallsyms_find(s, "percpu", &addr), 0);
	CHECK_INT(t, addr, 0x1234);
}

/* Several in one walk: short names, names that begin like others, one that is not there,
 * one that is there twice, and one that is known. */
static void test_find_each(struct test *t)
{
	static const char *const names[] = { "a",	   "abcd",   "abcde", "missing",
					     "static_one", "_stext", "known" };
	bool found[ARRAY_SIZE(names)] = { [6] = true };
	kd_vaddr_t got[ARRAY_SIZE(names)] = { [6] = 7 };
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *s = NULL;

	fake_kernel_init(&k);
	fake_kernel_symbol(&k, "abcdef", 'd', DATA);
	fake_kernel_symbol(&k, "a", 'd', DATA + 1);
	fake_kernel_symbol(&k, "abcde", 'd', DATA + 2);
	fake_kernel_symbol(&k, "static_one", 'd', DATA + 3);
	fake_kernel_symbol(&k, "static_one", 'd', DATA + 4);
	fake_kernel_symbol(&k, "ab", 'd', DATA + 5);
	fake_kernel_symbol(&k, "known", 'd', DATA + 6);
	fake_kernel_symbol(&k, "abcd", 'd', DATA + 7);
	fake_kernel_finish(&k);
	CHECK_INT(t, open_table(&k, &s, NULL), 0);
	if (!s)
		return;
	kd_kallsyms_find_each(s, names, ARRAY_SIZE(names), found, got);
	for (size_t i = 0; i < 6; i++) {
		kd_vaddr_t addr = 0;
		int r = kd_kallsyms_find(s, names[i], &addr);

		CHECK_INT(t, found[i], r >= 0);
		CHECK_INT(t, got[i], addr);
	}
	CHECK_INT(t, got[1], DATA + 7);
	CHECK(t, !found[3]);
	CHECK_INT(t, got[6], 7);
}

static kd_vaddr_t part(const struct fake_kernel *k, const char *name)
{
	kd_vaddr_t at = 0;

	(void)kd_vmcoreinfo_symbol(k->info, name, &at);
	return at;
}

static void test_damage(struct test *t)
{
	static const struct {
		const char *part;
		uint32_t value;
		int error;
	} damages[] = {
		{ "kallsyms_num_syms", 0, -EBADMSG },
		{ "kallsyms_num_syms", UINT32_MAX, -EBADMSG },
		/* more names than memory has */
		{ "kallsyms_num_syms", KD_KALLSYMS_MAX_SYMBOLS, -ENXIO },
		/* the first name's length, so that all that follow are others */
		{ "kallsyms_names", 0x01010101, -EBADMSG },
		/* _stext elsewhere */
		{ "kallsyms_offsets", 0x01010101, -EBADMSG },
		{ "kallsyms_relative_base", 7, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		_cleanup_(fake_kernel_done) struct fake_kernel k;
		_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *s = NULL;
		struct kd_error err = { 0 };

		fake_kernel_init(&k);
		fake_kernel_symbol(&k, "one", 'd', DATA);
		fake_kernel_finish(&k);
		fake_kernel_put_u32(&k, part(&k, damages[i].part), damages[i].value);
		CHECK_INT(t, open_table(&k, &s, &err), damages[i].error);
		CHECK_INT(t, err.code, damages[i].error);
		CHECK(t, !s);
	}
}

static void test_no_table(struct test *t)
{
	static const char text[] =
		"SYMBOL(swapper_pg_dir)=ffffffff80000000\n"
		"NUMBER(phys_base)=0\nSYMBOL(_stext)=ffffffff80001000\n";
	_cleanup_(fake_kernel_done) struct fake_kernel k;
	struct kd_kallsyms *s = NULL;
	struct kd_error err = { 0 };

	fake_kernel_init(&k);
	CHECK_INT(t, kd_vmcoreinfo_new(text, sizeof(text), &k.info, NULL), 0);
	CHECK_INT(t, open_table(&k, &s, &err), -ENODATA);
	CHECK(t, strstr(err.message, "kallsyms_num_syms"));
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "three schemes of addresses", test_schemes },
		{ "lengths of two bytes", test_long_names },
		{ "names that are there twice", test_same_names },
		{ "several at once", test_find_each },
		{ "damage", test_damage },
		{ "a kernel that does not export it", test_no_table },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
