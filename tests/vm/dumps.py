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
FOLDER = re.compile(r"^127\.0\.0\.1-\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d$")
COMPLETE, PARTIAL, NO_DUMP, ANY = "complete", "partial", "no dump", "any"
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


def new_folder(crash_folder):
    """The folder of the one new dump; None when there is none."""
    found = [name for name in os.listdir(crash_folder) if name != OLD]
    expect(len(found) <= 1, f"more than one new dump: {found}")
    if not found:
        return None
    expect(FOLDER.match(found[0]), f"folder has a strange name: {found[0]}")
    return os.path.join(crash_folder, found[0])


def check_modes(folder):
    expect(os.stat(folder).st_mode & 0o077 == 0, "others may enter the dump folder")
    for name in os.listdir(folder):
        mode = os.stat(os.path.join(folder, name)).st_mode
        expect(mode & 0o177 == 0, f"{name} has mode {mode & 0o777:o}")


def check_dmesg(folder):
    with open(os.path.join(folder, "vmcore-dmesg.txt"), errors="replace") as f:
        text = f.read()
    for line in ("Linux version", "sysrq: Trigger a crash",
                 "Kernel panic - not syncing: sysrq triggered crash"):
        expect(line in text, f"vmcore-dmesg.txt lacks '{line}'")
    return text


def outcome(folder):
    with open(os.path.join(folder, "outcome.json")) as f:
        return json.load(f)


def check_complete(folder, kernel):
    expect(sorted(os.listdir(folder)) ==
           ["outcome.json", "vmcore", "vmcore-dmesg.txt"],
           f"files are {sorted(os.listdir(folder))}")
    check_modes(folder)
    dmesg = check_dmesg(folder)
    told = outcome(folder)
    expect(told["state"] == "complete", f"outcome says {told['state']}")
    expect(told["layout"] == "file", f"layouts came from: {told['layout']}")
    for key, name in (("vmcoreBytes", "vmcore"), ("dmesgBytes", "vmcore-dmesg.txt")):
        size = os.stat(os.path.join(folder, name)).st_size
        expect(told[key] == size, f"outcome's {key} is {told[key]}, not {size}")
    with open(os.path.join(folder, "vmcore"), "rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    expect(told["sha256"] == digest, f"outcome's sha256 is {told['sha256']}")
    check_readable(os.path.join(folder, "vmcore"), kernel, dmesg)
    return told


def check_reaches(crash_folder, address):
    """The dump's page frames reach @address: memory that was plugged in is in it."""
    vmcore = os.path.join(new_folder(crash_folder), "vmcore")
    with open(vmcore, "rb") as f:
        f.seek(SUB_HEADER + MAX_MAPNR_64)
        (frames,) = struct.unpack("<Q", f.read(8))
    expect(frames * 4096 >= address, f"the dump ends at {frames * 4096:#x}")


def check_readable(vmcore, kernel, dmesg):
    """Debian's makedumpfile finds the same log; its crash the panic's back trace. Of
    another machine libkdumpfile reads every page."""
    with open(vmcore, "rb") as f:
        head = f.read(4096)
    expect(head.startswith(b"KDUMP   "), "vmcore has no kdump header")
    expect(kernel.release.encode() in head, "vmcore's header names another kernel")
    if kernel.arch != machines.OWN:
        done = subprocess.run([CHECK_KDUMPFILE, vmcore], capture_output=True, text=True)
        expect(done.returncode == 0, f"libkdumpfile: {done.stdout}{done.stderr}")
    if kernel.series != "6.1":
        return
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
    done = subprocess.run(["crash", "-s", kernel.vmlinux, vmcore], capture_output=True,
                          text=True, input="bt\nquit\n", timeout=180)
    expect("sysrq_handle_crash" in done.stdout,
           f"crash bt:\n{done.stdout[-2000:]}{done.stderr[-500:]}")


def check_left(left, crash_folder, kernel):
    """@left: COMPLETE; PARTIAL: the log, and no more than an incomplete dump;
    NO_DUMP: nothing need be there, but nothing may look whole either; ANY: a whole
    one is fine, but then it must be whole.
    Returns the outcome, or None."""
    check_earlier(crash_folder)
    folder = new_folder(crash_folder)
    if left == COMPLETE:
        expect(folder, "no dump was left")
        return check_complete(folder, kernel)
    names = os.listdir(folder) if folder else []
    if left == ANY and "vmcore" in names:
        return check_complete(folder, kernel)
    expect("vmcore" not in names, "what cannot be whole is named vmcore")
    if left in (NO_DUMP, ANY):
        return None
    expect(folder, "not even the kernel log was left")
    check_modes(folder)
    check_dmesg(folder)
    told = outcome(folder)
    expect(told["state"] in ("incomplete", "dmesg-only"),
           f"outcome says {told['state']}")
    return told
