# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts a scenario's machine together: disks with an earlier dump on the target,
kdump.conf, the first kernel's system, the kernel's command line.
"""

import fcntl
import io
import os
import shutil
import subprocess
import tarfile

import dumps
import kernels
import machines
import vm
from initramfs import Initramfs
from storage import STORAGES
from system import TestSystem

TARGETS = {"virtio": "/dev/vdc", "nvme": "/dev/nvme0n1", "scsi": "/dev/sda",
           "sata": "/dev/sda"}
PLUGGED_MEMORY = 256 << 20
UUID, LABEL = "6b64756d-7064-4744-8e3c-7465737400aa", "crashdisk"
CONFIG = """{target}
path {path}
core_collector makedumpfile {filter} --message-level 7
final_action reboot
"""


def install(build):
    """What "meson install" would put on a system; returns its root."""
    root = os.path.join(build, "vm/root")
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["meson", "install", "-C", build, "--quiet", "--destdir", root],
                   check=True, stdout=subprocess.DEVNULL)
    return root


def target_image(scenario, work):
    root = os.path.join(work, "target")
    dumps.earlier_dump(root)
    image = vm.blank(os.path.join(work, "target.img"), scenario.megabytes)
    if scenario.filesystem == "ext4":
        subprocess.run(["mkfs.ext4", "-q", "-U", UUID, "-L", LABEL, "-d", root, image],
                       check=True)
    else:
        proto = xfs_proto(root, os.path.join(work, "proto"))
        subprocess.run(["mkfs.xfs", "-q", "-m", "uuid=" + UUID, "-L", LABEL, "-p",
                        proto, image], check=True)
    return image


def xfs_proto(root, path):
    """mkfs.xfs's way to be given files: a line each, folders end with "$"."""
    lines = ["-", "0 0", "d--755 0 0"]

    def folder(where):
        for name in sorted(os.listdir(where)):
            inside = os.path.join(where, name)
            if os.path.isdir(inside):
                lines.append(f"{name} d--700 0 0")
                folder(inside)
            else:
                lines.append(f"{name} ---600 0 0 {inside}")
        lines.append("$")

    folder(root)
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    return path


def second_system(kernel, work):
    """What kexec -e is to bring up."""
    with open(os.path.join(kernels.HERE, "guest/second.sh")) as f:
        second = Initramfs(kernel, [], f.read())
    second.text("token", "the second initrd\n")
    return second.write(os.path.join(work, "second.img"))


def trigger(scenario):
    if scenario.module:
        # beside what follows: it may not come back
        return f"insmod /crashme.ko how={scenario.module} &\n" + scenario.trigger
    return scenario.trigger


def crash_module(kernel, work):
    """tests/torture/module, built once for all machines whose folders lie together."""
    folder = os.path.join(os.path.dirname(work), "module-" + kernel.series)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run([os.path.join(kernels.HERE, "../torture/module/build"),
                               kernel.series, folder], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("crashme.ko: " + done.stderr)
    return os.path.join(folder, "crashme.ko")


def earlier_tar(work, storage):
    """The earlier dump, as the guest unpacks it on a target it made itself."""
    root = os.path.join(work, "earlier")
    dumps.earlier_dump(root)
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for folder, _, files in os.walk(root):
            for name in files:
                path = os.path.join(folder, name)
                inside = os.path.relpath(path, root)
                tar.add(path, inside if storage.colons else inside.replace(":", "_"))
    return data.getvalue()


def add_storage(system, storage):
    """What the guest needs to make its target: guest/storage.sh."""
    guest = os.path.join(kernels.HERE, "guest")
    letters = {"paths": ("sd", "abcdef")}.get(storage.bus, ("vd", "cdefgh"))
    names = {f"D{i + 1}": f"/dev/{letters[0]}{letters[1][i]}"
             for i in range(storage.disks)}
    system.settings("storage.env", {"MAKE": storage.make, "OPEN": storage.open,
                                    "MOUNT": storage.mount, "CONFIG": storage.config,
                                    **names})
    system.file("storage.sh", os.path.join(guest, "storage.sh"))
    for program in storage.programs:
        system.program(os.path.realpath(program), "sbin/" + os.path.basename(program))


def target_disks(scenario, storage, work):
    if not storage:
        return [vm.Disk(target_image(scenario, work), scenario.bus)]
    count = 1 if storage.bus == "paths" else storage.disks
    return [vm.Disk(vm.blank(os.path.join(work, f"target{i or ''}.img"), 512),
                    storage.bus) for i in range(count)]


def share(bus, work):
    """QEMU's words for a folder it shares, and the helper that serves it."""
    folder = os.path.join(work, "shared")
    os.makedirs(folder)
    if bus == "9p":
        return {"extra": ["-fsdev", f"local,id=fs,path={folder},security_model=none",
                          "-device", "virtio-9p-pci,fsdev=fs,mount_tag=crashes"]}
    address = os.path.join(work, "fs.sock")
    return {"helpers": [([machines.virtiofsd(), "--socket-path=" + address, "-o",
                          "source=" + folder, "-o", "sandbox=chroot"], address)],
            "extra": ["-object", "memory-backend-memfd,id=mem,size=2G,share=on",
                      "-numa", "node,memdev=mem", "-chardev",
                      "socket,id=fs,path=" + address,
                      "-device", "vhost-user-fs-pci,chardev=fs,tag=crashes"]}


def machine(scenario, kernel, installed, work, target_disk=None):
    """@target_disk: a vm.Disk to dump to instead of a fresh one."""
    keep = vm.blank(os.path.join(work, "keep.img"), scenario.keep_megabytes)
    subprocess.run(["mkfs.ext4", "-q", keep], check=True)
    outbox = vm.blank(os.path.join(work, "outbox.img"), 1024)
    target = TARGETS[scenario.bus]
    storage = STORAGES.get(scenario.storage)
    settings = {"TARGET": target, "FSTYPE": scenario.filesystem, "UUID": UUID,
                "LABEL": LABEL, "PREPARE": scenario.prepare, "SPOIL": scenario.spoil,
                "METHOD": scenario.method, "CRASHES": scenario.crashes}
    named = {"device": target, "UUID": "UUID=" + UUID, "LABEL": "LABEL=" + LABEL}
    system = TestSystem(kernel, installed, settings, scenario.steps,
                        scenario.filesystem, storage, scenario.without,
                        scenario.modules)
    config = CONFIG.format(target="" if storage else scenario.filesystem + " " +
                           named[scenario.named_by], filter=scenario.filter,
                           path=storage.path if storage else "/var/crash") + scenario.config
    system.text("etc/kdump.conf.rest" if storage else "etc/kdump.conf", config)
    if storage:
        add_storage(system, storage)
        system.data("earlier.tar", earlier_tar(work, storage))
    system.text("etc/sysconfig/kdump", scenario.sysconfig)
    system.text("trigger.sh", trigger(scenario) + "\n")
    for program in scenario.programs:
        system.program(shutil.which(program), "sbin/" + program)
    if scenario.module:
        system.file("crashme.ko", crash_module(kernel, work))
    if scenario.method:
        system.file("second.img", second_system(kernel, work))
    initrd = system.write(os.path.join(work, "first.img"))
    append = "loglevel=4 " + scenario.append
    if scenario.crashkernel:
        append += " crashkernel=" + scenario.crashkernel
    disks = [vm.Disk(keep), vm.Disk(outbox)]
    disks += [target_disk] if target_disk else target_disks(scenario, storage, work)
    options = {"memory": scenario.memory, "extra": list(scenario.devices),
               "gdb": scenario.gdb, **machines.QEMU[kernel.arch]}
    if scenario.efi:
        options["extra"] += vm.firmware(work)
    if scenario.plug:
        options.update(vm.PLUGGABLE)
    if storage and storage.bus in ("virtiofs", "9p"):
        options.update(share(storage.bus, work))
    return vm.Machine(os.path.join(work, "console.log"), kernel.vmlinuz, initrd,
                      append, disks=disks, **options)
