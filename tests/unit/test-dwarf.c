/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug information as a source: this very program is the vmlinux, its structures are
 * the kernel's, and the compiler says what the right answers are.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/layout/extra.h"
#include "makedumpfile/layout/generate.h"
#include "makedumpfile/layout/types-dwarf.h"
#include "tests/unit/test.h"

#define SELF	"/proc/self/exe"
#define RELEASE "6.99.0-test"

struct list_head {
	struct list_head *next, *prev;
};

enum pageflags {
	PG_locked,
	PG_lru = 5,
	PG_head = 6,
	PG_private = 14
};
enum pagetype {
	PGTY_buddy = 0xf0,
	PGTY_slab = 0xf5
};
enum {
	AN_UNNAMED_VALUE = -7
};

struct page {
	unsigned long flags;
	union {
		struct {
			union {
				struct list_head lru;
				void *spare;
			};
			void *mapping;
			unsigned long private;
		};
		struct {
			unsigned long compound_head;
		};
	};
	int _mapcount;
	int _refcount;
};

struct zone {
	unsigned int small : 3, wide : 7;
	char name[16];
	struct list_head free_area[11];
	int matrix[2][3];
	const struct page *pages;
};

typedef struct zone zone_t;

/* What the tests look for has to be in the program. */
extern const char linux_banner[];
__attribute__((used)) const char linux_banner[] = "Linux version " RELEASE " (a test)";
extern zone_t node_data[4];
__attribute__((used)) zone_t node_data[4];
extern struct page a_page;
__attribute__((used)) struct page a_page = { .flags = 1 << PG_lru | 1 << PG_head };
extern enum pagetype a_type;
__attribute__((used)) enum pagetype a_type = PGTY_buddy;
extern enum pageflags a_flag;
__attribute__((used)) enum pageflags a_flag = PG_private;
extern int an_unnamed;
__attribute__((used)) int an_unnamed = AN_UNNAMED_VALUE;

static int64_t value(struct test *t, const struct kd_layout *l, enum kd_field f)
{
	CHECK_INT(t, l->values[f].source, KD_SOURCE_DWARF);
	return kd_layout_get(l, f);
}

static void check_layout(struct test *t, const struct kd_layout *l)
{
	CHECK_INT(t, value(t, l, KD_F_PAGE_SIZEOF), sizeof(struct page));
	CHECK_INT(t, value(t, l, KD_F_PAGE_LRU), offsetof(struct page, lru));
	CHECK_INT(t, value(t, l, KD_F_PAGE_PRIVATE), offsetof(struct page, private));
	CHECK_INT(t, value(t, l, KD_F_PAGE_COMPOUND_HEAD),
		  offsetof(struct page, compound_head));
	CHECK_INT(t, value(t, l, KD_F_PAGE_MAPCOUNT), offsetof(struct page, _mapcount));
	CHECK_INT(t, value(t, l, KD_F_FREE_AREA_LENGTH), 11);
	CHECK_INT(t, value(t, l, KD_F_PG_LRU), PG_lru);
	CHECK_INT(t, value(t, l, KD_F_PG_HEAD_MASK), 1 << PG_head);
	CHECK_INT(t, value(t, l, KD_F_TYPE_BUDDY), (int32_t)0xf0000000);
	CHECK(t, !kd_layout_has(l, KD_F_PAGE_COMPOUND_INFO));
	CHECK(t, !kd_layout_has(l, KD_F_FOLIO_DTOR));
	CHECK(t, !kd_layout_has(l, KD_F_HUGETLB_DTOR));
}

static void layout(struct test *t)
{
	_cleanup_(kd_closep) int fd = open(SELF, O_RDONLY | O_CLOEXEC);
	struct kd_layout l;

	CHECK_INT(t, kd_layout_from_dwarf(fd, &l, NULL), 0);
	check_layout(t, &l);
}

static struct kd_vmcoreinfo *info_of(const char *text)
{
	struct kd_vmcoreinfo *info;

	if (kd_vmcoreinfo_new(text, strlen(text), &info, NULL) < 0)
		exit(1);
	return info;
}

/* What a vmlinux is compared with, and what becomes of it. */
static void identity(struct test *t)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "OSRELEASE=" RELEASE "\n", 0 },
		{ "OSRELEASE=" RELEASE "\nBUILD-ID=0000000000\n", 0 },
		{ "OSRELEASE=" RELEASE "\nBUILD-ID=0123456789\n", -ESTALE },
		{ "OSRELEASE=6.1.0\n", -ESTALE },
		{ "PAGESIZE=4096\n", 0 },
	};
	const struct kd_extra_files files = { .dir_fd = AT_FDCWD, .vmlinux = SELF };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info =
			info_of(rows[i].text);
		struct kd_extra extra = { 0 };
		struct kd_error err = { 0 };
		int r = kd_extra_load(&files, info, &extra, NULL, &err);

		CHECK_INT(t, r, rows[i].want);
		if (r < 0) {
			CHECK(t, strstr(err.message, "is of"));
			continue;
		}
		check_layout(t, &extra.layout);
		CHECK_STR(t, extra.layout.release, RELEASE);
		if (i < 2)
			CHECK(t, kd_layout_matches(&extra.layout, info));
		kd_extra_done(&extra);
	}
}

static void write_text(char *path, size_t size, int *ret_fd, const char *text)
{
	*ret_fd = memfd_create("text", MFD_CLOEXEC);
	(void)snprintf(path, size, "/proc/self/fd/%d", *ret_fd);
	if (*ret_fd < 0 || kd_pwrite_full(*ret_fd, text, strlen(text), 0) < 0)
		exit(1);
}

static void text_file(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info =
		info_of("OSRELEASE=" RELEASE "\n");
	_cleanup_(kd_closep) int fd = -EBADF, bad = -EBADF;
	struct kd_extra_files files = { .dir_fd = AT_FDCWD };
	struct kd_remarks remarks = { 0 };
	struct kd_extra extra = { 0 };
	char path[32], bad_path[32];

	write_text(path, sizeof(path), &fd,
		   "OSRELEASE=" RELEASE "\nSIZE(page)=80\nNUMBER(PG_lru)=9\n"
		   "SYMBOL(mem_section)=ffffffff81000000\n");
	files.vmcoreinfo = path;
	CHECK_INT(t, kd_extra_load(&files, info, &extra, &remarks, NULL), 0);
	CHECK_INT(t, kd_layout_get(&extra.layout, KD_F_PG_LRU), 9);
	/* addresses are of another boot */
	CHECK(t, !kd_layout_has(&extra.layout, KD_F_MEM_SECTION));
	CHECK(t, extra.info);
	kd_extra_done(&extra);

	/* with a vmlinux that differs: the text is believed, and it is told */
	files.vmlinux = SELF;
	CHECK_INT(t, kd_extra_load(&files, info, &extra, &remarks, NULL), 0);
	CHECK_INT(t, kd_layout_get(&extra.layout, KD_F_PG_LRU), 9);
	CHECK_INT(t, kd_layout_get(&extra.layout, KD_F_PAGE_LRU),
		  offsetof(struct page, lru));
	CHECK(t, remarks.n >= 2);
	kd_extra_done(&extra);

	write_text(bad_path, sizeof(bad_path), &bad, "SIZE(page)=64\n");
	files = (struct kd_extra_files) { .dir_fd = AT_FDCWD, .vmcoreinfo = bad_path };
	CHECK_INT(t, kd_extra_load(&files, info, &extra, NULL, NULL), -EINVAL);
	files = (struct kd_extra_files) { .dir_fd = AT_FDCWD, .vmlinux = bad_path };
	CHECK_INT(t, kd_extra_load(&files, info, &extra, NULL, NULL), -ENOEXEC);
}

static void generated(struct test *t)
{
	_cleanup_(kd_vmlinux_freep) struct kd_vmlinux *v = NULL;
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	uint64_t n;

	kd_strbuf_init(&text, 65536);
	CHECK_INT(t, kd_vmlinux_open_at(AT_FDCWD, SELF, &v, NULL), 0);
	CHECK_INT(t, kd_vmcoreinfo_generate(v, &text, NULL), 0);
	info = info_of(kd_strbuf_text(&text));
	CHECK_STR(t, kd_vmcoreinfo_string(info, "OSRELEASE"), RELEASE);
	CHECK_INT(t, kd_vmcoreinfo_size(info, "zone", &n), 0);
	CHECK_INT(t, n, sizeof(struct zone));
	CHECK_INT(t, kd_vmcoreinfo_offset(info, "zone.free_area", &n), 0);
	CHECK_INT(t, n, offsetof(struct zone, free_area));
	CHECK_INT(t, kd_vmcoreinfo_length(info, "node_data", &n), 0);
	CHECK_INT(t, n, 4);
	CHECK_INT(t, kd_vmcoreinfo_symbol(info, "node_data", &n), 0);
	CHECK_INT(t, kd_vmcoreinfo_size(info, "printk_log", &n), -ENODATA);
}

static void types(struct test *t)
{
	_cleanup_(kd_closep) int fd = open(SELF, O_RDONLY | O_CLOEXEC);
	_cleanup_(kd_types_freep) struct kd_types *types = NULL;
	struct kd_type_member m;
	struct kd_type type, inner;
	int64_t v;
	kd_type_id id;

	CHECK_INT(t, kd_types_from_dwarf(fd, &types, NULL), 0);
	CHECK_INT(t, types->ops->variable(types, "node_data", &id), 0);
	CHECK_INT(t, types->ops->describe(types, id, &type), 0);
	CHECK_INT(t, type.kind, KD_TYPE_ARRAY);
	CHECK_INT(t, type.count, 4);
	CHECK_INT(t, type.size, sizeof(node_data));
	CHECK_INT(t, types->ops->describe(types, type.target, &type), 0);
	CHECK_INT(t, type.kind, KD_TYPE_STRUCT);
	CHECK_INT(t, type.count, 6);
	CHECK_INT(t, types->ops->member(types, type.id, 1, &m), 0);
	CHECK_STR(t, m.name, "wide");
	CHECK_INT(t, m.bit_offset, 3);
	CHECK_INT(t, m.bit_size, 7);
	/* int[2][3]: an array of two arrays of three */
	CHECK_INT(t, types->ops->member(types, type.id, 4, &m), 0);
	CHECK_INT(t, types->ops->describe(types, m.type, &inner), 0);
	CHECK_INT(t, inner.count, 2);
	CHECK_INT(t, inner.size, 24);
	CHECK_INT(t, types->ops->describe(types, inner.target, &inner), 0);
	CHECK_INT(t, inner.count, 3);
	CHECK_INT(t, types->ops->describe(types, inner.target, &inner), 0);
	CHECK_INT(t, inner.kind, KD_TYPE_INT);
	CHECK(t, inner.is_signed);
	CHECK_INT(t, types->ops->member(types, type.id, 6, &m), -ENODATA);
	CHECK_INT(t, types->ops->enumerator(types, NULL, "AN_UNNAMED_VALUE", &v), 0);
	CHECK_INT(t, v, -7);
	CHECK_INT(t, types->ops->enumerator(types, "pageflags", "PG_private", &v), 0);
	CHECK_INT(t, v, PG_private);
	CHECK_INT(t, types->ops->find(types, KD_TYPE_STRUCT, "no_such", &id), -ENODATA);
	CHECK_INT(t, types->ops->variable(types, "no_such", &id), -ENODATA);
	CHECK_INT(t, types->ops->describe(types, 0, &type), 0);
	CHECK_INT(t, type.kind, KD_TYPE_VOID);
	CHECK_INT(t, types->ops->describe(types, UINT64_C(1) << 50, &type), -EBADMSG);
}

static const struct test_case cases[] = {
	{ "layout", layout },	    { "identity", identity }, { "text file", text_file },
	{ "generated", generated }, { "types", types },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
