/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl test: a real crash, after a question. Sentences and exit statuses are those of
 * kdump-utils: no is a success, not being armed is none.
 */
#include <string.h>

#include "base/io.h"
#include "kdumpd/arm/crash-test.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/report/arm-tell.h"
#include "kdumpd/report/judge.h"
#include "kdumpd/version.h"

#define ANSWER_SIZE 64

/* Whether it is, and why not. A changed configuration is no reason: it is armed for
 * anew. */
static bool is_armed(int root_fd, char *ret_why, size_t size)
{
	char boot_id[KD_BOOT_ID_SIZE] = "", release[KD_RELEASE_SIZE] = "";
	_cleanup_(kd_freep) struct kd_state *state = malloc(sizeof(*state));
	bool known = state && kd_state_read(root_fd, state, NULL) >= 0;
	const struct kd_armed_now now = { .loaded = kd_kexec_crash_loaded(root_fd) == 1,
					  .boot_id = boot_id,
					  .release = release };
	enum kd_armed armed;
	enum kd_say why;

	(void)kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id,
			      sizeof(boot_id), NULL);
	(void)kd_read_line_at(root_fd, "proc/sys/kernel/osrelease", release,
			      sizeof(release), NULL);
	armed = kd_state_judge(known ? state : NULL, &now);
	if (armed == KD_ARMED_YES)
		return true;
	why = kd_armed_sentence(armed);
	kd_say_with_remedy(why, kd_sentence(why)->text, ret_why, size);
	return false;
}

static bool agreed(const struct kd_ctl *ctl)
{
	char answer[ANSWER_SIZE];

	if (ctl->args.options & KD_CTL_FORCE)
		return true;
	(void)fputs("DANGER!!! Will perform a kdump test by crashing the system, "
		    "proceed? (y/N): ",
		    stdout);
	(void)fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y') &&
	       strchr("\n", answer[1]); /* the end of the line, or of the text */
}

int kd_ctl_test(const struct kd_ctl *ctl)
{
	const struct kd_arm_request request = {
		.root_fd = ctl->root_fd,
		.iomem_fd = kd_arm_iomem_fd(),
		.backend = kd_linux_real(),
		.init = ctl->args.init ? ctl->args.init : KD_CAPTURE_INIT,
	};
	_cleanup_(kd_arm_result_done) struct kd_arm_result result;
	_cleanup_(kd_events_done) struct kd_events events;
	char reason[2 * KD_ERROR_SIZE];
	struct kd_error err = { 0 };
	int r;

	kd_arm_result_init(&result);
	kd_events_init(&events, ctl->root_fd, &ctl->log);
	if (!is_armed(ctl->root_fd, reason, sizeof(reason))) {
		kd_log(&ctl->log, KD_LOG_ERROR,
		       "Kdump needs be operational before test.");
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", reason);
		return EXIT_FAILURE;
	}
	if (!agreed(ctl))
		return EXIT_SUCCESS;
	r = kd_crash_test(&request, &result, &err);
	kd_arm_tell(&events, &result, r, &err);
	return EXIT_FAILURE;
}
