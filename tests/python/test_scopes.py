"""CancelScope, fail_after and related functions: limits for all calls of a thread.

Times are not asserted: a scope's deadline is short or has passed, and a call that it ends would
otherwise last until the test's alarm.
"""

import asyncio
import contextlib
import errno
import inspect
import math
import signal
import threading
import time

import csocket
import csocket as socket
import pytest

SHORT = 0.02  # seconds, until a call is ended
LONG = 100  # more than any call of a test lasts


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


@pytest.fixture
def full(pair):
    """A socket whose sends wait: the peer does not read."""
    pair[0].setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            pair[0].send(b"x" * 65536)
    pair[0].setblocking(True)
    return pair[0]


def full_backlog():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(b"\\0csocket scopes %d" % id(listener))
    listener.listen(0)
    first = socket.socket(socket.AF_UNIX)
    first.connect(listener.getsockname())
    return listener, first


def read_exactly(sock):
    with sock.makefile("rb") as file:
        file.read(10)


# Calls that wait forever: name, and the call on a socket without data.
READS = {
    "recv": lambda sock: sock.recv(10),
    "recv of much": lambda sock: sock.recv(1 << 20),
    "recv_into": lambda sock: sock.recv_into(bytearray(10)),
    "recvfrom": lambda sock: sock.recvfrom(10),
    "recvfrom_into": lambda sock: sock.recvfrom_into(bytearray(10)),
    "recvmsg": lambda sock: sock.recvmsg(10),
    "recvmsg_into": lambda sock: sock.recvmsg_into([bytearray(10)]),
    "makefile": read_exactly,
    "recv_fds": lambda sock: socket.recv_fds(sock, 10, 1),
}
WRITES = {
    "send": lambda sock: sock.send(b"x" * 1000),
    "send of much": lambda sock: sock.send(b"x" * 100000),
    "sendall": lambda sock: sock.sendall(b"x" * 1000),
    "sendmsg": lambda sock: sock.sendmsg([b"x" * 1000]),
    "sendmsg of much": lambda sock: sock.sendmsg([b"x" * 100000]),
}
TIMEOUTS = [None, LONG]


@pytest.mark.parametrize("timeout", TIMEOUTS)
@pytest.mark.parametrize("name", READS)
def test_a_deadline_ends_each_receive(pair, name, timeout):
    pair[0].settimeout(timeout)
    with socket.move_on_after(SHORT) as scope:
        READS[name](pair[0])
    assert scope.cancelled_caught and scope.cancel_called


@pytest.mark.parametrize("timeout", TIMEOUTS)
@pytest.mark.parametrize("name", WRITES)
def test_a_deadline_ends_each_send(full, name, timeout):
    full.settimeout(timeout)
    with socket.move_on_after(SHORT) as scope:
        WRITES[name](full)
    assert scope.cancelled_caught


@pytest.mark.parametrize("timeout", TIMEOUTS)
def test_a_deadline_ends_accept(listener, timeout):
    listener.settimeout(timeout)
    with socket.move_on_after(SHORT) as scope:
        listener.accept()
    assert scope.cancelled_caught
    with socket.create_connection(listener.getsockname()), listener.accept()[0] as conn:
        assert conn.gettimeout() is None  # the listener is still usable


def test_a_deadline_ends_sendfile(full, tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 100000)
    with open(tmp_path / "file", "rb") as file, socket.move_on_after(SHORT) as scope:
        full.sendfile(file)
    assert scope.cancelled_caught


@pytest.mark.parametrize("name", READS)
def test_a_scope_that_has_ended_ends_a_call_that_need_not_wait(pair, name):
    pair[1].send(b"x" * 10)
    with socket.move_on_after(0) as scope:
        READS[name](pair[0])
    assert scope.cancelled_caught
    assert pair[0].recv(20) == b"x" * 10  # which has received nothing


def test_a_send_inside_a_scope_that_has_ended_sends_nothing(pair):
    for send in ("send", "sendall"):
        with socket.move_on_after(0) as scope:
            getattr(pair[0], send)(b"x")
        assert scope.cancelled_caught
    pair[0].close()
    assert pair[1].recv(1) == b""


def test_fail_after_raises_a_timeout(pair):
    with pytest.raises(socket.timeout, match="timed out"), socket.fail_after(SHORT) as scope:
        pair[0].recv(1)
    assert scope.cancelled_caught
    with pytest.raises(socket.timeout) as caught, socket.fail_at(time.monotonic() - 1):
        pair[0].recv(1)
    # TimeoutError is the same class since Python 3.10.
    assert type(caught.value) is socket.timeout


def test_a_scope_that_is_not_reached_changes_nothing(pair):
    pair[1].send(b"x")
    with socket.fail_after(LONG) as scope:
        assert pair[0].recv(1) == b"x"
    assert not scope.cancel_called and not scope.cancelled_caught


def test_without_a_call_that_waits_nothing_is_raised():
    with socket.fail_after(0) as scope:
        pass
    assert scope.cancel_called and not scope.cancelled_caught


def test_cancelled_is_not_caught_by_a_retry_loop(pair):
    assert not issubclass(socket.Cancelled, Exception)
    attempts = 0
    with socket.move_on_after(0) as scope:
        while attempts < 10:
            attempts += 1
            with contextlib.suppress(Exception):
                pair[0].recv(1)
    assert (attempts, scope.cancelled_caught) == (1, True)
    with socket.move_on_after(0) as scope, pytest.raises(socket.Cancelled):
        pair[0].recv(1)
    assert scope.cancel_called and not scope.cancelled_caught


def test_cancel_from_a_thread_ends_a_call_that_waits(pair):
    with socket.CancelScope() as scope:
        timer = threading.Timer(SHORT, scope.cancel)
        timer.start()
        pair[0].recv(1)
    timer.join()
    assert scope.cancelled_caught and scope.cancel_called and scope.deadline == math.inf


def test_cancel_from_a_signal_handler(pair):
    with socket.CancelScope() as scope:
        previous = signal.signal(signal.SIGALRM, lambda *_: scope.cancel())
        try:
            signal.setitimer(signal.ITIMER_REAL, SHORT)
            pair[0].recv(1)
        finally:
            signal.signal(signal.SIGALRM, previous)
    assert scope.cancelled_caught


def test_cancel_before_a_call(pair):
    with socket.CancelScope() as scope:
        scope.cancel()
        pair[0].recv(1)
    assert scope.cancelled_caught
    assert socket.current_effective_deadline() == math.inf


def test_the_outermost_scope_that_has_ended_catches(pair):
    with socket.move_on_after(SHORT) as outer, socket.move_on_after(LONG) as inner:
        pair[0].recv(1)
    assert outer.cancelled_caught and not inner.cancelled_caught
    with socket.move_on_after(LONG) as outer, socket.move_on_after(SHORT) as inner:
        pair[0].recv(1)
    assert inner.cancelled_caught and not outer.cancel_called


def test_a_shield_lets_the_calls_inside_finish(pair):
    with socket.move_on_after(0) as outer, socket.CancelScope(shield=True) as shield:
        pair[1].send(b"x")
        assert pair[0].recv(1) == b"x"
        shield.shield = False
        pair[0].recv(1)
    assert outer.cancelled_caught and not shield.cancelled_caught
    with socket.move_on_after(0), socket.move_on_after(SHORT, shield=True) as inner:
        pair[0].recv(1)
    assert inner.cancelled_caught


def test_the_deadline_can_be_moved(pair):
    with socket.CancelScope() as scope:
        scope.deadline = time.monotonic() + SHORT
        assert scope.deadline == pytest.approx(time.monotonic() + SHORT, abs=10)
        pair[0].recv(1)
    assert scope.cancelled_caught


def test_current_effective_deadline():
    assert socket.current_effective_deadline() == math.inf
    now = time.monotonic()
    with socket.fail_at(now + 100), socket.fail_at(now + 50):
        assert socket.current_effective_deadline() == pytest.approx(now + 50, abs=1e-3)
        with socket.CancelScope(shield=True):
            assert socket.current_effective_deadline() == math.inf
        with socket.CancelScope() as scope:
            scope.cancel()
            assert socket.current_effective_deadline() == -math.inf


def test_other_threads_do_not_inherit_a_scope(pair):
    seen = []
    with socket.move_on_after(0):
        thread = threading.Thread(
            target=lambda: seen.append((socket.current_effective_deadline(), pair[0].send(b"x")))
        )
        thread.start()
        thread.join()
    assert seen == [(math.inf, 1)]


def test_a_socket_that_does_not_wait_is_not_affected(pair):
    pair[0].setblocking(False)
    pair[1].send(b"x")
    with socket.fail_after(0):
        assert pair[0].recv(1) == b"x" and pair[0].send(b"y") == 1
        with pytest.raises(BlockingIOError):
            pair[0].recv(1)


def test_the_timeout_of_a_socket_remains_a_timeout(pair):
    pair[0].settimeout(SHORT)
    with socket.fail_after(LONG) as scope, pytest.raises(socket.timeout, match="timed out"):
        pair[0].recv(1)
    assert not scope.cancel_called


def test_asyncio_is_not_affected(pair):
    async def main():
        loop = asyncio.get_running_loop()
        pair[0].setblocking(False)
        pair[1].setblocking(False)
        loop.call_later(SHORT, pair[1].send, b"x")
        return await loop.sock_recv(pair[0], 1)

    with socket.fail_after(0):
        assert asyncio.run(main()) == b"x"


# Misuse


def test_a_scope_can_be_entered_once():
    scope = socket.CancelScope()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="not entered"):
            scope.__exit__(None, None, None)
        if not scope.cancel_called and _ == 0:
            with scope, pytest.raises(RuntimeError, match="only once"):
                scope.__enter__()


def test_a_scope_cannot_be_subclassed():
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Scope", (socket.CancelScope,), {})


def test_too_many_nested_scopes(pair):
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(socket.CancelScope())
        with pytest.raises(RuntimeError, match="more than 60 nested CancelScopes"):
            socket.move_on_after(LONG).__enter__()
        assert pair[0].send(b"x") == 1
        assert pair[1].recv(1) == b"x"


def test_a_scope_left_before_those_inside_it(pair):
    outer, inner = socket.CancelScope(), socket.move_on_after(0)
    outer.__enter__()
    inner.__enter__()
    with pytest.raises(RuntimeError, match="before those inside it"):
        outer.__exit__(None, None, None)
    with pytest.raises(socket.Cancelled):
        pair[0].send(b"x")
    inner.__exit__(None, None, None)
    assert pair[0].send(b"x") == 1


def test_a_scope_left_in_another_thread():
    errors = []

    def leave():
        try:
            scope.__exit__(None, None, None)
        except RuntimeError as exc:
            errors.append(str(exc))

    with socket.CancelScope() as scope:
        thread = threading.Thread(target=leave)
        thread.start()
        thread.join()
    assert len(errors) == 1 and "thread" in errors[0]


def test_a_scope_left_open_at_a_yield_does_not_reach_the_consumer(pair):
    def generator():
        with socket.move_on_after(0):
            yield 1

    running = generator()
    next(running)
    assert pair[0].send(b"x") == 1 and socket.current_effective_deadline() == math.inf
    with pytest.raises(RuntimeError, match="yield or await"):
        next(running)
    assert pair[0].send(b"x") == 1
    running = generator()
    assert list(running) == [1]  # no call was made meanwhile


def test_a_scope_left_open_at_an_await_does_not_reach_another_task(pair):
    async def careless():
        with socket.move_on_after(0):
            await asyncio.sleep(SHORT)

    async def main():
        task = asyncio.ensure_future(careless())
        await asyncio.sleep(0)
        sent = pair[0].send(b"x")  # blocking, and in this task
        with pytest.raises(RuntimeError, match="yield or await"):
            await task
        return sent

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize("stack", [False, True])
def test_a_context_manager_from_a_generator_is_closed(pair, stack):
    @contextlib.contextmanager
    def limited():
        if stack:
            with contextlib.ExitStack() as entered:
                yield entered.enter_context(socket.move_on_after(0))
        else:
            with socket.move_on_after(0) as scope:
                yield scope

    with limited() as scope:
        pair[0].send(b"x")
    assert scope.cancelled_caught


def test_a_scope_in_a_generator_that_runs_applies(pair):
    def generator():
        with socket.move_on_after(0) as scope:
            pair[0].send(b"x")
        yield scope.cancelled_caught

    assert list(generator()) == [True]


@pytest.mark.parametrize("function", [socket.fail_after, socket.move_on_after])
@pytest.mark.parametrize("value", [True, "1", b"1", [], object()])
def test_invalid_numbers_of_seconds(function, value):
    with pytest.raises(TypeError, match="seconds must be a number of seconds"):
        function(value)


@pytest.mark.parametrize("function", [socket.fail_after, socket.move_on_after])
@pytest.mark.parametrize("value", [-1, -0.1, -math.inf, math.nan])
def test_an_invalid_number_of_seconds(function, value):
    with pytest.raises(ValueError, match="seconds must"):
        function(value)


@pytest.mark.parametrize("function", [socket.fail_at, socket.move_on_at, socket.CancelScope])
def test_a_deadline_of_another_scope(function):
    with socket.CancelScope() as outer:
        outer.cancel()
        scope = function(deadline=socket.current_effective_deadline())
    assert scope.deadline < time.monotonic()


@pytest.mark.parametrize("value", [math.inf, None, 1e300])
def test_no_limit(value):
    with socket.fail_after(value) as scope:
        assert scope.deadline == math.inf and socket.current_effective_deadline() == math.inf


def test_a_timedelta_is_a_number_of_seconds():
    datetime = pytest.importorskip("datetime")
    with socket.fail_after(datetime.timedelta(minutes=1)) as scope:
        assert 0 < scope.deadline - time.monotonic() <= 60


def test_invalid_arguments_of_a_scope():
    with pytest.raises(TypeError, match="positional"):
        socket.CancelScope(1)
    with pytest.raises(TypeError):
        socket.CancelScope(deadline="1")
    with pytest.raises(TypeError, match="deadline"):
        socket.CancelScope(deadline=True)
    with pytest.raises(ValueError, match="deadline"):
        socket.CancelScope(deadline=math.nan)
    with pytest.raises(AttributeError):
        del socket.CancelScope().deadline


def test_many_scopes_leave_no_descriptor(pair):
    for _ in range(100):
        with socket.move_on_after(0):
            pair[0].recv(1)
        with socket.CancelScope() as scope:
            scope.cancel()
            pair[0].recv(1)


def test_the_functions_are_documented():
    for name in ("CancelScope", "fail_after", "fail_at", "move_on_after", "move_on_at"):
        assert name in csocket.__all__ and inspect.getdoc(getattr(csocket, name))
    assert errno.errorcode[errno.ECANCELED] == "ECANCELED"


def test_other_objects_end_a_scope_like_none():
    scope = csocket.CancelScope()
    scope.__enter__()
    assert scope.__exit__(1, 2, 3) is False
    with pytest.raises(RuntimeError):
        scope.__exit__(1, 2, 3)
