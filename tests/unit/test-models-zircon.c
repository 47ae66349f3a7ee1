/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model of Zircon, in its three ages, against the conformance table; and the validator
 * on the same images: whatever ends in anything but a jump breaks a rule.
 */
#include "base/le.h"
#include "kexec/image/zbi.h"
#include "tests/kexec/model-zircon.h"
#include "tests/kexec/perform.h"
#include "tests/unit/test.h"

#define TABLE KD_SOURCE_DIR "/tests/kexec/conformance.table"

/* sdk/lib/zbi-format/zbi.h: where the words of a header are */
#define LENGTH 4
#define EXTRA  8
#define FLAGS  12
#define MAGIC  24
#define HEADER KD_ZBI_HEADER_SIZE

static const char *const ages[] = {
	[MODEL_ZIRCON_SEED] = "seed",
	[MODEL_ZIRCON_2022] = "2022",
	[MODEL_ZIRCON_2026] = "zircon",
};

static void append(struct kd_zbi_writer *w, uint32_t type, const void *data, size_t size)
{
	struct kd_zbi_item item = { type, 0, KD_ZBI_CRC32, { data, size } };

	if (kd_zbi_append(w, &item) < 0)
		abort();
}

static void put(uint8_t *p, uint32_t value)
{
	kd_put_le32(p, value);
}

/* What the row's word does to a good image. */
static void spoil(const char *word, uint8_t *image, size_t size)
{
	if (strcmp(word, "magic") == 0)
		put(image + EXTRA, 1);
	else if (strcmp(word, "item-magic") == 0)
		put(image + HEADER + MAGIC, 1);
	else if (strcmp(word, "type") == 0)
		put(image, 1);
	else if (strcmp(word, "version") == 0)
		put(image + FLAGS, 0);
	else if (strcmp(word, "odd") == 0)
		put(image + LENGTH, (uint32_t)size - HEADER - 4);
	else if (strcmp(word, "cut") == 0)
		put(image + LENGTH, 1 << 20);
	else if (strcmp(word, "checksum") == 0)
		image[size - 1] ^= 1;
}

/* Items by the word; @data: of a data image. Owned by the object. */
static void make_image(const char *word, bool data, struct model_object *o)
{
	static const uint8_t more[32];
	const uint64_t kernel[8] = { 80, 4096, 0x90 };
	uint32_t type = strcmp(word, "arm64") == 0 ? KD_ZBI_KERNEL_ARM64
						   : KD_ZBI_KERNEL_X64;
	_cleanup_(kd_zbi_writer_done) struct kd_zbi_writer w = { 0 };
	struct kd_bytes image;

	if (kd_zbi_writer_init(&w) < 0)
		abort();
	if (data || strcmp(word, "second") == 0)
		append(&w, KD_ZBI_CMDLINE, more, sizeof(more));
	if (!data && strcmp(word, "hollow") != 0)
		append(&w, type, kernel, strcmp(word, "short") == 0 ? 8 : sizeof(kernel));
	image = kd_zbi_written(&w);
	o->size = strcmp(word, "empty") == 0 ? 0 : KD_ZX_PAGE;
	o->data = calloc(1, KD_ZX_PAGE);
	if (!o->data)
		abort();
	memcpy(o->data, image.data, image.size);
	spoil(word, o->data, image.size);
}

static kd_zx_handle_t image_handle(struct model_zircon *m, const char *word, bool data)
{
	kd_zx_handle_t handle;

	if (strcmp(word, "none") == 0)
		return KD_ZX_HANDLE_INVALID;
	if (strcmp(word, "event") == 0)
		return model_zircon_handle(m, MODEL_EVENT);
	handle = model_zircon_handle(m, MODEL_VMO);
	make_image(word, data, &m->objects[handle - 1]);
	m->objects[handle - 1].unreadable = strcmp(word, "sealed") == 0;
	return handle;
}

static kd_zx_handle_t resource_handle(struct model_zircon *m, const char *word)
{
	kd_zx_handle_t handle;
	struct model_object *o;

	if (strcmp(word, "none") == 0)
		return KD_ZX_HANDLE_INVALID;
	if (strcmp(word, "event") == 0)
		return model_zircon_handle(m, MODEL_EVENT);
	handle = model_zircon_handle(m, MODEL_RESOURCE);
	o = &m->objects[handle - 1];
	o->kind = strcmp(word, "root") == 0   ? KD_ZX_RSRC_KIND_ROOT
		  : strcmp(word, "mmio") == 0 ? 0
					      : KD_ZX_RSRC_KIND_SYSTEM;
	o->base = strcmp(word, "other") == 0 ? 1 : KD_ZX_RSRC_SYSTEM_MEXEC_BASE;
	return handle;
}

static const char *value(const struct table_step *step, const char *key,
			 const char *otherwise, char ret[static 64])
{
	if (!table_value(step, key, 0, ret, 64))
		(void)snprintf(ret, 64, "%s", otherwise);
	return ret;
}

static uint64_t number(struct test *t, const struct table_step *step, const char *key,
		       uint64_t otherwise)
{
	static const struct table_symbol none[] = { { NULL, 0 } };
	char text[64];

	if (table_value(step, key, 0, text, sizeof(text)) &&
	    !table_number(none, text, &otherwise))
		test_failed(t, TABLE, (int)step->line, "no number: %s", text);
	return otherwise;
}

/* The validator's rules against both images, as words. */
static void check_rules(struct test *t, const struct table_case *c,
			const struct table_step *step, struct model_zircon *m,
			kd_zx_handle_t kernel, kd_zx_handle_t data)
{
	const char *expected = table_expected(step, "zircon-rules", "");
	const char *status = table_expected(step, "zircon", "");
	struct kd_kexec_segment segments[2];
	struct kd_kexec_host host = { .arch = KD_ARCH_X86_64, .page_size = KD_ZX_PAGE };
	struct kd_kexec_call call = { .system = KD_KEXEC_ZIRCON,
				      .segments = segments,
				      .n = 2 };
	const kd_zx_handle_t handles[] = { kernel, data };
	struct kd_violations v;
	char words[256] = "";

	if (!expected)
		return;
	for (size_t i = 0; i < 2; i++) {
		const struct model_object *o = &m->objects[handles[i] - 1];

		segments[i] = (struct kd_kexec_segment) { .buf = o->data,
							  .bufsz = o->size,
							  .memsz = o->size };
	}
	(void)kd_kexec_validate(&call, &host, NULL, &v);
	for (size_t i = 0; i < v.n; i++)
		(void)snprintf(words + strlen(words), sizeof(words) - strlen(words),
			       "%s%s", i ? " " : "", v.items[i].rule);
	if (strcmp(v.n ? words : "ok", expected) != 0)
		test_failed(t, TABLE, (int)step->line, "rules \"%s\", table \"%s\"",
			    words, expected);
	if (strcmp(status, "jump") != 0 && v.n == 0 && !c->why)
		test_failed(t, TABLE, (int)step->line, "%s, and no rule is against it",
			    status);
	if (strcmp(status, "jump") == 0 && v.n && !c->why)
		test_failed(t, TABLE, (int)step->line, "stricter, and no why");
}

static const char *mexec(struct test *t, const struct table_case *c,
			 const struct table_step *step, struct model_zircon *m,
			 kd_zx_handle_t resource)
{
	char word[64];
	kd_zx_handle_t kernel = image_handle(m, value(step, "kernel", "good", word),
					     /* data= */ false);
	kd_zx_handle_t data = image_handle(m, value(step, "data", "good", word),
					   /* data= */ true);
	kd_zx_status_t status;

	check_rules(t, c, step, m, kernel, data);
	status = model_zircon_mexec(m, resource, kernel, data);
	if (m->panics)
		return "panic";
	if (m->jumped)
		return m->overrun ? "overrun" : "jump";
	return model_zircon_status_name(status);
}

static const char *payload(struct test *t, const struct table_step *step,
			   struct model_zircon *m, kd_zx_handle_t resource)
{
	static const uint8_t items[2 * KD_ZX_PAYLOAD_MAX];
	uint8_t buf[2 * KD_ZX_PAYLOAD_MAX];

	m->payload = items;
	m->payload_size = number(t, step, "items", 0);
	return model_zircon_status_name(model_zircon_payload_get(
		m, resource, buf, number(t, step, "size", KD_ZX_PAGE)));
}

static void row(struct test *t, const struct table_case *c, const struct table_step *step,
		enum model_zircon_age age)
{
	struct model_zircon m = { .age = age };
	const char *expected = table_expected(step, ages[age], "");
	kd_zx_handle_t resource;
	const char *got;
	char word[64];

	m.gate = strcmp(value(step, "gate", "on", word), "off") != 0;
	m.low_page = strcmp(value(step, "low", "some", word), "none") != 0;
	m.contiguous = number(t, step, "memory", 1 << 20);
	resource = resource_handle(&m, value(step, "resource", "system", word));
	got = strncmp(step->call, "mexec", 5) == 0 ? mexec(t, c, step, &m, resource)
						   : payload(t, step, &m, resource);
	if (!expected || strcmp(got, expected) != 0)
		test_failed(t, TABLE, (int)step->line, "%s: %s, the table says %s",
			    ages[age], got, expected ? expected : "nothing");
	model_zircon_done(&m);
}

static void rows(struct test *t, enum model_zircon_age age)
{
	struct table table = table_read(TABLE);
	unsigned int n = 0;

	for (size_t i = 0; i < table.n; i++) {
		const struct table_case *c = &table.cases[i];

		for (size_t k = 0; strcmp(c->boot, "zircon") == 0 && k < c->n; k++, n++)
			row(t, c, &c->steps[k], age);
	}
	CHECK(t, n >= 30);
	table_done(&table);
}

static void seed(struct test *t)
{
	rows(t, MODEL_ZIRCON_SEED);
}

static void since_2022(struct test *t)
{
	rows(t, MODEL_ZIRCON_2022);
}

static void now(struct test *t)
{
	rows(t, MODEL_ZIRCON_2026);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "Zircon: the seed's page", seed },
		{ "Zircon: the page since 2022", since_2022 },
		{ "Zircon: the kernel of 2026", now },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
