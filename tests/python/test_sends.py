"""Short sends: sendto and sendmsg try them with the GIL held, send and sendall do not.

Data that does not fit into the queue is sent in the usual way, regardless of the call.
"""

import errno
import functools
import gc
import io
import os
import subprocess
import sys
import threading
import time

import csocket as socket
import pytest

MESSAGE = bytes(range(256)) * 16  # the longest data tried with the GIL held
DRAIN_AFTER = 0.2


def small_pair(kind):
    """Two connected sockets with small buffers."""
    if kind == "unix":
        a, b = socket.socketpair()
    else:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            a = socket.create_connection(listener.getsockname())
            b, _ = listener.accept()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    return a, b


def fill(sock):
    """Send until the buffers are full, and return the number of bytes."""
    timeout, sent = sock.gettimeout(), 0
    sock.setblocking(False)
    while True:
        try:
            sent += sock.send(b"x")
        except BlockingIOError:
            sock.settimeout(timeout)
            return sent


def read_all(sock, size, result):
    time.sleep(DRAIN_AFTER)
    while size > 0:
        data = sock.recv(65536)
        result.append(data)
        size -= len(data)


CALLS = {
    "send": lambda sock: sock.send(MESSAGE),
    "sendall": lambda sock: len(MESSAGE) if sock.sendall(MESSAGE) is None else None,
    "sendmsg": lambda sock: sock.sendmsg([MESSAGE[:1000], b"", MESSAGE[1000:]]),
    "write": lambda sock: sock.makefile("wb", 0).write(MESSAGE),
}


# Number of bytes queued beforehand: after 2000, the kernel accepts part of the message at once.
ROOM = {
    "none": fill,
    "for a part": lambda sock: sock.send(b"x" * 2000),
    "for some": lambda sock: 0,
}


@pytest.mark.parametrize("kind", ["unix", "tcp"])
@pytest.mark.parametrize("room", ROOM)
@pytest.mark.parametrize("call", CALLS)
def test_a_blocking_send_sends_all_and_lets_others_run(call, room, kind):
    a, b = small_pair(kind)
    with a, b:
        before = ROOM[room](a)
        count, result = 40, []
        reader = threading.Thread(target=read_all, args=(b, before + count * len(MESSAGE), result))
        reader.start()
        assert [CALLS[call](a) for _ in range(count)] == [len(MESSAGE)] * count
        reader.join()
    assert b"".join(result) == b"x" * before + MESSAGE * count


@pytest.mark.parametrize("call", ["send", "sendmsg", "sendall"])
def test_a_send_with_a_timeout_waits_for_space(call):
    a, b = small_pair("unix")
    with a, b:
        fill(a)
        a.settimeout(0.05)
        start = time.monotonic()
        with pytest.raises(socket.timeout):
            CALLS[call](a)
        assert time.monotonic() - start >= 0.05
        reader = threading.Thread(target=read_all, args=(b, 1, []))
        a.settimeout(30)
        reader.start()
        assert 0 < a.send(MESSAGE) <= len(MESSAGE)
        reader.join()


@pytest.mark.parametrize("call", ["send", "sendmsg", "sendall"])
def test_a_send_on_a_non_blocking_socket_raises(call):
    a, b = small_pair("unix")
    with a, b:
        fill(a)
        a.setblocking(False)
        with pytest.raises(BlockingIOError):
            CALLS[call](a)


def test_datagrams_wait_for_a_queue_that_is_full():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with a, b:
        before = fill(a)
        result = []
        reader = threading.Thread(target=read_all, args=(b, before + 5, result))
        reader.start()
        assert a.send(b"whole") == 5
        reader.join()
        assert result[-1] == b"whole"


@pytest.mark.parametrize("kind", ["unix", "tcp"])
@pytest.mark.parametrize("before", range(0, 4000, 500))
def test_a_message_that_is_sent_in_two_parts_is_sent_once(before, kind):
    """The first part is sent at once, the rest when another process has made space."""
    one, other = small_pair(kind)
    parts = [bytes([65 + i]) * (400 + i) for i in range(10)]
    size = sum(map(len, parts))
    assert one.send(b"x" * before) == before
    # Another thread would serve as well, but with several threads the first try is not made.
    reader = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"],
        stdin=other.fileno(),
        stdout=subprocess.PIPE,
    )
    other.close()
    with one:
        assert one.sendmsg(parts) == size
    assert reader.communicate()[0] == b"x" * before + b"".join(parts)


def test_errors_are_those_of_the_send():
    a, b = socket.socketpair()
    b.close()
    for call in CALLS.values():
        with pytest.raises(BrokenPipeError):
            call(a)
    gc.collect()  # PyPy: a file object keeps its socket open
    a.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        a.send(b"")


class GivenUp(Exception):
    pass


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(MESSAGE)
    with path.open("rb") as file:
        yield file


def send_with(sock, function, *file_offset_count):
    """Like ssl from 3.15 on if the kernel encrypts."""
    return sock._sendfile_zerocopy(function, GivenUp, *file_offset_count)


@pytest.mark.parametrize("count", [None, 100, 100000])
def test_a_file_is_sent_with_a_function_of_the_program(file, count):
    a, b = socket.socketpair()
    with a, b:
        asked = []

        def function(fd, offset, size):
            asked.append((fd, offset))
            return os.sendfile(a.fileno(), fd, offset, min(size, 1000))

        expected = MESSAGE[10:][:count]
        assert send_with(a, function, file, 10, count) == len(expected)
        assert file.tell() == 10 + len(expected)
        a.close()
        assert b.makefile("rb").read() == expected
        assert asked[:1] == [(file.fileno(), 10)]


def test_a_function_that_would_block_is_called_again(file):
    a, b = small_pair("tcp")
    with a, b:
        a.settimeout(30)
        received = []
        size = fill(a) + len(MESSAGE)
        reader = threading.Thread(target=read_all, args=(b, size, received))
        reader.start()
        assert send_with(a, functools.partial(os.sendfile, a.fileno()), file) == len(MESSAGE)
        reader.join()
        assert b"".join(received).endswith(MESSAGE)


def test_a_function_that_blocks_for_too_long(file):
    def function(*arguments):
        raise BlockingIOError(errno.EAGAIN, "not now")

    # Not TCP, which may still accept data from a while it has not yet sent earlier data to b.
    a, b = small_pair("unix")
    with a, b:
        fill(a)
        a.settimeout(0.01)
        with pytest.raises(socket.timeout, match="timed out"):
            send_with(a, function, file)
        a.settimeout(0)
        with pytest.raises(ValueError, match="non-blocking sockets are not supported"):
            send_with(a, function, file)


@pytest.mark.parametrize("sent", [0, 10])
def test_a_failed_function_is_replaced_unless_it_has_sent(file, sent):
    results = iter([sent] if sent else [])

    def function(*arguments):
        for result in results:
            return result
        raise OSError(errno.EINVAL, "not this file")

    a, b = socket.socketpair()
    with a, b:
        with pytest.raises(OSError if sent else GivenUp, match="not this file"):
            send_with(a, function, file)
        assert file.tell() == sent
        with pytest.raises(GivenUp):
            send_with(a, function, io.BytesIO(b"no descriptor"))


@pytest.mark.parametrize("nonsense, error", [(-1, ValueError), ("1", TypeError)])
def test_a_function_that_returns_nonsense(file, nonsense, error):
    a, b = socket.socketpair()
    with a, b, pytest.raises(error):
        send_with(a, lambda *arguments: nonsense, file)
