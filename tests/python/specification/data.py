"""Socket objects: sending and receiving bytes."""

import array
import os

from .toolkit import elapsed, fill, raises, socket, states

HEADING = "Socket objects"


@states(f"{HEADING}: recv", "returns bytes, at most bufsize")
def _(t):
    one, other = t.pair()
    one.sendall(b"abcdef")
    assert other.recv(4) == b"abcd" and other.recv(4) == b"ef"
    raises(ValueError, other.recv, -1)


@states(f"{HEADING}: recv", "empty bytes: the peer has disconnected")
def _(t):
    for pair in (t.pair, t.tcp):
        one, other = pair()
        one.close()
        assert other.recv(4) == b""


@states(f"{HEADING}: recv", "flags are those of the system, 0 by default")
def _(t):
    one, other = t.pair()
    one.sendall(b"abc")
    assert other.recv(4, socket.MSG_PEEK) == b"abc" == other.recv(4)
    other.setblocking(True)
    raises(BlockingIOError, other.recv, 4, socket.MSG_DONTWAIT)


@states(f"{HEADING}: recv", "3.5: goes on after a signal whose handler raises nothing")
def _(t):
    one, other = t.pair()
    calls = []
    t.alarm(lambda: calls.append(1) or (len(calls) > 2 and one.sendall(b"x")))
    assert other.recv(1) == b"x" and len(calls) > 2


@states(f"{HEADING}: recv", "3.5: an exception of a signal's handler ends it")
def _(t):
    _one, other = t.pair()
    t.alarm(lambda: 1 / 0)
    raises(ZeroDivisionError, other.recv, 1)


@states(f"{HEADING}: recvfrom", "a pair (bytes, address of the sender)")
def _(t):
    one, other = t.udp()
    one.sendto(b"x", other.getsockname())
    assert other.recvfrom(10) == (b"x", one.getsockname())


@states(f"{HEADING}: recvfrom", "flags are as for recv")
def _(t):
    one, other = t.udp()
    one.sendto(b"x", other.getsockname())
    assert other.recvfrom(10, socket.MSG_PEEK)[0] == other.recvfrom(10)[0] == b"x"


@states(f"{HEADING}: recvfrom", "the address's form is that of the family")
def _(t):
    one, other = t.udp(socket.AF_INET6)
    one.sendto(b"x", other.getsockname())
    assert other.recvfrom(10) == (b"x", one.getsockname()) and len(one.getsockname()) == 4


@states(f"{HEADING}: recvfrom", "3.5: goes on after a signal")
def _(t):
    one, other = t.udp()
    t.alarm(lambda: one.sendto(b"x", other.getsockname()), 0.02)
    assert other.recvfrom(1)[0] == b"x"


@states(f"{HEADING}: recv_into", "writes into the buffer and returns the number of bytes")
def _(t):
    one, other = t.pair()
    one.sendall(b"abc")
    buffer = bytearray(b"......")
    assert other.recv_into(buffer) == 3 and buffer == b"abc..."


@states(f"{HEADING}: recv_into", "nbytes is the most; 0 or none: the buffer's size")
def _(t):
    one, other = t.pair()
    one.sendall(b"abcdefgh")
    buffer = bytearray(4)
    assert other.recv_into(buffer, 2) == 2 and buffer == b"ab\0\0"
    assert other.recv_into(buffer, 0) == 4 and buffer == b"cdef"
    raises(ValueError, other.recv_into, buffer, 5)
    raises(ValueError, other.recv_into, buffer, -1)


@states(f"{HEADING}: recv_into", "flags are as for recv; the buffer must be writable")
def _(t):
    one, other = t.pair()
    one.sendall(b"abc")
    for buffer in (bytearray(3), memoryview(bytearray(3)), array.array("b", [0, 0, 0])):
        assert other.recv_into(buffer, 3, socket.MSG_PEEK) == 3 and bytes(buffer) == b"abc"
    raises(TypeError, other.recv_into, b"constant")


@states(f"{HEADING}: recvfrom_into", "writes into the buffer: (nbytes, address of the sender)")
def _(t):
    one, other = t.udp()
    one.sendto(b"abc", other.getsockname())
    buffer = bytearray(5)
    assert other.recvfrom_into(buffer) == (3, one.getsockname()) and buffer == b"abc\0\0"


@states(f"{HEADING}: recvfrom_into", "nbytes and flags are as for recv_into")
def _(t):
    one, other = t.udp()
    one.sendto(b"abc", other.getsockname())
    buffer = bytearray(5)
    assert other.recvfrom_into(buffer, 2, socket.MSG_PEEK)[0] == 2 and buffer[:3] == b"ab\0"
    raises(ValueError, other.recvfrom_into, buffer, 6)


@states(f"{HEADING}: send", "returns the number of bytes sent, which may be fewer than given")
def _(t):
    one, _other = t.pair()
    assert one.send(b"abc") == 3
    one.setblocking(False)
    assert 0 < one.send(bytes(10**8)) < 10**8


@states(f"{HEADING}: send", "the socket must be connected")
def _(t):
    raises(OSError, t.open(socket.AF_INET, socket.SOCK_DGRAM).send, b"x")


@states(f"{HEADING}: send", "flags are those of the system")
def _(t):
    one, _other = t.pair()
    fill(one)
    one.setblocking(True)
    raises(BlockingIOError, one.send, b"x", socket.MSG_DONTWAIT)


@states(f"{HEADING}: send", "3.5: goes on after a signal")
def _(t):
    one, other = t.pair()
    fill(one)
    one.settimeout(None)
    calls = []
    t.alarm(lambda: calls.append(len(calls) > 2 and other.recv(10**7)))
    assert one.send(b"x") == 1 and calls


@states(f"{HEADING}: sendall", "sends all bytes, and returns None")
def _(t):
    one, other = t.pair()
    data = os.urandom(3 * 10**6)
    received = bytearray()

    def receive():
        while len(received) < len(data):
            received.extend(other.recv(10**6))

    t.thread(receive)
    assert one.sendall(data) is None
    t.stack.callback(lambda: None)
    while len(received) < len(data):
        pass
    assert received == data


@states(f"{HEADING}: sendall", "an exception if it fails")
def _(t):
    one, other = t.pair()
    other.close()
    raises(BrokenPipeError, one.sendall, b"x")


@states(f"{HEADING}: sendall", "3.5: the timeout is for the whole")
def _(t):
    one, other = t.pair()
    one.settimeout(0.3)
    stop = []

    def receive_slowly():
        other.settimeout(0.01)
        while not stop:
            try:
                other.recv(2000)
            except socket.timeout:
                continue

    t.thread(receive_slowly)
    try:
        assert elapsed(raises, socket.timeout, one.sendall, bytes(10**9)) >= 0.3
    finally:
        stop.append(1)


@states(f"{HEADING}: sendall", "3.5: goes on after a signal; a handler's exception ends it")
def _(t):
    one, _other = t.pair()
    one.settimeout(None)
    calls = []
    t.alarm(lambda: calls.append(1) or (len(calls) > 2 and 1 / 0))
    raises(ZeroDivisionError, one.sendall, bytes(10**8))
    assert len(calls) > 2


@states(f"{HEADING}: sendto", "(bytes, address) and (bytes, flags, address)")
def _(t):
    one, other = t.udp()
    assert one.sendto(b"ab", other.getsockname()) == 2
    assert one.sendto(b"cde", 0, other.getsockname()) == 3
    assert (other.recv(10), other.recv(10)) == (b"ab", b"cde")
    raises(TypeError, one.sendto, b"x")
    raises(TypeError, one.sendto, b"x", 0, 0, other.getsockname())


@states(f"{HEADING}: sendto", "3.5: goes on after a signal")
def _(t):
    one, other = t.pair(socket.AF_UNIX, socket.SOCK_DGRAM)
    other_path = t.path()
    receiver = t.open(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(other_path)
    sender = t.open(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.setblocking(False)
    try:
        while True:
            sender.sendto(b"x", other_path)
    except BlockingIOError:
        sender.settimeout(None)
    calls = []
    t.alarm(lambda: calls.append(len(calls) > 2 and receiver.recv(1)))
    assert sender.sendto(b"x", other_path) == 1 and calls
    assert one.fileno() != other.fileno()


@states(f"{HEADING}: sendfile", "sends a file until its end and returns the number of bytes")
def _(t):
    one, other = t.pair()
    with open(t.path(), "wb") as file:
        file.write(b"0123456789")
    with open(t.path(), "rb") as file:
        assert one.sendfile(file) == 10
    assert other.recv(20) == b"0123456789"


@states(f"{HEADING}: sendfile", "offset is where to begin, count the most to send")
def _(t):
    one, other = t.pair()
    with open(t.path(), "wb") as file:
        file.write(b"0123456789")
    with open(t.path(), "rb") as file:
        assert one.sendfile(file, 3, 4) == 4
        assert one.sendfile(file, offset=9, count=None) == 1
    assert other.recv(20) == b"34569"


@states(f"{HEADING}: sendfile", "the file's position is behind what was sent")
def _(t):
    one, _other = t.pair()
    with open(t.path(), "wb") as file:
        file.write(bytes(10**7))
    with open(t.path(), "rb") as file:
        one.sendfile(file, 3, 4)
        assert file.tell() == 7
        one.settimeout(0.05)
        raises(socket.timeout, one.sendfile, file)
        assert 0 < file.tell() < 10**7


@states(f"{HEADING}: sendfile", "what is no regular file is sent with send")
def _(t):
    import io

    one, other = t.pair()
    assert one.sendfile(io.BytesIO(b"memory"), 2) == 4
    assert other.recv(10) == b"mory"


@states(f"{HEADING}: sendfile", "the file must be binary, the socket a stream that may wait")
def _(t):
    one, _other = t.pair()
    with open(t.path(), "w+") as file:
        raises(ValueError, one.sendfile, file)
    with open(t.path(), "rb") as file:
        raises(ValueError, t.udp()[0].sendfile, file)
        one.setblocking(False)
        raises(ValueError, one.sendfile, file)
