"""States that poll cannot express, and flags that determine how a call waits.

Processor time is measured per thread over one second: at most one percent. Times are not asserted.
"""

import contextlib
import errno
import itertools
import os
import threading
import time

import csocket as socket
import pytest

SHORT, LONG = 0.05, 1000
SECOND = 1
numbers = itertools.count()
every_timeout = pytest.mark.parametrize("timeout", [None, LONG])


@contextlib.contextmanager
def hardly_any_processor_time(waited=SECOND):
    begun = time.thread_time()
    yield
    used = time.thread_time() - begun
    assert used < waited / 100, f"{used} s of a processor"


@contextlib.contextmanager
def later(function, *arguments):
    """Call the function soon from another thread, and wait until it has ended."""
    timer = threading.Timer(SHORT, function, arguments)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def fill(sock, *address):
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            sock.sendmsg([b"x" * 4096], [], 0, *address)
    sock.setblocking(True)


class Place(contextlib.ExitStack):
    """Sockets that are closed at the end of a test."""

    def open(self, *arguments):
        return self.enter_context(socket.socket(*arguments))

    def pair(self, kind=socket.SOCK_STREAM):
        return [self.enter_context(sock) for sock in socket.socketpair(socket.AF_UNIX, kind)]

    def tcp(self):
        listener = self.enter_context(socket.create_server(("127.0.0.1", 0)))
        ours = self.enter_context(socket.create_connection(listener.getsockname()))
        return ours, self.enter_context(listener.accept()[0])

    def udp(self):
        sock = self.open(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        sock.connect(sock.getsockname())
        return sock

    def bound(self, kind):
        sock = self.open(socket.AF_UNIX, kind)
        sock.bind(b"\0csocket waits %d %d" % (os.getpid(), next(numbers)))
        return sock

    def full_backlog(self, kind=socket.SOCK_STREAM):
        """A listener, and a socket that cannot connect to it now."""
        listener = self.bound(kind)
        listener.listen(0)
        self.open(socket.AF_UNIX, kind).connect(listener.getsockname())
        return listener, self.open(socket.AF_UNIX, kind)

    def full_tcp_backlog(self):
        listener = self.open()
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            sock = self.open()
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        time.sleep(SHORT)
        return listener, self.open()

    def full_receiver(self):
        """A receiver with a full queue, and a socket that is not connected to it."""
        receiver = self.bound(socket.SOCK_DGRAM)
        sender = self.open(socket.AF_UNIX, socket.SOCK_DGRAM)
        fill(sender, receiver.getsockname())
        return receiver, sender


@pytest.fixture
def place():
    with Place() as made:
        yield made


# No wait is busy


def full_unix_backlog(kind):
    def prepare(place):
        listener, sock = place.full_backlog(kind)
        return sock, lambda: sock.connect(listener.getsockname())

    return prepare


def full_tcp_backlog(place):
    listener, sock = place.full_tcp_backlog()
    return sock, lambda: sock.connect(listener.getsockname())


def full_receiver(call, connected=False):
    def prepare(place):
        receiver, sock = place.full_receiver()
        if connected:
            sock.connect(receiver.getsockname())
        return sock, lambda: call(sock, receiver.getsockname())

    return prepare


def full_socket(kind, call):
    def prepare(place):
        sock = place.pair(kind)[0]
        fill(sock)
        return sock, lambda: call(sock)

    return prepare


def receiving(kind, call):
    def prepare(place):
        sock = place.udp() if kind is None else place.pair(kind)[0]
        return sock, lambda: call(sock)

    return prepare


def netlink(place):
    sock = place.open(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.bind((0, 0))
    return sock, lambda: sock.recv(10)


SO_PEEK_OFF = 42


def peek_beyond(call):
    """poll() reports bytes that have arrived, but the call would block: it looks beyond them."""

    def prepare(place):
        sock, theirs = place.pair()
        sock.setsockopt(socket.SOL_SOCKET, SO_PEEK_OFF, 10)
        theirs.send(b"12345")
        return sock, lambda: call(sock)

    return prepare


def file(mode, call):
    def prepare(place):
        sock = place.pair()[0]
        return sock, lambda: call(place.enter_context(sock.makefile(mode)))

    return prepare


def listener(family):
    def prepare(place):
        if family == socket.AF_UNIX:
            sock = place.bound(socket.SOCK_STREAM)
        else:
            sock = place.open()
            sock.bind(("127.0.0.1", 0))
        sock.listen()
        return sock, sock.accept

    return prepare


STREAM, PACKET, DATAGRAM = socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM
WAITS = {
    "connect to a full backlog": full_unix_backlog(STREAM),
    "connect to a full backlog for packets": full_unix_backlog(PACKET),
    "connect to a full TCP backlog": full_tcp_backlog,
    "sendto a full receiver": full_receiver(lambda sock, to: sock.sendto(b"x", to)),
    "sendmsg to a full receiver": full_receiver(lambda sock, to: sock.sendmsg([b"x"], [], 0, to)),
    "send_many to a full receiver": full_receiver(lambda sock, to: sock.send_many([(b"x", to)])),
    "send to a full receiver": full_receiver(lambda sock, to: sock.send(b"x"), True),
    "send": full_socket(STREAM, lambda sock: sock.send(b"x" * 4096)),
    "sendall": full_socket(STREAM, lambda sock: sock.sendall(b"x" * 4096)),
    "sendall of a packet": full_socket(PACKET, lambda sock: sock.sendall(b"x" * 4096)),
    "send of a datagram": full_socket(DATAGRAM, lambda sock: sock.send(b"x" * 4096)),
    "recv": receiving(STREAM, lambda sock: sock.recv(1)),
    "recv of a packet": receiving(PACKET, lambda sock: sock.recv(1)),
    "recv of a datagram": receiving(DATAGRAM, lambda sock: sock.recv(1)),
    "recvfrom UDP": receiving(None, lambda sock: sock.recvfrom(1)),
    "recvmsg from UDP": receiving(None, lambda sock: sock.recvmsg(1)),
    "recv_many from UDP": receiving(None, lambda sock: sock.recv_many(4, 10)),
    "recv with MSG_WAITALL": receiving(STREAM, lambda sock: sock.recv(9, socket.MSG_WAITALL)),
    "recv_exactly": receiving(STREAM, lambda sock: sock.recv_exactly(9)),
    "recv_line": receiving(STREAM, lambda sock: sock.recv_line()),
    "recv with MSG_PEEK": peek_beyond(lambda sock: sock.recv(1, socket.MSG_PEEK)),
    "recvmsg with MSG_PEEK": peek_beyond(lambda sock: sock.recvmsg(1, 0, socket.MSG_PEEK)),
    "recv from netlink": netlink,
    "read of a file": file("rw", lambda file: file.read(1)),
    "readline of a binary file": file("rwb", lambda file: file.readline()),
    "accept": listener(socket.AF_INET),
    "accept from AF_UNIX": listener(socket.AF_UNIX),
}


@pytest.mark.parametrize("limit", ["timeout", "scope"])
def test_no_wait_is_busy(place, limit):
    ended = {}

    def run(name, sock, call):
        begun = time.thread_time()
        try:
            if limit == "timeout":
                sock.settimeout(SECOND)
                call()
            else:
                with socket.fail_after(SECOND):
                    call()
        except socket.timeout:
            ended[name] = time.thread_time() - begun
        except BaseException as exc:
            ended[name] = exc

    threads = [
        threading.Thread(target=run, args=(name, *prepare(place)))
        for name, prepare in WAITS.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = {
        name: used
        for name, used in ended.items()
        if not isinstance(used, float) or used > SECOND / 100
    }
    assert not busy and len(ended) == len(WAITS)


@every_timeout
def test_a_file_that_reads_and_writes_buffers_its_writes(place, timeout):
    """Reading in between neither sends it nor loses what has arrived."""
    ours, theirs = place.pair()
    ours.settimeout(timeout)
    theirs.settimeout(0)
    file = place.enter_context(ours.makefile("rwb"))
    theirs.sendall(b"first\nsecond\n")
    for text in (b"a", b"b"):
        file.write(text)
        with pytest.raises(BlockingIOError):
            theirs.recv(10)
    assert file.readline() == b"first\n"
    file.write(b"c")
    assert file.readline() == b"second\n"
    with pytest.raises(BlockingIOError):
        theirs.recv(10)
    file.flush()
    assert theirs.recv(10) == b"abc"
    with later(theirs.send, b"third\n"):
        assert file.readline() == b"third\n"


@pytest.mark.parametrize("kind", [STREAM, PACKET])
@every_timeout
def test_connect_waits_for_space_in_a_full_unix_backlog(place, kind, timeout):
    server, sock = place.full_backlog(kind)
    sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        sock.connect(server.getsockname())
    sock.settimeout(SHORT)
    with pytest.raises(socket.timeout):
        sock.connect(server.getsockname())
    sock.settimeout(timeout)
    with later(lambda: server.accept()[0].close()), hardly_any_processor_time():
        sock.connect(server.getsockname())
    with server.accept()[0] as conn:
        sock.send(b"x")
        assert conn.recv(2) == b"x"


@pytest.mark.parametrize("connected", [False, True])
@every_timeout
def test_a_datagram_is_sent_once_a_full_receiver_has_space(place, connected, timeout):
    receiver, sock = place.full_receiver()
    if connected:
        sock.connect(receiver.getsockname())

    def make_room():
        with contextlib.suppress(BlockingIOError):
            while True:
                receiver.recv(1, socket.MSG_DONTWAIT)

    sock.settimeout(timeout)
    with later(make_room), hardly_any_processor_time():
        if connected:
            assert sock.send(b"x") == 1
        else:
            assert sock.sendto(b"x", receiver.getsockname()) == 1


@pytest.mark.parametrize("how", [socket.SHUT_RD, socket.SHUT_RDWR])
@pytest.mark.parametrize(
    "call, nothing",
    [
        (lambda sock: sock.recv(1), b""),
        (lambda sock: sock.recv_into(bytearray(1)), 0),
        (lambda sock: sock.recvfrom(1)[0], b""),
        (lambda sock: sock.recvmsg(1)[0], b""),
    ],
    ids=["recv", "recv_into", "recvfrom", "recvmsg"],
)
def test_shutting_a_datagram_socket_down_ends_its_receives(place, call, nothing, how):
    sock = place.udp()
    sock.settimeout(LONG)
    with later(sock.shutdown, how), hardly_any_processor_time():
        assert call(sock) == nothing
    assert call(sock) == nothing


def test_connecting_again_after_a_timeout_continues_to_wait(place):
    server, sock = place.full_tcp_backlog()
    sock.settimeout(SHORT)
    for _ in range(3):
        with hardly_any_processor_time(), pytest.raises(socket.timeout):
            sock.connect(server.getsockname())
    sock.setblocking(False)
    assert sock.connect_ex(server.getsockname()) == errno.EALREADY


# Flags

RECEIVES = {
    "recv": lambda sock, flags: sock.recv(50, flags),
    "recv of much": lambda sock, flags: sock.recv(1 << 20, flags),
    "recv_into": lambda sock, flags: sock.recv_into(bytearray(50), 50, flags),
    "recvfrom": lambda sock, flags: sock.recvfrom(50, flags),
    "recvfrom_into": lambda sock, flags: sock.recvfrom_into(bytearray(50), 50, flags),
    "recvmsg": lambda sock, flags: sock.recvmsg(50, 0, flags),
    "recvmsg_into": lambda sock, flags: sock.recvmsg_into([bytearray(50)], 0, flags),
    "recv_fds": lambda sock, flags: socket.recv_fds(sock, 50, 1, flags),
    "recv_message": lambda sock, flags: sock.recv_message(50, flags),
    "recv_many": lambda sock, flags: sock.recv_many(4, 50, flags),
    "recv_many_into": lambda sock, flags: sock.recv_many_into(bytearray(200), 50, 4, flags),
}
SENDS = {
    "send": lambda sock, flags: sock.send(b"x" * 4096, flags),
    "send of much": lambda sock, flags: sock.send(b"x" * 100000, flags),
    "sendall": lambda sock, flags: sock.sendall(b"x" * 4096, flags),
    "sendmsg": lambda sock, flags: sock.sendmsg([b"x" * 4096], [], flags),
    "send_fds": lambda sock, flags: socket.send_fds(sock, [b"x" * 4096], [0], flags=flags),
    "send_many": lambda sock, flags: sock.send_many([b"x" * 4096], flags),
}


def kinds(name):
    """The sockets that support a call: streams have no messages."""
    return (DATAGRAM,) if "many" in name else (STREAM, PACKET, DATAGRAM)


@pytest.mark.parametrize("name", RECEIVES)
@every_timeout
def test_dontwait_does_not_wait_to_receive(place, name, timeout):
    for kind in kinds(name):
        sock = place.pair(kind)[0]
        sock.settimeout(timeout)
        for flags in (socket.MSG_DONTWAIT, socket.MSG_DONTWAIT | socket.MSG_WAITALL):
            with pytest.raises(BlockingIOError):
                RECEIVES[name](sock, flags)


@pytest.mark.parametrize("name", SENDS)
@every_timeout
def test_dontwait_does_not_wait_to_send(place, name, timeout):
    for kind in kinds(name):
        sock = place.pair(kind)[0]
        fill(sock)
        sock.settimeout(timeout)
        with pytest.raises(BlockingIOError):
            SENDS[name](sock, socket.MSG_DONTWAIT)


@every_timeout
def test_dontwait_does_not_wait_for_a_full_receiver(place, timeout):
    receiver, sock = place.full_receiver()
    sock.settimeout(timeout)
    address = receiver.getsockname()
    for call in (
        lambda: sock.sendto(b"x", socket.MSG_DONTWAIT, address),
        lambda: sock.sendmsg([b"x"], [], socket.MSG_DONTWAIT, address),
        lambda: sock.send_many([(b"x", address)], socket.MSG_DONTWAIT),
    ):
        with pytest.raises(BlockingIOError):
            call()


@every_timeout
def test_dontwait_does_not_wait_after_receives_that_had_to(place, timeout):
    ours, theirs = place.pair()
    ours.settimeout(timeout)
    for _ in range(5):
        with later(theirs.send, b"x"):
            assert ours.recv(1) == b"x"
    with pytest.raises(BlockingIOError):
        ours.recv(1, socket.MSG_DONTWAIT)


ERRORS = {name: RECEIVES[name] for name in ("recv", "recvfrom", "recvmsg", "recv_into")}


@pytest.mark.parametrize("call", ERRORS.values(), ids=ERRORS)
@every_timeout
def test_the_error_queue_is_never_waited_for(place, call, timeout):
    sock = place.udp()
    sock.settimeout(timeout)
    with pytest.raises(BlockingIOError):
        call(sock, socket.MSG_ERRQUEUE)
    sock.send(b"data")
    with hardly_any_processor_time(), pytest.raises(BlockingIOError):
        call(sock, socket.MSG_ERRQUEUE)
    assert sock.recv(10) == b"data"


WHOLE = {
    "recv": lambda sock: sock.recv(50, socket.MSG_WAITALL),
    "recv and MSG_PEEK": lambda sock: sock.recv(50, socket.MSG_WAITALL | socket.MSG_PEEK),
    "recv_into": lambda sock: received_into(sock.recv_into),
    "recvfrom": lambda sock: sock.recvfrom(50, socket.MSG_WAITALL)[0],
    "recvfrom_into": lambda sock: received_into(
        lambda *arguments: sock.recvfrom_into(*arguments)[0]
    ),
    "recvmsg": lambda sock: sock.recvmsg(50, 0, socket.MSG_WAITALL)[0],
    "recvmsg_into": lambda sock: received_in_parts(sock),
}
every_whole = pytest.mark.parametrize("call", WHOLE.values(), ids=WHOLE)


def received_into(receive):
    buffer = bytearray(50)
    return bytes(buffer[: receive(buffer, 50, socket.MSG_WAITALL)])


def received_in_parts(sock):
    parts = bytearray(20), bytearray(30)
    nbytes = sock.recvmsg_into(parts, 0, socket.MSG_WAITALL)[0]
    return b"".join(parts)[:nbytes]


@every_whole
@every_timeout
def test_waitall_waits_for_all_bytes(place, call, timeout):
    ours, theirs = place.pair()
    ours.settimeout(timeout)

    def send():
        for _ in range(5):
            theirs.send(b"0123456789")
            time.sleep(SHORT / 10)

    with later(send), hardly_any_processor_time():
        assert call(ours) == b"0123456789" * 5


@every_whole
def test_waitall_returns_what_arrived_before_the_limit(place, call):
    ours, theirs = place.pair()
    ours.settimeout(SHORT)
    with hardly_any_processor_time(), pytest.raises(socket.timeout):
        call(ours)
    theirs.send(b"0123456789")
    with hardly_any_processor_time():
        assert call(ours) == b"0123456789"


@every_timeout
def test_urgent_data_is_received_after_receives_that_had_to_wait(place, timeout):
    ours, theirs = place.tcp()
    ours.settimeout(timeout)
    for _ in range(5):
        with later(theirs.send, b"x"):
            assert ours.recv(1) == b"x"
    if timeout is None:
        with pytest.raises(OSError) as caught:
            ours.recv(1, socket.MSG_OOB)  # no urgent data has been announced: like recv(2)
        assert caught.value.errno == errno.EINVAL
    with (
        hardly_any_processor_time(),
        later(theirs.send, b"!", socket.MSG_OOB),
        socket.fail_after(LONG),
    ):
        assert ours.recv(10, socket.MSG_OOB) == b"!"


@pytest.mark.parametrize("call", ["sendto", "sendmsg"])
@every_timeout
def test_fast_open_waits_for_the_connection_and_sends(place, call, timeout):
    server = place.enter_context(socket.create_server(("127.0.0.1", 0)))
    sock = place.open()
    sock.settimeout(timeout)
    flags, address = socket.MSG_FASTOPEN, server.getsockname()
    try:
        with hardly_any_processor_time():
            if call == "sendto":
                assert sock.sendto(b"data", flags, address) == 4
            else:
                assert sock.sendmsg([b"data"], [], flags, address) == 4
    except OSError as exc:
        if exc.errno == errno.EOPNOTSUPP:
            pytest.skip("TCP Fast Open is switched off here")
        raise
    with server.accept()[0] as conn:
        assert conn.recv(10) == b"data"


# Files


def test_a_file_follows_its_sockets_timeout(place):
    ours, theirs = place.pair()
    with ours.makefile("rb", 0) as file:
        ours.settimeout(SHORT)
        with hardly_any_processor_time(), pytest.raises(socket.timeout):
            file.read(1)
    with ours.makefile("rb", 0) as file:
        ours.settimeout(SHORT)
        ours.settimeout(None)
        with later(theirs.send, b"x"), hardly_any_processor_time():
            assert file.read(1) == b"x"
        with socket.move_on_after(SHORT) as scope:
            file.read(1)
        assert scope.cancelled_caught


@pytest.mark.parametrize("call", ["recv_exactly", "recv_line"])
def test_data_received_before_a_timeout_is_not_lost(place, call):
    ours, theirs = place.pair()
    ours.settimeout(SHORT)
    theirs.send(b"abc")
    arguments = (7,) if call == "recv_exactly" else ()
    with hardly_any_processor_time(), pytest.raises(socket.timeout) as caught:
        getattr(ours, call)(*arguments)
    assert caught.value.partial == b"abc"
