"""File descriptors in control messages: close-on-exec, owned by the caller, and never lost."""

import array
import contextlib
import errno
import os
import shutil
import socket as standard
import struct
import subprocess
import sys

import csocket
import pytest

SO_PASSPIDFD, SCM_PIDFD = 76, 4  # Linux 6.5


def open_descriptors():
    return set(os.listdir("/proc/self/fd"))


@contextlib.contextmanager
def nothing_left_open():
    before = open_descriptors()
    yield
    assert open_descriptors() == before


@pytest.fixture
def pair():
    one, other = csocket.socketpair()
    with one, other:
        one.settimeout(20)
        other.settimeout(20)
        yield one, other


def pass_pidfd(sock):
    try:
        sock.setsockopt(csocket.SOL_SOCKET, SO_PASSPIDFD, 1)
    except OSError as error:
        assert error.errno == errno.ENOPROTOOPT
        pytest.skip("this kernel has no SO_PASSPIDFD")
    sock.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSCRED, 1)


def descriptors(items):
    found = []
    for level, kind, packed in items:
        if level == csocket.SOL_SOCKET and kind in (csocket.SCM_RIGHTS, SCM_PIDFD):
            found += struct.unpack(f"{len(packed) // 4}i", packed[: len(packed) // 4 * 4])
    return found


@pytest.mark.parametrize("method", ["recvmsg", "recvmsg_into"])
@pytest.mark.parametrize("family", [csocket.AF_UNIX, csocket.AF_INET])
def test_descriptors_of_messages_are_close_on_exec(pair, method, family):
    """Regardless of the family that the program specifies."""
    one, other = pair
    pass_pidfd(other)
    with nothing_left_open(), csocket.fromfd(other.fileno(), family, other.type) as receiver:
        rights = (csocket.SOL_SOCKET, csocket.SCM_RIGHTS, array.array("i", [0, 1]))
        one.sendmsg([b"x"], [rights])
        where = 10 if method == "recvmsg" else [bytearray(10)]
        _, items, flags, _ = getattr(receiver, method)(where, 1000)
        found = descriptors(items)
        assert len(found) == 3 and flags == 0
        assert not any(map(os.get_inheritable, found))
        for fd in found:
            os.close(fd)


def test_recv_fds_receives_descriptors_besides_other_messages(pair):
    one, other = pair
    pass_pidfd(other)
    for sent in ([], [0], [0, 1, 2]):
        with nothing_left_open():
            csocket.send_fds(one, [b"x"], sent)
            data, fds, flags, _ = csocket.recv_fds(other, 10, 3)
            assert (data, len(fds), flags) == (b"x", len(sent), 0)
            assert not any(map(os.get_inheritable, fds))
            for fd in fds:
                os.close(fd)


@pytest.mark.parametrize("most", [0, 1, 2])
def test_recv_fds_closes_descriptors_beyond_maxfds(pair, most):
    one, other = pair
    with nothing_left_open():
        csocket.send_fds(one, [b"x"], [0, 1, 2])
        data, fds, flags, _ = csocket.recv_fds(other, 10, most)
        assert (data, len(fds), flags) == (b"x", most, csocket.MSG_CTRUNC)
        for fd in fds:
            os.close(fd)


def test_send_fds_ignores_positional_flags_as_the_standard_library_does(pair):
    """pyroute2 passes the number of descriptors as flags: MSG_OOB, MSG_PEEK, or both."""
    for module in (standard, csocket):
        one, other = module.socketpair()
        with one, other:
            for flags in (1, 2, 3):
                assert module.send_fds(one, [b"x"], [0], flags) == 1
                _, fds, _, _ = module.recv_fds(other, 10, 1)
                os.close(fds[0])


def test_send_fds_honours_flags_by_name():
    one, other = csocket.socketpair(type=csocket.SOCK_DGRAM)
    with one, other:
        with pytest.raises(OSError) as caught:  # datagrams have no out-of-band data
            csocket.send_fds(one, [b"x"], [0], flags=csocket.MSG_OOB)
        assert caught.value.errno == errno.EOPNOTSUPP
        assert csocket.send_fds(one, [b"x"], [0], flags=csocket.MSG_DONTWAIT) == 1


class Failing:
    """An object that can be multiplied, and whose conversion to a number fails."""

    def __mul__(self, other):
        return 3 * other

    def __index__(self):
        raise KeyboardInterrupt


def test_recv_fds_loses_nothing_when_it_fails(pair):
    one, other = pair
    pass_pidfd(other)
    with nothing_left_open():
        csocket.send_fds(one, [b"x"], [0, 1])
        with pytest.raises(KeyboardInterrupt):
            csocket.recv_fds(other, 10, Failing())


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_no_memory_in_the_system_is_an_oserror(tmp_path):
    """MemoryError is for Python's own memory: except OSError does not catch it."""
    calls = "bind connect getpeername getsockname getsockopt listen recv send setsockopt shutdown"
    shim = tmp_path / "shim.c"
    shim.write_text(
        "#include <errno.h>\n"
        + "".join(f"long {call}(void) {{ errno = ENOMEM; return -1; }}\n" for call in calls.split())
    )
    library = tmp_path / "shim.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-fno-builtin", "-o", library, shim], check=True, cwd=tmp_path
    )
    program = tmp_path / "program.py"
    program.write_text(
        "import csocket, errno\n"
        "s = csocket.socket()\n"
        "there = ('127.0.0.1', 1)\n"
        "for call in (lambda: s.bind(there), lambda: s.connect(there), s.getpeername,\n"
        "             s.getsockname, lambda: s.getsockopt(1, 2), s.listen, lambda: s.recv(1),\n"
        "             lambda: s.send(b'x'), lambda: s.setsockopt(1, 2, 3),\n"
        "             lambda: s.shutdown(1)):\n"
        "    try:\n"
        "        call()\n"
        "    except OSError as error:\n"
        "        assert error.errno == errno.ENOMEM, error\n"
        "    else:\n"
        "        raise SystemExit('no error')\n"
    )
    subprocess.run([sys.executable, program], check=True, env={**os.environ, "LD_PRELOAD": library})
