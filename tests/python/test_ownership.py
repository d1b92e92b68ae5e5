"""Memory runs out while a call owns descriptors or memory: nothing leaks, regardless of the
failure."""

import array
import contextlib
import gc
import math
import os
import sys
import sysconfig

import csocket
import pytest

testcapi = pytest.importorskip("_testcapi", reason="this interpreter has no _testcapi")
pytestmark = [
    pytest.mark.usefixtures("isolated"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.skipif(
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        reason="a free-threaded 3.13 crashes in PyList_New when memory runs out there",
    ),
]
OPERATIONS = {}


def operation(function):
    """A generator: each function that it yields is called with memory running out, and its result
    is sent back."""
    OPERATIONS[function.__name__] = function
    return function


def close_rights(items):
    for _, _, packed in items:
        for fd in array.array("i", packed):
            os.close(fd)


@contextlib.contextmanager
def rights():
    one, other = csocket.socketpair()
    with one, other:
        csocket.send_fds(one, [b"data"], [0, 1, 2])
        yield other


@operation
def recvmsg():
    with rights() as sock:
        result = yield lambda: sock.recvmsg(10, 100)
        close_rights(result[1] if result else [])


@operation
def recvmsg_of_much():
    with rights() as sock:
        result = yield lambda: sock.recvmsg(100000, 5000)
        close_rights(result[1] if result else [])


@operation
def recvmsg_into():
    with rights() as sock:
        buffers = [bytearray(1) for _ in range(20)]
        result = yield lambda: sock.recvmsg_into(buffers, 100)
        close_rights(result[1] if result else [])


@operation
def recv_fds():
    with rights() as sock:
        result = yield lambda: csocket.recv_fds(sock, 10, 2)
        for fd in result[1] if result else []:
            os.close(fd)


@operation
def recv_message():
    with rights() as sock:
        result = yield lambda: sock.recv_message(10)
        if result:
            result.close()


@operation
def take_fds():
    with rights() as sock:
        message = sock.recv_message(10)
        for fd in (yield message.take_fds) or []:
            os.close(fd)
        message.close()


@operation
def message_fds():
    with rights() as sock, sock.recv_message(10) as message:
        yield lambda: message.fds
        assert len(message.fds) == 3


@operation
def send_message():
    one, other = csocket.socketpair()
    with one, other:
        yield lambda: one.send_message(b"data", control={"scm_rights": [0, 1]})


@operation
def send_fds():
    one, other = csocket.socketpair()
    with one, other:
        yield lambda: csocket.send_fds(one, [b"data"], [0, 1, 2])


@operation
def sendmsg():
    one, other = csocket.socketpair()
    items = [(csocket.SOL_SOCKET, csocket.SCM_RIGHTS, array.array("i", [0]))]
    with one, other:
        yield lambda: one.sendmsg([b"x"] * 20, items)


@contextlib.contextmanager
def datagrams():
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        address = sock.getsockname()
        sock.sendto(b"one", address)
        sock.sendto(b"two", address)
        yield sock, address


@operation
def recv_many():
    with datagrams() as (sock, _):
        yield lambda: sock.recv_many(2, 100)


@operation
def recv_many_into():
    with datagrams() as (sock, _):
        yield lambda: sock.recv_many_into(bytearray(200), 100)


@operation
def send_many():
    with datagrams() as (sock, address):
        yield lambda: sock.send_many([(b"three", address), (bytearray(b"four"), address)])


@operation
def send_segments():
    with datagrams() as (sock, address):
        yield lambda: sock.send_many(b"12345", segment_size=2, address=address)


@operation
def errors():
    with csocket.socket(type=csocket.SOCK_DGRAM) as closed_port:
        closed_port.bind(("127.0.0.1", 0))
        address = closed_port.getsockname()
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        sock.options.ip_recverr = True
        sock.connect(address)
        sock.send(b"unread data")
        yield sock.errors


@operation
def enable_timestamps():
    with datagrams() as (sock, _):
        yield sock.enable_timestamps


def listening():
    listener = csocket.create_server(("127.0.0.1", 0))
    client = csocket.create_connection(listener.getsockname())
    return listener, client


@operation
def accept():
    listener, client = listening()
    with listener, client:
        result = yield listener.accept
        if result:
            result[0].close()


def closed(call):
    result = yield call
    if result:
        for sock in result if isinstance(result, tuple) else [result]:
            sock.close()


@operation
def dup():
    with csocket.socket() as sock:
        yield from closed(sock.dup)


@operation
def fromfd():
    with csocket.socket() as sock:
        yield from closed(lambda: csocket.fromfd(sock.fileno(), 2, 1))


@operation
def adopt():
    fd = csocket.socket().detach()
    result = yield lambda: csocket.socket(fileno=fd)
    if result:
        result.close()
    else:
        os.close(fd)


@operation
def pair():
    yield from closed(csocket.socketpair)


@operation
def create_server():
    yield from closed(lambda: csocket.create_server(("127.0.0.1", 0)))


@operation
def create_connection():
    listener, client = listening()
    with listener, client:
        yield from closed(lambda: csocket.create_connection(listener.getsockname(), 5))


@operation
def raced_connection():
    listener, client = listening()
    with listener, client:
        address = listener.getsockname()
        yield from closed(lambda: csocket.create_connection(address, 5, happy_eyeballs_delay=0.1))


@operation
def scopes():
    one, other = csocket.socketpair()

    def call():
        with csocket.move_on_after(30), csocket.fail_after(20):
            one.send(b"x")
            return other.recv(1)

    with one, other:
        yield call
    # No scope is left behind.
    assert csocket.current_effective_deadline() == math.inf


@operation
def refused_connection():
    with csocket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]

        def connect():
            with contextlib.suppress(OSError):
                return csocket.create_connection(("localhost", port), 5)

        yield from closed(connect)


def file_of(mode, buffering):
    def opened():
        one, other = csocket.socketpair()
        with one, other:
            result = yield lambda: one.makefile(mode, buffering)
            if result:
                result.close()

    opened.__name__ = f"makefile_{mode}_{buffering}"
    return operation(opened)


for mode in ("r", "w", "rw", "rb", "wb", "rwb"):
    file_of(mode, -1)
file_of("rb", 0)
file_of("rwb", 0)


@operation
def lines():
    one, other = csocket.socketpair()
    with one, other, other.makefile() as file:
        one.sendall(b"line\n")
        yield file.readline


def plain(name, call):
    def called():
        yield call

    called.__name__ = name
    operation(called)


NUMERIC = csocket.NI_NUMERICHOST | csocket.NI_NUMERICSERV
plain("getaddrinfo", lambda: csocket.getaddrinfo("127.0.0.1", 80))
plain("getaddrinfo_of_a_name", lambda: csocket.getaddrinfo("localhost", "http"))
plain("getnameinfo", lambda: csocket.getnameinfo(("127.0.0.1", 80), NUMERIC))
plain("gethostbyname_ex", lambda: csocket.gethostbyname_ex("localhost"))
plain("gethostbyaddr", lambda: csocket.gethostbyaddr("127.0.0.1"))
plain("getaddrinfo_in_time", lambda: csocket.getaddrinfo("localhost", "http", timeout=30))
plain("getnameinfo_in_time", lambda: csocket.getnameinfo(("127.0.0.1", 80), NUMERIC, timeout=30))
plain("gethostbyname_in_time", lambda: csocket.gethostbyname("localhost", timeout=30))
plain("gethostbyaddr_in_time", lambda: csocket.gethostbyaddr("127.0.0.1", timeout=30))
plain("getifaddrs", csocket.getifaddrs)
plain("if_nameindex", csocket.if_nameindex)


@operation
def sendfile():
    one, other = csocket.socketpair()
    with one, other, open(__file__, "rb") as file:
        yield lambda: one.sendfile(file, 0, 100)


def descriptors():
    return set(os.listdir("/proc/self/fd"))


def one_turn(make, turn):
    """Return whether the call failed for lack of memory at the given allocation."""
    steps = make()
    call = next(steps)
    result, failed = None, False
    # The code that ends the failures must not allocate memory, not even for a lookup.
    remove_hooks = testcapi.remove_mem_hooks
    testcapi.set_nomemory(turn, turn + 1)
    try:
        result = call()
    except MemoryError:
        failed = True
    except (RuntimeError, SystemError, AttributeError):
        # The interpreter's own failures: io has no lock; a frame or a method of io is missing.
        failed = True
    finally:
        remove_hooks()
    with contextlib.suppress(StopIteration):
        steps.send(result)
    return failed


def all_turns(make):
    # Objects that the first call makes for all later ones already exist, such as members of enums:
    # lambdas make them, and CPython 3.13.0 crashes if there is no memory for a lambda.
    one_turn(make, 1 << 30)
    succeeded = failed = turn = 0
    while succeeded < 8:
        turn += 1
        if one_turn(make, turn):
            succeeded, failed = 0, failed + 1
        else:
            succeeded += 1
    return failed


def growth(make):
    blocks = sys.getallocatedblocks()
    all_turns(make)
    gc.collect()
    return sys.getallocatedblocks() - blocks


def test_memory_runs_out_in_most_operations():
    failed = [name for name, make in OPERATIONS.items() if all_turns(make) > 0]
    assert len(failed) > len(OPERATIONS) / 2


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_is_lost_when_memory_runs_out(monkeypatch, name):
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    make = OPERATIONS[name]
    assert not one_turn(make, 10**6)
    before = descriptors()
    turns = all_turns(make)
    gc.collect()
    assert descriptors() == before
    if turns:
        # Less than an object and its contents per turn: the interpreter keeps some memory itself.
        assert min(growth(make) for _ in range(3)) < 3 * turns + 20
