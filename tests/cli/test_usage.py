"""Arguments: help, mistakes, the manual page, standard output that cannot be written."""

import os
import pathlib
import re
import subprocess
import unittest

from command import ENVIRONMENT, PROGRAM, complaint, output, run, run_any

ROOT = pathlib.Path(__file__).resolve().parents[2]

MISTAKES = [
    (["nonsense"], 'unknown command "nonsense"; `csocket --help` lists them'),
    (["lisen"], 'unknown command "lisen"; did you mean listen?'),
    (["help", "nonsense"], 'unknown command "nonsense"'),
    (["help", "connect", "listen"], 'only one COMMAND is accepted: "listen" is the second'),
    (["--nonsense"], "unknown option --nonsense"),
    (["connect", "--timeot=1", "a:1"], "unknown option --timeot; did you mean --timeout?"),
    (["connect", "-X", "a:1"], "unknown option -X"),
    (["connect", "--verbose=1", "a:1"], "option --verbose does not take a value"),
    (["connect", "a:1", "--timeout"], "option --timeout requires a value: TIME"),
    (["connect", "a:1", "-t"], "option -t requires a value: TIME"),
    (["options", "--f", "x"], "option --f is ambiguous"),
    (["connect"], "ADDRESS is missing"),
    (["connect", "5001"], "5001: the host is missing: write HOST:5001, or :5001 for this machine"),
    (["connect", "nonsense"], "nonsense: the port is missing: write nonsense:PORT"),
    (["listen", "nonsense"], "nonsense: the port is missing"),
    (["connect", "host:"], 'host:: the port is missing after ":"'),
    (["connect", ""], '"" is not an address: a part is missing'),
    (["connect", "unix:"], '"unix:" is not an address: a part is missing'),
    (["connect", "tcp://"], '"tcp://" is not an address: a part is missing'),
    (["connect", "localhost", ""], '"localhost " is not an address: a part is missing'),
    (["listen", "x" * 600 + ":1"], "an address of 602 characters is too long (at most 5"),
    (["connect", "tpc://h:1"], 'tpc://h:1: unknown scheme "tpc"; did you mean tcp'),
    (["connect", "gopher://h:1"], 'unknown scheme "gopher"; known are tcp, udp'),
    (["connect", "fe80::1:1"], "fe80::1:1: write an IPv6 address in brackets"),
    (["connect", "[fe80::1]:7"], "a link-local address needs an interface: [fe80::1%INTERFACE]:7"),
    (["connect", "febf::1", "7"], "a link-local address needs an interface: [febf::1%INTERFACE]:7"),
    (["listen", "tcp://[fe80::1]:0"], "a link-local address needs an interface"),
    (["relay", ":0", "[fe80::1]:7"], "a link-local address needs an interface"),
    (["connect", "a:1", "--", "true"], "a COMMAND requires --wait"),
    (["connect", "--wait", "5", "a:1"], 'the TIME of --wait is attached to it: --wait=5'),
    (["connect", "-w", "250ms", "a", "1"], 'the TIME of --wait is attached to it: --wait=250ms'),
    (["connect", "-w", "2", "80"], '"2" is a host here: the TIME of --wait is attached'),
    (["connect", "a", "b:1"], '"b:1" is not a port (0-65535) or a service'),
    (["connect", "--wait", "a", "65536"], '"65536" is not a port (0-65535) or a service'),
    (["connect", "a", "[::1]"], '"[::1]" is not a port (0-65535) or a service'),
    (["listen", "::1", "b:1"], '"b:1" is not a port (0-65535) or a service'),
    (["connect", "--check", "--wait", "a:1"], "--check excludes --wait"),
    (["connect", "--check", "a", "1-x"], '"1-x" is not a port'),
    (["connect", "--check", "a", "0"], '"0" is not a port'),
    (["connect", "--check", "a", "9-8"], '"9-8" is not a port'),
    (["connect", "--check", "a"], "a: the ports are missing"),
    (["listen", "--inherit", ":1"], "--inherit excludes ADDRESS"),
    (["listen", "--echo", "--exec=cat", ":1"], "--echo excludes a COMMAND"),
    (["listen", "--exec= ", ":1"], "--exec takes a command"),
    (["listen", "--exec=a", "--shell=b", ":1"], "only one COMMAND is accepted"),
    (["listen", "--max-connections=0", ":1"], "--max-connections takes a number"),
    (["relay"], "the addresses are missing"),
    (["relay", ":1"], "the address to connect to is missing"),
    (["relay", ":1", ":2", ":3"], 'only two addresses are accepted: ":3" is the third'),
    (["relay", "--connect-option=SO_NOTHING=1", ":1", ":2"], 'unknown socket option "SO_NOTHING"'),
    (["relay", "--connect-timeout=0", ":1", ":2"], "--connect-timeout=0 would expire"),
    (["relay", "--no-shutdown", ":1", ":2"], "unknown option --no-shutdown"),
    (["relay", "--quit-after=1", ":1", ":2"], "unknown option --quit-after"),
    (["relay", "--record-size=1", ":1", ":2"], "unknown option --record-size"),
    (["relay", "--crlf", ":1", ":2"], "unknown option --crlf"),
    (["connect", "a:1", "b:1"], 'only one ADDRESS is accepted: "b:1" is the second'),
    (["connect", "--timeout=soon", "a:1"], "--timeout takes a time, such as 1.5, 250ms or 2min"),
    (["connect", "--timeout=-1", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=inf", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=0x10", "a:1"], "--timeout takes a time"),
    (["connect", "--timeout=0", "a:1"], "--timeout=0 would expire"),
    (["connect", "--wait=0", "a:1"], "--wait=0 would expire"),
    (["listen", "--timeout=0", ":0"], "--timeout=0 would expire"),
    (["connect", "--family=AF_NOTHING", "a:1"], '"AF_NOTHING" is neither a number nor a name AF_'),
    (["connect", "--family=inte6", "a:1"], "did you mean AF_INET6"),
    (["connect", "--type=nothing", "a:1"], '"nothing" is neither a number nor a name SOCK_...'),
    (["connect", "--protocol=tpc", "a:1"], "did you mean IPPROTO_TCP"),
    (["connect", "--option=SO_NOTHING=1", "a:1"], 'unknown socket option "SO_NOTHING"'),
    (["connect", "--option=SO_TYPE=1", "a:1"], "SO_TYPE can only be read"),
    (["connect", "--option=TCP_NODELAY=maybe", "a:1"], "TCP_NODELAY takes on or off"),
    (["listen"], "ADDRESS is missing"),
    (["listen", "a:1", "b:1"], "only one ADDRESS is accepted"),
    (["listen", "--backlog=many", ":0"], "--backlog takes a number"),
    (["listen", "--idle=x", ":0"], "--idle takes a time"),
    (["resolve"], "HOST is missing"),
    (["resolve", "a", "b", "c"], 'only HOST and SERVICE are accepted: "c"'),
    (["interfaces", "lo", "eth0"], "only one NAME is accepted"),
    (["constants", "a", "b"], "only one NAME or VALUE is accepted"),
    (["families", "a", "b"], "only one FAMILY is accepted"),
    (["version", "a"], 'unexpected argument "a"'),
    (["constants", "--group=nothing"], 'unknown group "nothing"; --groups lists them'),
    (["options", "--level=SOL_TPC"], 'unknown level "SOL_TPC"; did you mean SOL_TCP'),
    (["options", "--level=9999"], 'unknown level "9999"'),
    (["options", "--get=SO_NOTHING"], 'unknown socket option "SO_NOTHING"'),
    (["options", "--get=so_lingr"], 'unknown socket option "so_lingr"; did you mean SO_LINGER?'),
    (["options", "--set=keepidle=5s"], "did you mean TCP_KEEPIDLE?"),
    (["options", "--set=SO_LINGER=x"], "SO_LINGER"),
    (["options", "--describe=SO_NOTHING"], 'unknown socket option "SO_NOTHING"'),
    (["options", "--describe=SO_TYPE", "--get=SO_TYPE"], "--describe excludes all other requests"),
    (["options", "--get=SO_TYPE", "--watch"], "--watch excludes --get and --set"),
    (["options", "--get=SO_TYPE", "a:1", "b:1"], "only one ADDRESS is accepted"),
    (["options", "--get=SO_TYPE", "--fd=0", "a:1"], "ADDRESS excludes --pid and --fd"),
    (["options", "--get=SO_TYPE", "--pid=1"], "--fd is missing; `csocket options --pid=1` lists"),
    (["options", "--fd=0"], "--fd requires --get"),
    (["options", "--fd=-1"], "--fd takes a number"),
    (["options", "--pid=0"], "--pid takes a number"),
    (["options", "--fields=rtt"], "--fields requires --watch"),
    (["options", "--watch=SO_NOTHING"], 'unknown socket option "SO_NOTHING"'),
    (["options", "--watch", "--interval=1us"], "--interval takes at least a millisecond"),
    (["options", "--watch", "--count=0"], "--count takes a number"),
    (["options", "--watch", "--fields=rtt,nothing"], 'TCP_INFO has no number "nothing"; it has'),
    (["options", "--watch=TCP_CONGESTION"], "TCP_CONGESTION cannot be watched: its value has no"),
    (["options", "--watch=IP_ADD_MEMBERSHIP"], "IP_ADD_MEMBERSHIP cannot be watched"),
]  # fmt: skip


def commands():
    return re.findall(r"^  ([a-z]+) +[A-Z]", output("--help"), re.M)


def options(command):
    """The long options in a command's help, with their short ones."""
    found = re.findall(r"^ {2,6}(?:(-.), )?(--[\w-]+)", output(command, "--help"), re.M)
    return [(short, long) for short, long in found]


class Help(unittest.TestCase):
    def test_every_command_is_listed_and_has_help(self):
        self.assertEqual(
            commands(),
            "connect listen relay resolve interfaces options sockets constants families version "
            "complete help".split(),
        )
        for command in commands():
            with self.subTest(command):
                said = output(command, "--help")
                self.assertTrue(said.startswith(f"Usage: csocket {command} "), said)
                self.assertEqual(output("help", command), said)
                if not re.search("^  -h, ", said, re.M):
                    self.assertEqual(output(command, "-h"), said)
                self.assertNotIn("\n\n\n", said)
                self.assertIn(f"csocket {command}", output(command, "--usage"))

    def test_one_file_per_command(self):
        files = {path.stem for path in (ROOT / "cli").rglob("*.c")}
        self.assertLessEqual(set(commands()) - {"help"}, files)

    def test_options_can_be_abbreviated_bundled_and_follow_operands(self):
        said = output("constants", "--js", "AF_INET", "--group", "AF")
        self.assertEqual(said, output("constants", "AF_INET", "-jgAF"))
        self.assertEqual(said, output("constants", "-j", "-g", "AF", "--", "AF_INET"))

    def test_without_a_command_the_help_is_an_error(self):
        result = run(status=2)
        self.assertEqual((result.stdout, result.stderr), ("", output("--help")))

    def test_the_guide_names_every_command_and_option(self):
        guide = (ROOT / "docs/command.md").read_text(encoding="utf-8")
        for command in commands():
            self.assertIn(f"csocket {command}", guide)
            for _, long in options(command):
                with self.subTest(command=command, option=long):
                    self.assertTrue(long in guide, long)


@unittest.skipUnless("CSOCKET_MANUAL" in os.environ, "the manual pages were not built")
class Manual(unittest.TestCase):
    def test_the_page_leads_to_the_library_of_the_same_name(self):
        page = output("help", "--man")
        self.assertIn(".BR csocket (7),\n", page.partition(".SH OPTIONS")[0])
        self.assertIn(".BR csocket (7),\n", output("help", "--man", "listen"))

    def setUp(self):
        self.folder = pathlib.Path(os.environ["CSOCKET_MANUAL"])

    def page(self, command):
        text = (self.folder / f"csocket-{command}.1").read_text(encoding="utf-8")
        return text.replace("\\-", "-").replace("\\fB", "").replace("\\fP", "")

    def test_every_command_has_a_page_with_every_option_and_examples(self):
        for command in commands():
            page = self.page(command)
            for short, long in options(command):
                with self.subTest(command=command, option=long):
                    name = f"{short}, {long}" if short else long
                    self.assertRegex(page, rf"(?m)^\.TP\n{re.escape(name)}\b")
            if command != "version":
                self.assertIn("\n.SH EXAMPLES\n", page)

    def test_the_first_page_lists_the_others(self):
        page = (self.folder / "csocket.1").read_text(encoding="utf-8")
        for command in commands():
            self.assertIn(rf"csocket\-{command}", page)

    def test_groff_accepts_the_page(self):
        for page in self.folder.iterdir():
            try:
                result = subprocess.run(
                    ["groff", "-man", "-ww", "-z", "-Tutf8", page], capture_output=True, check=True
                )
            except FileNotFoundError:
                self.skipTest("groff is not installed")
            self.assertEqual(result.stderr, b"")


class Mistakes(unittest.TestCase):
    def test_each_is_reported_with_status_2(self):
        for arguments, words in MISTAKES:
            with self.subTest(arguments):
                said = complaint(*arguments, status=2)
                self.assertIn(words, said)
                self.assertTrue(said.startswith("csocket"), said)

    def test_an_invalid_address_is_named(self):
        for command in ("connect", "listen"):
            for address in ("127.0.0.1:99999", "[::1:80", "@" + "x" * 200):
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

    def test_a_reader_that_closes_the_pipe_causes_no_message(self):
        reader, writer = os.pipe()
        os.close(reader)
        result = subprocess.run(
            [PROGRAM, "constants"], stdout=writer, stderr=subprocess.PIPE, env=ENVIRONMENT
        )
        os.close(writer)
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr, b"")


class Notation(unittest.TestCase):
    """The command's own settings have the notation of socket option values."""

    def accepts(self, words, complained):
        return complained not in complaint(*words, status=2)

    def option_accepts(self, setting):
        """Whether the option accepts the value; the kernel may still refuse it."""
        return run_any("options", f"--set={setting}").returncode != 2

    def test_times(self):
        for text in (
            "0", "5", "1.5", "1.5s", "250ms", "3us", "1500ns", "2min", "2m", "1h", "1d", "0.000001",
            "", ".5", ".3s", ".", ".s", "5.s", "1e3", "0x10", "inf", "nan",
            "+1", " 1", "1 s", "1S", "soon", "1sec", "0.0000000001", "99999999999999", "1,5",
        ):  # fmt: skip
            with self.subTest(text):
                here = self.accepts(["listen", f"--idle={text}"], "takes a time")
                self.assertEqual(here, self.option_accepts(f"SO_RCVTIMEO={text}"))
        self.assertTrue(self.accepts(["listen", "--idle=.3"], "takes a time"))

    def test_numbers(self):
        for text in ("1", "0x10", "010", "+7", "", "x", "1.5", "1e3", "1 ", "0b1", "0x", "1_000"):
            with self.subTest(text):
                here = self.accepts(["options", "--fields=x", f"--count={text}"], "takes a number")
                self.assertEqual(here, self.option_accepts(f"SO_PRIORITY={text}"))

    def test_sizes(self):
        for text in ("1", "64K", "64k", "16M", "0x10K", "K", "1KB", "1.5M", "-1", "x", ""):
            with self.subTest(text):
                here = self.accepts(["listen", f"--record-size={text}"], "takes a size")
                self.assertEqual(here, self.option_accepts(f"SO_RCVBUF={text}"))
