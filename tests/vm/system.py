# SPDX-License-Identifier: GPL-2.0-or-later
"""The first kernel's system of a scenario: busybox, kdumpd as "meson install" lays
it out, the kernel where Debian puts it, and the part of its modules a machine
with these disks can ask for.
"""

import os
import re
import shlex

import kernels
from initramfs import Initramfs

# What the first kernel loads.  xfs only where used: it costs 2 s.
DISKS = ["virtio_pci", "virtio_blk", "nvme", "sd_mod", "virtio_scsi", "ext4"]
MAY_BE_ABSENT = ["ahci"]  # of cloud kernels before 6.12
# What else kdumpd may want in its image.
OFFERED = ["i6300esb", "softdog", "crc32c_generic", "libcrc32c", "crc32c-cryptoapi",
           "ramoops"]

ENTRY = ". /scenario.sh\n"


class TestSystem(Initramfs):
    def __init__(self, kernel, installed, settings, steps, filesystem="ext4",
                 storage=None, without=(), more=()):
        """@installed: where "meson install --destdir" put kdumpd.
        @settings: of /scenario.env; @steps: a guest/steps-*.sh; @storage: of storage.py;
        @without: modules that kdumpd is not to find; @more: modules to load."""
        loaded = DISKS + ([filesystem] if filesystem not in DISKS else [])
        loaded += storage.modules if storage else ()
        loaded += more
        perhaps = [*MAY_BE_ABSENT, *(storage.perhaps if storage else ())]
        loaded += [name for name in perhaps
                   if kernel.load_order([name], absent_is_fine=True)]
        super().__init__(kernel, loaded, ENTRY)
        self._kernel_files()
        offered = OFFERED + list(storage.offered if storage else ())
        self._module_tree(loaded + [name for name in offered if name not in without])
        self._installed(installed)
        guest = os.path.join(kernels.HERE, "guest")
        self.file("scenario.sh", os.path.join(guest, "scenario.sh"))
        self.file("steps.sh", os.path.join(guest, steps))
        self.settings("scenario.env", settings)
        self.text("etc/hostname", "testvm\n")
        self.text("etc/os-release", "ID=debian\n")
        self.link("usr/lib/modules", "/lib/modules")

    def settings(self, path, values):
        """A file for the shell to read them from."""
        lines = [f"{key}={shlex.quote(str(value))}\n" for key, value in values.items()]
        self.text(path, "".join(lines))

    def _kernel_files(self):
        release = self.kernel.release
        if "vmlinuz" in os.listdir(self.kernel.modules):
            self.file(f"lib/modules/{release}/vmlinuz", self.kernel.vmlinuz)
            self.file(f"lib/modules/{release}/config", self.kernel.root + "/config")
        else:
            self.file(f"boot/vmlinuz-{release}", self.kernel.vmlinuz)
            self.file(f"boot/config-{release}", self.kernel.root + "/config")

    def _module_tree(self, names):
        top = self.kernel.modules
        for name in os.listdir(top):
            if name.startswith("modules."):
                self.file(f"lib/modules/{self.kernel.release}/{name}",
                          os.path.join(top, name))
        for path in self.kernel.load_order(names, absent_is_fine=True):
            self.file(os.path.relpath(path, self.kernel.root), path)

    def _installed(self, root):
        """Programs with their libraries, and their files; no manuals, no headers."""
        for folder, _, files in os.walk(root):
            inside = os.path.relpath(folder, root)
            if re.match(r"usr/(include|share/(man|doc))|usr/lib/systemd", inside):
                continue
            for name in files:
                self._installed_file(os.path.join(folder, name),
                                     os.path.join(inside, name))

    def _installed_file(self, source, path):
        if os.path.islink(source):
            self.link(path, os.readlink(source))
            return
        self.file(path, source)
        with open(source, "rb") as f:
            is_elf = f.read(4) == b"\x7fELF"
        if is_elf:
            self.libraries(source)
