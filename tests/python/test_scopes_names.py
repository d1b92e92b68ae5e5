"""Scopes around calls that look up a name, with a dead and with a slow name server.

Each test is a program in a namespace; at its end it has one thread and its original descriptors. A
limit is short, and a call that it ends would otherwise last until the program's timeout.
"""

import textwrap

import pytest
from nameserver import run_with_name_server

CALLS = """
    import errno
    import gc
    SHORT, LONG, FOREVER = 0.05, 100, 1000
    NAME = "some.name"
    listener = csocket.create_server(("127.0.0.1", 0))
    receiver = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    STREAM, DATAGRAM = (NAME, listener.getsockname()[1]), (NAME, receiver.getsockname()[1])
    lookups = {
        "getaddrinfo": lambda: csocket.getaddrinfo(NAME, 80),
        "gethostbyname": lambda: csocket.gethostbyname(NAME),
        "gethostbyname_ex": lambda: csocket.gethostbyname_ex(NAME),
        "create_connection": lambda: csocket.create_connection(STREAM).close(),
        "create_connection with a limit of its own": lambda: csocket.create_connection(
            STREAM, total_timeout=FOREVER
        ).close(),
        "create_connection without a race": lambda: csocket.create_connection(
            STREAM, happy_eyeballs_delay=None
        ).close(),
    }
    reverse_lookups = {
        "gethostbyaddr": lambda: csocket.gethostbyaddr("192.0.2.1"),
        "getnameinfo": lambda: csocket.getnameinfo(("192.0.2.1", 80), 0),
        "getfqdn": lambda: csocket.getfqdn("192.0.2.1"),
    }
    methods = {
        "connect": (csocket.SOCK_STREAM, lambda sock: sock.connect(STREAM)),
        "connect_ex": (csocket.SOCK_STREAM, lambda sock: sock.connect_ex(STREAM)),
        "bind": (csocket.SOCK_STREAM, lambda sock: sock.bind((NAME, 0))),
        "connect of a datagram socket": (csocket.SOCK_DGRAM, lambda sock: sock.connect(DATAGRAM)),
        "sendto": (csocket.SOCK_DGRAM, lambda sock: sock.sendto(b"x", DATAGRAM)),
        "sendmsg": (csocket.SOCK_DGRAM, lambda sock: sock.sendmsg([b"x"], [], 0, DATAGRAM)),
        "send_many": (csocket.SOCK_DGRAM, lambda sock: sock.send_many([(b"x", DATAGRAM)])),
    }

    def on_a_socket(kind, timeout, method):
        def call():
            with csocket.socket(csocket.AF_INET, kind) as sock:
                sock.settimeout(timeout)
                return method(sock)

        return call

    calls = {**lookups, **reverse_lookups}
    for name, (kind, method) in methods.items():
        for timeout in (None, FOREVER):
            calls[f"{name}, timeout {timeout}"] = on_a_socket(kind, timeout, method)

    def descriptors():
        found = {}
        for fd in os.listdir("/proc/self/fd"):
            try:
                found[fd] = os.readlink(f"/proc/self/fd/{fd}")
            except OSError:  # the one that lists the folder
                continue
        return found

    def threads():
        return len(os.listdir("/proc/self/task"))

    before = descriptors()
"""
END = """
    scope, scopes, timer = None, [], None  # each scope owns a descriptor
    while threads() > 1:  # until the resolver gives up
        time.sleep(0.01)
    for _ in range(5):  # PyPy has no counts of references
        gc.collect()
    assert descriptors() == before, (descriptors(), before)
"""


@pytest.fixture
def run(tmp_path):
    def run(code, milliseconds=None):
        program = "".join(map(textwrap.dedent, (CALLS, code, END)))
        run_with_name_server(tmp_path, program, milliseconds)

    return run


@pytest.mark.parametrize("milliseconds", [None, 1500], ids=["dead", "slow"])
def test_a_deadline_ends_each_call(run, milliseconds):
    run(
        """
        used = time.process_time()
        for name, call in calls.items():
            begun = time.monotonic()
            with csocket.move_on_after(SHORT) as scope:
                call()
            assert scope.cancelled_caught, name
            assert time.monotonic() - begun >= SHORT, name
            try:
                with csocket.fail_after(SHORT):
                    call()
            except csocket.timeout:
                continue
            raise SystemExit(f"{name}: no error")
        assert time.process_time() - used < len(calls) * SHORT
        """,
        milliseconds,
    )


def test_cancel_from_a_thread_ends_each_call(run):
    run(
        """
        for name, call in calls.items():
            with csocket.CancelScope() as scope:
                timer = threading.Timer(SHORT / 2, scope.cancel)
                timer.start()
                call()
            timer.join()
            assert scope.cancelled_caught and scope.cancel_called, name
        """
    )


def test_cancel_from_a_signal_handler_ends_each_call(run):
    run(
        """
        signal.signal(signal.SIGALRM, lambda *_: scope.cancel())
        for name, call in calls.items():
            with csocket.CancelScope() as scope:
                signal.setitimer(signal.ITIMER_REAL, SHORT / 2)
                call()
            assert scope.cancelled_caught, name
        """
    )


def test_a_scope_that_has_ended_starts_no_lookup(run):
    run(
        """
        for name, call in calls.items():
            with csocket.move_on_after(0) as scope:
                call()
            assert scope.cancelled_caught, name
            with csocket.CancelScope() as scope:
                scope.cancel()
                call()
            assert scope.cancelled_caught, name
            assert threads() == 1, name
        """
    )


def test_one_cancel_ends_the_calls_of_many_threads(run):
    """More lookups than run at a time: some still wait for a thread."""
    run(
        """
        scopes, ended = [], []

        def work(name, call):
            with csocket.CancelScope() as scope:
                scopes.append(scope)
                call()
            ended.append((name, scope.cancelled_caught))

        workers = [
            threading.Thread(target=work, args=item) for _ in range(5) for item in calls.items()
        ]
        for each in workers:
            each.start()
        while len(scopes) < len(workers):
            time.sleep(0.001)
        time.sleep(SHORT)
        for scope in scopes:
            scope.cancel()
        for each in workers:
            each.join()
        assert len(ended) == len(workers) > 64 and all(caught for _, caught in ended), ended
        """
    )


def test_a_socket_may_be_used_after_its_lookup_was_abandoned(run):
    """The answer comes late, and within the second limit."""
    run(
        """
        for method in ("connect", "connect_ex"):
            for timeout in (None, FOREVER):
                with csocket.socket() as sock:
                    sock.settimeout(timeout)
                    with csocket.move_on_after(SHORT) as scope:
                        getattr(sock, method)(STREAM)
                    assert scope.cancelled_caught
                    with csocket.fail_after(LONG):
                        getattr(sock, method)(STREAM)
                    accepted, address = listener.accept()
                    with accepted:
                        assert sock.getsockname() == address
                        assert sock.gettimeout() == timeout
        """,
        800,
    )


def test_cancelling_the_socket_ends_each_call_of_its(run):
    run(
        """
        def call(sock, method, ended):
            try:
                ended.append(method(sock))
            except OSError as exc:
                ended.append(exc.errno)

        for name, (kind, method) in methods.items():
            for timeout in (None, FOREVER):
                with csocket.socket(csocket.AF_INET, kind) as sock:
                    sock.settimeout(timeout)
                    ended = []
                    caller = threading.Thread(target=call, args=(sock, method, ended))
                    caller.start()
                    time.sleep(SHORT / 2)
                    sock.cancel()
                    caller.join()
                    assert ended == [errno.ECANCELED], (name, ended)
                    call(sock, method, ended)
                    assert ended == 2 * [errno.ECANCELED], (name, ended)
        with csocket.socket() as sock:
            signal.signal(signal.SIGALRM, lambda *_: sock.cancel())
            signal.setitimer(signal.ITIMER_REAL, SHORT / 2)
            assert sock.connect_ex(STREAM) == errno.ECANCELED
        """
    )


def test_a_socket_that_does_not_wait_is_not_affected(run):
    """The lookup takes as long as without a scope."""
    run(
        """
        for name, (kind, method) in methods.items():
            with csocket.move_on_after(0) as scope, csocket.socket(csocket.AF_INET, kind) as sock:
                sock.setblocking(False)
                try:
                    method(sock)
                except BlockingIOError:
                    pass
            assert not scope.cancelled_caught, name
        """,
        50,
    )


def test_a_lookup_that_waits_for_a_thread_ends_at_its_limit(run):
    """All 64 threads are held by lookups that were abandoned."""
    run(
        """
        while threads() < 65:
            with csocket.move_on_after(0.001):
                csocket.getaddrinfo(NAME, 80)
        assert threads() == 65
        for name, call in calls.items():
            with csocket.move_on_after(SHORT) as scope:
                call()
            assert scope.cancelled_caught, name
        for timeout in (0, SHORT):
            try:
                csocket.getaddrinfo(NAME, 80, timeout=timeout)
            except csocket.timeout:
                continue
            raise SystemExit("no error")
        assert threads() == 65
        """
    )


def test_the_timeout_of_a_socket_does_not_limit_lookups(run):
    """The answer arrives after the timeout and the call continues, as in the standard library."""
    run(
        """
        calls = {name: on_a_socket(kind, 1, method) for name, (kind, method) in methods.items()}
        calls["create_connection"] = lambda: csocket.create_connection(STREAM, timeout=1).close()
        for name, call in calls.items():
            begun = time.monotonic()
            call()
            assert time.monotonic() - begun > 1, name
        """,
        1200,
    )


def test_a_lookup_without_a_time_limit_does_not_wait_for_those_with_one(run):
    """localhost needs no name server, only a thread."""
    run(
        """
        for _ in range(64):
            with csocket.move_on_after(0.001):
                csocket.getaddrinfo(NAME, 80)
        address = "localhost", listener.getsockname()[1]
        csocket.create_connection(address).close()
        with csocket.CancelScope():
            csocket.getaddrinfo("localhost", 80)
            csocket.create_connection(address).close()
        for timeout in (None, FOREVER):
            on_a_socket(csocket.SOCK_STREAM, timeout, lambda sock: sock.connect(address))()
        assert threads() == 65
        """
    )


def test_the_error_is_that_of_the_last_of_many_addresses(run):
    """Only the last address has no route; the others refuse connections."""
    run(
        """
        with csocket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            address = "many.name", closed.getsockname()[1]
            infos = csocket.getaddrinfo(*address, type=csocket.SOCK_STREAM)
            if len(infos) < 65:  # musl keeps 48, all of which are reported
                sys.exit()
            assert infos[-1][-1][0] == "192.0.2.1", infos
            try:
                csocket.create_connection(address)
            except OSError as exc:
                assert exc.errno == errno.ENETUNREACH, exc
        """,
        0,
    )


def test_an_answer_within_the_limit_is_the_answer(run):
    run(
        """
        for call in lookups.values():
            with csocket.fail_after(LONG) as scope:
                call()
            assert not scope.cancel_called
        for timeout in (None, FOREVER):
            for kind, method in methods.values():
                with csocket.fail_after(LONG) as scope:
                    on_a_socket(kind, timeout, method)()
                assert not scope.cancel_called
        """,
        50,
    )
