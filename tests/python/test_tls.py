"""TLS on an installed csocket: scopes and cancel() reach ssl.SSLSocket.

Each test is a program, because csocket is installed before ssl is imported. Times are not asserted:
a call that a limit ends would otherwise last until the program's alarm.
"""

import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.usefixtures("isolated")

PRELUDE = """
import csocket
csocket.install()
import contextlib, errno, socket, ssl, threading, time

SHORT, LONG = 0.15, 1000

class Server:
    '''One end of a TLS connection, which sends the bytes of its records as it is told to.'''

    def __init__(self, sock):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        self.sock, self.into, self.out = sock, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.into, self.out, server_side=True)

    def do(self, function, *arguments):
        while True:
            try:
                result = function(*arguments)
            except ssl.SSLWantReadError:
                self.sock.sendall(self.out.read())
                self.into.write(self.sock.recv(65536))
            else:
                return result

    def handshake(self):
        self.do(self.tls.do_handshake)
        self.sock.sendall(self.out.read())

    def record(self, data):
        self.tls.write(data)
        return self.out.read()

def pair(timeout=None):
    ours, theirs = socket.socketpair()
    server = Server(theirs)
    thread = threading.Thread(target=server.handshake)
    thread.start()
    context = ssl.create_default_context(cafile="cert.pem")
    ours.settimeout(timeout)
    tls = context.wrap_socket(ours, server_hostname="localhost")
    thread.join()
    return tls, server

def drip(server, record, stop):
    sent = 0
    while sent < len(record) and not stop.wait(0.01):
        sent += server.sock.send(record[sent : sent + 1])
    server.sock.sendall(record[sent:])

def is_cancelled(call, *arguments):
    try:
        call(*arguments)
    except OSError as exc:
        return exc.errno == errno.ECANCELED
"""


@pytest.fixture
def run(certificate, tmp_path):
    if subprocess.run([sys.executable, "-c", "import ssl"], capture_output=True).returncode:
        pytest.skip("this Python was built without ssl")

    def run(text, **values):
        program = tmp_path / "program.py"
        lines = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        program.write_text(PRELUDE + lines + textwrap.dedent(text) + "\nprint('done')\n")
        done = subprocess.run(
            [sys.executable, program], cwd=certificate, capture_output=True, text=True, timeout=100
        )
        assert done.stdout == "done\n", done.stdout + done.stderr

    return run


@pytest.mark.parametrize("timeout", [None, 1000])
def test_a_record_that_drips_is_limited_and_nothing_of_it_is_lost(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        stop = threading.Event()
        record = server.record(b"x" * 10000)
        thread = threading.Thread(target=drip, args=(server, record, stop))
        thread.start()
        try:
            with csocket.fail_after(SHORT) as scope:
                tls.recv(10000)
        except socket.timeout:
            assert scope.cancelled_caught
        else:
            raise AssertionError("no timeout")
        with csocket.move_on_after(SHORT) as scope:
            tls.recv_into(bytearray(10000))
        assert scope.cancelled_caught
        stop.set()
        with csocket.fail_after(LONG):
            assert tls.recv(10000) == b"x" * 10000
        thread.join()
        assert tls.gettimeout() == timeout
        """,
        timeout=timeout,
    )


def test_methods_that_bypass_encryption_are_refused(run):
    """Every method that csocket adds and that moves data: it would bypass TLS."""
    run(
        """
        tls, server = pair()
        names = [name for name in dir(csocket.socket) if name.startswith(("send", "recv"))]
        own = [name for name in names if name not in vars(ssl.SSLSocket) and "afalg" not in name]
        assert own == [], own
        for name in "send_zerocopy", "send_message", "send_many", "recv_message", "recv_exactly":
            try:
                getattr(tls, name)(b"SECRET")
            except NotImplementedError as exc:
                assert name in str(exc)
            else:
                raise AssertionError(name)
        server.sock.setblocking(False)
        try:
            raise AssertionError(server.sock.recv(100))
        except BlockingIOError:
            pass
        """
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_cancel_ends_a_read(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        with csocket.CancelScope() as scope:
            threading.Timer(SHORT, scope.cancel).start()
            tls.recv(1)
        assert scope.cancelled_caught
        with csocket.CancelScope() as scope:
            scope.cancel()
            tls.send(b"x")
        assert scope.cancelled_caught
        """,
        timeout=timeout,
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_a_write_that_is_not_read(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        with csocket.move_on_after(SHORT) as scope:
            tls.sendall(b"x" * (1 << 24))
        assert scope.cancelled_caught
        """,
        timeout=timeout,
    )


def test_a_handshake_without_an_answer(run):
    run(
        """
        ours, theirs = socket.socketpair()
        context = ssl.create_default_context(cafile="cert.pem")
        with csocket.move_on_after(SHORT) as scope:
            context.wrap_socket(ours, server_hostname="localhost")
        assert scope.cancelled_caught
        """
    )


def test_an_unwrap_with_and_without_an_answer(run):
    run(
        """
        tls, server = pair()
        with csocket.move_on_after(SHORT) as scope:
            tls.unwrap()
        assert scope.cancelled_caught
        tls, server = pair()
        thread = threading.Thread(target=lambda: (
            server.do(server.tls.unwrap), server.sock.sendall(server.out.read())))
        thread.start()
        with csocket.fail_after(LONG):
            plain = tls.unwrap()
        thread.join()
        assert plain is tls
        server.sock.sendall(b"plain")
        assert plain.recv(5) == b"plain"
        """
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_other_threads_on_the_socket_notice_nothing(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        got = []
        reader = threading.Thread(target=lambda: got.append(tls.recv(10000)))
        reader.start()
        time.sleep(SHORT)
        for _ in range(5):
            with csocket.move_on_after(LONG):
                tls.send(b"hello")
        with csocket.move_on_after(0):
            tls.send(b"not sent")
        record = server.record(b"x" * 100)
        server.sock.sendall(record[:50])
        begin = time.process_time()
        time.sleep(1)
        used = time.process_time() - begin
        server.sock.sendall(record[50:])
        reader.join()
        assert got == [b"x" * 100], got
        assert used < 0.1, used
        data = b""
        while len(data) < 25:
            data += server.do(server.tls.read, 100)
        assert data == b"hello" * 5
        """,
        timeout=timeout,
    )


@pytest.mark.parametrize("inside", ["reader", "writer", "both", "neither"])
@pytest.mark.parametrize("timeout", [None, 1000])
def test_threads_that_read_and_write_at_once(run, timeout, inside):
    """With a timeout, the standard library fails even without a scope."""
    run(
        """
        COUNT = 4 << 20
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        ours, theirs = socket.socketpair()
        ours.settimeout(timeout)

        def serve():
            with context.wrap_socket(theirs, server_side=True) as echo:
                while data := echo.recv(65536):
                    echo.sendall(data)

        server = threading.Thread(target=serve)
        server.start()
        client = ssl.create_default_context(cafile="cert.pem")
        tls = client.wrap_socket(ours, server_hostname="localhost")
        wrong = []

        def limited(name, work):
            is_inside = inside in (name, "both")
            try:
                with csocket.fail_after(LONG) if is_inside else contextlib.nullcontext():
                    work()
            except BaseException as exc:
                wrong.append((name, exc))

        def read():
            received = 0
            while received < COUNT:
                data = tls.recv(65536)
                assert data.strip(b"x") == b"" != data, (received, data[:10])
                received += len(data)

        def write():
            for _ in range(COUNT >> 14):
                tls.sendall(b"x" * (1 << 14))

        threads = [
            threading.Thread(target=limited, args=("reader", read)),
            threading.Thread(target=limited, args=("writer", write)),
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not wrong, wrong
        assert tls.gettimeout() == timeout
        tls.close()
        server.join()
        """,
        timeout=timeout,
        inside=inside,
    )


def test_a_signal_handler_may_use_the_connection(run):
    run(
        """
        import signal

        tls, server = pair()
        signal.signal(signal.SIGALRM, lambda *_: tls.send(b"from the handler"))
        with csocket.fail_after(LONG):
            signal.setitimer(signal.ITIMER_REAL, SHORT)
            timer = threading.Timer(3 * SHORT, server.sock.sendall, [server.record(b"x")])
            timer.start()
            assert tls.recv(1) == b"x"
        timer.join()
        assert server.do(server.tls.read, 100) == b"from the handler"
        """
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_a_wait_in_a_scope_is_not_busy(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        server.sock.sendall(server.record(b"x")[:10])
        begin = time.process_time()
        with csocket.move_on_after(2) as scope:
            tls.recv(1)
        assert scope.cancelled_caught and time.process_time() - begin < 0.1
        """,
        timeout=timeout,
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_cancel_of_the_socket_ends_its_calls(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        threading.Timer(SHORT, tls.cancel).start()
        assert is_cancelled(tls.recv, 1)
        assert is_cancelled(tls.recv, 1) and is_cancelled(tls.send, b"x")
        tls.close()
        """,
        timeout=timeout,
    )


def test_timeouts_are_unchanged(run):
    run(
        """
        tls, server = pair(0.05)
        for limit in (contextlib.nullcontext(), csocket.fail_after(LONG)):
            with limit:
                try:
                    tls.recv(1)
                except socket.timeout as exc:
                    assert "timed out" in str(exc)
                else:
                    raise AssertionError("no timeout")
        tls.setblocking(False)
        with csocket.fail_after(0):
            try:
                tls.recv(1)
            except ssl.SSLWantReadError:
                pass
        tls.setblocking(True)
        server.sock.sendall(server.record(b"x"))
        assert tls.recv(1) == b"x"
        """
    )


def test_other_attributes_are_those_of_the_connection(run):
    run(
        """
        tls, server = pair()
        assert tls.version() == server.tls.version() and tls.cipher()
        assert tls.getpeercert()["subject"] == ((("commonName", "localhost"),),)
        assert tls.session is None or isinstance(tls.session, ssl.SSLSession)
        tls.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        assert tls._sslobj.owner is tls and tls.pending() == 0
        try:
            tls._sslobj.no_such_thing
        except AttributeError as exc:
            assert "no_such_thing" in str(exc)
        tls.close()
        try:
            tls.recv(1)
        except OSError as exc:
            assert exc.errno == errno.EBADF, exc
        """
    )


@pytest.mark.parametrize("timeout", [None, 1000])
def test_reads_that_wait_first_need_no_data_where_ssl_needs_none(run, timeout):
    run(
        """
        tls, server = pair(timeout)
        with csocket.fail_after(LONG):
            for _ in range(3):
                sender = threading.Timer(SHORT, server.sock.sendall, [server.record(b"four")])
                sender.start()
                assert tls.recv(1) == b"f"  # waits; the rest is in OpenSSL
                assert tls.recv(3) == b"our"
                sender.join()
            assert tls.recv(0) == b"" and tls.recv_into(bytearray()) == 0
            try:
                server.tls.unwrap()
            except ssl.SSLWantReadError:
                pass
            server.sock.sendall(server.out.read())
            assert [tls.recv(1) for _ in range(20)] == [b""] * 20
        """,
        timeout=timeout,
    )


def test_without_limits_the_descriptor_remains_blocking(run):
    run(
        """
        import os, sysconfig
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        server = Server(theirs)
        theirs.setblocking(False)
        context = ssl.create_default_context(cafile="cert.pem")
        tls = context.wrap_socket(
            ours, server_hostname="localhost", do_handshake_on_connect=False
        )
        for step in (tls.do_handshake, server.handshake) * 4:
            with contextlib.suppress(ssl.SSLWantReadError, BlockingIOError):
                step()
        tls.setblocking(True)  # one thread, and no wait until now
        server.sock.sendall(server.record(b"x"))
        # Without the global lock other threads cannot be excluded.
        unlocked = sysconfig.get_config_var("Py_GIL_DISABLED")
        assert tls.recv(1) == b"x" and os.get_blocking(tls.fileno()) is not bool(unlocked)
        with csocket.fail_after(LONG):
            server.sock.sendall(server.record(b"y"))
            assert tls.recv(1) == b"y"
        server.sock.sendall(server.record(b"z"))
        assert tls.recv(1) == b"z"
        """
    )


def test_a_signal_handler_ends_a_read_that_blocks_in_ssl(run):
    run(
        """
        import signal
        tls, server = pair()
        signal.signal(signal.SIGALRM, lambda *_: tls.cancel())
        signal.setitimer(signal.ITIMER_REAL, SHORT)
        assert is_cancelled(tls.recv, 1)
        """
    )
