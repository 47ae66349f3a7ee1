# SPDX-License-Identifier: GPL-2.0-or-later
"""Where on a target's image a capture will write: for faults of single sectors."""

import re
import subprocess

# the smallest dump of these machines has 26 MiB
STRETCH = 20 << 20


def find(image, fstype, what):
    """@what: "data" or "journal". Returns numbers of 512-byte sectors of which a dump
    covers at least one."""
    if what == "journal":
        return [_journal_ext4(image)]
    return {"ext4": _data_ext4, "xfs": _data_xfs}[fstype](image)


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _in_stretches(free):
    """One sector in every stretch that is shorter than a dump: which part of what is free
    it will take is not known. @free: (first byte, byte behind the last) of each range."""
    found, passed = [], 0
    for start, end in free:
        at = start + STRETCH - passed
        while at < end:
            found.append(at // 512)
            at += STRETCH
        passed = STRETCH - (at - end)
    return found


def _data_ext4(image):
    out = _run("dumpe2fs", image)
    size = int(re.search(r"Block size:\s+(\d+)", out)[1])
    return _in_stretches([(int(first) * size, (int(last) + 1) * size)
                          for line in re.findall(r"Free blocks: (.+)", out)
                          for first, last in re.findall(r"(\d+)-(\d+)", line)])


def _journal_ext4(image):
    size = int(re.search(r"Block size:\s+(\d+)", _run("dumpe2fs", "-h", image))[1])
    blocks = _run("debugfs", "-R", "blocks <8>", image).split()
    # the first holds its superblock, the next is written first after a clean mount
    return int(blocks[1]) * size // 512


def _data_xfs(image):
    out = _run("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agblocks", "-c",
               "freesp -d", image)
    values = {name: int(n) for name, n in re.findall(r"(\w+) = (\d+)", out)}
    size = values["blocksize"]
    free = []
    for row in re.findall(r"^\s+(\d+)\s+(\d+)\s+(\d+)$", out, re.M):
        group, start, length = map(int, row)
        first = group * values["agblocks"] + start
        free.append((first * size, (first + length) * size))
    return _in_stretches(sorted(free))
