"""Wrong arguments of csocket's own methods: each error names the parameter and what is accepted.

The rule: for every method and parameter, a wrong type, a negative and a huge number. PARAMETERS
lists what each parameter refuses."""

import os

import csocket as socket
import pytest

HUGE = 2**70


class Nothing:
    """An object without methods."""


NUMBER = ["text", b"bytes", 1.5, None, [], Nothing()]  # not an int
OPTIONAL_NUMBER = ["text", b"bytes", 1.5, [], Nothing()]
DATA = ["text", 1, 1.5, None, [], Nothing()]  # not bytes-like
WRITABLE = [b"bytes", *DATA]
MESSAGES = ["text", b"bytes", bytearray(b"x"), memoryview(b"x"), 1, 1.5, None, Nothing()]
MAPPING = ["text", b"bytes", 1, 1.5, [], Nothing()]
FILE = ["text", b"bytes", 1.5, None, [], Nothing()]
FLAGS = [2**31, -(2**31) - 1, 2**40, HUGE, -HUGE]

# method, its other arguments, the parameter, values of a wrong type, numbers out of range
PARAMETERS = [
    ("recv_many", {"bufsize": 9}, "max", NUMBER, [-1, 0, 65537, 2**40, HUGE, -HUGE]),
    ("recv_many", {"max": 9}, "bufsize", NUMBER, [-1, 0, 2**40, HUGE, -HUGE]),
    ("recv_many", {"max": 9, "bufsize": 9}, "flags", NUMBER, FLAGS),
    ("recv_many_into", {"bufsize": 9}, "buffer", WRITABLE, []),
    ("recv_many_into", {"buffer": bytearray(9)}, "bufsize", NUMBER, [-1, 0, 10, 2**40, HUGE]),
    ("recv_many_into", {"buffer": bytearray(9), "bufsize": 9}, "max", NUMBER, [-1, 0, 2**40, HUGE]),
    ("recv_many_into", {"buffer": bytearray(9), "bufsize": 9}, "flags", NUMBER, FLAGS),
    ("send_many", {}, "messages", MESSAGES, []),
    ("send_many", {"segment_size": 1}, "messages", DATA, []),
    ("send_many", {"messages": []}, "flags", NUMBER, FLAGS),
    ("send_many", {"messages": b"x"}, "segment_size", OPTIONAL_NUMBER, [-1, 0, HUGE, -HUGE]),
    ("recv_message", (), "bufsize", NUMBER, [-1, HUGE, -HUGE]),
    ("recv_message", (9,), "flags", NUMBER, FLAGS),
    ("send_message", {}, "data", DATA, []),
    ("send_message", {"data": b"x"}, "control", MAPPING, []),
    ("send_message", {"data": b"x"}, "flags", NUMBER, FLAGS),
    ("send_zerocopy", {}, "data", DATA, []),
    ("send_zerocopy", {"data": b"x"}, "flags", NUMBER, FLAGS),
    ("recv_exactly", (), "nbytes", NUMBER, [-1, HUGE, -HUGE]),
    ("recv_exactly_into", {}, "buffer", WRITABLE, []),
    ("recv_exactly_into", {"buffer": bytearray(9)}, "nbytes", NUMBER, [-1, 10, HUGE, -HUGE]),
    ("recv_until", {"max_bytes": 9}, "delimiter", DATA, []),
    ("recv_until", {"delimiter": b"x"}, "max_bytes", NUMBER, [-1, 0, HUGE, -HUGE]),
    ("recv_line", {}, "max_bytes", NUMBER, [-1, 0, HUGE, -HUGE]),
    ("splice", {}, "dst", FILE, [-1, 2**40, HUGE, -HUGE]),
    ("splice", {"dst": 0}, "count", OPTIONAL_NUMBER, [-1, -HUGE]),
    ("splice", {"dst": 0}, "offset", OPTIONAL_NUMBER, [-1, -HUGE]),
    ("splice", {"dst": 0}, "progress", [1, "text", Nothing()], []),
    ("splice_from", {}, "src", FILE, [-1, 2**40, HUGE, -HUGE]),
    ("splice_from", {"src": 0}, "count", OPTIONAL_NUMBER, [-1, -HUGE]),
    ("splice_from", {"src": 0}, "offset", OPTIONAL_NUMBER, [-1, -HUGE]),
    ("splice_from", {"src": 0}, "progress", [1, "text", Nothing()], []),
]
STREAM = {"send_zerocopy", "recv_exactly", "recv_exactly_into", "recv_until", "recv_line"}


@pytest.fixture
def sockets():
    """A datagram socket and a stream; both have data, so that calls with accepted arguments do not
    wait."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(20)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            sock.sendto(b"data", sock.getsockname())
            theirs.send(b"data")
            yield sock, ours


def call(sockets, method, others, parameter, value):
    function = getattr(sockets[method in STREAM], method)
    if isinstance(others, tuple):
        return function(*others, value)
    return function(**others, **{parameter: value})


CASES = [
    pytest.param(row[:3], value, row[4], id=f"{row[0]}-{row[2]}-{i}-{type(value).__name__}")
    for i, row in enumerate(PARAMETERS)
    for value in row[3]
]


@pytest.mark.parametrize(("row", "value", "numbers"), CASES)
def test_wrong_types_are_named(sockets, row, value, numbers):
    with pytest.raises(TypeError) as caught:
        call(sockets, *row, value)
    text = str(caught.value)
    assert row[2] in text
    assert "must be" in text
    assert type(value).__name__.replace("NoneType", "None") in text or repr(value) in text


CASES = [
    pytest.param(row[:3], number, id=f"{row[0]}-{row[2]}-{i}-{number:.0e}")
    for i, row in enumerate(PARAMETERS)
    for number in row[4]
]


@pytest.mark.parametrize(("row", "number"), CASES)
def test_numbers_out_of_range_are_named(sockets, row, number):
    with pytest.raises((ValueError, OverflowError)) as caught:
        call(sockets, *row, number)
    text = str(caught.value)
    assert row[2] in text
    assert str(number) in text
    accepted = "range", "must be", "must not be negative", "file descriptor", "greater", "has 9"
    assert any(words in text for words in accepted)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([1], "message 0: data must be a bytes-like object, not int"),
        ([None], "message 0: data must be a bytes-like object, not None"),
        ([b"x", "y"], "message 1: data must be a bytes-like object, not str"),
        ([(1, None)], "message 0: data must be a bytes-like object, not int"),
        ([()], "message 0 must be data or .data, address., not a tuple of 0"),
        ([(b"x",)], "message 0 must be data or .data, address., not a tuple of 1"),
        ([b"x", (b"x", None, 1)], "message 1 must be data or .data, address., not a tuple of 3"),
        ([(b"x", 1)], "AF_INET address must be tuple, not int"),
        ((b"x", ("127.0.0.1", 9)), "message 1: data must be a bytes-like object, not str"),
        (iter([5]), "message 0: data must be a bytes-like object, not int"),
    ],
)
def test_wrong_messages_are_numbered_and_nothing_is_sent(sockets, messages, words):
    sock = sockets[0]
    sock.connect(sock.getsockname())
    sock.recv(10)
    with pytest.raises(TypeError, match=words):
        sock.send_many(messages)
    sock.settimeout(0)
    with pytest.raises(BlockingIOError):
        sock.recv(10)


def test_an_iterators_own_error_is_raised(sockets):
    class Broken:
        def __iter__(self):
            raise TypeError("mine")

    with pytest.raises(TypeError, match="^mine$"):
        sockets[0].send_many(Broken())
    with pytest.raises(ZeroDivisionError):
        sockets[0].send_many(1 / 0 for _ in "x")


def test_control_is_a_mapping_of_names(sockets):
    with pytest.raises(TypeError, match="names in control must be str, not int"):
        sockets[0].send_message(b"x", control={1: 2})
    with pytest.raises(ValueError, match="unknown control message nope"):
        sockets[0].send_message(b"x", control={"nope": 1})


def test_no_descriptor_is_needed_to_refuse_one(sockets):
    """A file's own error about its descriptor is not replaced."""

    class Closed:
        def fileno(self):
            raise OSError(9, "closed")

    with pytest.raises(OSError, match="closed"):
        sockets[1].splice(Closed())
    with open(os.devnull, "wb") as file:
        file.close()
        with pytest.raises(ValueError, match="closed file"):
            sockets[1].splice(file)
