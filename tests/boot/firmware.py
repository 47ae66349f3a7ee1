# SPDX-License-Identifier: GPL-2.0-or-later
"""Machines that boot by UEFI from their own disks, and say after each boot what their
kernel reserved. Used by the tests beside it; finds tests/vm for them.
"""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../vm"))

import kernels  # noqa: E402
import vm  # noqa: E402

# What is asked for, one after the other; what boots first asks for 100M.
SIZES = (100, 144, 160)


def sizes_file(path):
    """Those that the guest is to ask for, in turn."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(" ".join(map(str, SIZES[1:])) + "\n")
    return path


def system_partition(work, megabytes, files):
    """An EFI system partition as a whole disk; @files: place -> path here."""
    disk = vm.blank(os.path.join(work, "esp.img"), megabytes)
    subprocess.run(["mkfs.vfat", "-F", "32", disk], check=True, capture_output=True)
    subprocess.run(["mmd", "-i", disk, "::EFI", "::EFI/BOOT", "::EFI/Linux"], check=True)
    for place, path in files.items():
        subprocess.run(["mcopy", "-i", disk, path, "::" + place], check=True)
    return disk


def machine(disks, work):
    return vm.Machine(os.path.join(work, "console.log"), None, None, board="q35",
                      memory="1G", disks=[vm.Disk(disk) for disk in disks],
                      extra=vm.firmware(work))


def run(make_disks, build, work):
    """Prints TAP; returns whether each boot reserved what was asked for before."""
    print(f"1..{len(SIZES)}", flush=True)
    good = True
    with machine(make_disks(kernels.Kernel("6.1"), build, work), work) as guest:
        since = 0.0
        for number, size in enumerate(SIZES, 1):
            since, found = guest.wait_for(r"^@@ reserved (\d+)", 240, since)
            right = int(found[1]) == size
            good &= right
            print(f"{'ok' if right else 'not ok'} {number} - reserved {found[1]} of "
                  f"{size} MiB", flush=True)
        guest.wait_for(r"^@@ done", 60, since)
    return good


def main(about, make_disks):
    """@make_disks: of the kernel, the build folder and a folder to work in."""
    parser = argparse.ArgumentParser(description=about.split("\n", maxsplit=1)[0])
    parser.add_argument("build")
    parser.add_argument("--work", help="disks and console are kept there")
    args = parser.parse_args()
    if args.work:
        os.makedirs(args.work, exist_ok=True)
        return 0 if run(make_disks, args.build, args.work) else 1
    with tempfile.TemporaryDirectory() as work:
        return 0 if run(make_disks, args.build, work) else 1
