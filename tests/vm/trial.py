# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario, run and judged: its machine from power-on to the guest's "done", then
what it said and what it left.  Called by tests/vm/run.
"""

import os
import shutil
import tarfile

import dumps
import kernels
import stage
import vm
from scenarios import RESTART_LIMIT


def run_machine(scenario, guest):
    """Through to the guest's "done"; returns seconds from panic to restart."""
    guest.wait_for(r"^@@ boot 1", 60)
    if not scenario.left:
        guest.wait_for(r"^@@ done", scenario.limit)
        return None
    _, armed = guest.wait_for(r"^@@ armed (\d)", 60)
    dumps.expect(armed[1] == "1", "not armed: " + " / ".join(marked(guest, "start: ")))
    if scenario.plug:
        guest.wait_for(r"^@@ plug", 60)
        guest.plug(stage.PLUGGED_MEMORY)
    panic, _ = guest.wait_for(stage.PANIC, 60)
    kill_dumper(scenario.kills, guest, panic)
    restart, _ = guest.wait_for(stage.RESTART, RESTART_LIMIT, since=panic)
    guest.wait_for(r"^@@ boot 2", 60, since=restart)
    guest.wait_for(r"^@@ done", 120)
    return restart - panic


def kill_dumper(times, guest, panic):
    """By the OOM killer, once it says how far it is; pid 1 is never its victim."""
    last = panic
    for _ in range(times):
        last, _ = guest.wait_for(stage.DUMPING, 60, since=last)
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
    """kdumpctl's words and exit statuses, before the panic and after."""
    again = ("1", "3") if scenario.full else ("0", "0")
    dumps.expect(marked(guest, "start exit ") == ["0", again[0]], "start's exit status")
    dumps.expect(marked(guest, "status exit ") == ["0", again[1]], "status's exit status")
    dumps.expect("kdump: Kdump is operational" in marked(guest, "status: "),
                 "status lacks its phrase")
    told_full = any("full" in line for line in marked(guest, "start: "))
    dumps.expect(told_full == scenario.full, "whether the target is full")


def judge(scenario, guest, kernel, work):
    """Raises dumps.Wrong, or returns words for the report."""
    judge_checks(scenario, guest)
    if not scenario.left:
        return f"{len(scenario.checks)} checks"
    judge_texts(scenario, guest)
    outbox = os.path.join(work, "outbox")
    with tarfile.open(os.path.join(work, "outbox.img")) as tar:
        tar.extractall(outbox)
    told = dumps.check_left(scenario.left, os.path.join(outbox, "var/crash"), kernel)
    if scenario.plug:
        # below 4 GiB there is no room for the module
        dumps.check_reaches(os.path.join(outbox, "var/crash"),
                            (4 << 30) + stage.PLUGGED_MEMORY)
    if scenario.left == dumps.COMPLETE:
        listed = "\n".join(marked(guest, "list: "))
        dumps.expect("vmcore" in listed or "complete" in listed,
                     "kdumpctl list does not show the dump")
    return f"{told['state']}, {told['vmcoreBytes'] >> 20} MiB" if told else "as it should"


def run(scenario, installed, work):
    """Returns (passed, words)."""
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    kernel = kernels.Kernel(scenario.kernel,
                            debug=scenario.left == dumps.COMPLETE and
                            scenario.kernel == "6.1")
    try:
        with stage.machine(scenario, kernel, installed, work) as guest:
            seconds = run_machine(scenario, guest)
        words = judge(scenario, guest, kernel, work)
    except (vm.Timeout, dumps.Wrong, OSError, KeyError, ValueError) as error:
        return False, f"{error.__class__.__name__}: {error}"
    for name in ("first.img", "target.img", "outbox.img", "keep.img"):
        os.unlink(os.path.join(work, name))
    if seconds is not None:
        words += f", panic to restart {seconds:.1f} s"
    return True, words
