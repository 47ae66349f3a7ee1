# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the log of a disk's writes that QEMU's blklogwrites keeps, and plays parts
of it onto an image.  The format is dm-log-writes' (drivers/md/dm-log-writes.c):
a super block, then for each write a header sector and its data.
"""

import os
import struct
from dataclasses import dataclass

MAGIC = 0x6A736677736872
SUPER = struct.Struct("<QQQI")
ENTRY = struct.Struct("<QQQQ")
SECTOR = 512  # unit of positions and lengths, whatever the log's own sector size
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
KNOWN_FLAGS = 0x1F


@dataclass
class Entry:
    """One write, discard or flush; @offset and @length in bytes of the disk."""
    offset: int
    length: int
    flags: int
    data_at: int

    @property
    def is_barrier(self):
        return bool(self.flags & (FLUSH | FUA))


class Log:
    def __init__(self, path):
        self._file = open(path, "rb")
        size = os.fstat(self._file.fileno()).st_size
        magic, version, count, self._sector = SUPER.unpack(self._file.read(SUPER.size))
        if magic != MAGIC or version != 1 or self._sector < SECTOR:
            raise ValueError(f"{path}: not a version 1 write log")
        self.entries = []
        at = self._sector
        for _ in range(count):
            self._file.seek(at)
            sector, sectors, flags, _ = ENTRY.unpack(self._file.read(ENTRY.size))
            entry = Entry(sector * self._sector, sectors * self._sector, flags,
                          at + self._sector)
            at += self._sector
            if not flags & DISCARD:
                at += entry.length
            if flags & ~KNOWN_FLAGS or at > size:
                raise ValueError(f"{path}: entry {len(self.entries)} is no entry")
            self.entries.append(entry)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._file.close()

    def play(self, entry, image):
        """Does to the open file @image what @entry did to the disk."""
        if not entry.length:
            return
        image.seek(entry.offset)
        if entry.flags & DISCARD:
            image.write(bytes(entry.length))
            return
        self._file.seek(entry.data_at)
        image.write(self._file.read(entry.length))


def count_so_far(path):
    """Entries in the log of a machine that still runs."""
    with open(path, "rb") as f:
        return SUPER.unpack(f.read(SUPER.size))[2]
