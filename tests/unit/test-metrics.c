/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/metrics and status-json: the texts of one machine, and where the metrics
 * are put. tests/program/metrics has promtool read them.
 */
#include "kdumpd/report/metrics.h"

#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/report/status-json.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static struct kd_status_facts facts;
static struct kd_status status;

static void fill(void)
{
	facts = (struct kd_status_facts) {
		.kexec = { .supported = true,
			   .crash_loaded = true,
			   .crash_size = 1 << 26,
			   .limit_panic = -1 },
		.has_state = true,
		.state = { .boot_id = "b",
			   .key = "k",
			   .release = "6.1\"\\\n",
			   .target = "ext4",
			   .loaded_by = "kexec_load",
			   .armed_at = 1700000000,
			   .arm_ms = 850,
			   .crash_loop_limit = 4,
			   .image_bytes = 3 << 20 },
		.boot_id = "b",
		.release = "6.1\"\\\n",
		.n_targets = 2,
		.targets = { { .what = "UUID=x", .mounted = true, .free_bytes = 7 },
			     { .what = "host:/x", .missing = "gone" } },
		.has_proofs = true,
		.has_boot = true,
		.boot = { .verdict = "dumped",
			  .dump = "/var/crash/d",
			  .state = "complete" },
		.watchdog = KD_KNOWN_NO,
	};
	facts.proofs.kinds[KD_PROOF_TEST] = (struct kd_proof) { .at = 5, .passed = 1 };
	kd_status_judge(&facts, &status);
}

static void totals(struct test *t)
{
	struct kd_dump dumps[] = {
		{ .state = KD_OUTCOME_COMPLETE,
		  .total_bytes = 10,
		  .time = 5,
		  .capture_ms = 900 },
		{ .state = KD_OUTCOME_COMPLETE, .total_bytes = 10, .time = 9 },
		{ .state = KD_OUTCOME_DMESG_ONLY, .total_bytes = 1, .time = 7 },
	};
	const struct kd_places places = {
		.n = 2,
		.items = { { .archive = { .dumps = dumps, .n = 2 } },
			   { .archive = { .dumps = dumps + 2, .n = 1 } } },
	};
	struct kd_dump_totals got;

	kd_dump_totals(&places, &got);
	CHECK_INT(t, got.count[KD_OUTCOME_COMPLETE], 2);
	CHECK_INT(t, got.count[KD_OUTCOME_DMESG_ONLY], 1);
	CHECK_INT(t, got.bytes, 21);
	CHECK_INT(t, got.last_crash, 9);
	CHECK_INT(t, got.last_capture_ms, 0);
}

static void text(struct test *t)
{
	static const char *const lines[] = {
		"\nkdump_armed 1\n",
		"\nkdump_operational 0\n",
		"\nkdump_finding{kind=\"reason\",code=\"target-full\"} 1\n",
		"\nkdump_finding{kind=\"remark\",code=\"no-watchdog\"} 1\n",
		"\nkdump_reserved_bytes 67108864\n",
		"\nkdump_last_arm_timestamp_seconds 1700000000\n",
		"\nkdump_last_arm_seconds 0.850\n",
		"\nkdump_image_bytes 3145728\n",
		("\nkdump_image_info{release=\"6.1\\\"\\\\\\n\",target=\"ext4\","
		 "loaded_by=\"kexec_load\"} 1\n"),
		"\nkdump_target_free_bytes{target=\"UUID=x\"} 7\n",
		"\nkdump_last_proof_timestamp_seconds{kind=\"test\"} 5\n",
		"\nkdump_last_proof_passed{kind=\"test\"} 1\n",
		"\nkdump_last_boot{verdict=\"dumped\"} 1\n",
		"\nkdump_dumps{state=\"complete\"} 2\n",
		"\nkdump_dumps{state=\"dmesg-only\"} 0\n",
		"\nkdump_dump_bytes 21\n",
		"\nkdump_last_crash_timestamp_seconds 9\n",
		"\nkdump_last_capture_seconds 12.345\n",
	};
	const struct kd_dump_totals sums = { .count = { [KD_OUTCOME_COMPLETE] = 2 },
					     .bytes = 21,
					     .last_crash = 9,
					     .last_capture_ms = 12345 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;

	kd_strbuf_init(&out, KD_METRICS_MAX);
	fill();
	CHECK_INT(t, kd_metrics_text(&facts, &status, &sums, &out, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (!strstr(kd_strbuf_text(&out), lines[i]))
			test_failed(t, __FILE__, __LINE__, "no line %s", lines[i] + 1);
	CHECK(t, !strstr(kd_strbuf_text(&out), "host:/x"));
}

static void places(struct test *t)
{
	static const char *const folders[] = {
		"var/lib/prometheus/node-exporter",
		"var/lib/node_exporter/textfile_collector",
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_error err = { 0 };
	struct stat st;
	char path[128];

	kd_strbuf_init(&out, 64);
	kd_strbuf_adds(&out, "kdump_armed 1\n");
	CHECK_INT(t, kd_metrics_write(root.fd, "", &out, NULL), 0);
	CHECK_INT(t, kd_mkdir_p_at(root.fd, folders[0], 0755, NULL), 0);
	CHECK_INT(t, kd_metrics_write(root.fd, "", &out, NULL), 1);
	(void)snprintf(path, sizeof(path), "%s/" KD_METRICS_NAME, folders[0]);
	CHECK_INT(t, fstatat(root.fd, path, &st, 0), 0);
	CHECK_INT(t, st.st_mode & 07777, 0644);
	CHECK_INT(t, st.st_size, out.length);
	CHECK_INT(t, kd_metrics_write(root.fd, "/run/k.prom", &out, &err), -ENOENT);
	fake_text(&root, "run/other", "");
	CHECK_INT(t, kd_metrics_write(root.fd, "/run/k.prom", &out, NULL), 1);
	CHECK_INT(t, fstatat(root.fd, "run/k.prom", &st, 0), 0);
}

/* A machine of which next to nothing is known still has metrics. */
static void whole(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_freep) char *got = NULL;

	fake_text(&root, "var/lib/prometheus/node-exporter/x", "");
	fake_text(&root, "var/crash/h-2026-03-01-10:00:00/vmcore", "12345");
	CHECK_INT(t, kd_metrics_update(root.fd, NULL), 1);
	CHECK_INT(t,
		  kd_read_file_at(root.fd,
				  "var/lib/prometheus/node-exporter/" KD_METRICS_NAME,
				  KD_METRICS_MAX, &got, NULL, NULL),
		  0);
	CHECK(t, got && strstr(got, "\nkdump_armed 0\n"));
	CHECK(t, got && strstr(got, "\nkdump_dump_bytes 5\n"));
}

static void json(struct test *t)
{
	static const char *const parts[] = {
		"\"operational\": false",     "\"armed\": true",
		"\"armMilliseconds\": 850",   "\"verified\": \"verified-nothing\"",
		"\"code\": \"target-full\"",  "\"code\": \"no-watchdog\"",
		"\"freeBytes\": 7",	      "\"freeBytes\": null",
		"\"rehearsal\": null",	      "\"verdict\": \"dumped\"",
		"\"dump\": \"/var/crash/d\"", "\"crashLoopLimit\": 4",
	};
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;

	kd_strbuf_init(&out, KD_STATUS_JSON_MAX);
	fill();
	CHECK_INT(t, kd_status_json(&facts, &status, &out, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(kd_strbuf_text(&out), parts[i]))
			test_failed(t, __FILE__, __LINE__, "no %s in %s", parts[i],
				    kd_strbuf_text(&out));
	facts.has_proofs = facts.has_boot = false;
	kd_strbuf_done(&out);
	CHECK_INT(t, kd_status_json(&facts, &status, &out, NULL), 0);
	CHECK(t, strstr(kd_strbuf_text(&out), "\"proofs\": null"));
	CHECK(t, strstr(kd_strbuf_text(&out), "\"lastBoot\": null"));
}

static const struct test_case cases[] = {
	{ "dumps added up", totals }, { "the text", text },
	{ "where it goes", places },  { "all together", whole },
	{ "status as JSON", json },
};

/* For promtool: every metric there is. */
static int print(void)
{
	const struct kd_dump_totals sums = { .count = { 1, 2, 3 },
					     .bytes = 21,
					     .last_crash = 9,
					     .last_capture_ms = 12345 };
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;

	kd_strbuf_init(&out, KD_METRICS_MAX);
	fill();
	facts.state.estimate = 1 << 26;
	if (kd_metrics_text(&facts, &status, &sums, &out, NULL) < 0)
		return 1;
	return fputs(kd_strbuf_text(&out), stdout) < 0;
}

int main(int argc, char *argv[])
{
	if (argc > 1 && strcmp(argv[1], "--print") == 0)
		return print();
	return test_run(cases, ARRAY_SIZE(cases));
}
