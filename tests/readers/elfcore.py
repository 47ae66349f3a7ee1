# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the pages of an ELF core, without any of the code under test.

64-bit, little endian, program headers as in elf(5); e_phnum 0xffff means that the count
is in the first section header. Physical addresses count; what lies between p_filesz and
p_memsz is not in the file.
"""
import mmap
import struct

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")
PT_LOAD, PN_XNUM = 1, 0xffff
SH_INFO = 44


class ElfCore:
    def __init__(self, path, page_size=4096):
        self.page_size = page_size
        with open(path, "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = EHDR.unpack_from(self.data)
        if header[0][:4] != b"\x7fELF":
            raise ValueError(f"{path}: not ELF")
        phoff, shoff, count = header[5], header[6], header[10]
        if count == PN_XNUM:
            count = struct.unpack_from("<I", self.data, shoff + SH_INFO)[0]
        segments = [PHDR.unpack_from(self.data, phoff + i * PHDR.size)
                    for i in range(count)]
        # (start, end, file offset) of the bytes that the file has
        self.spans = [(paddr, paddr + filesz, offset)
                      for kind, _, offset, _, paddr, filesz, _, _ in segments
                      if kind == PT_LOAD and filesz]
        for start, end, offset in self.spans:
            if offset + end - start > len(self.data):
                raise ValueError(f"{path}: ends inside of the segment at {start:#x}")
        self.whole, self.partial = self._index()

    def _index(self):
        """pfn -> file offset of pages in one piece; pfns of those that are not."""
        size, whole, partial = self.page_size, {}, set()
        for start, end, offset in self.spans:
            first, last = -(-start // size), end // size
            for pfn in range(first, last):
                whole.setdefault(pfn, offset + pfn * size - start)
            if start % size:
                partial.add(start // size)
            if end % size:
                partial.add(end // size)
        return whole, partial - whole.keys()

    def pfns(self):
        return self.whole.keys() | self.partial

    def page(self, pfn):
        """Its bytes; zeros where the file has none."""
        size = self.page_size
        if pfn in self.whole:
            offset = self.whole[pfn]
            return self.data[offset:offset + size]
        page, base = bytearray(size), pfn * size
        for start, end, offset in self.spans:
            low, high = max(start, base), min(end, base + size)
            if low < high:
                page[low - base:high - base] = \
                    self.data[offset + low - start:offset + high - start]
        return bytes(page)
