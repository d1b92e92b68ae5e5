"""Lookups with a timeout, and the errors of lookups."""

import datetime
import fractions
import subprocess
import sys
import textwrap

import csocket
import pytest
from nameserver import environment, run_with_name_server

LOOKUPS = {
    "getaddrinfo": lambda **how: csocket.getaddrinfo("localhost", 80, csocket.AF_INET, **how),
    "gethostbyname": lambda **how: csocket.gethostbyname("localhost", **how),
    "gethostbyname_ex": lambda **how: csocket.gethostbyname_ex("localhost", **how),
    "gethostbyaddr": lambda **how: csocket.gethostbyaddr("127.0.0.1", **how),
    "getnameinfo": lambda **how: csocket.getnameinfo(("127.0.0.1", 80), 0, **how),
    "getfqdn": lambda **how: csocket.getfqdn("localhost", **how),
}
every_lookup = pytest.mark.parametrize("lookup", LOOKUPS.values(), ids=LOOKUPS)


@every_lookup
@pytest.mark.parametrize(
    "timeout",
    [None, float("inf"), 1e300, 60, 60.0, fractions.Fraction(60), datetime.timedelta(minutes=1)],
)
def test_a_timeout_is_seconds_or_none(lookup, timeout):
    assert lookup(timeout=timeout) == lookup()


@every_lookup
def test_a_timeout_that_has_passed(lookup):
    for timeout in (0, 0.0, -0.0, datetime.timedelta()):
        with pytest.raises(csocket.timeout, match="^timed out$"):
            lookup(timeout=timeout)


@every_lookup
@pytest.mark.parametrize("timeout", [float("nan"), -1, -1e-9, float("-inf")])
def test_a_timeout_that_is_not_a_time(lookup, timeout):
    with pytest.raises(ValueError, match=f"^timeout must be 0 or more seconds, not {timeout}$"):
        lookup(timeout=timeout)


@every_lookup
@pytest.mark.parametrize("timeout", [True, False, "1", b"1", 1j, [], object()], ids=repr)
def test_a_timeout_of_another_type(lookup, timeout):
    kind = type(timeout).__name__
    with pytest.raises(TypeError, match=f"^timeout must be a number of seconds, .*, not {kind}$"):
        lookup(timeout=timeout)


@every_lookup
def test_no_other_keyword(lookup):
    with pytest.raises(TypeError):
        lookup(limit=1)


def test_the_timeout_is_a_keyword():
    with pytest.raises(TypeError):
        csocket.getaddrinfo("localhost", 80, 0, 0, 0, 0, 1)
    with pytest.raises(TypeError):
        csocket.gethostbyname("localhost", 1)


def test_a_numeric_host_has_no_limit():
    assert csocket.getaddrinfo("127.0.0.1", 80, timeout=0)


@pytest.mark.parametrize("port", [65536, 65616, 70000, -1, 1 << 40, -(1 << 70)])
def test_a_number_that_is_not_a_port(port):
    for service in (port, str(port), str(port).encode()):
        with pytest.raises(csocket.gaierror, match=r"out of range \(0-65535\)") as caught:
            csocket.getaddrinfo("127.0.0.1", service)
        assert caught.value.errno == csocket.EAI_SERVICE
        assert abs(port) > 1 << 63 or str(port) in str(caught.value)


def test_a_number_that_is_not_a_port_in_getnameinfo():
    with pytest.raises(csocket.gaierror, match=r"port 70000 is out of range") as caught:
        csocket.getnameinfo(("127.0.0.1", 70000), 3)
    assert caught.value.errno == csocket.EAI_SERVICE


def test_other_errors_of_the_resolver_have_its_words():
    with pytest.raises(csocket.gaierror) as caught:
        csocket.getaddrinfo("127.0.0.1", "no-such-service")
    assert caught.value.errno == csocket.EAI_SERVICE
    assert "resolve" not in str(caught.value)


@pytest.mark.parametrize("host", ["1..2", "x" * 64, "\u1234..", "a.\udc80", "::1\uff11"])
def test_a_numeric_host_needs_no_idna(host):
    with pytest.raises(csocket.gaierror) as caught:
        csocket.getaddrinfo(host, 80, flags=csocket.AI_NUMERICHOST)
    assert caught.value.errno == csocket.EAI_NONAME


def test_getnameinfo_keeps_the_zone():
    name = csocket.if_nameindex()[0][1]
    index = csocket.if_nametoindex(name)
    numeric = csocket.NI_NUMERICHOST | csocket.NI_NUMERICSERV
    for address in (
        (f"fe80::1%{name}", 80),
        (f"fe80::1%{index}", 80, 0),
        (f"fe80::1%{index}", 80, 0, 0),
        ("fe80::1", 80, 0, index),
    ):
        assert csocket.getnameinfo(address, numeric) == (f"fe80::1%{name}", "80")


def run_without_descriptors(code):
    program = f"""
        import csocket, errno, resource
        csocket.gethostbyname("localhost")
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        try:
            {code}
        except OSError as exc:
            assert exc.errno == errno.EMFILE, exc
        else:
            raise SystemExit("no error")
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, env=environment())


@pytest.mark.parametrize(
    "code",
    [
        'csocket.getaddrinfo("some.name", 80)',
        'csocket.getaddrinfo("some.name", 80, timeout=5)',
        'csocket.gethostbyname("some.name")',
        'csocket.gethostbyname_ex("some.name")',
        'csocket.gethostbyaddr("some.name")',
        'csocket.getnameinfo(("127.0.0.1", 80), csocket.NI_NAMEREQD)',
        'csocket.getservbyname("http")',
        "csocket.getservbyport(80)",
        'csocket.getprotobyname("tcp")',
        "csocket.if_nameindex()",
        'csocket.if_nametoindex("lo")',
        "csocket.if_indextoname(1)",
    ],
)
def test_no_descriptor_left(code):
    run_without_descriptors(code)


UNANSWERED = """
    lookups = {
        "getaddrinfo": lambda **how: csocket.getaddrinfo("some.name", 80, **how),
        "gethostbyname": lambda **how: csocket.gethostbyname("some.name", **how),
        "gethostbyname_ex": lambda **how: csocket.gethostbyname_ex("some.name", **how),
        "gethostbyaddr": lambda **how: csocket.gethostbyaddr("192.0.2.1", **how),
        "getnameinfo": lambda **how: csocket.getnameinfo(("192.0.2.1", 80), 0, **how),
        "getfqdn": lambda **how: csocket.getfqdn("192.0.2.1", **how),
    }
"""


def run_with_dead_name_server(tmp_path, code):
    run_with_name_server(tmp_path, textwrap.dedent(UNANSWERED) + textwrap.dedent(code))


def test_a_dead_name_server_and_create_connection(tmp_path):
    """The total timeout and a scope also limit the lookup, even if an object was replaced."""
    run_with_dead_name_server(
        tmp_path,
        """
        original = csocket.socket.connect
        for connect in original, lambda *arguments: original(*arguments):
            csocket.socket.connect = connect
            begun = time.monotonic()
            try:
                csocket.create_connection(("some.name", 80), total_timeout=0.1)
            except csocket.timeout as exc:
                assert str(exc) == "timed out"
                assert time.monotonic() - begun >= 0.1
            else:
                raise SystemExit("no error")
            with csocket.move_on_after(0.1) as scope:
                csocket.create_connection(("some.name", 80))
            assert scope.cancelled_caught
        """,
    )


def test_a_dead_name_server_and_a_timeout(tmp_path):
    run_with_dead_name_server(
        tmp_path,
        """
        for name, lookup in lookups.items():
            begun = time.monotonic()
            try:
                lookup(timeout=0.1)
            except csocket.timeout as exc:
                assert str(exc) == "timed out"
                assert time.monotonic() - begun >= 0.1
            else:
                raise SystemExit(name)
        """,
    )


def test_a_dead_name_server_and_a_handler_that_raises(tmp_path):
    run_with_dead_name_server(
        tmp_path,
        """
        class Stop(Exception):
            pass

        def stop(number, frame):
            raise Stop

        signal.signal(signal.SIGALRM, stop)
        for name, lookup in lookups.items():
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            try:
                lookup(timeout=100)
            except Stop:
                continue
            raise SystemExit(name)
        """,
    )


def test_other_threads_run_meanwhile(tmp_path):
    run_with_dead_name_server(
        tmp_path,
        """
        count = 0
        done = threading.Event()

        def work():
            global count
            while not done.is_set():
                count += 1
                time.sleep(0.001)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            csocket.getaddrinfo("some.name", 80, timeout=0.5)
        except csocket.timeout:
            pass
        done.set()
        thread.join()
        assert count > 2
        """,
    )


def test_patched_lookups_are_called(monkeypatch):
    calls = []

    def lookup(*args):
        calls.append(args)
        return "host.example", [], ["127.0.0.1"]

    monkeypatch.setattr(csocket, "gethostbyaddr", lookup)
    assert csocket.getfqdn("host") == "host.example"
    assert calls == [("host",)]


def test_getfqdn_without_a_timeout_returns_the_name_after_any_error(monkeypatch):
    def fail(name, **how):
        raise csocket.timeout("timed out")

    monkeypatch.setattr(csocket, "gethostbyaddr", fail)
    assert csocket.getfqdn("host") == "host"
    with pytest.raises(csocket.timeout):
        csocket.getfqdn("host", timeout=1)
