"""Functions that call the core, and run as Python code if an object that they look up was replaced.

Each test runs in both ways: with the original module, and with a name replaced by an equivalent
object.
"""

import array
import builtins
import errno
import os
import sys
import warnings

import csocket
import pytest

FUNCTIONS = (
    "_connect_in_turn",
    "_resolve",
    "create_server",
    "getfqdn",
    "has_dualstack_ipv6",
    "recv_fds",
    "send_fds",
)


class Number(int):
    """Equal to the number, but a different object."""


def same(function):
    return lambda *arguments, **keywords: function(*arguments, **keywords)


# For each function a name that it looks up, and an equivalent object.
HARMLESS = {
    "create_server": ("SOCK_STREAM", Number(csocket.SOCK_STREAM)),
    "getfqdn": ("gethostbyaddr", same(csocket.gethostbyaddr)),
    "has_dualstack_ipv6": ("SOCK_STREAM", Number(csocket.SOCK_STREAM)),
    "recv_fds": ("CMSG_LEN", same(csocket.CMSG_LEN)),
    "send_fds": ("SCM_RIGHTS", Number(csocket.SCM_RIGHTS)),
}


@pytest.fixture(params=["core", "text"], autouse=True)
def path(request, monkeypatch):
    if request.param == "text":
        for name, value in HARMLESS.values():
            monkeypatch.setattr(csocket, name, value)
    replaced = [name for name in HARMLESS if csocket._socket._is_replaced(name)]
    assert replaced == (list(HARMLESS) if request.param == "text" else [])
    return request.param


def outcome(call, *arguments, **keywords):
    """The result of a call, or the class and the message of its exception."""
    try:
        return call(*arguments, **keywords)
    except Exception as exc:
        return type(exc), str(exc)


def test_has_dualstack_ipv6():
    if not csocket.has_ipv6:
        pytest.skip("needs IPv6")
    with csocket.socket(csocket.AF_INET6) as sock:
        sock.setsockopt(csocket.IPPROTO_IPV6, csocket.IPV6_V6ONLY, 0)
    assert csocket.has_dualstack_ipv6() is True


def test_getfqdn():
    own = csocket.gethostname()
    expected = csocket.getfqdn(own)
    assert isinstance(expected, str)
    for name in "", "  ", "0.0.0.0", "::", f" {own} ":
        assert csocket.getfqdn(name) == expected
    for name in "no.such.host.invalid", "\u00e4.invalid", "with space.invalid":
        assert csocket.getfqdn(f" {name}\n") == name
    assert csocket.getfqdn("127.0.0.1") == csocket.getfqdn("localhost")


@pytest.mark.parametrize("name", [None, 5, [], b"localhost", "x" * 64 + ".invalid", "a..b", "a\0b"])
def test_getfqdn_of_values_that_are_not_names(name, monkeypatch):
    """Both implementations behave the same."""
    first = outcome(csocket.getfqdn, name)
    monkeypatch.setattr(csocket, "gethostname", same(csocket.gethostname))
    assert csocket._socket._is_replaced("getfqdn")
    assert outcome(csocket.getfqdn, name) == first


@pytest.mark.parametrize("family", [csocket.AF_INET, csocket.AF_INET6, csocket.AF_UNIX])
@pytest.mark.parametrize("reuse_port", [False, True])
@pytest.mark.parametrize("backlog", [None, 0, 5, -1])
def test_create_server(family, reuse_port, backlog, tmp_path):
    if family == csocket.AF_INET6 and not csocket.has_ipv6:
        pytest.skip("needs IPv6")
    address = {
        csocket.AF_INET: ("127.0.0.1", 0),
        csocket.AF_INET6: ("::1", 0),
        csocket.AF_UNIX: str(tmp_path / "socket"),
    }[family]
    how = {"family": family, "reuse_port": reuse_port, "backlog": backlog}
    with csocket.create_server(address, **how) as server:
        assert type(server) is csocket.socket
        assert (server.family, server.type, server.proto) == (family, csocket.SOCK_STREAM, 0)
        assert server.gettimeout() is None and not server.get_inheritable()
        assert server.getsockopt(csocket.SOL_SOCKET, csocket.SO_ACCEPTCONN) == 1
        assert server.getsockopt(csocket.SOL_SOCKET, csocket.SO_REUSEADDR) == 1
        if family != csocket.AF_UNIX:
            assert server.getsockopt(csocket.SOL_SOCKET, csocket.SO_REUSEPORT) == reuse_port
        if family == csocket.AF_INET6:
            assert server.getsockopt(csocket.IPPROTO_IPV6, csocket.IPV6_V6ONLY) == 1
        with csocket.socket(family) as client:
            client.connect(server.getsockname())


def test_a_server_of_both_families():
    if not csocket.has_dualstack_ipv6():
        pytest.skip("needs IPv6")
    how = {"family": csocket.AF_INET6, "dualstack_ipv6": True}
    with csocket.create_server(("", 0), **how) as server, csocket.socket() as client:
        client.connect(("127.0.0.1", server.getsockname()[1]))
        conn, peer = server.accept()
        assert peer[0] == "::ffff:127.0.0.1"
        conn.close()


@pytest.mark.parametrize(
    "address", [("", 0), ("localhost", 0), ("0.0.0.0", 0), (b"127.0.0.1", 0), ("<broadcast>", 0)]
)
def test_a_servers_address_is_binds(address):
    with csocket.socket() as sock:
        sock.bind(address)
        expected = sock.getsockname()[0]
    with csocket.create_server(address) as server:
        assert server.getsockname()[0] == expected


@pytest.mark.parametrize(
    "address, how",
    [
        (None, {}),
        ("127.0.0.1", {}),
        (("127.0.0.1",), {}),
        (("127.0.0.1", 70000), {}),
        (("127.0.0.1", "80"), {}),
        (("no.such.host.invalid", 80), {}),
        (("192.0.2.77", 0), {}),
        (("::1", 0), {}),
        (("127.0.0.1", 0), {"family": 9999}),
        (("127.0.0.1", 0), {"family": "x"}),
        (("127.0.0.1", 0), {"family": csocket.AF_UNIX}),
        (("127.0.0.1", 0), {"backlog": "x"}),
        (("127.0.0.1", 0), {"backlog": 1 << 40}),
        (("127.0.0.1", 0), {"dualstack_ipv6": True}),
        (("/no/such/folder"), {"family": csocket.AF_UNIX}),
    ],
)
def test_a_server_that_cannot_be_created(address, how, monkeypatch):
    """Both implementations refuse it with the same message, which has the address passed to
    bind."""
    errors = []
    for _ in range(2):
        with pytest.raises(Exception) as caught:
            csocket.create_server(address, **how)
        exc = caught.value
        errors.append((type(exc), str(exc), getattr(exc, "errno", 0), getattr(exc, "address", 0)))
        monkeypatch.setattr(csocket, "SOCK_STREAM", Number(csocket.SOCK_STREAM))
    assert errors[0] == errors[1]


def test_a_port_that_is_in_use():
    text = "while attempting to bind on address"
    with csocket.socket() as sock, pytest.raises(OSError, match=text) as caught:
        sock.bind(("127.0.0.1", 0))
        csocket.create_server(sock.getsockname())
    assert caught.value.errno == errno.EADDRINUSE


def test_a_server_has_the_default_timeout():
    csocket.setdefaulttimeout(7)
    try:
        with csocket.create_server(("127.0.0.1", 0)) as server:
            assert server.gettimeout() == 7
    finally:
        csocket.setdefaulttimeout(None)


@pytest.fixture
def pair():
    first, second = csocket.socketpair()
    with first, second:
        yield first, second


@pytest.mark.parametrize("kind", [list, tuple, lambda fds: array.array("i", fds), iter])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_descriptors_travel(pair, kind, count):
    with open(os.devnull, "rb") as file:
        numbers = kind([file.fileno()] * count)
        assert csocket.send_fds(pair[0], [b"a", memoryview(b"bc")], numbers) == 3
    data, fds, flags, address = csocket.recv_fds(pair[1], 10, 5)
    assert (data, len(fds), flags & csocket.MSG_CTRUNC, address) == (b"abc", count, 0, None)
    for fd in fds:
        assert not os.get_inheritable(fd)
        os.close(fd)


@pytest.mark.parametrize("most", [0, 1])
def test_more_descriptors_than_wanted(pair, most):
    with open(os.devnull, "rb") as file:
        csocket.send_fds(pair[0], [b"x"], [file.fileno()] * 3)
    data, fds, flags, address = csocket.recv_fds(pair[1], 10, most)
    assert (data, len(fds)) == (b"x", most) and flags & csocket.MSG_CTRUNC
    for fd in fds:
        os.close(fd)


def test_descriptors_with_an_address(tmp_path):
    with csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "socket"))
        with csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM) as sender:
            sender.bind(str(tmp_path / "sender"))
            to = receiver.getsockname()
            assert csocket.send_fds(sender, [b"x"], [sender.fileno()], 0, to) == 1
            data, fds, _, address = csocket.recv_fds(receiver, 1, 1)
            os.close(fds[0])
            assert (data, address) == (b"x", sender.getsockname())
            with pytest.raises(OSError) as caught:
                csocket.send_fds(sender, [b"x"], [], 0, str(tmp_path / "none"))
            assert caught.value.address == str(tmp_path / "none")


@pytest.mark.parametrize(
    "buffers, fds",
    [
        ([b"x"], [-1]),
        ([b"x"], [1 << 40]),
        ([b"x"], [1.5]),
        ([b"x"], ["1"]),
        ([b"x"], 5),
        ([b"x"], [0] * 300),
        (5, [0]),
        ([5], [0]),
        ("x", [0]),
        ([b"x"] * 3000, [0]),
    ],
)
def test_send_fds_with_invalid_arguments(pair, buffers, fds, monkeypatch):
    first = outcome(csocket.send_fds, pair[0], buffers, fds)
    monkeypatch.setattr(csocket, "SOL_SOCKET", Number(csocket.SOL_SOCKET))
    second = outcome(csocket.send_fds, pair[0], buffers, fds)
    if isinstance(second, tuple):
        assert second[0] is first[0]
        # The core states the range as well, and the name of its own parameter.
        assert first[1].startswith(second[1]) or second[1].startswith("sendmsg() argument 1 ")
    else:
        assert second == first


@pytest.mark.parametrize("size, most", [(-1, 1), ("x", 1), (1, -1), (1, "x"), (1, 1 << 62)])
def test_recv_fds_with_invalid_arguments(pair, size, most):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        csocket.recv_fds(pair[1], size, most)


class Special(csocket.socket):
    def sendmsg(self, *arguments):
        return 77


def test_a_class_may_send_in_its_own_way():
    with Special() as sock:
        assert csocket.send_fds(sock, [b"x"], []) == 77


REPLACED = [
    ("send_fds", "sendmsg"),
    ("recv_fds", "recvmsg"),
    ("create_server", "bind"),
    ("create_server", "listen"),
    ("create_server", "setsockopt"),
    ("create_server", "__init__"),
    ("has_dualstack_ipv6", "getsockopt"),
    ("has_dualstack_ipv6", "__exit__"),
    ("_connect_in_turn", "connect"),
    ("_connect_in_turn", "settimeout"),
    ("_connect_in_turn", "_real_close"),
]


@pytest.mark.parametrize("function, method", REPLACED)
def test_a_method_that_was_replaced_is_used(monkeypatch, path, function, method):
    if path == "text":
        pytest.skip("something else is replaced")
    assert not csocket._socket._is_replaced(function)
    with monkeypatch.context() as patch:
        patch.setattr(csocket.socket, method, same(getattr(csocket.socket, method)))
        assert csocket._socket._is_replaced(function)
    assert not csocket._socket._is_replaced(function)


def test_all_that_a_function_names_is_watched(monkeypatch, path):
    """Derived from the code of each function: replacing any name is noticed."""
    if path == "text":
        pytest.skip("something else is replaced")
    is_replaced = csocket._socket._is_replaced
    for function in FUNCTIONS:
        names = getattr(csocket, function).__code__.co_names
        # Except modules that a function imports itself.
        own = {name for name in names if f"csocket.{name}" in sys.modules} - {"_socket"}
        for name in [name for name in names if name in vars(csocket) and name not in own]:
            with monkeypatch.context() as patch:
                patch.setattr(csocket, name, object())
                assert is_replaced(function), (function, name)
            assert not is_replaced(function)


def looked_up(code, names):
    """Add the names that a function, and the functions of csocket that it calls, look up.

    Other names are attributes of other objects, or modules imported in the function.
    """
    module = vars(csocket)
    for name in code.co_names:
        known = name in module or hasattr(builtins, name) or hasattr(csocket.socket, name)
        if known and name not in names:
            names.add(name)
            if hasattr(module.get(name), "__code__"):
                looked_up(module[name].__code__, names)
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            looked_up(inner, names)
    return names


@pytest.mark.parametrize("function", sorted(csocket._socket._watched_names()))
def test_the_watched_names_are_those_of_the_code(function):
    watched, methods = map(str.split, csocket._socket._watched_names()[function])
    names = looked_up(getattr(csocket, function).__code__, set())
    names -= {name for name in names if f"csocket.{name}" in sys.modules} - {"_socket"}
    of_module = {name for name in names if name in vars(csocket) or hasattr(builtins, name)}
    of_class = {name for name in names if hasattr(csocket.socket, name)}
    # Some versions of the module have more names, and some names are looked up on some versions
    # only.
    assert of_module - {"array"} == set(watched) - {"array"}
    assert of_class <= set(methods)
    others = set(methods) - of_class
    assert {"_real_close", "__init__"} <= others
    # Names that are looked up whenever a socket is created, used and closed.
    assert all(name.startswith("_") for name in others)


def test_a_name_is_noticed_however_it_is_replaced(path):
    """Names are looked up again only after a change: every way to change one must be noticed."""
    if path == "text":
        pytest.skip("something else is replaced")
    is_replaced, names = csocket._socket._is_replaced, vars(csocket)
    original = names["SOCK_STREAM"]

    def restored():
        names["SOCK_STREAM"] = original
        return not is_replaced("create_server")

    ways = (
        lambda: setattr(csocket, "SOCK_STREAM", 1 << 20),
        lambda: names.__setitem__("SOCK_STREAM", 1 << 20),
        lambda: names.update(SOCK_STREAM=1 << 20),
        lambda: delattr(csocket, "SOCK_STREAM"),
        lambda: names.pop("SOCK_STREAM"),
        lambda: exec("SOCK_STREAM = 1 << 20", names),
    )
    for way in ways:
        assert restored()
        way()
        assert is_replaced("create_server")
    assert restored()
    # The module does not have the name that it shadows.
    csocket.hasattr = hasattr
    assert is_replaced("create_server")
    del csocket.hasattr
    assert not is_replaced("create_server")


def test_a_base_class_is_watched(path):
    if path == "text":
        pytest.skip("something else is replaced")
    base = csocket.socket.__mro__[1]
    for name in ("bind", "listen", "__init__"):
        original = getattr(base, name)
        try:
            setattr(base, name, same(original))
        except TypeError:
            pytest.skip("this version's class cannot be changed")
        assert csocket._socket._is_replaced("create_server")
        setattr(base, name, original)
        assert not csocket._socket._is_replaced("create_server")


def test_a_module_that_is_imported_later_replaces_nothing(path, tmp_path):
    csocket.create_server(tmp_path / "socket", family=csocket.AF_UNIX, unlink=True).close()
    assert csocket._socket._is_replaced("create_server") == (path == "text")


def test_nothing_is_left_open_when_the_class_fails(monkeypatch):
    """A patched __init__ that raises: descriptors that the call has opened are closed."""

    def fails(self, *arguments, **keywords):
        raise ZeroDivisionError

    with csocket.create_server(("127.0.0.1", 0)) as server, csocket.socket() as client:
        client.connect(server.getsockname())
        calls = {
            "accept": server.accept,
            "dup": server.dup,
            "socketpair": csocket.socketpair,
            "fromfd": lambda: csocket.fromfd(server.fileno(), csocket.AF_INET, 1),
            "create_server": lambda: csocket.create_server(("127.0.0.1", 0)),
            "create_connection": lambda: csocket.create_connection(server.getsockname()),
        }
        for name, call in calls.items():
            before = len(os.listdir("/proc/self/fd"))
            with monkeypatch.context() as patch, warnings.catch_warnings():
                patch.setattr(csocket.socket, "__init__", fails)
                with pytest.raises(ZeroDivisionError):
                    call()
            assert len(os.listdir("/proc/self/fd")) == before, name
