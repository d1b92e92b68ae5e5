"""System calls that fail from outside: strace injects errors and short counts into the command.

After any failure the command either prints its usual output, or fails with a message and exit
status 1; it removes its files, and never waits forever.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

import command

STRACE = shutil.which("strace")
ERRORS = ("EINTR", "EAGAIN", "ENOMEM", "EMFILE", "ENOBUFS")


def can_trace():
    if not STRACE or "CSOCKET_PRELOAD" not in os.environ:  # the sanitizers do not work under it
        return False
    words = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", "inject=getppid:retval=1", "true"]
    return subprocess.run(words, capture_output=True).returncode == 0


@unittest.skipUnless(can_trace(), "needs strace, the right to trace, and no sanitizer")
class Injection(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.pipe, self.socket = self.folder / "pipe", self.folder / "socket"
        os.mkfifo(self.pipe)

    def traced(self, injection, arguments, path=None):
        """Return the command line; with a path, only calls that concern this file fail."""
        call = injection.partition(":")[0]
        words = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
        words += ["-e", f"inject={injection}", *(["-P", str(path)] if path else [])]
        return [*words, command.PROGRAM, *arguments]

    @staticmethod
    def run_to_end(words, stdin=subprocess.DEVNULL):
        """Return a program's status, stdout and stderr; if it hangs, kill it together with its
        tracer."""
        process = subprocess.Popen(
            words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=command.ENVIRONMENT, start_new_session=True,
        )  # fmt: skip
        try:
            out, err = process.communicate(timeout=2 * command.SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"it hangs: {words}: {err}") from None
        return process.returncode, out, err

    def run_connect(self, injection, path=None, more=()):
        """`csocket connect` to an echo server, with standard input from the pipe."""
        if injection.startswith(("read:", "sendto:")):
            more = [*more, "--crlf"]  # is not spliced

        def write():
            with contextlib.suppress(BrokenPipeError):
                self.pipe.write_text("ping\n")

        with command.EchoServer() as server:
            words = self.traced(injection, ["connect", *more, f"127.0.0.1:{server.port}"], path)
            writer = threading.Thread(target=write)
            writer.start()
            with open(self.pipe) as stdin:
                outcome = self.run_to_end(words, stdin)
            writer.join()
        return outcome

    def run_listen(self, injection):
        words = self.traced(injection, ["listen", str(self.socket)])
        return command.serve_one(words, self.socket)

    def check(self, outcome, output, statuses=(0, 1)):
        status, out, err = outcome
        self.assertIn(status, statuses, err)
        if self.socket.exists():
            self.socket.unlink()
            self.fail("the socket's path was not removed")
        if status == 0:
            self.assertEqual(out, output, err)
        else:
            self.assertRegex(err, re.compile(r"^csocket(?: \w+)?: .+: .+", re.MULTILINE))

    def test_interruptions_of_a_connection_are_not_noticed(self):
        for call, path in (("read", self.pipe), ("sendto", None), ("splice", None)):
            # A blocking socket returns EAGAIN only if a program has set SO_SNDTIMEO.
            for error in ("EINTR",) if call == "sendto" else ("EINTR", "EAGAIN"):
                with self.subTest(call=call, error=error):
                    outcome = self.run_connect(f"{call}:error={error}:when=1", path)
                    self.check(outcome, "ping\n", [0])
        with self.subTest("recvfrom"):
            outcome = self.run_connect("recvfrom:error=EINTR:when=1", None, ["--hex"])
            self.check(outcome, "ping\n", [0])

    def test_interruptions_of_a_server_are_not_noticed(self):
        for error in ("EINTR", "EAGAIN", "ECONNABORTED", "EMFILE", "ENFILE", "ENOMEM", "EPROTO"):
            with self.subTest(error):
                outcome = self.run_listen(f"accept4:error={error}:when=1")
                self.check(outcome, "ping\n", [0])

    def test_short_counts_are_continued(self):
        """The call reports a byte that it did not move; the rest still follows."""
        with self.subTest("sendto"):
            self.check(self.run_connect("sendto:retval=1:when=1"), "ing\n", [0])
        with self.subTest("write"):
            out = self.folder / "out"
            os.mkfifo(out)
            reader = subprocess.Popen(["cat", str(out)], stdout=subprocess.PIPE, text=True)
            words = self.traced("write:retval=1:when=1", ["version"], out)
            with open(out, "w") as stdout:
                subprocess.run(words, stdout=stdout, timeout=command.SECONDS, check=True)
            text = reader.communicate(timeout=command.SECONDS)[0]
            self.assertEqual(text, command.output("version")[1:])

    def test_failures_of_a_connection(self):
        for call, path in (
            ("socket", None), ("connect", None), ("fcntl", None), ("pipe2", None), ("poll", None),
            ("sendto", None), ("splice", None), ("read", self.pipe), ("shutdown", None),
            ("getsockopt", None),
        ):  # fmt: skip
            for error in ERRORS[2:]:
                with self.subTest(call=call, error=error):
                    # Later calls of poll and splice may already concern the end of the data.
                    self.check(self.run_connect(f"{call}:error={error}:when=1", path), "ping\n")

    def test_failures_of_a_server(self):
        for call in ("socket", "bind", "listen", "getsockname", "fcntl", "splice", "recvfrom"):
            for error in ERRORS:
                with self.subTest(call=call, error=error):
                    self.check(self.run_listen(f"{call}:error={error}:when=1"), "ping\n")

    def test_failures_of_tables(self):
        for arguments, calls in (
            (["sockets", "--family=unix", "--columns=family", "--no-headings"],
             ("socket", "sendto", "recvfrom")),
            (["interfaces", "lo"], ("socket", "sendto", "recvmsg")),
            (["options", "--get=SO_TYPE"], ("socket", "getsockopt")),
            (["options", "--set=SO_RCVBUF=4096"], ("socket", "setsockopt")),
        ):  # fmt: skip
            whole = command.output(*arguments)
            for call in calls:
                for error in ERRORS:
                    with self.subTest(arguments=arguments, call=call, error=error):
                        words = self.traced(f"{call}:error={error}:when=1", arguments)
                        outcome = self.run_to_end(words)
                        output = outcome[1] if arguments[0] == "sockets" else whole
                        self.check(outcome, output)
