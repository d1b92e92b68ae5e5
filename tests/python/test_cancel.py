"""socket.cancel(): blocked and later calls on a socket, in any thread, fail with ECANCELED."""

import contextlib
import errno
import itertools
import os
import signal
import threading
import time

import csocket as socket
import pytest

LONG = 1000  # more than any call of a test lasts
numbers = itertools.count()


def name():
    return b"\0csocket cancel %d %d" % (os.getpid(), next(numbers))


def is_cancelled(call, *arguments):
    with pytest.raises(OSError) as caught:
        call(*arguments)
    assert not isinstance(caught.value, socket.timeout)
    return caught.value.errno == errno.ECANCELED


def fill_once(sock, *address):
    """Send until there is no space; return the number of calls."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            if address:
                sock.sendto(b"x" * 4096, *address)
            else:
                sock.send(b"x" * 4096)
            count += 1
    return count


def fill(sock, *address):
    """TCP may have space again once the kernel has moved the sent data to the receiver's buffer."""
    sock.setblocking(False)
    fill_once(sock, *address)
    quiet = 5 if sock.family == socket.AF_INET else 0
    while quiet:
        time.sleep(0.01)
        quiet = 5 if fill_once(sock, *address) else quiet - 1
    sock.setblocking(True)


class Place(contextlib.ExitStack):
    """A socket, sock, on which a call waits; an address; and other objects that must stay open."""

    def open(self, *arguments):
        return self.enter_context(socket.socket(*arguments))

    def pair(self, kind):
        self.sock, other = socket.socketpair(socket.AF_UNIX, kind)
        self.enter_context(self.sock)
        self.enter_context(other)

    def bound(self, kind):
        sock = self.open(socket.AF_UNIX, kind)
        sock.bind(name())
        self.address = sock.getsockname()
        return sock

    def listener(self, family, kind=socket.SOCK_STREAM, backlog=16):
        sock = self.open(family, kind)
        sock.bind(("127.0.0.1", 0) if family == socket.AF_INET else name())
        sock.listen(backlog)
        self.address = sock.getsockname()
        return sock


def stream(place):
    place.pair(socket.SOCK_STREAM)


def packets(place):
    place.pair(socket.SOCK_SEQPACKET)


def datagrams(place):
    place.pair(socket.SOCK_DGRAM)


def tcp(place):
    place.sock = place.enter_context(
        socket.create_connection(place.listener(socket.AF_INET).getsockname())
    )


def udp(place):
    place.sock = place.open(socket.AF_INET, socket.SOCK_DGRAM)
    place.sock.bind(("127.0.0.1", 0))


def connected_udp(place):
    udp(place)
    place.sock.connect(place.sock.getsockname())


def ipv6_udp(place):
    place.sock = place.open(socket.AF_INET6, socket.SOCK_DGRAM)


def netlink(place):
    place.sock = place.open(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    place.sock.bind((0, 0))


def full(kind):
    def prepare(place):
        kind(place)
        fill(place.sock)

    return prepare


def full_receiver(place):
    place.bound(socket.SOCK_DGRAM)
    place.sock = place.open(socket.AF_UNIX, socket.SOCK_DGRAM)
    fill(place.sock, place.address)


def full_connected_receiver(place):
    full_receiver(place)
    place.sock.connect(place.address)


def listening(family, kind=socket.SOCK_STREAM):
    def prepare(place):
        place.sock = place.listener(family, kind)

    return prepare


def connecting(family, kind=socket.SOCK_STREAM):
    def prepare(place):
        place.listener(family, kind, 0)
        for _ in range(3 if family == socket.AF_INET else 1):
            other = place.open(family, kind)
            other.setblocking(False)
            other.connect_ex(place.address)
        time.sleep(0.01)
        place.sock = place.open(family, kind)

    return prepare


def read_file(place):
    with place.sock.makefile("rb") as file:
        file.read(10)


def write_file(place):
    file = place.sock.makefile("wb", 0)
    with file:
        file.write(b"x" * (1 << 22))


def sendfile(place):
    with open(__file__, "rb") as file:
        place.sock.sendfile(file)


RECEIVES = {
    "recv": lambda place: place.sock.recv(10),
    "recv of much": lambda place: place.sock.recv(1 << 20),
    "recv_into": lambda place: place.sock.recv_into(bytearray(10)),
    "recvfrom": lambda place: place.sock.recvfrom(10),
    "recvfrom_into": lambda place: place.sock.recvfrom_into(bytearray(10)),
    "recvmsg": lambda place: place.sock.recvmsg(10),
    "recvmsg_into": lambda place: place.sock.recvmsg_into([bytearray(10)]),
    "makefile": read_file,
}
MESSAGES = {
    "recv_many": lambda place: place.sock.recv_many(4, 10),
    "recv_message": lambda place: place.sock.recv_message(10),
}
SENDS = {
    "send": lambda place: place.sock.send(b"x" * (1 << 22)),
    "sendall": lambda place: place.sock.sendall(b"x" * (1 << 22)),
    "sendmsg": lambda place: place.sock.sendmsg([b"x" * (1 << 22)]),
    "makefile": write_file,
    "sendfile": sendfile,
}
SHORT_SENDS = {
    "send": lambda place: place.sock.send(b"x" * 4096),
    "sendall": lambda place: place.sock.sendall(b"x" * 4096),
    "sendmsg": lambda place: place.sock.sendmsg([b"x" * 4096]),
}
SENDS_TO = {
    "sendto": lambda place: place.sock.sendto(b"x", place.address),
    "sendmsg": lambda place: place.sock.sendmsg([b"x"], [], 0, place.address),
    "send_many": lambda place: place.sock.send_many([(b"x", place.address)] * 2),
}
ACCEPTS = {"accept": lambda place: place.sock.accept()}
CONNECTS = {
    "connect": lambda place: place.sock.connect(place.address),
    "connect_ex": lambda place: place.sock.connect_ex(place.address),
}
UNIX, INET = socket.AF_UNIX, socket.AF_INET
CASES = [
    (kind, prepare, each, call)
    for kind, prepare, calls in (
        ("tcp", tcp, RECEIVES),
        ("unix stream", stream, RECEIVES),
        ("unix seqpacket", packets, RECEIVES),
        ("unix dgram", datagrams, {**RECEIVES, **MESSAGES}),
        ("udp", udp, {**RECEIVES, **MESSAGES}),
        ("connected udp", connected_udp, {**RECEIVES, **MESSAGES}),
        ("ipv6 udp", ipv6_udp, RECEIVES),
        ("netlink", netlink, RECEIVES),
        ("full tcp", full(tcp), SENDS),
        ("full unix stream", full(stream), SENDS),
        ("full unix seqpacket", full(packets), SHORT_SENDS),
        ("full unix dgram", full(datagrams), SHORT_SENDS),
        ("full receiver", full_receiver, SENDS_TO),
        ("full connected receiver", full_connected_receiver, SHORT_SENDS),
        ("tcp listener", listening(INET), ACCEPTS),
        ("unix listener", listening(UNIX), ACCEPTS),
        ("unix seqpacket listener", listening(UNIX, socket.SOCK_SEQPACKET), ACCEPTS),
        ("tcp", connecting(INET), CONNECTS),
        ("unix", connecting(UNIX), CONNECTS),
        ("unix seqpacket", connecting(UNIX, socket.SOCK_SEQPACKET), CONNECTS),
    )
    for each, call in calls.items()
]
every_case = pytest.mark.parametrize(
    "prepare, call", [case[1::2] for case in CASES], ids=[f"{c[0]}-{c[2]}" for c in CASES]
)


@pytest.fixture
def place():
    with Place() as made:
        yield made


def blocked(place, call):
    """Return a thread that waits in the call, and the list to which it appends the result or
    exception."""
    ended, ready = [], threading.Event()

    def run():
        ready.set()
        try:
            ended.append(call(place))
        except BaseException as exc:
            ended.append(exc)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    time.sleep(0.02)
    return thread, ended


def errno_of(ended):
    (result,) = ended
    return result.errno if isinstance(result, OSError) else result


@every_case
@pytest.mark.parametrize("timeout", [None, LONG])
def test_a_blocked_call_ends_and_later_ones_fail(place, prepare, call, timeout):
    prepare(place)
    place.sock.settimeout(timeout)
    thread, ended = blocked(place, call)
    place.sock.cancel()
    thread.join()
    assert errno_of(ended) == errno.ECANCELED
    place.sock.cancel()
    try:
        assert call(place) == errno.ECANCELED
    except OSError as exc:
        assert exc.errno == errno.ECANCELED
    place.sock.close()
    assert place.sock.fileno() == -1


@every_case
@pytest.mark.parametrize("timeout", [None, LONG, 0])
def test_a_call_after_it_fails_at_once(place, prepare, call, timeout):
    prepare(place)
    place.sock.cancel()
    place.sock.settimeout(timeout)
    if timeout == 0 and call in (read_file, write_file, sendfile):
        return  # they refuse non-blocking sockets
    try:
        assert call(place) == errno.ECANCELED
    except OSError as exc:
        assert exc.errno == errno.ECANCELED


@every_case
@pytest.mark.parametrize("timeout", [None, LONG])
def test_a_scope_ends_each_call(place, prepare, call, timeout):
    prepare(place)
    place.sock.settimeout(timeout)
    with socket.move_on_after(0.02) as scope:
        call(place)
    assert scope.cancelled_caught


def test_a_scope_ends_create_connection(place):
    connecting(INET)(place)
    with socket.move_on_after(0.02) as scope:
        socket.create_connection(place.address)
    assert scope.cancelled_caught


def test_every_blocked_thread_ends(place):
    udp(place)
    running = [blocked(place, RECEIVES["recv"]) for _ in range(20)]
    place.sock.cancel()
    for thread, ended in running:
        thread.join()
        assert errno_of(ended) == errno.ECANCELED


def test_connect_ex_returns_the_errno(place):
    connecting(INET)(place)
    thread, ended = blocked(place, lambda place: place.sock.connect_ex(place.address))
    place.sock.cancel()
    thread.join()
    assert ended == [errno.ECANCELED]
    for timeout in (None, LONG, 0):
        place.sock.settimeout(timeout)
        assert place.sock.connect_ex(place.address) == errno.ECANCELED
    place.sock.settimeout(None)
    with socket.move_on_after(0) as scope:
        place.sock.connect_ex(place.address)
    assert scope.cancelled_caught


def test_a_scope_sees_an_oserror_and_not_cancelled(place):
    stream(place)
    thread, ended = blocked(place, lambda place: in_scope(place.sock))
    place.sock.cancel()
    thread.join()
    assert errno_of(ended) == errno.ECANCELED


def in_scope(sock):
    with socket.move_on_after(LONG):
        return sock.recv(1)


@pytest.mark.parametrize(
    "prepare, call",
    [
        (stream, RECEIVES["recv"]),
        (netlink, RECEIVES["recv"]),
        (connecting(INET), CONNECTS["connect"]),
        (connecting(UNIX), CONNECTS["connect"]),
        (full_receiver, SENDS_TO["sendto"]),
    ],
)
def test_a_signal_handler_may_cancel(place, prepare, call):
    prepare(place)
    previous = signal.signal(signal.SIGALRM, lambda *_: place.sock.cancel())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        assert is_cancelled(call, place)
    finally:
        signal.signal(signal.SIGALRM, previous)


def test_the_peer_sees_the_end(place):
    listener = place.listener(INET)
    ours = place.enter_context(socket.create_connection(listener.getsockname()))
    theirs = place.enter_context(listener.accept()[0])
    ours.cancel()
    assert theirs.recv(1) == b""


def test_accepted_sockets_are_separate_objects(place):
    listener = place.listener(INET)
    ours = place.enter_context(socket.create_connection(listener.getsockname()))
    theirs = place.enter_context(listener.accept()[0])
    listener.cancel()
    theirs.send(b"x")
    assert ours.recv(1) == b"x"
    assert is_cancelled(listener.accept)


def test_a_closed_socket_may_be_cancelled(place):
    stream(place)
    place.sock.close()
    place.sock.cancel()
    assert is_cancelled(place.sock.recv, 1)


def test_an_accept_loop_ends_with_an_error_that_it_knows(place):
    place.sock = place.listener(INET)

    def serve(place):
        while True:
            try:
                place.sock.accept()[0].close()
            except OSError as exc:
                return exc.errno

    thread, ended = blocked(place, serve)
    place.sock.cancel()
    thread.join()
    assert ended == [errno.ECANCELED]
