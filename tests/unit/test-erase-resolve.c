/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erase rules over a small dead kernel with BTF: lists, trees, arrays, and what fails.
 */
#include <bpf/btf.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/erase/resolve.h"
#include "tests/unit/fake-kernel.h"
#include "tests/unit/test.h"

#define N_ITEMS 4

/* struct item, as the BTF below says */
#define ITEM_SIZE  72
#define ITEM_CHAIN 16
#define ITEM_NAME  24
#define ITEM_LEN   32
#define ITEM_DATA  40
#define ITEM_RB	   48

struct sample {
	struct fake_kernel k;
	kd_vaddr_t items[N_ITEMS];
	kd_vaddr_t data[N_ITEMS];
	kd_vaddr_t list, root, table;
	char notes[1024];
};

static void add_pointers(struct btf *btf)
{
	int node, list;

	/* ids: 1 long, 2 u32, 3 char, 4 char *, 5 void * */
	btf__add_int(btf, "long", 8, BTF_INT_SIGNED);
	btf__add_int(btf, "u32", 4, 0);
	btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	btf__add_ptr(btf, 3);
	btf__add_ptr(btf, 0);
	list = btf__add_struct(btf, "list_head", 16); /* 6 */
	btf__add_field(btf, "next", list + 1, 0, 0);
	btf__add_field(btf, "prev", list + 1, 64, 0);
	btf__add_ptr(btf, list);		    /* 7 */
	node = btf__add_struct(btf, "rb_node", 24); /* 8 */
	btf__add_field(btf, "__rb_parent_color", 1, 0, 0);
	btf__add_field(btf, "rb_right", node + 1, 64, 0);
	btf__add_field(btf, "rb_left", node + 1, 128, 0);
	btf__add_ptr(btf, node);	    /* 9 */
	btf__add_struct(btf, "rb_root", 8); /* 10 */
	btf__add_field(btf, "rb_node", node + 1, 0, 0);
}

static void add_items(struct btf *btf)
{
	int item = btf__add_struct(btf, "item", ITEM_SIZE), inner, array,
	    pointers; /* 11 */

	btf__add_field(btf, "list", 6, 0, 0);
	btf__add_field(btf, "chain", item + 1, ITEM_CHAIN * 8, 0);
	btf__add_field(btf, "name", 4, ITEM_NAME * 8, 0);
	btf__add_field(btf, NULL, item + 2, ITEM_LEN * 8, 0);
	btf__add_field(btf, "data", 5, ITEM_DATA * 8, 0);
	btf__add_field(btf, "rb", 8, ITEM_RB * 8, 0);
	btf__add_ptr(btf, item);	      /* 12 */
	inner = btf__add_union(btf, NULL, 8); /* 13 */
	btf__add_field(btf, "len", 2, 0, 0);
	btf__add_field(btf, "bits", 2, 0, 3);
	(void)inner;
	array = btf__add_array(btf, 2, item, 2);	      /* 14 */
	pointers = btf__add_array(btf, 2, item + 1, N_ITEMS); /* 15 */
	btf__add_struct(btf, "table", 2 * ITEM_SIZE + N_ITEMS * 8 + 16);
	btf__add_field(btf, "own", array, 0, 0);
	btf__add_field(btf, "ptrs", pointers, 2 * ITEM_SIZE * 8, 0);
	btf__add_field(btf, "first", item + 1, (2 * ITEM_SIZE + N_ITEMS * 8) * 8, 0);
	btf__add_field(btf, "n", 2, (2 * ITEM_SIZE + N_ITEMS * 8 + 8) * 8, 0);
	btf__add_enum(btf, "state", 4);
	btf__add_enum_value(btf, "STATE_LIVE", 2);
}

static void put_types(struct fake_kernel *k)
{
	struct btf *btf = btf__new_empty();
	uint32_t size;
	const void *raw;

	add_pointers(btf);
	add_items(btf);
	raw = btf__raw_data(btf, &size);
	fake_kernel_btf(k, raw, size);
	btf__free(btf);
}

/* Items in a list, in a chain and in a tree: 0 is the root, 1 and 2 its children, 3
 * below 2. Item i has i + 1 bytes of data and a name. */
static void put_item(struct sample *s, size_t i)
{
	static const char *const names[] = { "first", "second", "third", "x" };
	struct fake_kernel *k = &s->k;
	kd_vaddr_t at = s->items[i], name = fake_kernel_take(k, 16);
	kd_vaddr_t next = i + 1 < N_ITEMS ? s->items[i + 1] : s->list;

	fake_kernel_put_u64(k, at, next);
	fake_kernel_put_u64(k, at + 8, i ? s->items[i - 1] : s->list);
	fake_kernel_put_u64(k, at + ITEM_CHAIN, i + 1 < N_ITEMS ? next : 0);
	fake_kernel_put_u64(k, at + ITEM_NAME, name);
	fake_kernel_put(k, name, names[i], strlen(names[i]));
	fake_kernel_put_u32(k, at + ITEM_LEN, (uint32_t)i + 1);
	s->data[i] = fake_kernel_take(k, 16);
	fake_kernel_put_u64(k, at + ITEM_DATA, s->data[i]);
	if (i == 0) {
		fake_kernel_put_u64(k, at + ITEM_RB + 8, s->items[1] + ITEM_RB);
		fake_kernel_put_u64(k, at + ITEM_RB + 16, s->items[2] + ITEM_RB);
	} else if (i == 2) {
		fake_kernel_put_u64(k, at + ITEM_RB + 8, s->items[3] + ITEM_RB);
	}
}

static void sample_init(struct sample *s)
{
	struct fake_kernel *k = &s->k;

	*s = (struct sample) { 0 };
	fake_kernel_init(k);
	put_types(k);
	s->list = fake_kernel_take(k, 16);
	s->root = fake_kernel_take(k, 8);
	for (size_t i = 0; i < N_ITEMS; i++)
		s->items[i] = fake_kernel_take(k, ITEM_SIZE);
	for (size_t i = 0; i < N_ITEMS; i++)
		put_item(s, i);
	fake_kernel_put_u64(k, s->list, s->items[0]);
	fake_kernel_put_u64(k, s->list + 8, s->items[N_ITEMS - 1]);
	fake_kernel_put_u64(k, s->root, s->items[0] + ITEM_RB);
	s->table = fake_kernel_take(k, 2 * ITEM_SIZE + N_ITEMS * 8 + 16);
	fake_kernel_put_u64(k, s->table + 2 * ITEM_SIZE + 8, s->items[1]);
	fake_kernel_put_u64(k, s->table + 2 * ITEM_SIZE + 24, s->items[3]);
	fake_kernel_put_u64(k, s->table + 2 * ITEM_SIZE + 32, s->items[0]);
	fake_kernel_put_u32(k, s->table + 2 * ITEM_SIZE + 40, 2);
	fake_kernel_symbol(k, "item_list", 'd', s->list);
	fake_kernel_symbol(k, "item_root", 'd', s->root);
	fake_kernel_symbol(k, "first_item", 'd', s->items[0]);
	fake_kernel_symbol(k, "the_table", 'd', s->table);
	fake_kernel_symbol(k, "twice", 'd', s->table);
	fake_kernel_symbol(k, "twice", 'd', s->list);
	fake_kernel_finish(k);
}

static void sample_done(struct sample *s)
{
	fake_kernel_done(&s->k);
}

static void note(void *context, const char *text)
{
	struct sample *s = context;
	size_t n = strlen(s->notes);

	(void)snprintf(s->notes + n, sizeof(s->notes) - n, "%s\n", text);
}

static int resolve(struct sample *s, const char *rules, struct kd_erase **ret,
		   struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = memfd_create("rules", MFD_CLOEXEC);
	struct kd_erase_request req = {
		.memory = &s->k.memory,
		.info = s->k.info,
		.machine = EM_X86_64,
		.note = note,
		.context = s,
	};
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || kd_write_full(fd, rules, strlen(rules)) < 0)
		return -EIO;
	return kd_erase_resolve_at(AT_FDCWD, path, &req, ret, err);
}

/* Whether [@at, @at + @size) and nothing right beside it is @want after erasing. */
static void check_erased(struct test *t, const struct sample *s, const struct kd_erase *e,
			 kd_vaddr_t at, size_t size, char want)
{
	_cleanup_(kd_freep) uint8_t *bytes = malloc(FAKE_SIZE);
	size_t from = (size_t)(at - FAKE_BASE);

	if (!bytes || !e)
		return;
	memcpy(bytes, s->k.bytes, FAKE_SIZE);
	for (kd_pfn_t pfn = 0; pfn < FAKE_SIZE / 4096; pfn++)
		kd_erase_apply(e, pfn, bytes + pfn * 4096);
	for (size_t i = 0; i < size; i++)
		CHECK_INT(t, bytes[from + i], want);
	CHECK_INT(t, bytes[from + size], s->k.bytes[from + size]);
	CHECK_INT(t, bytes[from - 1], s->k.bytes[from - 1]);
}

static void check_text(struct test *t, const char *rules, const char *want)
{
	_cleanup_(sample_done) struct sample s;
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	struct kd_error err = { 0 };

	sample_init(&s);
	CHECK_INT(t, resolve(&s, rules, &e, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_STR(t, s.notes, "");
	if (e)
		CHECK_STR(t, kd_erase_text(e, NULL), want);
}

#define ALL_DATA                                                       \
	"erase i.data size 1\nerase i.data size 2\nerase i.data size " \
	"3\nerase i.data size 4\n"
#define BODY " erase i.data size i.len\nendfor\n"

static void test_loops(struct test *t)
{
	check_text(t, "for i in (struct list_head)item_list within item:list\n" BODY,
		   ALL_DATA);
	check_text(t, "for i in (struct list_head)item_list within item\n" BODY,
		   ALL_DATA);
	check_text(t,
		   "for i in ((struct list_head)item_list).next within item:list\n" BODY,
		   ALL_DATA);
	check_text(t,
		   "for i in ((struct list_head)item_list).prev within item:list\n" BODY,
		   "erase i.data size 4\nerase i.data size 3\nerase i.data size 2\n"
		   "erase i.data size 1\n");
	check_text(t, "for i in (struct item)first_item via chain\n" BODY, ALL_DATA);
	check_text(t,
		   "let t = (struct table)the_table\nfor i in t.first via chain\n" BODY,
		   ALL_DATA);
	check_text(t, "for i in (struct rb_root)item_root tree item:rb\n" BODY,
		   "erase i.data size 1\nerase i.data size 2\nerase i.data size 3\n"
		   "erase i.data size 4\n");
	check_text(t, "for i in ((struct table)the_table).ptrs\n" BODY,
		   "erase i.data size 2\nerase i.data size 4\n");
	check_text(t, "for i in ((struct table)the_table).own\n erase i\nendfor\n",
		   "erase i size 72\nerase i size 72\n");
	check_text(t,
		   "let t = (struct table)the_table\nfor i in t.own count t.n\n"
		   " erase i.rb\nendfor\n",
		   "erase i.rb size 24\nerase i.rb size 24\n");
}

static void test_erase(struct test *t)
{
	_cleanup_(sample_done) struct sample s;
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	struct kd_error err = { 0 };

	sample_init(&s);
	CHECK_INT(t,
		  resolve(&s,
			  "let i = (struct item)first_item\n"
			  "erase i.name\n"
			  "erase i.data nullify\n"
			  "erase i.chain.data size 8\n"
			  "erase i.chain.len\n"
			  "erase ((struct table)the_table).ptrs size 8\n",
			  &e, &err),
		  0);
	CHECK_STR(t, err.message, "");
	if (!e)
		return;
	CHECK_STR(
		t, kd_erase_text(e, NULL),
		"erase i.name size 5\nerase i.data nullify\nerase i.chain.data size 8\n"
		"erase i.chain.len size 4\nerase ((struct table)the_table).ptrs size 8\n");
	check_erased(t, &s, e, s.items[0] + ITEM_DATA, 8, '\0');
	check_erased(t, &s, e, s.data[1], 8, 'X');
	check_erased(t, &s, e, s.items[1] + ITEM_LEN, 4, 'X');
	check_erased(t, &s, e, s.table + 2 * ITEM_SIZE, 8, 'X');
}

static void test_conditions(struct test *t)
{
	check_text(t,
		   "for i in (struct list_head)item_list within item:list\n"
		   "if i.len == 3\nerase i.data size i.len\nendif\n"
		   "if i.len != STATE_LIVE\nif i.chain == &first_item\nerase i\nendif\n"
		   "if exists struct item.rb\nif exists struct item.rbx\nerase i\nendif\n"
		   "if exists nowhere\nerase nowhere\nendif\n"
		   "if i.len == 1\nerase i.len\nendif\nendif\nendif\nendfor\n",
		   "erase i.len size 4\nerase i.data size 3\n");
	check_text(t,
		   "let a = (struct item:rb)((struct rb_root)item_root).rb_node\n"
		   "erase a.data size a.len\n",
		   "erase a.data size 1\n");
}

/* What a NULL pointer hides is nothing, and hides nothing else. */
static void test_null(struct test *t)
{
	_cleanup_(sample_done) struct sample s;
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	struct kd_error err = { 0 };

	sample_init(&s);
	CHECK_INT(t,
		  resolve(&s,
			  "let i = (struct item)first_item\n"
			  "let gone = i.chain.chain.chain.chain\n"
			  "let further = gone.name\n"
			  "erase gone.chain.name\n"
			  "erase further\n"
			  "erase i.len\n",
			  &e, &err),
		  0);
	CHECK_STR(t, err.message, "");
	CHECK_STR(t, e ? kd_erase_text(e, NULL) : "", "erase i.len size 4\n");
	CHECK(t, strstr(s.notes, ":4: nothing to erase for 'gone.chain.name'\n"));
	CHECK(t, strstr(s.notes, ":5: nothing to erase for 'further'\n"));
}

static void test_failures(struct test *t)
{
	static const struct {
		const char *rules;
		int error;
		const char *message;
	} cases[] = {
		{ "\nerase nowhere", -ENODATA, ":2: no symbol 'nowhere' in the dump" },
		{ "erase first_item", -ENODATA,
		  ":1: BTF does not tell the type of 'first_item'; write "
		  "(type)first_item, or give -x" },
		{ "erase first_item size 8", -ENODATA, "does not tell the type" },
		{ "erase first_item.name", -ENODATA, "does not tell the type" },
		{ "for i in item_list within item:list erase i endfor", -ENODATA,
		  "does not tell the type" },
		{ "erase twice", -ENOTUNIQ, ":1: there are 2 symbols 'twice'" },
		{ "erase ((struct item)first_item).nothing", -ENODATA,
		  ":1: struct item has no member 'nothing'" },
		{ "erase (struct nothing)first_item", -ENODATA,
		  ":1: no type 'struct nothing' in the dump" },
		{ "erase ((struct item)first_item).data", -EINVAL,
		  "add 'size' or 'nullify'" },
		{ "erase ((struct item)first_item).len nullify", -EINVAL,
		  "is no pointer to nullify" },
		{ "erase ((struct item)first_item).bits", -ENOTSUP,
		  "'bits' is a bit field" },
		{ "for i in ((struct item)first_item).rb within item erase i endfor",
		  -EINVAL, "'within' of no list_head" },
		{ "for i in (struct item)first_item via list erase i endfor", -EINVAL,
		  "'list' is no pointer to struct item" },
		{ "erase ((struct item)first_item).data size "
		  "((struct item)first_item).data",
		  -EINVAL, "the size is a pointer" },
		{ "erase (struct item)first_item size 2000M", -EBADMSG,
		  "a size of 2097152000 bytes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(sample_done) struct sample s;
		struct kd_erase *e = NULL;
		struct kd_error err = { 0 };

		sample_init(&s);
		CHECK_INT(t, resolve(&s, cases[i].rules, &e, &err), cases[i].error);
		if (!strstr(err.message, cases[i].message))
			CHECK_STR(t, err.message, cases[i].message);
		CHECK(t, !e);
	}
}

/* Lists and trees that were damaged: an error, or all of a circle and a note. */
static void test_damage(struct test *t)
{
	static const char list[] =
		"for i in (struct list_head)item_list within item:list\n" BODY;
	static const char tree[] =
		"for i in (struct rb_root)item_root tree item:rb\n" BODY;
	static const struct {
		const char *rules;
		size_t item, offset;
		int to; /* an item, or -1 for a wild pointer */
		int error;
		const char *text;
	} cases[] = {
		{ list, 3, 0, 1, 0, ALL_DATA },
		{ list, 2, 0, -1, -EFAULT, "the list breaks off after 3 nodes" },
		{ tree, 3, ITEM_RB + 8, 0, -EBADMSG, "the tree makes no sense" },
		{ tree, 1, ITEM_RB + 16, -1, -EFAULT, "cannot be read" },
		{ list, 1, ITEM_DATA, -1, -EFAULT, "cannot be found" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(sample_done) struct sample s;
		_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
		struct kd_error err = { 0 };
		kd_vaddr_t to = UINT64_C(0xdead00000000);

		sample_init(&s);
		if (cases[i].to >= 0)
			to = s.items[cases[i].to] +
			     (cases[i].rules == tree ? ITEM_RB : 0);
		fake_kernel_put_u64(&s.k, s.items[cases[i].item] + cases[i].offset, to);
		CHECK_INT(t, resolve(&s, cases[i].rules, &e, &err), cases[i].error);
		if (cases[i].error && !strstr(err.message, cases[i].text))
			CHECK_STR(t, err.message, cases[i].text);
		if (!cases[i].error)
			CHECK(t, strstr(s.notes, "runs in a circle"));
		if (!cases[i].error && e)
			CHECK_INT(t,
				  strncmp(kd_erase_text(e, NULL), cases[i].text,
					  strlen(cases[i].text)),
				  0);
	}
}

/* A kernel without modules, and rules for one. */
static void test_sections(struct test *t)
{
	_cleanup_(sample_done) struct sample s;
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	struct kd_error err = { 0 };

	sample_init(&s);
	CHECK_INT(t,
		  resolve(&s,
			  "[some_module]\nerase nowhere\nerase nowhere\n[vmlinux]\n"
			  "erase (struct item)first_item\n",
			  &e, &err),
		  0);
	CHECK_STR(t, err.message, "");
	CHECK(t, strstr(s.notes,
			":2: module some_module is not loaded: its rules are passed "
			"over\n"));
	CHECK_STR(t, e ? kd_erase_text(e, NULL) : "",
		  "erase (struct item)first_item size 72\n");
}

static void test_grammar(struct test *t)
{
	_cleanup_(sample_done) struct sample s;
	struct kd_erase *e = NULL;
	struct kd_error err = { 0 };

	sample_init(&s);
	CHECK_INT(t, resolve(&s, "erase a size\nerase b.\nerase c\n", &e, &err), -EINVAL);
	CHECK(t, strstr(err.message, ":2: expected a number"));
	CHECK(t, strstr(s.notes, ":2: expected a number"));
	CHECK(t, strstr(s.notes, ":3: expected a member"));
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "loops", test_loops },
		{ "erase", test_erase },
		{ "conditions", test_conditions },
		{ "NULL pointers", test_null },
		{ "rules that cannot be followed", test_failures },
		{ "damaged lists and trees", test_damage },
		{ "sections", test_sections },
		{ "errors of grammar", test_grammar },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
