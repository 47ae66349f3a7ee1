/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command's line, its command lines for kernels, and which call it takes: pure,
 * by tables.
 */
#include "kexec/program/options.h"

#include "kexec/program/choose.h"
#include "kexec/program/cmdline.h"
#include "tests/unit/test.h"

#define WORDS 12

/* Words of a line in @words, cut in place; "''" is an empty one, '_' a space. */
static int split(char *line, char *words[WORDS])
{
	int n = 0;

	words[n++] = (char *)"kexec";
	for (char *word = strtok(line, " "); word && n < WORDS;
	     word = strtok(NULL, " ")) {
		for (char *at = word; *at; at++)
			*at = *at == '_' ? ' ' : *at;
		words[n++] = strcmp(word, "''") == 0 ? word + 2 : word;
	}
	return n;
}

struct line {
	const char *text;
	enum kd_kexec_do action;
	enum kd_kexec_purpose purpose;
	enum kd_kexec_method method;
	const char *kernel;
};

#define R     KD_KEXEC_REBOOT
#define C     KD_KEXEC_CRASH
#define ANY   KD_KEXEC_BY_EITHER
#define FILE_ KD_KEXEC_BY_FILES
#define SEGS  KD_KEXEC_BY_SEGMENTS

static const struct line lines[] = {
	{ "vmlinuz", KD_KEXEC_DO_SOFT_REBOOT, R, ANY, "vmlinuz" },
	{ "", KD_KEXEC_DO_SOFT_REBOOT, R, ANY, NULL },
	{ "-l vmlinuz", KD_KEXEC_DO_LOAD, R, ANY, "vmlinuz" },
	{ "vmlinuz -l", KD_KEXEC_DO_LOAD, R, ANY, "vmlinuz" },
	{ "--load -- -odd", KD_KEXEC_DO_LOAD, R, ANY, "-odd" },
	{ "-p vmlinuz", KD_KEXEC_DO_LOAD, C, ANY, "vmlinuz" },
	{ "--load-panic vmlinuz", KD_KEXEC_DO_LOAD, C, ANY, "vmlinuz" },
	{ "-f vmlinuz", KD_KEXEC_DO_FORCE, R, ANY, "vmlinuz" },
	{ "-f -e", KD_KEXEC_DO_EXECUTE, R, ANY, NULL },
	{ "-e -f vmlinuz", KD_KEXEC_DO_FORCE, R, ANY, "vmlinuz" },
	{ "-e", KD_KEXEC_DO_EXECUTE, R, ANY, NULL },
	{ "-dex", KD_KEXEC_DO_EXECUTE, R, ANY, NULL },
	{ "-u", KD_KEXEC_DO_UNLOAD, R, ANY, NULL },
	{ "-u -p", KD_KEXEC_DO_UNLOAD, C, ANY, NULL },
	{ "-pus", KD_KEXEC_DO_UNLOAD, C, FILE_, NULL },
	{ "-S", KD_KEXEC_DO_STATUS, C, ANY, NULL },
	{ "-S -l", KD_KEXEC_DO_STATUS, R, ANY, NULL },
	{ "-S -p", KD_KEXEC_DO_STATUS, C, ANY, NULL },
	{ "--status", KD_KEXEC_DO_STATUS, C, ANY, NULL },
	{ "--print-ckr-size -l -u", KD_KEXEC_DO_SIZE, R, ANY, NULL },
	{ "--plan vmlinuz", KD_KEXEC_DO_PLAN, R, SEGS, "vmlinuz" },
	{ "--plan=json -p vmlinuz", KD_KEXEC_DO_PLAN, C, SEGS, "vmlinuz" },
	{ "--check -l vmlinuz", KD_KEXEC_DO_CHECK, R, ANY, "vmlinuz" },
	{ "--check -ps vmlinuz", KD_KEXEC_DO_CHECK, C, FILE_, "vmlinuz" },
	{ "-ls vmlinuz", KD_KEXEC_DO_LOAD, R, FILE_, "vmlinuz" },
	{ "-lc vmlinuz", KD_KEXEC_DO_LOAD, R, SEGS, "vmlinuz" },
	{ "-lca vmlinuz", KD_KEXEC_DO_LOAD, R, ANY, "vmlinuz" },
	{ "-l --kexec-syscall vmlinuz", KD_KEXEC_DO_LOAD, R, SEGS, "vmlinuz" },
	{ "-l --kexec-file-s vmlinuz", KD_KEXEC_DO_LOAD, R, FILE_, "vmlinuz" },
	{ "-l --kexec-syscall-auto vmlinuz", KD_KEXEC_DO_LOAD, R, ANY, "vmlinuz" },
	{ "-l --mem-min=0x1000000 vmlinuz", KD_KEXEC_DO_LOAD, R, SEGS, "vmlinuz" },
	{ "-l --dtb=t vmlinuz", KD_KEXEC_DO_LOAD, R, SEGS, "vmlinuz" },
	{ "-p --force-dtb vmlinuz", KD_KEXEC_DO_LOAD, C, FILE_, "vmlinuz" },
	{ "-l --noefi vmlinuz", KD_KEXEC_DO_LOAD, R, SEGS, "vmlinuz" },
	{ "-h", KD_KEXEC_DO_HELP, R, ANY, NULL },
	{ "-?", KD_KEXEC_DO_HELP, R, ANY, NULL },
	{ "-v", KD_KEXEC_DO_VERSION, R, ANY, NULL },
};

static int parse(const char *text, struct kd_kexec_command *ret, struct kd_error *err)
{
	static char line[256]; /* what is parsed borrows from it */
	char *words[WORDS];

	(void)snprintf(line, sizeof(line), "%s", text);
	*err = (struct kd_error) { 0 };
	return kd_kexec_command_parse(split(line, words), words, ret, err);
}

static void test_lines(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct line *l = &lines[i];
		struct kd_kexec_command c;
		struct kd_error err;

		if (parse(l->text, &c, &err) < 0) {
			test_failed(t, __FILE__, __LINE__, "\"%s\": %s", l->text,
				    err.message);
			continue;
		}
		if (c.action != l->action || c.purpose != l->purpose ||
		    c.method != l->method ||
		    (c.kernel ? !l->kernel || strcmp(c.kernel, l->kernel) != 0
			      : l->kernel != NULL))
			test_failed(t, __FILE__, __LINE__,
				    "\"%s\": action %d, purpose %d, method %d", l->text,
				    (int)c.action, (int)c.purpose, (int)c.method);
	}
}

static void test_values(struct test *t)
{
	struct kd_kexec_command c;
	struct kd_error err;

	CHECK_INT(t,
		  parse("-l --initrd=a --append=x_y --mem-min=4096 --mem-max "
			"0x100000000 -tbzImage64 --console-serial -xyd k",
			&c, &err),
		  0);
	CHECK_STR(t, c.initrd, "a");
	CHECK_STR(t, c.cmdline, "x y");
	CHECK_STR(t, c.type, "bzImage");
	CHECK_INT(t, c.mem_min, 4096);
	CHECK_INT(t, c.mem_max, 0x100000000);
	CHECK_INT(t, c.console, 0x3f8);
	CHECK(t, c.no_ifdown && c.no_sync && c.debug && !c.json);

	CHECK_INT(t,
		  parse("-p --ramdisk b --command-line '' --reuse-cmdline --hotplug "
			"--no-cma --type vmlinux k",
			&c, &err),
		  0);
	CHECK_STR(t, c.initrd, "b");
	CHECK_STR(t, c.cmdline, "");
	CHECK_STR(t, c.type, "vmlinux");
	CHECK(t, c.reuse_cmdline && c.hotplug && c.no_cma);
	CHECK_INT(t, c.mem_max, -1);
	CHECK_INT(t, c.console, 0);

	CHECK_INT(t, parse("-l --console-serial --serial=ttyS1 k", &c, &err), 0);
	CHECK_INT(t, c.console, 0x2f8);
	CHECK_INT(t, parse("-l --serial=0x3e8 --console-serial k", &c, &err), 0);
	CHECK_INT(t, c.console, 0x3e8);
	/* the port alone says nothing, and leaves the choice of the call */
	CHECK_INT(t, parse("-l --serial=0x3e8 k", &c, &err), 0);
	CHECK_INT(t, c.console, 0);
	CHECK_INT(t, c.method, KD_KEXEC_BY_EITHER);
	CHECK_INT(t, parse("--plan=json k", &c, &err), 0);
	CHECK(t, c.json);
}

struct refusal {
	const char *text;
	const char *words;
};

static const struct refusal refusals[] = {
	{ "-l -p k", "-l and -p" },
	{ "-l -e k", "-e and -l" },
	{ "-l -f k", "-f and -l" },
	{ "-p -f k", "-f and -p" },
	{ "-u -l", "-u and -l" },
	{ "-u -e", "-u and -e" },
	{ "-S -u", "-S and -u" },
	{ "--plan -e", "--plan and -e" },
	{ "--check --plan k", "--check and --plan" },
	{ "-e k", "but with -f" },
	{ "-u k", "no kernel is named with -u" },
	{ "-S k", "no kernel is named with -S" },
	{ "-l k k2", "two kernels" },
	{ "-l -q k", "unknown option -q" },
	{ "-l --nonsense k", "unknown option --nonsense" },
	{ "-l --mem k", "could be" },
	{ "-l --re k", "could be" },
	{ "-l k --initrd", "--initrd needs a value" },
	{ "-l k -t", "-t needs a value" },
	{ "-l --load=yes k", "--load takes no value" },
	{ "-l --mem-min=low k", "--mem-min=low is no address" },
	{ "-l --mem-min=-1 k", "--mem-min=-1 is no address" },
	{ "-l --mem-min=8192 --mem-max=4096 k", "not below" },
	{ "-l --serial=COM1 k", "no port" },
	{ "-l --serial=65536 k", "no port" },
	{ "-l --serial=ttyS4 k", "no port" },
	{ "--plan=xml k", "only json" },
	{ "-s --mem-min=4096 -l k", "--mem-min does not go with -s" },
	{ "-s --plan k", "--plan does not go with -s" },
	{ "-s --console-serial -l k", "--console-serial does not go with -s" },
	{ "-c --force-dtb -l k", "--force-dtb goes with -s" },
	{ "--dtb=d --force-dtb -l k", "--dtb and --force-dtb" },
	{ "-l --initrd=i --reuseinitrd k", "--initrd and --reuseinitrd" },
	{ "-l --load-preserve-context k", "needs --mem-max" },
	{ "-p --load-preserve-context --mem-max=4096 k", "-p and" },
	{ "-l --hotplug k", "--hotplug goes with -p" },
	{ "-l -i k", "-i is not supported" },
	{ "-l --no-checks k", "--no-checks is not supported" },
	{ "-l --entry=0 k", "--entry is not supported" },
	{ "-l --load-jump-back-helper", "--load-jump-back-helper is not supported" },
	{ "-l --load-live-update k", "Xen" },
	{ "--exec-live-update", "Xen" },
	{ "-l --reset-vga k", "--reset-vga is not supported" },
	{ "-l --console-vga k", "--console-vga is not supported" },
	{ "-l --serial-baud 9600 k", "--serial-baud is not supported" },
	{ "-p --elf32-core-headers k", "--elf32-core-headers is not supported" },
	{ "-p --pass-memmap-cmdline k", "--pass-memmap-cmdline is not supported" },
	{ "-l --reuse-video-type k", "--reuse-video-type is not supported" },
	{ "-l --args-elf k", "--args-elf is not supported" },
	{ "-l --args-none k", "--args-none is not supported" },
	{ "-l --module=m k", "--module is not supported" },
	{ "-l --real-mode k", "--real-mode is not supported" },
	{ "-l --entry-32bit k", "--entry-32bit is not supported" },
	{ "-h -l -p", "-l and -p" },
};

static void test_refusals(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *f = &refusals[i];
		struct kd_kexec_command c = { .kernel = "untouched" };
		struct kd_error err;
		int r = parse(f->text, &c, &err);

		if (r != -EINVAL || !strstr(err.message, f->words) ||
		    strchr(err.message, '\n'))
			test_failed(t, __FILE__, __LINE__, "\"%s\": %d, \"%s\"", f->text,
				    r, err.message);
		CHECK_STR(t, c.kernel, "untouched");
	}
}

static void test_accepted(struct test *t)
{
	static const char *const words[] = { "--args-linux", "--elf64-core-headers" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct kd_kexec_command c;
		struct kd_error err;
		char line[64];

		(void)snprintf(line, sizeof(line), "-l %s k", words[i]);
		CHECK_INT(t, parse(line, &c, &err), 0);
		CHECK_STR(t, c.kernel, "k");
	}
}

struct cmdline {
	bool reuse;
	bool crash;
	const char *append;
	const char *running;
	const char *own;
	const char *want;
};

static const struct cmdline cmdlines[] = {
	{ false, false, NULL, "root=a", "", "" },
	{ false, false, "x y", "root=a", "", "x y" },
	{ false, false, NULL, "root=a", "of the UKI", "of the UKI" },
	{ false, false, "", "root=a", "of the UKI", "" },
	{ true, false, NULL, "root=a quiet", "of the UKI", "root=a quiet" },
	{ true, false, "more", "root=a", "", "root=a more" },
	{ true, false, NULL, "BOOT_IMAGE=/v root=a  crashkernel=1G", "",
	  "root=a crashkernel=1G" },
	{ true, true, NULL, "BOOT_IMAGE=/v root=a crashkernel=1G crashkernel=2G,low", "",
	  "root=a" },
	{ true, true, "irqpoll", "crashkernel=1G", "", "irqpoll" },
	{ true, true, NULL, "xcrashkernel=1 crashkernelx=2 crashkernel", "",
	  "xcrashkernel=1 crashkernelx=2" },
	{ true, true, NULL, "a=\"b crashkernel=1 c\" d", "",
	  "a=\"b crashkernel=1 c\" d" },
	{ true, true, NULL, "", "", "" },
};

static void test_cmdlines(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		const struct cmdline *l = &cmdlines[i];
		const struct kd_kexec_command c = {
			.purpose = l->crash ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT,
			.reuse_cmdline = l->reuse,
			.cmdline = l->append,
		};
		const struct kd_bytes own = { (const uint8_t *)l->own, strlen(l->own) };
		_cleanup_(kd_freep) char *got = NULL;

		CHECK_INT(t, kd_kexec_cmdline(&c, l->running, &own, &got), 0);
		CHECK_STR(t, got, l->want);
	}
}

struct choice {
	enum kd_kexec_method asked;
	enum kd_lockdown lockdown;
	enum kd_kernel_format format;
	enum kd_kexec_method want;
};

static const struct choice choices[] = {
	{ ANY, KD_LOCKDOWN_NONE, KD_KERNEL_BZIMAGE, ANY },
	{ ANY, KD_LOCKDOWN_NONE, KD_KERNEL_ARM64, ANY },
	{ ANY, KD_LOCKDOWN_NONE, KD_KERNEL_ELF, SEGS },
	{ ANY, KD_LOCKDOWN_INTEGRITY, KD_KERNEL_BZIMAGE, FILE_ },
	{ ANY, KD_LOCKDOWN_CONFIDENTIALITY, KD_KERNEL_ELF, FILE_ },
	{ FILE_, KD_LOCKDOWN_NONE, KD_KERNEL_ELF, FILE_ },
	{ SEGS, KD_LOCKDOWN_INTEGRITY, KD_KERNEL_BZIMAGE, SEGS },
};

static void test_choices(struct test *t)
{
	static const int yes[] = { -ENOSYS, -ENOEXEC, -EINVAL, -ENOTSUP };
	static const int no[] = { -EPERM,   -EACCES,  -EKEYREJECTED,
				  -ENOKEY,  -EBADMSG, -EADDRNOTAVAIL,
				  -EBUSY,   -ETXTBSY, -ENOMEM,
				  -ELIBBAD, 0 };

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		const struct kd_kexec_command c = { .method = choices[i].asked };
		const struct kd_kexec_facts facts = { .lockdown = choices[i].lockdown };
		const struct kd_kernel kernel = { .format = choices[i].format };

		CHECK_INT(t, kd_kexec_choose(&c, &facts, &kernel), choices[i].want);
	}
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		CHECK(t, kd_kexec_try_segments(yes[i]));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		CHECK(t, !kd_kexec_try_segments(no[i]));
}

static const struct test_case cases[] = {
	{ "what each line is to do", test_lines },
	{ "values", test_values },
	{ "refused by name", test_refusals },
	{ "taken without effect", test_accepted },
	{ "command lines for kernels", test_cmdlines },
	{ "which system call", test_choices },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
