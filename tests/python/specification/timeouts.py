"""Notes on socket timeouts."""

import os
import select

from .toolkit import elapsed, fill, raises, socket, states

HEADING = "Notes on socket timeouts"


@states(HEADING, "sockets are blocking by default")
def _(t):
    sock = t.keep(socket.socket())
    assert sock.getblocking() is True and sock.gettimeout() is None
    assert os.get_blocking(sock.fileno())


@states(HEADING, "blocking mode: calls wait until they can be completed")
def _(t):
    one, other = t.pair()
    other.settimeout(None)
    t.alarm(lambda: one.send(b"x"))
    assert other.recv(1) == b"x"


@states(HEADING, "non-blocking mode: calls fail if they cannot be completed at once")
def _(t):
    one, other = t.pair()
    one.setblocking(False)
    raises(BlockingIOError, one.recv, 1)
    fill(one)
    raises(BlockingIOError, one.send, b"x")
    listener = t.server()
    listener.setblocking(False)
    raises(BlockingIOError, listener.accept)
    other.close()


@states(HEADING, "non-blocking mode: select says when a socket is readable or writable")
def _(t):
    one, other = t.pair()
    one.setblocking(False)
    assert select.select([one], [one], [], 0) == ([], [one], [])
    other.sendall(b"x")
    assert select.select([one], [], [], 20) == ([one], [], [])
    assert one.recv(1) == b"x"


@states(HEADING, "timeout mode: calls fail with timeout if they are not completed in time")
def _(t):
    one, _other = t.pair()
    one.settimeout(0.05)
    assert elapsed(raises, socket.timeout, one.recv, 1) >= 0.05
    fill(one)
    assert elapsed(raises, socket.timeout, one.sendall, b"x") >= 0.05
    listener = t.server()
    listener.settimeout(0.05)
    assert elapsed(raises, socket.timeout, listener.accept) >= 0.05


@states(HEADING, "timeout mode: the system's errors are reported as well")
def _(t):
    one, other = t.pair()
    other.close()
    raises(BrokenPipeError, one.sendall, b"x")


@states(HEADING, "timeout mode: the descriptor is non-blocking at the system's level")
def _(t):
    sock = t.open()
    sock.settimeout(5)
    assert not os.get_blocking(sock.fileno())
    sock.settimeout(None)
    assert os.get_blocking(sock.fileno())


@states(HEADING, "the mode is shared by descriptors of the same endpoint")
def _(t):
    sock = t.open()
    sock.settimeout(None)
    copy = t.keep(sock.dup())
    copy.setblocking(False)
    assert not os.get_blocking(sock.fileno())


@states("Timeouts and the connect method", "connect is subject to the timeout")
def _(t):
    listener = t.open(socket.AF_UNIX)
    listener.bind(t.path())
    listener.listen(0)
    t.open(socket.AF_UNIX).connect(t.path())
    sock = t.open(socket.AF_UNIX)
    sock.settimeout(0.05)
    # A full backlog of AF_UNIX: the standard library fails with EAGAIN at once.
    raises((socket.timeout, BlockingIOError), sock.connect, t.path())


@states("Timeouts and the accept method", "accepted sockets have the default timeout")
def _(t):
    t.default_timeout(7)
    for timeout in (None, 0, 3):
        listener = t.server()
        listener.settimeout(20)
        t.keep(socket.create_connection(listener.getsockname()))
        select.select([listener], [], [], 20)
        listener.settimeout(timeout)
        assert t.keep(listener.accept()[0]).gettimeout() == 7


@states("Timeouts and the accept method", "without a default timeout accepted sockets block")
def _(t):
    for timeout in (None, 3):
        listener = t.server()
        listener.settimeout(timeout)
        t.keep(socket.create_connection(listener.getsockname()))
        conn = t.keep(listener.accept()[0])
        assert conn.gettimeout() is None and os.get_blocking(conn.fileno())


@states(
    "Example", "a server's sequence is socket, bind, listen, accept; a client's socket, connect"
)
def _(t):
    server = t.open()
    server.bind(("", 0))
    server.listen(1)
    client = t.open()
    client.connect(("localhost", server.getsockname()[1]))
    conn, _address = server.accept()
    with conn:
        client.sendall(b"Hello, world")
        conn.sendall(conn.recv(1024))
        assert client.recv(1024) == b"Hello, world"


@states("Example", "the server's loop over getaddrinfo with AI_PASSIVE finds an address to bind")
def _(t):
    bound = 0
    for family, kind, proto, _, address in socket.getaddrinfo(
        None, 0, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE
    ):
        sock = t.open(family, kind, proto)
        sock.bind(address)
        sock.listen(1)
        bound += 1
    assert bound == 2


@states("Example", "SO_REUSEADDR allows an address in TIME_WAIT to be bound again")
def _(t):
    listener = t.open()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    address = listener.getsockname()
    client = t.keep(socket.create_connection(address, 20))
    conn = listener.accept()[0]
    conn.close()
    assert client.recv(1) == b""
    client.close()
    listener.close()
    again = t.open()
    again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    again.bind(address)
