/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests/tools/mkvmcore: scripts that are wrong are told so, and what is built holds
 * what was asked for. Everything else stands on this tool.
 */
#include "tests/tools/mkvmcore/mkvmcore.h"

#include <fcntl.h>

#include "makedumpfile/layout/source.h"
#include "makedumpfile/vmcore/xlat.h"
#include "tests/unit/test.h"

#define RAM	"@ram start=0x100000 size=63M\n"
#define VMEMMAP UINT64_C(0xffffea0000000000)

static void wrong_scripts(struct test *t)
{
	static const struct {
		const char *script, *message;
	} table[] = {
		{ "", "@core comes first" },
		{ "@ram start=0 size=1M\n@log text=x\n", "line 2: @core comes first" },
		{ "@core preset=5.4\n", "line 1: no preset \"5.4\"" },
		{ "@core preset=6.1 cpu=2\n", "line 1: @core has no key \"cpu\"" },
		{ "@core\n@ram start=1 size=1M\n", "line 2: RAM is whole pages" },
		{ "@core\n" RAM "@page class=anon\n",
		  "line 3: @page needs pfn=, order= up to 20" },
		{ "@core\n" RAM "@page pfn=0x200 class=anonymous\n",
		  "line 3: no such page class" },
		{ "@core preset=6.1\n" RAM "@page pfn=0x200 class=unaccepted\n",
		  "line 3: preset 6.1 has no PAGE_UNACCEPTED_MAPCOUNT_VALUE" },
		{ "@core preset=6.12\n" RAM "@page pfn=0x200 flags=lru|slab\n",
		  "line 3: preset 6.12 has no flag \"slab\"" },
		{ "@core\n" RAM "@page pfn=0x100000\n",
		  "line 3: page 0x100000 has no memmap" },
		{ "@core\n" RAM "@log text=\\q\n", "line 3: unknown escape" },
		{ "@core\n" RAM "@fill pfn=0x200 with=love\n",
		  "line 3: with= is zero, pattern, random or same" },
		{ "@core\n" RAM "@pages pfn=0x200\n",
		  "line 3: unknown directive @pages" },
		{ "@core\n" RAM "page pfn=0x200\n", "line 3: a directive begins with @" },
		{ "@core\n@ram start=0 size=1M\n",
		  "the kernel's area at 0x1000000 needs more @ram" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_closep) int fd = -EBADF;
		struct kd_error err = { 0 };

		fd = mkvmcore_memfd(table[i].script, NULL, 0, &err);
		CHECK(t, fd < 0);
		CHECK_STR(t, err.message, table[i].message);
	}
}

/* A script's core, open. */
struct built {
	int fd;
	struct kd_vmcore *core;
	struct kd_xlat x;
	struct kd_layout l;
};

static bool build(struct built *b, struct test *t, const char *script)
{
	struct kd_error err = { 0 };
	char path[32];

	*b = (struct built) { .fd = mkvmcore_memfd(script, path, sizeof(path), &err) };
	if (b->fd < 0 || kd_vmcore_open_at(AT_FDCWD, path, &b->core, &err) < 0 ||
	    kd_xlat_init(&b->x, kd_vmcore_memory(b->core), kd_vmcore_machine(b->core),
			 kd_vmcore_info(b->core, NULL, NULL), &err) < 0) {
		test_failed(t, __FILE__, __LINE__, "%s", err.message);
		return false;
	}
	CHECK_STR(t, kd_vmcore_oddities(b->core), "");
	CHECK_INT(t,
		  kd_layout_from_vmcoreinfo(kd_vmcore_info(b->core, NULL, NULL), &b->l),
		  0);
	return true;
}

static void done(struct built *b)
{
	kd_vmcore_free(b->core);
	kd_close(b->fd);
}

static uint64_t member(struct test *t, const struct built *b, kd_pfn_t pfn,
		       enum kd_field f, size_t size)
{
	kd_vaddr_t at = VMEMMAP + pfn * 64 + (uint64_t)kd_layout_get(&b->l, f);
	uint64_t v = 0;

	CHECK(t, kd_layout_has(&b->l, f));
	CHECK_INT(t, kd_xlat_read(&b->x, at, &v, size), 0);
	return v;
}

static void pages(struct test *t)
{
	struct built b;

	if (build(&b, t,
		  "@core preset=6.12\n" RAM "@page pfn=0x2000 class=free order=3\n"
		  "@page pfn=0x2100 class=anon order=2\n"
		  "@page pfn=0x2200 class=cache flags=private mapcount=-5\n")) {
		CHECK_INT(t, member(t, &b, 0x2000, KD_F_PAGE_MAPCOUNT, 4), 0xf0000000);
		CHECK_INT(t, member(t, &b, 0x2000, KD_F_PAGE_PRIVATE, 8), 3);
		CHECK_INT(t, member(t, &b, 0x2001, KD_F_PAGE_MAPCOUNT, 4), UINT32_MAX);
		CHECK_INT(t, member(t, &b, 0x2100, KD_F_PAGE_FLAGS, 8),
			  1 << 5 | 1 << 17 | 1 << 6);
		CHECK_INT(t, member(t, &b, 0x2100, KD_F_PAGE_MAPPING, 8) & 1, 1);
		CHECK_INT(t, member(t, &b, 0x2101, KD_F_PAGE_FLAGS, 1), 2);
		CHECK_INT(t, member(t, &b, 0x2103, KD_F_PAGE_COMPOUND_HEAD, 8),
			  (int64_t)(VMEMMAP + 0x2100 * 64 + 1));
		CHECK_INT(t, member(t, &b, 0x2200, KD_F_PAGE_FLAGS, 8), 1 << 5 | 1 << 14);
		CHECK_INT(t, member(t, &b, 0x2200, KD_F_PAGE_MAPCOUNT, 4), 0xfffffffb);
		/* what nothing is said about is in use */
		CHECK_INT(t, member(t, &b, 0x3000, KD_F_PAGE_REFCOUNT, 4), 1);
	}
	done(&b);
}

static void tails_of_7_1(struct test *t)
{
	struct built b;

	if (build(&b, t,
		  "@core preset=7.1\n" RAM "@page pfn=0x2200 class=slab order=3\n"))
		CHECK_INT(t, member(t, &b, 0x2203, KD_F_PAGE_COMPOUND_INFO, 8),
			  (int64_t)(~UINT64_C(511) | 1));
	done(&b);
	if (build(&b, t,
		  "@core preset=7.1 tails=head\n" RAM
		  "@page pfn=0x2200 class=slab order=3\n"))
		CHECK_INT(t, member(t, &b, 0x2203, KD_F_PAGE_COMPOUND_INFO, 8),
			  (int64_t)(VMEMMAP + 0x2200 * 64 + 1));
	done(&b);
}

static void info_lines(struct test *t)
{
	const struct kd_vmcoreinfo *info;
	struct built b;
	int64_t n;

	if (build(&b, t,
		  "@core preset=6.1 release=9.9 cpus=3\n" RAM
		  "@info NUMBER(PG_lru)=44\n@info -SIZE(page)\n@info NEW=1\n")) {
		info = kd_vmcore_info(b.core, NULL, NULL);
		CHECK_STR(t, kd_vmcoreinfo_string(info, "OSRELEASE"), "9.9");
		CHECK_STR(t, kd_vmcoreinfo_string(info, "NEW"), "1");
		CHECK(t, !kd_vmcoreinfo_string(info, "SIZE(page)"));
		CHECK_INT(t, kd_vmcoreinfo_number(info, "PG_lru", &n), 0);
		CHECK_INT(t, n, 44);
		CHECK_INT(t, kd_vmcore_n_cpus(b.core), 3);
	}
	done(&b);
}

static void contents(struct test *t)
{
	struct built b;
	uint64_t w[2];
	char text[8] = "";

	if (build(&b, t,
		  "@core\n" RAM "@fill pfn=0x2000 count=2 with=pattern\n"
		  "@data addr=0x2002000 text=a\\x00b\\\\\n")) {
		CHECK_INT(t, kd_memory_read(b.x.memory, 0x2001008, w, sizeof(w)), 0);
		CHECK_INT(t, w[0], 0x20010001);
		CHECK_INT(t, w[1], 0x20010002);
		CHECK_INT(t, kd_memory_read(b.x.memory, 0x2002000, text, 5), 0);
		CHECK(t, memcmp(text, "a\0b\\\0", 5) == 0);
	}
	done(&b);
}

static const struct test_case cases[] = {
	{ "scripts that are wrong", wrong_scripts },
	{ "struct pages of a class", pages },
	{ "tail pages since 7.1", tails_of_7_1 },
	{ "lines of VMCOREINFO", info_lines },
	{ "contents", contents },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
