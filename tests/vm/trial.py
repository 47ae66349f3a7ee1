# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario, run and judged: its machine from power-on to the guest's "done", then
what it said and what it left.  Called by tests/vm/run and
tests/torture/run.
"""

import glob
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field

import acts
import dumps
import kernels
import stage
import vm
from scenarios import DUMPING
from storage import STORAGES


@dataclass
class Result:
    """@words: for the report; @says: what kdumpctl said after the restart, by command;
    @seconds: from the last panic to the end of the capture, None without; @seen: what
    was left, in a few words."""
    passed: bool
    words: str
    says: dict = field(default_factory=dict)
    seconds: float | None = None
    seen: str = ""


def run_machine(scenario, guest, files):
    """Through to the guest's "done"; returns seconds from panic to restart."""
    at, seconds = 0.0, None
    guest.wait_for(r"^@@ boot 1", 60)
    for number in range(1, scenario.crashes + 1 if scenario.left else 1):
        at, armed = guest.wait_for(r"^@@ armed (\d)", 90, since=at)
        dumps.expect(armed[1] == str(int(scenario.arms)), "armed is " + armed[1] + ": " +
                     " / ".join(marked(guest, "start: ")))
        if scenario.plug:
            guest.wait_for(r"^@@ plug", 60)
            guest.plug(stage.PLUGGED_MEMORY)
        at, seconds = crash(scenario, guest, files, at, number)
    guest.wait_for(r"^@@ done", scenario.limit)
    return seconds


def crash(scenario, guest, files, armed, number):
    """From the armed machine to its next boot; returns that, and seconds."""
    last = armed
    for act in scenario.acts if number == 1 else ():
        last, _ = guest.wait_for(act.when, scenario.limit, since=last)
        acts.perform(act, guest, files)
    panic, _ = guest.wait_for(scenario.panic, scenario.limit, since=armed)
    kill_dumper(scenario.kills, guest, panic)
    back = rf"^@@ boot {number + 1}$"
    restart, _ = guest.wait_for(scenario.restart or back, scenario.back, since=panic)
    boot, _ = guest.wait_for(back, 90, since=restart - 1)
    return boot, restart - panic


def kill_dumper(times, guest, panic):
    """By the OOM killer, once it says how far it is; pid 1 is never its victim."""
    last = panic
    for _ in range(times):
        last, _ = guest.wait_for(DUMPING, 60, since=last)
        guest.sysrq("f")
        last, _ = guest.wait_for(r"Killed process|Out of memory", 20, since=last)


def marked(guest, prefix):
    start = "@@ " + prefix
    return [line[len(start):] for _, line in guest.lines if line.startswith(start)]


def judge_checks(scenario, guest):
    results = dict(line.split(" ", 1) for line in marked(guest, "check "))
    for name in scenario.checks:
        found = results.get(name, "never reached")
        dumps.expect(found == "ok", f"{name}: {found}")


def judge_texts(scenario, guest):
    """kdumpctl's words and exit statuses, before the panics and after."""
    if scenario.again:
        first = ["0"] * scenario.crashes if scenario.arms else []
        for number, what in enumerate(("start", "status")):
            dumps.expect(marked(guest, what + " exit ") == first + [scenario.again[number]],
                         f"exit statuses of {what}: {marked(guest, what + ' exit ')}")
        told_full = any("full" in line for line in marked(guest, "start: "))
        dumps.expect(told_full == scenario.full, "whether the target is full")
    if scenario.arms:
        dumps.expect("kdump: Kdump is operational" in marked(guest, "status: "),
                     "status lacks its phrase")


def judge(scenario, guest, kernel, work):
    """Raises dumps.Wrong, or returns words for the report."""
    judge_checks(scenario, guest)
    if not scenario.left:
        return f"{len(scenario.checks)} checks"
    judge_texts(scenario, guest)
    outbox = os.path.join(work, "outbox")
    with tarfile.open(os.path.join(work, "outbox.img")) as tar:
        tar.extractall(outbox)
    crash_folder = os.path.join(outbox, "var/crash")
    storage = STORAGES.get(scenario.storage)
    if storage and not storage.colons:
        dumps.restore_colons(crash_folder)
    told = dumps.check_left(scenario, crash_folder, kernel)
    if scenario.plug:
        # below 4 GiB there is no room for the module
        dumps.check_reaches(crash_folder, (4 << 30) + stage.PLUGGED_MEMORY)
    if scenario.left == dumps.COMPLETE:
        listed = "\n".join(marked(guest, "list: "))
        dumps.expect("vmcore" in listed or "complete" in listed,
                     "kdumpctl list does not show the dump")
    return f"{told['state']}, {told['vmcoreBytes'] >> 20} MiB" if told else "as it should"


def last_said(guest, command):
    """What @command said after the last boot."""
    boots = [at for at, line in guest.lines if line.startswith("@@ boot ")]
    start = f"@@ {command}: "
    return [line[len(start):] for at, line in guest.lines
            if at > boots[-1] and line.startswith(start)]


def run(scenario, installed, work, build=None):
    """@build: where the linker left its map, for acts that need it. Where QEMU itself
    breaks down, once more: bookworm-backports' 10.0 does so now and then, over an
    assertion in iotlb_to_section()."""
    try:
        return run_once(scenario, installed, work, build)
    except vm.EmulatorDied as died:
        print(f"# {scenario.name}: {died}; once more", flush=True)
    try:
        return run_once(scenario, installed, work, build)
    except vm.EmulatorDied as died:
        return Result(False, str(died))


def run_once(scenario, installed, work, build):
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    kernel = kernels.Kernel(scenario.kernel, debug=scenario.kernel == "6.1" and
                            bool(scenario.left))
    files = acts.Files(f"{build}/capture-kernel/capture-init.map", kernel.vmlinux,
                       os.path.join(work, "target.img"), scenario.filesystem)
    try:
        with stage.machine(scenario, kernel, installed, work) as guest:
            seconds = run_machine(scenario, guest, files)
        words = judge(scenario, guest, kernel, work)
    except vm.EmulatorDied:
        raise
    except (vm.Timeout, dumps.Wrong, OSError, KeyError, ValueError, RuntimeError,
            subprocess.SubprocessError) as error:
        return Result(False, f"{error.__class__.__name__}: {error}")
    for path in glob.glob(os.path.join(work, "*.img")):
        os.unlink(path)
    if seconds is not None:
        words += f", panic to restart {seconds:.1f} s"
    says = {command: last_said(guest, command) for command in ("start", "status", "list")}
    return Result(True, words, says, seconds)
