/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening a dump to look into it: see look.h. Called by run-vtop.c, run-mem-usage.c and
 * whoever takes -x and -i.
 */
#include "makedumpfile/program/look.h"

#include <fcntl.h>

#define WINDOW (1U << 20)

static void say(void *context, const char *text)
{
	const struct kd_program *p = context;

	if (kd_program_says(p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr, "makedumpfile: %s\n", text);
}

int kd_program_extra(const struct kd_program *p, const struct kd_input *input,
		     struct kd_input *ret_seen, struct kd_extra *ret_extra,
		     struct kd_error *err)
{
	const struct kd_extra_files files = { .dir_fd = AT_FDCWD,
					      .vmlinux = p->options.vmlinux,
					      .vmcoreinfo = p->options.vmcoreinfo };
	struct kd_remarks remarks = { 0 };
	int r;

	*ret_seen = *input;
	*ret_extra = (struct kd_extra) { 0 };
	if (!files.vmlinux && !files.vmcoreinfo)
		return 0;
	r = kd_extra_load(&files, input->info, ret_extra, &remarks, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < MIN(remarks.n, (size_t)KD_REMARKS); i++)
		say((void *)p, remarks.texts[i]);
	if (!ret_seen->info)
		ret_seen->info = ret_extra->info;
	return 1;
}

int kd_look_open(struct kd_program *p, struct kd_look *ret, struct kd_error *err)
{
	struct kd_dump_request request = { .options = &p->options,
					   .note = say,
					   .context = p };
	int r;

	*ret = (struct kd_look) { 0 };
	if (!p->options.input)
		return kd_fail_msg(err, -EINVAL, "the vmcore to read is missing");
	r = kd_input_open_at(AT_FDCWD, p->options.input, &ret->input, err);
	if (r < 0)
		return r;
	r = kd_program_extra(p, ret->input, &ret->seen, &ret->extra, err);
	if (r < 0)
		return r;
	request.input = &ret->seen;
	request.layout = r > 0 ? &ret->extra.layout : NULL;
	kd_know_init(&ret->know, &request, WINDOW);
	return 0;
}

void kd_look_done(struct kd_look *look)
{
	/* nothing was found out of an input that did not open */
	if (look->seen.memory)
		kd_know_done(&look->know);
	kd_extra_done(&look->extra);
	kd_input_free(look->input);
	*look = (struct kd_look) { 0 };
}
