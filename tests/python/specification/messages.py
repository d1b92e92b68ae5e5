"""Socket objects: messages and ancillary data."""

import array
import errno
import os
import struct
import sys
import warnings

import pytest

from .toolkit import inheritable, raises, socket, states

HEADING = "Socket objects"


def ints(data):
    return array.array("i", data[: len(data) // 4 * 4]).tolist()


@states(f"{HEADING}: recvmsg", "(data, ancdata, msg_flags, address)")
def _(t):
    one, other = t.udp()
    one.sendto(b"abc", other.getsockname())
    assert other.recvmsg(10) == (b"abc", [], 0, one.getsockname())


@states(f"{HEADING}: recvmsg", "at most bufsize bytes; the rest of a datagram is reported missing")
def _(t):
    one, other = t.udp()
    one.sendto(b"abcdef", other.getsockname())
    data, _, flags, _ = other.recvmsg(3)
    assert data == b"abc" and flags & socket.MSG_TRUNC
    raises(ValueError, other.recvmsg, -1)


@states(f"{HEADING}: recvmsg", "ancbufsize is 0 by default: no ancillary data")
def _(t):
    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0])
    _, items, flags, _ = other.recvmsg(1)
    assert items == [] and flags & socket.MSG_CTRUNC


@states(f"{HEADING}: recvmsg", "ancillary data is a list of (cmsg_level, cmsg_type, cmsg_data)")
def _(t):
    one, other = t.pair()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    one.sendall(b"x")
    ((level, kind, data),) = other.recvmsg(1, socket.CMSG_SPACE(12))[1]
    assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and type(data) is bytes
    assert struct.unpack("3i", data)[0] == os.getpid()


@states(f"{HEADING}: recvmsg", "CMSG_SPACE and CMSG_LEN are sizes for the buffer")
def _(t):
    one, other = t.pair()
    for size in (socket.CMSG_SPACE(8), socket.CMSG_LEN(8)):
        socket.send_fds(one, [b"x"], [0, 1])
        ((_, _, data),) = other.recvmsg(1, size)[1]
        assert len(ints(data)) == 2
        for fd in ints(data):
            os.close(fd)


@states(f"{HEADING}: recvmsg", "items that do not fit are cut or discarded")
def _(t):
    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0, 1])
    _, items, flags, _ = other.recvmsg(1, socket.CMSG_LEN(4))
    assert flags & socket.MSG_CTRUNC
    for fd in ints(items[0][2]):
        os.close(fd)


@states(f"{HEADING}: recvmsg", "flags are as for recv")
def _(t):
    one, other = t.pair()
    one.sendall(b"x")
    assert other.recvmsg(5, 0, socket.MSG_PEEK)[0] == other.recvmsg(5)[0] == b"x"
    other.setblocking(True)
    raises(BlockingIOError, other.recvmsg, 1, 0, socket.MSG_DONTWAIT)


@states(f"{HEADING}: recvmsg", "descriptors are items (SOL_SOCKET, SCM_RIGHTS, array of int)")
def _(t):
    one, other = t.pair()
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))
    one.sendmsg([b"x"], [rights])
    ((level, kind, data),) = other.recvmsg(1, socket.CMSG_LEN(4))[1]
    assert (level, kind) == rights[:2] and type(data) is bytes
    (fd,) = ints(data)
    assert os.path.sameopenfile(fd, 0)
    os.close(fd)


def malformed(t):
    """Return a recvmsg call that warns about received descriptors, and the descriptors that were
    sent."""
    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0, 1])
    return other


@states(f"{HEADING}: recvmsg", "descriptors are closed if it raises an exception afterwards")
def _(t):
    testcapi = pytest.importorskip("_testcapi")
    other = malformed(t)
    before = len(os.listdir("/proc/self/fd"))
    raised = False
    testcapi.set_nomemory(3, 4)
    try:
        items = other.recvmsg(1, socket.CMSG_LEN(8))[1]
    except MemoryError:
        raised = True
    finally:
        testcapi.remove_mem_hooks()
    if not raised:
        for fd in ints(items[0][2]):
            os.close(fd)
    assert len(os.listdir("/proc/self/fd")) == before


@states(f"{HEADING}: recvmsg", "no RuntimeWarning about items that the kernel has cut cleanly")
def _(t):
    other = malformed(t)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, items, _, _ = other.recvmsg(1, socket.CMSG_LEN(4))
    for fd in ints(items[0][2]):
        os.close(fd)


@states(f"{HEADING}: recvmsg", "the function of the example receives descriptors")
def _(t):
    def recv_fds(sock, msglen, maxfds):
        fds = array.array("i")
        msg, ancdata, _flags, _addr = sock.recvmsg(msglen, socket.CMSG_LEN(maxfds * fds.itemsize))
        for level, kind, data in ancdata:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(data[: len(data) - (len(data) % fds.itemsize)])
        return msg, list(fds)

    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0, 1])
    message, fds = recv_fds(other, 5, 5)
    assert message == b"x" and len(fds) == 2
    for fd in fds:
        os.close(fd)


@states(f"{HEADING}: recvmsg", "3.5: goes on after a signal")
def _(t):
    one, other = t.pair()
    t.alarm(lambda: one.send(b"x"), 0.02)
    assert other.recvmsg(1)[0] == b"x"


@states(f"{HEADING}: recvmsg_into", "the example: bytes are scattered over buffers")
def _(t):
    s1, s2 = t.pair()
    b1, b2, b3 = bytearray(b"----"), bytearray(b"0123456789"), bytearray(b"--------------")
    assert s1.send(b"Mary had a little lamb") == 22
    assert s2.recvmsg_into([b1, memoryview(b2)[2:9], b3])[:3] == (22, [], 0)
    assert [b1, b2, b3] == [b"Mary", b"01 had a 9", b"little lamb---"]


@states(f"{HEADING}: recvmsg_into", "(nbytes, ancdata, msg_flags, address)")
def _(t):
    one, other = t.udp()
    one.sendto(b"abc", other.getsockname())
    assert other.recvmsg_into([bytearray(2), bytearray(2)]) == (3, [], 0, one.getsockname())


@states(f"{HEADING}: recvmsg_into", "buffers is an iterable of objects with writable buffers")
def _(t):
    one, other = t.pair()
    one.sendall(b"abcdef")
    found = [bytearray(1), bytearray(1)]
    for buffers in (iter(found), tuple(found), (one for one in found)):
        assert other.recvmsg_into(buffers)[0] == 2
    raises(TypeError, other.recvmsg_into, [b"constant"])
    raises(TypeError, other.recvmsg_into, 5)


@states(f"{HEADING}: recvmsg_into", "the system limits the number of buffers (SC_IOV_MAX)")
def _(t):
    one, other = t.pair()
    limit = os.sysconf("SC_IOV_MAX")
    one.sendall(b"x" * limit)
    assert other.recvmsg_into([bytearray(1)] * limit)[0] == limit
    one.sendall(b"x" * (limit + 1))
    assert other.recvmsg_into([bytearray(1) for _ in range(limit + 1)])[0] == limit
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        error = raises(OSError, other.recvmsg_into, [bytearray(1)] * (limit + 1))
        assert error.errno in (errno.EMSGSIZE, errno.EINVAL)


@states(f"{HEADING}: recvmsg_into", "ancbufsize and flags are as for recvmsg")
def _(t):
    one, other = t.pair()
    socket.send_fds(one, [b"x"], [0])
    n, items, flags, _ = other.recvmsg_into([bytearray(5)], socket.CMSG_LEN(4), 0)
    assert (n, flags, len(items)) == (1, 0, 1)
    os.close(ints(items[0][2])[0])
    other.setblocking(True)
    raises(BlockingIOError, other.recvmsg_into, [bytearray(1)], 0, socket.MSG_DONTWAIT)


@states(f"{HEADING}: sendmsg", "gathers the bytes of buffers, and returns their number")
def _(t):
    one, other = t.pair()
    assert one.sendmsg([b"ab", bytearray(b"c"), memoryview(b"def")]) == 6
    assert one.sendmsg(part for part in (b"g", b"h")) == 2
    assert other.recv(20) == b"abcdefgh"


@states(f"{HEADING}: sendmsg", "the system limits the number of buffers (SC_IOV_MAX)")
def _(t):
    one, _other = t.pair()
    limit = os.sysconf("SC_IOV_MAX")
    assert one.sendmsg([b"x"] * limit) == limit
    assert one.sendmsg([b"x"] * (limit + 1)) == limit
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        raises(OSError, one.sendmsg, [b"x"] * (limit + 1))


@states(f"{HEADING}: sendmsg", "ancdata is an iterable of (cmsg_level, cmsg_type, cmsg_data)")
def _(t):
    one, other = t.pair()
    credentials = struct.pack("3i", os.getpid(), os.getuid(), os.getgid())
    other.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    items = (
        (socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 0)),
        (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, bytearray(credentials)),
    )
    one.sendmsg([b"x"], iter(items))
    received = {kind: data for _, kind, data in other.recvmsg(1, 200)[1]}
    assert received[socket.SCM_CREDENTIALS] == credentials
    os.close(ints(received[socket.SCM_RIGHTS])[0])
    raises(TypeError, one.sendmsg, [b"x"], [(1, 1)])
    raises(TypeError, one.sendmsg, [b"x"], 5)


@states(f"{HEADING}: sendmsg", "flags are as for send")
def _(t):
    one, _other = t.pair()
    one.setblocking(True)
    with pytest.raises(BlockingIOError):
        while True:
            one.sendmsg([b"x" * 10000], [], socket.MSG_DONTWAIT)


@states(f"{HEADING}: sendmsg", "address is the destination, unless it is None")
def _(t):
    one, other = t.udp()
    one.sendmsg([b"x"], [], 0, other.getsockname())
    assert other.recvfrom(5) == (b"x", one.getsockname())
    one.connect(other.getsockname())
    one.sendmsg([b"y"], [], 0, None)
    assert other.recv(5) == b"y"


@states(f"{HEADING}: sendmsg", "the function of the example sends descriptors")
def _(t):
    one, other = t.pair()
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1]))]
    assert one.sendmsg([b"x"], rights) == 1
    fds = socket.recv_fds(other, 5, 2)[1]
    assert len(fds) == 2
    for fd in fds:
        os.close(fd)


@states(f"{HEADING}: sendmsg", "3.5: goes on after a signal")
def _(t):
    one, other = t.pair()
    one.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            one.sendmsg([b"x" * 65536])
    one.settimeout(None)
    calls = []
    t.alarm(lambda: calls.append(len(calls) > 2 and other.recv(10**7)))
    assert one.sendmsg([b"x"]) == 1 and calls


@states(f"{HEADING}: sendmsg_afalg", "sets mode, IV, length of associated data and flags")
def _(t):
    sock = t.try_open(socket.AF_ALG, socket.SOCK_SEQPACKET, 0)
    try:
        sock.bind(("skcipher", "cbc(aes)"))
    except OSError as error:
        pytest.skip(f"cbc(aes): {error.strerror}")
    key = bytes.fromhex("06a9214036b8a15b512e03d534120006")
    iv = bytes.fromhex("3dafba429d9eb430b422da802c9fac41")
    sock.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, key)
    operation = t.keep(sock.accept()[0])
    text = b"Single block msg"
    operation.sendmsg_afalg([text], op=socket.ALG_OP_ENCRYPT, iv=iv)
    assert operation.recv(16).hex() == "e353779c1079aeb82708942dbe77181a"


@states(f"{HEADING}: sendmsg_afalg", "op is required, and is a keyword")
def _(t):
    raises(TypeError, t.disguised(socket.AF_ALG, 5).sendmsg_afalg, [b"x"])
    raises(TypeError, t.disguised(socket.AF_ALG, 5).sendmsg_afalg, [b"x"], 1)


@states(f"{HEADING}: recvmsg", "received descriptors work in another process's place")
def _(t):
    one, other = t.pair()
    reader, writer = t.pair()
    socket.send_fds(one, [b"x"], [writer.fileno()])
    (fd,) = socket.recv_fds(other, 1, 1)[1]
    copy = t.keep(socket.socket(fileno=fd))
    copy.sendall(b"through")
    assert reader.recv(10) == b"through"
    assert not inheritable(copy) or sys.modules["socket"] is socket
