"""Numbers that an int cannot hold, as values of options; more buffers than the system takes."""

import os
import sys

import csocket
import pytest

MARK = csocket.SOL_SOCKET, 36  # SO_MARK: unsigned, of 32 bits
BUFFER = csocket.SOL_SOCKET, csocket.SO_RCVBUF  # an int


class Index:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


@pytest.fixture
def udp():
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        yield sock


def is_privileged(sock):
    try:
        sock.setsockopt(*MARK, 0)
    except PermissionError:
        return False
    return True


@pytest.mark.parametrize("number", [2**31, 0xDEADBEEF, 2**32 - 1])
@pytest.mark.parametrize("kind", [int, Index])
def test_an_unsigned_option_accepts_unsigned_numbers(udp, number, kind):
    if not is_privileged(udp):
        with pytest.raises(PermissionError):  # the kernel's answer, not ours
            udp.setsockopt(*MARK, kind(number))
        return
    udp.setsockopt(*MARK, kind(number))
    assert udp.getsockopt(*MARK, 4) == number.to_bytes(4, sys.byteorder)
    assert udp.getsockopt(*MARK) % 2**32 == number


@pytest.mark.parametrize(
    "option, number, accepted",
    [
        (MARK, 2**32, "-2147483648 to 4294967295"),
        (MARK, -(2**31) - 1, "-2147483648 to 4294967295"),
        (MARK, 2**70, "-2147483648 to 4294967295"),
        (BUFFER, 2**31, "-2147483648 to 2147483647"),
        (BUFFER, -(2**70), "-2147483648 to 2147483647"),
        ((12345, 6), 2**31, "-2147483648 to 2147483647"),
    ],
)
@pytest.mark.parametrize("kind", [int, Index])
def test_other_numbers_are_named(udp, option, number, accepted, kind):
    with pytest.raises(OverflowError) as caught:
        udp.setsockopt(*option, kind(number))
    assert str(caught.value) == f"setsockopt(): value {number} is out of range ({accepted})"


def test_an_exception_of_index_is_raised(udp):
    class Broken:
        def __index__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        udp.setsockopt(*MARK, Broken())


def test_a_stream_sends_the_first_of_too_many_buffers():
    limit = os.sysconf("SC_IOV_MAX")
    one, other = csocket.socketpair()
    with one, other:
        for timeout in (None, 5, 0):
            one.settimeout(timeout)
            assert one.sendmsg([b"x"] * (limit + 1)) == limit
            assert other.recvmsg_into([bytearray(1) for _ in range(2 * limit)])[0] == limit
    one, other = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    with one, other, pytest.raises(OSError, match="Message too long"):
        one.sendmsg([b"x"] * (limit + 1))
