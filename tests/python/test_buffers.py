"""Buffers of all kinds, and arguments whose methods modify the socket or buffer: never a crash."""

import array
import ctypes
import mmap
import sys
import threading

import csocket
import pytest


@pytest.fixture
def pair():
    one, other = csocket.socketpair()
    one.settimeout(5)
    other.settimeout(5)
    yield one, other
    one.close()
    other.close()


READABLE = {
    "bytes": lambda: b"12345678",
    "bytearray": lambda: bytearray(b"12345678"),
    "array": lambda: array.array("I", [1, 2]),
    "memoryview": lambda: memoryview(b"x12345678")[1:],
    "words": lambda: memoryview(b"12345678").cast("H"),
    "matrix": lambda: memoryview(b"12345678").cast("B", [2, 4]),
    "ctypes": lambda: (ctypes.c_char * 8)(*b"12345678"),
    "structure": lambda: ctypes.c_uint64(5),
    "subclass": lambda: type("Bytes", (bytes,), {})(b"12345678"),
}
WRITABLE = ("bytearray", "array", "ctypes", "structure")
SENDS = {
    "send": lambda sock, data: sock.send(data),
    "sendall": lambda sock, data: sock.sendall(data) or 8,
    "sendmsg": lambda sock, data: sock.sendmsg([data]),
    "SocketIO": lambda sock, data: sock.makefile("wb", buffering=0).write(data),
}
RECEIVES = {
    "recv_into": lambda sock, target: sock.recv_into(target),
    "recvfrom_into": lambda sock, target: sock.recvfrom_into(target)[0],
    "recvmsg_into": lambda sock, target: sock.recvmsg_into([target])[0],
    "SocketIO": lambda sock, target: sock.makefile("rb", buffering=0).readinto(target),
}


@pytest.mark.parametrize("how", SENDS)
@pytest.mark.parametrize("what", READABLE)
def test_everything_that_is_a_buffer_is_sent(pair, what, how):
    data = READABLE[what]()
    assert SENDS[how](pair[0], data) == 8
    assert pair[1].recv(100) == bytes(data)


@pytest.mark.parametrize("how", RECEIVES)
@pytest.mark.parametrize("what", WRITABLE)
def test_everything_that_is_a_writable_buffer_is_received_into(pair, what, how):
    pair[1].sendall(b"abcdefgh")
    target = READABLE[what]()
    assert RECEIVES[how](pair[0], target) == 8
    assert bytes(target) == b"abcdefgh"


def test_mapped_memory(pair):
    with mmap.mmap(-1, 100) as memory:
        pair[1].sendall(b"mapped")
        assert pair[0].recv_into(memory) == 6
        assert memory[:7] == b"mapped\0"
        assert pair[0].send(memory) == 100


@pytest.mark.parametrize("how", RECEIVES)
@pytest.mark.parametrize(
    "target",
    [b"12345678", memoryview(b"12345678"), memoryview(bytearray(8))[::2], "text", None, 5],
    ids=["bytes", "read-only view", "not contiguous", "str", "None", "int"],
)
def test_unwritable_files_are_refused(pair, how, target):
    pair[1].sendall(b"kept")
    with pytest.raises((TypeError, BufferError)):
        RECEIVES[how](pair[0], target)
    assert pair[0].recv(10) == b"kept"


@pytest.mark.parametrize("how", SENDS)
@pytest.mark.parametrize(
    "data",
    [memoryview(b"12345678")[::2], memoryview(b"12345678")[::-1], "text", None, 5],
    ids=["not contiguous", "backwards", "str", "None", "int"],
)
def test_unreadable_files_are_refused(pair, how, data):
    with pytest.raises((TypeError, BufferError)):
        SENDS[how](pair[0], data)
    pair[1].setblocking(False)
    with pytest.raises(BlockingIOError):
        pair[1].recv(1)


def in_the_middle(call, change):
    """Make the call, and a change while it waits; return the exception of the change."""
    errors = []

    def run():
        try:
            change()
        except Exception as error:
            errors.append(type(error))

    timer = threading.Timer(0.1, run)
    timer.start()
    try:
        return call(), errors
    finally:
        timer.join()


@pytest.mark.parametrize("how", RECEIVES)
def test_a_buffer_that_is_in_use_is_not_resized(pair, how):
    target = bytearray(8)

    def change():
        try:
            target.extend(b"x" * 100000)
        finally:
            pair[1].sendall(b"abc")

    assert in_the_middle(lambda: RECEIVES[how](pair[0], target), change) == (3, [BufferError])
    assert target == b"abc\0\0\0\0\0"
    target.extend(b"free again")


@pytest.mark.parametrize("how", ["send", "sendall", "sendmsg", "SocketIO"])
def test_a_buffer_that_is_being_sent_is_not_resized(pair, how):
    pair[0].setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF, 4096)
    pair[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            pair[0].send(b"x" * 1000)
    pair[0].settimeout(5)
    data = bytearray(b"12345678")

    def change():
        try:
            data.clear()
        finally:
            pair[1].recv(1 << 20)
            pair[1].recv(1 << 20)

    assert in_the_middle(lambda: SENDS[how](pair[0], data), change) == (8, [BufferError])
    data.clear()


def test_a_view_that_is_in_use_is_not_released(pair):
    view = memoryview(bytearray(8))

    def change():
        try:
            view.release()
        finally:
            pair[1].sendall(b"abc")

    got, errors = in_the_middle(lambda: pair[0].recv_into(view), change)
    assert (got, errors) in ((3, [BufferError]), (3, []))
    with pytest.raises((ValueError, TypeError)):
        view.release()
        pair[0].recv_into(view)


# Arguments that run code of their own.


class Sequence:
    """A sequence that calls hook whenever its length or an item is requested."""

    def __init__(self, items, hook):
        self.items, self.hook = items, hook

    def __len__(self):
        self.hook()
        return len(self.items)

    def __getitem__(self, index):
        self.hook()
        return self.items[index]


class Number:
    def __init__(self, value, hook):
        self.value, self.hook = value, hook

    def __index__(self):
        self.hook()
        return self.value


class Path:
    def __init__(self, value, hook):
        self.value, self.hook = value, hook

    def __fspath__(self):
        self.hook()
        return self.value


@pytest.mark.parametrize("how", ["close", "detach", "shutdown"])
def test_the_socket_is_closed_while_its_arguments_are_read(how):
    """The rest of the call sees a closed socket."""
    import os

    for call in (
        lambda sock, hook: sock.sendmsg(Sequence([b"a", b"b"], hook)),
        lambda sock, hook: sock.sendmsg([b"a"], Sequence([], hook)),
        lambda sock, hook: sock.sendmsg([b"a"], [], Number(0, hook)),
        lambda sock, hook: sock.recvmsg_into(Sequence([bytearray(5)], hook)),
        lambda sock, hook: sock.recvmsg(Number(5, hook)),
        lambda sock, hook: sock.recv(Number(5, hook)),
        lambda sock, hook: sock.recv_into(bytearray(5), Number(5, hook)),
        lambda sock, hook: sock.recvfrom_into(bytearray(5), 5, Number(0, hook)),
        lambda sock, hook: sock.send(b"x", Number(0, hook)),
        lambda sock, hook: sock.sendall(b"x", Number(0, hook)),
        lambda sock, hook: sock.bind(Path("x", hook)),
        lambda sock, hook: sock.connect(Path("/no/such", hook)),
        lambda sock, hook: sock.getsockopt(Number(1, hook), 3),
        lambda sock, hook: sock.setsockopt(1, Number(2, hook), 1),
        lambda sock, hook: sock.listen(Number(1, hook)),
    ):
        one, other = csocket.socketpair()
        other.sendall(b"12345")

        def hook(one=one):
            if one.fileno() < 0:
                return
            if how == "detach":
                os.close(one.detach())
            elif how == "close":
                one.close()
            else:
                one.shutdown(csocket.SHUT_RDWR)

        one.settimeout(0.2)
        try:
            call(one, hook)
        except OSError:
            pass
        else:
            assert how == "shutdown"
        one.close()
        other.close()


class Clearing(bytearray):
    """A buffer whose __buffer__ method (3.12) empties the list that contains it."""

    def __init__(self, data, victim):
        super().__init__(data)
        self.victim = victim

    def __buffer__(self, flags):
        self.victim.clear()
        return super().__buffer__(flags)


def test_a_list_is_cleared_while_its_buffers_are_read(pair):
    parts = []
    parts.extend([Clearing(b"ab", parts), b"cd", bytearray(b"ef")] * 5)
    assert pair[0].sendmsg(parts) == 30
    assert pair[1].recv(100) == b"abcdef" * 5
    parts[:] = [Clearing(b"ab", parts), bytearray(4)]
    pair[1].sendall(b"123456")
    assert pair[0].recvmsg_into(parts)[0] == 6
    if sys.version_info >= (3, 12):
        assert parts == []


def test_ancillary_data_is_cleared_while_it_is_read(pair):
    items = []
    item = (csocket.SOL_SOCKET, csocket.SCM_RIGHTS, Clearing(b"", items))
    items.extend([item, (Number(1, items.clear), 1, b""), item])
    assert pair[0].sendmsg([b"x"], items) == 1
    parts = [b"a", b"b"]
    items.extend([(Number(csocket.SOL_SOCKET, parts.clear), csocket.SCM_RIGHTS, b"")])
    assert pair[0].sendmsg(parts, items) == 2


def test_a_sequence_that_lies_about_its_length(pair):
    class Liar(list):
        def __len__(self):
            return 1000

        def __iter__(self):
            self.clear()
            return iter([b"a"])

    assert pair[0].sendmsg(Liar([b"x", b"y"])) >= 1
    pair[1].recv(10)
    with pytest.raises((OSError, TypeError)):
        pair[0].sendmsg(Sequence([5], lambda: None))

    def endless():
        while True:
            yield 5

    with pytest.raises(TypeError):
        pair[0].sendmsg([b"x"], (item for item in [endless()]))


def test_an_address_that_changes_while_it_is_read():
    """A tuple cannot be changed, but its items can run code."""
    with csocket.socket(csocket.AF_INET6, csocket.SOCK_DGRAM) as sock:
        for count in (2, 3, 4):
            values = ["::1", 1, 0, 0][:count]
            for place in range(1, count):
                address = tuple(
                    Number(v, sock.close) if i == place else v for i, v in enumerate(values)
                )
                with pytest.raises(OSError):
                    sock.connect(address)


def test_very_many_buffers(pair):
    limit = 1024  # UIO_MAXIOV
    assert pair[0].sendmsg([b"x"] * limit) == limit
    assert len(pair[1].recv(5000)) == limit
    # A stream may accept part of them, as it may accept part of a buffer.
    assert pair[0].sendmsg([b"x"] * (limit + 1)) == limit


def test_a_file_that_closes_its_socket(pair):
    """sendfile calls the file's methods, which may do anything."""

    class File:
        def __init__(self):
            self.reads = 0

        def read(self, size=-1):
            self.reads += 1
            if self.reads == 2:
                pair[0].close()
            return b"x" * 10

        def seek(self, *_):
            pass

    with pytest.raises(OSError):
        pair[0].sendfile(File())
