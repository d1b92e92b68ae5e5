"""Functions that create sockets."""

import os
import threading

import pytest

from .toolkit import inheritable, raises, socket, states

HEADING = "Creating sockets"


@states(f"{HEADING}: socket", "family is AF_INET, type SOCK_STREAM and proto 0 by default")
def _(t):
    sock = t.open()
    assert (sock.family, sock.type, sock.proto) == (socket.AF_INET, socket.SOCK_STREAM, 0)


@states(f"{HEADING}: socket", "family, type and proto are keywords")
def _(t):
    sock = t.open(family=socket.AF_INET6, type=socket.SOCK_DGRAM, proto=socket.IPPROTO_UDP)
    assert (sock.family, sock.type, sock.proto) == (10, 2, 17)


@states(f"{HEADING}: socket", "fileno: family, type and proto are detected")
def _(t):
    for given in ((socket.AF_UNIX, 2, 0), (socket.AF_INET6, 1, 6), (socket.AF_INET, 2, 17)):
        fd = socket.socket(*given).detach()
        sock = t.open(fileno=fd)
        assert (sock.family, sock.type, sock.proto) == given
        assert sock.fileno() == fd


@states(
    f"{HEADING}: socket", "fileno: explicit arguments overrule what is detected, each by itself"
)
def _(t):
    sock = t.open(socket.AF_INET, socket.SOCK_STREAM)
    for given in ({"family": 10}, {"type": 2}, {"proto": 99}, {"family": 1, "type": 5, "proto": 3}):
        other = socket.socket(fileno=sock.fileno(), **given)
        expected = {"family": 2, "type": 1, "proto": 6, **given}
        assert (other.family, other.type, other.proto) == tuple(expected.values())
        other.detach()


@states(f"{HEADING}: socket", "fileno: an overruled family changes how addresses are represented")
def _(t):
    sock = t.open(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind(("::1", 0))
    other = socket.socket(family=socket.AF_INET6, fileno=sock.fileno())
    assert other.getsockname() == sock.getsockname()
    other.detach()


@states(f"{HEADING}: socket", "fileno: the socket is the same and no duplicate")
def _(t):
    fd = socket.socket().detach()
    sock = t.open(fileno=fd)
    assert sock.fileno() == fd
    sock.close()
    raises(OSError, os.fstat, fd)


@states(f"{HEADING}: socket", "the new socket is not inheritable")
def _(t):
    assert not inheritable(t.open())
    assert not inheritable(t.open(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK))


@states(f"{HEADING}: socket", "SOCK_NONBLOCK and SOCK_CLOEXEC are passed to the system, not kept")
def _(t):
    sock = t.keep(socket.socket(type=socket.SOCK_DGRAM | socket.SOCK_NONBLOCK))
    assert sock.type == socket.SOCK_DGRAM and not os.get_blocking(sock.fileno())


@states(f"{HEADING}: socketpair", "two connected sockets, of AF_UNIX by default")
def _(t):
    one, other = t.pair()
    assert one.family == other.family == socket.AF_UNIX and one.type == socket.SOCK_STREAM
    one.sendall(b"x")
    other.sendall(b"y")
    assert (one.recv(2), other.recv(2)) == (b"y", b"x")


@states(f"{HEADING}: socketpair", "family, type and proto are as for socket")
def _(t):
    one, other = t.pair(socket.AF_UNIX, socket.SOCK_DGRAM, 0)
    assert one.type == other.type == socket.SOCK_DGRAM


@states(f"{HEADING}: socketpair", "the new sockets are not inheritable")
def _(t):
    assert not any(map(inheritable, t.pair()))


@states(f"{HEADING}: socketpair", "the sockets have the whole interface")
def _(t):
    one, _other = t.pair()
    assert isinstance(one, socket.socket) and one.makefile


@states(f"{HEADING}: create_connection", "connects to a service at (host, port)")
def _(t):
    listener = t.server()
    sock = t.keep(socket.create_connection(listener.getsockname()))
    assert sock.getpeername() == listener.getsockname() and sock.type == socket.SOCK_STREAM


@states(f"{HEADING}: create_connection", "a host's name is tried with IPv4 and IPv6, in turn")
def _(t):
    four = t.server(socket.AF_INET)
    six = t.open(socket.AF_INET6)
    six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    six.bind(("::1", 0))
    six.listen()
    resolved = {info[0] for info in socket.getaddrinfo("localhost", 0)}
    assert socket.AF_INET in resolved
    for listener in (one for one in (four, six) if one.family in resolved):
        sock = t.keep(socket.create_connection(("localhost", listener.getsockname()[1])))
        assert sock.family == listener.family


@states(f"{HEADING}: create_connection", "timeout is set before connecting")
def _(t):
    sock = t.keep(socket.create_connection(t.server().getsockname(), timeout=7))
    assert sock.gettimeout() == 7
    sock = t.keep(socket.create_connection(t.server().getsockname(), None))
    assert sock.gettimeout() is None


@states(f"{HEADING}: create_connection", "without a timeout the default one is used")
def _(t):
    t.default_timeout(9)
    assert t.keep(socket.create_connection(t.server().getsockname())).gettimeout() == 9


@states(f"{HEADING}: create_connection", "source_address is what the socket is bound to")
def _(t):
    sock = t.keep(
        socket.create_connection(t.server().getsockname(), source_address=("127.0.0.9", 0))
    )
    assert sock.getsockname()[0] == "127.0.0.9"


@states(f"{HEADING}: create_connection", "source_address: '' and 0 are the system's choice")
def _(t):
    sock = t.keep(socket.create_connection(t.server().getsockname(), source_address=("", 0)))
    assert sock.getsockname()[0] == "127.0.0.1" and sock.getsockname()[1] > 0


def closed_port(t):
    sock = t.open()
    sock.bind(("127.0.0.1", 0))
    return sock.getsockname()[1]


@states(f"{HEADING}: create_connection", "the exception is that of the last address")
def _(t):
    error = raises(OSError, socket.create_connection, ("127.0.0.1", closed_port(t)))
    assert isinstance(error, ConnectionRefusedError)


@states(f"{HEADING}: create_connection", "all_errors: an ExceptionGroup has the errors of all")
def _(t):
    group = getattr(__import__("builtins"), "ExceptionGroup", None)
    if not group:
        pytest.skip("ExceptionGroup came with 3.11")
    port = closed_port(t)
    error = raises(group, socket.create_connection, ("localhost", port), all_errors=True)
    assert error.exceptions and all(isinstance(one, OSError) for one in error.exceptions)


@states(
    f"{HEADING}: create_server", "a listening TCP socket at (host, port), of AF_INET by default"
)
def _(t):
    server = t.keep(socket.create_server(("127.0.0.1", 0)))
    assert (server.family, server.type) == (socket.AF_INET, socket.SOCK_STREAM)
    t.keep(socket.create_connection(server.getsockname(), 20))


@states(f"{HEADING}: create_server", "family may be AF_INET6")
def _(t):
    server = t.keep(socket.create_server(("::1", 0), family=socket.AF_INET6))
    t.keep(socket.create_connection(server.getsockname()[:2], 20))


@states(f"{HEADING}: create_server", "backlog is passed to listen")
def _(t):
    t.keep(socket.create_server(("127.0.0.1", 0), backlog=5))
    t.keep(socket.create_server(("127.0.0.1", 0), backlog=None))


@states(f"{HEADING}: create_server", "reuse_port sets SO_REUSEPORT")
def _(t):
    for wanted in (False, True):
        server = t.keep(socket.create_server(("127.0.0.1", 0), reuse_port=wanted))
        assert bool(server.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT)) == wanted


@states(f"{HEADING}: create_server", "dualstack_ipv6: IPv4 arrives as IPv4-mapped IPv6 addresses")
def _(t):
    server = t.keep(socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True))
    client = t.keep(socket.create_connection(("127.0.0.1", server.getsockname()[1]), 20))
    conn, address = server.accept()
    t.keep(conn)
    assert address[0] == conn.getpeername()[0] == "::ffff:127.0.0.1"
    assert address[1] == client.getsockname()[1]


@states(f"{HEADING}: create_server", "dualstack_ipv6 needs AF_INET6: else a ValueError")
def _(t):
    raises(ValueError, socket.create_server, ("127.0.0.1", 0), dualstack_ipv6=True)


@states(f"{HEADING}: create_server", "without dualstack_ipv6 the socket is for IPv6 alone")
def _(t):
    server = t.keep(socket.create_server(("", 0), family=socket.AF_INET6))
    assert server.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 1


@states(f"{HEADING}: create_server", "SO_REUSEADDR is set on POSIX systems")
def _(t):
    server = t.keep(socket.create_server(("127.0.0.1", 0)))
    assert server.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


@states(f"{HEADING}: has_dualstack_ipv6", "True if one socket can handle IPv4 and IPv6")
def _(t):
    assert socket.has_dualstack_ipv6() is True


@states(f"{HEADING}: fromfd", "a socket around a duplicate of the descriptor")
def _(t):
    one, other = t.pair()
    copy = t.keep(socket.fromfd(one.fileno(), socket.AF_UNIX, socket.SOCK_STREAM))
    assert copy.fileno() != one.fileno() and copy.proto == 0
    copy.sendall(b"x")
    assert other.recv(2) == b"x"


@states(f"{HEADING}: fromfd", "family, type and proto are as given")
def _(t):
    copy = t.keep(socket.fromfd(t.open().fileno(), socket.AF_INET6, socket.SOCK_DGRAM, 17))
    assert (copy.family, copy.type, copy.proto) == (10, 2, 17)


@states(f"{HEADING}: fromfd", "the new socket is not inheritable")
def _(t):
    sock = t.open()
    sock.set_inheritable(True)
    assert not inheritable(t.keep(socket.fromfd(sock.fileno(), 2, 1)))


@states(f"{HEADING}: fromfd", "the socket is assumed to be blocking")
def _(t):
    assert t.keep(socket.fromfd(t.open().fileno(), 2, 1)).gettimeout() is None


@states(f"{HEADING}: SocketType", "the type of socket objects, or what socket objects are made of")
def _(t):
    assert issubclass(socket.socket, socket.SocketType)
    assert isinstance(t.open(), socket.SocketType)


@states(f"{HEADING}: create_connection", "a signal's handler that raises ends the attempt")
def _(t):
    class Stop(Exception):
        pass

    def stop():
        raise Stop

    listener = t.open()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    with pytest.raises(Stop):
        t.alarm(stop)
        for _ in range(1000):
            t.keep(socket.create_connection(listener.getsockname()))


@states(f"{HEADING}: socket", "sockets can be used by several threads")
def _(t):
    one, other = t.pair()
    received = []
    thread = threading.Thread(target=lambda: received.append(other.recv(1)))
    thread.start()
    one.sendall(b"x")
    thread.join()
    assert received == [b"x"]
