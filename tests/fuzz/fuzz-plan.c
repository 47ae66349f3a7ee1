/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan of any bytes: pid 1 goes on with whatever was understood, so even that must be
 * usable, and what writes back must read the same.
 */
#include <string.h>

#include "base/plan.h"
#include "tests/fuzz/fuzz.h"

static void check_usable(const struct kd_plan *plan)
{
	if (plan->n_targets > KD_PLAN_TARGETS || plan->phase_timeout == 0 ||
	    plan->total_timeout == 0 || !kd_action_name(plan->final_action) ||
	    !kd_action_name(plan->failure_action))
		abort();
	if (plan->n_stack > KD_PLAN_STACK)
		abort();
	for (size_t i = 0; i < plan->n_stack; i++)
		if ((unsigned int)plan->stack[i].type >= KD_STACK_COUNT ||
		    plan->stack[i].n_devices > KD_PLAN_STACK_DEVICES)
			abort();
	for (size_t i = 0; i < plan->n_targets; i++)
		if ((unsigned int)plan->targets[i].type >= KD_TARGET_COUNT)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf first = { 0 }, second = { 0 };
	struct kd_plan plan;
	int r;

	r = kd_plan_decode((const char *)data, size, &plan, NULL);
	check_usable(&plan);
	kd_strbuf_init(&first, KD_PLAN_MAX_SIZE);
	kd_strbuf_init(&second, KD_PLAN_MAX_SIZE);
	/* a control character may have come in and does not go out */
	if (r < 0 || kd_plan_encode(&plan, &first, NULL) < 0)
		return 0;
	if (kd_plan_decode(first.data, first.length, &plan, NULL) < 0 ||
	    kd_plan_encode(&plan, &second, NULL) < 0 ||
	    strcmp(kd_strbuf_text(&first), kd_strbuf_text(&second)) != 0)
		abort();
	return 0;
}
