/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choosing between segments and files: see crash-load.h. Segments come first: their
 * purgatory resets a machine whose capture kernel was scribbled on, where the kernel's own
 * loops for ever. Trusts nothing in the files. Called by arm.c.
 */
#include "kdumpd/arm/crash-load.h"

#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/params.h"

enum kd_load_way kd_load_way_from_args(const char *args)
{
	static const struct {
		const char *word;
		enum kd_load_way way;
	} words[] = {
		{ "-s", KD_LOAD_FILES },    { "--kexec-file-syscall", KD_LOAD_FILES },
		{ "-c", KD_LOAD_SEGMENTS }, { "--kexec-syscall", KD_LOAD_SEGMENTS },
		{ "-a", KD_LOAD_AUTO },	    { "--kexec-syscall-auto", KD_LOAD_AUTO },
	};
	enum kd_load_way way = KD_LOAD_AUTO;
	size_t n;

	for (; (n = kd_params_next(&args)) > 0; args += n)
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (strlen(words[i].word) == n &&
			    memcmp(words[i].word, args, n) == 0)
				way = words[i].way;
	return way;
}

const char *kd_load_way_name(enum kd_load_way way)
{
	static const char *const names[] = {
		[KD_LOAD_AUTO] = "",
		[KD_LOAD_SEGMENTS] = "kexec_load",
		[KD_LOAD_FILES] = "kexec_file_load",
	};

	return names[way];
}

/* Where the capture kernel's own words go, purgatory's go too. */
static uint16_t console_port(const char *cmdline)
{
	static const uint16_t ports[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };
	static const char serial[] = "console=ttyS";
	const size_t length = sizeof(serial) - 1;
	uint16_t port = 0;
	size_t n;

	for (; (n = kd_params_next(&cmdline)) > 0; cmdline += n)
		if (n > length && memcmp(cmdline, serial, length) == 0 &&
		    cmdline[length] >= '0' && cmdline[length] <= '3')
			port = ports[cmdline[length] - '0'];
	return port;
}

static int read_initrd(struct kd_crash_load *c, struct kd_bytes *ret,
		       struct kd_error *err)
{
	struct stat st;
	ssize_t n;

	if (fstat(c->files.initrd_fd, &st) < 0)
		return kd_fail(err, -errno, "capture image");
	if (st.st_size <= 0 || (uint64_t)st.st_size > KD_KERNEL_MAX)
		return kd_fail(err, -EFBIG, "capture image");
	c->initrd = malloc((size_t)st.st_size);
	if (!c->initrd)
		return kd_fail(err, -ENOMEM, "capture image");
	n = kd_pread_full(c->files.initrd_fd, c->initrd, (size_t)st.st_size, 0);
	if (n != st.st_size)
		return kd_fail(err, n < 0 ? (int)n : -EBADMSG, "capture image");
	*ret = (struct kd_bytes) { .data = c->initrd, .size = (size_t)n };
	return 0;
}

static int make_plan(struct kd_crash_load *c, const struct kd_kexec_host *host,
		     struct kd_error *err)
{
	struct kd_kexec_options options = {
		.purpose = KD_KEXEC_CRASH,
		.cmdline = c->files.cmdline,
		.mem_max = UINT64_MAX,
		.console = console_port(c->files.cmdline),
		.hotplug = host->elfcorehdr_size > 0,
	};
	struct kd_file_view view;
	int r;

	if (getrandom(options.seed, sizeof(options.seed), 0) != sizeof(options.seed))
		return kd_fail(err, -EIO, "random numbers");
	r = read_initrd(c, &options.initrd, err);
	if (r < 0)
		return r;
	r = kd_file_view_init(&view, c->files.kernel_fd);
	if (r >= 0)
		r = kd_kernel_open(&view, NULL, &c->kernel, err);
	if (r < 0)
		return kd_fail(err, r, "%s", c->files.kernel_path);
	return kd_kexec_plan_build(host, &c->kernel, &options, &c->plan, err);
}

static void use_files(struct kd_crash_load *c)
{
	c->way = KD_LOAD_FILES;
	c->load = (struct kd_kexec_load) { .purpose = KD_KEXEC_CRASH,
					   .files = &c->files };
}

int kd_crash_load_init(struct kd_crash_load *ret, const struct kd_kexec_files *files,
		       enum kd_load_way way, const struct kd_crash_machine *machine,
		       struct kd_strbuf *remarks, struct kd_error *err)
{
	struct kd_error local = { 0 };
	int r = -EOPNOTSUPP;

	*ret = (struct kd_crash_load) { .files = *files };
	if (way == KD_LOAD_FILES ||
	    (way == KD_LOAD_AUTO && machine->facts->lockdown != KD_LOCKDOWN_NONE)) {
		use_files(ret);
		return 0;
	}
	if (machine->host)
		r = make_plan(ret, machine->host, &local);
	else
		(void)kd_fail_msg(&local, r, "%s", machine->why_not);
	if (r >= 0) {
		ret->way = KD_LOAD_SEGMENTS;
		ret->load = (struct kd_kexec_load) { .purpose = KD_KEXEC_CRASH,
						     .plan = &ret->plan };
		return 0;
	}
	if (way == KD_LOAD_SEGMENTS)
		return kd_fail_msg(err, r, "%s", local.message);
	kd_strbuf_addf(remarks, "loading by kexec_file_load: %s\n", local.message);
	use_files(ret);
	return 0;
}

void kd_crash_load_done(struct kd_crash_load *c)
{
	kd_kexec_plan_done(&c->plan);
	kd_kernel_done(&c->kernel);
	free(c->initrd);
	c->initrd = NULL;
}
