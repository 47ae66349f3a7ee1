# SPDX-License-Identifier: GPL-2.0-or-later
"""The torture cases: how a machine is made to fail, and what must be left.  Data; what
runs them is ./run, and what came of it stands in docs/failure-modes.md.
"""

import dataclasses
import os
import sys
from dataclasses import dataclass

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vm"))

import scenarios  # noqa: E402
from acts import Act  # noqa: E402
from dumps import ANY, COMPLETE, DMESG_ONLY, LOG, NO_DUMP, PARTIAL  # noqa: E402
from scenarios import DUMPING, FILL, PANICKED, ROOMY, SLOW, Scenario  # noqa: E402


@dataclass
class Case(Scenario):
    """@about: the failure in words; @short: among those of ./check. Patterns: @says, of
    kdumpctl's status or list at the next boot; @notes, of the outcome; @console, of the
    machine's console. @dropped: a class of pages of which there must be some and none
    saved. @verdict: what status must say at the next boot, a pattern; "" for what goes
    with @left."""
    panic: str = r"Kernel panic - not syncing|^purgatory: enter"
    about: str = ""
    short: bool = False
    says: tuple = ()
    notes: tuple = ()
    console: tuple = ()
    dropped: str = ""
    verdict: str = ""


def crashing(name, about, cause, function="", **more):
    """The kernel does something wrong that the module knows; all of it is saved."""
    settings = {"module": name, "trigger": "", "append": "oops=panic", **more}
    return Case(name, about=about, cause=cause, function=function, **settings)


def existing(name, about, **more):
    """A scenario of tests/vm that is such a case."""
    found = [s for s in scenarios.SCENARIOS if s.name == name]
    settings = {f.name: getattr(found[0], f.name) for f in dataclasses.fields(Scenario)}
    return Case(about=about, **{**settings, **more})


def crashing_on(name, cpu, about, kernel):
    return Case(name, about=about, kernel=kernel, console=("phase cpus: 1 more",),
                trigger=f"taskset {1 << cpu:x} sh -c 'echo c >/proc/sysrq-trigger'",
                **ROOMY)


KERNEL = [
    Case("sysrq", about="`echo c >/proc/sysrq-trigger`"),
    crashing("panic", "`panic()` in a module's init", ("crashme: asked to",),
             "[crashme]"),
    crashing("null", "a NULL pointer written through", (
        "BUG: kernel NULL pointer dereference", "RIP: 0010:crashme_null"),
             "[crashme]", short=True),
    crashing("bug", "`BUG()`", ("kernel BUG at", "RIP: 0010:crashme_bug"), "[crashme]"),
    crashing("bug-atomic", "`BUG()` with a lock held and interrupts off",
             ("kernel BUG at", "RIP: 0010:crashme_bug_atomic"), "[crashme]",
             short=True),
    crashing("irq", "an oops in a hard interrupt",
             ("kernel NULL pointer dereference", "in_interrupt_context"),
             short=True),
    crashing("stack", "the stack runs into its guard page",
             ("stack guard page was hit",), "[crashme]", short=True),
    crashing("double-fault", "a double fault: the stack pointer is lost",
             ("double fault:",), short=True),
    crashing("gpf", "a non-canonical address written to",
             ("general protection fault",), "[crashme]"),
    crashing("divide", "a division by zero", ("divide error",), "crashme_divide"),
    crashing("nx", "data called as code", ("kernel tried to execute NX-protected page",)),
    crashing("list", "a list entry removed twice", ("list_del corruption",
                                                   "kernel BUG at")),
]

DAMAGE = [
    crashing("memmap-ones", "the memmap of 16 MiB set to ones", ("memmap set to ones",)),
    crashing("memmap-noise", "the memmap of 16 MiB overwritten with noise",
             ("crashme: memmap overwritten",)),
    crashing("mem-section", "the roots of mem_section overwritten",
             ("crashme: mem_section overwritten",), same_log=False, layout="none",
             notes=("mem_section: every page is kept",), short=True),
    crashing("sections", "the sections themselves overwritten",
             ("crashme: sections overwritten",), same_log=False),
    crashing("page-tables", "page tables of the memmap overwritten",
             ("crashme: page tables overwritten",)),
    crashing("vmcoreinfo", "vmcoreinfo overwritten", ("crashme: vmcoreinfo overwritten",)),
    crashing("vmcoreinfo-both", "vmcoreinfo and its safe copy overwritten",
             ("crashme: vmcoreinfo and its copy",),
             notes=("the one of this boot that was kept when arming is used",)),
    crashing("kallsyms", "the kernel's symbol table overwritten",
             ("crashme: kallsyms overwritten",)),
    # what came behind the damage, the panic itself, the kernel could not store
    crashing("printk", "the log's descriptors overwritten", ("crashme: printk",),
             same_log=False,
             notes=("records are damaged: they come from the text ring itself",)),
    crashing("elfcorehdr", "the ELF header of the armed image overwritten, which no digest "
             "covers: no `/proc/vmcore`", (), left=NO_DUMP),
    crashing("tasks", "the task list's first links overwritten",
             ("crashme: task list overwritten",)),
]

NO_RESTART = ""
# kdumpd was never there before
NO_RECORD = "How the last boot ended is not known"
PANIC_REBOOTS = "panic=5"

LOCKUPS = [
    crashing("stuck-cpu", "another CPU spins with interrupts off, then a panic",
             ("crashme: CPU",), "[crashme]", short=True),
    crashing("soft-lockup", "a CPU spins in the kernel, `softlockup_panic=1`",
             ("BUG: soft lockup", "softlockup: hung tasks"),
             append="softlockup_panic=1 watchdog_thresh=5"),
    crashing("hard-lockup-rcu", "a CPU spins with interrupts off, `panic_on_rcu_stall`",
             ("RCU Stall",), module="hard-lockup",
             append="rcupdate.rcu_cpu_stall_timeout=10",
             spoil="echo 1 >/proc/sys/kernel/panic_on_rcu_stall"),
    crashing("hard-lockup-nmi", "a CPU spins with interrupts off, then an NMI from outside",
             ("NMI: Not continuing",), module="hard-lockup",
             append="unknown_nmi_panic", acts=(Act("crashme: CPU 1 stops", "nmi"),)),
    Case("nmi", about="an NMI from outside, `unknown_nmi_panic`",
         cause=("NMI: Not continuing",), function="", append="unknown_nmi_panic",
         trigger="say nmi", acts=(Act("^@@ nmi", "nmi"),)),
    Case("oom", about="no memory is left, `panic_on_oom`", memory="1G",
         spoil="echo 1 >/proc/sys/vm/panic_on_oom", trigger="tail /dev/zero",
         cause=("Out of memory: ",), function="out_of_memory"),
    # crash's back trace of a call that does not return is not always the right one
    Case("init-exits", about="the first process exits", trigger="exit 7",
         cause=("Attempted to kill init",), function=""),
    crashing_on("boot-cpu", 0, "the boot CPU panics; another one helps with the dump",
                "6.1"),
    crashing_on("other-cpu", 1, "another CPU panics: the boot CPU, which would reset the "
                "machine, is not woken", "6.1"),
    crashing_on("other-cpu-7.3", 1, "the same, where the kernel knows that itself", "7.3"),
]

ARMING = [
    Case("unarmed", about="a panic before anything was armed", arms=False, left=NO_DUMP,
         append=PANIC_REBOOTS, steps="steps-unarmed.sh", verdict=NO_RECORD),
    Case("unarmed-pstore", about="the same, with ramoops: the log is there at the next boot",
         arms=False, left=NO_DUMP, append=PANIC_REBOOTS + " memmap=1M$0x60000000",
         steps="steps-pstore.sh", checks=("pstore",), verdict=NO_RECORD),
    Case("rearming", about="panics while the image is being loaded again, 4 times",
         left=(ANY,) * 4, append=PANIC_REBOOTS, again=(),
         trigger="(while :; do kdumpctl restart; done) >/dev/null 2>&1 &\n"
         "sleep 0.$((boot * 17 % 10)); echo c >/proc/sysrq-trigger"),
    Case("files-gone", about="kernel, modules and configuration removed after arming",
         spoil="rm -r /boot /lib/modules /etc/kdump.conf /usr/lib/kdumpd"),
    existing("killed", "arming is killed at thirty moments; what was armed stays"),
    existing("several-targets", "one of the targets named is not there"),
    existing("luks", "a LUKS volume whose key the kernel cannot hand over: refused"),
    existing("luks-7.3-keys", "a LUKS volume, where the kernel hands its key over"),
    existing("hotplug-7.3", "memory and a CPU added after arming"),
    existing("refuse", "each wrong configuration in turn; what was armed stays"),
    existing("no-reservation", "no `crashkernel=`: it says so and arms nothing"),
]

RESERVATION = [
    existing("small-reservation", "`crashkernel=96M`"),
    Case("reservation-80M", about="`crashkernel=80M`", crashkernel="80M", left=ANY),
    existing("no-memory", "`crashkernel=72M`: hardly anything is free"),
    Case("reservation-64M", about="`crashkernel=64M`: less than the kernel itself needs",
         crashkernel="64M", left=NO_DUMP, append=PANIC_REBOOTS, again=()),
]

SLOW_NOW = Act("kdumpd: phase mounts", "slow-disk", (4000000,))
FAST = Act("^@@ boot 2", "slow-disk", (0,))

# Neither outlives the reboot. A program of pre.d that fails says nothing about the dump.
VETO = """
hook /usr/local/sbin/pre 'exit 3'
hook /etc/kdump/pre.d/10-first 'exit 9'
echo "kdump_pre /usr/local/sbin/pre" >>/etc/kdump.conf
"""
EMERGENCY = """
hook /usr/local/sbin/tool 'echo "the tool was told $1" >/dev/console'
hook /usr/local/sbin/emergency '/usr/local/sbin/tool help'
echo "kdump_emergency /usr/local/sbin/emergency" >>/etc/kdump.conf
echo "extra_bins /usr/local/sbin/tool" >>/etc/kdump.conf
"""

CAPTURE = [
    Case("capture-panics", about="the capture kernel panics, too", left=LOG,
         append="sysrq_always_enabled", acts=(SLOW, Act(DUMPING, "sysrq", ("c",))),
         restart=r"Rebooting in \d+ seconds", short=True),
    existing("dumper-killed", "the dumping process is killed: once more, with less"),
    existing("dumper-killed-twice", "the dumping process is killed twice"),
    Case("capture-stops", about="no CPU of the capture kernel does anything any more; "
         "`i6300esb` resets", kernel="7.3", modules=("i6300esb",), gdb=True, left=LOG,
         verdict="the capture was cut off", restart=NO_RESTART, limit=300,
         devices=("-device", "i6300esb", "-action", "watchdog=reset"),
         acts=(SLOW, Act(DUMPING, "stop-cpus"), FAST)),
    Case("init-stops", about="pid 1 of the capture spins; softdog restarts",
         gdb=True, left=LOG, restart="Initiating system reboot", limit=300,
         acts=(SLOW, Act(DUMPING, "stop-init", ("kd_watchdog_tick",)), FAST)),
    Case("init-stops-unwatched", about="the same on a machine without a watchdog: the "
         "lifeline, here after 45 s, restarts", gdb=True, left=LOG, without=("softdog",),
         limit=300,
         acts=(Act("^purgatory: digest ok", "set-second-argument",
                   ("kd_lifeline_start", 45000)),
               SLOW_NOW, Act(DUMPING, "stop-init", ("kd_watchdog_tick",)), FAST)),
    Case("veto", about="`kdump_pre` says that there is to be no dump", left=DMESG_ONLY,
         prepare=VETO, notes=("kdump_pre ended with status 3",)),
    Case("emergency", about="the target is gone, `kdump_emergency` is there", again=(),
         named_by="UUID", spoil=scenarios.HIDE, left=NO_DUMP, keep_megabytes=256,
         prepare=EMERGENCY, console=("the tool was told help",)),
    Case("cpu-hangs", about="the second CPU never comes, what waits for it cannot be killed "
         "and keeps reboot(2) waiting, too; sysrq `b` ends it", gdb=True,
         restart="sysrq: Resetting", console=("phase cpus: .*no progress for 30 s",),
         acts=(Act("phase mini: done", "sleep-in", ("_cpu_up",)),), **ROOMY),
    Case("reboot-hangs", about="reboot(2) never comes back; sysrq `b` ends it", gdb=True,
         restart="sysrq: Resetting",
         acts=(Act("phase outcome: started", "sleep-in", ("kernel_restart",)),)),
]

EIO = {"event": "none", "iotype": "write", "errno": 5, "immediately": False}


def faulty(name, about, *acts, **more):
    """Acts on the disk from the panic on."""
    return Case(name, about=about, acts=acts, again=(), **more)


DISK = [
    existing("disk-full-at-once", "the target is full when the capture comes"),
    existing("disk-full", "3 MiB are free on the target"),
    Case("disk-half-full", about="20 MiB are free on the target", left=PARTIAL,
         full=True, again=("0", "3"),
         spoil="fallocate -l $(($(stat -f -c '%f * %S' /target) - (20 << 20))) "
         "/target/fill; sync"),
    existing("lvm-thin-full", "the target's thin pool is full"),
    existing("md-degraded", "the target's array has lost a member"),
    existing("target-gone", "the target's superblock is gone"),
    Case("second-target", about="the target's superblock is gone, another disk is named "
         "after it", named_by="UUID", spoil=scenarios.HIDE, config="ext4 /dev/vda\n",
         keep_megabytes=256, steps="steps-second-target.sh"),
    Case("target-gone-efi", about="the target's superblock is gone; the firmware's variables "
         "keep the end of the log", named_by="UUID", spoil=scenarios.HIDE, left=NO_DUMP,
         efi=True, modules=("efi_pstore",), steps="steps-last-words.sh",
         checks=("pstore",), restart=NO_RESTART,
         back=300, limit=300, again=()),
    Case("uuid-changed", about="the target got another UUID after arming", left=NO_DUMP,
         named_by="UUID", programs=("e2fsck", "tune2fs"), again=(), restart=NO_RESTART,
         back=300, spoil="umount /target; e2fsck -f -y $TARGET; "
         "tune2fs -U random $TARGET; sync"),
    Case("needs-fsck", about="the target's file system has errors",
         programs=("debugfs",),
         spoil='umount /target; debugfs -w -R "set_super_value state 2" $TARGET; sync'),
    Case("read-only", about="the target's file system is read-only", left=NO_DUMP,
         programs=("tune2fs",), again=(),
         spoil="umount /target; tune2fs -O read-only $TARGET; sync"),
    faulty("slow-disk", "the target takes 1 MB a second",
           Act(PANICKED, "slow-disk", (1000000,)), FAST),
    faulty("disk-hangs", "the target takes no write any more, in the middle of the dump",
           Act(DUMPING, "slow-disk", (1,)), FAST,
           left=LOG, restart=NO_RESTART, back=500, limit=500),
    faulty("eio-once", "one write of the dump fails, once",
           Act(DUMPING, "fail-disk", ({**EIO, "once": True},)), left=PARTIAL,
           console=("I/O error, dev vdc",), short=True),
    faulty("eio-sector", "one sector of the dump cannot be written",
           Act(PANICKED, "fail-disk", ({**EIO, "sector": "data"},)), left=PARTIAL,
           console=("I/O error, dev vdc",), megabytes=128),
    faulty("eio-sector-xfs", "the same on xfs",
           Act(PANICKED, "fail-disk", ({**EIO, "sector": "data"},)), left=PARTIAL,
           console=("I/O error, dev vdc",), filesystem="xfs"),
    faulty("eio-journal", "a sector of the journal cannot be written",
           Act(PANICKED, "fail-disk", ({**EIO, "sector": "journal"},)), left=NO_DUMP,
           console=("I/O error, dev vdc", "phase last-words: done")),
    faulty("eio-superblock", "the superblock cannot be written",
           Act(PANICKED, "fail-disk", ({**EIO, "sector": 2},)), left=NO_DUMP,
           console=("I/O error, dev vdc", "phase last-words: done")),
    faulty("flaky-disk", "no write succeeds for some seconds",
           Act(DUMPING, "fail-disk", (EIO,)), Act("phase outcome", "fail-disk"),
           left=LOG, console=("I/O error, dev vdc",)),
    Case("hwpoison", about="a page that the hardware reported as bad", kernel="7.3",
         spoil="echo 0x50000000 >/sys/devices/system/memory/hard_offline_page",
         dropped="hwpoison"),
]

TIME = [
    Case("two-crashes", about="two crashes in a row", left=(COMPLETE, COMPLETE)),
    Case("crash-loop", about="five crashes within the hour: from the fourth on only the "
         "log", left=(COMPLETE,) * 3 + (DMESG_ONLY,) * 2, megabytes=768),
    Case("clock-1970", about="the clock says 1970",
         devices=("-rtc", "base=1970-01-01T00:00:10")),
    Case("names-taken", about="every folder name of the next minutes is taken, which "
         "looks like a crash loop", left=DMESG_ONLY,
         spoil="now=$(date +%s)\nfor s in $(seq $now $((now + 180))); do\n"
         "d=/target/var/crash/127.0.0.1-$(date -u -d @$s +%Y-%m-%d-%H:%M:%S)\n"
         "mkdir -m 700 $d; : >$d/taken; done; sync"),
]

CASES = KERNEL + DAMAGE + LOCKUPS + ARMING + RESERVATION + CAPTURE + DISK + TIME
