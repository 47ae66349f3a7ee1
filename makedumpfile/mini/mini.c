/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The selection, part after part, the dearest first: see mini.h. Each has a share of the
 * frames at most, so that one that is damaged, or a kernel that is very large, leaves room
 * for the next. Called by the capture side.
 */
#include "makedumpfile/mini/mini.h"

#include <fcntl.h>

#include "makedumpfile/dmesg.h"
#include "makedumpfile/dump-know.h"
#include "makedumpfile/mini/choice.h"

#define MAP_WINDOW (64U << 10)
#define UUID_BYTES 16

void kd_mini_free(struct kd_mini *mini)
{
	if (!mini)
		return;
	kd_frames_done(&mini->frames);
	free(mini);
}

/* The log's ring: read it, and its frames are in the set. */
static void choose_log(const struct kd_choice *c)
{
	_cleanup_(kd_closep) int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)kd_dmesg_write(c->xlat, c->input->info, fd, /* ret_bytes= */ NULL,
				     /* err= */ NULL);
}

/* All zeros until somebody asks the kernel for it (drivers/char/random.c,
 * proc_do_uuid()). */
static void read_boot_id(struct kd_choice *c)
{
	char *text = c->mini->boot_id;
	uint8_t id[UUID_BYTES];
	unsigned int any = 0;
	int n = 0;

	if (!c->found[KD_SYM_BOOT_ID] ||
	    kd_xlat_read(c->xlat, c->symbols[KD_SYM_BOOT_ID], id, sizeof(id)) < 0)
		return;
	for (size_t i = 0; i < sizeof(id); i++) {
		bool dash = i == 4 || i == 6 || i == 8 || i == 10;

		any |= id[i];
		n += snprintf(text + n, KD_BOOT_ID_SIZE - (size_t)n, "%s%02x",
			      dash ? "-" : "", id[i]);
	}
	if (!any)
		text[0] = '\0';
}

static void choose_all(struct kd_choice *c, struct kd_seen *seen,
		       const struct kd_dump_request *request)
{
	static const struct {
		void (*choose)(struct kd_choice *c);
		unsigned int upto; /* percent of all frames */
	} parts[] = {
		{ kd_choose_stacks, 20 },  { kd_choose_cpus, 40 },
		{ kd_choose_image, 75 },   { kd_choose_tasks, 95 },
		{ kd_choose_others, 100 },
	};
	struct kd_error err = { 0 };

	choose_log(c);
	/* the symbol table is large, and in the vmlinux file, too */
	seen->paused = true;
	if (kd_choice_symbols(c, &err) < 0)
		kd_dump_note(request, "mini dump: tasks are left out: %s", err.message);
	seen->paused = false;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		c->budget = c->mini->frames.max * parts[i].upto / 100;
		parts[i].choose(c);
		c->mini->full |= c->mini->frames.n >= c->budget;
	}
	read_boot_id(c);
}

static int choose(struct kd_mini *mini, const struct kd_dump_request *request,
		  struct kd_error *err)
{
	struct kd_input noting = *request->input;
	struct kd_dump_request quiet = *request;
	_cleanup_(kd_seen_done) struct kd_seen seen = { .paused = false };
	struct kd_know know;
	struct kd_choice c = { .mini = mini, .input = &noting };
	int r;

	r = kd_seen_init(&seen, request->input->memory, &mini->frames, err);
	if (r < 0)
		return r;
	noting.memory = &seen.memory;
	quiet.input = &noting;
	quiet.note = NULL; /* the whole dump will tell the same */
	kd_know_init(&know, &quiet, MAP_WINDOW);
	if (!know.has_xlat)
		return kd_fail_msg(err, -ENODATA,
				   "mini dump: no usable vmcoreinfo: nothing can be "
				   "found");
	c.xlat = &know.xlat;
	c.layout = &know.layout;
	c.memmap = know.knowledge == KD_KNOW_NOTHING ? NULL : &know.memmap;
	choose_all(&c, &seen, request);
	kd_know_done(&know);
	return 0;
}

int kd_mini_new(const struct kd_dump_request *request, size_t max_frames,
		struct kd_mini **ret, struct kd_error *err)
{
	_cleanup_(kd_mini_freep) struct kd_mini *mini = calloc(1, sizeof(*mini));
	int r;

	if (!mini)
		return kd_fail(err, -ENOMEM, "mini dump");
	r = kd_frames_init(&mini->frames, max_frames, err);
	if (r == 0)
		r = choose(mini, request, err);
	if (r < 0)
		return r;
	kd_frames_seal(&mini->frames);
	kd_seen_only(&mini->only, request->input->memory, &mini->frames);
	mini->input = *request->input;
	mini->input.memory = &mini->only.memory;
	mini->input.oddities = "";
	*ret = TAKE_PTR(mini);
	return 0;
}
