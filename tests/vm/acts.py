# SPDX-License-Identifier: GPL-2.0-or-later
"""What is done to a machine from outside while it runs: a scenario's acts, each when the
console shows its line.
"""

import re
import subprocess
from dataclasses import dataclass

import gdbstub
import sectors

TARGET_DISK = 2
FOR_EVER_MS = 1 << 30


@dataclass(frozen=True)
class Act:
    """@when: a line of the console after the act before; @do: a name below."""
    when: str
    do: str
    args: tuple = ()


def function_in_map(path, name):
    """Of a program linked with a section a function."""
    with open(path, encoding="utf-8") as f:
        found = re.search(rf"^ \.text\.{name}\s+(0x[0-9a-f]+)", f.read(), re.M)
    if not found:
        raise ValueError(f"{path}: no function {name}")
    return int(found[1], 16)


def symbol(program, name):
    out = subprocess.run(["nm", program], capture_output=True, check=True, text=True)
    for line in out.stdout.splitlines():
        words = line.split()
        if words[-1] == name and len(words) == 3:
            return int(words[0], 16)
    raise ValueError(f"{program}: no symbol {name}")


def stop_cpus(guest, _files):
    """No CPU does anything any more, not even for an interrupt."""
    with gdbstub.Debugger(guest.gdb) as debugger:
        for cpu in debugger.cpus():
            debugger.at(cpu)
            flags = debugger.register(gdbstub.FLAGS)
            debugger.set_register(gdbstub.FLAGS, flags & ~gdbstub.INTERRUPTS_ON)
            debugger.write(debugger.register(gdbstub.RIP), gdbstub.JUMP_HERE)


def stop_init(guest, files, function):
    """Pid 1 spins at the start of @function, which its children do not call."""
    with gdbstub.Debugger(guest.gdb) as debugger:
        debugger.run_to(function_in_map(files.init_map, function))
        debugger.write(debugger.register(gdbstub.RIP), gdbstub.JUMP_HERE)


def set_second(guest, files, function, value):
    """The second argument of @function of capture-init, when it is called next."""
    with gdbstub.Debugger(guest.gdb) as debugger:
        debugger.run_to(function_in_map(files.init_map, function))
        debugger.set_register(gdbstub.RSI, value)


def sleep_in(guest, files, function):
    """Who calls @function of the kernel (which runs where it was linked) sleeps in it
    and cannot be killed."""
    with gdbstub.Debugger(guest.gdb) as debugger:
        debugger.run_to(symbol(files.vmlinux, function))
        debugger.set_register(gdbstub.RDI, FOR_EVER_MS)
        debugger.set_register(gdbstub.RIP, symbol(files.vmlinux, "msleep"))


@dataclass(frozen=True)
class Files:
    """Where acts find symbols, and what lies where on the target, which is an image of
    file system @fstype."""
    init_map: str
    vmlinux: str
    target: str
    fstype: str


def fail_disk(guest, files, *rules):
    """@rules: blkdebug's; a sector may be "data", which the dump will cover, or
    "journal"."""
    resolved = []
    for rule in rules:
        where = rule.get("sector")
        if isinstance(where, str):
            found = sectors.find(files.target, files.fstype, where)
            resolved += [{**rule, "sector": sector} for sector in found]
        else:
            resolved.append(rule)
    guest.fail_disk(TARGET_DISK, resolved)


ACTS = {
    "sysrq": lambda guest, files, key: guest.sysrq(key),
    "nmi": lambda guest, files: guest.nmi(),
    "fail-disk": fail_disk,
    "slow-disk": lambda guest, files, rate: guest.slow_disk(TARGET_DISK, rate),
    "stop-cpus": stop_cpus,
    "stop-init": stop_init,
    "set-second-argument": set_second,
    "sleep-in": sleep_in,
}


def perform(act, guest, files):
    ACTS[act.do](guest, files, *act.args)
