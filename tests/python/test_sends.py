"""Short sends: sendto and sendmsg try them with the GIL held, send and sendall do not.

What there is no room for is sent as all else is, whichever the call.
"""

import threading
import time

import csocket as socket
import pytest

MESSAGE = bytes(range(256)) * 16  # the longest that is tried so
DRAIN_AFTER = 0.2


def small_pair(kind):
    """Two connected sockets between which little has room."""
    if kind == "unix":
        a, b = socket.socketpair()
    else:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            a = socket.create_connection(listener.getsockname())
            b, _ = listener.accept()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    return a, b


def fill(sock):
    """Send until there is no room, and say how much that was."""
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


# What is there before: where it is 2000 bytes, the kernel takes a part of the message at once.
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
def test_a_send_with_a_timeout_waits_for_room(call):
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
def test_a_send_on_a_non_blocking_socket_says_so(call):
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


def test_errors_are_those_of_the_send():
    a, b = socket.socketpair()
    b.close()
    for call in CALLS.values():
        with pytest.raises(BrokenPipeError):
            call(a)
    a.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        a.send(b"")
