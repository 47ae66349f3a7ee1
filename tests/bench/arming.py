# SPDX-License-Identifier: GPL-2.0-or-later
"""Times of arming on this machine's own processor, the load itself left out.

A crash kernel cannot be loaded where none is reserved, so a folder plays the
machine: a real Debian kernel with its modules and BTF, the product as installed,
and of /proc and /sys what arming reads. bench-arm runs the daemon's own code on
it, with a kernel that takes every image.
"""
import os
import shutil
import subprocess
import time

from steps import StepFailed

ROUNDS = 15
DISK = "devices/pci0000:00/0000:00:05.0/virtio2"
UUID = "6b64756d-7064-4744-8e3c-7465737400aa"


def put(root, path, data):
    target = os.path.join(root, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def link(root, path, target):
    os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
    os.symlink(target, os.path.join(root, path))


def put_disk(root):
    """An ext4 file system on a virtio disk, mounted nowhere."""
    image = os.path.join(root, "dev/vda")
    os.makedirs(os.path.dirname(image), exist_ok=True)
    subprocess.run(["mkfs.ext4", "-q", "-U", UUID, image, "64M"], check=True)
    put(root, f"sys/{DISK}/block/vda/dev", "254:0\n")
    put(root, f"sys/{DISK}/modalias", "virtio:d00000002v00001AF4\n")
    put(root, "sys/devices/pci0000:00/0000:00:05.0/modalias",
        "pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00\n")
    link(root, f"sys/{DISK}/block/vda/device", "../..")
    link(root, "sys/dev/block/254:0", f"../../{DISK}/block/vda")
    link(root, "sys/class/block/vda", f"../../{DISK}/block/vda")


def make_machine(root, kernel, btf, installed):
    release = kernel.release
    put(root, "proc/sys/kernel/osrelease", release + "\n")
    put(root, "proc/sys/kernel/random/boot_id", "2fbc4e1a-0000-4000-8000-000000000001\n")
    put(root, "proc/cmdline", "console=ttyS0 crashkernel=96M\n")
    put(root, "proc/self/mountinfo", "1 1 254:0 / / rw - ext4 /dev/vda rw\n")
    put(root, "sys/kernel/kexec_crash_loaded", "0\n")
    put(root, "sys/kernel/kexec_crash_size", f"{96 << 20}\n")
    put(root, "etc/kdump.conf", f"ext4 UUID={UUID}\npath /var/crash\n")
    put_disk(root)
    for source, path in ((kernel.vmlinuz, f"boot/vmlinuz-{release}"),
                         (os.path.join(kernel.root, "config"), f"boot/config-{release}"),
                         (btf, "sys/kernel/btf/vmlinux")):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        shutil.copy(source, os.path.join(root, path))
    shutil.copytree(kernel.modules, os.path.join(root, "lib/modules", release))
    shutil.copytree(os.path.join(installed, "usr/lib/kdumpd"),
                    os.path.join(root, "usr/lib/kdumpd"))


def boot_anew(root):
    """What a restart leaves: the image on disk, nothing loaded, nothing in /run."""
    shutil.rmtree(os.path.join(root, "run"))
    put(root, "sys/kernel/kexec_crash_loaded", "0\n")


def bench(program, root, verb, expected, before=None):
    """Median milliseconds of the whole process, and the size of the image.
    @before: called with @root each time, not timed"""
    times = []
    for _ in range(ROUNDS):
        if before:
            before(root)
        start = time.monotonic()
        done = subprocess.run([program, root, verb], capture_output=True, text=True,
                              check=False)
        times.append((time.monotonic() - start) * 1000)
        if done.returncode or not done.stdout.startswith(expected):
            raise StepFailed(f"bench-arm {verb}: {done.stderr or done.stdout}")
    return sorted(times)[ROUNDS // 2], int(done.stdout.split()[1])


def measure(build, kernel, btf, installed, work):
    """Returns (rebuild ms, no-op start ms, ms at boot with a current image, image
    bytes)."""
    program = os.path.join(build, "tests/bench/bench-arm")
    root = os.path.join(work, "machine")
    make_machine(root, kernel, btf, installed)
    rebuild, size = bench(program, root, "rebuild", "armed")
    start, _ = bench(program, root, "start", "already")
    boot, _ = bench(program, root, "start", "armed", boot_anew)
    return rebuild, start, boot, size
