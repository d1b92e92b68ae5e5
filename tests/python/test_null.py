"""A null character in a name or path is refused everywhere; C would use only the part before it."""

import os
import re
import socket as standard

import csocket
import pytest
from csocket import _unix

WORDS = re.compile(r"null (character|byte)|has a null byte|no socket option|invalid mode|\\x00")


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return sockets by kind, in a folder with the file of a server called "server"."""
    monkeypatch.chdir(tmp_path)
    kinds = {
        "tcp": csocket.socket(),
        "udp": csocket.socket(type=csocket.SOCK_DGRAM),
        "unix": csocket.socket(csocket.AF_UNIX),
        "datagrams": csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM),
        "ipv6": csocket.socket(csocket.AF_INET6),
    }
    kinds["server"] = csocket.create_server("server", family=csocket.AF_UNIX)
    yield kinds
    for sock in kinds.values():
        sock.close()


def server(address, **options):
    return csocket.create_server(address, family=csocket.AF_UNIX, **options)


def send(made, name, value):
    return made["udp"].send_message(b"", ("127.0.0.1", 9), {name: value})


UNIX = {
    "bind": lambda made, path: made["unix"].bind(path),
    "connect": lambda made, path: made["unix"].connect(path),
    "connect_ex": lambda made, path: made["unix"].connect_ex(path),
    "sendto": lambda made, path: made["datagrams"].sendto(b"", path),
    "sendmsg": lambda made, path: made["datagrams"].sendmsg([b""], [], 0, path),
    "send_many": lambda made, path: made["datagrams"].send_many([(b"x", path)]),
    "create_connection": lambda made, path: csocket.create_connection(path),
    "create_server": lambda made, path: server(path),
    "create_server with mode": lambda made, path: server(path, mode=0o600),
    "create_server with unlink": lambda made, path: server(path, unlink=True),
}
FORMS = {"str": str, "bytes": os.fsencode}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("call", UNIX)
def test_a_path_of_af_unix(made, tmp_path, call, form):
    for path in ("server\0junk", "server\0\0junk", "fresh\0junk", "./server\0" + "x" * 90):
        with pytest.raises(ValueError, match="embedded null byte"):
            UNIX[call](made, FORMS[form](path))
    assert os.listdir(tmp_path) == ["server"]


@pytest.mark.parametrize("form", FORMS)
def test_a_path_longer_than_an_address(tmp_path, form):
    with pytest.raises(ValueError, match="embedded null byte"):
        csocket.create_connection(FORMS[form](str(tmp_path / ("x" * 200) / "a\0b")))


def test_abstract_names_may_have_them():
    name = b"\0csocket\0%d" % os.getpid()
    with server(name) as listener, csocket.create_connection(name) as sock:
        assert listener.getsockname() == sock.getpeername() == name


def test_a_padded_path_is_the_same_path(made, tmp_path):
    """As struct.pack formats it; the standard library accepts it too."""
    made["unix"].connect(b"server".ljust(100, b"\0"))
    assert made["unix"].getpeername() == "server"
    with standard.socket(standard.AF_UNIX) as sock:
        sock.connect(b"server".ljust(100, b"\0"))
    assert not _unix._is_path("\0name") and os.listdir(tmp_path) == ["server"]


NAMES = {
    "getaddrinfo's host": lambda made, name: csocket.getaddrinfo(name("localhost"), 1),
    "getaddrinfo's service": lambda made, name: csocket.getaddrinfo("::1", name("80")),
    "gethostbyname": lambda made, name: csocket.gethostbyname(name("localhost")),
    "gethostbyname_ex": lambda made, name: csocket.gethostbyname_ex(name("localhost")),
    "gethostbyaddr": lambda made, name: csocket.gethostbyaddr(name("127.0.0.1")),
    "if_nametoindex": lambda made, name: csocket.if_nametoindex(name("lo")),
    "sethostname": lambda made, name: csocket.sethostname(name(csocket.gethostname())),
    "connect": lambda made, name: made["tcp"].connect((name("127.0.0.1"), 1)),
    "connect to IPv6": lambda made, name: made["ipv6"].connect((name("::1"), 1)),
    "sendto": lambda made, name: made["udp"].sendto(b"", (name("127.0.0.1"), 9)),
    "create_connection": lambda made, name: csocket.create_connection((name("127.0.0.1"), 1)),
    "create_connection's port": lambda made, name: csocket.create_connection(("::1", name("1"))),
    "create_server": lambda made, name: csocket.create_server((name("127.0.0.1"), 0)),
}
STRINGS = {
    "getfqdn": lambda made, name: csocket.getfqdn(name("127.0.0.1")),
    "getservbyname": lambda made, name: csocket.getservbyname(name("http")),
    "getservbyname's protocol": lambda made, name: csocket.getservbyname("http", name("tcp")),
    "getservbyport's protocol": lambda made, name: csocket.getservbyport(80, name("tcp")),
    "getprotobyname": lambda made, name: csocket.getprotobyname(name("tcp")),
    "getnameinfo": lambda made, name: csocket.getnameinfo((name("127.0.0.1"), 80), 0),
    "inet_aton": lambda made, name: csocket.inet_aton(name("127.0.0.1")),
    "inet_pton": lambda made, name: csocket.inet_pton(csocket.AF_INET, name("127.0.0.1")),
    "a zone": lambda made, name: made["ipv6"].connect((name("fe80::1%lo"), 1)),
    "makefile's mode": lambda made, name: made["tcp"].makefile(name("rb")),
    "an option": lambda made, name: made["tcp"].options[name("SO_TYPE")],
    "an option, read by getattr": lambda made, name: getattr(made["tcp"].options, name("so_type")),
    "an option that is set": lambda made, name: setattr(
        made["tcp"].options, name("so_rcvbuf"), 10000
    ),
    "a value": lambda made, name: setattr(made["tcp"].options, "so_rcvbuf", name("64K")),
    "a value that is text": lambda made, name: setattr(
        made["tcp"].options, "so_bindtodevice", name("lo")
    ),
    "a field": lambda made, name: setattr(made["tcp"].options, "so_linger", {name("linger"): 1}),
    "a program": lambda made, name: setattr(
        made["tcp"].options, "so_attach_filter", name("ret #0")
    ),
    "an interface": lambda made, name: setattr(
        made["udp"].options, "ip_multicast_if", name("dev lo")
    ),
    "the catalogue": lambda made, name: csocket.options[name("SO_TYPE")],
    "a control message": lambda made, name: send(made, name("IP_TTL"), 3),
    "its value": lambda made, name: send(made, "IP_TTL", name("3")),
}
TAILS = ("\0", "\0junk", "\0" * 3)


@pytest.mark.parametrize("what", NAMES)
def test_a_null_byte_in_a_str_or_bytes_name(made, what):
    for tail in TAILS:
        for form in (str, os.fsencode):
            with pytest.raises((ValueError, TypeError), match=WORDS):
                NAMES[what](made, lambda name, tail=tail, form=form: form(name + tail))


@pytest.mark.parametrize("what", STRINGS)
def test_a_name_as_str(made, what):
    for tail in TAILS:
        with pytest.raises((ValueError, TypeError, KeyError, AttributeError)) as caught:
            STRINGS[what](made, lambda name, tail=tail: name + tail)
        assert WORDS.search(str(caught.value)) or "\0" in str(caught.value)


def test_an_unknown_option_has_no_value(made):
    assert csocket.options.get("SO_TYPE\0") is None
    assert made["tcp"].options.get("SO_TYPE\0", 5) == 5
    assert "SO_TYPE\0" not in csocket.options and not hasattr(made["tcp"].options, "so_type\0")


def test_an_interface_of_a_packet_socket():
    try:
        sock = csocket.socket(csocket.AF_PACKET, csocket.SOCK_RAW, 0)
    except (PermissionError, OSError) as error:
        pytest.skip(f"no packet sockets: {error}")
    with sock:
        for name in ("lo\0", "lo\0x", b"lo\0x"):
            with pytest.raises(ValueError, match="null character"):
                sock.bind((name, 0))
