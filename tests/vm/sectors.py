# SPDX-License-Identifier: GPL-2.0-or-later
"""Where on a target's image a capture will write: for faults of single sectors."""

import re
import subprocess

# into the largest free range, where the dump will lie
INSIDE = 8 << 20


def find(image, fstype, what):
    """@what: "data" or "journal". Returns a number of 512-byte sectors."""
    if (fstype, what) == ("ext4", "data"):
        return _largest_free_ext4(image)
    if (fstype, what) == ("xfs", "data"):
        return _largest_free_xfs(image)
    return _journal_ext4(image)


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _largest_free_ext4(image):
    out = _run("dumpe2fs", image)
    size = int(re.search(r"Block size:\s+(\d+)", out)[1])
    ranges = [(int(a), int(b)) for line in re.findall(r"Free blocks: (.+)", out)
              for a, b in re.findall(r"(\d+)-(\d+)", line)]
    first = max(ranges, key=lambda r: r[1] - r[0])[0]
    return (first * size + INSIDE) // 512


def _journal_ext4(image):
    size = int(re.search(r"Block size:\s+(\d+)", _run("dumpe2fs", "-h", image))[1])
    blocks = _run("debugfs", "-R", "blocks <8>", image).split()
    # the first holds its superblock, the next is written first after a clean mount
    return int(blocks[1]) * size // 512


def _largest_free_xfs(image):
    out = _run("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agblocks", "-c",
               "freesp -d", image)
    values = dict(re.findall(r"(\w+) = (\d+)", out))
    free = re.findall(r"^\s+(\d+)\s+(\d+)\s+(\d+)$", out, re.M)
    group, start, _ = max(free, key=lambda row: int(row[2]))
    block = int(group) * int(values["agblocks"]) + int(start)
    return (block * int(values["blocksize"]) + INSIDE) // 512
