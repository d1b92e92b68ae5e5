"""Commands behind a listener, waiting for ports, relays, inherited sockets; nc, ncat and socat."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

from command import (
    END,
    ENVIRONMENT,
    PROGRAM,
    SECONDS,
    Listener,
    address_of,
    complaint,
    default_signals,
    output,
    run,
)


def abstract(what):
    return f"@csocket-{what}-{os.getpid()}-{os.urandom(3).hex()}"


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


def talk(*command, data=b""):
    return subprocess.run(
        command, input=data, capture_output=True, timeout=SECONDS, env=ENVIRONMENT
    )


class Commands(unittest.TestCase):
    def test_a_command_serves_the_connection(self):
        with Listener("--keep-open", "127.0.0.1:0", "--", "tr", "a-z", "A-Z") as server:
            for _ in range(2):
                self.assertEqual(output("connect", server.address, data="shout"), "SHOUT")

    def test_no_shell_unless_requested(self):
        with Listener("--exec=echo $HOME;", "127.0.0.1:0") as server:
            self.assertEqual(output("connect", server.address), "$HOME;\n")
        with Listener("--shell=echo $((40 + 2)); exit 3", "127.0.0.1:0") as server:
            self.assertEqual(output("connect", server.address), "42\n")
            self.assertEqual(server.end(None)[0], 3)

    def test_the_addresses_are_in_the_environment(self):
        with (
            Listener("127.0.0.1:0", "--", "env") as server,
            socket.create_connection(("127.0.0.1", server.port), SECONDS) as peer,
        ):
            said = peer.makefile().read()
            self.assertIn(f"\nCSOCKET_PEER={address_of(peer)}\n", said)
            self.assertIn(f"\nCSOCKET_LOCAL={server.address}\n", said)
            self.assertIn("\nCSOCKET_FAMILY=AF_INET\n", said)

    def test_other_descriptors_are_closed_and_signals_are_reset(self):
        code = (
            "import os, signal; print(sorted(map(int, os.listdir('/proc/self/fd')))[:3], "
            "len([f for f in os.listdir('/proc/self/fd')]), "
            "signal.pthread_sigmask(signal.SIG_BLOCK, []))"
        )
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        with Listener("127.0.0.1:0", "--", sys.executable, "-c", code, close_fds=False) as server:
            # The fourth is the directory being listed.
            self.assertEqual(output("connect", server.address), "[0, 1, 2] 4 set()\n")
        os.close(reader)
        os.close(writer)

    def test_a_command_that_does_not_exist_is_named(self):
        with Listener("127.0.0.1:0", "--", "no-such-command") as server:
            run("connect", server.address)
            self.assertEqual(server.end(None)[0], 1)
            self.assertIn(b"no-such-command: No such file or directory", server.errors)


class WaitAndCheck(unittest.TestCase):
    def test_wait_until_it_accepts_then_run_a_command(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            threading.Timer(0.3, server.listen).start()
            said = output("connect", "--wait=20s", address_of(server), "--", "echo", "now", "-x")
            self.assertEqual(said, "now -x\n")

    def test_wait_has_a_limit(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            said = complaint("connect", "--wait=200ms", address_of(server), "--", "false")
            self.assertIn("Connection refused", said)

    def test_wait_does_not_repeat_what_time_cannot_change(self):
        for words in (
            ["127.0.0.1:99999"],
            ["127.0.0.1:nosuchservice"],
            ["127.0.0.1", "nosuchservice"],
            ["[127.0.0.1]:80"],
            ["@" + "x" * 200],
            ["--protocol=sctp", "--udp", "127.0.0.1:80"],
            ["--option=TCP_MAXSEG=1", "127.0.0.1:1"],
        ):
            with self.subTest(words):
                complaint("connect", "--wait", *words)

    def test_the_command_decides_the_status(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            run("connect", "-w", address_of(server), "--", "sh", "-c", "exit 7", status=7)
            run("connect", "-w", address_of(server), "--", "no-such-command", status=127)
            run("connect", "-w", address_of(server))

    def test_check(self):
        with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            open_port, closed_port = server.getsockname()[1], closed.getsockname()[1]
            run("connect", "--check", "127.0.0.1", str(open_port))
            run("connect", "--check", f"127.0.0.1:{open_port}")
            done = run(
                "connect", "--check", "--parallel=2", "--json", "127.0.0.1",
                f"{closed_port},{open_port}-{open_port}", status=1,
            )  # fmt: skip
            self.assertIn(f'"port": {open_port}, "state": "accepts", "error": null', done.stdout)
            self.assertIn(
                f'"port": {closed_port}, "state": "fails", "error": "Connection refused"',
                done.stdout,
            )

    def test_a_deadline_covers_everything(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            said = complaint("connect", "--deadline=200ms", address_of(server))
            self.assertIn(f"{address_of(server)}: not finished at the deadline of 0.2s", said)


class Relays(unittest.TestCase):
    @contextlib.contextmanager
    def relay(self, *arguments):
        process = subprocess.Popen(
            [PROGRAM, "relay", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENVIRONMENT, preexec_fn=default_signals,
        )  # fmt: skip
        line = process.stderr.readline().decode()
        match = re.fullmatch(r"csocket: listening on (.*)\n", line)
        try:
            self.assertTrue(match, line)
            yield match[1]
        finally:
            process.send_signal(END)
            process.communicate()


class Relay(Relays):
    def test_between_families_many_at_once(self):
        name = abstract("relay")
        with (
            Listener("--keep-open", "--echo", name),
            self.relay("--keep-open", "127.0.0.1:0", name) as address,
        ):
            host, port = address.split(":")
            peers = [socket.create_connection((host, port), SECONDS) for _ in range(5)]
            for number, peer in enumerate(reversed(peers)):
                peer.sendall(b"%d" % number)
                self.assertEqual(peer.recv(9), b"%d" % number)
            for peer in peers:
                peer.close()
            size = 2_000_000
            self.assertEqual(len(output("connect", address, data="x" * size)), size)

    def test_half_close(self):
        """The server answers once it has seen the end of the request."""
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve():
                with server.accept()[0] as peer:
                    count = len(peer.makefile("rb").read())
                    peer.sendall(b"%d bytes" % count)

            thread = threading.Thread(target=serve)
            thread.start()
            with self.relay("127.0.0.1:0", address_of(server)) as address:
                self.assertEqual(output("connect", address, data="x" * 1000), "1000 bytes")
            thread.join()

    def test_a_failure_is_passed_on(self):
        """If the target is unreachable or resets the connection, the client sees no regular end."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            target = server.getsockname()
        with self.relay("127.0.0.1:0", f"127.0.0.1:{target[1]}") as address:
            said = complaint("connect", "--no-shutdown", address)
            self.assertIn("Connection reset by peer", said)
        for end_of_linger, ends_well in ((b"\0" * 8, True), (b"\1\0\0\0" + b"\0" * 4, False)):
            with (
                self.subTest(ends_well=ends_well), socket.create_server(("127.0.0.1", 0)) as server,
                self.relay("127.0.0.1:0", address_of(server)) as address,
            ):  # fmt: skip
                host, port = address.split(":")
                with socket.create_connection((host, port), SECONDS) as client:
                    peer = server.accept()[0]
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, end_of_linger)
                    peer.close()
                    if ends_well:
                        self.assertEqual(client.recv(1), b"")
                    else:
                        self.assertRaises(ConnectionResetError, client.recv, 1)

    def test_options_of_both_sides(self):
        """--option is for the side of the clients, --connect-option for that of the target."""
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            self.relay(
                "--keep-open", "--option=TCP_MAXSEG=700", "--connect-option=TCP_MAXSEG=600",
                "127.0.0.1:0", address_of(server),
            ) as address,
        ):  # fmt: skip
            host, port = address.split(":")
            client = socket.create_connection((host, port), SECONDS)
            with client, server.accept()[0] as peer:
                level, option = socket.IPPROTO_TCP, socket.TCP_MAXSEG
                sizes = [s.getsockopt(level, option) for s in (client, peer)]
        self.assertTrue(600 < sizes[0] <= 700 and sizes[1] <= 600, sizes)

    def test_an_option_that_the_kernel_refuses(self):
        with Listener(
            "--connect-option=TCP_MAXSEG=1", ":0", "127.0.0.1:1", command="relay"
        ) as relay:
            complaint("connect", "--no-shutdown", f"127.0.0.1:{relay.port}")
            self.assertEqual(relay.end(None)[0], 1)
            self.assertIn(b"TCP_MAXSEG", relay.errors)

    def test_records(self):
        a, b = abstract("a"), abstract("b")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
            server.bind("\0" + b[1:])
            server.listen()
            with (
                self.relay("--type=seqpacket", a, b),
                socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client,
            ):
                client.connect("\0" + a[1:])
                peer = server.accept()[0]
                for size in (1, 1000, 70_000):
                    client.send(b"x" * size)
                for size in (1, 1000, 70_000):
                    self.assertEqual(len(peer.recv(1 << 20)), size)
                peer.close()


class Dumps(unittest.TestCase):
    """--hex with several peers: each line begins with what tells its peer from the others."""

    def peers(self, family, kind, address):
        for data in (b"first", b"second"):
            with socket.socket(family, kind) as peer:
                peer.settimeout(SECONDS)
                if family == socket.AF_UNIX:
                    peer.connect("\0" + address[1:])
                else:
                    peer.connect(("127.0.0.1", int(address.split(":")[1])))
                yield peer, data

    def check(self, words, address, *target, kind=socket.SOCK_STREAM, signs="><", replies=True):
        command = "relay" if target else "listen"
        family = socket.AF_UNIX if address[0] == "@" else socket.AF_INET
        expected = []
        with Listener(*words, "--hex", address, *target, command=command) as server:
            for number, (peer, data) in enumerate(self.peers(family, kind, server.address)):
                peer.sendall(data)
                source = peer if replies else server.process.stdout
                got = peer.recv(99) if replies else source.read(len(data))
                self.assertEqual(got, data)
                name = f"#{number + 1}" if family == socket.AF_UNIX else address_of(peer)
                expected += [(name, sign, data.decode()) for sign in signs]
            server.process.send_signal(END)
            said = server.process.stderr.read().decode()
        found = re.findall(r"(?m)^(\S+) ([<>]) 00000000  .*\|(.*)\|$", said)
        self.assertEqual(sorted(found), sorted(expected), said)

    def test_streams(self):
        name = abstract("dumps")
        with Listener("--keep-open", "--echo", name):
            self.check(["--keep-open"], "127.0.0.1:0", name)
            self.check(["--keep-open"], abstract("relay"), name)
        self.check(["--keep-open", "--echo"], "127.0.0.1:0", signs="<")
        self.check(["--keep-open", "--echo"], abstract("echo"), signs="<")
        self.check(["--keep-open"], "127.0.0.1:0", signs="<", replies=False)

    def test_datagrams(self):
        with Listener("--udp", "--keep-open", "--echo", "127.0.0.1:0") as server:
            words = ["--udp", "--keep-open"]
            self.check(words, "127.0.0.1:0", server.address, kind=socket.SOCK_DGRAM)
        self.check([*words, "--echo"], "127.0.0.1:0", kind=socket.SOCK_DGRAM, signs="<")
        self.check(words, "127.0.0.1:0", kind=socket.SOCK_DGRAM, signs="<", replies=False)

    def test_a_single_connection_has_no_prefix(self):
        with Listener("--echo", "--hex", "127.0.0.1:0") as server:
            output("connect", server.address, data="x")
            self.assertEqual(server.end(None)[0], 0)
        self.assertRegex(server.errors, rb"(?m)^< 00000000  78 ")

    def test_a_name_is_safe_on_a_terminal(self):
        name = abstract("safe")
        with (
            Listener("--keep-open", "--echo", "--hex", name) as server,
            socket.socket(socket.AF_UNIX) as peer,
        ):
            peer.bind("\0csocket\x1b[1m" + name)
            peer.connect("\0" + name[1:])
            peer.sendall(b"x")
            self.assertEqual(peer.recv(9), b"x")
            server.process.send_signal(END)
            said = server.process.stderr.read()
        self.assertNotIn(b"\x1b", said)
        self.assertRegex(said, rb"(?m)^\S.* < 00000000  78 ")


class DatagramRelay(Relays):
    """Each sender has its own socket towards the target, and receives the replies."""

    @staticmethod
    def socket(address, family=socket.AF_INET):
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.settimeout(SECONDS)
        if family == socket.AF_UNIX:
            s.bind("")
            s.connect("\0" + address[1:])
        else:
            host, port = address.rsplit(":", 1)
            s.connect((host.strip("[]"), int(port)))
        return s

    @contextlib.contextmanager
    def target(self, family, address):
        """A socket that answers each datagram with the sender's number and the datagram."""
        server = socket.socket(family, socket.SOCK_DGRAM)
        server.bind(address)
        server.settimeout(SECONDS)
        senders = []

        def serve():
            while True:
                data, sender = server.recvfrom(1 << 20)
                if data == b"end":
                    return
                if sender not in senders:
                    senders.append(sender)
                server.sendto(b"%d " % senders.index(sender) + data, sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(family, socket.SOCK_DGRAM) as end:
                end.sendto(b"end", server.getsockname())
            thread.join(SECONDS)
            server.close()

    def check(self, family, relay_address, target_family, target_address, target_text):
        with self.target(target_family, target_address) as server:
            text = target_text or address_of(server)
            with self.relay("--udp", "--keep-open", relay_address, text) as address:
                peers = [self.socket(address, family) for _ in range(5)]
                for number, peer in enumerate(peers):
                    peer.send(b"first")
                    self.assertEqual(peer.recv(99), b"%d first" % number)
                for number, peer in reversed(list(enumerate(peers))):
                    peer.send(b"x" * 20_000)
                    peer.send(b"")
                    self.assertEqual(peer.recv(1 << 20), b"%d " % number + b"x" * 20_000)
                    self.assertEqual(peer.recv(99), b"%d " % number)
                for peer in peers:
                    peer.close()

    def test_inet_to_inet(self):
        self.check(socket.AF_INET, "127.0.0.1:0", socket.AF_INET, ("127.0.0.1", 0), None)

    def test_between_families(self):
        name = abstract("target")
        self.check(socket.AF_INET, "127.0.0.1:0", socket.AF_UNIX, "\0" + name[1:], name)
        self.check(socket.AF_UNIX, abstract("relay"), socket.AF_INET, ("127.0.0.1", 0), None)

    def test_options_of_the_sockets_to_the_target(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(SECONDS)
            server.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
            words = ["--udp", "--connect-option=IP_TOS=16", "127.0.0.1:0", address_of(server)]
            with self.relay(*words) as address, self.socket(address) as peer:
                peer.send(b"x")
                (control,) = server.recvmsg(9, 64)[1]
                self.assertEqual(control[2], b"\x10")

    def test_the_oldest_sender_is_replaced(self):
        with self.target(socket.AF_INET, ("127.0.0.1", 0)) as server:
            words = ["--udp", "--keep-open", "--max-connections=2", "127.0.0.1:0"]
            with self.relay(*words, address_of(server)) as address:
                peers = [self.socket(address) for _ in range(3)]
                for number, peer in enumerate([*peers, peers[2], peers[0]]):
                    peer.send(b"x")
                    # The first has lost its socket, and gets a new one.
                    expected = {3: 2, 4: 3}.get(number, number)
                    self.assertEqual(peer.recv(99), b"%d x" % expected)
                for peer in peers:
                    peer.close()

    def test_it_ends_when_idle(self):
        with self.target(socket.AF_INET, ("127.0.0.1", 0)) as server:
            words = ["--udp", "--idle=200ms", "127.0.0.1:0"]
            process = subprocess.Popen(
                [PROGRAM, "relay", *words, address_of(server)], stderr=subprocess.PIPE, text=True,
                env=ENVIRONMENT, preexec_fn=default_signals,
            )  # fmt: skip
            address = process.stderr.readline().split()[-1]
            with self.socket(address) as peer:
                peer.send(b"x")
                self.assertEqual(peer.recv(99), b"0 x")
                self.assertEqual(process.communicate(timeout=SECONDS)[1].count("datagrams"), 1)
            self.assertEqual(process.returncode, 0)

    def test_a_target_that_is_gone_concerns_its_senders_only(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
            unused.bind(("127.0.0.1", 0))
            target = unused.getsockname()
        text = "{}:{}".format(*target)
        with (
            self.relay("--udp", "--keep-open", "127.0.0.1:0", text) as address,
            self.socket(address) as peer,
        ):
            peer.send(b"lost")
            time.sleep(0.1)
            with self.target(socket.AF_INET, target):
                peer.settimeout(1)
                for _ in range(SECONDS):
                    peer.send(b"x")
                    with contextlib.suppress(TimeoutError):
                        self.assertEqual(peer.recv(99)[-2:], b" x")
                        return
                self.fail("nothing comes back")


class Systemd(unittest.TestCase):
    """LISTEN_FDS: file descriptor 3 in the process whose ID is LISTEN_PID."""

    def listen(self, server, *arguments, names="", fds=1):
        code = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
            "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=sys.argv[2],"
            " LISTEN_FDNAMES=sys.argv[3]);"
            "os.execv(sys.argv[4], sys.argv[4:])"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, str(server.fileno()), str(fds), names, PROGRAM, "listen",
             *arguments],
            pass_fds=[server.fileno()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENVIRONMENT,
        )  # fmt: skip

    def test_a_listening_socket(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            process = self.listen(server, "--inherit", "--echo")
            self.assertEqual(output("connect", address_of(server), data="x"), "x")
            self.assertEqual(process.communicate(timeout=SECONDS)[0], b"")
            self.assertEqual(process.returncode, 0)

    def test_by_name(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            process = self.listen(server, "--inherit=web", "--echo", names="web", fds=1)
            self.assertEqual(output("connect", address_of(server), data="x"), "x")
            process.communicate(timeout=SECONDS)
            process = self.listen(server, "--inherit=other", names="web")
            self.assertIn(b'no socket named "other"', process.communicate(timeout=SECONDS)[1])
            process = self.listen(server, "--inherit", names="a:b", fds=2)
            self.assertIn(b"2 sockets were passed", process.communicate(timeout=SECONDS)[1])

    def test_a_connection(self):
        ours, theirs = socket.socketpair()
        process = self.listen(theirs, "--inherit", "--echo")
        theirs.close()
        ours.settimeout(SECONDS)
        ours.sendall(b"x")
        self.assertEqual(ours.recv(1), b"x")
        ours.close()
        process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 0)

    def test_no_socket_was_passed(self):
        self.assertIn("no socket was passed", complaint("listen", "--inherit"))


class Others(unittest.TestCase):
    """Debian's nc, ncat and socat on the other side."""

    def exchange(self, server, client):
        """Both ends send and receive; server(port) and client(port) are command lines."""
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = str(s.getsockname()[1])
        listener = subprocess.Popen(
            server(port), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=ENVIRONMENT,
        )  # fmt: skip
        listener.stdin.write(b"from the server\n")
        listener.stdin.close()
        listener.stdin = None
        try:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                done = talk(*client(port), data=b"from the client\n")
                if done.returncode == 0 and done.stdout:
                    break
                time.sleep(0.05)
            self.assertEqual(done.stdout, b"from the server\n")
            self.assertEqual(listener.communicate(timeout=SECONDS)[0], b"from the client\n")
        finally:
            listener.send_signal(END)
            listener.communicate()

    def ours(self, command, port, *more):
        return [PROGRAM, command, *more, "127.0.0.1", port]

    @needs("nc")
    def test_nc(self):
        self.exchange(lambda p: ["nc", "-N", "-l", "127.0.0.1", p],
                      lambda p: self.ours("connect", p))  # fmt: skip
        self.exchange(lambda p: self.ours("listen", p), lambda p: ["nc", "-N", "127.0.0.1", p])

    @needs("ncat")
    def test_ncat(self):
        self.exchange(lambda p: ["ncat", "-l", "127.0.0.1", p], lambda p: self.ours("connect", p))
        self.exchange(lambda p: self.ours("listen", p), lambda p: ["ncat", "127.0.0.1", p])

    @needs("socat")
    def test_socat(self):
        self.exchange(
            lambda p: ["socat", "-", f"TCP-LISTEN:{p},bind=127.0.0.1"],
            lambda p: self.ours("connect", p),
        )
        self.exchange(
            lambda p: self.ours("listen", p), lambda p: ["socat", "-", f"TCP:127.0.0.1:{p}"]
        )


if __name__ == "__main__":
    unittest.main()
