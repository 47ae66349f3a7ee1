/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/watchdog and kd_module_is_blacklisted(): machines made of folders, with
 * modules that depmod has indexed and modprobe.d as administrators and Debian write it.
 */
#include "kdumpd/report/watchdog.h"

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define RELEASE "1.2.3-test"
#define MODULES "lib/modules/" RELEASE "/kernel/"
#define PCI	"sys/bus/pci/devices/"
#define ESB	"pci:v00008086d000025ABsv00001AF4sd00001100bc08sc80i00"

static void module(const struct fake_root *root, const char *path, const char *alias)
{
	const char *const modinfo[] = { alias, "license=GPL", NULL };

	fake_module(root, path, modinfo, NULL, NULL);
}

static struct fake_root machine(void)
{
	struct fake_root root = fake_root_new();

	module(&root, MODULES "drivers/watchdog/i6300esb.ko",
	       "alias=pci:v00008086d000025ABsv*sd*bc*sc*i*");
	module(&root, MODULES "drivers/watchdog/wdat_wdt.ko", "alias=platform:wdat_wdt");
	module(&root, MODULES "drivers/net/e1000.ko", "alias=pci:v00008086d0000100E*");
	fake_text(&root, "lib/modules/" RELEASE "/modules.order", "");
	fake_text(&root, "lib/modules/" RELEASE "/modules.builtin", "");
	fake_text(&root, "lib/modules/" RELEASE "/modules.builtin.modinfo", "");
	fake_text(&root, PCI "0000:00:00.0/class", "0x060000\n");
	fake_text(&root, PCI "0000:00:02.0/modalias",
		  "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00\n");
	(void)fake_run("PATH=$PATH:/sbin:/usr/sbin depmod -b %s " RELEASE " 2>&1",
		       root.path);
	return root;
}

static void find(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	CHECK_INT(t, kd_watchdog_find(root.fd), 0);
	fake_text(&root, "sys/class/watchdog/watchdog0/identity", "Software Watchdog\n");
	CHECK_INT(t, kd_watchdog_find(root.fd), 0);
	fake_text(&root, "sys/class/watchdog/watchdog1/state", "inactive\n");
	CHECK_INT(t, kd_watchdog_find(root.fd), 1);
}

/* What is said of the driver: "" for none, its name, "!" in front when blacklisted. */
static void check(struct test *t, const struct fake_root *root, const char *want)
{
	struct kd_module_driver driver = { .name = "" };

	CHECK_INT(t, kd_watchdog_driver(root->fd, RELEASE, &driver), want[0] != '\0');
	CHECK_STR(t, driver.name, want + (want[0] == '!'));
	CHECK_INT(t, driver.blacklisted, want[0] == '!');
}

static void driver(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = machine();

	check(t, &root, "");
	fake_text(&root, PCI "0000:00:04.0/modalias", ESB "\n");
	check(t, &root, "i6300esb");
	fake_text(&root, "etc/modprobe.d/a.conf", "install i6300esb /bin/false\n");
	check(t, &root, "!i6300esb");
	fake_text(&root, "etc/modprobe.d/a.conf", "blacklist i6300\n");
	check(t, &root, "i6300esb");
	fake_text(&root, "usr/lib/modprobe.d/debian.conf", "blacklist i6300esb\n");
	check(t, &root, "!i6300esb");
	fake_text(&root, "sys/bus/platform/devices/wdat_wdt/modalias",
		  "platform:wdat_wdt\n");
	check(t, &root, "wdat_wdt");
	/* loaded, and still without a device: modprobe would change nothing */
	fake_text(&root, "sys/module/wdat_wdt/refcnt", "0\n");
	check(t, &root, "!i6300esb");
	fake_link(&root, PCI "0000:00:04.0/driver", "../../../bus/pci/drivers/i6300esb");
	check(t, &root, "");
}

static void nobody_knows(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_module_driver got = { .name = "" };

	CHECK_INT(t, kd_watchdog_driver(root.fd, RELEASE, &got), 0);
	fake_text(&root, PCI "0000:00:04.0/modalias", ESB "\n");
	CHECK_INT(t, kd_watchdog_driver(root.fd, RELEASE, &got), -ENOENT);
	CHECK_INT(t, kd_watchdog_driver(root.fd, "../x", &got), -EINVAL);
	CHECK_INT(t, kd_watchdog_driver(root.fd, "", &got), -EINVAL);
	CHECK_STR(t, got.name, "");
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "one that is driven", find },
		{ "the driver of one that is not", driver },
		{ "no modules", nobody_knows },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}
