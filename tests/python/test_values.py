"""Option values: named tuples that can be imported, and numbers with names."""

import copy
import enum
import pickle
import select
import subprocess
import sys

import csocket
import csocket.values
import pytest


@pytest.fixture
def tcp():
    with csocket.create_server(("127.0.0.1", 0)) as server:
        client = csocket.create_connection(server.getsockname(), timeout=20)
        with client, server.accept()[0]:
            yield client


def test_numbers_with_names_are_members_of_enums(tcp):
    state = tcp.options.tcp_info.state
    assert isinstance(state, enum.IntEnum) and state.name == "TCP_ESTABLISHED" and state == 1
    assert tcp.options.so_type is csocket.SOCK_STREAM
    assert tcp.options.so_domain is csocket.AF_INET
    assert tcp.options.ip_mtu_discover.name.startswith("IP_PMTUDISC_")
    assert tcp.options.so_protocol.name == "IPPROTO_TCP"


def test_bits_are_flags(tcp):
    options = tcp.options.tcp_info.options
    assert isinstance(options, enum.IntFlag)
    assert {"TCPI_OPT_SACK", "TCPI_OPT_WSCALE"} <= set(type(options).__members__)
    for each in csocket.getifaddrs():
        assert isinstance(each.flags, enum.IntFlag)
        if each.name == "lo":
            assert csocket.values.InterfaceFlag.IFF_LOOPBACK in each.flags
            assert "IFF_LOOPBACK" in repr(each.flags)


def test_special_values_leave_numbers_alone(tcp):
    """SO_LINGER's onoff is a number; 0 and 1 may be written as off and on."""
    for value in (tcp.options.ip_ttl, tcp.options.so_linger.onoff, tcp.options.so_rcvbuf):
        assert type(value) is int


def test_members_can_be_set(tcp):
    before = tcp.options.ip_mtu_discover
    tcp.options.ip_mtu_discover = type(before).IP_PMTUDISC_DO
    assert tcp.options.ip_mtu_discover is type(before).IP_PMTUDISC_DO


def test_a_number_without_a_name_is_a_number():
    kind = csocket.values._enum_of({"MADE_UP_A": 1, "MADE_UP_B": 2}, False)
    with pytest.raises(ValueError):
        kind(7)
    with csocket.socket() as sock:
        sock.options.so_priority = 5
        assert type(sock.options.so_priority) is int


def test_every_struct_can_be_imported(tcp):
    from csocket.values import linger, tcp_info

    assert type(tcp.options.so_linger) is linger
    assert type(tcp.options.tcp_info) is tcp_info
    tcp.options.so_linger = linger(onoff=1, linger=5)
    assert tcp.options.so_linger == linger(1, 5.0)
    assert linger.__module__ == "csocket.values"
    with pytest.raises(AttributeError, match="'csocket.values' has no attribute 'nothing'"):
        _ = csocket.values.nothing
    with pytest.raises(ImportError):
        from csocket.values import nothing  # noqa: F401


def test_values_can_be_pickled_to_another_process(tcp):
    values = [
        tcp.options.tcp_info,
        tcp.options.tcp_info.state,
        tcp.options.tcp_info.options,
        tcp.options.ip_mtu_discover,
        tcp.options.so_type,
        csocket.getifaddrs()[0].flags,
    ]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(values, protocol)) == values
    code = (
        "import pickle, sys\n"
        "values = pickle.load(sys.stdin.buffer)\n"
        "print(values[1].name, values[3].name, type(values[0]).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(values), stdout=subprocess.PIPE
    )
    assert done.stdout.split() == [b"TCP_ESTABLISHED", values[3].name.encode(), b"tcp_info"]


def instances():
    """A named tuple of each class in csocket.values, and those returned by calls."""
    for name in dir(csocket.values):
        kind = getattr(csocket.values, name)
        if isinstance(kind, type) and issubclass(kind, tuple):
            yield kind._make(range(len(kind._fields)))
    yield csocket.options["TCP_INFO"].fields[0]
    with csocket.socket(type=csocket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        address = closed.getsockname()
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        sock.options.ip_recverr = True
        sock.connect(address)
        sock.send(b"x")
        select.select([sock], [], [], 10)
        yield from sock.errors()
    yield from csocket.getifaddrs()


def test_every_named_tuple_can_be_imported_pickled_and_copied():
    made = list(instances())
    for value in made:
        kind = type(value)
        assert getattr(sys.modules[kind.__module__], kind.__name__) is kind
        assert type(copy.copy(value)) is type(copy.deepcopy(value)) is kind
        assert copy.deepcopy(value) == value and type(value._asdict()) is dict
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            loaded = pickle.loads(pickle.dumps(value, protocol))
            assert type(loaded) is kind and loaded == value
    assert len(made) > 150
    assert {"OptionField", "queued_error", "linger"} < {type(value).__name__ for value in made}


def test_the_first_queued_error_of_a_process_is_complete():
    error = csocket.values.queued_error("timestamp", *[0] * 9, 10**9, 0, 0, 0, False)
    code = (
        "import pickle, sys\n"
        "error = pickle.load(sys.stdin.buffer)\n"
        "print(error.time.year, error.origin)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(error), stdout=subprocess.PIPE
    )
    assert done.stdout.split() == [b"1970", b"timestamp"]


def test_the_classes_of_objects_can_be_imported_for_annotations(tcp):
    values = csocket.values
    assert type(tcp.options) is values.SocketOptions
    assert type(csocket.options) is values.Options
    assert type(csocket.options["SO_LINGER"]) is values.Option
    with pytest.raises(TypeError):
        values.Message()
    a, b = csocket.socketpair()
    with a, b:
        a.send(b"x")
        with b.recv_message(1) as message:
            assert type(message) is values.Message and type(message.control) is values.Control
    assert {"Control", "Message", "linger", "HasAddress"} < set(dir(values))


def test_errors_with_an_address_are_recognized_by_type():
    with csocket.socket() as sock, pytest.raises(OSError) as caught:
        sock.connect(("127.0.0.1", 1))
    assert isinstance(caught.value, csocket.values.HasAddress)
    assert not isinstance(OSError(), csocket.values.HasAddress)
