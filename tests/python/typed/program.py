"""A program that uses most of `socket`, for a type checker: test_types.py checks it with the
standard library's stubs and with csocket's. It is not run."""

import array
import asyncio
import contextlib
import selectors
import socket
import socketserver
import ssl
import threading
from typing import BinaryIO, Optional

Address = tuple[str, int]


def echo(connection: socket.socket) -> int:
    total = 0
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)
            total += len(data)
    return total


def serve(host: str, port: int, *, dualstack: bool = False) -> socket.socket:
    if dualstack and socket.has_dualstack_ipv6():
        server = socket.create_server(
            (host, port), family=socket.AF_INET6, dualstack_ipv6=True, reuse_port=True
        )
    else:
        server = socket.create_server((host, port), backlog=5)
    server.settimeout(2.5)
    return server


def accept_one(server: socket.socket) -> tuple[socket.socket, Address]:
    connection, address = server.accept()
    threading.Thread(target=echo, args=(connection,)).start()
    return connection, address


def connect(host: str, port: int) -> Optional[socket.socket]:
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
        except OSError:
            continue
        try:
            sock.connect(address)
        except (socket.timeout, socket.gaierror, socket.herror, OSError) as error:
            print(error.errno, error.strerror)
            sock.close()
            continue
        return sock
    return None


def tune(sock: socket.socket) -> tuple[int, bytes]:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\5\0\0\0")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    sock.setblocking(False)
    timeout: Optional[float] = sock.gettimeout()
    assert timeout == 0.0 and not sock.getblocking()
    number: int = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    raw: bytes = sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    return number, raw


def describe(sock: socket.socket) -> str:
    family: socket.AddressFamily = sock.family
    kind: socket.SocketKind = sock.type
    if family is socket.AddressFamily.AF_INET or family == socket.AF_INET6:
        return f"{family.name} {kind.name} {sock.proto} {sock.getsockname()} {sock.getpeername()}"
    return repr(sock)


def receive(sock: socket.socket, peer: Address) -> int:
    target, other = bytearray(10), memoryview(bytearray(5))
    count = sock.recv_into(target) + sock.recv_into(other, 3, socket.MSG_PEEK)
    data, address = sock.recvfrom(100, socket.MSG_DONTWAIT | socket.MSG_TRUNC)
    more, address = sock.recvfrom_into(target, nbytes=5)
    part, ancillary, flags, address = sock.recvmsg(10, socket.CMSG_SPACE(4))
    for level, kind, control in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            array.array("i").frombytes(control)
    size, *_ = sock.recvmsg_into([target, other])
    sent = sock.sendto(data, peer) + sock.sendto(data, 0, peer) + sock.send(part)
    sent += sock.sendmsg([data, target], [(1, 1, b"1234")], 0, address)
    return count + more + size + sent + flags


def files(sock: socket.socket, source: BinaryIO) -> str:
    with sock.makefile("rwb", buffering=0) as raw:
        raw.write(b"x")
        line: bytes = raw.readline()
    with sock.makefile("rb") as reader, sock.makefile("wb") as writer:
        writer.write(reader.read(5) + line)
    with sock.makefile(encoding="utf-8", newline="\n") as text:
        first: str = text.readline()
    sock.sendfile(source, offset=3, count=5)
    return first


def descriptors(left: socket.socket, right: socket.socket) -> list[int]:
    socket.send_fds(left, [b"data"], [left.fileno()])
    _, found, _, _ = socket.recv_fds(right, 10, 4)
    with contextlib.closing(socket.fromfd(found[0], socket.AF_UNIX, socket.SOCK_STREAM)) as copy:
        copy.set_inheritable(not copy.get_inheritable())
        socket.close(copy.dup().detach())
    one, two = socket.socketpair()
    one.shutdown(socket.SHUT_WR)
    two.close()
    return found


def names() -> list[str]:
    packed: bytes = socket.inet_aton("127.0.0.1") + socket.inet_pton(socket.AF_INET6, "::1")
    found = [socket.inet_ntoa(packed[:4]), socket.inet_ntop(socket.AF_INET6, packed[4:])]
    found += [socket.gethostname(), socket.getfqdn(), socket.gethostbyname("localhost")]
    found += socket.gethostbyname_ex("localhost")[2] + list(socket.gethostbyaddr("::1")[:1])
    found += socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST)
    found += [name for _, name in socket.if_nameindex()] + [socket.if_indextoname(1)]
    numbers = [socket.htons(1), socket.ntohs(1), socket.htonl(1), socket.ntohl(1)]
    numbers += [socket.getservbyname("http", "tcp"), socket.getprotobyname("tcp")]
    numbers += [socket.CMSG_LEN(4), socket.if_nametoindex("lo"), socket.SOMAXCONN]
    return [*found, socket.getservbyport(80), *map(str, numbers)]


def secure(sock: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    return context.wrap_socket(sock, server_hostname="localhost")


async def stream(sock: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, b"x")
    reader, writer = await asyncio.open_connection(sock=sock)
    writer.close()
    return await reader.read()


def watch(sock: socket.socket) -> list[object]:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(0)]


class Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        request: socket.socket = self.request
        request.sendall(b"bye")


class Counting(socket.socket):
    sent: int

    def send(self, data: bytes, flags: int = 0, /) -> int:  # type: ignore[override]
        self.sent += len(data)
        return super().send(data, flags)


def main(timeout: Optional[float] = None) -> None:
    socket.setdefaulttimeout(timeout)
    with socket.create_connection(("localhost", 80), 3, ("", 0), all_errors=True) as sock:
        print(describe(sock), tune(sock), socket.getdefaulttimeout())
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    unix.bind("\0name")
    assert unix.connect_ex(b"\0other") == 0
    unix.listen()
    socket.sethostname("name")
