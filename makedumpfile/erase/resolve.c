/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules to ranges: see resolve.h. Runs the rules in order over a kernel view and puts
 * what "erase" names into a kd_erase. Trusts nothing in the dump: steps are counted, and
 * what cannot be followed ends it with an error.
 */
#include "makedumpfile/erase/resolve.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "makedumpfile/erase/evaluate.h"

/* as the original, for "char *" without a size */
#define MAX_STRING 1024

/* one rule erases no more at a time: no structure or buffer is as large, but what a
 * corrupt length says is */
#define MAX_SIZE (UINT64_C(1) << 30)

/* elements of all loops together */
#define MAX_STEPS (16U << 20)

/* variables of "let" that are there at a time: each takes a frame of the stack */
#define MAX_LETS 256

/**
 * @hits: how often each rule found something to erase, by its number
 * @ran:  whether it was reached at all
 */
struct resolver {
	const struct kd_erase_request *req;
	struct kd_scope scope;
	struct kd_erase *erase;
	uint64_t *hits;
	bool *ran;
	uint32_t steps;
	unsigned int lets;
};

static int run_rules(struct resolver *v, const struct kd_rule *rule);

static void note(void *context, const char *text)
{
	const struct kd_erase_request *req = ((struct resolver *)context)->req;

	if (req->note)
		req->note(req->context, text);
}

static int add_range(struct resolver *v, kd_vaddr_t at, uint64_t size,
		     enum kd_erase_fill fill)
{
	const struct kd_xlat *x = kd_kernel_view_xlat(v->scope.view);

	while (size) {
		kd_paddr_t paddr;
		uint64_t run, part;
		int r = kd_xlat_vtop(x, at, &paddr, &run);

		if (r < 0)
			return kd_scope_fail(&v->scope, r,
					     "memory at 0x%" PRIx64
					     " cannot be found: %s",
					     at, strerror(-r));
		part = MIN(run, size);
		r = kd_erase_add(v->erase, paddr, part, fill);
		if (r < 0)
			return kd_scope_fail(&v->scope, r, "too much to erase");
		at += part;
		size -= part;
	}
	return 0;
}

/* Bytes before the NUL, as far as memory goes. */
static int string_length(struct resolver *v, kd_vaddr_t at, uint64_t *ret)
{
	const struct kd_xlat *x = kd_kernel_view_xlat(v->scope.view);
	uint64_t n = 0;
	char c;

	for (; n < MAX_STRING; n++) {
		int r = kd_xlat_read(x, at + n, &c, 1);

		if (r < 0)
			return kd_scope_fail(&v->scope, r,
					     "the string at 0x%" PRIx64
					     " cannot be read: %s",
					     at, strerror(-r));
		if (!c)
			break;
	}
	*ret = n;
	return 0;
}

/* The size that was asked for. 1, 0 where nothing is there to ask, or negative. */
static int given_size(struct resolver *v, const struct kd_rule *rule, uint64_t *ret)
{
	struct kd_value number;
	int64_t size;
	int r;

	if (!rule->size_expr) {
		*ret = rule->size;
		return rule->size > 0;
	}
	r = kd_evaluate(&v->scope, rule->size_expr, &number);
	if (r > 0 && kd_value_is_pointer(&number))
		return kd_scope_fail(&v->scope, -EINVAL, "the size is a pointer");
	if (r > 0)
		r = kd_value_number(&v->scope, &number, &size);
	if (r < 0)
		return r;
	if (size < 0)
		return kd_scope_fail(&v->scope, -EBADMSG, "a size of %" PRId64, size);
	*ret = (uint64_t)size;
	return 1;
}

static int own_size(struct resolver *v, const struct kd_value *what, bool followed,
		    uint64_t *ret)
{
	if (what->stars || what->type.kind == KD_TYPE_POINTER) {
		*ret = sizeof(uint64_t);
		return 0;
	}
	if (followed && what->type.is_char)
		return string_length(v, what->at, ret);
	if (!what->type.size)
		return kd_scope_fail(&v->scope, -EINVAL,
				     "the type does not tell how much there is: add "
				     "'size' or 'nullify'");
	*ret = what->type.size;
	return 0;
}

static int erase(struct resolver *v, const struct kd_rule *rule,
		 const struct kd_value *what, uint64_t size, enum kd_erase_fill fill)
{
	int r;

	if (size > MAX_SIZE)
		return kd_scope_fail(&v->scope, -EBADMSG, "a size of %" PRIu64 " bytes",
				     size);
	if (!size)
		return 0;
	r = add_range(v, what->at, size, fill);
	if (r < 0)
		return r;
	v->hits[rule->number]++;
	/* the text is for people; one that is full must not keep a dump from being made */
	(void)kd_erase_tell(v->erase, rule->text, size, fill);
	return 0;
}

static int run_erase(struct resolver *v, const struct kd_rule *rule)
{
	struct kd_value what, to;
	uint64_t size = 0;
	int r, given;

	r = kd_evaluate(&v->scope, rule->expr, &what);
	if (r <= 0)
		return r;
	if (!what.typed)
		return kd_scope_fail(&v->scope, -ENODATA,
				     "%s does not tell the type of '%s'; write (type)%s, "
				     "or give -x",
				     what.types->source, rule->text, rule->text);
	if (rule->nullify) {
		if (!kd_value_is_pointer(&what))
			return kd_scope_fail(&v->scope, -EINVAL,
					     "'%s' is no pointer to nullify", rule->text);
		return erase(v, rule, &what, sizeof(uint64_t), KD_ERASE_ZERO);
	}
	given = given_size(v, rule, &size);
	if (given < 0 || (!given && rule->size_expr))
		return given;
	to = what;
	if (kd_value_is_pointer(&what)) {
		r = kd_value_follow(&v->scope, &what, &to);
		if (r <= 0)
			return r;
	}
	if (!given) {
		r = own_size(v, &to, kd_value_is_pointer(&what), &size);
		if (r < 0)
			return r;
	}
	return erase(v, rule, &to, size, KD_ERASE_X);
}

/** One round of a loop: the variable, then the body. */
struct round {
	struct resolver *resolver;
	const struct kd_rule *rule;
};

static int run_round(void *context, const struct kd_value *element)
{
	const struct round *round = context;
	struct resolver *v = round->resolver;
	struct kd_variable var = {
		.name = round->rule->name,
		.value = *element,
		.next = v->scope.variables,
	};
	int r;

	if (v->steps++ == MAX_STEPS)
		return kd_scope_fail(&v->scope, -E2BIG, "more than %u elements",
				     MAX_STEPS);
	v->scope.variables = &var;
	r = run_rules(v, round->rule->body);
	v->scope.variables = var.next;
	v->scope.line = round->rule->line;
	return r;
}

static void note_of_round(void *context, const char *text)
{
	note(((struct round *)context)->resolver, text);
}

static int run_for(struct resolver *v, const struct kd_rule *rule)
{
	struct round round = { v, rule };
	struct kd_loop loop = { &v->scope, rule, run_round, note_of_round, &round };

	return kd_loop_run(&loop);
}

static int run_if(struct resolver *v, const struct kd_rule *rule)
{
	int64_t left, right;
	int r;

	if (rule->kind == KD_RULE_IF_EXISTS) {
		r = kd_evaluate_exists(&v->scope, rule);
		return r <= 0 ? r : run_rules(v, rule->body);
	}
	r = kd_evaluate_operand(&v->scope, &rule->left, &left);
	if (r > 0)
		r = kd_evaluate_operand(&v->scope, &rule->right, &right);
	if (r <= 0 || (left == right) == rule->negated)
		return MIN(r, 0);
	return run_rules(v, rule->body);
}

static int run_rule(struct resolver *v, const struct kd_rule *rule)
{
	v->scope.line = rule->line;
	v->ran[rule->number] = true;
	switch (rule->kind) {
	case KD_RULE_ERASE:
		return run_erase(v, rule);
	case KD_RULE_FOR:
		return run_for(v, rule);
	case KD_RULE_IF:
	case KD_RULE_IF_EXISTS:
		return run_if(v, rule);
	case KD_RULE_LET:
		break;
	}
	return -EINVAL;
}

/* The block that @rule begins, up to the next section. A variable of "let" is there until
 * its block ends. */
static int run_rules(struct resolver *v, const struct kd_rule *rule)
{
	const struct kd_variable *outer = v->scope.variables;
	const char *module = rule ? rule->module : NULL;
	int r = 0;

	for (; rule && rule->module == module && r == 0; rule = rule->next) {
		struct kd_variable var = { .name = rule->name, .next = outer };

		if (rule->kind != KD_RULE_LET) {
			r = run_rule(v, rule);
			continue;
		}
		v->scope.line = rule->line;
		r = kd_evaluate(&v->scope, rule->expr, &var.value);
		if (r < 0)
			break;
		if (v->lets == MAX_LETS)
			return kd_scope_fail(&v->scope, -E2BIG, "too many 'let'");
		var.null = r == 0;
		v->scope.variables = &var;
		v->lets++;
		/* the variable lives in this frame, so the rest of the block runs in it */
		r = rule->next && rule->next->module == module ? run_rules(v, rule->next)
							       : 0;
		v->lets--;
		break;
	}
	v->scope.variables = outer;
	return r;
}

/* 1 for a section to be run, 0 for one whose module is not loaded, or negative. */
static int enter_section(struct resolver *v, const struct kd_rule *rule)
{
	char text[KD_ERROR_SIZE];
	int r;

	v->scope.module = NULL;
	v->scope.line = rule->line;
	if (!rule->module)
		return 1;
	r = kd_kernel_view_module(v->scope.view, rule->module, &v->scope.module, NULL);
	if (r < 0 && r != -ENODATA)
		return kd_scope_fail(&v->scope, r, "modules cannot be read: %s",
				     strerror(-r));
	if (r == 0)
		return 1;
	(void)snprintf(text, sizeof(text),
		       "%s:%u: module %s is not loaded: its rules are passed over",
		       v->scope.file, rule->line, rule->module);
	note(v, text);
	return 0;
}

/* A section is a block of its own, so that "let" ends with it. */
static int run_sections(struct resolver *v, const struct kd_rule *rule)
{
	while (rule) {
		const char *module = rule->module;
		int r = enter_section(v, rule);

		if (r > 0)
			r = run_rules(v, rule);
		if (r < 0)
			return r;
		while (rule && rule->module == module)
			rule = rule->next;
	}
	return 0;
}

static void tell_idle(struct resolver *v, const struct kd_rule *rule)
{
	char text[KD_ERROR_SIZE];

	for (; rule; rule = rule->next) {
		tell_idle(v, rule->body);
		if (rule->kind != KD_RULE_ERASE || !v->ran[rule->number] ||
		    v->hits[rule->number])
			continue;
		(void)snprintf(text, sizeof(text), "%s:%u: nothing to erase for '%s'",
			       v->scope.file, rule->line, rule->text);
		note(v, text);
	}
}

static int read_config(int dir_fd, const char *path, struct resolver *v,
		       struct kd_erase_config **ret, struct kd_error *err)
{
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;
	int r;

	r = kd_read_file_at(dir_fd, path, KD_ERASE_CONFIG_MAX, &text, &size, err);
	if (r < 0)
		return r;
	r = kd_erase_config_new(text, size, path, &errors, ret, err);
	for (size_t i = 0; i < errors.n; i++)
		note(v, errors.items[i]);
	return r;
}

static int run(struct resolver *v, const struct kd_erase_config *config,
	       const struct kd_xlat *x)
{
	_cleanup_(kd_kernel_view_freep) struct kd_kernel_view *view = NULL;
	_cleanup_(kd_freep) uint64_t *hits = NULL;
	_cleanup_(kd_freep) bool *ran = NULL;
	size_t n = kd_erase_config_count(config) + 1;
	int r;

	hits = calloc(n, sizeof(*hits));
	ran = calloc(n, sizeof(*ran));
	if (!hits || !ran)
		return kd_fail(v->scope.err, -ENOMEM, "%s", v->scope.file);
	r = kd_kernel_view_new(x, v->req->info, v->req->dwarf, &view, v->scope.err);
	if (r < 0)
		return kd_fail(v->scope.err, r, "%s", v->scope.file);
	v->scope.view = view;
	v->hits = hits;
	v->ran = ran;
	r = run_sections(v, kd_erase_config_rules(config));
	if (r == 0)
		tell_idle(v, kd_erase_config_rules(config));
	return r;
}

int kd_erase_resolve_at(int dir_fd, const char *path, const struct kd_erase_request *req,
			struct kd_erase **ret, struct kd_error *err)
{
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *config = NULL;
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	struct kd_known known = { 0 };
	struct resolver v = {
		.req = req,
		.scope = { .file = path, .known = &known, .err = err },
	};
	struct kd_xlat x;
	int r;

	r = read_config(dir_fd, path, &v, &config, err);
	if (r < 0)
		return r;
	if (!req->info)
		return kd_fail_msg(err, -ENODATA, "%s: the dump has no VMCOREINFO", path);
	r = kd_xlat_init(&x, req->memory, req->machine, req->info, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	if (kd_erase_new(req->memory->page_size, &e) < 0)
		return kd_fail(err, -ENOMEM, "%s", path);
	v.erase = e;
	if (kd_erase_config_rules(config))
		r = run(&v, config, &x);
	if (r < 0)
		return r;
	kd_erase_seal(e);
	*ret = TAKE_PTR(e);
	return 0;
}
