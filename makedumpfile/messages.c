/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of the makedumpfile program, in its original's words where scripts may look for
 * them. Trusts its arguments, which come from main.c.
 */
#include "makedumpfile/messages.h"

#include <inttypes.h>
#include <string.h>

static uint64_t seconds_since(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > start->tv_sec ? (uint64_t)(now.tv_sec - start->tv_sec) : 0;
}

void kd_progress_eta(char *ret, size_t size, uint64_t seconds, uint64_t done,
		     uint64_t all)
{
	uint64_t eta;

	ret[0] = '\0';
	if (!done || done >= all || !seconds)
		return;
	eta = (uint64_t)((double)seconds * (double)(all - done) / (double)done);
	if (eta < 100)
		(void)snprintf(ret, size, "eta: %" PRIu64 "s", eta);
	else if (eta < 6000)
		(void)snprintf(ret, size, "eta: %" PRIu64 "m%" PRIu64 "s", eta / 60,
			       eta % 60);
	else
		(void)snprintf(ret, size, "eta: %" PRIu64 "h%" PRIu64 "m", eta / 3600,
			       eta / 60 % 60);
}

void kd_progress_show(struct kd_progress *p, const char *what, uint64_t done,
		      uint64_t all)
{
	uint64_t part = all ? (uint64_t)((double)done * 1000 / (double)all) : 1000;
	char eta[40];

	if (!p->what || strcmp(p->what, what) != 0) {
		p->what = what;
		(void)clock_gettime(CLOCK_MONOTONIC, &p->started);
	}
	kd_progress_eta(eta, sizeof(eta), seconds_since(&p->started), done, all);
	(void)fprintf(stderr, "%s%-34s: [%3" PRIu64 ".%" PRIu64 " %%] %c  %16s%s",
		      p->terminal ? "\r" : "", what, part / 10, part % 10,
		      "/|\\-"[p->lapse++ % 4], eta,
		      p -> terminal &&done < all ? "" : "\n");
	(void)fflush(stderr);
}

static uint64_t dropped(const struct kd_dump_stats *s, enum kd_page_class class)
{
	return s->classes[class].seen - s->classes[class].kept;
}

void kd_print_report(const struct kd_dump_stats *s)
{
	static const struct {
		const char *label;
		enum kd_page_class classes[2];
	} lines[] = {
		{ "Non-private cache pages", { KD_CLASS_CACHE, KD_CLASS_CACHE } },
		{ "Private cache pages",
		  { KD_CLASS_CACHE_PRIVATE, KD_CLASS_CACHE_PRIVATE } },
		{ "User process data pages", { KD_CLASS_USER, KD_CLASS_HUGETLB } },
		{ "Free pages", { KD_CLASS_FREE, KD_CLASS_UNACCEPTED } },
		{ "Hwpoison pages", { KD_CLASS_HWPOISON, KD_CLASS_HWPOISON } },
		{ "Offline pages", { KD_CLASS_OFFLINE, KD_CLASS_OFFLINE } },
	};
	/* zero pages count as excluded only where the level says so */
	uint64_t zero = s->level & KD_EXCLUDE_ZERO ? s->pages_zero : 0;
	uint64_t excluded = s->pages_total - s->pages_kept + zero;

	printf("\nOriginal pages  : 0x%016" PRIx64 "\n", s->pages_total);
	printf("  Excluded pages   : 0x%016" PRIx64 "\n", excluded);
	printf("    Pages filled with zero  : 0x%016" PRIx64 "\n", zero);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		uint64_t n = dropped(s, lines[i].classes[0]);

		if (lines[i].classes[1] != lines[i].classes[0])
			n += dropped(s, lines[i].classes[1]);
		printf("    %-24s: 0x%016" PRIx64 "\n", lines[i].label, n);
	}
	printf("  Remaining pages  : 0x%016" PRIx64 "\n", s->pages_total - excluded);
	if (s->pages_total)
		printf("  (The number of pages is reduced to %" PRIu64 "%%.)\n",
		       (s->pages_total - excluded) * 100 / s->pages_total);
	printf("  Unreadable pages : 0x%016" PRIx64 "\n", s->pages_unreadable);
	printf("Memory Hole     : 0x%016" PRIx64 "\n", s->max_pfn - s->pages_total);
	printf("--------------------------------------------------\n");
	printf("Total pages     : 0x%016" PRIx64 "\n", s->max_pfn);
	printf("Write bytes     : %" PRIu64 "\n\n", s->bytes);
}

void kd_print_usage(void)
{
	(void)fputs(
		"Usage:\n"
		"  makedumpfile [-c|-l|-z] [-d LEVEL[,LEVEL...]] [OPTION...] VMCORE DUMPFILE\n"
		"  makedumpfile --dump-dmesg [-f] VMCORE LOGFILE\n"
		"\n"
		"VMCORE is /proc/vmcore or an ELF core of a kernel; DUMPFILE is written in the\n"
		"kdump-compressed format. --dump-dmesg also reads kdump-compressed files.\n"
		"\n"
		"  -c, -l, -z          compress pages with zlib, lzo or zstd; zstd is the default\n"
		"  -d LEVEL            sum of what is left out, 0 by default:\n"
		"                        1 pages of zeros      8 user processes' memory\n"
		"                        2 page cache         16 free pages\n"
		"                        4 all page cache     31 all of it\n"
		"                      with several levels the next is tried when space runs out\n"
		"  -f                  overwrite DUMPFILE\n"
		"  --dump-dmesg        write the kernel's log instead of a dump\n"
		"  --dry-run           filter and count, write nothing\n"
		"  --check-params      check the options, do nothing\n"
		"  --show-stats        print how many pages of each kind there were\n"
		"  --non-mmap          read VMCORE instead of mapping it\n"
		"  --message-level N   sum of what is printed, 7 by default: 1 progress,\n"
		"                      2 common messages, 4 errors, 8 debug, 16 report\n"
		"  -D                  print debug messages\n"
		"  -h, --help          print this\n"
		"  -v                  print the version and which codecs there are\n"
		"\n"
		"Other options of makedumpfile are known and refused; see makedumpfile(8).\n",
		stdout);
}

void kd_print_version(void)
{
	static const struct {
		const char *name;
		enum kd_codec_id id;
	} codecs[] = {
		{ "zlib", KD_CODEC_ZLIB },
		{ "lzo", KD_CODEC_LZO },
		{ "snappy", KD_CODEC_SNAPPY },
		{ "zstd", KD_CODEC_ZSTD },
	};

	printf("makedumpfile: version %s (kdumpd)\n", VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		printf("%s\t%s\n", codecs[i].name,
		       kd_codec_find(codecs[i].id) ? "enabled" : "disabled");
}
