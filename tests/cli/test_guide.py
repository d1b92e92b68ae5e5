"""docs/command.md: the transcripts are correct."""

import os
import pathlib
import re
import socket
import sys
import tempfile
import unittest

from command import ENVIRONMENT, PROGRAM, needs_tracing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import transcript  # noqa: E402

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs/command.md"


def transcripts():
    """Every ```console block: a list of (command, expected output lines)."""
    for block in re.findall(r"^```console\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S):
        yield transcript.steps(block)


def has_services():
    """Whether the service http is known: /etc/services is in Debian's package netbase."""
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
            path = os.path.dirname(PROGRAM) + os.pathsep + ENVIRONMENT["PATH"]
            shell = transcript.Shell(folder, {**ENVIRONMENT, "PATH": path})
            self.addCleanup(shell.close)
            for steps in found:
                for command, lines in steps:
                    with self.subTest(command):
                        expected = rf"\A{transcript.pattern(lines)}\Z"
                        self.assertRegex(shell.step(command, expected), expected)
