"""Options of sockets that csocket did not create, timedelta as a timeout, named fields as dicts."""

import asyncio
import datetime
import gc
import os
import socket as standard
import ssl
import subprocess
import sys

import csocket
import pytest

SECONDS = datetime.timedelta(seconds=1, milliseconds=500)


class Holder:
    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd


def wrapped(sock):
    """The same socket in each form that options_of accepts."""
    yield sock
    yield sock.fileno()
    yield Holder(sock.fileno())


@pytest.mark.parametrize("module", [csocket, standard])
@pytest.mark.parametrize("form", [0, 1, 2])
def test_options_of_anything_with_a_descriptor(module, form):
    with module.socket() as sock:
        options = csocket.options_of(list(wrapped(sock))[form])
        assert options.so_keepalive is False
        options.so_keepalive = True
        options["TCP_KEEPIDLE"] = "33s"
        assert sock.getsockopt(module.SOL_SOCKET, module.SO_KEEPALIVE) == 1
        assert sock.getsockopt(module.IPPROTO_TCP, module.TCP_KEEPIDLE) == 33
        assert "SO_TYPE" in options and options.so_type == 1


def test_options_of_does_not_own_the_descriptor():
    with standard.socket() as sock:
        options = csocket.options_of(sock)
        before = sys.getrefcount(sock)
        del options
        gc.collect()
        assert sys.getrefcount(sock) <= before
        assert os.fstat(sock.fileno())


def test_options_of_keeps_the_mode_of_the_socket():
    """A default timeout makes new sockets non-blocking, but must not affect this one."""
    csocket.setdefaulttimeout(5)
    try:
        with standard.socket() as sock:
            csocket.options_of(sock.fileno())
            assert os.get_blocking(sock.fileno())
    finally:
        csocket.setdefaulttimeout(None)


def test_options_of_a_socket_of_ssl_and_of_asyncio():
    a, b = standard.socketpair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    with b, context.wrap_socket(a, do_handshake_on_connect=False) as tls:
        csocket.options_of(tls).so_sndtimeo = 2
        assert csocket.options_of(tls).so_sndtimeo == 2

    async def main():
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
        async with server:
            return csocket.options_of(server.sockets[0]).so_acceptconn

    assert asyncio.run(main()) is True


@pytest.mark.parametrize("what", ["eth0", None, 1.5, object()])
def test_options_of_names_the_accepted_types(what):
    with pytest.raises(TypeError, match="sock must be a socket, a file descriptor or an object"):
        csocket.options_of(what)


def test_options_of_other_objects():
    read, write = os.pipe()
    try:
        with pytest.raises(OSError, match="not a socket|non-socket"):
            csocket.options_of(read)
    finally:
        os.close(read)
        os.close(write)
    with pytest.raises(OSError, match="Bad file descriptor"):
        csocket.options_of(1 << 20)
    sock = standard.socket()
    sock.close()
    with pytest.raises(ValueError, match="negative"):
        csocket.options_of(sock)


def test_a_timeout_may_be_a_timedelta():
    with csocket.socket() as sock:
        sock.settimeout(SECONDS)
        assert sock.gettimeout() == 1.5
        with pytest.raises(ValueError, match="Timeout value out of range"):
            sock.settimeout(-SECONDS)
        csocket.setdefaulttimeout(SECONDS)
        try:
            assert csocket.getdefaulttimeout() == 1.5
        finally:
            csocket.setdefaulttimeout(None)
        assert sock.gettimeout() == 1.5


def test_values_other_than_numbers_and_timedelta_are_refused():
    class Odd:
        total_seconds = None

    class Worse:
        def total_seconds(self):
            raise KeyError("mine")

    with csocket.socket() as sock:
        for value in ("1", [], Odd()):
            with pytest.raises(TypeError):
                sock.settimeout(value)
        with pytest.raises(KeyError, match="mine"):
            sock.settimeout(Worse())
        assert sock.gettimeout() is None


def test_interfaces_as_dicts():
    for each in csocket.getifaddrs():
        fields = each._asdict()
        assert list(fields) == "name index flags family address netmask broadcast".split()
        assert tuple(fields.values()) == tuple(each)


def test_no_additional_module_is_imported():
    """The extras cost nothing until they are used."""
    code = "import csocket, sys; csocket.options_of; print('datetime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("module", [csocket, standard])
def test_options_are_copied_where_they_differ(module):
    with csocket.socket() as source, module.socket() as target:
        set_to = {"SO_KEEPALIVE": True, "TCP_KEEPIDLE": 33.0, "SO_RCVBUF": 100_000, "IP_TTL": 9}
        source.options.update(set_to)
        names = csocket.copy_options(source, target)
        assert set(names) == set(set_to)
        for name in names:
            assert csocket.options_of(target)[name] == source.options[name]
        assert csocket.copy_options(source, target) == []


def test_options_of_another_family_are_left_out():
    unix, udp = csocket.socket(csocket.AF_UNIX), csocket.socket(type=csocket.SOCK_DGRAM)
    with unix, udp:
        udp.options.ip_ttl = 9
        udp.options.so_priority = 3
        assert csocket.copy_options(udp, unix) == ["SO_PRIORITY"]
        with pytest.raises(TypeError, match="source must be a socket"):
            csocket.copy_options("x", udp)
