/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erase rules of any bytes: parsed or refused with an error, never both or neither.
 */
#include <string.h>

#include "makedumpfile/erase/config.h"
#include "tests/fuzz/fuzz.h"

static size_t count(const struct kd_rule *rule)
{
	size_t n = 0;

	for (; rule; rule = rule->next) {
		if (rule->kind == KD_RULE_ERASE && (!rule->expr || !rule->text))
			abort();
		n += 1 + count(rule->body);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_strlist_done) struct kd_strlist errors = { 0 };
	_cleanup_(kd_erase_config_freep) struct kd_erase_config *c = NULL;
	struct kd_error err = { 0 };
	int r;

	r = kd_erase_config_new((const char *)data, size, "fuzz", &errors, &c, &err);
	if (r < 0 && (c || !*err.message || (r == -EINVAL && !errors.n)))
		abort();
	if (r == 0 &&
	    (errors.n || count(kd_erase_config_rules(c)) != kd_erase_config_count(c)))
		abort();
	return 0;
}
