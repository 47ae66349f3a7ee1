/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints every option of makedumpfile and of kexec out of their own tables, a spelling a
 * line: "makedumpfile -d needed", "kexec --plan optional", "kexec --module refused". Run
 * by the test of their completion.
 */
#include "kexec/program/options-private.h"
#include "makedumpfile/options-private.h"

static void put(const char *program, char letter, const char *name, const char *what)
{
	if (letter)
		(void)printf("%s -%c %s\n", program, letter, what);
	if (name)
		(void)printf("%s --%s %s\n", program, name, what);
}

int main(void)
{
	static const char *const values[] = { [KD_VALUE_NONE] = "none",
					      [KD_VALUE_NEEDED] = "needed",
					      [KD_VALUE_OPTIONAL] = "optional" };
	const struct kd_option_def *dump;
	const struct kd_kexec_option *kexec;
	size_t n;

	dump = kd_option_table(&n);
	for (size_t i = 0; i < n; i++)
		put("makedumpfile", dump[i].short_name, dump[i].long_name,
		    dump[i].why		? "refused"
		    : dump[i].has_value ? "needed"
					: "none");
	kexec = kd_kexec_option_table(&n);
	for (size_t i = 0; i < n; i++)
		put("kexec", kexec[i].letter, kexec[i].name,
		    kexec[i].why ? "refused" : values[kexec[i].value]);
	return 0;
}
