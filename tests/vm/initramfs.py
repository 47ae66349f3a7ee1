# SPDX-License-Identifier: GPL-2.0-or-later
"""The small system a test's first kernel boots into: busybox, the modules the
test's disks need, the programs under test with their shared libraries.
"""

import os
import re
import subprocess

import kernels
import machines
from cpio import Archive

PRELUDE = """#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /run /tmp /var/lib /mnt
mount -t tmpfs run /run
for module in $(cat /modules/order); do insmod /modules/$module; done
"""


class Initramfs(Archive):
    def __init__(self, kernel, modules, script):
        """@script: shell text that init runs once modules are loaded."""
        super().__init__()
        self.kernel = kernel
        for path in ("bin", "sbin", "usr/bin", "usr/sbin", "dev", "proc", "sys"):
            self.directory(path)
        self.directory("tmp", 0o1777)
        self.character_device("dev/console", 5, 1)
        self._busybox()
        self._modules(modules)
        self.text("init", PRELUDE + script, 0o755)

    def _busybox(self):
        self.file("bin/busybox", machines.busybox(self.kernel.arch), 0o755)
        # the same release's, whatever the machine
        out = subprocess.run(["busybox", "--list"], capture_output=True, check=True)
        for name in out.stdout.decode().split():
            if name != "busybox":
                self.link("bin/" + name, "busybox")

    def _modules(self, names):
        order = []
        for path in self.kernel.load_order(names):
            name = re.sub(r"\.(xz|zst)$", "", os.path.basename(path))
            self.data("modules/" + name, kernels.module_image(path))
            order.append(name)
        self.text("modules/order", "\n".join(order) + "\n")

    def program(self, source, path):
        """Adds the executable @source as @path, and the libraries it needs."""
        self.file(path, source, 0o755)
        self.libraries(source)

    def libraries(self, source):
        """Adds what the ELF file @source needs."""
        needed = machines.shared_libraries(source, self.kernel.arch)
        for path, library in needed.items():
            if path not in self:
                self.file(path, library, 0o755)
