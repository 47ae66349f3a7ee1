/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan as JSON: see plan.h. Addresses are text, since readers of JSON keep numbers as
 * doubles and those are exact to 2^53 only. Called by the kexec program and golden tests.
 */
#include <inttypes.h>

#include "kexec/plan/plan.h"

static void add_address(struct kd_json *j, const char *key, uint64_t value)
{
	char text[sizeof("0x") + 16];

	(void)snprintf(text, sizeof(text), "0x%" PRIx64, value);
	kd_json_string(j, key, text);
}

static void add_digest(struct kd_json *j, const struct kd_kexec_plan *plan)
{
	char text[2 * sizeof(plan->digest) + 1];

	for (size_t i = 0; i < sizeof(plan->digest); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", plan->digest[i]);
	kd_json_string(j, "digest", text);
}

static void add_segment(struct kd_json *j, const struct kd_kexec_segment *s)
{
	kd_json_object(j, NULL);
	kd_json_string(j, "role", kd_segment_role_name(s->role));
	add_address(j, "mem", s->mem);
	kd_json_u64(j, "memsz", s->memsz);
	kd_json_u64(j, "bufsz", s->bufsz);
	kd_json_bool(j, "hashed", s->hashed);
	kd_json_object_end(j);
}

void kd_kexec_plan_json(const struct kd_kexec_plan *plan, struct kd_json *j,
			const char *key)
{
	kd_json_object(j, key);
	kd_json_string(j, "purpose",
		       plan->purpose == KD_KEXEC_CRASH ? "crash" : "reboot");
	kd_json_string(j, "arch", kd_arch_name(plan->arch));
	add_address(j, "entry", plan->entry);
	kd_json_bool(j, "hotplug", plan->hotplug);
	kd_json_string(j, "cmdline", plan->cmdline);
	add_digest(j, plan);
	kd_json_array(j, "segments");
	for (size_t i = 0; i < plan->n; i++)
		add_segment(j, &plan->segments[i]);
	kd_json_array_end(j);
	kd_json_object_end(j);
}
