# SPDX-License-Identifier: GPL-2.0-or-later
"""Dumps out of a few numbers, for tests that need wrong ones: an ELF core, a
kdump-compressed file and a flattened stream, 64-bit and little-endian, where every field
can be given. Nothing here knows the code under test."""
import struct
import zlib

PAGE = 4096
MACHINE_X86_64 = 62
LOAD, NOTE = 1, 4


def note(name, kind, data):
    pad = lambda b: b + b"\0" * (-len(b) % 4)
    return struct.pack("<III", len(name) + 1, len(data), kind) + pad(name + b"\0") + \
        pad(data)


def segment(kind, offset, paddr, filesz, memsz=None, vaddr=0):
    return struct.pack("<IIQQQQQQ", kind, 7, offset, vaddr, paddr, filesz,
                       filesz if memsz is None else memsz, 0)


def elf(segments, body=b"", phnum=None, phentsize=56, phoff=64):
    """Program headers behind the header, @body from the first page on."""
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 4, MACHINE_X86_64, 1, 0,
                       phoff, 0, 0, 64, phentsize,
                       len(segments) if phnum is None else phnum, 0, 0, 0)
    return (head + b"".join(segments)).ljust(PAGE, b"\0") + body


def bitmap(frames, bits, size):
    out = bytearray(size)
    for pfn in bits:
        if pfn < frames:
            out[pfn // 8] |= 1 << pfn % 8
    return bytes(out)


def descriptor(offset, size, flags=0):
    return struct.pack("<QIIQ", offset, size, flags, 0)


def kdump(pages, frames=64, notes=b"", info=(0, 0), descriptors=None, **header):
    """@pages: {pfn: bytes}, stored with zlib; @descriptors: made of (data, descriptors)
    to replace them; @header: any number of the two headers by name."""
    h = dict(version=6, status=1, block=PAGE, sub_blocks=1 + len(notes) // PAGE,
             max_mapnr=frames, cpus=1, level=0, split=0, info_offset=info[0],
             info_size=info[1], notes_offset=PAGE + 104 if notes else 0,
             notes_size=len(notes), start=0, end=0, frames64=frames)
    half = -(-(frames // 8 + 1) // PAGE) * PAGE
    h["bitmap_blocks"] = 2 * half // PAGE
    h.update(header)
    names = b"".join(n.ljust(65, b"\0") for n in
                     (b"Linux", b"host", b"6.1.0", b"#1", b"x86_64", b"d"))
    out = b"KDUMP   " + struct.pack("<I", h["version"]) + names + b"\0" * 6
    out += struct.pack("<QQIIIII16xI", 0, 0, h["status"], h["block"], h["sub_blocks"],
                       h["bitmap_blocks"], h["max_mapnr"] & 0xffffffff, h["cpus"])
    out = out.ljust(PAGE, b"\0")
    out += struct.pack("<QIIQQQQQQQQQQQ", 0, h["level"], h["split"], 0, 0,
                       h["info_offset"], h["info_size"], h["notes_offset"],
                       h["notes_size"], 0, 0, h["start"], h["end"], h["frames64"]) + notes
    out = out.ljust(PAGE * (2 + len(notes) // PAGE), b"\0")
    out += 2 * bitmap(frames, pages, half)
    data = len(out) + 24 * len(pages)
    descs, payload = [], b""
    for pfn in sorted(pages):
        packed = zlib.compress(pages[pfn])
        descs.append(descriptor(data + len(payload), len(packed), 1))
        payload += packed
    if descriptors:
        descs = descriptors(data, descs)
    return out + b"".join(descs) + payload


def flat(data, piece=65536, end=True):
    out = struct.pack(">16sqq", b"makedumpfile", 1, 1).ljust(PAGE, b"\0")
    for at in range(0, len(data), piece):
        part = data[at:at + piece]
        out += struct.pack(">qq", at, len(part)) + part
    return out + (struct.pack(">qq", -1, -1) if end else b"")
