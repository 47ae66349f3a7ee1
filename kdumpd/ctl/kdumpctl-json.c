/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents: see kdumpctl-json.h. What does not fit is an error, never a text that was
 * cut. Trusts its callers to close what they open.
 */
#include "kdumpd/ctl/kdumpctl-json.h"

#define JSON_MAX (64u << 20)

static struct kd_json *begin(struct kd_ctl_document *d, bool array)
{
	d->array = array;
	kd_strbuf_init(&d->text, JSON_MAX);
	kd_json_init(&d->json, &d->text);
	if (array)
		kd_json_array(&d->json, NULL);
	else
		kd_json_object(&d->json, NULL);
	return &d->json;
}

struct kd_json *kd_ctl_document_object(struct kd_ctl_document *d)
{
	struct kd_json *j = begin(d, /* array= */ false);

	kd_json_u64(j, "schemaVersion", 1);
	return j;
}

struct kd_json *kd_ctl_document_array(struct kd_ctl_document *d)
{
	return begin(d, /* array= */ true);
}

int kd_ctl_document_put(struct kd_ctl_document *d, const char *what, struct kd_error *err)
{
	if (d->array)
		kd_json_array_end(&d->json);
	else
		kd_json_object_end(&d->json);
	if (d->text.status < 0)
		return kd_fail(err, d->text.status, "%s", what);
	(void)fputs(kd_strbuf_text(&d->text), stdout);
	return 0;
}

void kd_ctl_document_done(struct kd_ctl_document *d)
{
	kd_strbuf_done(&d->text);
}
