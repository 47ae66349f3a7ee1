# SPDX-License-Identifier: GPL-2.0-or-later
"""Where on a target's image a capture will write: for faults of single sectors."""

import re
import subprocess

# into the free space, where the dump will lie
INSIDE = 16 << 20
# free ranges that are worth filling
LARGE = 2 << 20


def find(image, fstype, what):
    """@what: "data" or "journal". Returns numbers of 512-byte sectors of which a dump
    covers at least one."""
    if what == "journal":
        return [_journal_ext4(image)]
    return {"ext4": _data_ext4, "xfs": _data_xfs}[fstype](image)


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _data_ext4(image):
    """Large ranges are filled in order."""
    out = _run("dumpe2fs", image)
    size = int(re.search(r"Block size:\s+(\d+)", out)[1])
    left = INSIDE
    for line in re.findall(r"Free blocks: (.+)", out):
        for first, last in re.findall(r"(\d+)-(\d+)", line):
            length = (int(last) - int(first) + 1) * size
            if length >= LARGE and left < length:
                return [(int(first) * size + left) // 512]
            left -= length if length >= LARGE else 0
    raise ValueError(f"{image}: too little is free")


def _journal_ext4(image):
    size = int(re.search(r"Block size:\s+(\d+)", _run("dumpe2fs", "-h", image))[1])
    blocks = _run("debugfs", "-R", "blocks <8>", image).split()
    # the first holds its superblock, the next is written first after a clean mount
    return int(blocks[1]) * size // 512


def _data_xfs(image):
    """Which allocation group it will be is not known: one sector of each."""
    out = _run("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agblocks", "-c",
               "freesp -d", image)
    values = {name: int(n) for name, n in re.findall(r"(\w+) = (\d+)", out)}
    largest = {}
    for row in re.findall(r"^\s+(\d+)\s+(\d+)\s+(\d+)$", out, re.M):
        group, start, length = map(int, row)
        largest[group] = max(largest.get(group, (0, 0)), (length, start))
    return [((group * values["agblocks"] + start) * values["blocksize"] + INSIDE) // 512
            for group, (_, start) in largest.items()]
