# SPDX-License-Identifier: GPL-2.0-or-later
"""libkdumpfile by ctypes: its C API is stable, while the Python bindings changed their
name between Debian releases. Used by check-kdumpfile and compare-pages."""

import ctypes
import os

OK, NODATA = 0, 3  # kdump_status
MACHPHYSADDR = 1  # kdump_addrspace_t
NUMBER, ADDRESS, STRING = 2, 3, 4  # kdump_attr_type_t


class Value(ctypes.Union):
    _fields_ = [("number", ctypes.c_uint64), ("string", ctypes.c_char_p)]


class Attr(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("val", Value)]


def load():
    for version in ("12", "11", "10"):
        try:
            lib = ctypes.CDLL(f"libkdumpfile.so.{version}")
        except OSError:
            continue
        lib.kdump_new.restype = ctypes.c_void_p
        lib.kdump_get_err.restype = ctypes.c_char_p
        return lib
    raise SystemExit("no libkdumpfile on this system")


class Dump:
    """A dump, or the parts of a split one."""

    def __init__(self, *paths):
        self.lib = load()
        self.ctx = ctypes.c_void_p(self.lib.kdump_new())
        self.fds = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in paths]
        fds = (ctypes.c_int * len(paths))(*self.fds)
        self.check(self.lib.kdump_open_fdset(self.ctx, len(paths), fds), paths[0])

    def close(self):
        self.lib.kdump_free(self.ctx)
        for fd in self.fds:
            os.close(fd)

    def error(self):
        return (self.lib.kdump_get_err(self.ctx) or b"no message").decode()

    def check(self, status, what):
        if status != OK:
            raise SystemExit(f"libkdumpfile: {what}: {self.error()}")

    def attr(self, key):
        found = Attr()
        status = self.lib.kdump_get_attr(self.ctx, key.encode(), ctypes.byref(found))
        self.check(status, key)
        if found.type == STRING:
            return found.val.string.decode()
        if found.type in (NUMBER, ADDRESS):
            return found.val.number
        raise SystemExit(f"libkdumpfile: {key}: unexpected type {found.type}")

    def expect(self, key, value):
        if self.attr(key) != value:
            raise SystemExit(f"libkdumpfile: {key} is {self.attr(key)}, not {value}")

    def pages(self):
        """(pfn, kdump_status, bytes) of every page below the last; the bytes are only
        good for OK, and only until the next one."""
        size = self.attr("arch.page_size")
        page = ctypes.create_string_buffer(size)
        length = ctypes.c_size_t()
        for pfn in range(self.attr("max_pfn")):
            length.value = size
            status = self.lib.kdump_read(self.ctx, MACHPHYSADDR,
                                         ctypes.c_uint64(pfn * size), page,
                                         ctypes.byref(length))
            yield pfn, status, page.raw if status == OK else None
