# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes an initramfs (newc cpio) from a description, without touching disk.

Used for the first kernel of a test machine only; the capture image under test is
made by kdumpd itself.
"""

import os
import stat


class Archive:
    """Collects files, directories, links and device nodes; later ones win."""

    def __init__(self):
        self._entries = {}

    def _add(self, path, mode, data=b"", device=(0, 0)):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self._entries:
            self.directory(parent)
        self._entries[path] = (mode, data, device)

    def directory(self, path, mode=0o755):
        self._add(path, stat.S_IFDIR | mode)

    def link(self, path, target):
        self._add(path, stat.S_IFLNK | 0o777, target.encode())

    def text(self, path, text, mode=0o644):
        self._add(path, stat.S_IFREG | mode, text.encode())

    def data(self, path, data, mode=0o644):
        self._add(path, stat.S_IFREG | mode, data)

    def file(self, path, source, mode=None):
        with open(source, "rb") as f:
            data = f.read()
        if mode is None:
            mode = stat.S_IMODE(os.stat(source).st_mode)
        self._add(path, stat.S_IFREG | mode, data)

    def character_device(self, path, major, minor):
        self._add(path, stat.S_IFCHR | 0o600, device=(major, minor))

    def __contains__(self, path):
        return path.strip("/") in self._entries

    def write(self, path):
        with open(path, "wb") as f:
            for inode, name in enumerate(self._entries, 1):
                mode, data, device = self._entries[name]
                _write_entry(f, inode, name, mode, data, device)
            _write_entry(f, 0, "TRAILER!!!", 0, b"", (0, 0))
        return path


def _write_entry(f, inode, name, mode, data, device):
    encoded = name.encode() + b"\0"
    fields = [inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0]
    header = b"070701" + b"".join(b"%08x" % n for n in fields)
    f.write(_padded(header + encoded))
    f.write(_padded(data))


def _padded(data):
    return data + b"\0" * (-len(data) % 4)
