/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The conformance table's Linux rows against the model, and all rows against the
 * validator: each kernel's answer is the model's, each rule is the one the row names, and
 * where a rule's errno is not the kernel's, the row says why.
 */
#include <sys/stat.h>

#include "kexec/backend/linux.h"
#include "kexec/load.h"
#include "tests/kexec/guarded.h"
#include "tests/kexec/model-linux.h"
#include "tests/unit/fake-bzimage.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define TABLE KD_SOURCE_DIR "/tests/kexec/conformance.table"
#define PAGE  4096ull

/** What the three kernels have that the tests run: as tests/kexec/run says. */
static const char *const kernels[] = {
	"",
	"hotplug limits debug",
	"hotplug limits debug no-cma force-dtb",
};

struct fixture {
	struct table table;
	struct fake_root root;
	struct performer performer;
	struct model_linux model;
	struct kd_kexec_host host;
	struct table_symbol symbols[16];
};

static void set_symbols(struct fixture *f)
{
	const struct model_linux *m = &f->model;
	const struct table_symbol symbols[] = {
		{ "M", 256ull << 20 },
		{ "P", PAGE },
		{ "C", m->crash[0] },
		{ "E", m->crash[1] - 1 },
		{ "SIZE", m->crash[1] - m->crash[0] },
		{ "HALF", m->ram_pages / 2 * PAGE },
		{ "QUARTER", m->ram_pages / 4 * PAGE },
		{ "LIMIT", 1ull << 46 },
		{ NULL, 0 },
	};

	memcpy(f->symbols, symbols, sizeof(symbols));
	f->performer.symbols = f->symbols;
}

/* The machine that a row's "boot" asks for, with a kernel of those features. */
static void boot(struct fixture *f, const char *machine, const char *features)
{
	struct performer old = f->performer;

	f->model = model_linux_new();
	f->model.features = features;
	if (strcmp(machine, "bare") == 0)
		f->model.crash[1] = f->model.crash[0] = 0;
	if (strcmp(machine, "locked") == 0)
		f->model.lockdown = KD_LOCKDOWN_INTEGRITY;
	model_linux_performer(&f->model, &f->performer);
	f->performer.buffers = old.buffers;
	f->performer.files.folder = f->root.path;
	set_symbols(f);
	f->host.crash = (struct kd_range) { .start = f->model.crash[0],
					    .end = f->model.crash[1] };
	f->host.elfcorehdr_size = table_has_word(features, "hotplug") ? 65536 : 0;
}

static void setup(struct fixture *f)
{
	uint8_t kernel[FAKE_BZIMAGE_SIZE];

	*f = (struct fixture) { .table = table_read(TABLE) };
	fake_root_init(&f->root);
	fake_bzimage(kernel);
	fake_file(&f->root, "good", kernel, sizeof(kernel));
	fake_text(&f->root, "initrd", "an initrd");
	f->performer.buffers = perform_buffers_new();
	f->performer.files.folder = f->root.path;
	perform_files_make(&f->performer.files);
	boot(f, "crash", kernels[0]);
	f->host.arch = KD_ARCH_X86_64;
	f->host.page_size = PAGE;
	f->host.ram_total = f->model.ram_pages * PAGE;
	kd_ranges_init(&f->host.ram);
	if (kd_ranges_insert(&f->host.ram, PAGE, 0x9f000, KD_RANGE_RAM) < 0 ||
	    kd_ranges_insert(&f->host.ram, 1 << 20, 0x7ffd0000, KD_RANGE_RAM) < 0)
		abort();
}

static void teardown(struct fixture *f)
{
	perform_buffers_done(&f->performer.buffers);
	kd_ranges_done(&f->host.ram);
	fake_root_done(&f->root);
	table_done(&f->table);
}

static bool is_linux(const struct table_case *c)
{
	return strcmp(c->boot, "bsd") != 0 && strcmp(c->boot, "zircon") != 0;
}

static void run_case(struct test *t, struct fixture *f, const struct table_case *c,
		     const char *features)
{
	boot(f, c->boot, features);
	for (size_t i = 0; i < c->n; i++) {
		int got = perform_step(&f->performer, &c->steps[i]);
		char words[128];

		if (!perform_judge(&f->performer, &c->steps[i], features, got, words,
				   sizeof(words)))
			test_failed(t, TABLE, (int)c->steps[i].line, "%s [%s]: %s",
				    c->name, features, words);
	}
}

static void against_model(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	size_t n = 0;

	setup(&f);
	for (size_t k = 0; k < ARRAY_SIZE(kernels); k++)
		for (size_t i = 0; i < f.table.n; i++) {
			if (!is_linux(&f.table.cases[i]))
				continue;
			run_case(t, &f, &f.table.cases[i], kernels[k]);
			n++;
		}
	CHECK(t, n >= 3 * (size_t)100);
	printf("# %zu cases, %zu kernels\n", n / ARRAY_SIZE(kernels),
	       ARRAY_SIZE(kernels));
}

/* The rules that @v broke, each once, as words. */
static void rule_words(const struct kd_violations *v, bool touched, char *ret,
		       size_t size)
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < MIN(v->n, (size_t)KD_VIOLATIONS); i++)
		if (!table_has_word(ret, v->items[i].rule))
			n += (size_t)snprintf(ret + n, size - n, "%s%s", n ? " " : "",
					      v->items[i].rule);
	if (!touched && !table_has_word(ret, "buffer"))
		n += (size_t)snprintf(ret + n, size - n, "%stouch", n ? " " : "");
	if (n == 0)
		(void)snprintf(ret, size, "ok");
}

static bool same_words(const char *a, const char *b)
{
	char copy[256], *save = NULL;

	if (strlen(a) != strlen(b))
		return false;
	(void)snprintf(copy, sizeof(copy), "%s", a);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		if (!table_has_word(b, w))
			return false;
	return true;
}

/** One row before the validator. @code: as it says, 0 for none */
struct verdict {
	char rules[256];
	int code;
};

static bool validate_row(struct fixture *f, const struct table_step *step,
			 enum kd_kexec_system system, struct verdict *ret)
{
	struct kd_kexec_segment segments[PERFORM_SEGMENTS] = { 0 };
	struct kd_kexec_facts facts = model_linux_facts(&f->model);
	struct kd_violations v;
	struct perform_load load;
	struct kd_kexec_call call;
	bool touched;

	if (!perform_load_read(step, f->symbols, &f->performer.buffers, &load))
		return false;
	facts.cap_sys_boot = !table_has_word(step->call, "user");
	call = perform_call(&load, system, segments);
	/* what the array is claimed to be may not be there: only counts are looked at */
	if (call.n != load.n_own)
		touched = true;
	else
		touched = kd_kexec_touch(&call, NULL) >= 0;
	(void)kd_kexec_validate(&call, &f->host, &facts, &v);
	rule_words(&v, touched, ret->rules, sizeof(ret->rules));
	ret->code = v.code ? v.code : touched ? 0 : -EFAULT;
	return true;
}

static void check_rules(struct test *t, struct fixture *f, const struct table_case *c,
			const struct table_step *step, const char *features)
{
	const char *expected = table_expected(step, "rules", features);
	const char *kernel = table_expected(step, "linux", features);
	struct verdict v;
	int code;

	if (!expected)
		return;
	if (!validate_row(f, step, KD_KEXEC_LINUX, &v)) {
		test_failed(t, TABLE, (int)step->line, "%s: not a load", c->name);
		return;
	}
	if (!same_words(v.rules, expected))
		test_failed(t, TABLE, (int)step->line,
			    "%s [%s]: rules \"%s\", table \"%s\"", c->name, features,
			    v.rules, expected);
	/* what a kernel refuses is refused with its errno; what it takes may be */
	if (!table_errno(kernel, &code) || (code < 0 && v.code != code))
		test_failed(t, TABLE, (int)step->line, "%s [%s]: validator %s, kernel %s",
			    c->name, features, table_errno_name(v.code), kernel);
	if (code == 0 && strcmp(v.rules, "ok") != 0 && !c->why)
		test_failed(t, TABLE, (int)step->line, "%s: stricter, and no why",
			    c->name);
}

/* What the row's check of files says, ours of load.c. */
static int check_files(struct fixture *f, const struct table_step *step)
{
	struct kd_kexec_facts facts = model_linux_facts(&f->model);
	struct kd_linux_backend b = { .kernel = f->performer.kernel, .facts = &facts };
	const struct kd_load_place place = { .backend = kd_linux_backend(&b),
					     .facts = &facts };
	_cleanup_(perform_file_done) struct perform_file file;
	struct kd_kexec_files files = { .kernel_path = "kernel" };
	const struct kd_kexec_load load = {
		.purpose = table_has_word(step->call, "crash") ? KD_KEXEC_CRASH
							       : KD_KEXEC_REBOOT,
		.files = &files,
	};

	facts.cap_sys_boot = !table_has_word(step->call, "user");
	if (!perform_file_read(step, &f->performer.files, &f->performer.buffers, &file))
		return 1;
	files.kernel_fd = file.kernel_fd;
	files.initrd_fd = file.initrd_fd;
	files.cmdline = file.cmdline;
	return kd_kexec_load_check(&place, &load, NULL);
}

static void check_check(struct test *t, struct fixture *f, const struct table_case *c,
			const struct table_step *step, const char *features)
{
	const char *expected = table_expected(step, "check", features);
	const char *kernel = table_expected(step, "linux", features);
	int code, got;

	if (!expected)
		return;
	got = check_files(f, step);
	if (!table_errno(expected, &code) || got != code)
		test_failed(t, TABLE, (int)step->line, "%s [%s]: check %s, table %s",
			    c->name, features, table_errno_name(got), expected);
	if (strcmp(expected, kernel) != 0 && !c->why)
		test_failed(t, TABLE, (int)step->line, "%s: not the kernel's, and no why",
			    c->name);
}

/* Every step is looked at with the machine as the steps before have left it. */
static void against_validator(struct test *t)
{
	_cleanup_(teardown) struct fixture f;

	setup(&f);
	for (size_t k = 0; k < ARRAY_SIZE(kernels); k++)
		for (size_t i = 0; i < f.table.n; i++) {
			const struct table_case *c = &f.table.cases[i];

			if (!is_linux(c))
				continue;
			boot(&f, c->boot, kernels[k]);
			for (size_t j = 0; j < c->n; j++) {
				check_rules(t, &f, c, &c->steps[j], kernels[k]);
				check_check(t, &f, c, &c->steps[j], kernels[k]);
				(void)perform_step(&f.performer, &c->steps[j]);
			}
		}
}

/* FreeBSD's rows of loads: the validator's rules. What its kernels do with them is
 * test-freebsd's. */
static void freebsd_rules(struct test *t)
{
	_cleanup_(teardown) struct fixture f;
	size_t n = 0;

	setup(&f);
	for (size_t i = 0; i < f.table.n; i++) {
		const struct table_case *c = &f.table.cases[i];

		boot(&f, "crash", "");
		for (size_t j = 0; j < c->n; j++) {
			const struct table_step *step = &c->steps[j];
			const char *expected = table_expected(step, "bsd-rules", "");
			struct verdict v;

			if (!expected)
				continue;
			n++;
			CHECK(t, validate_row(&f, step, KD_KEXEC_FREEBSD, &v));
			if (!same_words(v.rules, expected))
				test_failed(t, TABLE, (int)step->line,
					    "%s: rules \"%s\", table \"%s\"", c->name,
					    v.rules, expected);
		}
	}
	CHECK(t, n > 40);
}

/* Every load the table knows, on an armed machine: armed afterwards. With @blind the model
 * refuses what the check would have, after it has freed the armed image. */
static void guard(struct test *t, bool blind)
{
	_cleanup_(teardown) struct fixture f;
	struct guarded g = { .blind = blind };
	struct kd_linux_backend b;
	struct kd_kexec_facts facts;
	char words[400];

	setup(&f);
	for (size_t k = 0; k < ARRAY_SIZE(kernels); k++) {
		boot(&f, "crash", kernels[k]);
		facts = model_linux_facts(&f.model);
		b = (struct kd_linux_backend) { .kernel = f.performer.kernel,
						.facts = &facts,
						.host = &f.host };
		g.performer = &f.performer;
		g.place = (struct kd_load_place) { kd_linux_backend(&b), &facts,
						   &f.host };
		guarded_init(&g);
		for (size_t i = 0; i < f.table.n; i++)
			for (size_t j = 0; j < f.table.cases[i].n; j++)
				if (guarded_row(&g, &f.table.cases[i].steps[j], words,
						sizeof(words)) < 0)
					test_failed(t, TABLE,
						    (int)f.table.cases[i].steps[j].line,
						    "%s: %s", f.table.cases[i].name,
						    words);
	}
	printf("# %u tried, %u refused, %u armed again\n", g.tried, g.refused, g.again);
	CHECK(t, g.refused >= 3 * 40u);
	CHECK(t, (g.again >= 3 * 20u) == blind);
}

static void guarded_checked(struct test *t)
{
	guard(t, false);
}

static void guarded_blind(struct test *t)
{
	guard(t, true);
}

static const struct test_case cases[] = {
	{ "every Linux row against the model, as three kernels", against_model },
	{ "every Linux row against validator and check", against_validator },
	{ "FreeBSD's rules", freebsd_rules },
	{ "every load of the table leaves the machine armed", guarded_checked },
	{ "and does when only the kernel refuses", guarded_blind },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
