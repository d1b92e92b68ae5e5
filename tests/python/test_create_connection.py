"""create_connection's stagger (Happy Eyeballs, RFC 8305) and deadline."""

import contextlib
import gc
import inspect
import signal
import subprocess
import sys
import threading
import time

import csocket
import csocket as socket
import pytest

SOON = 5  # seconds that a slow machine may take for what takes none


@contextlib.contextmanager
def listener(host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        sock.bind((host, 0))
        sock.listen()
        yield sock.getsockname()


@contextlib.contextmanager
def silent(host="127.0.0.1"):
    """An address that does not answer: its queue is full, and the kernel drops what comes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock, socket.socket(family) as filler:
        sock.bind((host, 0))
        sock.listen(0)
        filler.connect(sock.getsockname())
        yield sock.getsockname()


@pytest.fixture
def resolves_to(monkeypatch):
    """Let every name have these addresses."""

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


def test_an_address_that_does_not_answer_is_passed_by(isolated, resolves_to):
    with silent() as first, listener() as second, within(SOON):
        resolves_to(first, second)
        with socket.create_connection(("a.name", 1), stagger=0.05, timeout=60) as sock:
            assert sock.getpeername() == second
            assert sock.gettimeout() == 60


def test_the_first_wins_if_it_answers(resolves_to):
    with listener() as first, listener() as second:
        resolves_to(first, second)
        with socket.create_connection(("a.name", 1), stagger=10) as sock:
            assert sock.getpeername() == first
            assert type(sock) is socket.socket and sock.gettimeout() is None
            assert (sock.family, sock.type, sock.proto) == (socket.AF_INET, socket.SOCK_STREAM, 6)


def test_an_attempt_that_fails_lets_the_next_begin(resolves_to):
    with listener() as second, within(SOON):
        resolves_to(("127.0.0.1", 1), second)
        with socket.create_connection(("a.name", 1), stagger=60) as sock:
            assert sock.getpeername() == second


def test_the_families_take_turns(isolated, resolves_to):
    addresses = [("::1", 1, 0, 0), ("::1", 2, 0, 0), ("127.0.0.1", 1), ("127.0.0.1", 2)]
    resolves_to(*addresses)
    if not socket.has_ipv6:
        pytest.skip("needs IPv6")
    tried = [error.address for error in fails(stagger=60)]
    assert tried == [addresses[0], addresses[2], addresses[1], addresses[3]]


def test_a_connected_socket_blocks_again(resolves_to):
    """While the attempts run nothing may block; afterwards the socket is as any other."""
    with listener() as only:
        resolves_to(("127.0.0.1", 1), only)
        with socket.create_connection(("a.name", 1), stagger=1) as sock:
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
            with socket.create_connection(("a.name", 1), stagger=1) as sock:
                assert sock.gettimeout() == 0.2
        with silent() as first, silent() as second, within(SOON):
            resolves_to(first, second)
            assert {error.address for error in fails(stagger=0.01)} == {first, second}
    finally:
        socket.setdefaulttimeout(None)


def test_all_errors_are_told(resolves_to):
    resolves_to(("127.0.0.1", 1), ("127.0.0.1", 2))
    errors = fails(stagger=1)
    assert [error.address for error in errors] == [("127.0.0.1", 1), ("127.0.0.1", 2)]
    assert [type(error) for error in errors] == [ConnectionRefusedError] * 2
    with pytest.raises(ConnectionRefusedError) as caught:
        socket.create_connection(("a.name", 1), stagger=1)
    assert caught.value.address == ("127.0.0.1", 2)


def test_no_address_is_an_error(resolves_to):
    resolves_to()
    with pytest.raises(OSError, match="getaddrinfo returns an empty list"):
        socket.create_connection(("a.name", 1), stagger=1)


def test_the_source_is_bound(resolves_to):
    with listener() as only:
        resolves_to(("127.0.0.1", 1), only)
        source = ("127.0.0.2", 0)
        with socket.create_connection(("a.name", 1), stagger=1, source_address=source) as sock:
            assert sock.getsockname()[0] == "127.0.0.2"


def test_a_source_that_cannot_be_bound_is_named(resolves_to):
    resolves_to(("127.0.0.1", 1), ("127.0.0.1", 2))
    source = ("192.0.2.77", 0)
    assert [error.address for error in fails(stagger=1, source_address=source)] == [source] * 2


def test_a_source_of_another_family_is_that_attempts_error(isolated, resolves_to):
    with listener() as second:
        resolves_to(("::1", 1, 0, 0), second)
        source = ("127.0.0.2", 0)
        with socket.create_connection(("a.name", 1), stagger=1, source_address=source) as sock:
            assert sock.getpeername() == second


@pytest.mark.parametrize("stagger", [None, 0.01])
def test_the_deadline_is_for_all_attempts(isolated, resolves_to, stagger):
    with silent() as first, silent() as second, within(SOON):
        resolves_to(first, second)
        errors = fails(stagger=stagger, deadline=0.2, timeout=60)
        assert all(type(error) is socket.timeout for error in errors)
        assert [error.address for error in errors] == [first, second][: 2 if stagger else 1]


@pytest.mark.parametrize("stagger", [None, 0.01])
def test_the_deadline_counts_from_the_resolver_on(monkeypatch, stagger):
    def slow(*args):
        time.sleep(0.1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", peer)]

    with listener() as peer, silent() as other:
        monkeypatch.setattr(csocket, "getaddrinfo", slow)
        peer = other
        with pytest.raises(socket.timeout, match="timed out"), within(SOON):
            socket.create_connection(("a.name", 1), deadline=0.05, stagger=stagger)


@pytest.mark.parametrize("stagger", [None, 0.01])
@pytest.mark.parametrize("timeout", [None, 7])
def test_the_deadline_leaves_the_socket_its_timeout(resolves_to, stagger, timeout):
    with listener() as only:
        resolves_to(only)
        with socket.create_connection(("a.name", 1), timeout, deadline=60, stagger=stagger) as sock:
            assert sock.gettimeout() == timeout


def test_an_attempt_takes_no_longer_than_its_timeout(isolated, resolves_to):
    with silent() as first, listener() as second, within(SOON):
        resolves_to(first, second)
        with socket.create_connection(("a.name", 1), 0.1, deadline=60) as sock:
            assert sock.getpeername() == second


@pytest.mark.parametrize("name", ["stagger", "deadline"])
def test_what_is_no_number_of_seconds_is_refused(name):
    with listener() as (host, port):
        for wrong, error in ((-1, ValueError), ("1", TypeError), (float("nan"), ValueError)):
            with pytest.raises(error):
                socket.create_connection((host, port), **{name: wrong})


class Special(socket.socket):
    pass


def test_the_class_can_be_replaced(monkeypatch, resolves_to):
    with listener() as only:
        resolves_to(only)
        monkeypatch.setattr(csocket, "socket", Special)
        with socket.create_connection(("a.name", 1), stagger=1) as sock:
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
                socket.create_connection(("a.name", 1), stagger=0.01)
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
            assert len(fails(stagger=0.01, deadline=0.3)) == 2
            assert calls
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


AUDITED = """if True:
    import sys
    import csocket
    csocket.getaddrinfo = lambda *args: [
        (csocket.AF_INET, csocket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (1, 2)
    ]
    events = []
    def hook(event, args):
        if event in ("socket.connect", "socket.bind"):
            events.append((event, type(args[0]), args[0].family, args[0].fileno(), args[1]))
            if args[1] == ("127.0.0.1", 2):
                raise RuntimeError("refused by the hook")
    sys.addaudithook(hook)
    try:
        csocket.create_connection(("a.name", 1), stagger=1, source_address=("127.0.0.2", 0))
    except RuntimeError as error:
        print(error)
    for event, kind, family, number, address in events:
        assert (kind, family, number) == (csocket.socket, csocket.AF_INET, -1)
        print(event, *address)
"""


def test_audit_hooks_see_each_address_before_anything_happens():
    output = subprocess.run([sys.executable, "-c", AUDITED], stdout=subprocess.PIPE, text=True)
    assert output.stdout.splitlines() == [
        "refused by the hook",
        "socket.bind 127.0.0.2 0",
        "socket.connect 127.0.0.1 1",
        "socket.bind 127.0.0.2 0",
        "socket.connect 127.0.0.1 2",
    ]


def test_what_the_resolver_returns_is_checked(monkeypatch):
    for wrong in ([1], [(1, 2)], [("AF_INET", 1, 6, "", ("127.0.0.1", 1))], None):
        monkeypatch.setattr(csocket, "getaddrinfo", lambda *args, wrong=wrong: wrong)
        with pytest.raises(TypeError):
            socket.create_connection(("a.name", 1), stagger=1)


def test_the_standard_call_is_as_it_was():
    names = list(inspect.signature(socket.create_connection).parameters)
    assert names == [
        "address",
        "timeout",
        "source_address",
        "all_errors",
        "stagger",
        "deadline",
    ]


def test_an_exception_group_keeps_its_errors(resolves_to):
    resolves_to(("127.0.0.1", 1))
    with pytest.raises(Exception) as caught:
        socket.create_connection(("a.name", 1), all_errors=True)
    assert list(caught.value.args[1]) == list(caught.value.exceptions)


def test_threads_may_race_at_the_same_time(isolated, resolves_to):
    def dial():
        for _ in range(20):
            with socket.create_connection(("a.name", 1), stagger=0.001) as sock:
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
    """The fixture looks for one: the result of a call is a socket, which closes itself."""

    def interrupt(frame, event, called):
        if event == "c_return" and called.__name__ == "_connect_first":
            sys.setprofile(None)
            raise KeyboardInterrupt

    with socket.create_server(("127.0.0.1", 0)) as server, pytest.warns(ResourceWarning):
        sys.setprofile(interrupt)
        try:
            with pytest.raises(KeyboardInterrupt):
                socket.create_connection(server.getsockname(), stagger=1)
        finally:
            sys.setprofile(None)
        gc.collect()
