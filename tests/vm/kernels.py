# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian kernels in the test cache, and which of their modules a guest must load."""

import lzma
import os
import subprocess

import machines

HERE = os.path.dirname(os.path.abspath(__file__))
SERIES = ("6.1", "6.12", "7.3")


def cache():
    return os.environ.get("KDUMPD_CACHE", "/var/cache/kdumpd-tests")


def machine_of(series):
    """Of "6.1" this one, of "6.1:arm64" arm64."""
    return series.partition(":")[2] or machines.OWN


class Kernel:
    def __init__(self, series, debug=False):
        """@series: "6.1"; another machine's is "6.1:arm64"."""
        command = [os.path.join(HERE, "fetch-kernel")]
        command += ["--debug"] if debug else []
        out = subprocess.run([*command, series], stdout=subprocess.PIPE, check=True)
        self.series = series
        self.arch = machine_of(series)
        self.root = out.stdout.decode().strip()
        self.vmlinuz = os.path.join(self.root, "vmlinuz")
        self.vmlinux = os.path.join(self.root, "vmlinux")
        with open(os.path.join(self.root, "release")) as f:
            self.release = f.read().strip()
        self.modules = os.path.join(self.root, "lib/modules", self.release)

    def load_order(self, names, absent_is_fine=False):
        """Files of the modules @names, dependencies and softdeps first."""
        order = []
        for name in names:
            command = ["modprobe", "-d", self.root, "-S", self.release, "-C",
                       "/dev/null", "--show-depends", name]
            done = subprocess.run(command, capture_output=True,
                                  check=not absent_is_fine)
            for line in done.stdout.decode().splitlines():
                words = line.split()
                if words[0] == "insmod" and words[1] not in order:
                    order.append(words[1])
        return order


def module_image(path):
    """The bytes insmod wants: Debian compresses modules since 6.6 or so."""
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".xz"):
        return lzma.decompress(data)
    if path.endswith(".zst"):
        command = ["zstd", "-dcq"]
        return subprocess.run(command, input=data, capture_output=True,
                              check=True).stdout
    return data
