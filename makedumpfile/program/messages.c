/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of the makedumpfile program: see messages.h. The codecs are listed as the
 * original does, where scripts look for them.
 */
#include "makedumpfile/program/messages.h"

#include "base/guard.h"
#include "makedumpfile/codec/codec.h"

void kd_print_usage(void)
{
	(void)fputs(
		"Usage:\n"
		"  makedumpfile [-c|-l|-p|-z|-E] [-d LEVEL[,LEVEL...]] [OPTION...] VMCORE DUMPFILE\n"
		"  makedumpfile -F [OPTION...] VMCORE > STREAM\n"
		"  makedumpfile --split [OPTION...] VMCORE DUMPFILE1 DUMPFILE2 [DUMPFILE3...]\n"
		"  makedumpfile -R DUMPFILE < STREAM\n"
		"  makedumpfile --reassemble PART1 [PART2...] DUMPFILE\n"
		"  makedumpfile --dump-dmesg [--partial-dmesg] VMCORE LOGFILE\n"
		"  makedumpfile -g VMCOREINFO -x VMLINUX\n"
		"  makedumpfile --mem-usage /proc/kcore\n"
		"  makedumpfile --vtop ADDRESS VMCORE [DUMPFILE]\n"
		"  makedumpfile --info DUMPFILE\n"
		"  makedumpfile --verify DUMPFILE|PART1 [PART2...]\n"
		"  makedumpfile --salvage CUTFILE DUMPFILE\n"
		"  makedumpfile --diff DUMPFILE1 DUMPFILE2\n"
		"\n"
		"VMCORE is /proc/vmcore, an ELF core of a kernel, or a dump made before.\n"
		"\n"
		"Written:\n"
		"  -c, -l, -p, -z      compress pages with zlib, lzo, snappy or zstd (default)\n"
		"  --uncompressed      pages as they are\n"
		"  --level N           level of the codec\n"
		"  -E                  an ELF core instead of the kdump-compressed format\n"
		"  -F                  a flattened stream on standard output\n"
		"  --split             several files; --splitblock-size KB: where parts may begin\n"
		"  -L SIZE             at most so many bytes\n"
		"  -f                  overwrite DUMPFILE\n"
		"Left out:\n"
		"  -d LEVEL            sum of what is left out, 0 by default:\n"
		"                        1 pages of zeros      8 user processes' memory\n"
		"                        2 page cache         16 free pages\n"
		"                        4 all page cache     31 all of it\n"
		"                      with several levels the next is tried when space runs out\n"
		"  -e                  struct pages of excluded pages\n"
		"  --exclude LIST      zram, guest, gpu\n"
		"  --mini              all but what says most about the crash: a few MB\n"
		"  --config FILE       data that the rules in FILE name\n"
		"Types:\n"
		"  -x VMLINUX          from debug information\n"
		"  -i VMCOREINFO       from a file made with -g\n"
		"Cost:\n"
		"  --threads N|auto    threads (--num-threads N)\n"
		"  --memory SIZE       limit for all buffers; --cyclic-buffer KB: for bitmaps\n"
		"  --work-dir DIR      where bitmaps go that do not fit\n"
		"  --time-budget SEC   close the dump as incomplete after so long\n"
		"  --non-mmap          read VMCORE instead of mapping it\n"
		"Messages:\n"
		"  --message-level N   sum of what is printed, 7 by default: 1 progress,\n"
		"                      2 common messages, 4 errors, 8 debug, 16 report\n"
		"  --show-stats, -D    the report, debug messages\n"
		"  --json              one JSON object about the dump on standard output\n"
		"  --dry-run           filter and count, write nothing\n"
		"  --check-params      check the command line, do nothing\n"
		"  -h, --help, -v      this; the version and which codecs there are\n"
		"\n"
		"makedumpfile(8) has all of them, and how they differ from the original's.\n",
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
