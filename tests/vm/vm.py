# SPDX-License-Identifier: GPL-2.0-or-later
"""A QEMU machine under software emulation whose serial console a test reads.

Every console line gets the host's clock, so that a test can measure the time
between two of them.  The machine never outlives the test: it is killed when its
"with" block ends, and by the kernel when the test program dies.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

PR_SET_PDEATHSIG = 1
OVMF_CODE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
OVMF_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.fd"


class Timeout(Exception):
    """The machine did not print what the test waits for."""


class EmulatorDied(Timeout):
    """QEMU aborted over an assertion of its own, which no guest may bring about."""


class Disk:
    """A raw image, and the bus the guest sees it on: virtio, nvme, scsi or sata; "paths":
    one SCSI disk that is seen twice."""

    DEVICES = {
        "virtio": ["virtio-blk-pci,drive={id},id={id}d,serial={id}"],
        "nvme": ["nvme,drive={id},serial={id}"],
        "scsi": ["virtio-scsi-pci,id={id}c", "scsi-hd,drive={id},bus={id}c.0"],
        "sata": ["ahci,id={id}c", "ide-hd,drive={id},bus={id}c.0,serial={id}"],
        "paths": ["virtio-scsi-pci,id={id}c",
                  *("scsi-hd,drive={id},bus={id}c.0,scsi-id=%d,share-rw=on,"
                    "wwn=0x5000c50012345678,serial={id}" % i for i in (1, 2))],
    }

    def __init__(self, path, bus="virtio", drive=None):
        """@drive: replaces the plain raw backend; its node must be named {id}."""
        self.path = path
        self.bus = bus
        self.drive = drive or [
            "-blockdev",
            "driver=raw,node-name={id},file.driver=file,file.node-name={id}f,"
            "file.filename=" + path,
        ]

    def options(self, name):
        drive = [word.replace("{id}", name) for word in self.drive]
        for device in self.DEVICES[self.bus]:
            drive += ["-device", device.replace("{id}", name)]
        return drive


# Of a machine that plug() can add to.
PLUGGABLE = {"memory": "2G,slots=1,maxmem=4G"}


class Machine:
    def __init__(self, log, kernel, initrd, append="", **options):
        """@kernel: None for a machine that boots by its firmware.
        Options: memory, cpus, cpu, disks, extra (QEMU words), reboot (yes), prefix
        (words in front of QEMU), gdb (a debugger's socket beside @log), helpers (commands
        that run as long as the machine, and the file each makes when it is ready); for
        other machines than PCs arch, board and console."""
        self._helpers = options.get("helpers", [])
        self._running = []
        self.log = log
        self.lines = []
        self._changed = threading.Condition()
        self._ended = False
        self._faults = 0
        self._command = [
            *options.get("prefix", []),
            "qemu-system-" + options.get("arch", "x86_64"),
            "-nodefaults", "-no-user-config", "-display", "none",
            "-machine", options.get("board", "pc"), "-cpu", options.get("cpu", "max"),
            "-accel", "tcg,thread=multi", "-m", options.get("memory", "2G"),
            "-smp", str(options.get("cpus", 2)),
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
            "-qmp", f"unix:{log}.qmp,server=on,wait=off",
        ]
        if kernel:
            # the capture kernel's timer check stalls now and then if emulated
            append = (f"console={options.get('console', 'ttyS0')} no_timer_check "
                      + append)
            self._command += ["-kernel", kernel, "-initrd", initrd, "-append", append]
        for i, disk in enumerate(options.get("disks", [])):
            self._command += disk.options(f"disk{i}")
        if not options.get("reboot", True):
            self._command.append("-no-reboot")
        self.gdb = f"{log}.gdb" if options.get("gdb") else None
        if self.gdb:
            self._command += ["-gdb", f"unix:{self.gdb},server=on,wait=off"]
        self._command += options.get("extra", [])

    def _start_helpers(self):
        for command, ready in self._helpers:
            log = open(ready + ".log", "w")
            self._running.append(subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_die_with_parent))
            deadline = time.monotonic() + 30
            while not os.path.exists(ready):
                if self._running[-1].poll() is not None or time.monotonic() > deadline:
                    raise Timeout(f"{command[0]} did not start; see {ready}.log")
                time.sleep(0.1)

    def __enter__(self):
        self._start_helpers()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, preexec_fn=_die_with_parent)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *exc):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for helper in self._running:
            helper.kill()
            helper.wait()
        self._process.stdin.close()
        for suffix in (".qmp", ".gdb"):
            if os.path.exists(self.log + suffix):
                os.unlink(self.log + suffix)

    def _read(self):
        start = time.monotonic()
        with open(self.log, "w") as log:
            for raw in self._process.stdout:
                stamp = time.monotonic() - start
                line = raw.decode(errors="replace").rstrip("\r\n")
                log.write(f"{stamp:8.2f} {line}\n")
                log.flush()
                with self._changed:
                    self.lines.append((stamp, line))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, pattern, seconds, since=0.0):
        """Returns (time, match) of the first line after @since that matches. @seconds
        are of a machine that has no more to do than it has CPUs."""
        regex = re.compile(pattern)
        seconds *= max(1, os.getloadavg()[0] / os.cpu_count())
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            with self._changed:
                if len(self.lines) == seen and not self._ended:
                    self._changed.wait(max(0, deadline - time.monotonic()))
                new, ended = self.lines[seen:], self._ended
            for stamp, line in new:
                match = regex.search(line) if stamp > since else None
                if match:
                    return stamp, match
            seen += len(new)
            if not new and (ended or time.monotonic() >= deadline):
                why = "machine ended" if ended else f"not within {seconds:.0f} s"
                if ended and self._process.wait(10) == -signal.SIGABRT:
                    raise EmulatorDied(f"/{pattern}/: QEMU aborted; console: {self.log}")
                raise Timeout(f"/{pattern}/: {why}; console: {self.log}")

    def _monitor(self, command, **arguments):
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(self.log + ".qmp")
            replies = monitor.makefile()
            replies.readline()
            for request in ({"execute": "qmp_capabilities"},
                            {"execute": command, "arguments": arguments}):
                monitor.sendall(json.dumps(request).encode() + b"\n")
                reply = json.loads(replies.readline())
                while "event" in reply:
                    reply = json.loads(replies.readline())
                if "error" in reply:
                    raise RuntimeError(f"{command}: {reply['error']['desc']}")

    def sysrq(self, key):
        """Sends the console a break and @key: the kernel's magic key."""
        self._monitor("chardev-send-break", id="console")
        self.send(key)

    def send(self, text):
        """Types @text at the console."""
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def nmi(self):
        """The button on the front."""
        self._monitor("inject-nmi")

    def fail_disk(self, number, rules):
        """From now on disk @number has the faults of @rules, a list of blkdebug's
        inject-error; an empty one heals it."""
        node, self._faults = f"disk{number}", self._faults + 1
        below = f"{node}f"
        if rules:
            below = f"{node}bad{self._faults}"
            self._monitor("blockdev-add", **{
                "driver": "blkdebug", "node-name": below, "image": f"{node}f",
                "inject-error": rules})
        self._monitor("blockdev-reopen", options=[
            {"driver": "raw", "node-name": node, "file": below}])

    def slow_disk(self, number, bytes_a_second):
        """Writes to disk @number, which must be virtio; 0 ends it."""
        zero = {"bps": 0, "bps_rd": 0, "iops": 0, "iops_rd": 0, "iops_wr": 0}
        self._monitor("block_set_io_throttle",
                      id=f"/machine/peripheral/disk{number}d/virtio-backend",
                      bps_wr=bytes_a_second, **zero)

    def plug(self, memory):
        """Adds a memory module of that size, for which the machine was started with
        room (PLUGGABLE)."""
        self._monitor("object-add", **{"qom-type": "memory-backend-ram", "id": "more",
                                       "size": memory})
        self._monitor("device_add", driver="pc-dimm", id="module", memdev="more")

    def dump_memory(self, path):
        """Stops the machine for as long as its memory takes to become an ELF core."""
        self._monitor("dump-guest-memory", paging=False, protocol="file:" + path)

    def wait_end(self, seconds):
        """Waits until the machine powers itself off."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Timeout(f"still running after {seconds} s; console: {self.log}")
        self._reader.join()


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def firmware(folder):
    """Words for QEMU: OVMF in place of a BIOS, with variables of its own in @folder."""
    variables = os.path.join(folder, "variables.fd")
    shutil.copy(OVMF_VARIABLES, variables)
    return ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF_CODE}",
            "-drive", f"if=pflash,format=raw,file={variables}"]


def blank(path, megabytes):
    """A sparse disk image; replaces what was there."""
    with open(path, "wb") as f:
        f.truncate(megabytes << 20)
    return path
