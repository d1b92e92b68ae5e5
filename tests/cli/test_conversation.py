"""connect and listen: datagrams, records, the end of input, paths, accept(2)'s errors, commands."""

import contextlib
import errno
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from command import (
    ENVIRONMENT,
    PROGRAM,
    SECONDS,
    Listener,
    address_of,
    complaint,
    has_ipv6,
    output,
    run,
)

PRELOAD = os.environ.get("CSOCKET_PRELOAD", "")
needs_preload = unittest.skipUnless(PRELOAD, "calls cannot be replaced in this build")


def failing(what):
    return {**ENVIRONMENT, "LD_PRELOAD": PRELOAD, "CSOCKET_FAIL": what}


def abstract(what):
    return f"@csocket-{what}-{os.getpid()}-{os.urandom(3).hex()}"


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


def talk(*command, data=b"", **more):
    return subprocess.run(
        command, input=data, capture_output=True, timeout=SECONDS, env=ENVIRONMENT, **more
    )


class Datagrams(unittest.TestCase):
    def test_listen_receives_and_replies_to_the_last_sender(self):
        for address in ["127.0.0.1:0"] + (["[::1]:0"] if has_ipv6() else []):
            with self.subTest(address), Listener("--udp", address) as server:
                family = socket.AF_INET6 if "[" in address else socket.AF_INET
                with socket.socket(family, socket.SOCK_DGRAM) as peer:
                    peer.settimeout(SECONDS)
                    peer.connect(("::1" if "[" in address else "127.0.0.1", server.port))
                    peer.send(b"question")
                    self.assertEqual(os.read(server.process.stdout.fileno(), 100), b"question")
                    server.process.stdin.write(b"answer")
                    server.process.stdin.flush()
                    self.assertEqual(peer.recv(100), b"answer")

    def test_replies_go_to_the_sender_of_the_last_datagram(self):
        with (
            Listener("--udp", "--keep-open", "127.0.0.1:0") as server,
            socket.socket(type=socket.SOCK_DGRAM) as first,
            socket.socket(type=socket.SOCK_DGRAM) as second,
        ):
            for number, peer in enumerate((first, second)):
                peer.settimeout(SECONDS)
                peer.connect(("127.0.0.1", server.port))
                peer.send(b"%d" % number)
                self.assertEqual(os.read(server.process.stdout.fileno(), 100), b"%d" % number)
                server.process.stdin.write(b"to %d" % number)
                server.process.stdin.flush()
                self.assertEqual(peer.recv(100), b"to %d" % number)

    def test_echo_goes_to_each_sender(self):
        with Listener("--udp", "--echo", "--keep-open", "127.0.0.1:0") as server:
            peers = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(3)]
            for number, peer in enumerate(peers):
                peer.sendto(b"%d" % number, ("127.0.0.1", server.port))
            for number, peer in enumerate(peers):
                peer.settimeout(SECONDS)
                self.assertEqual(peer.recv(10), b"%d" % number)
                peer.close()

    def test_idle_ends_it_and_timeout_limits_the_wait_for_the_first(self):
        with Listener("--udp", "--idle=50ms", "127.0.0.1:0") as server:
            run("connect", "--udp", "--idle=2", server.address, data="x")
            self.assertEqual(server.end(None), (0, b"x"))
        self.assertIn("timed out", complaint("listen", "-u", "--timeout=10ms", "127.0.0.1:0"))

    def test_a_client_on_a_path_can_be_answered(self):
        with tempfile.TemporaryDirectory() as folder:
            for address in (f"{folder}/socket", abstract("dgram")):
                with Listener("--type=dgram", "--echo", "--keep-open", address):
                    said = output(
                        "connect", "--type=dgram", "--idle=300ms", address, data="answer me"
                    )
                    self.assertEqual(said, "answer me")

    @needs_preload
    def test_where_the_kernel_chooses_no_name_a_temporary_path_is_used_and_removed(self):
        with tempfile.TemporaryDirectory() as folder:
            address = f"{folder}/socket"
            with Listener("--type=dgram", "--echo", "--keep-open", address):
                environment = {**failing("bind 22 1"), "XDG_RUNTIME_DIR": folder}
                done = subprocess.run(
                    [PROGRAM, "connect", "--type=dgram", "--idle=300ms", address],
                    input=b"answer", capture_output=True, env=environment, timeout=SECONDS,
                )  # fmt: skip
                self.assertEqual((done.returncode, done.stdout), (0, b"answer"), done.stderr)
                self.assertEqual(os.listdir(folder), ["socket"])


class Records(unittest.TestCase):
    SIZES = (1, 65535, 65536, 65537, 100_000, 200_000)

    def test_records_are_received_completely(self):
        for kind in ("SEQPACKET", "DGRAM"):
            for size in self.SIZES:
                name = abstract("records")
                arguments = [f"--type={kind.lower()}", "--idle=2s", name]
                with (
                    self.subTest(kind=kind, size=size),
                    Listener(*arguments, stdin=subprocess.DEVNULL) as server,
                    socket.socket(socket.AF_UNIX, getattr(socket, f"SOCK_{kind}")) as peer,
                ):
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                    peer.connect("\0" + name[1:])
                    data = os.urandom(size)
                    peer.send(data)
                    peer.close()
                    self.assertEqual(server.end(None), (0, data))

    def sent(self, *arguments, **more):
        """The records that a receiver receives."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
            name = abstract("sent")
            server.bind("\0" + name[1:])
            server.listen()
            client = subprocess.Popen(
                [PROGRAM, "connect", "--type=seqpacket", "--option=SO_SNDBUF=1000000", *arguments,
                 name],
                env=ENVIRONMENT, **more,
            )  # fmt: skip
            conn, records = server.accept()[0], []
            with conn:
                if "input" not in more and client.stdin:
                    client.stdin.write(b"x" * 100_000)
                    client.stdin.close()
                while record := conn.recv(1 << 20):
                    records.append(len(record))
            self.assertEqual(client.wait(SECONDS), 0)
            return records

    def test_a_write_to_standard_input_is_one_datagram(self):
        self.assertEqual(self.sent(stdin=subprocess.PIPE), [100_000])

    def test_a_file_is_sent_in_large_datagrams(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"y" * 150_000)
            file.seek(0)
            self.assertEqual(self.sent(stdin=file), [150_000])

    def test_the_size_of_datagrams_can_be_specified(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"y" * 2500)
            file.seek(0)
            self.assertEqual(self.sent("--record-size=1000", stdin=file), [1000, 1000, 500])

    def test_a_record_that_does_not_fit_is_an_error(self):
        with socket.socket(type=socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            with tempfile.TemporaryFile() as file:
                file.write(b"x" * 70_000)
                file.seek(0)
                said = complaint("connect", "-u", address_of(server), stdin=file)
            self.assertIn("send a record of 70000 bytes (--record-size splits it)", said)


class EndOfInput(unittest.TestCase):
    def serve(self, reply):
        """A server that calls reply(connection); its address."""
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def accept():
            with server.accept()[0] as peer:
                reply(peer)

        thread = threading.Thread(target=accept)
        thread.start()
        self.addCleanup(thread.join)
        return address_of(server)

    def test_a_late_reply_is_received(self):
        def reply(peer):
            while peer.recv(100):
                pass
            time.sleep(0.3)
            peer.sendall(b"late")

        self.assertEqual(output("connect", self.serve(reply), data="q"), "late")

    def test_without_a_shutdown_the_peer_sees_no_end(self):
        seen = []

        def reply(peer):
            seen.append(peer.recv(100))
            peer.settimeout(0.3)
            try:
                seen.append(peer.recv(100))
            except TimeoutError:
                seen.append("nothing")
            peer.sendall(b"reply")

        self.assertEqual(
            output("connect", "--no-shutdown", self.serve(reply), data="question"), "reply"
        )
        self.assertEqual(seen, [b"question", "nothing"])

    def test_quit_after_ends_it_even_if_the_peer_does_not(self):
        end = threading.Event()
        self.addCleanup(end.set)

        def reply(peer):
            peer.recv(100)
            peer.sendall(b"soon")
            end.wait(SECONDS)

        said = output("connect", "--quit-after=300ms", "--no-shutdown", self.serve(reply), data="q")
        self.assertEqual(said, "soon")
        end.set()

    @unittest.skipUnless(hasattr(socket, "IPPROTO_SCTP"), "Python has no IPPROTO_SCTP")
    def test_the_end_of_an_sctp_association_is_not_an_error(self):
        try:
            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
        except OSError as error:
            self.skipTest(f"SCTP: {error}")
        with server:
            server.bind(("127.0.0.1", 0))
            server.listen()

            def serve():
                with server.accept()[0] as peer:
                    peer.sendall(peer.recv(100).upper())
                    while peer.recv(100):
                        pass

            thread = threading.Thread(target=serve)
            thread.start()
            client = subprocess.Popen(
                [PROGRAM, "connect", "--protocol=sctp", address_of(server)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            client.stdin.write(b"data")
            client.stdin.flush()
            self.assertEqual(client.stdout.read(4), b"DATA")
            _, errors = client.communicate(timeout=SECONDS)
            thread.join()
            self.assertEqual((client.returncode, errors), (0, b""))

    def test_the_end_of_every_type_of_unix_socket(self):
        for kind in ("stream", "seqpacket", "dgram"):
            with self.subTest(kind):
                name = abstract("end")
                with Listener(f"--type={kind}", "--idle=200ms", name) as server:
                    done = talk(PROGRAM, "connect", f"--type={kind}", "--idle=1s", name, data=b"x")
                    self.assertEqual((done.returncode, done.stderr), (0, b""))
                    self.assertEqual(server.end(), (0, b"x"))


class NonBlocking(unittest.TestCase):
    """Pipes that another program has set to O_NONBLOCK."""

    def test_standard_input_and_output(self):
        size = 3_000_000
        with Listener("--echo", "127.0.0.1:0") as server:
            read_in, write_in = os.pipe()
            read_out, write_out = os.pipe()
            for fd in (read_in, write_out):
                os.set_blocking(fd, False)
            client = subprocess.Popen(
                [PROGRAM, "connect", server.address], stdin=read_in, stdout=write_out,
                stderr=subprocess.PIPE, env=ENVIRONMENT,
            )  # fmt: skip
            os.close(read_in)
            os.close(write_out)

            def feed():
                time.sleep(0.1)  # at first the command has no input
                with open(write_in, "wb") as file:
                    file.write(b"z" * size)

            thread = threading.Thread(target=feed)
            thread.start()
            time.sleep(0.3)  # and its output pipe is temporarily full
            with open(read_out, "rb") as file:
                self.assertEqual(len(file.read()), size)
            thread.join()
            self.assertEqual(client.wait(SECONDS), 0)
            self.assertEqual(client.communicate()[1], b"")


class Paths(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "socket"

    def test_a_regular_file_in_its_place_is_kept(self):
        with Listener("--keep-open", str(self.path)) as server:
            self.path.unlink()
            self.path.write_text("precious")
            server.process.terminate()
            server.process.wait(SECONDS)
        self.assertEqual(self.path.read_text(), "precious")

    def test_another_listeners_socket_stays(self):
        with Listener("--keep-open", str(self.path)) as server:
            self.path.unlink()
            with socket.socket(socket.AF_UNIX) as other:
                other.bind(str(self.path))
                server.process.terminate()
                server.process.wait(SECONDS)
                self.assertTrue(self.path.is_socket())

    def test_a_path_that_is_in_use_stays(self):
        with Listener("--keep-open", str(self.path)):
            self.assertIn("Address already in use", complaint("listen", str(self.path)))
            self.assertTrue(self.path.is_socket())

    def test_the_source_of_a_client_is_removed(self):
        source = self.folder / "source"
        with Listener("--keep-open", "--echo", str(self.path)) as server:
            said = output("connect", f"--source={source}", str(self.path), data="x")
            self.assertEqual(said, "x")
            self.assertFalse(source.exists())
            server.process.terminate()
            server.process.wait(SECONDS)
            complaint("connect", f"--source={source}", str(self.path))  # refused
            self.assertFalse(source.exists())

    def test_by_every_signal_that_ends_it(self):
        ending = [
            number for number in signal.valid_signals()
            if number not in (
                signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU,
                signal.SIGCONT, signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH, signal.SIGPIPE,
                signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP,
                signal.SIGABRT, signal.SIGSYS,
            ) and number < 32
        ]  # fmt: skip
        for number in ending:
            with self.subTest(number), Listener("--keep-open", str(self.path)) as server:
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(SECONDS), -number)
                self.assertEqual(os.listdir(self.folder), [])

    @needs_preload
    def test_a_failed_listen(self):
        done = subprocess.run(
            [PROGRAM, "listen", self.path], capture_output=True, env=failing("listen 95 1"),
            timeout=SECONDS,
        )  # fmt: skip
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Operation not supported", done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    @needs_preload
    def test_any_failing_allocation(self):
        """Each allocation fails in turn: the command reports it, exits and leaves no path
        behind."""
        survived = 0
        for number in range(1, 200):
            process = subprocess.Popen(
                [PROGRAM, "listen", "--timeout=1s", self.path], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=failing(f"malloc {number}"),
            )  # fmt: skip
            end = time.monotonic() + SECONDS
            while process.poll() is None and time.monotonic() < end:
                with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as peer:
                    peer.connect(str(self.path))
                    peer.sendall(b"x")
                time.sleep(0.005)
            _, errors = process.communicate(timeout=SECONDS)
            self.assertGreaterEqual(process.returncode, 0, (number, errors))
            self.assertEqual(os.listdir(self.folder), [], (number, errors))
            if process.returncode != 0:
                self.assertIn(b"emory", errors)
            survived = survived + 1 if process.returncode == 0 else 0
            if survived > 10:  # the command makes fewer allocations
                return


@needs_preload
class Accept(unittest.TestCase):
    """Each errno of accept(2)."""

    TRANSIENT = ("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM")
    PEERS = (
        "ECONNABORTED", "EPERM", "EPROTO", "ENETDOWN", "ENOPROTOOPT", "EHOSTDOWN", "ENONET",
        "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "EAGAIN", "EINTR", "ETIMEDOUT",
        "ESOCKTNOSUPPORT", "EPROTONOSUPPORT", "ENOSR", "EACCES",
    )  # fmt: skip
    FATAL = ("EBADF", "EFAULT", "EINVAL", "ENOTSOCK")

    def test_errors_of_accept_that_are_ignored(self):
        """test_errors_of_accept_that_end_the_command proves that the errors do occur."""
        for name in self.TRANSIENT + self.PEERS:
            for times in (1, 3):
                with (
                    self.subTest(name, times=times),
                    Listener(
                        "--keep-open", "--echo", "127.0.0.1:0",
                        env=failing(f"accept4 {getattr(errno, name)} {times}"),
                    ) as server,
                    socket.create_connection(("127.0.0.1", server.port), SECONDS) as peer,
                ):  # fmt: skip
                    peer.sendall(b"still here")
                    self.assertEqual(peer.recv(100), b"still here")

    def test_errors_of_accept_that_end_the_command(self):
        for name in self.FATAL:
            number = getattr(errno, name)
            with (
                self.subTest(name),
                Listener(
                    "--keep-open", "--echo", "127.0.0.1:0", env=failing(f"accept4 {number} 1000000")
                ) as server,
                socket.socket() as peer,
            ):
                peer.connect_ex(("127.0.0.1", server.port))  # the server may already have exited
                self.assertEqual(server.end(None)[0], 1)
                self.assertIn(os.strerror(number).encode(), server.errors)

    def test_a_recurring_error_does_not_keep_a_processor_busy(self):
        with (
            Listener(
                "--keep-open", "--echo", "127.0.0.1:0",
                env=failing(f"accept4 {errno.EPROTO} 100000000"),
            ) as server,
            socket.create_connection(("127.0.0.1", server.port), SECONDS),
        ):  # fmt: skip
            time.sleep(1)
            ticks = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().split()[13:15]
            self.assertLess(sum(map(int, ticks)), 40)  # hundredths of a second


class Bounds(unittest.TestCase):
    def test_max_connections_are_served_and_the_others_wait(self):
        with Listener("--keep-open", "--echo", "--max-connections=2", "127.0.0.1:0") as server:
            peers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
            for peer in peers:
                peer.sendall(b"x")
            for peer in peers[:2]:
                peer.settimeout(SECONDS)
                self.assertEqual(peer.recv(1), b"x")
            self.assertEqual(select.select([peers[2]], [], [], 0.2)[0], [])
            peers[0].close()
            peers[2].settimeout(SECONDS)
            self.assertEqual(peers[2].recv(1), b"x")
            for peer in peers:
                peer.close()

    def test_an_idle_connection_is_closed(self):
        with (
            Listener("--keep-open", "--echo", "--idle=100ms", "127.0.0.1:0") as server,
            socket.create_connection(("127.0.0.1", server.port), SECONDS) as peer,
        ):
            self.assertEqual(peer.recv(1), b"")


class Forms(unittest.TestCase):
    def test_host_and_port(self):
        with Listener("--keep-open", "--echo", "127.0.0.1", "0") as server:
            port = str(server.port)
            for words in (
                ["127.0.0.1", port], [f"tcp://127.0.0.1:{port}"], [f"tcp:127.0.0.1:{port}"],
                [f"127.0.0.1:{port}"],
            ):  # fmt: skip
                self.assertEqual(output("connect", *words, data="x"), "x")

    def test_a_port_alone(self):
        with Listener("--echo", "0") as server:
            self.assertTrue(server.address.startswith("0.0.0.0:"))

    def test_uris(self):
        with tempfile.TemporaryDirectory() as folder:
            for address in (f"unix:{folder}/a", f"unix://{folder}/a", f"unix:{abstract('uri')}"):
                with Listener("--echo", address):
                    self.assertEqual(output("connect", address, data="x"), "x")
            with Listener("--echo", "unix:relative", cwd=folder):
                self.assertEqual(output("connect", "unix:relative", data="x", cwd=folder), "x")
        with Listener("--echo", "--keep-open", "udp://127.0.0.1:0") as server:
            said = output("connect", "--idle=300ms", f"udp://127.0.0.1:{server.port}", data="x")
            self.assertEqual(said, "x")


class Changed(unittest.TestCase):
    def test_crlf(self):
        for data, sent in ((b"a\nb\r\n\n", b"a\r\nb\r\n\r\n"), (b"\n", b"\r\n"), (b"", b"")):
            with Listener("127.0.0.1:0", stdin=subprocess.DEVNULL) as server:
                talk(PROGRAM, "connect", "--crlf", server.address, data=data)
                self.assertEqual(server.end(None), (0, sent))

    def test_hex(self):
        with Listener("--echo", "127.0.0.1:0") as server:
            done = talk(PROGRAM, "connect", "--hex", server.address, data=b"hi\x1b\xff")
        line = rb"00000000  68 69 1b ff {38,40} *\|hi\.\.\|"
        self.assertRegex(done.stderr, rb"(?m)^> " + line + b"$")
        self.assertRegex(done.stderr, rb"(?m)^< " + line + b"$")
        self.assertEqual(done.stdout, b"hi\x1b\xff")

    def test_progress_in_lines(self):
        with Listener("--echo", "127.0.0.1:0") as server:
            done = talk(PROGRAM, "connect", "--progress", server.address, data=b"x" * 5000)
        self.assertRegex(done.stderr, rb"csocket: sent 5\.0 kB, received 5\.0 kB, .*/s, 0:\d\d\n$")


if __name__ == "__main__":
    unittest.main()
