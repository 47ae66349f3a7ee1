# SPDX-License-Identifier: GPL-2.0-or-later
"""The short-VM scenarios: what the machine has, what is spoiled, what is to come."""

from dataclasses import dataclass

from acts import Act
from dumps import ANY, COMPLETE, DMESG_ONLY, NO_DUMP, PARTIAL
from storage import STORAGES

# Console lines: of a capture that dumps, its first and its last.
DUMPING = r"kdumpd: phase dump: \d+ %"
PANICKED = "^purgatory: enter"
RESTART = r"reboot: Restarting system|Rebooting in \d+ seconds"

# Panic to restart is promised in 20 s and judged by tests/bench on a quiet machine;
# here it is only shown, and a machine busy with other tests gets its time.
RESTART_LIMIT = 180


@dataclass
class Scenario:
    """@left: what is on the target afterwards, "" without a panic, a tuple of one a
    crash after several; @again: exit statuses of start and status after the restart,
    () for any; @levels: of the dump, asked for and made; @full: the target is, which is told; @checks:
    names the guest must report as ok; @limit: seconds to the panic, and to "done" at
    last; @back: from the panic to the restart.

    The machine: @named_by, @bus, @megabytes: the target's; @storage: what it lies on, of
    storage.py; @keep_megabytes: of the disk that is not the target; @config: further
    lines of kdump.conf; @sysconfig: /etc/sysconfig/kdump; @programs: of the host's that
    the guest needs; @modules: kernel modules that it loads, @without: that it lacks;
    @module: the name of how crashme.ko is to crash; @devices: further words for QEMU; @efi: it starts by
    OVMF, whose variables last;
    @gdb: acts need its debugger; @method: the kexec command's way of loading.

    What happens: @arms: whether "start" is to succeed at first; @prepare: shell
    text before the arming, @spoil: between it and the panic; @trigger: the one that crashes; @panic: the console
    line this leads to; @acts: what is done from outside (acts.py); @kills: how often the
    dumping process is killed; @plug: memory is added when the guest asks for it;
    @restart: the line that ends the capture, "" when it has no last words.

    What the log must hold: @cause, texts; @function: in the panicked task's back trace
    as crash prints it, "" when crash is not asked; @elf: the dump is an
    ELF core; @same_log: whether Debian's
    makedumpfile must find the same log in the dump; @layout: what structures were known
    from, as the outcome says."""
    name: str
    kernel: str = "6.1"
    filesystem: str = "ext4"
    named_by: str = "device"
    bus: str = "virtio"
    filter: str = "-l -d 31"
    crashkernel: str = "128M"
    append: str = ""
    steps: str = "steps-capture.sh"
    prepare: str = ""
    spoil: str = ""
    kills: int = 0
    left: str | tuple = COMPLETE
    full: bool = False
    levels: tuple = ()
    again: tuple = ("0", "0")
    checks: tuple = ()
    long: bool = False
    sysconfig: str = ""
    memory: str = "2G"
    plug: bool = False
    method: str = ""
    limit: int = 120
    arms: bool = True
    back: int = RESTART_LIMIT
    megabytes: int = 512
    config: str = ""
    programs: tuple = ()
    modules: tuple = ()
    without: tuple = ()
    keep_megabytes: int = 16
    module: str = ""
    devices: tuple = ()
    efi: bool = False
    gdb: bool = False
    trigger: str = "echo c >/proc/sysrq-trigger"
    panic: str = r"Kernel panic - not syncing"
    acts: tuple = ()
    restart: str = RESTART
    cause: tuple = ("sysrq: Trigger a crash",
                    "Kernel panic - not syncing: sysrq triggered crash")
    function: str = "sysrq_handle_crash"
    elf: bool = False
    same_log: bool = True
    layout: str = "file"

    @property
    def crashes(self):
        return len(self.left) if isinstance(self.left, tuple) else 1
    storage: str = ""


FILL = """
dd if=/dev/zero of=/target/spare bs=1M count=3 2>/dev/null
fallocate -l $(($(stat -f -c "%f * %S" /target) - 1048576)) /target/fill
dd if=/dev/zero of=/target/rest bs=1k 2>/dev/null
sync
"""

# so that the dump is not done before it is disturbed, however fast the machine is
SLOW = Act(PANICKED, "slow-disk", (4000000,))

# room for a second CPU, which of three may come
ROOMY = {"crashkernel": "256M", "devices": ("-smp", "3")}

# takes the superblock away; boot 2 puts it back
HIDE = """
umount /target
dd if=$TARGET of=/persist/head bs=1M count=1 2>/dev/null
dd if=/dev/zero of=$TARGET bs=1M count=1 2>/dev/null
sync
"""

# cp makes an ELF core of all there is; for the image to find its libraries, what every
# system has
COLLECTOR = """
echo "/lib/$(uname -m)-linux-gnu" >/etc/ld.so.conf
ldconfig
sed -i "s,^core_collector .*,core_collector /sbin/cp --sparse=always," /etc/kdump.conf
"""

KEXEC_CHECKS = (
    "status-none", "status-none-reboot", "exec-nothing", "print-size", "size", "plan",
    "plan-purgatory", "plan-crash", "plan-elfcorehdr", "check", "check-crash",
    "check-cut", "untouched", "load", "loaded", "status-reboot", "load-again", "refused",
    "still-loaded", "unload", "unloaded", "unload-again", "load-crash", "status-crash",
    "load-crash-again", "refused-crash", "still-armed", "unload-crash", "disarmed",
    "preserve", "preserve-reason", "race", "raced", "load-last", "second-cmdline",
    "second-initrd")


def kexec(kernel, method):
    """The kexec command through and through, by one of the two system calls."""
    how = {"-c": "segments", "-s": "files"}[method]
    return Scenario(f"kexec-{how}-{kernel}", kernel=kernel, steps="steps-kexec.sh",
                    left="", checks=KEXEC_CHECKS, method=method, limit=400,
                    long=kernel != "7.3")


SCENARIOS = [
    Scenario("capture-6.1"),
    Scenario("capture-6.12", kernel="6.12", named_by="UUID"),
    Scenario("capture-7.3", kernel="7.3", named_by="UUID", filter="-z -d 31"),
    *(Scenario(f"file-load-{series}", kernel=series, checks=("by-files",),
               sysconfig='KEXEC_ARGS="-s"\n', steps="steps-loaded-by.sh",
               long=series == "6.12")
      for series in ("6.1", "6.12", "7.3")),
    # everything of the capture lies above 4 GiB
    *(Scenario(f"high-{series}", kernel=series, memory="6G", crashkernel="256M,high",
               checks=("by-segments",), steps="steps-loaded-by.sh", long=series == "6.1")
      for series in ("6.1", "7.3")),
    Scenario("cma-7.3", kernel="7.3", crashkernel="128M crashkernel=64M,cma",
             checks=("by-segments", "cma"), steps="steps-loaded-by.sh"),
    # the kernel itself brings the header up to date
    *(Scenario(f"hotplug-{series}", kernel=series, plug=True, checks=("crash-hotplug",),
               append="maxcpus=1", steps="steps-hotplug.sh",
               long=series == "6.12") for series in ("6.12", "7.3")),
    Scenario("xfs", filesystem="xfs", named_by="UUID"),
    Scenario("nvme", bus="nvme", named_by="LABEL", filter="-c -d 31"),
    Scenario("scsi", bus="scsi"),
    Scenario("small-reservation", crashkernel="96M"),
    # the stock kernel itself takes all but 16 MB of this
    Scenario("smallest", crashkernel="80M", long=True),
    Scenario("disk-full", left=PARTIAL, full=True, again=("0", "3"),
             spoil=FILL + "rm /target/spare; sync"),
    Scenario("disk-full-at-once", left=NO_DUMP, full=True, again=("0", "3"),
             spoil=FILL),
    Scenario("target-gone", named_by="UUID", left=NO_DUMP, spoil=HIDE, long=True),
    # a killed dumper is tried once more, with less memory
    Scenario("dumper-killed", append="sysrq_always_enabled", kills=1, acts=(SLOW,)),
    Scenario("dumper-killed-twice", append="sysrq_always_enabled", kills=2, acts=(SLOW,)),
    Scenario("dumper-killed-for-good", append="sysrq_always_enabled", kills=3,
             left=PARTIAL, long=True),
    # room for the mini dump and not for the whole one
    Scenario("mini", left=PARTIAL, full=True, again=("0", "3"),
             spoil=FILL.replace("count=3 ", "count=24 ") + "rm /target/spare; sync"),
    # all of memory does not fit, what is asked for is known not to before it is written
    Scenario("ladder", filter="-l -d 0", levels=(0, 31), megabytes=384, long=True,
             spoil="dd if=/dev/urandom of=/tmp/fill bs=1M count=420 2>/dev/null"),
    Scenario("crash-loop", config="crash_loop_limit 1\n", left=(COMPLETE, DMESG_ONLY),
             long=True),
    Scenario("hooks", steps="steps-hooks.sh", checks=("hooks-ran", "hook-noted")),
    Scenario("collector", prepare=COLLECTOR, memory="512M", megabytes=768,
             programs=("cp", "ldconfig"), elf=True, layout="", long=True),
    Scenario("no-memory", crashkernel="72M", left=ANY),
    # one target there, one that is not, and a root in memory
    Scenario("several-targets", long=True,
             config="xfs LABEL=nosuchdisk\nfailure_action dump_to_rootfs\n"
                    "extra_modules ext4\ndracut_args --omit-drivers floppy\n"),
    Scenario("refuse", steps="steps-refuse.sh", left="", checks=(
        "unknown-key", "missing-target", "bad-collector", "not-a-kernel", "cut-kernel",
        "full-disk", "full-var", "load-disabled")),
    Scenario("test", steps="steps-test.sh",
             checks=("test-unarmed", "test-no", "test-outcome")),
    Scenario("no-reservation", steps="steps-no-reservation.sh", left="",
             crashkernel="", checks=("no-crashkernel",)),
    Scenario("watchdog-undriven", kernel="7.3", steps="steps-watchdog.sh", left="",
             devices=("-device", "i6300esb"), long=True,
             checks=("watchdog-named", "watchdog-blacklisted", "watchdog-not-loaded",
                     "watchdog-driven")),
    # made in the guest; one of each default set is a stack of three
    *(Scenario(name, storage=name, long=name != "stack") for name in STORAGES
      if name not in ("luks", "9p", "md-degraded", "lvm-thin-full")),
    Scenario("md-degraded", storage="md-degraded", long=True,
             spoil="mdadm --quiet /dev/md127 --fail $D2 --remove $D2\n"
                   "mdadm --zero-superblock $D2; sync"),
    # some 60 of its 100 MiB are taken, and nobody extends it
    Scenario("lvm-thin-full", storage="lvm-thin-full", left=PARTIAL, long=True,
             again=(), spoil="dd if=/dev/urandom of=/target/fill bs=1M count=45; sync"),
    # cloud kernels have no 9p
    Scenario("9p", kernel="6.1-generic", storage="9p", long=True),
    Scenario("luks", storage="luks", steps="steps-refuse-luks.sh", left="",
             checks=("luks-without-key",), long=True),
    # without BTF, which is not needed to see that the key arrives
    Scenario("luks-7.3-keys", kernel="7.3-keys", storage="luks", long=True),
    *(Scenario(f"{name}-7.3", kernel="7.3", storage=name, long=True)
      for name in ("stack", "lvm-thin", "btrfs", "md-raid5")),
    Scenario("sata-6.12", kernel="6.12", bus="sata", long=True),
    Scenario("sata-7.3", kernel="7.3", bus="sata", named_by="UUID", long=True),
    # an arming cut off at thirty moments
    Scenario("killed", checks=("killed", "leftover", "parallel"), long=True,
             steps="steps-killed.sh", limit=400),
    Scenario("killed-file-load", sysconfig='KEXEC_ARGS="-s"\n', long=True,
             checks=("killed", "leftover", "parallel"), steps="steps-killed.sh",
             limit=400),
    *(kexec(kernel, method) for kernel in ("6.1", "6.12", "7.3")
      for method in ("-c", "-s")),
] + [
    Scenario(f"arm64-{series}", kernel=series + ":arm64", named_by="UUID",
             crashkernel="192M", steps="steps-verify.sh", checks=("verify",))
    for series in ("6.1", "6.12", "7.3")
] + [
    # a second CPU helps: the act does nothing but come after its line
    Scenario("arm64-cpus", kernel="6.1:arm64", named_by="UUID", long=True, **ROOMY,
             acts=(Act("phase cpus: 1 more", "slow-disk", (0,)),)),
]

