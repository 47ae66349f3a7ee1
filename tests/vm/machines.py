# SPDX-License-Identifier: GPL-2.0-or-later
"""What guests of other machines than this one need: QEMU's words, and programs and
libraries out of a sysroot (tests/tools/sysroot), since none of theirs run here.
"""

import functools
import os
import re
import shutil
import subprocess

OWN = "amd64"

# Options of vm.Machine.
QEMU = {
    OWN: {},
    # signed pointers by the architecture's own cipher take most of the time
    "arm64": {"arch": "aarch64", "board": "virt", "console": "ttyAMA0",
              "cpu": "max,pauth-impdef=on"},
}

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tools")


@functools.lru_cache
def root(arch):
    """Where that machine's programs are found; "" for this machine's own."""
    if arch == OWN:
        return ""
    done = subprocess.run([os.path.join(TOOLS, "sysroot"), arch], check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def busybox(arch):
    return root(arch) + "/bin/busybox" if root(arch) else shutil.which("busybox")


def shared_libraries(path, arch=OWN):
    """The libraries @path needs, as places in the guest and files here; nothing for a
    static program."""
    if arch == OWN:
        return {name: name for name in _by_ldd(path)}
    found = {}
    _add_needed(path, root(arch), found)
    return found


def _by_ldd(path):
    out = subprocess.run(["ldd", path], capture_output=True, text=True)
    if "not found" in out.stdout:
        raise RuntimeError(f"{path}: a shared library is missing:\n{out.stdout}")
    return re.findall(r"(/\S+) \(0x", out.stdout)


def _add_needed(path, top, found):
    out = subprocess.run(["readelf", "-W", "-l", "-d", path], capture_output=True,
                         text=True, check=True).stdout
    for loader in re.findall(r"program interpreter: ([^\]]+)\]", out):
        found[loader] = os.path.realpath(top + loader)
    for name in re.findall(r"\(NEEDED\).*\[([^\]]+)\]", out):
        inside = _find_library(name, top)
        if inside not in found:
            found[inside] = os.path.realpath(top + inside)
            _add_needed(found[inside], top, found)


def _find_library(name, top):
    for folder in sorted(os.listdir(top + "/usr/lib")):
        if os.path.exists(f"{top}/usr/lib/{folder}/{name}"):
            return f"/usr/lib/{folder}/{name}"
    raise RuntimeError(f"{name}: not in {top}")


@functools.lru_cache
def virtiofsd():
    """The server of virtiofs. Debian 12 has it in its own QEMU's package, of which
    only this one file is wanted."""
    for path in ("/usr/libexec/virtiofsd", "/usr/lib/qemu/virtiofsd"):
        if os.path.exists(path):
            return path
    cache = os.environ.get("KDUMPD_CACHE", "/var/cache/kdumpd-tests")
    folder = os.path.join(cache, "virtiofsd")
    path = os.path.join(folder, "usr/lib/qemu/virtiofsd")
    if not os.path.exists(path):
        suite = os.path.join(TOOLS, "debian-suite")
        subprocess.run([suite, "bookworm", "update"], check=True, stdout=subprocess.PIPE)
        subprocess.run([suite, "bookworm", "unpack", folder, "qemu-system-common",
                        "*/virtiofsd"], check=True, stdout=subprocess.PIPE)
    return path
