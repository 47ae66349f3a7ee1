# SPDX-License-Identifier: GPL-2.0-or-later
"""QEMU's debugger socket of an x86-64 machine: stops the CPUs, changes a register or a
byte, lets them go on.  Speaks the few packets of gdb's remote protocol that this takes.
"""

import socket

RDI, RSI, RIP, FLAGS = 5, 4, 16, 17
INTERRUPTS_ON = 1 << 9
JUMP_HERE = b"\xeb\xfe"


class Debugger:
    """The machine stands still within a "with" block, unless continued."""

    def __init__(self, path, seconds=600):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(seconds)
        self._socket.connect(path)
        self._input = self._socket.makefile("rb")

    def __enter__(self):
        self._ask("?")
        return self

    def __exit__(self, *exc):
        self._ask("D")
        self._input.close()
        self._socket.close()

    def _send(self, packet):
        data = packet.encode()
        self._socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xFF))

    def _reply(self):
        while (byte := self._input.read(1)) != b"$":
            if not byte:
                raise OSError("the debugger's socket was closed")
        data = b""
        while (byte := self._input.read(1)) != b"#":
            data += byte
        self._input.read(2)
        self._socket.sendall(b"+")
        return data.decode()

    def _ask(self, packet):
        self._send(packet)
        reply = self._reply()
        if reply.startswith("E"):
            raise OSError(f"debugger: {packet}: {reply}")
        return reply

    def cpus(self):
        """Their names; one is chosen by at()."""
        names, reply = [], self._ask("qfThreadInfo")
        while reply.startswith("m"):
            names += reply[1:].split(",")
            reply = self._ask("qsThreadInfo")
        return names

    def at(self, cpu):
        self._ask("Hg" + cpu)

    def register(self, number):
        registers = bytes.fromhex(self._ask("g"))
        size = 4 if number == FLAGS else 8
        return int.from_bytes(registers[number * 8:number * 8 + size], "little")

    def set_register(self, number, value):
        size = 4 if number == FLAGS else 8
        self._ask(f"P{number:x}={value.to_bytes(size, 'little').hex()}")

    def write(self, address, data):
        self._ask(f"M{address:x},{len(data):x}:{data.hex()}")

    def run_to(self, address):
        """Lets the machine go on until a CPU is about to execute @address."""
        self._ask(f"Z1,{address:x},1")
        stop = self._ask("c")
        self._ask(f"z1,{address:x},1")
        name = stop.partition("thread:")[2].split(";")[0]
        if name:
            self.at(name)
        if self.register(RIP) != address:
            raise OSError(f"debugger: stopped elsewhere: {stop}")
