"""Arguments: help, mistakes, the manual page, standard output that cannot be written."""

import os
import pathlib
import re
import subprocess
import unittest

from command import ENVIRONMENT, PROGRAM, complaint, output, run

ROOT = pathlib.Path(__file__).resolve().parents[2]

MISTAKES = [
    (["nonsense"], '"nonsense" is no command'),
    (["help", "nonsense"], '"nonsense" is no command'),
    (["help", "connect", "listen"], "one COMMAND is enough"),
    (["--nonsense"], "unrecognized option"),
    (["connect"], "which ADDRESS?"),
    (["connect", "a:1", "b:1"], 'one ADDRESS is enough: "b:1"'),
    (["connect", "--timeout=soon", "a:1"], '--timeout takes a time, like 1.5, 250ms or 2min, not'),
    (["connect", "--timeout=-1", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=inf", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=0x10", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=0", "a:1"], "--timeout=0 gives nobody the time"),
    (["connect", "--family=AF_NOTHING", "a:1"], '"AF_NOTHING" is neither a name AF_...'),
    (["connect", "--type=nothing", "a:1"], '"nothing" is neither a name SOCK_...'),
    (["connect", "--option=SO_NOTHING=1", "a:1"], '"SO_NOTHING" is no socket option'),
    (["connect", "--option=SO_TYPE=1", "a:1"], "SO_TYPE can only be read"),
    (["connect", "--option=TCP_NODELAY=maybe", "a:1"], "TCP_NODELAY takes on or off"),
    (["listen"], "which ADDRESS?"),
    (["listen", "a:1", "b:1"], "one ADDRESS is enough"),
    (["listen", "--backlog=many", ":0"], "--backlog takes a number"),
    (["listen", "--idle=x", ":0"], "--idle takes a time"),
    (["resolve"], "which HOST?"),
    (["resolve", "a", "b", "c"], 'HOST and SERVICE are enough: "c"'),
    (["interfaces", "lo", "eth0"], "one NAME is enough"),
    (["constants", "a", "b"], "one NAME or VALUE is enough"),
    (["families", "a", "b"], "one FAMILY is enough"),
    (["version", "a"], "Too many arguments"),
    (["options", "--get=SO_NOTHING"], '"SO_NOTHING" is no socket option'),
    (["options", "--get=so_lingr"], '"so_lingr" is no socket option; did you mean SO_LINGER?'),
    (["options", "--set=keepidle=5s"], "did you mean TCP_KEEPIDLE?"),
    (["options", "--set=SO_LINGER=x"], "SO_LINGER"),
    (["options", "--describe=SO_NOTHING"], '"SO_NOTHING" is no socket option'),
    (["options", "--describe=SO_TYPE", "--get=SO_TYPE"], "--describe goes with nothing else"),
    (["options", "--get=SO_TYPE", "--watch"], "--watch does not go with"),
    (["options", "--get=SO_TYPE", "a:1", "b:1"], "one ADDRESS is enough"),
    (["options", "--get=SO_TYPE", "--fd=0", "a:1"], "either an ADDRESS or a descriptor"),
    (["options", "--get=SO_TYPE", "--pid=1"], "which descriptor of the process?"),
    (["options", "--fd=0"], "--fd goes with --get"),
    (["options", "--fd=-1"], "--fd takes a number"),
    (["options", "--pid=0"], "--pid takes a number"),
    (["options", "--fields=rtt"], "--fields goes with --watch"),
    (["options", "--watch=SO_NOTHING"], '"SO_NOTHING" is no socket option'),
    (["options", "--watch", "--interval=1us"], "--interval takes a millisecond at least"),
    (["options", "--watch", "--count=0"], "--count takes a number"),
    (["options", "--watch", "--fields=rtt,nothing"], 'TCP_INFO has no number "nothing"; it has'),
    (["options", "--watch=IP_ADD_MEMBERSHIP"], "IP_ADD_MEMBERSHIP cannot be watched"),
]  # fmt: skip


def commands():
    return re.findall(r"^  ([a-z]+) +[A-Z]", output("--help"), re.M)


def options(command):
    """The long options in a command's help, with their short ones."""
    found = re.findall(r"^ +(?:(-.), )?(--[\w-]+)", output(command, "--help"), re.M)
    return [(short, long) for short, long in found]


class Help(unittest.TestCase):
    def test_every_command_is_listed_and_has_help(self):
        self.assertEqual(
            commands(),
            "connect listen resolve interfaces options constants families version help".split(),
        )
        for command in commands():
            with self.subTest(command):
                said = output(command, "--help")
                self.assertTrue(said.startswith(f"Usage: csocket {command} "), said)
                self.assertEqual(output("help", command), said)
                self.assertNotIn("\n\n\n", said)
                self.assertIn(f"csocket {command}", output(command, "--usage"))

    def test_a_file_a_command(self):
        files = {path.stem for path in (ROOT / "cli").rglob("*.c")}
        self.assertLessEqual(set(commands()) - {"help"}, files)

    def test_without_a_command_the_help_is_an_error(self):
        result = run(status=2)
        self.assertEqual((result.stdout, result.stderr), ("", output("--help")))

    def test_the_guide_names_every_command_and_option(self):
        guide = (ROOT / "docs/command.md").read_text(encoding="utf-8")
        for command in commands():
            self.assertIn(f"csocket {command}", guide)
            for _, long in options(command):
                with self.subTest(command=command, option=long):
                    self.assertIn(long, guide)


@unittest.skipUnless("CSOCKET_MANUAL" in os.environ, "the manual page was not built")
class Manual(unittest.TestCase):
    def setUp(self):
        page = pathlib.Path(os.environ["CSOCKET_MANUAL"]).read_text(encoding="utf-8")
        self.page = page.replace("\\-", "-").replace("\\fB", "").replace("\\fP", "")

    def test_every_command_with_every_option(self):
        sections = dict(
            re.findall(r'^\.SS "(\w+): .*?"\n(.*?)(?=^\.S[SH] )', self.page, re.M | re.S)
        )
        self.assertEqual(list(sections), commands())
        for command, text in sections.items():
            for short, long in options(command):
                with self.subTest(command=command, option=long):
                    where = self.page if long in ("--help", "--usage", "--version") else text
                    name = f"{short}, {long}" if short else long
                    self.assertRegex(where, rf"(?m)^\.TP\n{re.escape(name)}\b")

    def test_groff_has_no_complaint(self):
        try:
            result = subprocess.run(
                ["groff", "-man", "-ww", "-z", "-Tutf8", os.environ["CSOCKET_MANUAL"]],
                capture_output=True, check=True,
            )  # fmt: skip
        except FileNotFoundError:
            self.skipTest("groff is not installed")
        self.assertEqual(result.stderr, b"")


class Mistakes(unittest.TestCase):
    def test_each_is_told_and_ends_with_2(self):
        for arguments, words in MISTAKES:
            with self.subTest(arguments):
                said = complaint(*arguments, status=2)
                self.assertIn(words, said)
                self.assertTrue(said.startswith("csocket"), said)

    def test_an_address_that_is_none_is_named(self):
        for command in ("connect", "listen"):
            for address in ("nonsense", "127.0.0.1:99999", "[::1:80", "@" + "x" * 200):
                with self.subTest(command=command, address=address):
                    self.assertIn(address[:100], complaint(command, address))


class Output(unittest.TestCase):
    def test_a_full_disk_is_an_error(self):
        for arguments in (["constants"], ["version"], ["options", "--get=SO_TYPE"]):
            with self.subTest(arguments), open("/dev/full", "w") as full:
                result = subprocess.run(
                    [PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT
                )
                self.assertEqual(result.returncode, 1)
                self.assertIn(b"standard output", result.stderr)

    def test_a_reader_that_has_enough_hears_nothing(self):
        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run(
            [PROGRAM, "constants"], stdout=writer, stderr=subprocess.PIPE, env=ENVIRONMENT
        )
        os.close(writer)
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr, b"")
