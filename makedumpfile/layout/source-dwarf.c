/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layout from DWARF: see source.h and query.h. Trusts no entry: kinds are checked and
 * walks are bounded in dwarf-reader.c. Called on the healthy side and by makedumpfile -x and
 * -g; the capture image carries its result.
 */
#include <string.h>

#include "makedumpfile/layout/numbers.h"
#include "makedumpfile/layout/query.h"
#include "makedumpfile/layout/source.h"

/* Units to look at behind the first one that has struct page. It and its like are in
 * headers that nearly every unit has; what is in none of so many is in no unit. */
#define PATIENCE     400
#define NAME_SIZE    64
#define QUERIES_MAX  1024
#define TYPE_ENTRIES (1U << KD_DIE_STRUCT | 1U << KD_DIE_UNION | 1U << KD_DIE_TYPEDEF)

/** One name to look out for at the top of units. @kinds: bits of enum kd_die_kind */
struct wanted {
	char name[NAME_SIZE];
	unsigned int kinds;
	bool found;
};

struct walk {
	struct kd_dwarf *d;
	struct kd_query *queries;
	size_t n_queries;
	struct wanted *wanted;
	size_t n_wanted, n_found;
	unsigned int kinds; /* of all that are wanted */
	bool saw_page;
	/* the enumeration being read */
	const char *enumeration;
};

/* What has to be found for @q: its structure, enum or variable. */
static bool subject(const struct kd_query *q, struct wanted *ret)
{
	const char *name = q->kind == KD_KIND_NUMBER ? q->enumeration : q->key;
	size_t length = strcspn(name, ".");

	if (q->kind == KD_KIND_SYMBOL || length >= NAME_SIZE)
		return false;
	*ret = (struct wanted) { .kinds = TYPE_ENTRIES };
	memcpy(ret->name, name, length);
	if (q->kind == KD_KIND_NUMBER)
		ret->kinds = 1U << KD_DIE_ENUM;
	else if (q->kind == KD_KIND_LENGTH && !name[length])
		ret->kinds = 1U << KD_DIE_VARIABLE;
	return true;
}

static void want(struct walk *w, const struct wanted *one)
{
	for (size_t i = 0; i < w->n_wanted; i++)
		if (w->wanted[i].kinds == one->kinds &&
		    strcmp(w->wanted[i].name, one->name) == 0)
			return;
	w->wanted[w->n_wanted++] = *one;
	w->kinds |= one->kinds;
}

static void answer(struct kd_query *q, uint64_t value)
{
	if (value > INT64_MAX)
		return;
	q->value = (int64_t)value;
	q->known = true;
}

static void answer_by_type(struct walk *w, struct kd_query *q, const struct kd_die *type)
{
	const char *dot = strchr(q->key, '.');
	struct kd_die member;
	uint64_t length, element;

	if (q->kind == KD_KIND_SIZE)
		answer(q, type->size);
	else if (!dot || kd_dwarf_member(w->d, type->offset, dot + 1, &member) < 0)
		return;
	else if (q->kind == KD_KIND_OFFSET && member.at % 8 == 0)
		answer(q, member.at / 8);
	else if (q->kind == KD_KIND_LENGTH &&
		 kd_dwarf_array(w->d, member.type, &length, &element) == 0)
		answer(q, length);
}

/* A variable is often only declared where it is first seen. */
static bool answer_by_variable(struct walk *w, struct kd_query *q,
			       const struct kd_die *variable)
{
	struct kd_die declaration = *variable;
	uint64_t length, element;

	if (!declaration.type && declaration.origin &&
	    kd_dwarf_die(w->d, variable->origin, &declaration) < 0)
		return false;
	if (kd_dwarf_array(w->d, declaration.type, &length, &element) == 0)
		answer(q, length);
	return !variable->declared;
}

static bool take_enumerator(void *context, const struct kd_die *entry)
{
	struct walk *w = context;

	for (size_t i = 0; i < w->n_queries; i++) {
		struct kd_query *q = &w->queries[i];

		if (entry->kind == KD_DIE_ENUMERATOR && q->kind == KD_KIND_NUMBER &&
		    strcmp(q->enumeration, w->enumeration) == 0 &&
		    strcmp(q->key, entry->name) == 0) {
			q->value = entry->value;
			q->known = true;
		}
	}
	return true;
}

static bool same_subject(const struct kd_query *q, const struct wanted *wanted)
{
	struct wanted own;

	return subject(q, &own) && own.kinds == wanted->kinds &&
	       strcmp(own.name, wanted->name) == 0;
}

/* Answer what is asked about @wanted. False when @offset is only a declaration. */
static bool take(struct walk *w, const struct wanted *wanted, uint64_t offset)
{
	struct kd_die entry;
	bool done = true;

	if (kd_dwarf_die(w->d, offset, &entry) < 0)
		return false;
	if (entry.kind == KD_DIE_TYPEDEF && kd_dwarf_resolve(w->d, offset, &entry) < 0)
		return false;
	if (entry.declared && entry.kind != KD_DIE_VARIABLE)
		return false;
	if (entry.kind == KD_DIE_ENUM) {
		w->enumeration = wanted->name;
		return kd_dwarf_children(w->d, entry.offset, take_enumerator, w) == 0;
	}
	for (size_t i = 0; i < w->n_queries; i++) {
		if (!same_subject(&w->queries[i], wanted))
			continue;
		if (entry.kind == KD_DIE_VARIABLE)
			done = answer_by_variable(w, &w->queries[i], &entry) && done;
		else
			answer_by_type(w, &w->queries[i], &entry);
	}
	return done;
}

static bool on_entry(void *context, const struct kd_die *entry)
{
	struct walk *w = context;

	for (size_t i = 0; i < w->n_wanted; i++) {
		struct wanted *wanted = &w->wanted[i];

		if (wanted->found || !(wanted->kinds & 1U << entry->kind) ||
		    strcmp(wanted->name, entry->name) != 0 ||
		    !take(w, wanted, entry->offset))
			continue;
		wanted->found = true;
		w->n_found++;
		w->saw_page |= strcmp(wanted->name, "page") == 0;
	}
	return w->n_found < w->n_wanted;
}

int kd_dwarf_answer(struct kd_dwarf *d, struct kd_query *queries, size_t n, bool thorough,
		    struct kd_error *err)
{
	_cleanup_(kd_freep) struct wanted *wanted = NULL;
	struct walk w = { .d = d, .queries = queries, .n_queries = n };
	unsigned int patience = PATIENCE;
	struct wanted one;
	int r = 1;

	wanted = n <= QUERIES_MAX ? calloc(n, sizeof(*wanted)) : NULL;
	if (!wanted)
		return kd_fail(err, -ENOMEM, "DWARF");
	w.wanted = wanted;
	for (size_t i = 0; i < n; i++)
		if (subject(&queries[i], &one))
			want(&w, &one);
	while (r > 0 && w.n_found < w.n_wanted && patience) {
		r = kd_dwarf_next_unit(d, w.kinds, on_entry, &w);
		patience -= w.saw_page && !thorough;
	}
	return r < 0 ? kd_fail_msg(err, r, "DWARF debug information is damaged") : 0;
}

/** Where the answers of one field are among the queries. */
struct place {
	enum kd_field field;
	enum kd_number_how how;
};

static size_t ask(struct kd_query *queries, struct place *places)
{
	struct kd_number_source source;
	size_t n = 0;

	for (size_t i = 0; i < KD_FIELD_COUNT; i++) {
		enum kd_field f = (enum kd_field)i;
		enum kd_field_kind kind = kd_field_kind(f);

		if (kind != KD_KIND_NUMBER) {
			places[n] = (struct place) { .field = f };
			queries[n++] = (struct kd_query) { .kind = kind,
							   .key = kd_field_key(f) };
			continue;
		}
		for (unsigned int k = 0;
		     kd_number_source(f, k, &source) && n < QUERIES_MAX - KD_FIELD_COUNT;
		     k++) {
			places[n] = (struct place) { f, source.how };
			queries[n++] =
				(struct kd_query) { .kind = kind,
						    .key = source.enumerator,
						    .enumeration = source.enumeration };
		}
	}
	return n;
}

int kd_layout_from_dwarf(int fd, struct kd_layout *ret, struct kd_error *err)
{
	_cleanup_(kd_dwarf_freep) struct kd_dwarf *d = NULL;
	struct kd_query queries[QUERIES_MAX];
	struct place places[QUERIES_MAX];
	struct kd_layout l = { 0 };
	size_t n;
	int r;

	r = kd_dwarf_new(fd, &d, err);
	if (r < 0)
		return r;
	n = ask(queries, places);
	r = kd_dwarf_answer(d, queries, n, /* thorough= */ false, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		struct kd_layout_value *v = &l.values[places[i].field];
		int64_t value;

		/* the first place that has it is the best one */
		if (queries[i].known && v->source == KD_SOURCE_NONE &&
		    kd_number_compute(places[i].how, queries[i].value, &value))
			*v = (struct kd_layout_value) { .value = value,
							.source = KD_SOURCE_DWARF };
	}
	(void)kd_layout_drop_nonsense(&l);
	if (!kd_layout_has(&l, KD_F_PAGE_SIZEOF))
		return kd_fail_msg(err, -ENODATA,
				   "debug information without struct page");
	*ret = l;
	return 0;
}
