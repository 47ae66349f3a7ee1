# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a kdump-compressed file, without any of the code under test.

Layout: makedumpfile's diskdump_mod.h and crash's diskdump.c (64-bit, little
endian): header, sub header with notes, two bitmaps of the same size, one
descriptor for each bit set in the second one, page data.
"""

import ctypes
import struct
import zlib

SIGNATURE = b"KDUMP   "
HEADER = struct.Struct("<8si390x6x8x8xIiiII")  # up to max_mapnr, offset 444
SUB_HEADER = struct.Struct("<Qiiqqqqqqqqqqq")
DESCRIPTOR = struct.Struct("<qIIQ")
ZLIB, LZO, SNAPPY, INCOMPLETE, ZSTD = 0x1, 0x2, 0x4, 0x8, 0x20
CODECS = ZLIB | LZO | SNAPPY | ZSTD


class Kdump:
    def __init__(self, path):
        self.file = open(path, "rb")
        header = self.file.read(HEADER.size)
        (signature, self.version, self.status, self.block_size, self.sub_blocks,
         self.bitmap_blocks, max_mapnr) = HEADER.unpack(header)
        if signature != SIGNATURE:
            raise ValueError(f"{path}: not a kdump-compressed file")
        sub = SUB_HEADER.unpack(self._read(self.block_size, SUB_HEADER.size))
        self.dump_level = sub[1]
        self.max_mapnr = sub[13] if self.version >= 6 else max_mapnr
        start = self.block_size * (1 + self.sub_blocks)
        half = self.block_size * self.bitmap_blocks // 2
        self.ram = self._read(start, half)
        self.kept = self._read(start + half, half)
        self.descriptors = start + 2 * half

    def _read(self, offset, size):
        self.file.seek(offset)
        data = self.file.read(size)
        if len(data) != size:
            raise ValueError(f"{self.file.name}: ends within {size} bytes at {offset}")
        return data

    def pfns(self):
        """Numbers of the kept pages, in the order of their descriptors."""
        return bits(self.kept)

    def pages(self):
        """(pfn, descriptor flags, stored bytes) of every kept page."""
        pfns = self.pfns()
        table = self._read(self.descriptors, DESCRIPTOR.size * len(pfns))
        for pfn, entry in zip(pfns, DESCRIPTOR.iter_unpack(table)):
            offset, size, flags, _ = entry
            yield pfn, flags, self._read(offset, size)


def bits(bitmap):
    """Numbers of the bits set in @bitmap, ascending."""
    found = []
    for index in range(0, len(bitmap), 8):
        word = int.from_bytes(bitmap[index:index + 8], "little")
        while word:
            low = word & -word
            found.append(index * 8 + low.bit_length() - 1)
            word ^= low
    return found


class Inflater:
    """Stored bytes -> page; zstd by the C library, as Python has none before 3.14."""

    def __init__(self, page_size):
        self.zstd = ctypes.CDLL("libzstd.so.1")
        self.zstd.ZSTD_decompress.restype = ctypes.c_size_t
        self.page = ctypes.create_string_buffer(page_size)

    def inflate(self, flags, data):
        if flags & ZLIB:
            data = zlib.decompress(data)
        elif flags & ZSTD:
            size = self.zstd.ZSTD_decompress(self.page, ctypes.c_size_t(len(self.page)),
                                             data, ctypes.c_size_t(len(data)))
            data = self.page.raw[:size]
        elif flags & CODECS:
            raise ValueError(f"no inflater for codec {flags:#x}")
        if len(data) != len(self.page):
            raise ValueError(f"a page has {len(data)} bytes")
        return data
