"""sendfile returns the number of bytes sent, for every kind of file."""

import io
import os

import csocket as socket
import pytest

CONTENT = bytes(range(256)) * 20


def received(sock):
    with sock.makefile("rb") as file:
        return file.read()


def pipe_with(content):
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "wb") as file:
        file.write(content)
    return os.fdopen(read_end, "rb")


def send(file, *arguments):
    """Return the result of sendfile and the bytes that arrived."""
    a, b = socket.socketpair()
    with a, b:
        try:
            sent = a.sendfile(file, *arguments)
        finally:
            a.close()
            data = received(b)
        return sent, data


def test_a_pipe():
    with pipe_with(CONTENT) as file:
        assert send(file) == (len(CONTENT), CONTENT)


def test_buffered_data_of_a_pipe_is_sent_first():
    with pipe_with(CONTENT) as file:
        file.peek(1)
        assert send(file, 0, 100) == (100, CONTENT[:100])
        assert send(file) == (len(CONTENT) - 100, CONTENT[100:])


def test_an_offset_in_a_pipe_is_refused_and_nothing_is_sent():
    a, b = socket.socketpair()
    with a, b, pipe_with(CONTENT) as file:
        with pytest.raises(io.UnsupportedOperation):
            a.sendfile(file, 10)
        a.close()
        assert received(b) == b""
        assert file.read() == CONTENT


def test_a_device_whose_offset_does_not_move():
    with open("/dev/zero", "rb") as file:
        assert send(file, 0, 50000) == (50000, bytes(50000))


def test_a_file_of_proc():
    with open("/proc/version", "rb") as file:
        content = file.read()
        assert send(file) == (len(content), content)
        assert file.tell() == len(content)


def test_a_file_in_append_mode(tmp_path):
    with (tmp_path / "file").open("ab+") as file:
        file.write(CONTENT)
        file.flush()
        assert send(file, 7) == (len(CONTENT) - 7, CONTENT[7:])


def test_a_file_that_ends_before_the_count(tmp_path):
    with (tmp_path / "file").open("wb+") as file:
        file.write(CONTENT)
        file.flush()
        os.truncate(file.fileno(), 100)
        assert send(file, 0, 1000) == (100, CONTENT[:100])
        assert file.tell() == 100


class Unseekable(io.BytesIO):
    def seek(self, *arguments):
        raise OSError("no seek today")


def test_a_seek_that_fails_afterwards_is_not_an_error():
    assert send(Unseekable(CONTENT)) == (len(CONTENT), CONTENT)


def test_other_exceptions_of_seek_are_raised():
    class Broken(io.BytesIO):
        def seek(self, *arguments):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send(Broken(CONTENT))


class NoNumber:
    """A file whose descriptor cannot be looked up."""

    mode = "rb"

    def __init__(self, error):
        self.error = error

    def fileno(self):
        raise self.error


@pytest.mark.parametrize(
    ("file", "raised"),
    [
        (io.BytesIO(CONTENT), socket._GiveupOnSendfile),
        (NoNumber(AttributeError()), socket._GiveupOnSendfile),
        (NoNumber(ZeroDivisionError()), ZeroDivisionError),
        (NoNumber(OSError("mine")), OSError),
    ],
)
def test_files_without_a_descriptor_are_not_sent_by_the_kernel(file, raised):
    one, other = socket.socketpair()
    with one, other, pytest.raises(raised) as caught:
        one._sendfile_use_sendfile(file)
    assert caught.type is raised


def test_bytes_sent_by_the_kernel_are_counted(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    one, other = socket.socketpair()
    with one, other, open(tmp_path / "file", "rb") as file:
        assert one._sendfile_use_sendfile(file) == len(CONTENT)
