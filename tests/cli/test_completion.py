"""Completion: the words that csocket offers, and the results in bash, zsh and fish."""

import os
import pathlib
import pty
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from command import ENVIRONMENT, PROGRAM, SECONDS, output

FOLDER = pathlib.Path(os.environ["CSOCKET_COMPLETION"])

BASH = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_csocket
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words):
    """The candidates, without their descriptions."""
    return [
        line.partition("\t")[0]
        for line in output("complete", "--", "csocket", *words).split("\n")
        if line
    ]


class Words(unittest.TestCase):
    def test_commands(self):
        self.assertIn("options", offered(""))
        self.assertEqual(offered("opt"), ["options"])
        self.assertEqual(offered("help", "const"), ["constants"])

    def test_options_of_every_command_come_from_the_table_of_its_help(self):
        for command in offered(""):
            listed = set(re.findall(r"(?m)^ {2,6}(?:-., )?(--[\w-]+)", output(command, "--help")))
            self.assertEqual({word.rstrip("=") for word in offered(command, "--")}, listed)

    def test_a_value_that_is_required_is_marked(self):
        self.assertEqual(offered("options", "--fi"), ["--fields="])
        self.assertEqual(offered("options", "--wa"), ["--watch"])

    def test_no_completion_is_offered_twice(self):
        for words in (
            ("families", ""), ("options", "--family="), ("options", "--level="),
            ("options", "--get="), ("options", "--set="), ("constants", "--group="),
            ("connect", "--type="), ("connect", "--protocol="), ("interfaces", ""),
            ("options", "--"), ("options", "--pid="),
        ):  # fmt: skip
            with self.subTest(words):
                found = offered(*words)
                self.assertGreater(len(found), 0)
                self.assertEqual(len(found), len(set(found)))

    def test_socket_options(self):
        self.assertEqual(offered("options", "--get=so_lin"), ["--get=SO_LINGER"])
        self.assertEqual(offered("options", "--get", "SO_LIN"), ["SO_LINGER"])
        self.assertEqual(offered("options", "-g", "SO_LIN"), ["SO_LINGER"])
        self.assertEqual(offered("options", "--set=SO_LIN"), ["--set=SO_LINGER="])
        self.assertEqual(offered("options", "--set=SO_TYPE"), [])  # it cannot be set
        self.assertGreater(len(offered("options", "--describe=")), 500)

    def test_fields_of_the_watched_option(self):
        self.assertIn("--fields=rtt", offered("options", "--fields="))
        self.assertIn("--fields=rtt,snd_cwnd", offered("options", "--fields=rtt,snd_cw"))
        found = offered("options", "--watch=SO_MEMINFO", "--fields=")
        self.assertIn("--fields=sndbuf", found)

    def test_levels_families_types_protocols(self):
        self.assertEqual(offered("options", "--level=sol_tc"), ["--level=SOL_TCP"])
        self.assertEqual(offered("families", "AF_U"), ["AF_UNIX"])
        self.assertEqual(offered("connect", "--type=SOCK_SEQ"), ["--type=SOCK_SEQPACKET"])
        self.assertIn("--protocol=IPPROTO_SCTP", offered("connect", "--protocol=IPPROTO_SC"))

    def test_constants(self):
        self.assertEqual(offered("constants", "AF_INET"), ["AF_INET", "AF_INET6"])
        self.assertEqual(offered("constants", ""), [])  # thousands of names would be no help

    def test_interfaces_and_processes(self):
        names = {name for _, name in socket.if_nameindex()}
        self.assertEqual(set(offered("interfaces", "")), names)
        self.assertEqual(offered("options", f"--pid={os.getpid()}"), [f"--pid={os.getpid()}"])
        self.assertRegex(
            output("complete", "--", "csocket", "options", f"--pid={os.getpid()}"), r"\tpython"
        )

    def test_nothing_follows_dashes(self):
        self.assertEqual(offered("constants", "--", "AF_"), [])


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Bash(unittest.TestCase):
    def reply(self, *words):
        done = subprocess.run(
            ["bash", "-c", BASH, "bash", FOLDER / "csocket.bash", PROGRAM, *words],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            timeout=SECONDS,
            check=True,
        )
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_words(self):
        self.assertEqual(self.reply("opt"), ["options"])
        self.assertEqual(self.reply("options", "--fi"), ["--fields="])

    def test_words_that_bash_splits(self):
        self.assertEqual(self.reply("options", "--get", "=", "SO_LIN"), ["SO_LINGER"])
        self.assertEqual(len(self.reply("options", "--family", "=")),
                         len(offered("options", "--family=")))  # fmt: skip

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "some.file").touch()
            self.assertEqual(self.reply("connect", f"{folder}/so"), [f"{folder}/some.file"])


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class BashOnATerminal(unittest.TestCase):
    def completed(self, line):
        """Return the line that readline produces when this one is typed and completed with the Tab
        key."""
        pid, master = pty.fork()
        if pid == 0:
            path = os.path.dirname(PROGRAM) + os.pathsep + ENVIRONMENT["PATH"]
            environment = {**ENVIRONMENT, "PATH": path, "TERM": "dumb", "PS1": "> "}
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment)
        try:
            prepare = f"source {FOLDER}/csocket.bash; echo pre''pared\n"
            os.write(master, prepare.encode())
            self.until(master, b"prepared\r\n> ")
            os.write(master, f"{line}\t".encode())
            # Control-A and "echo" make the shell itself print the completed line.
            os.write(master, b"\x01: \x05 mark\x01echo '[' \x05 ']'\r")
            shown = self.until(master, b"mark ]\r")
            return shown.rpartition("[ : ")[2].partition("mark")[0].strip()
        finally:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            os.close(master)

    def until(self, master, mark):
        shown, end = b"", time.monotonic() + SECONDS
        while mark not in shown and time.monotonic() < end:
            if select.select([master], [], [], 1)[0]:
                shown += os.read(master, 65536)
        self.assertIn(mark, shown)
        return shown.decode(errors="replace")

    def test_lines(self):
        for line, expected in (
            ("csocket opt", "csocket options"),
            ("csocket options --get=SO_LIN", "csocket options --get=SO_LINGER"),
            ("csocket options --get SO_LIN", "csocket options --get SO_LINGER"),
        ):
            with self.subTest(line):
                self.assertEqual(self.completed(line), expected)


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(unittest.TestCase):
    def test_words(self):
        """The completion function itself; compadd is replaced by a function that prints its
        arguments."""
        script = """
            compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@"; }
            _files() { print files; }
            complete_here() { local -a words=("$@"); local CURRENT=$#; source "$FUNCTION"; }
            complete_here "$@"
        """
        for words, expected in (
            (["opt"], ["options"]),
            (["options", "--fi"], ["--fields="]),
            (["options", "--get=SO_LIN"], ["--get=SO_LINGER"]),
            (["connect", "/"], ["files"]),
        ):
            done = subprocess.run(
                ["zsh", "-f", "-c", script, "zsh", PROGRAM, *words],
                capture_output=True,
                text=True,
                env={**ENVIRONMENT, "FUNCTION": str(FOLDER / "_csocket")},
                timeout=SECONDS,
            )
            self.assertEqual((done.stderr, done.stdout.split("\n")[:-1]), ("", expected))


@unittest.skipUnless(shutil.which("fish"), "fish is not installed")
class Fish(unittest.TestCase):
    def test_words(self):
        path = os.path.dirname(PROGRAM) + os.pathsep + ENVIRONMENT["PATH"]
        for line, expected in (
            ("csocket opt", ["options"]),
            ("csocket options --fi", ["--fields="]),
            ("csocket options --get=SO_LIN", ["--get=SO_LINGER"]),
        ):
            with tempfile.TemporaryDirectory() as home:
                done = subprocess.run(
                    ["fish", "--no-config", "-c",
                     f"source {FOLDER}/csocket.fish; complete -C '{line}'"],
                    capture_output=True, text=True, timeout=SECONDS,
                    env={**ENVIRONMENT, "PATH": path, "HOME": home},
                )  # fmt: skip
            found = [each.partition("\t")[0] for each in done.stdout.split("\n")[:-1]]
            self.assertEqual((done.stderr, found), ("", expected))


if __name__ == "__main__":
    unittest.main()
