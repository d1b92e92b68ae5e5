"""Threads use the same sockets at once while these are closed and detached.

    hammer.py [SECONDS]      several kinds of attack, in turn
    hammer.py control        only close a socket while another thread receives

The program fails if an unexpected exception occurs, a descriptor is left open, or it hangs.
"""

import contextlib
import faulthandler
import itertools
import os
import sys
import threading
import time

import csocket as socket

SHORT = 0.002  # timeout in seconds: closing a socket in use must not keep a thread waiting
THREADS = 4
unexpected = []


def together(*works):
    """Run all jobs at once, each in its own thread."""
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            work()
        except (OSError, BlockingIOError):
            pass  # closed, timed out, full
        except ValueError as error:
            if "closed" not in str(error) and "detached" not in str(error):
                unexpected.append(error)
        except BaseException as error:
            unexpected.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def often(work, times=20):
    def run():
        for _ in range(times):
            with contextlib.suppress(OSError):
                work()

    return run


def pair():
    one, other = socket.socketpair()
    one.settimeout(SHORT)
    other.settimeout(SHORT)
    other.sendall(b"x" * 100)
    return one, other


def detach(sock):
    fd = sock.detach()
    if fd >= 0:
        os.close(fd)


def uses(sock):
    """Call all getters of a socket."""
    buffer = bytearray(10)
    yield lambda: sock.recv(3)
    yield lambda: sock.recv_into(bytearray(5))
    yield lambda: sock.recvmsg(5, 100)
    yield lambda: sock.recvfrom(5)
    yield lambda: sock.recvmsg_into([buffer])
    yield lambda: sock.send(b"abc")
    yield lambda: sock.sendall(b"abc" * 10)
    yield lambda: sock.sendmsg([b"a", b"b"])
    yield lambda: (sock.settimeout(SHORT), sock.settimeout(0))
    yield lambda: (sock.gettimeout(), sock.getblocking(), sock.timeout)
    yield lambda: (sock.family, sock.type, sock.proto, sock.fileno(), repr(sock))
    yield lambda: (sock.getsockname(), sock.getpeername())
    yield lambda: sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)
    yield lambda: sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    yield lambda: sock.set_inheritable(False)
    yield lambda: sock.get_inheritable()
    yield lambda: sock.options
    yield lambda: sock.shutdown(socket.SHUT_WR)
    yield lambda: sock.dup().close()


place = itertools.count(0, 3)


def close_under_use(end):
    one, other = pair()
    every = list(uses(one))
    first = next(place)
    works = [often(every[(first + i) % len(every)]) for i in range(THREADS)]
    together(*works, lambda: (time.sleep(SHORT / 4), end(one)))
    one.close()
    other.close()


def close_closes_once():
    one, other = pair()
    together(*[one.close] * THREADS, *[lambda: detach(one)] * 2)
    other.close()


def connect_and_accept():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(SHORT)
    address = listener.getsockname()

    def connect():
        with socket.create_connection(address, 1) as sock:
            sock.sendall(b"hello")

    def accept():
        sock, _ = listener.accept()
        sock.close()

    together(often(connect, 5), often(connect, 5), *[often(accept, 8)] * 2, listener.close)
    listener.close()


def files():
    one, other = pair()
    raw, buffered = one.makefile("rb", buffering=0), one.makefile("rwb")
    together(
        often(lambda: raw.read(3)),
        often(lambda: raw.readinto(bytearray(3))),
        often(lambda: (raw.closed, raw.mode, raw.name, raw.readable())),
        often(lambda: other.makefile("wb").close()),
        raw.close,
        one.close,
    )
    with contextlib.suppress(OSError, ValueError):
        buffered.close()
    other.close()


def buffers():
    """A list of buffers changes and a buffer grows while they are being sent."""
    one, other = pair()
    parts, grows = [b"a", bytearray(b"b"), b"c"], bytearray(b"x" * 50)

    def grow():
        with contextlib.suppress(BufferError):
            grows.append(1)
            del grows[50:]

    together(
        often(lambda: one.sendmsg(parts)),
        often(lambda: (parts.clear(), parts.extend([b"d", bytearray(5)]))),
        often(lambda: one.send(grows)),
        often(grow),
        often(lambda: other.recv(1000)),
    )
    one.close()
    other.close()


def module():
    """State shared by all sockets."""
    together(
        often(lambda: socket.setdefaulttimeout(SHORT)),
        often(lambda: (socket.getdefaulttimeout(), socket.socket().close())),
        often(lambda: socket.getaddrinfo("127.0.0.1", 80)),
        often(lambda: (socket.inet_pton(socket.AF_INET6, "::1"), socket.if_nameindex())),
        often(lambda: (socket.SO_ATTACH_BPF, socket.options, socket.AF_INET)),
        often(lambda: [sock.close() for sock in socket.socketpair()]),
        often(lambda: (socket.gethostname(), socket.htons(1), socket.CMSG_LEN(4))),
    )
    socket.setdefaulttimeout(None)


def control():
    for _ in range(20):
        close_under_use(lambda sock: sock.close())


def open_sockets():
    count = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            count += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    return count


ATTACKS = (
    lambda: close_under_use(lambda sock: sock.close()),
    lambda: close_under_use(detach),
    lambda: close_under_use(lambda sock: sock.shutdown(socket.SHUT_RDWR)),
    close_closes_once,
    connect_and_accept,
    files,
    buffers,
    module,
)


def main(argument="3"):
    if argument == "control":
        control()
        return
    faulthandler.dump_traceback_later(20 * float(argument) + 60, exit=True)
    sys.setswitchinterval(1e-5)
    module()  # objects that are created once and kept
    before, rounds = open_sockets(), 0
    end = time.monotonic() + float(argument)
    while time.monotonic() < end or rounds < len(ATTACKS):
        ATTACKS[rounds % len(ATTACKS)]()
        rounds += 1
    assert not unexpected, unexpected
    assert open_sockets() == before, "sockets were left open"
    print(f"{rounds} rounds")


if __name__ == "__main__":
    main(*sys.argv[1:])
