"""sock.options and csocket.options: typed values by name."""

import collections.abc
import copy
import datetime
import enum
import ipaddress
import os
import pickle
import pydoc
import struct
import subprocess
import sys
import threading

import csocket
import csocket as socket
import pytest

KINDS = {
    "tcp": (socket.AF_INET, socket.SOCK_STREAM),
    "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
    "udp": (socket.AF_INET, socket.SOCK_DGRAM),
    "udp6": (socket.AF_INET6, socket.SOCK_DGRAM),
    "unix": (socket.AF_UNIX, socket.SOCK_STREAM),
    "netlink": (socket.AF_NETLINK, socket.SOCK_RAW),
}
# A set cannot restore the result of a get, regardless of the catalogue's flags.
NOT_RESTORED = {
    "SO_BINDTOIFINDEX": "may be set once only",
    "SO_RESERVE_MEM": "needs a memory control group",
    "SO_BUSY_POLL": "needs a privilege to be raised",
    "TCP_MAXSEG": "reads a default that may not be set",
    "TCP_REPAIR": "repair mode",
    "TCP_ULP": "empty if there is none, and cannot be set to that",
    "TCP_FASTOPEN_KEY": "empty if there is none, and cannot be set to that",
    "TCP_FASTOPEN_CONNECT": "refused by kernels where it is off for servers",
    "SO_MAX_PACING_RATE": "unlimited reads as a number that cannot be set",
}
# None if it is not set; None removes it.
REMOVABLE = {"IPV6_HOPOPTS", "IPV6_RTHDRDSTOPTS", "IPV6_RTHDR", "IPV6_DSTOPTS"}


@pytest.fixture(params=sorted(KINDS))
def any_socket(request):
    try:
        sock = socket.socket(*KINDS[request.param])
    except OSError as error:
        pytest.skip(f"this system has no such socket: {error}")
    with sock:
        yield sock


@pytest.fixture
def tcp():
    with socket.socket() as sock:
        yield sock


@pytest.fixture
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        yield sock


def test_every_listed_option_reads(any_socket):
    values = dict(any_socket.options)
    assert len(values) == len(any_socket.options) > 20
    assert list(values) == any_socket.options.keys()
    for name, value in values.items():
        assert name in any_socket.options
        kinds = (bool, int, float, str, bytes, tuple, list)
        assert isinstance(value, kinds) or (value is None and name in REMOVABLE), name
    assert "SO_ERROR" not in values and "SO_ERROR" in any_socket.options


def test_a_value_that_was_read_can_be_set(any_socket):
    """set accepts any value that get returns; only the kernel may refuse it."""
    tried = 0
    for name, value in any_socket.options.items():
        option = csocket.options[name, any_socket.family]
        if not option.writable:
            continue
        try:
            any_socket.options[name] = value
        except OSError as error:
            assert error.filename == name
        except ValueError:
            assert name in NOT_RESTORED, name
        else:
            tried += 1
            if "adjusts" not in " ".join(option.notes) and name not in NOT_RESTORED:
                again = any_socket.options[name]
                assert again == value or "may differ" in " ".join(option.notes), name
    assert tried > 10


def test_values_have_the_types_of_the_catalogue(any_socket):
    types = {
        "bool": bool, "int": int, "uint": int, "time": float, "timeval": float, "text": str,
        "bytes": bytes, "filter": bytes, "ifindex": int, "fd": int, "in_addr": str,
        "in6_addr": str, "sockaddr": str, "sockaddrs": tuple,
    }  # fmt: skip
    for name, value in any_socket.options.items():
        option = csocket.options[name, any_socket.family]
        if option.kind.startswith("list of "):
            assert isinstance(value, list), name
        elif value is None:
            assert name in REMOVABLE, name
        elif [field.name for field in option.fields] == [""]:
            kind = types[option.fields[0].kind]
            assert type(value) is kind or isinstance(value, (enum.IntEnum, enum.IntFlag)), name
        elif type(value)._fields == tuple(field.name for field in option.fields):
            for field, part in zip(option.fields, value):
                kind = types.get(field.kind, tuple)
                assert part is None or isinstance(part, (kind, tuple)), (name, field)
        else:  # the kernel returned a longer form of the struct
            assert option.fields[0].name == type(value)._fields[0]


def test_bool_and_int(tcp):
    options = tcp.options
    for value, read in ((True, True), (0, False), ("on", True), (False, False), ("yes", True)):
        options.tcp_nodelay = value
        assert options.tcp_nodelay is options["TCP_NODELAY"] is options["tcp_nodelay"] is read
        assert bool(tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) is read
    options.ip_ttl = 7
    assert options.IP_TTL == 7 and type(options.ip_ttl) is int
    options.so_rcvbuf = "16K"
    assert options.so_rcvbuf == 32768
    options.ip_mtu_discover = "do"
    assert options.ip_mtu_discover == 2


def test_times_are_seconds(tcp):
    options = tcp.options
    for value, seconds in (
        (60, 60), (90.0, 90), ("2min", 120), (datetime.timedelta(minutes=3), 180),
    ):  # fmt: skip
        options.tcp_keepidle = value
        assert options.tcp_keepidle == seconds
        assert type(options.tcp_keepidle) is float
        assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == seconds
    for ms in (1, 7, 1001, 123456789):
        options.tcp_user_timeout = ms / 1000
        assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == ms
        options.tcp_user_timeout = options.tcp_user_timeout
        assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == ms
    options.so_rcvtimeo = 1.5
    assert options.so_rcvtimeo == pytest.approx(1.5, abs=0.02)


def test_a_struct_is_a_named_tuple(tcp):
    for value in (
        (True, 5), [1, 5.0], {"onoff": 1, "linger": 5}, "on 5s", struct.pack("ii", 1, 5),
        (1, datetime.timedelta(seconds=5)), {"linger": "5s", "onoff": "on"},
    ):  # fmt: skip
        tcp.options.so_linger = (0, 0)
        tcp.options.so_linger = value
        linger = tcp.options.so_linger
        assert linger == (1, 5.0) and linger.onoff == 1 and linger.linger == 5.0
    assert repr(linger) == "linger(onoff=1, linger=5.0)"
    tcp.options.so_linger = linger._replace(linger=7)
    assert tcp.options.so_linger.linger == 7
    assert type(tcp.options.so_linger) is type(linger)
    assert pickle.loads(pickle.dumps(linger)) == linger == copy.deepcopy(linger)
    assert type(pickle.loads(pickle.dumps(linger))) is type(linger)
    assert hash(linger) == hash((1, 5.0))


def test_lingering_for_no_time_must_be_explicit(tcp):
    for value in ((1,), [True], {"onoff": True}, "on"):
        with pytest.raises(ValueError, match="SO_LINGER needs its linger"):
            tcp.options.so_linger = value
    assert tcp.options.so_linger == (0, 0)
    for value in ((1, 0), {"onoff": 1, "linger": 0}, "on 0s"):
        tcp.options.so_linger = value
        assert tcp.options.so_linger == (1, 0)
        tcp.options.so_linger = (0,)
        assert tcp.options.so_linger == (0, 0)


def test_the_struct_of_a_connection():
    server = socket.create_server(("127.0.0.1", 0))
    with server, socket.create_connection(server.getsockname()) as client:
        conn, _ = server.accept()
        with conn:
            conn.sendall(b"x" * 1000)
            client.recv(1000, socket.MSG_WAITALL)
            info = conn.options.tcp_info
    raw = struct.pack("B", info.state)
    assert raw == b"\x01"
    assert 0 < info.rtt < 10 and isinstance(info.rtt, float)
    assert info.snd_cwnd > 0 and info.snd_mss > 0
    assert info._fields[0] == "state" and len(info) > 50
    # Fields of the catalogue that this kernel lacks are None, at the end.
    missing = [i for i, value in enumerate(info) if value is None]
    assert missing == list(range(len(info) - len(missing), len(info)))


def test_multicast_on_loopback(udp):
    options = udp.options
    options.ip_add_membership = "239.1.1.1 dev lo"
    with pytest.raises(OSError) as caught:
        options.ip_add_membership = {"multiaddr": "239.1.1.1", "dev": "lo"}
    assert caught.value.filename == "IP_ADD_MEMBERSHIP"
    options.ip_drop_membership = ("239.1.1.1", None, socket.if_nametoindex("lo"))
    options.ip_add_membership = ("239.1.1.1", "127.0.0.1")
    options.ip_drop_membership = ("239.1.1.1", "127.0.0.1", None)
    for address in ("127.0.0.1", ipaddress.ip_address("127.0.0.1"), {"address": "127.0.0.1"}):
        options.ip_multicast_if = "0.0.0.0"
        options.ip_multicast_if = address
        assert options.ip_multicast_if == "127.0.0.1"
    options.ip_add_membership = (ipaddress.ip_address("239.1.1.2"), None, "lo")
    options.mcast_join_source_group = "239.1.1.3 dev lo source 127.0.0.1"
    for question in ("239.1.1.3 dev lo", {"group": "239.1.1.3", "dev": "lo"}):
        found = options.get("MCAST_MSFILTER", input=question)
        assert found.group == "239.1.1.3" and found.slist == ("127.0.0.1",)
        assert found.dev == socket.if_nametoindex("lo")
    options.mcast_msfilter = found._replace(slist=["127.0.0.1", "127.0.0.2"])
    found = options.get("MCAST_MSFILTER", input="239.1.1.3 dev lo")
    assert sorted(found.slist) == ["127.0.0.1", "127.0.0.2"]


def test_a_name_of_two_levels():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.options.mcast_join_group = "ff02::1234 dev lo"
        sock.options.mcast_leave_group = "ff02::1234 dev lo"
    four = csocket.options["MCAST_JOIN_GROUP", socket.AF_INET]
    six = csocket.options["MCAST_JOIN_GROUP", socket.AF_INET6]
    assert (four.level, six.level) == (socket.IPPROTO_IP, socket.IPPROTO_IPV6)


def test_peer_credentials():
    a, b = socket.socketpair()
    with a, b:
        assert a.options.so_peercred == (os.getpid(), os.getuid(), os.getgid())
        assert a.options.so_peercred.pid == os.getpid()
        with pytest.raises(AttributeError, match="can only be read"):
            a.options.so_peercred = (1, 2, 3)


def test_timestamps(udp):
    udp.bind(("127.0.0.1", 0))
    udp.options.so_timestampns = True
    udp.options.so_timestamping = "SOF_TIMESTAMPING_RX_SOFTWARE|SOF_TIMESTAMPING_SOFTWARE"
    assert udp.options.so_timestamping.flags == 0x18
    udp.options.so_timestamping = 0
    udp.sendto(b"x", udp.getsockname())
    _, items, _, _ = udp.recvmsg(10, 100)
    assert items[0][:2] == (socket.SOL_SOCKET, csocket.options.so_timestampns.number)


def test_a_filter(udp):
    program = struct.pack("HBBI", 6, 0, 0, 0xFFFF)
    udp.options.so_attach_filter = program
    assert udp.options.so_get_filter == program
    udp.options.so_attach_filter = "6 0 0 1"
    assert udp.options.so_get_filter == struct.pack("HBBI", 6, 0, 0, 1)
    udp.options.so_attach_filter = "ldb [0]; jneq #0x7, no; ret #1; no: ret #0"
    assert udp.options.so_get_filter[-8:] == struct.pack("HBBI", 6, 0, 0, 0)
    with pytest.raises(ValueError, match='SO_ATTACH_FILTER takes BPF .* not "no: rex"'):
        udp.options.so_attach_filter = "ldb [0]; no: rex"
    with pytest.raises(ValueError):
        udp.options.so_attach_filter = program[:7]
    udp.options.so_attach_filter = program * 2000
    assert udp.options.so_get_filter == program * 2000


def test_values_that_change_while_they_are_read(udp):
    """An item's __index__ may empty the list or dict that it is in."""

    class Number:
        def __init__(self, box):
            self.box = box

        def __index__(self):
            self.box.clear()
            return 1

    box = {}
    box.update(onoff=Number(box), linger=5)
    udp.options.so_linger = box
    items = []
    items.extend(Number(items) for _ in range(5))
    with pytest.raises(OSError):
        udp.options["SCTP_HMAC_IDENT"] = {"idents": items}


def test_input_is_only_accepted_by_options_that_need_it(udp):
    with pytest.raises(ValueError, match="SO_RCVBUF is read without input"):
        udp.options.get("SO_RCVBUF", input=5)
    with pytest.raises(ValueError, match="MCAST_MSFILTER group"):
        udp.options.get("MCAST_MSFILTER", input="nonsense")


def test_text(tcp):
    tcp.options.tcp_congestion = tcp.options.tcp_congestion
    tcp.options.tcp_congestion = tcp.options.tcp_congestion.encode()
    assert tcp.options.so_bindtodevice == ""


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("so_linger", (1, 2, 3), ValueError),
        ("so_linger", {"no": 1}, ValueError),
        ("so_linger", {"linger": 1}, ValueError),
        ("so_linger", 5, TypeError),
        ("so_linger", None, TypeError),
        ("so_linger", "sometimes", ValueError),
        ("so_linger", (1, 5.5), ValueError),
        ("so_linger", b"abc", ValueError),
        ("tcp_keepidle", 0.5, ValueError),
        ("tcp_keepidle", -1, ValueError),
        ("tcp_keepidle", 1e300, ValueError),
        ("tcp_keepidle", float("nan"), ValueError),
        ("tcp_keepidle", 10**400, ValueError),
        ("tcp_keepidle", [], TypeError),
        ("tcp_nodelay", 2, ValueError),
        ("tcp_nodelay", None, TypeError),
        ("tcp_nodelay", 1.0, TypeError),
        ("so_rcvbuf", 10**30, ValueError),
        ("so_rcvbuf", "much\0", ValueError),
        ("ip_add_membership", "localhost", ValueError),
        ("ip_add_membership", {"dev": "lo"}, ValueError),
        ("so_bindtodevice", 7, TypeError),
    ],
)
def test_a_wrong_value_is_explained(tcp, name, value, error):
    with pytest.raises(error) as caught:
        setattr(tcp.options, name, value)
    assert name.upper() in str(caught.value)


def test_names(tcp):
    options = tcp.options
    with pytest.raises(AttributeError, match="did you mean tcp_nodelay"):
        options.tcp_nodleay  # noqa: B018
    with pytest.raises(AttributeError, match="did you mean tcp_nodelay"):
        options.nodelay  # noqa: B018
    with pytest.raises(KeyError, match="did you mean SO_LINGER"):
        options["SO_LINGRE"]
    with pytest.raises(KeyError):
        options["SO_LINGRE"] = (1, 5)
    with pytest.raises(KeyError, match="can only be set"):
        options["IP_ADD_MEMBERSHIP"]
    with pytest.raises(TypeError, match="can only be read"):
        options["SO_TYPE"] = 1
    with pytest.raises(TypeError, match="is a str"):
        options[1]
    with pytest.raises(AttributeError):
        options.get = 1
    assert "SO_LINGRE" not in options and 1 not in options and "IPV6_V6ONLY" not in options
    assert options.get("SO_LINGRE") is None and options.get("SO_LINGRE", 5) == 5
    assert options.get("so_type") == socket.SOCK_STREAM
    assert not hasattr(options, "__wrapped__") and not hasattr(options, "")
    assert {"tcp_nodelay", "tcp_md5sig", "get"} <= set(dir(options))
    assert "ipv6_v6only" not in dir(options)


def test_it_is_a_mapping(tcp):
    options = tcp.options
    assert isinstance(options, collections.abc.MutableMapping)
    assert isinstance(csocket.options, collections.abc.Mapping)
    for attempt in (
        lambda: options.pop("SO_LINGER"),
        options.popitem,
        options.clear,
        lambda: options.__delitem__("SO_LINGER"),
        lambda: delattr(options, "so_linger"),
    ):
        with pytest.raises(TypeError, match="cannot be deleted"):
            attempt()
    options.update({"SO_KEEPALIVE": True}, tcp_keepidle=60, TCP_KEEPCNT=3)
    assert (options.so_keepalive, options.tcp_keepidle, options.tcp_keepcnt) == (True, 60, 3)
    assert options.setdefault("TCP_KEEPCNT", 5) == 3
    assert options == tcp.options != socket
    assert repr(tcp) in repr(options)
    assert options[csocket.options.tcp_keepcnt] == 3


def test_the_kernels_refusal_keeps_errno_and_strerror(tcp):
    with pytest.raises(OSError) as caught:
        tcp.options["TIPC_IMPORTANCE"]
    error = caught.value
    assert error.strerror == os.strerror(error.errno) and error.filename == "TIPC_IMPORTANCE"
    if sys.version_info >= (3, 11):
        assert any("TIPC_IMPORTANCE" in note for note in error.__notes__)
    tcp.close()
    for attempt in (lambda: tcp.options.so_type, lambda: list(tcp.options),
                    lambda: tcp.options.items(), lambda: "SO_TYPE" in tcp.options):  # fmt: skip
        with pytest.raises(OSError, match="Bad file descriptor"):
            attempt()


def test_a_derived_class_may_have_options_of_its_own():
    class Theirs(socket.socket):
        pass

    with Theirs() as sock:
        assert sock.options.so_type == socket.SOCK_STREAM
        sock.options = {"their": "own"}
        assert sock.options == {"their": "own"}
        del sock.options
        assert sock.options.so_type == socket.SOCK_STREAM
        with pytest.raises(AttributeError):
            del sock.options
    with socket.socket() as sock, pytest.raises(AttributeError):
        sock.options = 1


def test_the_catalogue():
    options = csocket.options
    assert len(options) == len(list(options)) == len(set(options.keys())) > 450
    assert [option.name for option in options.values()] == list(options)
    for name, option in options.items():
        assert option.name == name and name in repr(option) and option.meaning in str(option)
        assert option == options[name] == getattr(options, name.lower())
        assert hash(option) == hash(options[name])
        assert option.level_name and option.families and option.types and option.platform
        # Notes that the catalogue lacks are absent, not empty.
        for texts in (
            option.families,
            option.types,
            option.platform,
            option.privileges,
            option.notes,
        ):
            assert isinstance(texts, tuple) and all(texts), name
        for text in option.since, option.alias, option.accepts:
            assert text is None or (isinstance(text, str) and text), name
        assert pydoc.render_doc(option)
        assert option.kind and option.fields is not None
        assert (option.accepts is None) <= (not option.writable)
        if option.number is None:
            assert not option.readable and not option.writable
            continue
        assert option.readable or option.writable
        constant = getattr(socket, name, option.number)
        assert constant == option.number or "level and size" in " ".join(option.notes), name
        families = [getattr(socket, "AF_" + f.upper(), 0) for f in option.families]
        found = options.find(
            option.level, option.number, family=families[0], setting=option.writable
        )
        assert found in (option, options.get(option.alias)), name
    linger = options.so_linger
    assert (linger.level, linger.level_name) == (socket.SOL_SOCKET, "SOL_SOCKET")
    assert [field.name for field in linger.fields] == ["onoff", "linger"]
    assert linger.fields[0].values == {"off": 0, "on": 1} and linger.fields[1].unit == "s"
    assert options["SO_MARK"].privileges == ("CAP_NET_ADMIN", "CAP_NET_RAW")
    assert options.get("NO_SUCH") is None and "NO_SUCH" not in options
    assert options.find(-7, -7) is None
    with pytest.raises(KeyError, match="did you mean"):
        options["SO_LINGRE"]
    with pytest.raises(AttributeError):
        options.so_linger.name = "x"
    with pytest.raises(TypeError):
        type(linger)()
    assert "waits" in pydoc.render_doc(linger, renderer=pydoc.plaintext)
    assert "so_linger" in dir(options)


def test_threads(tcp):
    failures = []

    def work(number):
        try:
            for _ in range(200):
                tcp.options.so_linger = (1, 5)
                assert tcp.options.so_linger == (1, 5.0)
                assert tcp.options.tcp_info.state == 7
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


WORK = """
import csocket, datetime, pickle
def work():
    with csocket.socket() as s:
        s.options.so_linger = (1, datetime.timedelta(seconds=5))
        s.options.update(tcp_keepidle=60, tcp_nodelay="on")
        s.options.tcp_info, dict(s.options), s.options.values(), dir(s.options)
        pickle.loads(pickle.dumps(s.options.so_linger))
        try:
            s.options.get("MCAST_MSFILTER", input="239.1.1.3 dev lo")
        except OSError:  # of no such group
            pass
        for name, value in (("so_linger", (1, 2, 3)), ("tcp_keepidle", 0.5), ("so_lingr", 1),
                            ("so_linger", {"x": 1}), ("tcp_nodelay", []), ("so_type", 1)):
            try:
                setattr(s.options, name, value)
            except (ValueError, TypeError, AttributeError):
                pass
            else:
                raise AssertionError(name)
    for name, option in csocket.options.items()[:40]:
        str(option), repr(option), option.fields, option.accepts, option.notes
"""


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", WORK + code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done
    return done.stdout.decode()


def test_nothing_is_leaked():
    """The interpreter's own caches fill up; a leak would continue indefinitely."""
    out = run("""
import gc, sys
measure = getattr(sys, "gettotalrefcount", sys.getallocatedblocks)
for _ in range(20):
    before = measure()
    for _ in range(60):
        work()
    gc.collect()
    growth = measure() - before
    if growth < 30:
        break
print(growth)
""")
    assert int(out) < 30, out


def test_subinterpreters_have_types_of_their_own():
    run(
        """
try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        raise SystemExit(0)
for _ in range(3):
    work()
    one = interpreters.create()
    result = interpreters.run_string(one, CODE) if hasattr(interpreters, "run_string") else None
    assert result is None, result
    interpreters.destroy(one)
""".replace("CODE", repr(WORK + "\nwork()"))
    )


def test_no_types_are_made_before_they_are_needed():
    run("""
import gc
def named(name):
    return [t for t in object.__subclasses__() if t.__name__ == name]
assert not named("SocketOptions") and not named("Option")
work()
assert named("SocketOptions") and named("Option")
""")


def test_the_number_in_a_message_is_in_the_unit_of_the_argument(tcp):
    with pytest.raises(ValueError, match=r"TCP_KEEPIDLE takes .*, not 0\.5s$"):
        tcp.options.tcp_keepidle = 0.5
    with pytest.raises(ValueError, match="SO_RCVTIMEO takes .*, not -1s$"):
        tcp.options.so_rcvtimeo = -1
    with pytest.raises(ValueError, match="TCP_FASTOPEN_KEY takes .*, not 41 bytes$"):
        tcp.options.tcp_fastopen_key = bytes(41)


@pytest.mark.parametrize("name", ["so_rcvtimeo", "tcp_keepidle", "tcp_user_timeout"])
def test_a_time_that_is_not_a_number_is_refused(name):
    with socket.socket() as sock:
        before = getattr(sock.options, name)
        with pytest.raises(ValueError, match=f"{name.upper()}.*nan"):
            setattr(sock.options, name, float("nan"))
        assert getattr(sock.options, name) == before
