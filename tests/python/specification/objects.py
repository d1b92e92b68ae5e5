"""Socket objects: opening, closing, modes, options, files."""

import gc
import io
import os
import select
import weakref

import pytest

from .toolkit import inheritable, raises, socket, states

HEADING = "Socket objects"


@states(HEADING, "3.2: a socket is a context manager, which closes it")
def _(t):
    with socket.socket() as sock:
        assert sock.fileno() >= 0
    assert sock.fileno() == -1


@states(f"{HEADING}: accept", "a pair (conn, address): a new socket, and the peer's address")
def _(t):
    listener = t.server()
    client = t.open()
    client.connect(listener.getsockname())
    conn, address = listener.accept()
    t.keep(conn)
    assert address == client.getsockname() == conn.getpeername()
    conn.sendall(b"x")
    assert client.recv(1) == b"x"


@states(f"{HEADING}: accept", "the socket must be bound and listening")
def _(t):
    raises(OSError, t.open().accept)


@states(f"{HEADING}: accept", "the new socket is not inheritable")
def _(t):
    assert not inheritable(t.tcp()[1])


@states(f"{HEADING}: accept", "3.5: goes on after a signal")
def _(t):
    listener = t.server()
    listener.settimeout(None)
    clients = []

    def connect():
        clients.append(t.open())
        clients[-1].connect(listener.getsockname())

    t.alarm(connect)
    t.keep(listener.accept()[0])


@states(f"{HEADING}: bind", "the socket must not be bound already")
def _(t):
    sock = t.server()
    raises(OSError, sock.bind, ("127.0.0.1", 0))


@states(f"{HEADING}: close", "all later operations fail")
def _(t):
    sock = t.open()
    sock.close()
    for call in (sock.getsockname, sock.listen, lambda: sock.send(b"x"), lambda: sock.recv(1)):
        raises(OSError, call)
    assert sock.close() is None


@states(f"{HEADING}: close", "the descriptor is closed when all files of makefile are closed")
def _(t):
    one, other = t.pair()
    fd = one.fileno()
    files = [one.makefile("rb"), one.makefile("wb")]
    one.close()
    for file in files:
        assert os.fstat(fd)
        file.close()
    raises(OSError, os.fstat, fd)
    assert other.recv(1) == b""


@states(f"{HEADING}: close", "the peer receives no more data after what is queued")
def _(t):
    one, other = t.tcp()
    one.sendall(b"x")
    one.close()
    assert other.recv(5) == b"x" and other.recv(5) == b""


@states(f"{HEADING}: close", "sockets are closed when they are collected")
def _(t):
    sock = socket.socket()
    fd = sock.fileno()
    watch = weakref.ref(sock)
    with pytest.warns(ResourceWarning):
        del sock
        for _ in range(3):  # PyPy warns in one garbage collection and closes in another
            gc.collect()
    assert watch() is None
    raises(OSError, os.fstat, fd)


@states(f"{HEADING}: close", "3.6: OSError if the system's close fails")
def _(t):
    sock = socket.socket()
    os.close(sock.fileno())
    raises(OSError, sock.close)


@states(f"{HEADING}: connect", "connects to an address")
def _(t):
    client, server = t.tcp()
    assert client.getpeername() == server.getsockname()


@states(f"{HEADING}: connect", "a non-blocking socket reports that the connection is in progress")
def _(t):
    listener = t.server()
    sock = t.open()
    sock.setblocking(False)
    raises(BlockingIOError, sock.connect, listener.getsockname())
    assert select.select([], [sock], [], 20)[1]
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


@states(f"{HEADING}: connect", "an error of the system is an OSError")
def _(t):
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    raises(ConnectionRefusedError, t.open().connect, sock.getsockname())


@states(f"{HEADING}: connect_ex", "0, or the errno of connect")
def _(t):
    import errno

    assert t.open().connect_ex(t.server().getsockname()) == 0
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    assert t.open().connect_ex(sock.getsockname()) == errno.ECONNREFUSED


@states(f"{HEADING}: connect_ex", "other problems are exceptions")
def _(t):
    raises(socket.gaierror, t.open().connect_ex, ("no-such-host.invalid", 80))
    raises(TypeError, t.open().connect_ex, "address")


@states(f"{HEADING}: connect_ex", "is useful for asynchronous connects")
def _(t):
    import errno

    sock = t.open()
    sock.setblocking(False)
    assert sock.connect_ex(t.server().getsockname()) == errno.EINPROGRESS


@states(f"{HEADING}: detach", "closes the object and returns the descriptor, which stays open")
def _(t):
    one, other = t.pair()
    fd = one.fileno()
    assert one.detach() == fd and one.fileno() == -1
    os.write(fd, b"x")
    assert other.recv(1) == b"x"
    os.close(fd)


@states(f"{HEADING}: dup", "another descriptor of the same endpoint")
def _(t):
    one, other = t.pair()
    copy = t.keep(one.dup())
    assert copy.fileno() != one.fileno()
    assert (copy.family, copy.type, copy.proto) == (one.family, one.type, one.proto)
    one.close()
    copy.sendall(b"x")
    assert other.recv(1) == b"x"


@states(f"{HEADING}: dup", "the new socket is not inheritable")
def _(t):
    one, _other = t.pair()
    one.set_inheritable(True)
    assert not inheritable(t.keep(one.dup()))


@states(f"{HEADING}: fileno", "the descriptor, or -1")
def _(t):
    sock = t.open()
    assert os.fstat(sock.fileno())
    assert select.select([], [sock], [], 0)
    sock.close()
    assert sock.fileno() == -1


@states(f"{HEADING}: fileno", "can be used where a file's descriptor can: os.fdopen")
def _(t):
    one, other = t.pair()
    with os.fdopen(one.detach(), "wb") as file:
        file.write(b"x")
    assert other.recv(1) == b"x"


@states(f"{HEADING}: get_inheritable, set_inheritable", "the flag of the descriptor")
def _(t):
    sock = t.open()
    for flag in (True, False):
        assert sock.set_inheritable(flag) is None
        assert sock.get_inheritable() is flag and inheritable(sock) is flag


@states(f"{HEADING}: getpeername", "the address to which the socket is connected")
def _(t):
    client, server = t.tcp()
    assert client.getpeername() == server.getsockname()
    raises(OSError, t.open().getpeername)


@states(f"{HEADING}: getsockname", "the socket's own address, the port among it")
def _(t):
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    assert sock.getsockname()[0] == "127.0.0.1" and sock.getsockname()[1] > 0


@states(f"{HEADING}: getsockopt", "an integer without buflen")
def _(t):
    sock = t.open()
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM


@states(f"{HEADING}: getsockopt", "bytes, at most buflen, with it")
def _(t):
    sock = t.open()
    data = sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 100)
    assert data == bytes(8)
    assert len(sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 4)) == 4


@states(f"{HEADING}: getblocking", "is gettimeout() != 0")
def _(t):
    sock = t.open()
    for timeout in (None, 0, 5):
        sock.settimeout(timeout)
        assert sock.getblocking() is (sock.gettimeout() != 0)


@states(f"{HEADING}: gettimeout", "float or None: the last of setblocking and settimeout")
def _(t):
    sock = t.open()
    sock.settimeout(2)
    assert sock.gettimeout() == 2.0 and type(sock.gettimeout()) is float
    sock.setblocking(True)
    assert sock.gettimeout() is None
    sock.setblocking(False)
    assert sock.gettimeout() == 0.0


@states(f"{HEADING}: listen", "backlog is optional")
def _(t):
    for arguments in ((), (1,), (0,)):
        sock = t.open()
        sock.bind(("127.0.0.1", 0))
        sock.listen(*arguments)
        t.open().connect(sock.getsockname())


@states(f"{HEADING}: listen", "a backlog below 0 is 0")
def _(t):
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    sock.listen(-5)
    t.open().connect(sock.getsockname())


@states(f"{HEADING}: makefile", "a file whose type depends on the arguments, as with open")
def _(t):
    one, _other = t.pair()
    for arguments, kind in (
        ((), io.TextIOWrapper),
        (("r",), io.TextIOWrapper),
        (("w",), io.TextIOWrapper),
        (("rw",), io.TextIOWrapper),
        (("b",), io.BufferedReader),
        (("rb",), io.BufferedReader),
        (("wb",), io.BufferedWriter),
        (("rwb",), io.BufferedRWPair),
        (("rb", 0), socket.SocketIO),
        (("",), io.TextIOWrapper),
    ):
        with one.makefile(*arguments) as file:
            assert type(file) is kind, arguments


@states(f"{HEADING}: makefile", "other modes are ValueErrors")
def _(t):
    for mode in ("a", "x", "r+", "rt", "U"):
        raises(ValueError, t.open().makefile, mode)


@states(f"{HEADING}: makefile", "encoding, errors and newline are open's")
def _(t):
    one, other = t.pair()
    with one.makefile("w", encoding="utf-16-le", newline="\r\n") as file:
        file.write("ä\n")
    assert other.recv(10).decode("utf-16-le") == "ä\r\n"
    one.sendall(b"\xff\n")
    one.close()
    with other.makefile(encoding="ascii", errors="replace", newline="\n") as file:
        assert file.readline() == "�\n"


@states(f"{HEADING}: makefile", "buffering is open's: 0 is for binary files alone")
def _(t):
    one, other = t.pair()
    with one.makefile("wb", buffering=0) as file:
        file.write(b"x")
        assert other.recv(1) == b"x"
    raises(ValueError, one.makefile, "w", buffering=0)


@states(f"{HEADING}: makefile", "the socket may have a timeout")
def _(t):
    one, _other = t.pair()
    one.settimeout(0.01)
    with one.makefile("rb") as file:
        raises(socket.timeout, file.read, 1)


@states(f"{HEADING}: makefile", "closing the file does not close the socket")
def _(t):
    one, other = t.pair()
    one.makefile("rb").close()
    one.sendall(b"x")
    assert other.recv(1) == b"x"


@states(f"{HEADING}: setblocking", "is short for settimeout(None) and settimeout(0.0)")
def _(t):
    sock = t.open()
    for flag, timeout in ((True, None), (False, 0.0), (1, None), (0, 0.0)):
        assert sock.setblocking(flag) is None
        assert sock.gettimeout() == timeout and os.get_blocking(sock.fileno()) is bool(flag)


@states(f"{HEADING}: setblocking", "3.7: type does not change")
def _(t):
    sock = t.open()
    sock.setblocking(False)
    assert sock.type == socket.SOCK_STREAM


@states(f"{HEADING}: settimeout", "a real number that is not negative, or None")
def _(t):
    sock = t.open()
    for value in (0, 1, 2.5, True, None, 10**6):
        sock.settimeout(value)
        assert sock.gettimeout() == value
    raises(ValueError, sock.settimeout, -1)
    raises(ValueError, sock.settimeout, -0.001)
    raises(TypeError, sock.settimeout, "1")
    raises(ValueError, sock.settimeout, float("nan"))


@states(f"{HEADING}: settimeout", "3.15: any real number")
def _(t):
    import decimal
    import fractions

    sock = t.open()
    for value in (decimal.Decimal("0.25"), fractions.Fraction(1, 4)):
        sock.settimeout(value)
        assert sock.gettimeout() == 0.25


@states(f"{HEADING}: settimeout", "3.7: type does not change")
def _(t):
    sock = t.open()
    sock.settimeout(5)
    assert sock.type == socket.SOCK_STREAM


@states(f"{HEADING}: setsockopt", "the value is an int or a bytes-like object")
def _(t):
    import struct

    sock = t.open()
    for value in (
        1,
        struct.pack("i", 1),
        bytearray(struct.pack("i", 1)),
        memoryview(bytes([1] * 4)),
    ):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, value)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1


@states(f"{HEADING}: setsockopt", "None needs optlen, and is a NULL of that length")
def _(t):
    sock = t.open()
    raises(OSError, sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, None, 4)
    raises(TypeError, sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, None)
    raises(TypeError, sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1, 4)


@states(f"{HEADING}: shutdown", "SHUT_RD: no further receives; SHUT_WR: no further sends")
def _(t):
    one, other = t.pair()
    one.shutdown(socket.SHUT_WR)
    raises(BrokenPipeError, one.send, b"x")
    assert other.recv(1) == b""
    other.sendall(b"x")
    assert one.recv(1) == b"x"
    one.shutdown(socket.SHUT_RD)
    assert one.recv(1) == b""


@states(f"{HEADING}: shutdown", "SHUT_RDWR: neither")
def _(t):
    one, _other = t.pair()
    one.shutdown(socket.SHUT_RDWR)
    raises(BrokenPipeError, one.send, b"x")
    assert one.recv(1) == b""


@states(HEADING, "there are no methods read and write")
def _(t):
    assert not hasattr(t.open(), "read") and not hasattr(t.open(), "write")


@states(HEADING, "family, type and proto are the constructor's, and read-only")
def _(t):
    sock = t.open(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    assert (sock.family, sock.type, sock.proto) == (10, 2, 17)
    for name in ("family", "type", "proto"):
        raises(AttributeError, setattr, sock, name, 1)
