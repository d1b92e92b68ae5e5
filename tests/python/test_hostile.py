"""Programs that change the objects of a call while it runs, or replace methods of the class.

Each runs in a separate interpreter whose allocator overwrites freed memory: using it crashes, and
the test reports that.
"""

import os
import subprocess
import sys
import textwrap

import pytest


def run(program, *options, **environment):
    """The program's output, in lines."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", *options, "-c", textwrap.dedent(program)],
        env={**os.environ, "PYTHONMALLOC": "debug", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done
    return done.stdout.splitlines()


def test_the_class_may_be_given_a_new_method():
    """socket.socket is a mutable class: mock.patch.object(socket.socket, "__new__") must work."""
    printed = run("""
        import csocket
        original = csocket.socket.__new__
        def new(cls, *args, **kwargs):
            print(args, kwargs)
            return original(cls)
        csocket.socket.__new__ = new
        csocket.socket().close()
        csocket.socket(csocket.AF_INET6, type=csocket.SOCK_DGRAM).close()
        del csocket.socket.__new__
        csocket.socket().close()
    """)
    assert printed == [
        "() {}",
        "(<AddressFamily.AF_INET6: 10>,) {'type': <SocketKind.SOCK_DGRAM: 2>}",
    ]


def test_the_class_may_be_given_an_init_method():
    printed = run("""
        import csocket
        original = csocket.socket.__init__
        def init(self, *args, **kwargs):
            print(args, kwargs)
            original(self, *args, **kwargs)
        csocket.socket.__init__ = init
        csocket.socket(csocket.AF_INET, proto=6).close()
        csocket.socket.__init__ = original
        csocket.socket().close()
    """)
    assert printed == ["(<AddressFamily.AF_INET: 2>,) {'proto': 6}"]


def test_keywords_must_be_strings():
    run("""
        import csocket
        class Derived(csocket.socket):
            pass
        for call in (Derived, csocket.socket.__new__(csocket.socket).__init__):
            try:
                call(**{1: 2})
            except TypeError as error:
                assert str(error) == "keywords must be strings", error
            else:
                raise AssertionError
    """)


# An address object that empties the list that contains it.
CLEARING = """
        import csocket, gc
        class Address:
            def __init__(self, text):
                self.text = text
            @property
            def packed(self):
                given.clear()
                gc.collect()
                return b""
            def __str__(self):
                return self.text
"""


@pytest.mark.parametrize(
    "value",
    [
        '{"multiaddr": "224.1.1.1", "interface": "127.0.0.1", "fmode": 1, "slist": given}',
        '("224.1.1.1", "127.0.0.1", 1, given)',
    ],
)
def test_a_list_may_change_while_an_option_is_made_of_it(value):
    run(
        CLEARING
        + f"""
        given = [Address("127.0.0.9"), Address("127.0.0.9")]
        with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
            try:
                sock.options["IP_MSFILTER"] = {value}
            except OSError:
                pass
        assert given == []
    """
    )


@pytest.mark.parametrize("kind", ["dict", "AsDict"])
def test_a_dict_may_change_while_an_option_is_made_of_it(kind):
    run(
        CLEARING
        + f"""
        class AsDict(tuple):
            def __new__(cls, fields):
                return tuple.__new__(cls, fields.values())
            def _asdict(self):
                return given
        group = Address("224.1.1.1")
        given = {{"multiaddr": group, "interface": "127.0.0.1", "fmode": 1, "slist": ()}}
        value = given if {kind!r} == "dict" else AsDict(given)
        with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
            try:
                sock.options["IP_MSFILTER"] = value
            except OSError:
                pass
        assert given == {{}}
    """
    )


def test_a_list_may_change_while_its_size_is_estimated():
    run("""
        import csocket, gc
        class Bytes(bytes):
            def __len__(self):
                given.clear()
                gc.collect()
                return 4
        given = [Bytes(b"1234") for _ in range(5)]
        with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
            try:
                sock.options["IP_MSFILTER"] = given
            except ValueError:
                pass
    """)


def test_names_of_attributes_must_be_strings():
    run("""
        import csocket
        with csocket.socket() as sock:
            for owner in (csocket.options, sock.options):
                for call, *more in ((owner.__getattribute__,), (owner.__setattr__, 1)):
                    for name in (5, 10**30, None, b"so_linger", 1.5):
                        try:
                            call(name, *more)
                        except (TypeError, AttributeError):
                            continue
                        raise AssertionError(name)
    """)


def test_a_number_beyond_2_to_the_63rd_need_not_be_an_int():
    """A J1939 address has a name of 64 bits; numpy's numbers are not subclasses of int."""
    run("""
        import csocket
        class Number:
            def __index__(self):
                return 2**63 + 5
        plain = csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM)
        sock = csocket.socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939, plain.detach())
        for name in (2**63 + 5, Number()):
            try:
                sock.bind(("lo", name, 0, 0))
            except OSError as error:
                assert error.address[1] == 2**63 + 5, error.address
            else:
                raise AssertionError("a socket of AF_UNIX has taken an address of AF_CAN")
        sock.close()
    """)


KEEPING = """
    import csocket, os
    class Keeping(csocket.socket):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            if len(args) + len(kwargs) == 4:
                kept.append(self)
                raise RuntimeError("no")
    kept = []
"""
STILL_OPEN = """
    assert kept[0].fileno() >= 0 and os.path.exists(f"/proc/self/fd/{kept[0].fileno()}")
    kept[0].close()
    sock.close()
"""


def test_dup_closes_nothing_that_another_object_owns():
    """A derived class that fails after its base has taken the descriptor."""
    program = """
    sock = Keeping()
    try:
        sock.dup()
    except RuntimeError:
        pass
    """
    run(KEEPING + program + STILL_OPEN)


def test_fromfd_closes_nothing_that_another_object_owns():
    program = """
    sock = csocket.socket()
    csocket.socket = Keeping
    try:
        csocket.fromfd(sock.fileno(), csocket.AF_INET, csocket.SOCK_STREAM)
    except RuntimeError:
        pass
    """
    run(KEEPING + program + STILL_OPEN)


@pytest.mark.parametrize(
    "call",
    [
        "sock.dup()",
        "csocket.fromfd(sock.fileno(), csocket.AF_INET, csocket.SOCK_STREAM)",
        "sock.accept()",
        "csocket.socketpair()",
        "csocket.create_connection(peer, happy_eyeballs_delay=None)",
        "csocket.create_connection(peer)",
        "csocket.socket()",
    ],
)
def test_an_audit_hook_that_refuses_leaves_nothing_open(call):
    run(f"""
        import csocket, gc, os, sys, warnings
        warnings.simplefilter("ignore")
        def hook(event, args):
            if refusing and event == "socket.__new__":
                raise RuntimeError("no")
        refusing = False
        sys.addaudithook(hook)
        sock = csocket.create_server(("127.0.0.1", 0))
        peer = sock.getsockname()
        client = csocket.create_connection(peer)
        before = os.listdir("/proc/self/fd")
        refusing = True
        try:
            {call}
        except RuntimeError:
            pass
        else:
            raise AssertionError
        refusing = False
        gc.collect()
        assert os.listdir("/proc/self/fd") == before
        sock.close()
        client.close()
    """)


SENDING = """
    import csocket, os, signal, threading
    ours, theirs = csocket.socketpair()
    def handler(*args):
        raise ZeroDivisionError
    def drain():
        while theirs.recv(1 << 16):
            pass
    class File:
        read = bytes(8192).ljust  # a file in C that never ends: no bytecode runs
    signal.signal(signal.SIGALRM, handler)
    threading.Timer(30, os._exit, [3]).start()
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        {call}
    except ZeroDivisionError:
        os._exit(0)
"""


def test_a_signal_ends_a_sendfile_that_never_waits():
    call = "threading.Thread(target=drain, daemon=True).start(); ours.sendfile(File())"
    run(SENDING.format(call=call))


def test_a_signal_ends_a_sendfile_that_would_block():
    """Another thread makes the socket non-blocking: sendfile tries again and again."""
    call = "threading.Timer(0.1, ours.setblocking, [False]).start(); ours.sendfile(File())"
    run(SENDING.format(call=call))


def test_a_send_of_a_derived_class_may_return_nonsense():
    run("""
        import csocket, io
        ours, theirs = csocket.socketpair()
        class Derived(csocket.socket):
            def send(self, data):
                return result
        sock = Derived(fileno=ours.detach())
        for result, expected in ((-5, ValueError), (None, TypeError), ("x", TypeError)):
            try:
                sock.sendfile(io.BytesIO(b"1234"))
            except expected:
                continue
            raise AssertionError(result)
        sock.close()
        theirs.close()
    """)


def test_a_file_that_was_never_opened():
    run("""
        import csocket
        for name, *args in (
            ("read", 1), ("read",), ("readall",), ("readinto", bytearray(1)), ("write", b""),
            ("fileno",), ("readable",), ("writable",), ("seekable",), ("flush",), ("close",),
        ):
            file = csocket.SocketIO.__new__(csocket.SocketIO)
            try:
                getattr(file, name)(*args)
            except ValueError:
                pass
            repr(file), file.mode, file.closed
    """)


def test_a_thread_may_have_a_small_stack():
    """Programs with thousands of threads use stacks of 64 KiB; memory below must not be touched."""
    printed = run("""
        import csocket, io, tempfile, threading
        ours, theirs = csocket.socketpair()
        file = tempfile.TemporaryFile()
        file.write(b"12345678")
        file.flush()
        calls = [
            lambda: theirs.recv(1 << 20),
            lambda: theirs.recvfrom(1 << 20)[0],
            lambda: theirs.recvmsg(1 << 20, 1 << 12)[0],
            lambda: theirs.recv(1 << 20, csocket.MSG_PEEK),
            lambda: theirs.makefile("rb", buffering=0).read(1 << 20),
            lambda: dict(ours.options) and csocket.getaddrinfo("127.0.0.1", 80) and b"12345678",
            lambda: ours.sendfile(file) and ours.sendfile(io.BytesIO(b"")) == 0 and b"12345678",
        ]
        dict(ours.options)  # makes classes, for which 3.14's parser needs more than that
        def work(call):
            print(call())
        threading.stack_size(64 * 1024)
        for call in calls:
            ours.sendall(b"12345678")
            thread = threading.Thread(target=work, args=[call])
            thread.start()
            thread.join()
            theirs.setblocking(False)
            try:
                while theirs.recv(1 << 10):
                    pass
            except BlockingIOError:
                theirs.setblocking(True)
    """)
    assert printed == ["b'12345678'"] * 7


RACING = """
    import contextlib, csocket, threading, time

    def race(*calls):
        def work(call):
            while time.monotonic() < end:
                with contextlib.suppress(AttributeError):
                    call()
        end = time.monotonic() + 1
        threads = [threading.Thread(target=work, args=[call]) for call in calls * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""


def test_a_file_may_be_opened_again_while_another_thread_asks_for_its_mode():
    program = """
    with csocket.socket() as sock:
        file = csocket.SocketIO(sock, "rb")
        seen = set()
        race(
            lambda: file.__init__(sock, "rb"),
            lambda: file.__init__(sock, "rwb"),
            lambda: seen.add(file.mode),
        )
        assert seen <= {"rb", "rwb"}, seen
    """
    run(RACING + program)


def test_an_attribute_options_may_go_while_another_thread_reads_it():
    program = """
    class Derived(csocket.socket):
        pass
    def take_away():
        del sock.options
    with Derived() as sock:
        race(
            lambda: setattr(sock, "options", [object()]),
            take_away,
            lambda: repr(sock.options),
        )
    """
    run(RACING + program)
