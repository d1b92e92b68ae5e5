"""socket.splice and socket.splice_from."""

import array
import errno
import io
import os
import signal
import subprocess
import tempfile
import threading
import time

import csocket
import pytest

DATA = bytes(array.array("I", range(75000)))


def tcp_pair():
    with csocket.create_server(("127.0.0.1", 0)) as server:
        one = csocket.create_connection(server.getsockname())
        return one, server.accept()[0]


@pytest.fixture(params=["unix", "unix with a timeout", "tcp", "tcp with a timeout"])
def pair(request):
    one, other = tcp_pair() if request.param.startswith("tcp") else csocket.socketpair()
    if "timeout" in request.param:
        one.settimeout(30)
    with one, other:
        yield one, other


class Sender(threading.Thread):
    def __init__(self, sock, data=DATA):
        super().__init__()
        self.sock, self.data = sock, data
        self.start()

    def run(self):
        self.sock.sendall(self.data)
        self.sock.shutdown(csocket.SHUT_WR)


class Receiver(threading.Thread):
    def __init__(self, sock):
        super().__init__()
        self.sock, self.data = sock, b""
        self.start()

    def run(self):
        self.data = receive_all(self.sock)

    def result(self):
        self.join()
        return self.data


def receive_all(sock):
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("buffering", [0, -1])
def test_receive_into_a_file(pair, buffering, tmp_path):
    one, other = pair
    sender = Sender(other)
    with open(tmp_path / "file", "wb+", buffering=buffering) as file:
        file.write(b"before ")
        assert one.splice(file) == len(DATA)
        assert file.tell() == 7 + len(DATA)
        file.write(b" after")
    sender.join()
    assert (tmp_path / "file").read_bytes() == b"before " + DATA + b" after"
    with open(os.devnull, "wb") as file:
        assert one.splice(file) == 0


def test_receive_into_a_file_that_is_appended_to(pair, tmp_path):
    one, other = pair
    path = tmp_path / "file"
    path.write_bytes(b"before ")
    sender = Sender(other)
    with open(path, "ab") as file:
        assert one.splice(file) == len(DATA)
    sender.join()
    assert path.read_bytes() == b"before " + DATA


def test_receive_at_an_offset(pair):
    one, other = pair
    other.sendall(b"12345678")
    with tempfile.TemporaryFile() as file:
        file.write(b"..........")
        assert one.splice(file, 4, 3) == 4
        assert file.tell() == 10
        file.seek(0)
        assert file.read() == b"...1234..."
    assert one.recv(10) == b"5678"


@pytest.mark.parametrize("buffering", [0, -1])
def test_send_a_file_from_its_position(pair, buffering, tmp_path):
    one, other = pair
    (tmp_path / "file").write_bytes(b"skipped" + DATA)
    receiver = Receiver(other)
    with open(tmp_path / "file", "rb", buffering=buffering) as file:
        assert file.read(7) == b"skipped"
        assert one.splice_from(file, 1000) == 1000
        assert file.tell() == 1007
        assert one.splice_from(file) == len(DATA) - 1000
        assert one.splice_from(file) == 0
    one.shutdown(csocket.SHUT_WR)
    assert receiver.result() == DATA


def test_from_one_socket_to_another(pair):
    one, other = pair
    a, b = csocket.socketpair()
    with a, b:
        sender, receiver = Sender(other), Receiver(b)
        assert one.splice(a, 100) == 100
        assert a.splice_from(one) == len(DATA) - 100
        a.close()
        sender.join()
        assert receiver.result() == DATA


def test_pipes(pair):
    one, other = pair
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    with process:
        sender, receiver = Sender(other), Receiver(other)
        back = threading.Thread(target=lambda: (one.splice(process.stdin), process.stdin.close()))
        back.start()
        assert one.splice_from(process.stdout, len(DATA)) == len(DATA)
        back.join()
        sender.join()
        one.shutdown(csocket.SHUT_WR)
    assert receiver.result() == DATA


def test_the_descriptor_as_an_integer(pair):
    one, other = pair
    r, w = os.pipe()
    os.write(w, b"1234")
    assert one.splice_from(r, 4) == 4
    assert other.recv(10) == b"1234"
    other.sendall(b"5678")
    assert one.splice(w, 4) == 4
    assert os.read(r, 10) == b"5678"
    os.close(r)
    os.close(w)


def test_progress(pair):
    one, other = pair
    seen = []
    sender = Sender(other)
    with tempfile.TemporaryFile() as file:
        assert one.splice(file, progress=seen.append) == len(DATA)
    sender.join()
    assert seen == sorted(set(seen))
    assert seen[-1] == len(DATA)


def test_an_exception_of_progress_ends_the_call_and_loses_nothing(pair):
    one, other = pair

    def fail(moved):
        raise LookupError(moved)

    sender = Sender(other)
    with tempfile.TemporaryFile() as file:
        with pytest.raises(LookupError) as info:
            one.splice(file, progress=fail)
        moved, pending = info.value.moved, info.value.pending
        assert 0 < moved == info.value.args[0] == file.tell()
        file.seek(0)
        assert file.read() + pending + receive_all(one) == DATA
    sender.join()


def full_pipe():
    r, w = os.pipe()
    os.set_blocking(w, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(w, b"x" * 65536)
    os.set_blocking(w, True)
    return r, w


@pytest.mark.parametrize("limit", ["timeout", "scope", "cancel"])
def test_limits_lose_nothing(limit):
    one, other = csocket.socketpair()
    r, w = full_pipe()
    with one, other:
        other.sendall(b"1234")
        if limit == "timeout":
            one.settimeout(0.05)
            with pytest.raises(csocket.timeout) as info:
                one.splice(w)
        elif limit == "scope":
            with pytest.raises(csocket.timeout) as info, csocket.fail_after(0.05):
                one.splice(w)
        else:
            timer = threading.Timer(0.05, one.cancel)
            timer.start()
            with pytest.raises(OSError) as info:
                one.splice(w)
            assert info.value.errno == errno.ECANCELED
            timer.join()
        assert info.value.moved == 0
        assert info.value.pending == b"1234"
    os.close(r)
    os.close(w)


def test_a_socket_without_data_times_out():
    one, other = csocket.socketpair()
    with one, other, tempfile.TemporaryFile() as file:
        with pytest.raises(csocket.timeout) as info, csocket.fail_after(0.05):
            one.splice(file)
        assert (info.value.moved, info.value.pending) == (0, b"")


def test_a_nonblocking_socket():
    one, other = csocket.socketpair()
    r, w = full_pipe()
    with one, other, tempfile.TemporaryFile() as file:
        one.setblocking(False)
        with pytest.raises(BlockingIOError) as info:
            one.splice(file)
        assert (info.value.moved, info.value.pending) == (0, b"")
        other.sendall(b"1234")
        assert one.splice(file) == 4
        other.sendall(b"5678")
        with pytest.raises(BlockingIOError) as info:
            one.splice(w)
        assert (info.value.moved, info.value.pending) == (0, b"5678")
    os.close(r)
    os.close(w)


def test_a_signal_handler_runs_and_can_end_the_call(pair):
    one, other = pair
    calls = []

    def handler(number, frame):
        calls.append(number)
        if len(calls) == 3:
            raise LookupError

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with tempfile.TemporaryFile() as file, pytest.raises(LookupError) as info:
            one.splice(file)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(calls) == 3
    assert info.value.moved == 0


def test_the_gil_is_free_meanwhile(pair):
    one, other = pair
    with tempfile.TemporaryFile() as file:
        thread = threading.Thread(target=one.splice, args=(file, 4))
        thread.start()
        time.sleep(0.05)
        other.sendall(b"1234")
        thread.join()
        file.seek(0)
        assert file.read() == b"1234"


def test_errors_of_the_destination_return_the_received_data(pair):
    one, other = pair
    other.sendall(b"1234")
    with open("/dev/full", "wb", buffering=0) as file, pytest.raises(OSError) as info:
        one.splice(file, 4)
    assert info.value.errno == errno.ENOSPC
    assert (info.value.moved, info.value.pending) == (0, b"1234")


def test_a_closed_peer_is_an_exception(pair):
    one, other = pair
    other.close()
    with tempfile.TemporaryFile() as file:
        file.write(DATA)
        file.seek(0)
        with pytest.raises((BrokenPipeError, ConnectionResetError)) as info:
            for _ in range(100):
                one.splice_from(file)
                file.seek(0)
        assert info.value.moved + len(info.value.pending) <= file.tell()


@pytest.mark.parametrize(
    ("args", "exception", "text"),
    [
        ((), TypeError, "dst"),
        (("x",), TypeError, "dst must be a socket, a file or"),
        ((io.BytesIO(),), io.UnsupportedOperation, "fileno"),
        ((-1,), ValueError, "-1"),
        ((0, -1), ValueError, "count must not be negative .got -1"),
        ((0, 1.5), TypeError, "float"),
        ((0, 1, -2), ValueError, "offset must not be negative .got -2"),
        ((0, 1, None, 5), TypeError, "progress must be callable or None .got 5"),
    ],
)
def test_wrong_arguments(args, exception, text):
    one, other = csocket.socketpair()
    with one, other, pytest.raises(exception, match=text):
        one.splice(*args)


def test_wrong_ends(tmp_path):
    one, other = csocket.socketpair(type=csocket.SOCK_DGRAM)
    with one, other, pytest.raises(ValueError, match="SOCK_STREAM"):
        one.splice(0)
    one, other = csocket.socketpair()
    with one, other, open(tmp_path / "text", "w") as file:
        with pytest.raises(ValueError, match="binary"):
            one.splice(file)
        with pytest.raises(OSError) as info:
            one.splice(other, 1, 5)
        assert info.value.errno == errno.ESPIPE
    with pytest.raises(OSError) as info, tempfile.TemporaryFile() as file:
        one.splice(file)
    assert info.value.errno == errno.EBADF


def test_tls_is_not_bypassed():
    class Encrypted(csocket.socket):
        _sslobj = object()

    one, other = csocket.socketpair()
    with one, other, Encrypted() as tls:
        for call in (lambda: one.splice(tls), lambda: one.splice_from(tls), lambda: tls.splice(0)):
            with pytest.raises(NotImplementedError, match="Encrypted"):
                call()


def test_no_descriptor_is_left():
    one, other = csocket.socketpair()
    with one, other, tempfile.TemporaryFile() as file:
        before = len(os.listdir("/proc/self/fd"))
        other.sendall(b"1234")
        one.settimeout(0.01)
        for _ in range(3):
            with pytest.raises(csocket.timeout):
                one.splice(file)
        assert len(os.listdir("/proc/self/fd")) == before
