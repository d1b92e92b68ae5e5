"""create_connection: parallel attempts (Happy Eyeballs, RFC 8305), limits, and both
implementations."""

import contextlib
import errno
import gc
import inspect
import re
import signal
import subprocess
import sys
import threading
import time

import csocket
import csocket as socket
import pytest

SOON = 5  # seconds that a slow machine may need for an immediate operation


@contextlib.contextmanager
def listener(host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        sock.bind((host, 0))
        sock.listen()
        yield sock.getsockname()


@contextlib.contextmanager
def silent(host="127.0.0.1"):
    """An address that does not answer: its queue is full, and the kernel drops new requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock, socket.socket(family) as filler:
        sock.bind((host, 0))
        sock.listen(0)
        filler.connect(sock.getsockname())
        yield sock.getsockname()


@pytest.fixture
def resolves_to(monkeypatch):
    """Make every name resolve to these addresses."""

    def resolve(*addresses):
        infos = [
            (
                socket.AF_INET6 if ":" in address[0] else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                address,
            )
            for address in addresses
        ]
        monkeypatch.setattr(csocket, "getaddrinfo", lambda *args: infos)

    return resolve


@pytest.fixture(params=["core", "text"])
def path(request, monkeypatch):
    """Return whether the core connects, or the Python code because an object was replaced."""
    if request.param == "text":
        original = csocket.socket.connect
        monkeypatch.setattr(csocket.socket, "connect", lambda *arguments: original(*arguments))
    assert csocket._socket._is_replaced("_connect_in_turn") == (request.param == "text")
    return request.param


@pytest.fixture
def core():
    """The core connects, even after tests with temporary replacements."""
    assert not csocket._socket._is_replaced("_connect_in_turn")


@contextlib.contextmanager
def within(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def fails(**arguments):
    """The errors of all attempts."""
    with pytest.raises(Exception) as caught:
        socket.create_connection(("a.name", 1), all_errors=True, **arguments)
    return caught.value.exceptions


def test_an_address_that_does_not_answer_is_passed_by(isolated, core, resolves_to):
    with silent() as first, listener() as second, within(SOON):
        resolves_to(first, second)
        with socket.create_connection(("a.name", 1), happy_eyeballs_delay=0.05, timeout=60) as sock:
            assert sock.getpeername() == second
            assert sock.gettimeout() == 60


def test_the_first_address_wins_if_it_answers(path, resolves_to):
    with listener() as first, listener() as second:
        resolves_to(first, second)
        with socket.create_connection(("a.name", 1), happy_eyeballs_delay=10) as sock:
            assert sock.getpeername() == first
            assert type(sock) is socket.socket and sock.gettimeout() is None
            assert (sock.family, sock.type, sock.proto) == (socket.AF_INET, socket.SOCK_STREAM, 6)


def test_an_attempt_that_fails_lets_the_next_begin(path, resolves_to):
    with listener() as second, within(SOON):
        resolves_to(("127.0.0.1", 1), second)
        with socket.create_connection(("a.name", 1), happy_eyeballs_delay=60) as sock:
            assert sock.getpeername() == second


ORDERED = """if True:
    import sys
    import csocket
    addresses = [("::1", 1, 0, 0), ("::1", 2, 0, 0), ("::1", 3, 0, 0), ("127.0.0.1", 1)]
    csocket.getaddrinfo = lambda *args: [
        (csocket.AF_INET6 if address[0] == "::1" else csocket.AF_INET, 1, 6, "", address)
        for address in addresses
    ]
    def hook(event, args):
        if event == "socket.connect":
            tried.append(addresses.index(args[1]))
    sys.addaudithook(hook)
    for how in (
        {}, {"interleave": 2}, {"interleave": 0}, {"happy_eyeballs_delay": None},
        {"happy_eyeballs_delay": float("inf")},
    ):
        tried = []
        try:
            csocket.create_connection(("a.name", 1), all_errors=True, **how)
        except Exception as group:
            # They are reported in the resolver's order, regardless of which began first.
            assert [addresses.index(exc.address) for exc in group.exceptions] == [0, 1, 2, 3]
        print(*tried)
"""


def test_the_families_take_turns(isolated):
    if not socket.has_ipv6:
        pytest.skip("needs IPv6")
    output = subprocess.run([sys.executable, "-c", ORDERED], stdout=subprocess.PIPE, text=True)
    assert output.stdout.splitlines() == ["0 3 1 2", "0 1 3 2"] + ["0 1 2 3"] * 3


def test_the_last_addresss_error_is_raised(path, resolves_to):
    """In getaddrinfo's order, not in the order in which the attempts began."""
    resolves_to(("127.0.0.1", 1), ("127.0.0.1", 2), ("192.0.2.77", "port"), ("127.0.0.1", 3))
    with pytest.raises((OSError, TypeError)) as caught:
        socket.create_connection(("a.name", 1))
    if isinstance(caught.value, OSError):
        assert caught.value.address == ("127.0.0.1", 3)


def test_a_connected_socket_blocks_again(path, resolves_to):
    """While the attempts run nothing may block; afterwards the socket is like any other."""
    with listener() as only:
        resolves_to(("127.0.0.1", 1), only)
        with socket.create_connection(("a.name", 1), happy_eyeballs_delay=1) as sock:
            assert sock.getblocking()
            timer = threading.Timer(0.1, sock.shutdown, [socket.SHUT_RDWR])
            timer.start()
            assert sock.recv(1) == b""
            timer.join()


def test_the_default_timeout_is_for_all_of_it_and_then_the_sockets(isolated, resolves_to):
    socket.setdefaulttimeout(0.2)
    try:
        with listener() as only:
            resolves_to(only)
            with socket.create_connection(("a.name", 1), happy_eyeballs_delay=1) as sock:
                assert sock.gettimeout() == 0.2
        with silent() as first, silent() as second, within(SOON):
            resolves_to(first, second)
            assert {error.address for error in fails(happy_eyeballs_delay=0.01)} == {first, second}
    finally:
        socket.setdefaulttimeout(None)


def test_all_errors_are_raised(path, resolves_to):
    resolves_to(("127.0.0.1", 1), ("127.0.0.1", 2))
    errors = fails(happy_eyeballs_delay=1)
    assert [error.address for error in errors] == [("127.0.0.1", 1), ("127.0.0.1", 2)]
    assert [type(error) for error in errors] == [ConnectionRefusedError] * 2
    with pytest.raises(ConnectionRefusedError) as caught:
        socket.create_connection(("a.name", 1), happy_eyeballs_delay=1)
    assert caught.value.address == ("127.0.0.1", 2)


def test_no_address_is_an_error(path, resolves_to):
    resolves_to()
    with pytest.raises(OSError, match="getaddrinfo returns an empty list"):
        socket.create_connection(("a.name", 1), happy_eyeballs_delay=1)


def test_the_source_is_bound(path, resolves_to):
    with listener() as only:
        resolves_to(("127.0.0.1", 1), only)
        source = ("127.0.0.2", 0)
        with socket.create_connection(
            ("a.name", 1), happy_eyeballs_delay=1, source_address=source
        ) as sock:
            assert sock.getsockname()[0] == "127.0.0.2"


def test_a_source_that_cannot_be_bound_is_named(path, resolves_to):
    resolves_to(("127.0.0.1", 1), ("127.0.0.1", 2))
    source = ("192.0.2.77", 0)
    assert [error.address for error in fails(happy_eyeballs_delay=1, source_address=source)] == [
        source
    ] * 2


def test_a_source_of_another_family_is_that_attempts_error(isolated, path, resolves_to):
    with listener() as second:
        resolves_to(("::1", 1, 0, 0), second)
        source = ("127.0.0.2", 0)
        with socket.create_connection(
            ("a.name", 1), happy_eyeballs_delay=1, source_address=source
        ) as sock:
            assert sock.getpeername() == second


@pytest.mark.parametrize("delay", [None, 0.01])
def test_the_total_timeout_is_for_all_attempts(isolated, path, resolves_to, delay):
    with silent() as first, silent() as second, within(SOON):
        resolves_to(first, second)
        errors = fails(happy_eyeballs_delay=delay, total_timeout=0.2, timeout=60)
        assert all(type(error) is socket.timeout for error in errors)
        assert [error.address for error in errors] == [first, second]


@pytest.mark.parametrize("delay", [None, 0.25, 60])
def test_a_dead_address_does_not_starve_the_next(isolated, path, resolves_to, delay):
    """Each has its share of the total timeout."""
    with silent() as first, silent() as second, listener() as third, within(SOON):
        resolves_to(first, second, third)
        how = {"happy_eyeballs_delay": delay, "total_timeout": 1}
        with socket.create_connection(("a.name", 1), **how) as sock:
            assert sock.getpeername() == third
            assert sock.gettimeout() is None


def test_a_scope_ends_all_attempts(isolated, path, resolves_to):
    with silent() as first, silent() as second, socket.move_on_after(0.1) as scope:
        resolves_to(("127.0.0.1", 1), first, second)
        socket.create_connection(("a.name", 1), happy_eyeballs_delay=0.01)
    assert scope.cancelled_caught


def test_the_total_timeout_counts_from_the_resolver_on(monkeypatch, path):
    def slow(*args):
        time.sleep(0.1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", peer)]

    with listener() as peer:
        monkeypatch.setattr(csocket, "getaddrinfo", slow)
        with pytest.raises(socket.timeout, match="timed out"):
            socket.create_connection(("a.name", 1), total_timeout=0.05)


@pytest.mark.parametrize("delay", [None, 0.01])
@pytest.mark.parametrize("timeout", [None, 7])
def test_the_total_timeout_leaves_the_socket_its_timeout(path, resolves_to, delay, timeout):
    how = {"happy_eyeballs_delay": delay, "total_timeout": 60}
    with listener() as only:
        resolves_to(only)
        with socket.create_connection(("a.name", 1), timeout, **how) as sock:
            assert sock.gettimeout() == timeout


def test_an_attempt_lasts_at_most_for_its_timeout(isolated, path, resolves_to):
    with silent() as first, listener() as second, within(SOON):
        resolves_to(first, second)
        how = {"happy_eyeballs_delay": 60, "total_timeout": 60}
        with socket.create_connection(("a.name", 1), 0.1, **how) as sock:
            assert sock.getpeername() == second


@pytest.mark.parametrize("timeout", [-1, "1", float("nan"), []])
def test_an_invalid_timeout_has_the_message_of_settimeout(path, timeout):
    with socket.socket() as sock, pytest.raises(Exception) as standard:
        sock.settimeout(timeout)
    with listener() as address, pytest.raises(type(standard.value)) as caught:
        socket.create_connection(address, timeout)
    assert str(caught.value) == str(standard.value)


def test_a_socket_that_does_not_wait(resolves_to):
    with listener() as first:
        resolves_to(first)
        with pytest.raises(BlockingIOError):
            socket.create_connection(("a.name", 1), 0)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", b"127.0.0.1", None])
def test_the_host_is_resolved(path, host):
    with listener() as (_, port):
        for service in port, str(port):
            with socket.create_connection((host, service)) as sock:
                assert sock.getpeername() == ("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "", "with/slash", "@at", "[::1]", "a:b"])
def test_a_value_that_is_not_a_host(path, host):
    with pytest.raises(socket.gaierror) as caught:
        socket.create_connection((host, 80))
    with pytest.raises(socket.gaierror) as lookup:
        socket.getaddrinfo(host, 80)
    assert caught.value.args == lookup.value.args


@pytest.mark.parametrize("port", [65536, "70000", -1, "no-such-service", 1 << 70, None])
def test_a_value_that_is_not_a_port(path, port):
    with pytest.raises(OSError) as caught:
        socket.create_connection(("127.0.0.1", port))
    try:
        socket.getaddrinfo("127.0.0.1", port)
    except socket.gaierror as error:
        assert caught.value.args == error.args
    else:
        assert type(caught.value) is ConnectionRefusedError


@pytest.mark.parametrize("address", [None, 5, ("host",), ("host", 1, 2), []])
def test_an_address_that_is_not_a_pair(path, address):
    with pytest.raises((TypeError, ValueError), match=r"^address must be a pair \(host, port\)"):
        socket.create_connection(address)


@pytest.mark.parametrize("wrong", [-1, -1 << 70, 1 << 31, 1 << 70])
def test_an_interleave_that_is_out_of_range(path, wrong):
    text = f"interleave must be an int from 0 to 2147483647, not {wrong}"
    with pytest.raises(ValueError, match=f"^{text}$"):
        socket.create_connection(("127.0.0.1", 1), interleave=wrong)


@pytest.mark.parametrize("wrong", [True, "1", b"1", 0.5, None, []])
def test_interleave_is_an_int(path, wrong):
    text = f"interleave must be an int, not {type(wrong).__name__}"
    with pytest.raises(TypeError, match=f"^{text}$"):
        socket.create_connection(("127.0.0.1", 1), interleave=wrong)


@pytest.mark.parametrize("port", [-1, 65536, 1 << 31, 1 << 63, -1 << 63, 1 << 70, -1 << 70])
def test_a_port_that_is_out_of_range(path, port):
    text = rf"port {port} is out of range \(0-65535\)"
    with pytest.raises(socket.gaierror, match=text):
        socket.create_connection(("127.0.0.1", port))
    with pytest.raises(socket.gaierror, match=text):
        socket.getaddrinfo("localhost", port)


def test_a_port_with_more_digits_than_python_prints(path):
    with pytest.raises(socket.gaierror, match=r"port \S+ is out of range \(0-65535\)"):
        socket.create_connection(("127.0.0.1", 10**5000))


class Special(socket.socket):
    pass


def test_the_class_can_be_replaced(monkeypatch, resolves_to):
    with listener() as only:
        resolves_to(only)
        monkeypatch.setattr(csocket, "socket", Special)
        with socket.create_connection(("a.name", 1), happy_eyeballs_delay=1) as sock:
            assert type(sock) is Special


def test_a_signals_handler_may_end_it(isolated, resolves_to):
    def handler(number, frame):
        raise ZeroDivisionError

    before = signal.signal(signal.SIGALRM, handler)
    try:
        with silent() as first, silent() as second, within(SOON):
            resolves_to(first, second)
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(ZeroDivisionError):
                socket.create_connection(("a.name", 1), happy_eyeballs_delay=0.01)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_signals_handler_may_let_it_go_on(isolated, resolves_to):
    calls = []
    before = signal.signal(signal.SIGALRM, lambda *args: calls.append(args))
    try:
        with silent() as first, silent() as second, within(SOON):
            resolves_to(first, second)
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
            assert len(fails(happy_eyeballs_delay=0.01, total_timeout=0.3)) == 2
            assert calls
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


AUDITED = """if True:
    import sys
    import csocket
    events = []
    def hook(event, args):
        if event == "socket.getaddrinfo":
            print(event, *args)
        elif event.startswith("socket.") and recording:
            sock = args[0]
            assert type(sock) is csocket.socket
            seen.append(sock)
            # It is open, and of the family and the timeout that it will have.
            assert sock.getsockname()[0] == ("0.0.0.0", "127.0.0.2")[event == "socket.connect"]
            print(event, *args[1:])
            if refusing and event == "socket.connect":
                raise refusing
    sys.addaudithook(hook)
    seen, recording, refusing = [], False, None
    server = csocket.create_server(("127.0.0.1", 0))
    recording = True
    with csocket.create_connection(server.getsockname(), 5, ("127.0.0.2", 0)) as sock:
        assert seen == [sock] * 3
        assert sock.fileno() >= 0 and sock.gettimeout() == 5
    for refusing in RuntimeError("no"), PermissionError("no"), KeyboardInterrupt("no"):
        seen = []
        try:
            csocket.create_connection(("127.0.0.1", 1), 5, ("127.0.0.2", 0))
        except BaseException as error:
            assert error is refusing
        assert seen and all(sock.fileno() == -1 for sock in seen)
"""


def test_audit_hooks_see_each_attempt_before_it_begins():
    how = {"stdout": subprocess.PIPE, "text": True, "check": True}
    lines = subprocess.run([sys.executable, "-c", AUDITED], **how).stdout.splitlines()
    # One lookup for all families; a port of the system's choice in the first.
    assert re.fullmatch(r"socket\.getaddrinfo 127\.0\.0\.1 \d+ 0 1 0", lines[0])
    assert lines[1:3] == ["socket.__new__ 2 1 6", "socket.bind ('127.0.0.2', 0)"]
    assert re.fullmatch(r"socket\.connect \('127\.0\.0\.1', \d+\)", lines[3])
    attempt = lines[1:3] + ["socket.connect ('127.0.0.1', 1)"]
    assert lines[4:] == (["socket.getaddrinfo 127.0.0.1 1 0 1 0"] + attempt) * 3


@pytest.mark.parametrize("how", ["sock.close()", "os.close(sock.detach())"])
def test_a_hook_may_close_the_socket(how):
    program = f"""if True:
        import os, sys
        import csocket
        def hook(event, args):
            if event == "socket.connect":
                sock = args[0]
                {how}
                opened.append(os.open(os.devnull, os.O_RDONLY))
        opened = []
        sys.addaudithook(hook)
        server = csocket.create_server(("127.0.0.1", 0))
        try:
            csocket.create_connection(server.getsockname())
        except OSError as error:
            print(error.errno)
        os.close(opened[0])  # which is still open
    """
    how = {"stdout": subprocess.PIPE, "text": True, "check": True}
    output = subprocess.run([sys.executable, "-c", program], **how).stdout
    assert output == f"{errno.EBADF}\n"


def test_results_of_the_resolver_are_checked(monkeypatch, path):
    for wrong in ([1], [(1, 2)], [("AF_INET", 1, 6, "", ("127.0.0.1", 1))], None):
        monkeypatch.setattr(csocket, "getaddrinfo", lambda *args, wrong=wrong: wrong)
        with pytest.raises((TypeError, ValueError)):
            socket.create_connection(("a.name", 1), happy_eyeballs_delay=1)


def test_the_standard_call_is_unchanged():
    names = list(inspect.signature(socket.create_connection).parameters)
    assert names == [
        "address",
        "timeout",
        "source_address",
        "all_errors",
        "happy_eyeballs_delay",
        "interleave",
        "total_timeout",
    ]


def test_an_exception_group_keeps_its_errors(path, resolves_to):
    resolves_to(("127.0.0.1", 1))
    with pytest.raises(Exception) as caught:
        socket.create_connection(("a.name", 1), all_errors=True)
    assert list(caught.value.args[1]) == list(caught.value.exceptions)


def test_threads_may_race_at_the_same_time(isolated, resolves_to):
    def dial():
        for _ in range(20):
            with socket.create_connection(("a.name", 1), happy_eyeballs_delay=0.001) as sock:
                peers.append(sock.getpeername())

    peers = []
    with listener() as first, listener() as second:
        resolves_to(("127.0.0.1", 1), first, second)
        threads = [threading.Thread(target=dial) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(peers) == 80 and set(peers) <= {first, second}


def test_an_exception_between_two_calls_leaves_no_descriptor():
    """The fixture checks for leaks: the result of a call is a socket, which closes itself."""

    def interrupt(frame, event, called):
        if event == "c_return" and called.__name__ == "_create_connection":
            sys.setprofile(None)
            raise KeyboardInterrupt

    with socket.create_server(("127.0.0.1", 0)) as server, pytest.warns(ResourceWarning):
        sys.setprofile(interrupt)
        try:
            with pytest.raises(KeyboardInterrupt):
                socket.create_connection(server.getsockname(), happy_eyeballs_delay=1)
        finally:
            sys.setprofile(None)
        gc.collect()
