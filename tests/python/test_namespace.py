"""The module uses objects that a program assigns to its names, and classes derived from its
class."""

import errno
import io
import os
import unittest.mock

import csocket
import pytest


class Own(csocket.socket):
    pass


class Noted(csocket.socket):
    """Accepts any arguments, and keeps them."""

    def __init__(self, family=-1, type=-1, proto=-1, *, fileno=None):
        super().__init__(family, type, proto, fileno)
        self.given = family, type, proto, fileno


@pytest.fixture
def listener():
    with Own() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock


def accepted(listener):
    with csocket.socket() as client:
        client.connect(listener.getsockname())
        return listener.accept()[0]


def pair():
    for sock in (pair := csocket.socketpair()):
        sock.close()
    return pair[0]


def adopted(function, *arguments):
    with csocket.socket() as sock:
        return function(sock.fileno(), *arguments)


MAKERS = {
    "accept": accepted,
    "socketpair": lambda listener: pair(),
    "fromfd": lambda listener: adopted(csocket.fromfd, csocket.AF_INET, csocket.SOCK_STREAM),
    "create_server": lambda listener: csocket.create_server(("127.0.0.1", 0)),
    "create_connection": lambda listener: csocket.create_connection(listener.getsockname()),
    "create_connection, sequential": lambda listener: csocket.create_connection(
        listener.getsockname(), happy_eyeballs_delay=None
    ),
}


@pytest.mark.parametrize("name", MAKERS)
def test_sockets_are_of_the_class_in_the_module(monkeypatch, listener, name):
    monkeypatch.setattr(csocket, "socket", Own)
    with MAKERS[name](listener) as sock:
        assert type(sock) is Own


@pytest.mark.parametrize("name", ["accept", "socketpair"])
def test_a_class_that_refuses_leaves_nothing_open(monkeypatch, listener, name):
    class Refusing(csocket.socket):
        def __new__(cls, *arguments, **keywords):
            raise PermissionError("no sockets here")

    with csocket.socket() as client:
        client.connect(listener.getsockname())
        monkeypatch.setattr(csocket, "socket", Refusing)
        with pytest.raises(PermissionError, match="no sockets here"):
            csocket.socketpair() if name == "socketpair" else listener.accept()


@pytest.mark.parametrize("name", ["accept", "dup"])
def test_a_class_gets_the_descriptor_by_its_name(monkeypatch, listener, name):
    monkeypatch.setattr(csocket, "socket", Noted)
    if name == "accept":
        sock = accepted(listener)
    else:
        with Noted() as first:
            sock = first.dup()
    with sock:
        family, kind, proto, fileno = sock.given
        assert isinstance(family, csocket.AddressFamily)
        assert isinstance(kind, csocket.SocketKind)
        assert (family, kind, proto, fileno) == (
            csocket.AF_INET,
            csocket.SOCK_STREAM,
            0,
            sock.fileno(),
        )


class Unblocked(csocket.socket):
    def _accept(self):
        fd, address = super()._accept()
        os.set_blocking(fd, False)
        return fd, address


@pytest.mark.parametrize("kind", [csocket.socket, Own, Unblocked])
@pytest.mark.parametrize("default", [None, 7.0])
@pytest.mark.parametrize("timeout", [None, 5.0])
def test_accepted_sockets_have_their_own_timeout(kind, default, timeout):
    with kind() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(timeout)
        with csocket.socket() as client:
            client.connect(listener.getsockname())
            csocket.setdefaulttimeout(default)
            try:
                conn = listener.accept()[0]
            finally:
                csocket.setdefaulttimeout(None)
        with conn:
            assert type(conn) is csocket.socket
            assert conn.gettimeout() == default
            # If the program itself made it non-blocking, it stays so unless the listener has a
            # timeout.
            stays = kind is Unblocked and timeout is None
            assert os.get_blocking(conn.fileno()) == (default is None and not stays)


def test_a_class_may_accept_in_its_own_way(listener):
    class Knocking(csocket.socket):
        def _accept(self):
            fd, address = super()._accept()
            return fd, ("seen", *address)

    with Knocking(fileno=os.dup(listener.fileno())) as knocking, csocket.socket() as client:
        client.connect(listener.getsockname())
        sock, address = knocking.accept()
        assert address == ("seen", *client.getsockname())
        assert type(sock) is csocket.socket
        assert sock.getpeername() == client.getsockname()
        sock.close()


@pytest.mark.parametrize("nonsense", [None, 3, (1, 2, 3), ("fd", None)])
def test_an_accept_that_returns_nonsense_is_an_error(nonsense):
    class Knocking(csocket.socket):
        def _accept(self):
            return nonsense

    with Knocking() as knocking, pytest.raises(TypeError):
        knocking.accept()


def test_modules_that_programs_access_through_this_one():
    """socket.errno.EADDRINUSE and the like."""
    assert (csocket.errno, csocket.io, csocket.os) == (errno, io, os)


def test_names_are_looked_up_when_they_are_used():
    def resolve(host, port, *others):
        return [(csocket.AF_INET, csocket.SOCK_STREAM, 0, "", ("127.0.0.1", server_port))]

    with csocket.create_server(("127.0.0.1", 0)) as server:
        server_port = server.getsockname()[1]
        with unittest.mock.patch("csocket.getaddrinfo", resolve):
            with csocket.create_connection(("name.invalid", 80)) as sock:
                assert sock.getpeername() == server.getsockname()
            with csocket.create_connection(("name.invalid", 80), happy_eyeballs_delay=0.1) as sock:
                assert sock.getpeername() == server.getsockname()


def test_a_mock_that_replaces_the_class():
    with unittest.mock.patch("csocket.socket") as mock:
        assert csocket.create_connection(("127.0.0.1", 1)) is mock.return_value
    mock.return_value.connect.assert_called_once_with(("127.0.0.1", 1))


def test_mocks_that_know_the_class():
    sock = unittest.mock.create_autospec(csocket.socket, instance=True)
    sock.send(b"data")
    sock.recv_into(bytearray(1), nbytes=1, flags=0)
    with pytest.raises(AttributeError):
        sock.dial()
    with unittest.mock.patch.object(csocket.socket, "connect", autospec=True) as connect:
        with csocket.socket() as real:
            real.connect(("127.0.0.1", 1))
        connect.assert_called_once_with(("127.0.0.1", 1))
    with csocket.socket() as real, pytest.raises(OSError):
        real.connect(("127.0.0.1", 1))
