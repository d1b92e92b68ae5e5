"""`csocket sockets` lists a socket of every family and protocol that sock_diag(7) knows."""

import contextlib
import ctypes
import errno
import json
import os
import select
import socket
import subprocess
import unittest

PROGRAM = os.environ.get("CSOCKET_CLI")
GUEST = os.environ.get("CSOCKET_GUEST") == "yes"  # its kernel has all of these but xdp_diag
SECONDS = 60
LACKS = {
    errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT, errno.EPERM, errno.EACCES,
}  # fmt: skip
# Names that an interpreter's own module may lack; the numbers are Linux's.
AF_TIPC, AF_SMC, AF_XDP, SOCK_DCCP = 30, 43, 44, 6
SCTP, UDPLITE, MPTCP, DCCP, ETH_P_IP = 132, 136, 262, 33, 0x800
STREAM, DGRAM, RAW, SEQPACKET = (
    socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET
)  # fmt: skip
LOOPBACK = {socket.AF_INET: ("127.0.0.1", 0), socket.AF_INET6: ("::1", 0)}


def sockets(*arguments):
    done = subprocess.run([PROGRAM, "sockets", "--json", *arguments], capture_output=True,
                          timeout=SECONDS)  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return json.loads(done.stdout)["sockets"]


def find(s, *arguments, columns="family,type,protocol,state,local,peer,pid,uid,recvq"):
    inode = os.fstat(s.fileno()).st_ino
    found = sockets(f"--columns=inode,{columns}", *arguments)
    return [row for row in found if row["inode"] == inode]


@unittest.skipUnless(PROGRAM, "the command was not built")
class Sockets(unittest.TestCase):
    def open(self, *kind):
        try:
            s = socket.socket(*kind)
        except OSError as error:
            if error.errno in LACKS and not GUEST:
                self.skipTest(f"socket{kind}: {error.strerror}")
            raise
        self.addCleanup(s.close)
        return s

    def check(self, s, family, kind, protocol, **expected):
        rows = find(s)
        if protocol in ("IPPROTO_MPTCP", "SMCPROTO_SMC"):  # the underlying socket is listed as well
            rows = [row for row in rows if row["protocol"] == protocol]
        if not rows and (not GUEST or family == "AF_XDP"):
            self.skipTest(f"this kernel has no module that lists {family}, {kind}")
        (row,) = rows
        expected.update(family=family, type=kind, protocol=protocol, pid=os.getpid())
        self.assertEqual({key: row[key] for key in expected}, expected)
        return row

    def check_internet(self, kind, name, proto, **expected):
        """`kind` in IPv4 and IPv6."""
        for family, address in LOOPBACK.items():
            with self.subTest(family=family):
                s = self.open(family, kind, proto)
                s.bind(address)
                if kind in (STREAM, SOCK_DCCP) or proto == SCTP:
                    s.listen(1)
                # sctp_diag(7) does not report the type.
                shown = "SOCK_STREAM" if proto == SCTP else kind
                shown = {DGRAM: "SOCK_DGRAM", RAW: "SOCK_RAW", STREAM: "SOCK_STREAM",
                         SOCK_DCCP: "SOCK_DCCP"}.get(shown, shown)  # fmt: skip
                host, port = s.getsockname()[:2]
                host = f"[{host}]" if ":" in host else host
                row = self.check(s, family.name, shown, name, uid=os.getuid(), **expected)
                self.assertEqual(row["local"], f"{host}:{0 if kind == RAW else port}")

    def test_tcp(self):
        self.check_internet(STREAM, "IPPROTO_TCP", 0, state="LISTEN")

    def test_mptcp(self):
        self.check_internet(STREAM, "IPPROTO_MPTCP", MPTCP, state="LISTEN")

    def test_udp(self):
        self.check_internet(DGRAM, "IPPROTO_UDP", 0)

    def test_udplite(self):
        self.check_internet(DGRAM, "IPPROTO_UDPLITE", UDPLITE)

    def test_sctp(self):
        self.check_internet(STREAM, "IPPROTO_SCTP", SCTP, state="LISTEN")
        self.check_internet(SEQPACKET, "IPPROTO_SCTP", SCTP, state="LISTEN")

    def test_dccp(self):
        for family, address in LOOPBACK.items():
            s = self.open(family, SOCK_DCCP, DCCP)
            s.setsockopt(269, 2, (42).to_bytes(4, "big"))  # DCCP_SOCKOPT_SERVICE
            s.bind(address)
            s.listen(1)
            self.check(s, family.name, "SOCK_DCCP", "IPPROTO_DCCP", state="LISTEN")

    def test_raw(self):
        """The kernel reports the protocol as the port."""
        for protocol, name in ((1, "IPPROTO_ICMP"), (47, "IPPROTO_GRE")):
            self.check_internet(RAW, name, protocol)

    def test_unix(self):
        for kind in (STREAM, DGRAM, SEQPACKET):
            name = f"@csocket-test-{os.urandom(4).hex()}"
            s = self.open(socket.AF_UNIX, kind)
            s.bind(name.replace("@", "\0"))
            self.check(s, "AF_UNIX", kind.name, "0", local=name)

    def test_netlink(self):
        s = self.open(socket.AF_NETLINK, RAW, 0)
        s.bind((0, 0))
        self.check(s, "AF_NETLINK", "SOCK_RAW", "NETLINK_ROUTE", uid=None, recvq=0)

    def test_packet(self):
        s = self.open(socket.AF_PACKET, DGRAM, socket.htons(ETH_P_IP))
        self.check(s, "AF_PACKET", "SOCK_DGRAM", "ETH_P_IP", uid=os.getuid())

    def test_xdp(self):
        self.check(self.open(AF_XDP, RAW), "AF_XDP", "SOCK_RAW", "0", uid=os.getuid())

    @unittest.skipUnless(GUEST, "other machines' AF_VSOCK is let alone")
    def test_vsock(self):
        s = self.open(socket.AF_VSOCK, STREAM)
        s.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
        s.listen(1)
        self.check(s, "AF_VSOCK", "SOCK_STREAM", "0", state="LISTEN", uid=None)

    def test_tipc(self):
        """A service, and a connection to it with messages waiting to be received."""
        for kind in (STREAM, SEQPACKET, DGRAM, socket.SOCK_RDM):
            with self.subTest(kind=kind):
                service = (socket.TIPC_ADDR_NAME, 4000 + kind, 1, 0)
                server, client = self.open(AF_TIPC, kind), self.open(AF_TIPC, kind)
                server.bind((socket.TIPC_ADDR_NAMESEQ, *service[1:3], 1))
                if kind in (DGRAM, socket.SOCK_RDM):
                    self.check(server, "AF_TIPC", kind.name, "0", uid=os.getuid())
                    continue
                server.listen(1)
                self.check(server, "AF_TIPC", kind.name, "0", state="LISTEN", uid=os.getuid())
                client.setblocking(False)  # it is connected once it has been accepted
                with contextlib.suppress(BlockingIOError):
                    client.connect(service)
                conn = server.accept()[0]
                select.select([], [client], [], SECONDS)
                self.addCleanup(conn.close)
                client.send(b"ping")
                near = self.check(client, "AF_TIPC", kind.name, "0", state="ESTABLISHED")
                far = self.check(conn, "AF_TIPC", kind.name, "0", recvq=1)
                self.assertEqual((near["local"], near["peer"]), (far["peer"], far["local"]))
                kind_of, node, port = conn.getsockname()[:3]
                self.assertEqual(far["local"], f"{kind_of},{node},{port},0,0")

    def test_smc(self):
        """Without RDMA it uses TCP, and is listed nevertheless."""
        for proto, name, address in (
            (0, "SMCPROTO_SMC", ("127.0.0.1", 0)), (1, "SMCPROTO_SMC6", ("::1", 0)),
        ):  # fmt: skip
            with self.subTest(name):
                self.check_smc(proto, name, address)

    def check_smc(self, proto, name, address):
        server = self.open(AF_SMC, STREAM, proto)
        # The interpreter has no addresses of this family, so bytes and system calls are used.
        family = socket.AF_INET6 if proto else socket.AF_INET
        with socket.socket(family, STREAM) as free:
            free.bind(address)
            port = free.getsockname()[1]
        packed = family.to_bytes(2, "little") + port.to_bytes(2, "big")
        host = socket.inet_pton(family, address[0])
        packed += b"\0" * 4 + host + b"\0" * 4 if proto else host + b"\0" * 8
        libc = ctypes.CDLL(None, use_errno=True)
        self.assertEqual(libc.bind(server.fileno(), packed, len(packed)), 0)
        self.assertEqual(libc.listen(server.fileno(), 1), 0)
        local = f"[::1]:{port}" if proto else f"127.0.0.1:{port}"
        self.check(server, "AF_SMC", "SOCK_STREAM", name, state="LISTEN", local=local,
                   uid=os.getuid())  # fmt: skip
        client = self.open(AF_SMC, STREAM, proto)
        self.assertEqual(libc.connect(client.fileno(), packed, len(packed)), 0)
        self.check(client, "AF_SMC", "SOCK_STREAM", name, state="ESTABLISHED", peer=local)

    def test_a_family_without_a_list_is_an_error(self):
        done = subprocess.run([PROGRAM, "sockets", "--family=alg"], capture_output=True,
                              timeout=SECONDS)  # fmt: skip
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"this system does not list sockets of AF_ALG", done.stderr)


if __name__ == "__main__":
    unittest.main()
