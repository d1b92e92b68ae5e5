"""Options whose values contain their length: lists, and structs followed by structs."""

import pickle

import csocket
import csocket as socket
import pytest


@pytest.fixture
def tcp():
    with socket.socket() as sock:
        yield sock


@pytest.fixture
def udp():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        yield sock


def test_ip_options_are_a_list(tcp):
    assert tcp.options.ip_options == []
    tcp.options.ip_options = [(1,), {"type": "RA", "data": b"\0\0"}]
    read = tcp.options.ip_options
    assert [o.type for o in read] == [1, 148, 0, 0, 0] and read[1].data == b"\0\0"
    assert type(read[1]).__name__ == "ip_option" and read[0] == (1,)
    tcp.options.ip_options = read
    assert tcp.getsockopt(socket.IPPROTO_IP, 4, 40) == b"\x01\x94\x04\0\0\0\0\0"
    tcp.options.ip_options = "NOP; NOP"
    assert tcp.options.ip_options[:2] == [(1,), (1,)]
    with pytest.raises(ValueError, match="IP_OPTIONS has the fields type, not 2 of them"):
        tcp.options.ip_options = [(1, b"no data")]
    for nothing in ([], b"", ""):
        tcp.options.ip_options = "NOP"
        tcp.options.ip_options = nothing
        assert tcp.options.ip_options == []


@pytest.fixture
def udp6():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        yield sock


def test_headers_end_with_their_options(udp6):
    options = udp6.options
    assert options.ipv6_dstopts is None
    try:
        options.ipv6_dstopts = (59, [(77, b"\1\2"), "PADN 00", {"type": 0}])
    except PermissionError as error:
        pytest.skip(f"needs CAP_NET_RAW: {error}")
    read = options.ipv6_dstopts
    assert read.nexthdr == 59
    assert read.options[0] == (77, b"\1\2") and read.options[1] == (1, b"\0")
    assert {o.type for o in read.options[2:]} == {0}
    raw = udp6.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, 64)
    assert raw == b"\x3b\1\x4d\2\1\2\1\1" + bytes(8)
    again = pickle.loads(pickle.dumps(read))
    assert again == read and type(again.options[0]) is type(read.options[0])
    options.ipv6_dstopts = read
    assert options.ipv6_dstopts == read
    with pytest.raises(ValueError, match="has no space for so much data"):
        options.ipv6_dstopts = (0, [(77, bytes(256))])
    with pytest.raises(TypeError, match="IPV6_DSTOPTS takes"):
        options.ipv6_dstopts = (0, [7.5])
    with pytest.raises(TypeError, match="IPV6_DSTOPTS takes"):
        options.ipv6_dstopts = (0, 7)
    options.ipv6_hopopts = (0, [("ROUTERALERT", b"\0\0")])
    assert options.ipv6_hopopts.options[0] == (5, b"\0\0")
    options.ipv6_dstopts = None
    assert options.ipv6_dstopts is None


def test_fields_know_their_structs():
    field = csocket.options["IPV6_HOPOPTS"].fields[-1]
    assert (field.name, field.kind) == ("options", "list of ipv6_tlv")
    text = csocket.options["IPV6_HOPOPTS"].__doc__
    assert "\n    options: list of ipv6_tlv\n        type: uint\n        data: bytes" in text


def writable_structs():
    for option in csocket.options.values():
        if option.writable and len(option.fields) > 1:
            yield option


@pytest.mark.parametrize("size", [0, 1])
def test_too_few_bytes_are_refused(udp, size):
    """Unless the option accepts no value, or any number."""
    for option in writable_structs():
        try:
            udp.options[option] = bytes(size)
        except ValueError as error:
            assert f", not {size}" in str(error), option.name
        except OSError:
            assert size == 0 or option.name not in ("SO_LINGER", "CAN_RAW_FILTER"), option.name
    for name in ("SO_LINGER", "IP_ADD_MEMBERSHIP"):
        with pytest.raises(ValueError, match=f"{name} takes [0-9]+ bytes, not {size}$"):
            udp.options[name] = bytes(size)
    # A list may be empty, but its items must be complete.
    filters = csocket.options["CAN_RAW_FILTER"]
    with pytest.raises(ValueError if size else OSError):
        udp.options[filters] = bytes(size)


def test_structs_without_values_are_refused_by_name(udp):
    missing = 0
    for option in writable_structs():
        try:
            udp.options[option] = {}
        except ValueError as error:
            missing += " needs its " in str(error)
        except (OSError, TypeError):
            pass
    assert missing > 0
