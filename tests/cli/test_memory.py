"""Memory runs out: each allocation of each command fails in turn.

The command then either prints its usual output, or fails with a message and exit status 1; and it
removes its files.
"""

import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest

import command

PRELOAD = os.environ.get("CSOCKET_PRELOAD")
# --check prints its errors in the table
MESSAGE = re.compile(r"^csocket(?: \w+)?: .+|^127.0.0.1 +\d+ fails .+", re.MULTILINE)
# The system's answers differ from run to run.
ANY_OUTPUT = {"sockets", "options --pid", "options --watch", "complete"}


def turns(count):
    """The allocations to fail: all if there are few, otherwise the first ones and a sample of the
    rest."""
    return [*range(1, min(count, 40) + 1), *range(41, count + 1, max(1, count // 20))]


@unittest.skipUnless(PRELOAD, "the sanitizers have their own malloc")
class Memory(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.count_file = self.folder / "count"

    def environment(self, turn):
        return {
            **command.ENVIRONMENT,
            "LD_PRELOAD": PRELOAD,
            "CSOCKET_FAIL": f"malloc {turn}",
            "CSOCKET_COUNT": str(self.count_file),
            "XDG_RUNTIME_DIR": str(self.folder),
        }

    def count(self):
        return int(self.count_file.read_text())

    def check(self, turn, status, out, err, whole):
        """Assert that the run with a failed allocation succeeded or failed in the documented
        way."""
        left = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual([name for name in left if name not in ("count", "record.csv")], [])
        if status == 0:
            if whole is not None:
                self.assertEqual(out, whole)
            return 0
        self.assertEqual(status, 1, err)
        self.assertRegex(err + out, MESSAGE)
        self.assertNotIn("(null)", err)
        return 1

    def every_turn(self, run, whole):
        """run(turn) returns (status, stdout, stderr); run(0) has no failure."""
        failures = 0
        for turn in turns(self.count()):
            with self.subTest(turn=turn):
                failures += self.check(turn, *run(turn), whole)
        self.assertGreater(failures, 0, "no allocation matters")

    def run_plainly(self, arguments, data=""):
        def run(turn):
            done = subprocess.run(
                [command.PROGRAM, *arguments], input=data, capture_output=True, text=True,
                env=self.environment(turn), timeout=command.SECONDS,
            )  # fmt: skip
            return done.returncode, done.stdout, done.stderr

        status, out, err = run(0)
        self.assertEqual(status, 0, err)
        any_output = any(" ".join(arguments).startswith(words) for words in ANY_OUTPUT)
        self.every_turn(run, None if any_output else out)

    def test_tables(self):
        # No host names: glibc's lookup in /etc/nsswitch.conf then fails an assertion.
        for words in (
            "interfaces", "interfaces --json", "families", "families inet6", "constants AF_INET",
            "constants --groups", "options SO_RCVBUF --json", "options --describe=TCP_INFO",
            "options --get=SO_LINGER --set=SO_RCVBUF=4096 --json",
            "options --family=inet6 --get=all --level=ipv6",
            "resolve 127.0.0.1 80", "sockets --family=unix --json",
            "sockets --listening", "sockets --fields",
        ):  # fmt: skip
            with self.subTest(words):
                self.run_plainly(words.split())

    def test_completion_of_processes(self):
        self.run_plainly(["complete", "--", "csocket", "options", "--pid="])

    @command.needs_tracing
    def test_sockets_of_a_process(self):
        command.let_trace()
        self.run_plainly(["options", f"--pid={os.getpid()}"])

    def test_check(self):
        with command.EchoServer() as server:
            self.run_plainly(["connect", "--check", "127.0.0.1", str(server.port)])

    def test_watch(self):
        with command.EchoServer() as server, socket.create_connection(("127.0.0.1", server.port)):
            record = str(self.folder / "record.csv")
            words = ["--watch", "--interval=1ms", "--count=2", f"--record={record}"]
            self.run_plainly(["options", *words, f":{server.port}"])

    def test_connect(self):
        for more in ([], ["--crlf", "--hex"], ["--wait"], ["--deadline=20s"]):
            with self.subTest(more), command.EchoServer() as server:
                self.run_plainly(["connect", *more, f"127.0.0.1:{server.port}"], "ping\n")

    def run_server(self, arguments, path, kind=socket.SOCK_STREAM):
        """Run a server at a path, and connect one client to it if it starts."""

        def run(turn):
            words = [command.PROGRAM, *arguments]
            return command.serve_one(words, path, kind, env=self.environment(turn))

        status, out, err = run(0)
        self.assertEqual(status, 0, err)
        self.every_turn(run, out)

    def test_listen(self):
        path = self.folder / "socket"
        for more in ([], ["--echo"], ["--progress"], ["--exec=cat"], ["--shell=cat"]):
            with self.subTest(more):
                self.run_server(["listen", *more, str(path)], path)

    def test_listen_for_records(self):
        path = self.folder / "socket"
        self.run_server(["listen", "--type=seqpacket", str(path)], path, socket.SOCK_SEQPACKET)

    def test_listen_for_datagrams(self):
        path = self.folder / "socket"
        words = ["listen", "--type=dgram", "--timeout=20s", "--idle=20ms", str(path)]
        self.run_server(words, path, socket.SOCK_DGRAM)

    def test_relay_datagrams(self):
        path = self.folder / "socket"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target:
            target.bind(("127.0.0.1", 0))
            words = ["relay", "--type=dgram", "--timeout=20s", "--idle=20ms", str(path)]
            words.append(command.address_of(target))
            self.run_server(words, path, socket.SOCK_DGRAM)

    def test_relay(self):
        path = self.folder / "socket"
        with command.EchoServer() as server:
            self.run_server(["relay", str(path), f"127.0.0.1:{server.port}"], path)
