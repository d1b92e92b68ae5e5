"""Memory or descriptors run out during a call: it reports that, and nothing leaks."""

import errno
import gc
import os
import resource
import sys
import sysconfig

import csocket
import pytest

testcapi = pytest.importorskip("_testcapi", reason="this interpreter has no _testcapi")
pytestmark = [
    pytest.mark.usefixtures("isolated"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def server():
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def datagrams(server):
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.connect(sock.getsockname())
        sock.sendto(b"x", sock.getsockname())
        sock.recvfrom(10)
        sock.sendmsg([b"a", bytearray(b"b")], [], 0, sock.getsockname())
        sock.recvmsg(10, 100)
        repr(sock)


def pairs(server):
    for sock in csocket.socketpair():
        sock.close()


def refusals(server):
    with csocket.socket() as sock:
        for call in sock.connect, sock.bind:
            try:
                call(("192.0.2.1", 1))
            except OSError as error:
                assert error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL)


def names(server):
    csocket.getaddrinfo("127.0.0.1", 80)
    csocket.getnameinfo(("127.0.0.1", 80), csocket.NI_NUMERICHOST | csocket.NI_NUMERICSERV)
    csocket.if_nameindex()
    csocket.getifaddrs()


def options(server):
    with csocket.socket() as sock:
        sock.options.tcp_nodelay = True
        sock.options["SO_LINGER"] = (1, 2)
        dict(sock.options)
        sock.getsockopt(csocket.SOL_SOCKET, csocket.SO_TYPE, 4)


def connections(server):
    for keywords in {}, {"happy_eyeballs_delay": 0.1}:
        with csocket.create_connection(server.getsockname(), **keywords) as one:
            other, _ = server.accept()
            with other, one.dup(), csocket.fromfd(one.fileno(), one.family, one.type):
                pass


def addresses(server):
    for family, kind, address in (
        (csocket.AF_UNIX, csocket.SOCK_STREAM, "short"),
        (csocket.AF_INET6, csocket.SOCK_DGRAM, ("::1", 0, 0, 0)),
        (csocket.AF_NETLINK, csocket.SOCK_RAW, (0, 0)),
    ):
        with csocket.socket(family, kind) as sock:
            sock.bind(address)
            sock.getsockname()
        if family == csocket.AF_UNIX:
            os.unlink(address)


CALLS = (datagrams, pairs, refusals, names, options, connections, addresses)


def drain(server):
    """The sockets that were connected and not accepted."""
    server.setblocking(False)
    try:
        while True:
            server.accept()[0].close()
    except BlockingIOError:
        server.setblocking(True)
    with open(os.devnull) as lowest:
        return lowest.fileno()


@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="a free-threaded 3.13 crashes in PyList_New when memory runs out there",
)
@pytest.mark.parametrize("call", CALLS)
def test_memory_runs_out(monkeypatch, server, call):
    """Each allocation fails in turn, until the call makes no more of them."""
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    call(server)
    succeeded, failed, turn = 0, 0, 0
    while succeeded < 20:
        turn += 1
        try:
            testcapi.set_nomemory(turn, turn + 1)
            try:
                call(server)
            finally:
                testcapi.remove_mem_hooks()
            succeeded += 1
        except MemoryError:
            succeeded, failed = 0, failed + 1
            if call is addresses and os.path.exists("short"):
                os.unlink("short")
        drain(server)
    assert failed > 0


@pytest.mark.parametrize("call", [pairs, options, connections, addresses])
def test_descriptors_run_out(server, call):
    call(server)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    failed = 0
    for spare in range(6):
        lowest = drain(server)
        gc.collect()
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + spare, before[1]))
        try:
            call(server)
        except OSError as error:
            assert error.errno == errno.EMFILE, error
            failed += 1
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert drain(server) == lowest
    assert 0 < failed < 6


def test_descriptors_that_do_not_fit_are_not_received():
    one, other = csocket.socketpair()
    with one, other:
        csocket.send_fds(one, [b"x"], [0, 1, 2])
        with open(os.devnull) as lowest:
            limit = lowest.fileno() + 1
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
        try:
            data, fds, flags, _ = csocket.recv_fds(other, 10, 3)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert (data, len(fds), flags) == (b"x", 1, csocket.MSG_CTRUNC)
        os.close(fds[0])


def test_dual_stack_is_not_supported_without_descriptors():
    with open(os.devnull) as lowest:
        limit = lowest.fileno()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        assert csocket.has_dualstack_ipv6() is False
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
