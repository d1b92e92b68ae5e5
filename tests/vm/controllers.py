"""Virtual Bluetooth controllers for the kernel's hci_vhci, which communicate only with each other.

Implements the part of the Bluetooth Core Specification (5.3, volume 4, part E) that is necessary to
connect two controllers for data and for voice: BR/EDR, without encryption, pairing and inquiry. The
commands below are implemented; all others are reported as successful.
"""

import os
import select
import struct

COMMAND, DATA, VOICE, EVENT, VENDOR = 1, 2, 3, 4, 0xFF
# Events
CONNECTED, REQUESTED, DISCONNECTED, NAMED, FEATURES, COMPLETE, STATUS, SENT = (
    *(0x03, 0x04, 0x05, 0x07, 0x0B),
    *(0x0E, 0x0F, 0x13),
)
# Commands
CREATE, DISCONNECT, ADD_VOICE, ACCEPT, REJECT, ASK_NAME, ASK_FEATURES = (
    *(0x0405, 0x0406, 0x0407, 0x0409, 0x040A),
    *(0x0419, 0x041B),
)
ANSWERED_LATER = {CREATE, DISCONNECT, ADD_VOICE, ACCEPT, REJECT, ASK_NAME, ASK_FEATURES}
LINK_POLICY = 2  # a group of commands; others of a link: its time-outs, and flushing it
OF_A_LINK = {0x0C27, 0x0C28, 0x0C37}
VOICE_LINK, DATA_LINK = 0, 1
# Three- and five-slot packets, SCO and its packets HV2, HV3: no eSCO, no simple pairing, no LE.
SUPPORTED = bytes([0x03, 0x38, 0, 0, 0, 0, 0, 0])
NAME = b"csocket".ljust(248, b"\0")


class Controller:
    """One controller: the commands of its host, and its half of the links."""

    def __init__(self, air, address):
        self.air, self.address, self.links, self.handle = air, address, {}, 0
        self.results = {
            0x1001: struct.pack("<BHBHH", 6, 0, 6, 0xFFFF, 0),  # Bluetooth 4.0
            # The supported commands: of the optional ones only Read Voice Setting, without which
            # newer kernels (7.2, but not 6.1) make no voice links.
            0x1002: bytes(9) + b"\x04" + bytes(54),
            0x1003: SUPPORTED,
            0x1005: struct.pack("<HBHH", 1021, 64, 8, 8),
            0x1009: address,
            0x0C14: NAME,
            0x0C23: bytes(3),
            0x0C25: bytes(2),
            0x0C38: b"\1",
            0x0C39: b"\1" + bytes.fromhex("338b9e"),
        }
        self.file = os.open("/dev/vhci", os.O_RDWR)
        os.write(self.file, bytes([VENDOR, 0]))
        (self.number,) = struct.unpack("<2xH", os.read(self.file, 4))

    def event(self, code, parameters):
        os.write(self.file, bytes([EVENT, code, len(parameters)]) + parameters)

    def heard(self):
        """Handle a packet from the host."""
        packet = os.read(self.file, 4096)
        kind, body = packet[0], packet[1:]
        if kind == COMMAND:
            code, size = struct.unpack_from("<HB", body)
            self.command(code, body[3 : 3 + size])
        elif kind in (DATA, VOICE):
            self.pass_on(kind, body)

    def command(self, code, parameters):
        if code in ANSWERED_LATER:
            self.event(STATUS, struct.pack("<BBH", 0, 1, code))
            self.later(code, parameters)
        else:  # commands for a link return its handle, their first parameter
            handle = parameters[:2] if code >> 10 == LINK_POLICY or code in OF_A_LINK else b""
            result = self.results.get(code, handle)
            self.event(COMPLETE, struct.pack("<BHB", 1, code, 0) + result)

    def later(self, code, parameters):
        if code == CREATE:
            self.air.request(self, parameters[:6], DATA_LINK)
        elif code == ADD_VOICE:
            peer = self.links[struct.unpack_from("<H", parameters)[0]][0]
            self.air.request(self, peer.address, VOICE_LINK)
        elif code in (ACCEPT, REJECT):
            self.air.decide(self, parameters[:6], code == ACCEPT)
        elif code == DISCONNECT:
            handle, reason = struct.unpack("<HB", parameters)
            if handle in self.links:
                peer, there = self.links[handle][:2]
                self.ended(handle, 0x16)  # by this host
                peer.ended(there, reason)
        elif code == ASK_NAME:
            self.event(NAMED, b"\0" + parameters[:6] + NAME)
        elif code == ASK_FEATURES:
            self.event(FEATURES, b"\0" + parameters[:2] + SUPPORTED)

    def ended(self, handle, reason):
        if self.links.pop(handle, None):
            self.event(DISCONNECTED, struct.pack("<BHB", 0, handle, reason))

    def pass_on(self, kind, body):
        """Forward data to the other end of the link, with the handle used there."""
        (word,) = struct.unpack_from("<H", body)
        handle, flags = word & 0xFFF, word >> 12
        if handle not in self.links:
            return
        peer, there = self.links[handle]
        if kind == DATA and flags & 3 == 0:  # received first parts differ
            flags |= 2
        os.write(peer.file, bytes([kind]) + struct.pack("<H", there | flags << 12) + body[2:])
        self.event(SENT, struct.pack("<BHH", 1, handle, 1))


class Air:
    """The medium that connects the controllers."""

    def __init__(self, addresses):
        self.pending = {}
        self.controllers = [Controller(self, address) for address in addresses]

    def request(self, caller, address, kind):
        for peer in self.controllers:
            if peer.address == address and peer is not caller:
                self.pending[peer, caller.address] = (caller, kind)
                peer.event(REQUESTED, caller.address + bytes(3) + bytes([kind]))
                return
        self.connected(caller, 0x04, 0, address, kind)  # page timeout

    def decide(self, callee, address, accepted):
        caller, kind = self.pending.pop((callee, address))
        ends = (caller, callee)
        for end in ends:
            end.handle += 1
        if accepted:
            caller.links[caller.handle] = (callee, callee.handle)
            callee.links[callee.handle] = (caller, caller.handle)
        for end, other in zip(ends, reversed(ends)):
            status = 0 if accepted else 0x0D
            self.connected(end, status, end.handle, other.address, kind)

    @staticmethod
    def connected(end, status, handle, address, kind):
        parameters = struct.pack("<BH", status, handle) + address + bytes([kind, 0])
        end.event(CONNECTED, parameters)

    def work(self, until):
        """Serve the hosts until something can be read from a descriptor."""
        files = {controller.file: controller for controller in self.controllers}
        while True:
            ready = select.select([*files, until], [], [])[0]
            if until in ready:
                return
            for file in ready:
                files[file].heard()
