"""Each family on a real kernel, through the Python package; and the examples that need such a
kernel.

CPython's own tests, which tests/vm/test-families also runs, have CAN, ISO-TP, J1939, RDS, QIPCRTR,
TIPC, AF_ALG and AF_VSOCK; this file has the missing families, and one short test per family.
"""

import contextlib
import errno
import itertools
import os
import pathlib
import select
import socket as standard
import struct
import subprocess
import sys
import threading
import unittest

import csocket as socket

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CSOCKET_BUILD", ROOT / "build"))
SECONDS = 30
LACKS = {
    errno.EAFNOSUPPORT,
    errno.EPROTONOSUPPORT,
    errno.ESOCKTNOSUPPORT,
    errno.EPERM,
    errno.EACCES,
    errno.ENODEV,
}
# Names that an interpreter's own module may lack; the numbers are Linux's.
AF_SMC, IPPROTO_MPTCP = 43, 262


class Family(unittest.TestCase):
    def open(self, *args):
        """A socket that is closed at the end; the test is skipped if the kernel lacks it."""
        try:
            s = socket.socket(*args)
        except OSError as error:
            if error.errno in LACKS:
                self.skipTest(f"socket{args}: {error.strerror}")
            raise
        s.settimeout(SECONDS)
        self.addCleanup(s.close)
        return s

    def pair(self, *args):
        return self.open(*args), self.open(*args)

    def need_interface(self, name):
        try:
            socket.if_nametoindex(name)
        except OSError:
            self.skipTest(f"there is no interface {name}")

    def exchange(self, listener, client, address):
        """A connection, and messages both ways."""
        listener.listen(1)
        failed = []

        def call():
            try:
                client.connect(address)
                client.sendall(b"question")
                self.assertEqual(client.recv(16), b"answer")
            except BaseException as error:
                failed.append(error)
                listener.close()

        thread = threading.Thread(target=call)
        thread.start()
        try:
            conn, peer = listener.accept()
            with conn:
                conn.settimeout(SECONDS)
                self.assertEqual(conn.recv(16), b"question")
                conn.sendall(b"answer")
                thread.join()
        except OSError as error:
            raise failed[0] if failed else error from None
        finally:
            thread.join()
        if failed:
            raise failed[0]
        return peer


class Internet(Family):
    def streams(self, family, proto, host):
        listener, client = self.pair(family, socket.SOCK_STREAM, proto)
        listener.bind((host, 0))
        peer = self.exchange(listener, client, listener.getsockname())
        self.assertEqual(peer[0], host)

    def test_mptcp(self):
        self.streams(socket.AF_INET, IPPROTO_MPTCP, "127.0.0.1")

    def test_sctp(self):
        self.streams(socket.AF_INET, socket.IPPROTO_SCTP, "127.0.0.1")
        self.streams(socket.AF_INET6, socket.IPPROTO_SCTP, "::1")

    def test_smc(self):
        self.streams(AF_SMC, 0, "127.0.0.1")

    def test_smc_over_ipv6(self):
        self.streams(AF_SMC, 1, "::1")

    def test_udplite(self):
        a, b = self.pair(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDPLITE)
        b.bind(("127.0.0.1", 0))
        a.setsockopt(socket.IPPROTO_UDPLITE, socket.UDPLITE_SEND_CSCOV, 16)
        a.sendto(b"partly covered", b.getsockname())
        self.assertEqual(b.recv(32), b"partly covered")


class Kernel(Family):
    def test_netlink(self):
        s = self.open(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        s.bind((0, 0))
        # RTM_GETLINK with NLM_F_REQUEST and NLM_F_DUMP
        s.sendto(struct.pack("=LHHLL16x", 32, 18, 0x301, 7, 0), (0, 0))
        data, address = s.recvfrom(65536)
        self.assertEqual(struct.unpack_from("=4xH2xL", data), (16, 7))
        self.assertEqual(address, (0, 0))

    def test_netlink_accepts_minus_one_for_all_groups(self):
        s = self.open(socket.AF_NETLINK, socket.SOCK_RAW, 2)  # NETLINK_USERSOCK
        s.bind((0, -1))
        self.assertEqual(s.getsockname()[1], 0xFFFFFFFF)


class Cryptography(Family):
    """Known vectors: FIPS 180-2, RFC 4231, NIST SP 800-38A, and GCM's specification, case 4."""

    def operation(self, kind, name, key=None, tag=None):
        s = self.open(socket.AF_ALG, socket.SOCK_SEQPACKET, 0)
        s.bind((kind, name))
        if key is not None:
            s.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, key)
        if tag is not None:
            s.setsockopt(socket.SOL_ALG, socket.ALG_SET_AEAD_AUTHSIZE, None, tag)
        op = s.accept()[0]
        op.settimeout(SECONDS)
        self.addCleanup(op.close)
        return op

    def test_sha256(self):
        op = self.operation("hash", "sha256")
        op.sendall(b"abc")
        want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        self.assertEqual(op.recv(32).hex(), want)

    def test_hmac(self):
        op = self.operation("hash", "hmac(sha256)", b"Jefe")
        op.sendall(b"what do ya want for nothing?")
        want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        self.assertEqual(op.recv(32).hex(), want)

    def test_aes_cbc(self):
        key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
        plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
        cipher = bytes.fromhex("7649abac8119b246cee98e9b12e9197d")
        op = self.operation("skcipher", "cbc(aes)", key)
        for data, what, result in (
            (plain, socket.ALG_OP_ENCRYPT, cipher),
            (cipher, socket.ALG_OP_DECRYPT, plain),
        ):
            op.sendmsg_afalg([data], op=what, iv=bytes(range(16)))
            self.assertEqual(op.recv(16), result)

    def test_aes_gcm(self):
        key, iv, assoc, plain, cipher, tag = (
            bytes.fromhex(text)
            for text in (
                "feffe9928665731c6d6a8f9467308308",
                "cafebabefacedbaddecaf888",
                "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95"
                "956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b2"
                "5466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
                "5bc94fbc3221a5db94fae95ae7121a47",
            )
        )
        op = self.operation("aead", "gcm(aes)", key, len(tag))
        both = {"iv": iv, "assoclen": len(assoc)}
        op.sendmsg_afalg([assoc, plain], op=socket.ALG_OP_ENCRYPT, **both)
        # If more bytes are requested, the kernel waits for more data to encrypt.
        self.assertEqual(op.recv(len(assoc + plain + tag))[len(assoc) :], cipher + tag)
        op.sendmsg_afalg([assoc, cipher, tag], op=socket.ALG_OP_DECRYPT, **both)
        self.assertEqual(op.recv(len(assoc + plain))[len(assoc) :], plain)
        wrong = bytes([tag[0] ^ 1]) + tag[1:]
        op.sendmsg_afalg([assoc, cipher, wrong], op=socket.ALG_OP_DECRYPT, **both)
        with self.assertRaises(OSError) as caught:
            op.recv(len(assoc + plain))
        self.assertEqual(caught.exception.errno, errno.EBADMSG)


class Packet(Family):
    def test_a_frame_comes_back(self):
        out, into = self.pair(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        into.bind(("lo", 0x88B7))
        out.sendto(b"payload", ("lo", 0x88B7, 0, 0, bytes(6)))
        data, address = into.recvfrom(64)
        self.assertEqual(data, b"payload")
        self.assertEqual(address[:2] + address[3:], ("lo", 0x88B7, 772, bytes(6)))
        self.assertIn(address[2], (socket.PACKET_HOST, socket.PACKET_OUTGOING))

    def run_example(self, *command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def sniffer(self, *command):
        self.open(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        process = self.run_example(*command, "lo", "2")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            # Before it listens, it receives nothing; then each datagram, sent and received.
            while process.poll() is None:
                s.sendto(b"x" * 11, s.getsockname())
                select.select([process.stdout], [], [], 0.1)
        lines = process.stdout.read().splitlines()
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r"^lo 0x\w{4} \d+ bytes")
        self.assertIn("lo 0x0800 39 bytes 127.0.0.1 > 127.0.0.1, protocol 17", lines)

    def test_sniffer_in_c(self):
        self.sniffer(BUILD / "examples/sniffer")

    def test_sniffer_in_python(self):
        self.sniffer(sys.executable, ROOT / "examples/python/sniffer.py")


class Can(Family):
    def example(self, *command):
        self.need_interface("vcan0")
        s = self.open(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW)
        s.bind(("vcan0",))
        s.settimeout(0.2)
        frame = struct.pack("=IB3x8s", 0x123, 2, b"\xca\xfe")
        process = Packet.run_example(self, *command)
        received = []
        while process.poll() is None and len(received) < 2:
            s.send(frame)
            with contextlib.suppress(TimeoutError):
                while len(received) < 2:
                    received.append(s.recv(16))
        process.kill()
        self.assertEqual(received[0], frame)
        self.assertEqual(received[1], struct.pack("=IB3x8s", 1, 3, b"\x01\x02\x03"))
        first = process.stdout.readline()
        self.assertEqual(first, "Received: can_id=123, can_dlc=2, data=\\xca\\xfe\n")

    def test_example_in_c(self):
        self.example(BUILD / "examples/can_frames")

    def test_example_in_python(self):
        self.example(sys.executable, ROOT / "examples/python/can_frames.py")

    def test_filter(self):
        a, b = self.pair(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW)
        self.need_interface("vcan0")
        mask = struct.pack("=II", 0x200, 0x700)
        b.setsockopt(socket.SOL_CAN_RAW, socket.CAN_RAW_FILTER, mask)
        a.bind(("vcan0",))
        b.bind(("vcan0",))
        for number in 0x100, 0x234:
            a.send(struct.pack("=IB3x8s", number, 2, b"\xca\xfe"))
        frame, address = b.recvfrom(16)
        self.assertEqual(struct.unpack("=IB3x8s", frame)[:2], (0x234, 2))
        self.assertEqual(address[0], "vcan0")

    def test_timer(self):
        """The kernel's own: a frame every 20 ms."""
        bcm = self.open(socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_BCM)
        s = self.open(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW)
        self.need_interface("vcan0")
        s.bind(("vcan0",))
        bcm.connect(("vcan0",))
        flags = socket.CAN_BCM_SETTIMER | socket.CAN_BCM_STARTTIMER
        frame = struct.pack("=IB3x8s", 0x321, 2, b"\xca\xfe")
        head = struct.pack("@3I4l2I0q", socket.CAN_BCM_TX_SETUP, flags, 0, 0, 0, 0, 20000, 0x321, 1)
        bcm.send(head + frame)
        for _ in range(3):
            self.assertEqual(s.recv(16), frame)

    def test_isotp(self):
        a, b = self.pair(socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_ISOTP)
        self.need_interface("vcan0")
        a.bind(("vcan0", 0x98DA10F1, 0x98DAF110))
        b.bind(("vcan0", 0x98DAF110, 0x98DA10F1))
        self.assertEqual(a.getsockname(), ("vcan0", 0x98DA10F1, 0x98DAF110))
        a.send(bytes(range(200)))
        self.assertEqual(b.recvmsg(300)[0], bytes(range(200)))
        with self.assertRaisesRegex(
            OverflowError,
            r"AF_CAN ISOTP address: rx_addr 0x20000000 is out of range \(0-0x1fffffff\)",
        ):
            a.bind(("vcan0", 0x20000000, 0))

    def test_j1939(self):
        a, b = self.pair(socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_J1939)
        self.need_interface("vcan0")
        a.bind(("vcan0", socket.J1939_NO_NAME, socket.J1939_NO_PGN, 0x20))
        b.bind(("vcan0", socket.J1939_NO_NAME, 0x12300, 0x30))
        for group in b"group", bytes(range(100)):  # in a frame, and in many
            a.sendto(group, ("vcan0", socket.J1939_NO_NAME, 0x12300, 0x30))
            data, address = b.recvfrom(200)
            self.assertEqual((data, address[1:]), (group, (0, 0x12300, 0x20)))


class Machines(Family):
    def test_vsock(self):
        if not os.path.exists("/sys/module/vsock_loopback"):
            self.skipTest("without vsock_loopback a connection leaves the machine")
        listener, client = self.pair(socket.AF_VSOCK, socket.SOCK_STREAM, 0)
        listener.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
        port = listener.getsockname()[1]
        self.exchange(listener, client, (1, port))

    def test_tipc(self):
        a, b = self.pair(socket.AF_TIPC, socket.SOCK_RDM, 0)
        b.bind((socket.TIPC_ADDR_NAMESEQ, 0x3000, 1, 9))
        a.sendto(b"by name", (socket.TIPC_ADDR_NAME, 0x3000, 5, 0))
        data, address = b.recvfrom(16)
        self.assertEqual((data, address), (b"by name", a.getsockname()))
        b.sendto(b"back", address)
        self.assertEqual(a.recv(16), b"back")

    def test_rds(self):
        a, b = self.pair(21, socket.SOCK_SEQPACKET, 0)
        a.bind(("127.0.0.1", 0))
        b.bind(("127.0.0.1", 0))
        a.sendto(b"hello", b.getsockname())
        self.assertEqual(b.recvfrom(16), (b"hello", a.getsockname()))

    def test_qipcrtr(self):
        a, b = self.pair(socket.AF_QIPCRTR, socket.SOCK_DGRAM, 0)
        a.bind(a.getsockname())
        b.bind(b.getsockname())
        a.sendto(b"hello", b.getsockname())
        self.assertEqual(b.recvfrom(16), (b"hello", a.getsockname()))


class Bluetooth(Family):
    def connections(self, kind, proto, channel=None):
        here, there = (os.environ.get(f"CSK_BLUETOOTH_{which}") for which in "AB")
        if not here:
            self.skipTest("CSK_BLUETOOTH_A is not set: no virtual controllers")
        listener, client = self.pair(31, kind, proto)
        # Voice has no channels, and its addresses are not tuples.
        own, other = ((here, channel), (there, 0)) if channel else (here, there)
        listener.bind(own)
        self.assertEqual(listener.getsockname(), own)
        client.bind(other)
        peer = self.exchange(listener, client, own)
        self.assertEqual(peer[0] if channel else peer, there)

    def test_l2cap(self):
        self.connections(socket.SOCK_SEQPACKET, 0, 0x1003)

    def test_rfcomm(self):
        self.connections(socket.SOCK_STREAM, 3, 9)

    def test_voice(self):
        self.connections(socket.SOCK_SEQPACKET, 2)

    def test_low_energy(self):
        s = self.open(31, socket.SOCK_SEQPACKET, 0)
        s.bind(("00:00:00:00:00:00", 0, 4, 1))
        self.assertEqual(s.getsockname(), ("00:00:00:00:00:00", 0, 4, 1))

    def test_sco(self):
        s = self.open(31, socket.SOCK_SEQPACKET, 2)
        s.bind(b"00:00:00:00:00:00")
        self.assertEqual(s.getsockname(), "00:00:00:00:00:00")
        for wrong in ("invalid", ("00:00:00:00:00:00",), b"invalid"):
            with self.assertRaises(OSError):
                s.bind(wrong)
        with self.assertRaises(ValueError):
            s.bind("00:00:00:00:00:00\0")
        with self.assertRaises(UnicodeEncodeError):
            s.bind("\ud812")

    def test_hci(self):
        s = self.open(31, socket.SOCK_RAW, 1)
        for wrong in ((), (0, 0, 0, 0), "00:00:00:00:00:00", b"00:00:00:00:00:00"):
            with self.assertRaises(OSError):
                s.bind(wrong)
        if not os.environ.get("CSK_BLUETOOTH_A"):
            self.skipTest("no virtual controllers")
        s.bind(0)
        self.assertEqual(s.getsockname(), 0)
        # Receive all events and only events (HCI_FILTER of SOL_HCI); a command is answered by an
        # event.
        s.setsockopt(0, 2, struct.pack("=IIIHxx", 1 << 4, 0xFFFFFFFF, 0xFFFFFFFF, 0))
        s.send(b"\1\x01\x10\0")  # read local version
        while True:
            event = s.recv(260)
            if event[1] == 0x0E and event[4:6] == b"\x01\x10":
                break
        self.assertEqual(event[6], 0)  # it worked

    def test_bad_addresses_are_oserrors(self):
        s = self.open(31, socket.SOCK_SEQPACKET, 0)
        zero = "00:00:00:00:00:00"
        for wrong in ((zero, 0, 0, 0, 0), (zero,), zero, (zero.encode(), 1), ("\ud812", 1)):
            with self.assertRaises(OSError):
                s.bind(wrong)
        s = self.open(31, socket.SOCK_STREAM, 3)
        for wrong in ((zero.encode(), 0), (zero,), (zero, 0, 0), (zero + "\0", 0), "\ud812"):
            with self.assertRaises(OSError):
                s.bind(wrong)


class EveryKind(unittest.TestCase):
    """Rules that hold for all families, against the standard library on the same kernel."""

    def kinds(self):
        """(family, type, proto) of the sockets that this kernel opens."""
        found = []
        for family in range(1, 48):
            for kind, proto in itertools.product(range(1, 6), range(8)):
                # The kernel tries to load a module for each unknown kind.
                if family in (2, 10) and proto != (kind == socket.SOCK_RAW):
                    continue
                try:
                    standard.socket(family, kind, proto).close()
                    found.append((family, kind, proto))
                except OSError as error:
                    if error.errno == errno.EAFNOSUPPORT:
                        break
        self.assertGreater(len(found), 3)
        return found

    def test_every_socket_can_be_duplicated_and_adopted(self):
        for given in self.kinds():
            with self.subTest(given), socket.socket(*given) as sock:
                detected = [
                    sock.getsockopt(socket.SOL_SOCKET, number)
                    for number in (socket.SO_DOMAIN, socket.SO_TYPE, socket.SO_PROTOCOL)
                ]
                with sock.dup() as copy:
                    self.assertEqual((copy.family, copy.type, copy.proto), given)
                with socket.fromfd(sock.fileno(), *given) as copy:
                    self.assertEqual((copy.family, copy.type, copy.proto), given)
                with socket.socket(fileno=sock.detach()) as copy:
                    self.assertEqual([copy.family, copy.type, copy.proto], detected)
                    repr(copy)

    def test_recvmsg_and_send_fail_as_in_the_standard_library(self):
        def outcome(module, given, call):
            with module.socket(*given) as sock:
                try:
                    return call(sock) and "success"
                except OSError as error:
                    return error.errno

        for given in self.kinds():
            for call in (
                lambda sock: sock.recvmsg(100, 100, socket.MSG_DONTWAIT),
                lambda sock: sock.send(b"x", socket.MSG_DONTWAIT),
            ):
                theirs = outcome(standard, given, call)
                if theirs is None:  # "bad family": the standard library does not know it
                    continue
                with self.subTest(given):
                    self.assertEqual(outcome(socket, given, call), theirs)


if __name__ == "__main__":
    unittest.main()
