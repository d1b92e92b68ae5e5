"""docs/command.md: what it shows is what happens."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, needs_tracing

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs/command.md"
MARK = "--- end of step {} ---"
BEHIND = "csocket: connection from "  # said by a listener behind, sooner or later


def transcripts():
    """Every ```console block: a list of (command, lines that it prints)."""
    for block in re.findall(r"^```console\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S):
        steps = re.split(r"^\$ ", block, flags=re.M)[1:]
        yield [(step.split("\n")[0], step.rstrip("\n").split("\n")[1:]) for step in steps]


def pattern(lines):
    """What matches these lines: any number is any other, "..." is any text or, alone, any lines."""
    out = []
    for line in lines:
        if line.startswith(BEHIND):
            continue
        if line == "...":
            out.append(r"(?:.*\n)*?")
            continue
        line = re.escape(re.sub(r"\s+", " ", line.strip())).replace(r"\.\.\.", ".*")
        out.append(re.sub(r"\d+(?:\\\.\d+)*", r"[\\d.]+", line) + r"\n")
    return "".join(out)


def of_its_own():
    """What makes a network of its own, where that is allowed: @echo is one name a network."""
    command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    try:
        made = subprocess.run([*command, "true"], capture_output=True, check=False)
    except OSError:
        return []
    return command if made.returncode == 0 else []


class Shell:
    """An interactive-like shell, whose steps' output is told apart by marks."""

    def __init__(self, folder):
        path = os.path.dirname(PROGRAM) + os.pathsep + ENVIRONMENT["PATH"]
        self.process = subprocess.Popen(
            [*of_its_own(), "bash", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env={**ENVIRONMENT, "PATH": path},
            start_new_session=True,
        )
        self.number = 0
        # A listener that nobody reached would wait for ever, and those behind with it.
        self.guard = threading.Timer(4 * SECONDS, os.killpg, (self.process.pid, signal.SIGKILL))
        self.guard.start()

    def until_mark(self):
        """What is printed until the shell has done all that it was told."""
        self.number += 1
        self.process.stdin.write(f"echo '{MARK.format(self.number)}'\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == MARK.format(self.number):
                break
            if not line.startswith(BEHIND):
                lines.append(re.sub(r"[ \t]+", " ", line.strip()) + "\n")
        return "".join(lines)

    def step(self, command, expected):
        """Run a command; what it prints, and what those behind add until it is what is expected."""
        self.process.stdin.write(f"{command}\n")
        if command.startswith("kill"):
            self.process.stdin.write("{ wait $!; } 2> /dev/null\n")
        text, end = self.until_mark(), time.monotonic() + SECONDS
        while not re.match(expected, text) and time.monotonic() < end:
            time.sleep(0.02)
            text += self.until_mark()
        return text

    def close(self):
        self.guard.cancel()
        self.process.stdin.write("kill $(jobs -p) 2>/dev/null; wait\n")
        self.process.communicate(timeout=SECONDS)


def has_services():
    """Whether http is known to be 80: /etc/services is of Debian's package netbase."""
    try:
        return bool(socket.getservbyname("http"))
    except OSError:
        return False


class Guide(unittest.TestCase):
    @needs_tracing
    @unittest.skipUnless(has_services(), "/etc/services is not there (Debian: netbase)")
    def test_transcripts(self):
        found = list(transcripts())
        self.assertGreater(len(found), 5)
        with tempfile.TemporaryDirectory() as folder:
            shell = Shell(folder)
            self.addCleanup(shell.close)
            for steps in found:
                for command, lines in steps:
                    with self.subTest(command):
                        expected = rf"\A{pattern(lines)}\Z"
                        self.assertRegex(shell.step(command, expected), expected)
