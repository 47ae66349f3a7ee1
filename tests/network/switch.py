#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A switch of two ports: frames of one VLAN, and no others, pass from the first to the
second, where they have no tag.

    switch.py TAGGED PLAIN VLAN
"""

import ctypes
import fcntl
import select
import socket
import struct
import sys

ETH_P_ALL, ETH_P_8021Q = 0x0003, 0x8100
SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 263, 8, 4
SIOCETHTOOL = 0x8946
# checksums and large frames are made by whoever sends: there is no hardware here
ETHTOOL_OFF = (0x17, 0x1f, 0x2c)  # STXCSUM, STSO, SGRO


def open_port(name):
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.bind((name, ETH_P_ALL))
    port.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    return port


def turn_off(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in ETHTOOL_OFF:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0), 8)
            request = struct.pack("16sP", name.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(s, SIOCETHTOOL, request)
            except OSError:
                pass  # it cannot be turned on either


def tag_of(ancillary):
    """The kernel takes the tag off before anybody sees the frame."""
    for level, kind, data in ancillary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tci, _ = struct.unpack("IIIHHHH", data[:20])
            return tci & 0xfff if status & 0x10 else None
    return None


def main():
    tagged, plain, vlan = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for name in (tagged, plain, "server"):
        turn_off(name)
    ports = {open_port(tagged): True, open_port(plain): False}
    while True:
        for port in select.select(list(ports), [], [])[0]:
            frame, ancillary, _, sender = port.recvmsg(65536, 256)
            if sender[2] == PACKET_OUTGOING:
                continue
            other = next(p for p in ports if p is not port)
            try:
                if ports[port]:
                    if tag_of(ancillary) == vlan:
                        other.send(frame)
                else:
                    other.send(frame[:12] + struct.pack("!HH", ETH_P_8021Q, vlan) +
                               frame[12:])
            except OSError as error:
                print(error, len(frame), flush=True)


if __name__ == "__main__":
    main()
