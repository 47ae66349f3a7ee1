/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Computing the rebuild key: see key.h. Pure: the files were hashed before. Called by
 * the arm path.
 */
#include "kdumpd/arm/key.h"

int kd_key_compute(const struct kd_key_input *in, char ret[KD_DIGEST_HEX],
		   struct kd_error *err)
{
	_cleanup_(kd_digest_freep) struct kd_digest *d = kd_digest_new();
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	struct kd_plan plan = *in->plan;
	int r;

	kd_strbuf_init(&text, KD_PLAN_MAX_SIZE);
	if (!d)
		return kd_fail(err, -ENOMEM, "rebuild key");
	plan.arm_id[0] = '\0';
	r = kd_plan_encode(&plan, &text, err);
	if (r < 0)
		return r;
	kd_digest_adds(d, "version", in->version);
	kd_digest_add(d, "plan", kd_strbuf_text(&text), text.length);
	kd_digest_adds(d, "cmdline", in->cmdline);
	kd_digest_adds(d, "kernel", in->kernel_release);
	for (size_t i = 0; i < in->n_files; i++)
		kd_digest_adds(d, in->files[i].path, in->files[i].hex);
	kd_digest_hex(d, ret);
	return 0;
}
