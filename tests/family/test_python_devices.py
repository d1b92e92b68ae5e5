"""The families beyond the specification, through the Python package: over cables, radios and
readers that are simulated (tests/vm/guest-setup.sh), and with BPF programs."""

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import select
import struct
import subprocess

import csocket as socket
from test_python import Family

SYS_BPF = 321 if os.uname().machine == "x86_64" else 280
MAP_CREATE, MAP_UPDATE, PROG_LOAD, LINK_CREATE = 0, 2, 5, 28
SOCKET_FILTER, XDP_PROGRAM = 1, 6
XSKMAP = 17
BPF_XDP, SKB_MODE = 37, 2
PASS = 2
SIOCKCMATTACH = 0x89E0


def bpf(command, attributes):
    """Call bpf(2); return its result."""
    libc = ctypes.CDLL(None, use_errno=True)
    attributes = ctypes.create_string_buffer(attributes, 128)
    n = libc.syscall(SYS_BPF, command, attributes, len(attributes))
    if n < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    return n


def place(buffer):
    return ctypes.addressof(buffer)


def instruction(code, to=0, source=0, offset=0, value=0):
    return struct.pack("=BBhi", code, source << 4 | to, offset, value)


def program(kind, *instructions):
    code = ctypes.create_string_buffer(b"".join(instructions))
    licence = ctypes.create_string_buffer(b"MIT")
    attach = BPF_XDP if kind == XDP_PROGRAM else 0
    return bpf(
        PROG_LOAD,
        struct.pack("=IIQQ44xI", kind, len(instructions), place(code), place(licence), attach),
    )


class Devices(Family):
    def bound(self, address, *args, missing):
        s = self.open(*args)
        try:
            s.bind(address)
        except OSError as error:
            if error.errno == missing:
                self.skipTest(f"{address}: {error.strerror}")
            raise
        return s

    def there_and_back(self, a, b, to, sender):
        """Exchange a datagram and an answer to the sender's address."""
        a.sendto(b"hello", to)
        data, address = b.recvfrom(64)
        self.assertEqual((data, address), (b"hello", sender))
        b.sendto(b"back", address)
        self.assertEqual(a.recv(64), b"back")

    def test_phonet(self):
        kind = (socket.AF_PHONET, socket.SOCK_DGRAM, 0)
        a = self.bound((0x40, 0x31), *kind, missing=errno.EADDRNOTAVAIL)
        b = self.bound((0x40, 0x32, 0x55), *kind, missing=errno.EADDRNOTAVAIL)
        self.there_and_back(a, b, (0x40, 0x32, 0x55), (0x40, 0x31, 0x55))

    def test_ieee802154(self):
        kind = (socket.AF_IEEE802154, socket.SOCK_DGRAM, 0)
        a = self.bound((2, 0xABCD, 1), *kind, missing=errno.ENODEV)
        b = self.bound((2, 0xABCD, 2), *kind, missing=errno.ENODEV)
        self.there_and_back(a, b, (2, 0xABCD, 2), (2, 0xABCD, 1))

    def test_mctp(self):
        a, b = self.pair(socket.AF_MCTP, socket.SOCK_DGRAM, 0)
        b.bind((0, 255, 1))
        a.sendto(b"request", (0, 8, 1, 8))
        data, (network, address, kind, tag) = b.recvfrom(16)
        self.assertEqual((data, address, kind), (b"request", 8, 1))
        b.sendto(b"answer", (network, address, kind, tag & 7))
        self.assertEqual(a.recv(16), b"answer")

    def test_ax25(self):
        station = (socket.AF_AX25, socket.SOCK_SEQPACKET, 0)
        listener = self.bound(("CSKB-2",), *station, missing=errno.EADDRNOTAVAIL)
        client = self.bound(("CSKA-1",), *station, missing=errno.EADDRNOTAVAIL)
        peer = self.exchange(listener, client, ("CSKB-2",))
        self.assertEqual(peer[0], "CSKA-1")

    def test_nfc(self):
        links = os.environ.get("CSK_LINKS")
        if not links or subprocess.run(["modprobe", "-n", "-q", "nfcsim"]).returncode:
            self.skipTest("no simulated devices")
        found = subprocess.run([links, "nfc"], stdout=subprocess.PIPE, text=True, check=True)
        self.addCleanup(subprocess.run, [links, "nfc-off"], check=True)
        device, target = map(int, found.stdout.split())
        listener, client = self.pair(socket.AF_NFC, socket.SOCK_STREAM, 1)
        listener.bind((1, 0, 5, 0, 0, b"urn:nfc:sn:csp"))
        peer = self.exchange(listener, client, (device, target, 5, 1, 0, b"urn:nfc:sn:csp"))
        self.assertEqual(peer[0], 1)  # the device through which the peer is seen

    def test_kcm(self):
        kcm = self.open(socket.AF_KCM, socket.SOCK_DGRAM, 0)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            far = socket.create_connection(listener.getsockname())
            self.addCleanup(far.close)
            near = listener.accept()[0]
            self.addCleanup(near.close)
        far.settimeout(30)
        # r6 = r1; r0 = the packet's first two bytes; r0 += 2; return r0
        cutter = program(
            SOCKET_FILTER,
            instruction(0xBF, 6, 1),
            instruction(0x28),
            instruction(0x07, value=2),
            instruction(0x95),
        )
        self.addCleanup(os.close, cutter)
        fcntl.ioctl(kcm, SIOCKCMATTACH, struct.pack("=ii", near.fileno(), cutter))
        far.sendall(b"\0\5hello")
        self.assertEqual(kcm.recv(64), b"\0\5hello")
        far.sendall(b"\0\6wo")
        far.sendall(b"rlds")
        self.assertEqual(kcm.recv(64), b"\0\6worlds")
        kcm.send(b"\0\3bye")
        self.assertEqual(far.recv(64), b"\0\3bye")


class Xdp(Family):
    FRAMES, FRAME = 16, 4096
    SOL_XDP = 283

    def ring(self, s, offsets, where, entry):
        memory = mmap.mmap(s.fileno(), offsets[2] + self.FRAMES * entry, offset=where)
        self.addCleanup(memory.close)
        return memory, offsets

    def redirect(self, interface, s):
        """Redirect the interface's frames to the socket until the link is closed."""
        with contextlib.ExitStack() as stack:
            table = bpf(MAP_CREATE, struct.pack("=IIII", XSKMAP, 4, 4, 1))
            stack.callback(os.close, table)
            queue, number = ctypes.c_uint32(0), ctypes.c_uint32(s.fileno())
            bpf(MAP_UPDATE, struct.pack("=I4xQQQ", table, place(queue), place(number), 0))
            # return bpf_redirect_map(table, context->rx_queue_index, PASS)
            code = program(
                XDP_PROGRAM,
                instruction(0x61, 2, 1, 16),
                instruction(0x18, 1, 1, value=table),
                instruction(0),
                instruction(0xB7, 3, value=PASS),
                instruction(0x85, value=51),
                instruction(0x95),
            )
            stack.callback(os.close, code)
            index = socket.if_nametoindex(interface)
            link = bpf(LINK_CREATE, struct.pack("=IIII", code, index, BPF_XDP, SKB_MODE))
            self.addCleanup(os.close, link)

    def test_frames_are_sent_and_received(self):
        self.need_interface("veth-a")
        other = self.open(socket.AF_PACKET, socket.SOCK_RAW, 0)
        other.bind(("veth-a", 0x88B5))
        s = self.open(socket.AF_XDP, socket.SOCK_RAW, 0)
        size = self.FRAMES * self.FRAME
        memory = mmap.mmap(-1, size)
        self.addCleanup(memory.close)
        start = ctypes.c_char.from_buffer(memory)
        s.setsockopt(self.SOL_XDP, 4, struct.pack("=QQIII4x", place(start), size, self.FRAME, 0, 0))
        del start
        for name in 5, 6, 2, 3:  # the rings: fill, completion, receive, transmit
            s.setsockopt(self.SOL_XDP, name, self.FRAMES)
        places = struct.unpack("=16Q", s.getsockopt(self.SOL_XDP, 1, 128))
        rx, rx_at = self.ring(s, places[0:4], 0, 16)
        tx, tx_at = self.ring(s, places[4:8], 0x80000000, 16)
        fill, fill_at = self.ring(s, places[8:12], 0x100000000, 8)
        s.bind(("veth-b", 0, 2))
        self.assertEqual(s.family, socket.AF_XDP)
        self.redirect("veth-b", s)

        frame = b"\xff" * 6 + bytes(6) + b"\x88\xb5" + b"from the cable".ljust(46, b"\0")
        struct.pack_into("=Q", fill, fill_at[2], 0)
        struct.pack_into("=I", fill, fill_at[0], 1)
        other.send(frame)
        self.assertTrue(select.select([s], [], [], 30)[0])
        self.assertEqual(struct.unpack_from("=I", rx, rx_at[0])[0], 1)
        where, length = struct.unpack_from("=QI", rx, rx_at[2])
        self.assertEqual(memory[where : where + length], frame)

        frame = frame.replace(b"cable", b"clock")
        memory[8 * self.FRAME : 8 * self.FRAME + len(frame)] = frame
        struct.pack_into("=QII", tx, tx_at[2], 8 * self.FRAME, len(frame), 0)
        struct.pack_into("=I", tx, tx_at[0], 1)
        s.send(b"", socket.MSG_DONTWAIT)
        self.assertEqual(other.recv(100), frame)
