"""recv_exactly, recv_exactly_into, recv_until, recv_line: complete data, or no data is lost."""

import contextlib
import errno
import sys
import threading

import csocket as socket
import pytest

SHORT, LONG = 0.05, 1000


class Own(socket.socket):
    """A class with its own way to receive, like ssl.SSLSocket."""

    def recv_into(self, *args):
        return super().recv_into(*args)


@pytest.fixture(params=[socket.socket, Own])
def pair(request):
    ours, theirs = socket.socketpair()
    if request.param is Own:
        ours = Own(fileno=ours.detach())
    with ours, theirs:
        yield ours, theirs


CALLS = {
    "recv_exactly": lambda sock: sock.recv_exactly(10),
    "recv_exactly_into": lambda sock: sock.recv_exactly_into(bytearray(10)),
    "recv_until": lambda sock: sock.recv_until(b"\r\n\r\n", 100),
    "recv_line": lambda sock: sock.recv_line(),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def test_all_bytes_are_received_however_they_arrive(pair):
    ours, theirs = pair
    thread = threading.Thread(target=lambda: [theirs.send(bytes([i])) for i in range(200)])
    thread.start()
    assert ours.recv_exactly(100) == bytes(range(100))
    buffer = bytearray(101)
    assert ours.recv_exactly_into(buffer, 100) == 100
    assert buffer == bytes(range(100, 200)) + b"\0"
    thread.join()
    assert ours.recv_exactly(0) == b"" and ours.recv_exactly_into(bytearray()) == 0


@pytest.mark.parametrize("delimiter", [b"\r\n", b"x", b"aab", bytearray(b"\0\0\0")])
def test_nothing_behind_the_delimiter_is_received(pair, delimiter):
    ours, theirs = pair
    message = b"a\ra\0\0 " * 400 + bytes(delimiter)
    for data in (message[:1], message[1:-1], message[-1:] + message + b"rest"):
        theirs.send(data)
    assert ours.recv_until(delimiter, 10000) == message
    assert ours.recv_until(delimiter=delimiter, max_bytes=len(message)) == message
    assert ours.recv(10) == b"rest"


def test_a_delimiter_that_arrives_in_parts(pair):
    ours, theirs = pair
    ours.settimeout(SHORT)
    theirs.send(b"data\r\n\r")
    with pytest.raises(socket.timeout) as caught:
        ours.recv_until(b"\r\n\r\n", 100)
    assert caught.value.partial == b"data\r\n\r"


def test_lines_and_an_unfinished_line_at_the_end(pair):
    ours, theirs = pair
    theirs.send(b"one\n\nlast")
    theirs.close()
    assert [ours.recv_line() for _ in range(4)] == [b"one\n", b"\n", b"last", b""]


@every_call
def test_the_end_of_the_connection(pair, call):
    ours, theirs = pair
    theirs.send(b"abc")
    theirs.close()
    if call is CALLS["recv_line"]:
        assert call(ours) == b"abc"
        return
    with pytest.raises(EOFError, match="closed after 3") as caught:
        call(ours)
    assert caught.value.partial == b"abc"


@every_call
def test_received_data_survives_a_timeout(pair, call):
    ours, theirs = pair
    theirs.send(b"abc")
    ours.settimeout(SHORT)
    with pytest.raises(socket.timeout) as caught:
        call(ours)
    assert caught.value.partial == b"abc"
    ours.settimeout(None)
    theirs.send(b"def")
    with pytest.raises(socket.timeout) as caught, socket.fail_after(SHORT):
        call(ours)
    assert caught.value.partial == b"def"
    theirs.send(b"ghi")
    with socket.move_on_after(SHORT), pytest.raises(socket.Cancelled) as caught:
        call(ours)
    assert caught.value.partial == b"ghi"


@every_call
def test_received_data_survives_cancel(pair, call):
    ours, theirs = pair
    theirs.send(b"abc")
    timer = threading.Timer(SHORT, ours.cancel)
    timer.start()
    with pytest.raises(OSError) as caught:
        call(ours)
    timer.join()
    assert (caught.value.errno, caught.value.partial) == (errno.ECANCELED, b"abc")


def test_too_much(pair):
    ours, theirs = pair
    theirs.send(b"0123456789\n")
    with pytest.raises(ValueError, match="first 4 bytes") as caught:
        ours.recv_until(b"\n", 4)
    assert caught.value.partial == b"0123"
    with pytest.raises(ValueError, match="first 4 bytes") as caught:
        ours.recv_line(4)
    assert caught.value.partial == b"4567"
    assert ours.recv_line(max_bytes=3) == b"89\n"


MIB = 1 << 20


@pytest.mark.parametrize("maximum", [2**40, sys.maxsize])
@pytest.mark.parametrize("size", [1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17])
def test_memory_is_needed_for_what_arrives_only(pair, size, maximum):
    ours, theirs = pair
    data = (b"0123456789abcde" * (size // 15 + 1))[: size - 1] + b"\n"
    slow = type(ours) is Own and size > 1000  # it receives lines byte by byte
    sender = threading.Thread(target=theirs.sendall, args=((1 if slow else 3) * data,))
    sender.start()
    if not slow:
        assert ours.recv_line(maximum) == data
        assert ours.recv_until(b"\n", maximum) == data
    assert ours.recv_exactly(size) == data
    sender.join()
    theirs.sendall(b"rest")
    theirs.close()
    with pytest.raises(EOFError) as caught:
        ours.recv_exactly(maximum)
    assert caught.value.partial == b"rest"


@pytest.mark.parametrize("delimiter", [b"\n", b"\r\n", b"-boundary-"])
def test_a_delimiter_across_the_end_of_the_memory(delimiter):
    ours, theirs = socket.socketpair()
    for ahead in range(len(delimiter) + 1):
        data = b"x" * (MIB - ahead) + delimiter
        sender = threading.Thread(target=theirs.sendall, args=(data + b"next",))
        sender.start()
        assert ours.recv_until(delimiter, 2**40) == data
        sender.join()
        assert ours.recv_exactly(4) == b"next"
    ours.close()
    theirs.close()


@pytest.mark.parametrize("call", [lambda s: s.recv_exactly(2**40), lambda s: s.recv_line(2**40)])
def test_the_timeout_is_that_of_the_whole_call(call):
    """The peer sends forever, slowly: each part arrives in time."""
    ours, theirs = socket.socketpair()
    ours.settimeout(20 * SHORT)
    ended = threading.Event()

    def send():
        theirs.settimeout(20)
        with contextlib.suppress(OSError):
            theirs.sendall(b"x" * (MIB + 100))
            while not ended.wait(SHORT / 20):
                theirs.send(b"y")

    sender = threading.Thread(target=send)
    sender.start()
    try:
        with pytest.raises(socket.timeout) as caught:
            call(ours)
    finally:
        ended.set()
        ours.close()
        sender.join()
        theirs.close()
    assert set(caught.value.partial) <= set(b"xy")


def test_arguments(pair):
    ours, theirs = pair
    for wrong in (-1, True, "1", 1.0, None):
        with pytest.raises((TypeError, ValueError), match="nbytes must be"):
            ours.recv_exactly(wrong)
    for wrong in (0, -1, True, "1", 1.0, None):
        with pytest.raises((TypeError, ValueError), match="max_bytes must be"):
            ours.recv_until(b"x", wrong)
        with pytest.raises((TypeError, ValueError), match="max_bytes must be"):
            ours.recv_line(wrong)
    with pytest.raises(ValueError, match="delimiter must not be empty"):
        ours.recv_until(b"", 10)
    with pytest.raises(ValueError, match="nbytes is 11, and the buffer has 10 bytes"):
        ours.recv_exactly_into(bytearray(10), 11)
    with pytest.raises(TypeError):
        ours.recv_exactly_into(b"x")


@pytest.mark.parametrize("kind", ["SOCK_DGRAM", "SOCK_SEQPACKET"])
@pytest.mark.parametrize("base", [socket.socket, Own])
def test_messages_are_not_a_stream(kind, base):
    """The rest of a datagram that a call does not receive completely would be lost."""
    calls = {
        "recv_exactly": lambda sock: sock.recv_exactly(2),
        "recv_exactly_into": lambda sock: sock.recv_exactly_into(bytearray(2)),
        "recv_until": lambda sock: sock.recv_until(b"2", 10),
        "recv_line": lambda sock: sock.recv_line(),
    }
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, kind))
    with base(fileno=ours.detach()) as ours, theirs:
        theirs.send(b"123456")
        for name, call in calls.items():
            with pytest.raises(ValueError) as caught:
                call(ours)
            text = f"{name}() requires a socket of type SOCK_STREAM, not {kind}"
            assert str(caught.value) == text
        assert ours.recv(10) == b"123456"


def test_a_socket_that_does_not_wait(pair):
    ours, theirs = pair
    ours.setblocking(False)
    theirs.send(b"abc")
    with pytest.raises(BlockingIOError) as caught:
        ours.recv_exactly(10)
    assert caught.value.partial == b"abc"
