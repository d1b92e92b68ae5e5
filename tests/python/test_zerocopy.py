"""send_zerocopy: the buffer is kept until the kernel has released it."""

import errno
import select
import sys

import csocket as socket
import pytest

SIZE = 100_000


def supported():
    with socket.socket() as sock:
        try:
            sock.options.so_zerocopy = True
        except OSError:
            return False
    return True


pytestmark = pytest.mark.skipif(not supported(), reason="the kernel has no SO_ZEROCOPY")


@pytest.fixture
def pair():
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname(), timeout=60)
        other, _ = server.accept()
    with one, other:
        yield one, other


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        data += sock.recv(size - len(data))
    return bytes(data)


def completions(sock, wanted):
    """Return the zero-copy entries of the error queue up to the completion of a numbered send."""
    found = []
    poll = select.poll()
    poll.register(sock, 0)
    while not any(entry.first <= wanted <= entry.last for entry in found):
        assert poll.poll(60_000), "no completion"
        found += [entry for entry in sock.errors() if entry.origin == "zerocopy"]
    return found


def test_the_buffer_is_kept_until_the_completion(pair):
    one, other = pair
    data = bytearray(b"z" * SIZE)
    sent, number = one.send_zerocopy(data)
    assert 0 < sent <= SIZE
    if number is None:
        pytest.skip("the kernel has no memory for completions")
    assert number == 0
    with pytest.raises(BufferError):
        data.append(1)
    assert receive(other, sent) == b"z" * sent
    found = completions(one, number)
    assert all(type(entry.copied) is bool for entry in found)
    data.append(1)


def test_sends_are_numbered_and_each_buffer_is_released(pair):
    one, other = pair
    buffers = [bytearray(b"%d" % i * 20_000) for i in range(5)]
    numbers = []
    for buffer in buffers:
        sent, number = one.send_zerocopy(buffer)
        receive(other, sent)
        numbers.append(number)
    if None in numbers:
        pytest.skip("the kernel has no memory for completions")
    assert numbers == list(range(5))
    for number, buffer in zip(numbers, buffers):
        while True:
            try:
                buffer.append(0)
                break
            except BufferError:
                completions(one, number)


def test_bytes_are_referred_to_no_longer_afterwards(pair):
    one, other = pair
    data = bytes(SIZE)
    before = sys.getrefcount(data)
    sent, number = one.send_zerocopy(data)
    if number is None:
        pytest.skip("the kernel has no memory for completions")
    assert sys.getrefcount(data) > before
    receive(other, sent)
    completions(one, number)
    assert sys.getrefcount(data) == before


def test_closing_releases_completed_buffers(pair):
    one, other = pair
    data = bytearray(SIZE)
    sent, number = one.send_zerocopy(data)
    receive(other, sent)
    if number is not None:
        poll = select.poll()
        poll.register(one, 0)
        assert poll.poll(60_000)
        one.close()
        del one
    data.append(1)


def test_errors_are_those_of_send(pair):
    one, other = pair
    with pytest.raises(TypeError, match="bytes-like"):
        one.send_zerocopy("text")
    with pytest.raises(BufferError):
        one.send_zerocopy(memoryview(bytes(10))[::2])
    with pytest.raises(TypeError, match="send_zerocopy"):
        one.send_zerocopy()
    one.close()
    with pytest.raises(OSError) as caught:
        one.send_zerocopy(b"x")
    assert caught.value.errno == errno.EBADF


def test_an_unsupported_socket_is_an_error():
    one, other = socket.socketpair()
    with one, other:
        data = bytearray(10)
        with pytest.raises(OSError) as caught:
            one.send_zerocopy(data)
        assert caught.value.errno in (errno.EOPNOTSUPP, errno.ENOPROTOOPT)
        data.append(1)
