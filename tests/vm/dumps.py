# SPDX-License-Identifier: GPL-2.0-or-later
"""What a capture must have left on its target, judged on the host."""

import hashlib
import json
import os
import re
import struct
import subprocess

import machines

CHECK_KDUMPFILE = os.path.join(machines.TOOLS, "../readers/check-kdumpfile")
FOLDER = re.compile(r"^127\.0\.0\.1-\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d(\.\d+)?$")
# a folder that holds this was there before
TAKEN = ["taken"]
COMPLETE, PARTIAL, NO_DUMP, ANY = "complete", "partial", "no dump", "any"
INCOMPLETE, MINI, DMESG_ONLY, LOG = "incomplete", "mini", "dmesg-only", "log"
# kdump_sub_header of makedumpfile's format, behind one block: docs/format-kdump.md
SUB_HEADER, MAX_MAPNR_64 = 4096, 96
OLD = "127.0.0.1-2020-01-01-00:00:00"


class Wrong(Exception):
    """The machine did something else than the scenario asks for."""


def expect(truth, message):
    if not truth:
        raise Wrong(message)


def earlier_dump(root):
    """Puts a dump of another day below @root; captures must not touch it."""
    folder = os.path.join(root, "var/crash", OLD)
    os.makedirs(folder)
    with open(os.path.join(folder, "vmcore"), "wb") as f:
        f.write(b"KDUMP   " + bytes(range(256)) * 4096)


def check_earlier(crash_folder):
    with open(os.path.join(crash_folder, OLD, "vmcore"), "rb") as f:
        data = f.read()
    expect(data == b"KDUMP   " + bytes(range(256)) * 4096,
           "the earlier dump was changed")


def restore_colons(crash_folder):
    """On vfat there are underscores in their place: only there, and only then."""
    for name in os.listdir(crash_folder):
        expect(re.search(r"-\d\d_\d\d_\d\d$", name), f"folder has a strange name: {name}")
        os.rename(os.path.join(crash_folder, name),
                  os.path.join(crash_folder, name.replace("_", ":")))


def new_folders(crash_folder):
    """The folders of new dumps, oldest first."""
    found = sorted(name for name in os.listdir(crash_folder) if name != OLD and
                   os.listdir(os.path.join(crash_folder, name)) != TAKEN)
    for name in found:
        expect(FOLDER.match(name), f"folder has a strange name: {name}")
    return [os.path.join(crash_folder, name) for name in found]


def new_folder(crash_folder):
    """The folder of the one new dump; None when there is none."""
    found = new_folders(crash_folder)
    expect(len(found) <= 1, f"more than one new dump: {found}")
    return found[0] if found else None


def check_modes(folder):
    expect(os.stat(folder).st_mode & 0o077 == 0, "others may enter the dump folder")
    for name in os.listdir(folder):
        mode = os.stat(os.path.join(folder, name)).st_mode
        expect(mode & 0o177 == 0, f"{name} has mode {mode & 0o777:o}")


def check_dmesg(folder, cause):
    names = sorted(os.listdir(folder))
    expect("vmcore-dmesg.txt" in names, f"no whole log: {', '.join(names)}")
    with open(os.path.join(folder, "vmcore-dmesg.txt"), errors="replace") as f:
        text = f.read()
    for line in ("Linux version", *cause):
        expect(line in text, f"vmcore-dmesg.txt lacks '{line}'")
    return text


def outcome(folder):
    with open(os.path.join(folder, "outcome.json")) as f:
        return json.load(f)


def check_complete(folder, scenario, kernel):
    expect(sorted(os.listdir(folder)) == ["outcome.json", "vmcore", "vmcore-dmesg.txt"],
           f"files are {sorted(os.listdir(folder))}")
    check_modes(folder)
    told = outcome(folder)
    expect(told["state"] == "complete", f"outcome says {told['state']}")
    expect(told["layout"] == scenario.layout, f"layouts came from: {told['layout']}")
    for key, name in (("vmcoreBytes", "vmcore"), ("dmesgBytes", "vmcore-dmesg.txt")):
        size = os.stat(os.path.join(folder, name)).st_size
        expect(told[key] == size, f"outcome's {key} is {told[key]}, not {size}")
    check_digest(folder, told)
    if scenario.levels:
        found = (told["wantedLevel"], told["dumpLevel"])
        expect(found == scenario.levels, f"levels are {found}")
    dmesg = check_dmesg(folder, scenario.cause)
    check_readable(os.path.join(folder, "vmcore"), scenario, kernel, dmesg)
    return told


def check_digest(folder, told):
    with open(os.path.join(folder, "vmcore"), "rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    expect(told["sha256"] == digest, f"outcome's sha256 is {told['sha256']}")


def check_reaches(crash_folder, address):
    """The dump's page frames reach @address: memory that was plugged in is in it."""
    vmcore = os.path.join(new_folder(crash_folder), "vmcore")
    with open(vmcore, "rb") as f:
        f.seek(SUB_HEADER + MAX_MAPNR_64)
        (frames,) = struct.unpack("<Q", f.read(8))
    expect(frames * 4096 >= address, f"the dump ends at {frames * 4096:#x}")


def check_readable(vmcore, scenario, kernel, dmesg):
    """Debian's makedumpfile finds the same log; its crash the panic's back trace. Of
    another machine libkdumpfile reads every page."""
    with open(vmcore, "rb") as f:
        head = f.read(4096)
    expect(head.startswith(b"\x7fELF" if scenario.elf else b"KDUMP   "),
           f"vmcore begins with {head[:8]}")
    expect(scenario.elf or kernel.release.encode() in head,
           "vmcore's header names another kernel")
    if kernel.arch != machines.OWN:
        done = subprocess.run([CHECK_KDUMPFILE, vmcore], capture_output=True, text=True)
        expect(done.returncode == 0, f"libkdumpfile: {done.stdout}{done.stderr}")
    if kernel.series != "6.1":
        return
    if scenario.same_log and dmesg is not None:
        check_same_log(vmcore, dmesg)
    if scenario.function:
        check_back_trace(vmcore, kernel, scenario.function)


def check_same_log(vmcore, dmesg):
    log = vmcore + ".log"
    if os.path.exists(log):
        os.unlink(log)
    done = subprocess.run(["makedumpfile", "--dump-dmesg", vmcore, log],
                          capture_output=True, text=True)
    expect(done.returncode == 0, f"makedumpfile --dump-dmesg: {done.stderr}")
    with open(log, errors="replace") as f:
        theirs = f.read()
    os.unlink(log)
    expect(theirs == dmesg, "vmcore-dmesg.txt is not what makedumpfile prints")


def check_back_trace(vmcore, kernel, function):
    done = subprocess.run(["crash", "-s", kernel.vmlinux, vmcore], capture_output=True,
                          text=True, input="bt\nquit\n", timeout=180)
    expect(function in done.stdout,
           f"crash bt:\n{done.stdout[-2000:]}{done.stderr[-500:]}")


def check_left(scenario, crash_folder, kernel):
    """Against scenario.left, for each crash. Returns the last outcome, or None."""
    check_earlier(crash_folder)
    if not isinstance(scenario.left, tuple):
        return check_one(scenario.left, new_folder(crash_folder), scenario, kernel)
    folders = new_folders(crash_folder)
    if set(scenario.left) == {ANY}:
        expect(folders, "none of the crashes left anything")
        return [check_one(ANY, folder, scenario, kernel) for folder in folders][-1]
    expect(len(folders) == len(scenario.left), f"dumps of {len(scenario.left)} crashes: "
           f"{[os.path.basename(f) for f in folders]}")
    for left, folder in zip(scenario.left, folders):
        told = check_one(left, folder, scenario, kernel)
    return told


def check_one(left, folder, scenario, kernel):
    """@left: COMPLETE; INCOMPLETE, MINI, DMESG_ONLY: the log, and the outcome says so; PARTIAL:
    one of them; LOG: the log, the capture was not to end in order, though what was to
    make the dump may have; NO_DUMP: nothing need be there, but nothing may look whole
    either; ANY: a whole one is fine, but then it must be whole."""
    if left == COMPLETE:
        expect(folder, "no dump was left")
        return check_complete(folder, scenario, kernel)
    names = os.listdir(folder) if folder else []
    if left == ANY and "vmcore" in names:
        return check_complete(folder, scenario, kernel)
    expect(left == LOG or "vmcore" not in names, "what cannot be whole is named vmcore")
    if left in (NO_DUMP, ANY):
        return None
    expect(folder, "not even the kernel log was left")
    check_modes(folder)
    dmesg = check_dmesg(folder, scenario.cause)
    if left == LOG:
        if "vmcore" in names:
            check_readable(os.path.join(folder, "vmcore"), scenario, kernel, dmesg)
        return None
    told = outcome(folder)
    states = (INCOMPLETE, MINI, DMESG_ONLY) if left == PARTIAL else (left,)
    expect(told["state"] in states, f"outcome says {told['state']}")
    if "vmcore-mini" in names:
        size = os.stat(os.path.join(folder, "vmcore-mini")).st_size
        expect(told["miniBytes"] == size, f"outcome's miniBytes is {told['miniBytes']}")
        check_readable(os.path.join(folder, "vmcore-mini"), scenario, kernel, None)
    return told
