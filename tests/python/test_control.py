"""Messages with their control messages by name, and the error queue."""

import datetime
import gc
import os
import time
import warnings

import csocket as socket
import pytest

SO_TIMESTAMPNS, IP_PKTINFO, IP_RECVTTL, IP_RECVERR, SO_PASSCRED = 35, 8, 12, 11, 16


def udp():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(20)
    return sock


def entries(sock, count):
    found, deadline = [], time.monotonic() + 20
    while len(found) < count and time.monotonic() < deadline:
        found += sock.errors()
        time.sleep(0.001)
    return found


def test_control_messages_are_attributes():
    with udp() as sock:
        for level, option in ((0, IP_PKTINFO), (0, IP_RECVTTL), (1, SO_TIMESTAMPNS)):
            sock.setsockopt(level, option, 1)
        before = time.time_ns()
        sock.sendto(b"hello", sock.getsockname())
        message = sock.recv_message(100)
        assert message.data == b"hello"
        assert message.address == sock.getsockname()
        assert message.flags == 0
        assert not message.truncated
        control = message.control
        assert control.ip_pktinfo.addr == "127.0.0.1"
        assert control.ip_pktinfo.ifindex == socket.if_nametoindex("lo")
        assert control.ip_ttl == 64
        assert before - 10**9 < control.timestampns < time.time_ns() + 10**9
        assert list(control) == ["scm_timestampns", "ip_pktinfo", "ip_ttl"]
        assert len(control) == 3
        assert {"ip_ttl", "ip_pktinfo"} <= set(dir(control))
        assert "IP_PKTINFO=(ifindex=lo" in str(control)
        with pytest.raises(AttributeError, match="has no control message ip_tos"):
            _ = control.ip_tos
        with pytest.raises(AttributeError, match="unknown control message ip_tosses"):
            _ = control.ip_tosses


def test_a_struct_is_sent_in_every_form_that_an_option_accepts():
    with udp() as sock:
        sock.options.ip_pktinfo = True
        here = sock.getsockname()
        sock.sendto(b"x", here)
        received = sock.recv_message(10).control.ip_pktinfo
        forms = [
            *(received, tuple(received), list(received), received._asdict()),
            *({"spec_dst": "127.0.0.1"}, "spec_dst=127.0.0.1"),
            *((0, "127.0.0.1", "0.0.0.0"), bytes(12)),
        ]
        for form in forms:
            assert sock.send_message(b"y", here, {"ip_pktinfo": form}) == 1, form
            assert sock.recv_message(10).control.ip_pktinfo == received, form


@pytest.mark.parametrize(
    "value, error, words",
    [
        ({"spec": "127.0.0.1"}, ValueError, "has the fields ifindex, spec_dst, addr, not 'spec'"),
        ((1, 2, 3, 4), ValueError, "has the fields ifindex, spec_dst, addr, not 4 of them"),
        ("x", ValueError, 'does not know "x"; it takes [ifindex=] [spec_dst=] [addr=]'),
        (1.5, TypeError, "takes [ifindex=] [spec_dst=] [addr=]"),
        (None, TypeError, "takes [ifindex=] [spec_dst=] [addr=]"),
    ],
)
def test_a_value_that_is_not_accepted_is_named_once(value, error, words):
    with udp() as sock:
        with pytest.raises(error) as caught:
            sock.send_message(b"x", sock.getsockname(), {"ip_pktinfo": value})
        text = str(caught.value)
        assert text.startswith("IP_PKTINFO ") and words in text
        assert text.count('"x"') in (0, 1)


@pytest.mark.parametrize("form", [lambda a, b: [a, b], lambda a, b: (a, b), "{},{}".format])
def test_descriptors_are_sent_by_name(form):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert ours.send_message(b"x", control={"scm_rights": form(0, ours.fileno())}) == 1
        with theirs.recv_message(1) as message:
            assert len(message.fds) == 2
        assert ours.send_message(b"x", control={"scm_rights": 0}) == 1
        with theirs.recv_message(1) as message:
            assert len(message.fds) == 1
        with pytest.raises(OSError, match="Bad file descriptor"):
            ours.send_message(b"x", control={"scm_rights": [-1]})


def test_control_messages_are_sent_by_name():
    with udp() as sock:
        sock.setsockopt(0, IP_RECVTTL, 1)
        for value in (7, "7", (7).to_bytes(4, "little")):
            assert sock.send_message(b"x", sock.getsockname(), {"ip_ttl": value}) == 1
            assert sock.recv_message(10).control.ip_ttl == 7
        assert sock.send_message(b"y", sock.getsockname()) == 1
        assert sock.recv_message(10).control.ip_ttl == 64


@pytest.mark.parametrize(
    ("control", "error", "words"),
    [
        ({"ip_tosses": 1}, ValueError, "unknown control message ip_tosses"),
        ({"udp_gro": 1}, ValueError, "UDP_GRO can only be received"),
        ({"ip_ttl": "much"}, ValueError, "IP_TTL"),
        ({1: 1}, TypeError, "must be str"),
        ({"ip_tosses": b""}, ValueError, "unknown control message ip_tosses"),
        ({"ip_ttl": bytes(20000)}, ValueError, "does not fit"),
    ],
)
def test_wrong_control_messages(control, error, words):
    with udp() as sock, pytest.raises(error, match=words):
        sock.send_message(b"x", sock.getsockname(), control)


def open_fds():
    return len(os.listdir("/proc/self/fd"))


def message_with_fds(count=2):
    a, b = socket.socketpair()
    with a, b:
        assert a.send_message(b"x", control={"scm_rights": [0] * count}) == 1
        return b.recv_message(10)


def test_descriptors_are_the_message_s():
    before = open_fds()
    with message_with_fds() as message:
        assert open_fds() == before + 2
        assert len(message.fds) == 2
        assert tuple(message.control.scm_rights) == message.fds
        assert not os.get_inheritable(message.fds[0])
    assert message.fds == ()
    assert open_fds() == before
    message.close()


def test_descriptors_can_be_detached():
    gc.collect()  # sockets of earlier tests, on PyPy
    before = open_fds()
    fds = message_with_fds().take_fds()
    gc.collect()
    assert open_fds() == before + 2
    for fd in fds:
        os.close(fd)
    with message_with_fds() as message:
        for fd in message.take_fds():
            os.close(fd)
        assert message.take_fds() == []


def test_forgotten_descriptors_are_closed_with_a_warning():
    before = open_fds()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        message_with_fds(3)
        gc.collect()
    assert [w.category for w in caught] == [ResourceWarning]
    assert "3 unclosed file descriptors" in str(caught[0].message)
    assert open_fds() == before


def test_credentials():
    a, b = socket.socketpair()
    with a, b:
        b.setsockopt(socket.SOL_SOCKET, SO_PASSCRED, 1)
        a.sendall(b"x")
        assert b.recv_message(10).control.credentials.pid == os.getpid()


def test_truncation_is_reported():
    with udp() as sock:
        sock.sendto(b"too long", sock.getsockname())
        message = sock.recv_message(3)
        assert (message.data, message.truncated) == (b"too", True)


def test_icmp_errors():
    with udp() as sock:
        with udp() as closed:
            address = closed.getsockname()
        assert sock.errors() == []
        sock.setsockopt(0, IP_RECVERR, 1)
        sock.sendto(b"hello", address)
        (entry,) = entries(sock, 1)
        assert (entry.origin, entry.errno) == ("icmp", 111)
        assert (entry.icmp_type, entry.icmp_code) == (3, 3)
        assert entry.offender[0] == "127.0.0.1"
        assert entry.address == address
        assert entry.data == b"hello"
        assert sock.errors() == []


def test_times_of_sends():
    with udp() as sock:
        sock.enable_timestamps(sent=True)
        before = time.time_ns()
        for _ in range(2):
            sock.sendto(b"x", sock.getsockname())
        found = [e for e in entries(sock, 4) if e.stage == "sent"]
        assert [e.id for e in found] == [0, 1]
        assert all(e.origin == "timestamp" and e.errno == 0 for e in found)
        assert all(before - 10**9 < e.software < time.time_ns() + 10**9 for e in found)
        sock.settimeout(None)
        for _ in range(5000):  # the kernel begins to take timestamps a moment later
            sock.sendto(b"x", sock.getsockname())
            message = sock.recv_message(10)
            if "scm_timestamping" in message.control:
                break
            time.sleep(0.001)
        assert message.control.timestamping.software > before - 10**9


@pytest.mark.parametrize("option", [None, 29, 35, 37])  # SO_TIMESTAMP, ...NS, ...ING
def test_the_time_of_arrival_is_a_datetime(option):
    with udp() as sock:
        if option == 37:
            sock.enable_timestamps()
        elif option:
            sock.setsockopt(socket.SOL_SOCKET, option, 1)
        before = datetime.datetime.now(datetime.timezone.utc)
        message = None
        # The kernel begins to take timestamps a moment later.
        for _ in range(2000):
            sock.sendto(b"x", sock.getsockname())
            message = sock.recv_message(10)
            if message.time or not option:
                break
            time.sleep(0.001)
        if not option:
            assert message.time is None
            return
        assert message.time.tzinfo is datetime.timezone.utc
        assert abs(message.time - before) < datetime.timedelta(seconds=60)


def test_the_time_of_a_send_is_a_datetime():
    with udp() as sock:
        sock.enable_timestamps(sent=True)
        sock.sendto(b"x", sock.getsockname())
        entry = next(each for each in entries(sock, 1) if each.origin == "timestamp")
        assert entry.time.timestamp() == pytest.approx(entry.software / 1e9, abs=1e-3)
        assert entry._replace(software=0).time is None


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET])
def test_families_without_an_error_queue_lose_nothing(kind):
    """They ignore MSG_ERRQUEUE: data and descriptors must stay where they are."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    with ours, theirs:
        before = len(os.listdir("/proc/self/fd"))
        socket.send_fds(theirs, [b"precious"], [0, 1])
        assert ours.errors() == []
        assert len(os.listdir("/proc/self/fd")) == before
        data, fds, _, _ = socket.recv_fds(ours, 100, 10)
        assert (data, len(fds)) == (b"precious", 2)
        for fd in fds:
            os.close(fd)
        theirs.close()
        assert ours.errors() == []


def test_a_path_that_is_too_long_is_named():
    path = "/tmp/" + "x" * 200
    with pytest.raises(OSError, match="AF_UNIX path too long: 205 bytes, at most 107") as caught:
        socket.create_server(path, family=socket.AF_UNIX)
    assert caught.value.errno is None
