"""csocket connect and csocket listen, talking to each other and to sockets of the test."""

import os
import pty
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
    let_trace,
    needs_tracing,
    output,
    run,
)


def abstract_name(what):
    return f"@csocket-test-{what}-{os.getpid()}"


def refusing():
    """A socket that reserves a port without listening on it."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    return s


class BothEnds(unittest.TestCase):
    def exchange(self, address, *arguments):
        """Both commands send data, and both exit when all of it has been sent."""
        with Listener(*arguments, address) as server:
            client = subprocess.Popen(
                [PROGRAM, "connect", server.address],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=ENVIRONMENT,
            )
            server.process.stdin.write(b"to the client\n")
            server.process.stdin.close()
            server.process.stdin = None
            out, errors = client.communicate(b"to the server\n" * 1000, timeout=SECONDS)
            self.assertEqual((client.returncode, out, errors), (0, b"to the client\n", b""))
            self.assertEqual(server.end(None), (0, b"to the server\n" * 1000))
            return server

    def test_ipv4(self):
        server = self.exchange("127.0.0.1:0")
        self.assertRegex(server.errors.decode(), r"^csocket: connection from 127\.0\.0\.1:\d+\n$")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_ipv6(self):
        server = self.exchange("[::1]:0")
        self.assertRegex(server.errors.decode(), r"^csocket: connection from \[::1\]:\d+\n$")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_dualstack(self):
        with Listener("--dualstack", "--keep-open", "--echo", ":0") as server:
            for host in ("127.0.0.1", "[::1]"):
                said = output("connect", f"{host}:{server.port}", data=host)
                self.assertEqual(said, host)

    def test_a_path_is_removed_in_the_end(self):
        with tempfile.TemporaryDirectory() as folder:
            server = self.exchange(f"{folder}/socket")
            self.assertIn(b"connection from a socket without a name", server.errors)
            self.assertEqual(os.listdir(folder), [])

    def test_a_path_is_removed_by_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number), tempfile.TemporaryDirectory() as folder:
                with Listener("--keep-open", f"{folder}/socket") as server:
                    self.assertEqual(os.listdir(folder), ["socket"])
                    server.process.send_signal(number)
                    self.assertEqual(server.end()[0], -number)
                self.assertEqual(os.listdir(folder), [])

    def test_an_abstract_name(self):
        self.exchange(abstract_name("talk"))

    def test_another_type(self):
        name = abstract_name("packets")
        with Listener("--type=seqpacket", name, stdin=subprocess.DEVNULL) as server:
            run("connect", "--type=SOCK_SEQPACKET", name, data="packet")
            self.assertEqual(server.end(None), (0, b"packet"))
            self.assertIn("refused", complaint("connect", name))


class Listen(unittest.TestCase):
    def test_echo_to_many_at_once(self):
        with Listener("--keep-open", "--echo", "127.0.0.1:0") as server:
            peers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
            for number, peer in enumerate(reversed(peers)):
                peer.settimeout(SECONDS)
                peer.sendall(b"%d" % number)
                self.assertEqual(peer.recv(9), b"%d" % number)
            for peer in peers:
                peer.close()

    def test_echo_ends_after_one_without_keep_open(self):
        with Listener("--echo", "127.0.0.1:0") as server:
            self.assertEqual(output("connect", server.address, data="once"), "once")
            self.assertEqual(server.end(), (0, b""))

    def test_keep_open_receives_from_one_client_at_a_time(self):
        with Listener("--keep-open", "127.0.0.1:0", stdin=subprocess.DEVNULL) as server:
            for text in ("one ", "two "):
                run("connect", server.address, data=text)
            received = b""
            while len(received) < 8:
                received += os.read(server.process.stdout.fileno(), 8)
            self.assertEqual(received, b"one two ")

    def test_timeout_without_a_client(self):
        with Listener("--timeout=100ms", "127.0.0.1:0") as server:
            self.assertEqual(server.end()[0], 1)
            self.assertEqual(server.errors, b"csocket: accept: timed out\n")

    def test_quiet_prints_no_messages(self):
        result = run("listen", "--quiet", "--timeout=10ms", "127.0.0.1:0", status=1)
        self.assertEqual(result.stderr, "csocket: accept: timed out\n")

    def test_an_address_in_use_is_named(self):
        with Listener("127.0.0.1:0") as server:
            said = complaint("listen", server.address)
            self.assertIn("Address already in use", said)
            self.assertIn(server.address, said)

    def test_reuse_port_shares_it(self):
        with (
            Listener("--reuse-port", "127.0.0.1:0") as server,
            Listener("--reuse-port", server.address) as second,
        ):
            self.assertEqual(second.address, server.address)

    @needs_tracing
    def test_options_are_inherited_by_connections(self):
        with (
            Listener(
                "--option=SO_LINGER=on 7s", "--echo", "127.0.0.1:0", preexec_fn=let_trace
            ) as server,
            socket.create_connection(("127.0.0.1", server.port)) as peer,
        ):
            peer.sendall(b"x")
            peer.recv(1)
            said = output("options", "--pid", str(server.process.pid), "--fd=4", "--get=SO_LINGER")
            self.assertEqual(said, "SO_LINGER=on 7s\n")

    def test_an_option_that_the_kernel_refuses_is_named(self):
        said = complaint("listen", "--option=SO_BINDTODEVICE=nosuchdevice", "127.0.0.1:0")
        self.assertIn("SO_BINDTODEVICE", said)
        self.assertIn("No such device", said)

    @needs_tracing
    def test_the_backlog_is_passed_to_the_kernel(self):
        with Listener("--backlog=7", "127.0.0.1:0", preexec_fn=let_trace) as server:
            said = output("options", "--pid", str(server.process.pid), "--fd=3", "--get=TCP_INFO")
            self.assertIn(" sacked=7 ", said)  # where Linux keeps a listening socket's backlog

    def test_a_closed_standard_output_ends_it_quietly(self):
        with tempfile.TemporaryDirectory() as folder:
            with Listener("--keep-open", f"{folder}/socket") as server:
                server.process.stdout.close()
                server.process.stdout = None
                # The client's progress before the listener exits is unspecified.
                subprocess.run(
                    [PROGRAM, "connect", server.address], input=b"unread data",
                    stderr=subprocess.DEVNULL, timeout=SECONDS,
                )  # fmt: skip
                server.process.wait(timeout=SECONDS)
                self.assertEqual(server.process.returncode, 1)
            self.assertEqual(os.listdir(folder), [])


class Connect(unittest.TestCase):
    def test_verbose_names_the_peers(self):
        with Listener("--echo", "127.0.0.1:0") as server:
            said = run("connect", "--verbose", server.address).stderr
            self.assertRegex(
                said, rf"^csocket: connected to {server.address} from 127\.0\.0\.1:\d+\n$"
            )

    def test_source(self):
        with Listener("--echo", "127.0.0.1:0") as server:
            run("connect", "--source=127.0.0.2:0", server.address)
            server.end()
            self.assertIn(b"connection from 127.0.0.2:", server.errors)

    def test_refused_names_the_address(self):
        with refusing() as s:
            address = address_of(s)
            self.assertEqual(
                complaint("connect", address),
                f"csocket: connect to {address}: Connection refused\n",
            )

    def test_attempts_are_named(self):
        said = complaint("connect", "--happy-eyeballs-delay=10ms", "localhost:1").splitlines()
        for line in said:
            self.assertRegex(line, r"(127\.0\.0\.1|\[::1\]):1: Connection refused$")

    def test_a_host_that_is_not_found_is_named(self):
        said = complaint("connect", "nosuchhost.invalid:80")
        self.assertRegex(said, r"^csocket: nosuchhost\.invalid:80: \S")

    def test_timeout(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(0)
            full = []  # connections until the backlog is full
            try:
                for _ in range(3):
                    full.append(socket.socket())
                    full[-1].setblocking(False)
                    full[-1].connect_ex(server.getsockname())
                begin = time.monotonic()
                said = complaint("connect", "-t0.2", address_of(server))
                self.assertIn("timed out", said)
                self.assertLess(time.monotonic() - begin, 5)
            finally:
                for s in full:
                    s.close()

    def test_idle_ends_a_connection_without_data(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = address_of(server)
            self.assertEqual(output("connect", "--idle=100ms", address, data="x"), "")

    def test_datagrams(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(SECONDS)

            def answer():
                data, peer = server.recvfrom(100)
                server.sendto(b"", peer)  # does not end the output
                server.sendto(data.upper(), peer)

            thread = threading.Thread(target=answer)
            thread.start()
            address = address_of(server)
            said = output("connect", "--type=dgram", "--idle=500ms", address, data="shout")
            thread.join()
            self.assertEqual(said, "SHOUT")

    def test_all_is_sent_although_the_peer_sends_nothing(self):
        """A peer that has closed its sending half may still read data."""
        size = 5_000_000
        with socket.create_server(("127.0.0.1", 0)) as server:
            got = []

            def read():
                peer = server.accept()[0]
                peer.shutdown(socket.SHUT_WR)
                with peer, peer.makefile("rb") as file:
                    got.append(len(file.read()))

            thread = threading.Thread(target=read)
            thread.start()
            run("connect", address_of(server), data="x" * size)
            thread.join()
        self.assertEqual(got, [size])

    def test_unsent_input_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as server:

            def reset():
                peer = server.accept()[0]
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                peer.recv(1)
                peer.close()

            thread = threading.Thread(target=reset)
            thread.start()
            address = address_of(server)
            said = complaint("connect", address, data="x" * 50_000_000)
            thread.join()
        self.assertRegex(said, "reset|pipe")

    def test_a_terminal_need_not_end_its_input(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            keyboard, terminal = pty.openpty()
            client = subprocess.Popen([PROGRAM, "connect", address_of(server)], stdin=terminal)
            server.accept()[0].close()
            self.assertEqual(client.wait(timeout=SECONDS), 0)
            os.close(keyboard)
            os.close(terminal)

    def test_options_are_set_before_connecting(self):
        with refusing() as s:
            address = address_of(s)
            said = complaint("connect", "-oSO_BINDTODEVICE=nosuchdevice", address)
            self.assertIn("SO_BINDTODEVICE", said)

    def test_a_closed_standard_output_ends_it_quietly(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            reader, writer = os.pipe()
            client = subprocess.Popen(
                [PROGRAM, "connect", address_of(server)],
                stdin=subprocess.PIPE,
                stdout=writer,
                stderr=subprocess.PIPE,
            )
            os.close(writer)
            os.close(reader)
            with server.accept()[0] as peer:
                peer.sendall(b"unread data")
                self.assertEqual(client.wait(timeout=SECONDS), 1)
            self.assertEqual(client.communicate()[1], b"")
