#!/usr/bin/python3
"""Make the links for the tests of the rarer families, as far as the kernel supports them.

    links.py            Phonet's and MCTP's addresses on lo; wpan0 and wpan1 in one network
    links.py nfc        let nfcsim's two devices find each other; prints DEVICE TARGET of the first
    links.py nfc-off    separate them: a link is always busy, and this machine is emulated

Families without kernel support are omitted with a message; their tests are skipped.
"""

import contextlib
import socket
import struct
import subprocess
import sys
import time

AF_PHONET, AF_MCTP = 35, 45
PHONET, MCTP = 0x40, 8  # addresses of this machine
PAN, FIRST = 0xABCD, 1  # the network of wpan0, which is number 1 there, and of wpan1
NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
REQUEST_ACK, DUMP = 5, 0x300
RTM_NEWADDR = 20
IFA_LOCAL = 2
# linux/genetlink.h
CTRL, GET_FAMILY, FAMILY_ID, FAMILY_NAME, GROUPS, GROUP_ID = 16, 3, 1, 2, 7, 2
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
# The kernel's net/nl802154.h
WPAN_IFINDEX, WPAN_PAN, WPAN_SHORT = 3, 9, 10
WPAN_SET_PAN, WPAN_SET_SHORT = 10, 11
# linux/nfc.h
NFC_DEVICE, NFC_TARGET, NFC_COMM, NFC_IM, NFC_TM = 1, 4, 10, 13, 14
NFC_UP, NFC_LINK_UP, NFC_LINK_DOWN, NFC_POLL, NFC_GET_TARGET = 2, 4, 5, 6, 8
NFC_DEP = 1 << 5
PASSIVE = 1
WAIT = 30  # seconds


def attribute(kind, value):
    data = value if isinstance(value, bytes) else struct.pack("=I", value)
    return struct.pack("=HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


class Netlink:
    """Requests to the kernel; rejected ones raise OSError."""

    def __init__(self, protocol):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.settimeout(WAIT)

    def ask(self, kind, payload, flags=REQUEST_ACK):
        """Return the payloads of the answer's messages."""
        self.socket.send(struct.pack("=IHHII", 16 + len(payload), kind, flags, 0, 0) + payload)
        answer = []
        while True:
            data = self.socket.recv(65536)
            while data:
                size, kind = struct.unpack_from("=IH", data)
                body, data = data[16:size], data[(size + 3) & ~3 :]
                if kind in (2, 3):  # NLMSG_ERROR, which is also the last; NLMSG_DONE
                    (code,) = struct.unpack_from("=i", body)
                    if code:
                        raise OSError(-code, "netlink")
                    return answer
                answer.append(body)


class Generic(Netlink):
    """The same for generic netlink families."""

    def __init__(self, name):
        super().__init__(NETLINK_GENERIC)
        self.number = CTRL
        name = attribute(FAMILY_NAME, name.encode() + b"\0")
        found = self.attributes(self.command(GET_FAMILY, name)[0][4:])
        (self.number,) = struct.unpack("=H", found[FAMILY_ID])
        self.groups = found.get(GROUPS, b"")

    def command(self, number, attributes, flags=REQUEST_ACK):
        return self.ask(self.number, struct.pack("=BBH", number, 1, 0) + attributes, flags)

    def listen(self):
        """Subscribe to the events of all groups; no requests may be sent afterwards."""
        for group in self.attributes(self.groups).values():
            (number,) = struct.unpack("=I", self.attributes(group)[GROUP_ID])
            self.socket.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, number)

    def wait_for(self, command):
        while self.socket.recv(65536)[16] != command:
            pass

    @staticmethod
    def attributes(data):
        found = {}
        while data:
            size, kind = struct.unpack_from("=HH", data)
            found[kind & 0x3FFF], data = data[4:size], data[(size + 3) & ~3 :]
        return found


def own_address(family, number):
    """Add an address of the machine itself, for a family with one-byte addresses."""
    header = struct.pack("=BBBBI", family, 0, 0, 0, socket.if_nametoindex("lo"))
    Netlink(NETLINK_ROUTE).ask(
        RTM_NEWADDR, header + attribute(IFA_LOCAL, bytes([number])), REQUEST_ACK | 0x600
    )


def low_rate_network():
    wpan = Generic("nl802154")
    for number, name in enumerate(("wpan0", "wpan1"), FIRST):
        interface = attribute(WPAN_IFINDEX, socket.if_nametoindex(name))
        for command, kind, value in (
            (WPAN_SET_PAN, WPAN_PAN, PAN),
            (WPAN_SET_SHORT, WPAN_SHORT, number),
        ):
            wpan.command(command, interface + attribute(kind, struct.pack("<H", value)))


def nfc_link():
    subprocess.run(["modprobe", "nfcsim"], check=True)
    nfc = Generic("nfc")
    first, second = attribute(NFC_DEVICE, 0), attribute(NFC_DEVICE, 1)
    for device in first, second:
        nfc.command(NFC_UP, device)
    nfc.command(NFC_POLL, second + attribute(NFC_TM, NFC_DEP))
    nfc.command(NFC_POLL, first + attribute(NFC_IM, NFC_DEP))
    until = time.monotonic() + WAIT
    while True:
        targets = nfc.command(NFC_GET_TARGET, first, REQUEST_ACK | DUMP)
        if targets:
            break
        if time.monotonic() > until:
            sys.exit("links.py: the first device found no target")
        time.sleep(0.05)
    target = struct.unpack("=I", nfc.attributes(targets[0][4:])[NFC_TARGET])[0]
    mode = attribute(NFC_COMM, bytes([PASSIVE]))
    events = Generic("nfc")
    events.listen()
    nfc.command(NFC_LINK_UP, first + attribute(NFC_TARGET, target) + mode)
    events.wait_for(NFC_LINK_UP)
    print(0, target)


def nfc_part():
    """Devices that have met once do not meet again, so each pair is a new one."""
    link = attribute(NFC_DEVICE, 0) + attribute(NFC_TARGET, 0)
    with contextlib.suppress(OSError):  # it was cut already
        Generic("nfc").command(NFC_LINK_DOWN, link)
    subprocess.run(["modprobe", "-r", "nfcsim"], check=True)


def everything():
    for what, make in (
        ("AF_PHONET", lambda: own_address(AF_PHONET, PHONET)),
        ("AF_MCTP", lambda: own_address(AF_MCTP, MCTP)),
        ("AF_IEEE802154", low_rate_network),
    ):
        try:
            make()
        except OSError as error:
            print(f"links.py: no link for {what}: {error}", file=sys.stderr)


if __name__ == "__main__":
    {"": everything, "nfc": nfc_link, "nfc-off": nfc_part}["".join(sys.argv[1:])]()
