# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian system with systemd that panics, is captured and comes back.

Makes the guest from an installed tree of this project, runs it to its end and
takes the dump out of its disk.  What the guest does is guest/step.  Used by
./demo (which shows it) and ./run (which checks it).
"""

import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../vm"))

import steps  # noqa: E402
import vm  # noqa: E402
from initramfs import Initramfs  # noqa: E402

# The guest's first kernel finds its root as Debian's initramfs would.
HAND_OVER = """
until mount -t ext4 /dev/vda /mnt; do sleep 0.1; done
umount /run /proc /sys
mount -o move /dev /mnt/dev
exec switch_root /mnt /sbin/init
"""
NORMAL_BOOT = r"Command line: (?!.*elfcorehdr=)"
CAPTURE_BOOT = r"Command line: .*elfcorehdr="
RESTART = "reboot: Restarting system"
EVENT = "full-test: "


class FullVm:
    def __init__(self, kernel, destdir, work, crashkernel="96M", memory="2G"):
        """@work: an empty folder for images, logs and the dump."""
        self.kernel = kernel
        self.destdir = destdir
        self.image = os.path.join(work, "root.img")
        self.initrd = os.path.join(work, "initrd.img")
        self.console = os.path.join(work, "console.log")
        self.report = os.path.join(work, "report.txt")
        self.log = os.path.join(work, "make-guest.log")
        self.crash = os.path.join(work, "crash")
        self.crashkernel = crashkernel
        self.memory = memory
        self.extra = []  # further words for QEMU
        self.seconds = {}  # name of a span -> how long it took

    def make(self):
        modules = ["virtio_pci", "virtio_blk", "ext4"]
        Initramfs(self.kernel, modules, HAND_OVER).write(self.initrd)
        steps.run([os.path.join(HERE, "make-guest"), self.kernel.root, self.destdir,
                   self.image], self.log)

    def machine(self, append=""):
        append += (f" root=/dev/vda rw crashkernel={self.crashkernel} panic=30 "
                   f"BOOT_IMAGE=/boot/vmlinuz-{self.kernel.release}")
        return vm.Machine(self.console, self.kernel.vmlinuz, self.initrd, append,
                          memory=self.memory, disks=[vm.Disk(self.image)],
                          extra=["-serial", "file:" + self.report, *self.extra])

    def event(self, machine, name, seconds, since=0.0):
        """Waits for the guest's event @name; an early end of the test fails."""
        pattern = f"{EVENT}({name}|end: .*)"
        stamp, match = machine.wait_for(pattern, seconds, since)
        if match[1].startswith("end: ") and name != "end: well":
            raise steps.StepFailed(f"{match[1][5:]} (console: {self.console}, "
                                   f"report: {self.report})")
        return stamp

    def commands(self):
        """What the guest ran, in order: (command, status, milliseconds, output)."""
        with open(self.report, encoding="utf-8", errors="replace") as file:
            text = file.read().replace("\r", "")
        pattern = r"^@run (.*)\n((?:.*\n)*?)@exit (\d+) (\d+)$"
        return [(command, int(status), int(ms), output) for command, output, status, ms
                in re.findall(pattern, text, re.MULTILINE)]

    def outputs(self):
        """command -> (exit status, output); the last run wins."""
        return {command: (status, output)
                for command, status, _, output in self.commands()}

    def take_dump(self):
        """Copies the guest's /var/crash; returns the one dump folder in it."""
        shutil.rmtree(self.crash, ignore_errors=True)
        os.mkdir(self.crash, 0o700)
        subprocess.run(["debugfs", "-R", f"rdump /var/crash {self.crash}", self.image],
                       capture_output=True, check=True)
        folder = os.path.join(self.crash, "crash")
        dumps = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        if len(dumps) != 1:
            raise steps.StepFailed(f"/var/crash holds {dumps or 'nothing'} "
                                   f"(console: {self.console})")
        return os.path.join(folder, dumps[0])

    def run(self):
        """From power on to power off; each span is a step on the terminal."""
        self._with_machine(self._crash, "")

    def figures(self):
        """Arms and times commands, without a panic; see commands()."""
        self._with_machine(self._figures, "full_test=figures")

    def daemon(self):
        """What guest/daemon tries, without a panic; returns name -> its verdict."""
        self.memory = vm.PLUGGABLE["memory"]
        # QEMU's own network: nothing listens, nothing gets out
        self.extra = ["-nic", "user,model=virtio-net-pci,restrict=on"]
        self._with_machine(self._daemon, "full_test=daemon")
        with open(self.report, encoding="utf-8", errors="replace") as file:
            text = file.read().replace("\r", "")
        return dict(re.findall(r"^@check (\S+) (.*)$", text, re.MULTILINE))

    def _with_machine(self, function, append):
        try:
            with self.machine(append) as machine:
                function(machine)
        except vm.Timeout as error:
            raise steps.StepFailed(str(error)) from error

    def _arm(self, machine):
        with steps.step("guest boots Debian with systemd"):
            up = self.event(machine, "up", 240)
        with steps.step("kdumpd.service is armed"):
            armed = self.event(machine, "armed", 180)
        self.seconds = {"boot": up, "boot to armed": armed}

    def _daemon(self, machine):
        self._arm(machine)
        with steps.step("bus, polkit, a storm of hotplug events"):
            plug = self.event(machine, "plug", 600)
            machine.plug(256 << 20)
        with steps.step("kills, parallel calls, idleness"):
            self.event(machine, "end: well", 1200, plug)
            machine.wait_end(120)

    def _figures(self, machine):
        self._arm(machine)
        with steps.step("guest times commands and powers off"):
            self.event(machine, "end: well", 120)
            machine.wait_end(120)

    def _crash(self, machine):
        self._arm(machine)
        with steps.step("panic: echo c > /proc/sysrq-trigger"):
            panic = self.event(machine, "panic", 60)
            capture, _ = machine.wait_for(CAPTURE_BOOT, 60, panic)
        with steps.step("capture kernel saves the dump and restarts"):
            restart, _ = machine.wait_for(RESTART, 240, capture)
            booted, _ = machine.wait_for(NORMAL_BOOT, 60, restart)
        with steps.step("guest boots normally again, armed"):
            rebooted = self.event(machine, "rebooted", 300, booted)
        with steps.step("guest tells what happened and powers off"):
            self.event(machine, "end: well", 60, rebooted)
            machine.wait_end(120)
        self.seconds["panic to restart"] = restart - panic
        self.seconds["panic to armed again"] = rebooted - panic
