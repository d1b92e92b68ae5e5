"""Many messages in one call: recv_many, recv_many_into, send_many."""

import errno
import os
import sys
import threading

import csocket as socket
import pytest

UDP_GRO = 104
IP_RECVTTL = 12
MESSAGES = [bytes([i]) * (i * 37 % 1000) for i in range(100)]


@pytest.fixture
def pair():
    """Two UDP sockets with large receive buffers."""
    with udp() as a, udp() as b:
        yield a, b


def udp():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.settimeout(20)
    return sock


def merge(sock):
    try:
        sock.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
    except OSError:
        pytest.skip("the kernel has no UDP_GRO")


def receive(sock, count, max=64):
    received = []
    while len(received) < count:
        received += sock.recv_many(max, 2000)
    return received


@pytest.mark.parametrize("messages", [MESSAGES, [b"x" * 300] * 100])
@pytest.mark.parametrize("gro", [False, True])
def test_messages_arrive_in_order_with_their_address(pair, messages, gro):
    a, b = pair
    if gro:
        merge(b)
    address = b.getsockname()
    assert a.send_many((data, address) for data in messages) == len(messages)
    assert receive(b, len(messages)) == [(data, a.getsockname()) for data in messages]


def test_no_datagram_is_lost_when_max_is_small(pair):
    a, b = pair
    merge(b)
    assert a.send_many(b"x" * 1000, segment_size=100, address=b.getsockname()) == 10
    assert [data for data, _ in receive(b, 10, max=2)] == [b"x" * 100] * 10


def test_one_buffer_is_divided(pair):
    a, b = pair
    a.connect(b.getsockname())
    data = bytes(range(250))
    assert a.send_many(memoryview(data), segment_size=100) == 3
    assert [m for m, _ in receive(b, 3)] == [data[:100], data[100:200], data[200:]]


def test_a_connected_socket_sends_without_an_address(pair):
    a, b = pair
    a.connect(b.getsockname())
    assert a.send_many([b"1", bytearray(b"22"), (memoryview(b"333"), None)]) == 3
    assert [data for data, _ in receive(b, 3)] == [b"1", b"22", b"333"]


def test_into_a_buffer(pair):
    a, b = pair
    a.send_many([(data, b.getsockname()) for data in MESSAGES[:20]])
    buffer = bytearray(40 * 1000)
    places = b.recv_many_into(buffer, 1000)
    assert len(places) == 20
    for data, (offset, size, address) in zip(MESSAGES, places):
        assert buffer[offset : offset + size] == data
        assert address == a.getsockname()


def test_the_last_peer_is_the_same_object(pair):
    a, b = pair
    with udp() as c:
        addresses = []
        for sock in (a, a, c, a):
            sock.sendto(b"x", b.getsockname())
            addresses.append(b.recvfrom(10)[1])
        assert addresses == [s.getsockname() for s in (a, a, c, a)]
        assert addresses[0] is addresses[1] or not getattr(sys, "_is_gil_enabled", bool)()
        a.sendto(b"x", b.getsockname())
        assert b.recv_many(1, 10) == [(b"x", addresses[3])]


def test_each_peer_of_many_is_answered(pair):
    """More peers than the socket remembers, so that addresses replace one another."""
    server, _ = pair
    there, last = server.getsockname(), {}
    clients = [udp() for _ in range(300)]
    try:
        for round_ in range(3):
            for i, client in enumerate(clients):
                client.sendto(b"%d %d" % (round_, i), there)
                if i % 100 == 99:
                    requests = receive(server, 100)
                    copies = [(data, (*address,)) for data, address in requests[::2]]
                    assert server.send_many(requests[1::2] + copies) == 100
                    last.update((address, address) for _, address in requests)
            for i, client in enumerate(clients):
                assert client.recvfrom(100) == (b"%d %d" % (round_, i), there)
        assert sorted(last) == sorted(client.getsockname() for client in clients)
    finally:
        for client in clients:
            client.close()


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)() or sys.implementation.name != "cpython",
    reason="needs the GIL and CPython's identities",
)
def test_the_addresses_of_several_peers_are_the_same_objects(pair):
    server, a = pair
    with udp() as b, udp() as c:
        for _ in range(3):  # the first call notices that there are several
            for client in (a, b, c, a):
                client.sendto(b"x", server.getsockname())
            addresses = [address for _, address in receive(server, 4)]
            assert addresses == [client.getsockname() for client in (a, b, c, a)]
        known = {address: address for address in addresses}
        for client in (c, b, a):
            client.sendto(b"x", server.getsockname())
            address = server.recvfrom(10)[1]
            assert address is known[address]


def test_the_number_of_bytes_sent_is_returned_before_an_error_is_raised(pair):
    a, b = pair
    address = b.getsockname()
    messages = [(b"1", address), (b"2", address), (bytes(70000), address), (b"3", address)]
    assert a.send_many(messages) == 2
    with pytest.raises(OSError) as caught:
        a.send_many(messages[2:])
    assert caught.value.errno == errno.EMSGSIZE
    assert [data for data, _ in receive(b, 2)] == [b"1", b"2"]


def test_timeouts(pair):
    _, b = pair
    b.settimeout(0.01)
    with pytest.raises(TimeoutError if sys.version_info >= (3, 10) else socket.timeout):
        b.recv_many(10, 10)
    b.setblocking(False)
    with pytest.raises(BlockingIOError):
        b.recv_many_into(bytearray(10), 10)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda s: s.recv_many(0, 10), ValueError, r"max 0 is out of range \(1-65536\)"),
        (lambda s: s.recv_many(1, 0), ValueError, "bufsize 0 is out of range"),
        (lambda s: s.recv_many(1, 1, socket.MSG_TRUNC), ValueError, "MSG_TRUNC"),
        (lambda s: s.recv_many_into(bytearray(9), 10), ValueError, "greater than the buffer"),
        (lambda s: s.recv_many_into(b"", 10), TypeError, "read-write"),
        (lambda s: s.send_many([(b"x",)]), TypeError, "message 0 must be data"),
        (lambda s: s.send_many([(b"x", 5)]), TypeError, "AF_INET address must be tuple"),
        (lambda s: s.send_many(["x"]), TypeError, "bytes-like"),
        (lambda s: s.send_many(b"x", segment_size=0), ValueError, "segment_size 0 is out of range"),
        (lambda s: s.send_many([], address=("::", 1)), TypeError, "requires segment_size"),
    ],
)
def test_wrong_arguments(pair, call, error, words):
    with pytest.raises(error, match=words):
        call(pair[0])


def test_streams_have_no_messages():
    a, b = socket.socketpair()
    with a, b:
        for call in (lambda: a.send_many([b"x"]), lambda: a.recv_many(1, 1)):
            with pytest.raises(OSError) as caught:
                call()
            assert caught.value.errno == errno.EOPNOTSUPP


def test_nothing_leaks(pair):
    a, b = pair
    address, data = b.getsockname(), bytearray(b"x")
    before = sys.getrefcount(address), sys.getrefcount(data)
    for _ in range(100):
        a.send_many([(data, address), (b"y", address)])
        with pytest.raises(TypeError):
            a.send_many([(data, address), (b"y", "nowhere")])
        receive(b, 2)
    assert (sys.getrefcount(address), sys.getrefcount(data)) == before
    data += b"no buffer is held"


@pytest.mark.parametrize("gro", [False, True])
def test_messages_as_objects(pair, gro):
    a, b = pair
    if gro:
        merge(b)
    b.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
    a.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 33)
    assert a.send_many((data, b.getsockname()) for data in [b"x" * 300] * 20 + MESSAGES) == 120
    received = []
    while len(received) < 120:
        received += b.recv_many(64, 2000, messages=True)
    assert [message.data for message in received] == [b"x" * 300] * 20 + MESSAGES
    assert {message.address for message in received} == {a.getsockname()}
    assert {message.control.ip_ttl for message in received} == {33}
    assert not any(message.truncated for message in received)


def test_descriptors_of_many_messages_belong_to_the_objects():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with a, b:
        for number in range(3):
            socket.send_fds(a, [b"%d" % number], [0, 1][:number])
        messages = b.recv_many(8, 100, messages=True)
        while len(messages) < 3:
            messages += b.recv_many(8, 100, messages=True)
        assert [len(message.fds) for message in messages] == [0, 1, 2]
        taken = messages[1].take_fds()
        for message in messages:
            message.close()
        for fd in taken:
            os.close(fd)


def test_a_message_without_a_buffer_large_enough_is_truncated(pair):
    a, b = pair
    a.sendto(b"0123456789", b.getsockname())
    (message,) = b.recv_many(4, 5, messages=True)
    assert message.data == b"01234" and message.truncated


def endless(address, begun=None):
    while True:
        if begun:
            begun.set()
        yield b"x", address


@pytest.mark.parametrize("timeout", [None, 1000])
def test_an_endless_iterator_is_ended_by_a_limit(pair, timeout):
    a, b = pair
    a.settimeout(timeout)
    with socket.move_on_after(0.01) as scope:
        a.send_many(endless(b.getsockname()))
    assert scope.cancelled_caught
    begun = threading.Event()
    canceller = threading.Thread(target=lambda: (begun.wait(), a.cancel()))
    canceller.start()
    with pytest.raises(OSError) as caught:
        a.send_many(endless(b.getsockname(), begun))
    canceller.join()
    assert caught.value.errno == errno.ECANCELED


def test_an_iterator_of_a_socket_that_does_not_wait(pair):
    a, b = pair
    a.setblocking(False)
    with socket.move_on_after(0):
        assert a.send_many((b"x", b.getsockname()) for _ in range(100)) == 100
    with pytest.raises(ZeroDivisionError):
        a.send_many((b"x" * (1 // (99 - i)), b.getsockname()) for i in range(100))
    with pytest.raises(TypeError, match="must be an iterable"):
        a.send_many(1)


def test_a_small_buffer_for_merged_datagrams_is_refused():
    """Excess data would be lost: with UDP_GRO the kernel delivers several datagrams as one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        try:
            sock.options.UDP_GRO = True
        except OSError:
            pytest.skip("the kernel has no UDP_GRO")
        with pytest.raises(ValueError, match="needs 65536 bytes, not 3000"):
            sock.recv_many_into(bytearray(3000), 1200)
