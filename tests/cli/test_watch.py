"""csocket options --watch: as lines, as JSON, and drawn on a terminal."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
import unittest

from command import (
    END,
    ENVIRONMENT,
    PROGRAM,
    SECONDS,
    address_of,
    complaint,
    has_ipv6,
    let_trace,
    needs_tracing,
    output,
    run,
)

BUSY = """
import socket, sys, threading
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer = server.accept()[0]
threading.Thread(target=lambda: [peer.recv(1 << 20) for _ in iter(int, 1)], daemon=True).start()
print(client.fileno(), flush=True)
end = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), end.set()), daemon=True).start()
while not end.wait(0.01):
    client.sendall(bytes(100000))
client.close()
print("closed", flush=True)
sys.stdin.readline()
"""


class Busy:
    """A process that sends without a pause on the descriptor `fd`."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", BUSY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=let_trace,
        )
        self.fd = int(self.process.stdout.readline())
        self.where = [f"--pid={self.process.pid}", f"--fd={self.fd}"]
        return self

    def __exit__(self, *exception):
        self.process.send_signal(END)
        self.process.communicate()

    def close(self):
        """Make the server close the connection and continue to run."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


def set_size(master, size):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))


def on_terminal(
    *arguments, keys=b"", after=b"reading", size=(24, 80), becomes=None, term="xterm", more=()
):
    """Run the command on a terminal; once it has shown `after`, resize the terminal and press
    keys."""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, [PROGRAM, *arguments], {**ENVIRONMENT, "TERM": term, **dict(more)})
    set_size(master, size)
    shown, end = b"", time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            break
        shown += data
        if becomes and after in shown:
            set_size(master, becomes)
            becomes, shown = None, b""
        if keys and after in shown:
            os.write(master, keys)
            keys = b""
    else:
        os.kill(pid, 9)
    status = os.waitpid(pid, 0)[1]
    os.close(master)
    return os.waitstatus_to_exitcode(status), shown.decode()


def in_tmux(width, height, *command):
    """Return the lines of a terminal of that size after the command has run for some time."""
    name = f"csocket-{os.getpid()}-{os.urandom(3).hex()}"
    tmux = ["tmux", "-L", name, "-f", "/dev/null"]
    words = " ".join(f"'{word}'" for word in command)
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", str(width), "-y", str(height), words],
        check=True, env={**ENVIRONMENT, "TERM": "xterm"},
    )  # fmt: skip
    subprocess.run([*tmux, "set", "status", "off"], check=True)
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(0.1)
            shown = subprocess.run(
                [*tmux, "capture-pane", "-p"], capture_output=True, text=True
            ).stdout
            lines = shown.split("\n")[:-1]
            if "reading" in shown and len(lines) == height and "total_retrans" in shown:
                return lines
        raise AssertionError(shown)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


class Lines(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.address = address_of(self.server)

    def test_one_line_per_reading(self):
        begin = time.monotonic()
        said = output("options", "--watch", "--count=3", "--interval=50ms", self.address)
        self.assertGreaterEqual(time.monotonic() - begin, 0.1)
        heading, *lines = said.splitlines()
        self.assertEqual(
            heading.split(), ["time", "rtt", "snd_cwnd", "total_retrans", "per", "s", "state"]
        )
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertRegex(
                line, r"^\d\d:\d\d:\d\d\.\d{3} +[\d.]+(us|ms) +\d+ +0 +0  TCP_ESTABLISHED$"
            )

    def test_json_prints_one_object_per_line(self):
        said = output("options", "--watch", "--count=2", "--interval=1ms", "--json",
                      "--fields=rto,advmss", self.address)  # fmt: skip
        first, second = map(json.loads, said.splitlines())
        self.assertEqual(list(first), ["reading", "time", "state", "rto", "advmss"])
        self.assertEqual((first["reading"], second["reading"]), (1, 2))
        self.assertGreaterEqual(first["rto"], 1_000_000)  # in nanoseconds
        self.assertGreater(first["advmss"], 500)

    def test_another_option(self):
        said = output("options", "--watch=SO_MEMINFO", "--count=1", "--fields=sndbuf",
                      "--no-headings", self.address)  # fmt: skip
        self.assertRegex(said, r"^[\d:.]+ +[\d.]+[kM]? *\n$")
        said = output("options", "--watch=so_rcvbuf", "--count=1", "--json")
        self.assertGreater(json.loads(said)["value"], 1000)

    def test_headings_are_repeated_after_twenty_lines(self):
        said = output("options", "--watch", "--count=21", "--interval=1ms", self.address)
        headings = [n for n, line in enumerate(said.splitlines()) if "rtt" in line]
        self.assertEqual(headings, [0, 21])

    def test_the_end_of_the_reader_ends_it(self):
        process = subprocess.Popen(
            [PROGRAM, "options", "--watch", "--interval=5ms", self.address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        process.stdout.readline()
        process.stdout.close()
        self.assertNotEqual(process.wait(timeout=SECONDS), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()

    @needs_tracing
    def test_another_process(self):
        with Busy() as busy:
            said = output("options", "--watch", "--json", "--count=3", "--interval=100ms",
                          "--fields=bytes_acked", *busy.where)  # fmt: skip
            numbers = [json.loads(line)["bytes_acked"] for line in said.splitlines()]
            self.assertEqual(numbers, sorted(numbers))
            self.assertGreater(numbers[-1], numbers[0])
            readings = [json.loads(line) for line in said.splitlines()]
            for before, after in zip(readings, readings[1:]):
                self.assertAlmostEqual(before["time"], time.time(), delta=SECONDS)
                rate = (after["bytes_acked"] - before["bytes_acked"]) / (
                    after["time"] - before["time"]
                )
                self.assertAlmostEqual(after["bytes_acked_per_second"] / rate, 1, delta=0.2)

    @needs_tracing
    def test_the_end_of_the_process_is_reported(self):
        with Busy() as busy:
            watch = subprocess.Popen(
                [PROGRAM, "options", "--watch", "--interval=20ms", *busy.where],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
            )  # fmt: skip
            watch.stdout.readline()
            busy.process.kill()
            busy.process.wait()
            _, errors = watch.communicate(timeout=SECONDS)
            self.assertEqual(watch.returncode, 1)
            # This may be noticed before or while its descriptor is requested.
            self.assertRegex(errors, f"process {busy.process.pid}( has ended|: No such process)")

    @needs_tracing
    def test_another_process_can_close_a_watched_socket(self):
        """Watching does not keep the connection open, and its end is reported."""
        with Busy() as busy:
            watch = subprocess.Popen(
                [PROGRAM, "options", "--watch", "--interval=20ms", *busy.where],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=ENVIRONMENT,
            )
            watch.stdout.readline()
            threading.Timer(0.1, busy.close).start()
            _, errors = watch.communicate(timeout=SECONDS)
            self.assertEqual(watch.returncode, 1)
            self.assertIn(f"descriptor {busy.fd}: Bad file descriptor", errors)

    def test_an_option_that_the_socket_does_not_support(self):
        said = complaint("options", "--watch", "--count=1", "--family=unix")
        self.assertIn("TCP_INFO", said)


class Screen(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.arguments = ["options", "--watch", "--interval=20ms"]

    def test_graphs_of_every_field(self):
        status, shown = on_terminal(*self.arguments, "--count=5", address_of(self.server))
        self.assertEqual(status, 0)
        self.assertIn("\x1b[?1049h", shown)  # enter and leave xterm's alternate screen
        self.assertIn("\x1b[?1049l", shown)
        for word in ("rtt", "snd_cwnd", "total_retrans", "TCP_ESTABLISHED", "q: quit", "█"):
            self.assertIn(word, shown)
        last = shown.rpartition("\x1b[?1049l")[2]
        self.assertRegex(last, r"TCP_INFO 127\.0\.0\.1:\d+ to .* after 5 readings: rtt=\d.* "
                               r"snd_cwnd=\d+ total_retrans=0\r\n$")  # fmt: skip

    def test_q_ends_it(self):
        status, shown = on_terminal(*self.arguments, address_of(self.server), keys=b"q")
        self.assertEqual(status, 0)
        self.assertRegex(shown, r"after \d+ readings")

    def test_an_interrupt_leaves_the_terminal_in_order(self):
        status, shown = on_terminal(*self.arguments, address_of(self.server), keys=b"\x03")
        self.assertNotEqual(status, 0)
        self.assertIn("\x1b[?1049l", shown)

    def test_without_unicode_the_graph_is_ascii(self):
        more = {"LC_ALL": "C"}
        status, shown = on_terminal(
            *self.arguments, "--count=3", address_of(self.server), more=more
        )
        self.assertEqual(status, 0)
        self.assertTrue(shown.isascii())
        self.assertIn("|", shown)

    def test_colours_only_where_they_are_wanted(self):
        for value, wanted in (("", True), ("1", False)):
            with self.subTest(NO_COLOR=value):
                _, shown = on_terminal(
                    *self.arguments,
                    "--count=3",
                    address_of(self.server),
                    term="xterm-256color",
                    more={"NO_COLOR": value},
                )
                self.assertEqual(bool(re.search(r"\x1b\[[0-9;]*3[0-9]", shown)), wanted)

    def test_a_terminal_that_cannot_draw_gets_lines(self):
        status, shown = on_terminal(
            *self.arguments, "--count=2", address_of(self.server), term="dumb"
        )
        self.assertEqual(status, 0)
        self.assertNotIn("\x1b", shown)
        self.assertEqual(len(re.findall("TCP_ESTABLISHED", shown)), 2)

    def test_small_and_large_terminals(self):
        for size in ((2, 10), (5, 20), (60, 300)):
            with self.subTest(size):
                status, _ = on_terminal(
                    *self.arguments, "--count=4", address_of(self.server), size=size
                )
                self.assertEqual(status, 0)

    def test_lines_are_clipped_at_every_width(self):
        """Run the command in tmux, which emulates a terminal of that size."""
        if not shutil.which("tmux"):
            self.skipTest("tmux is not installed")
        family = socket.AF_INET6 if has_ipv6() else socket.AF_INET
        host = "::1" if has_ipv6() else "127.0.0.1"
        for width in (40, 50, 80, 200):
            with self.subTest(width), socket.create_server((host, 0), family=family) as server:
                port = server.getsockname()[1]
                address = f"[{host}]:{port}" if has_ipv6() else f"{host}:{port}"
                lines = in_tmux(width, 20, PROGRAM, *self.arguments, address)
                self.assertEqual(len(lines), 20)
                headings = [n for n, line in enumerate(lines) if re.match("[a-z_]{3,}  ", line)]
                # One line for the title, and three graphs of the same height.
                self.assertEqual(headings, [1, 7, 13], lines)
                self.assertTrue(lines[0].startswith(" TCP_INFO  q: quit"), lines[0])

    def test_a_terminal_that_grows_is_filled(self):
        status, shown = on_terminal(
            *self.arguments, address_of(self.server), keys=b"q", becomes=(60, 120)
        )
        self.assertEqual(status, 0)
        rows = re.findall(r"\x1b\[(\d+)(?:d|;\d+H)", shown)
        self.assertGreater(max(map(int, rows)), 24)

    def test_keys_need_a_keyboard(self):
        """At the end of standard input, it continues up to the count."""
        keyboard, terminal = pty.openpty()
        result = subprocess.run(
            [PROGRAM, *self.arguments, "--count=3", address_of(self.server)],
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.PIPE,
            env={**ENVIRONMENT, "TERM": "xterm"},
            timeout=SECONDS,
        )
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += os.read(keyboard, 65536)
            except OSError:
                break
        os.close(keyboard)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertIn(b"after 3 readings", shown)
        self.assertNotIn(b"q: quit", shown)

    def test_usage_errors_come_before_the_screen(self):
        self.assertEqual(run("options", "--watch", "--fields=x", status=2).stdout, "")
