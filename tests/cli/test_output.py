"""The output: JSON that a strict parser accepts, and no terminal control sequences."""

import json
import os
import re
import socket
import subprocess
import tempfile
import unittest

from command import ENVIRONMENT, PROGRAM, Listener, let_trace, needs_tracing, output, run

# Names that a hostile peer could choose: terminal control sequences, C1 controls, text that
# reorders what follows it, bytes that are not UTF-8, JSON's own characters.
HOSTILE = [
    b"\x1b[31mred\x07", b"back\x08\x7f", "\x9b31m".encode(), "\u202egnp".encode(), b"\xff\xfe",
    b"quote\"back\\slash", "mellow \u00fc".encode(), b"line\nfeed\ttab",
]  # fmt: skip


def is_safe(text):
    """Whether a terminal would only print the text; line feeds end lines."""
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key is repeated: {keys}")
    return dict(pairs)


def refuse(text):
    raise ValueError(f"{text} is not JSON")


def strict(data):
    """Parse JSON by the rules of RFC 8259: UTF-8, no NaN, no duplicate keys, no control
    characters."""
    return json.loads(
        data.decode("utf-8", "strict"),
        strict=True,
        object_pairs_hook=no_duplicates,
        parse_constant=refuse,
    )


def printed(*arguments):
    result = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, env=ENVIRONMENT, check=True, timeout=60
    )
    return result.stdout


COMMANDS = [
    ["constants"], ["constants", "--groups"], ["constants", "--group=errno"], ["families"],
    ["families", "--available"], ["families", "inet6"], ["interfaces"], ["options"],
    ["options", "--messages"], ["sockets", "--listening"], ["sockets", "--fields"],
    ["options", "--all"], ["options", "--describe=TCP_INFO"], ["options", "--get=all"],
    ["options", "--get=SO_LINGER"], ["resolve", "127.0.0.1", "80"],
    ["resolve", "--canonical", "127.0.0.1", "80"], ["resolve", "--reverse", "127.0.0.1"],
]  # fmt: skip


class Schema(unittest.TestCase):
    """docs/command.md, "JSON": one object, one key, an array of objects with the same keys."""

    def check(self, arguments):
        document = strict(printed(*arguments, "--json"))
        self.assertEqual(len(document), 1)
        ((name, rows),) = document.items()
        self.assertRegex(name, "^[a-z]+$")
        self.assertGreater(len(rows), 0)
        for row in rows:
            self.assertEqual(list(row), list(rows[0]))
            for key, value in row.items():
                self.assertRegex(key, "^[a-z_]+$")
                kinds = {type(each.get(key)) for each in rows} - {type(None)}
                self.assertIn(type(value), (str, int, float, list, type(None)))
                self.assertLessEqual(len(kinds - {float}), 1, key)
                for part in value if isinstance(value, list) else ():
                    self.assertIsInstance(part, str)
                    self.assertNotIn(",", part)
            if len(rows) > 100:  # one row of a large table has the types of all rows
                break
        return rows

    def test_every_command_that_prints_a_table(self):
        for arguments in COMMANDS:
            with self.subTest(arguments):
                self.check(arguments)

    def test_lists_are_arrays(self):
        (row,) = [r for r in self.check(["options"]) if r["name"] == "TCP_KEEPIDLE"]
        self.assertEqual((row["families"], row["types"]), (["inet", "inet6"], ["stream"]))
        (row, *_) = self.check(["interfaces", "lo"])
        self.assertIn("loopback", row["flags"])

    def test_headings_are_the_keys_in_capitals(self):
        for arguments in COMMANDS:
            if "--describe=TCP_INFO" in arguments or "--get" in arguments[-1]:
                continue
            (heading, *_) = printed(*arguments).decode().split("\n")
            keys = [key.upper() for key in self.check(arguments)[0]]
            self.assertEqual([k for k in keys if k != "TEXT"], heading.split())


class Hostile(unittest.TestCase):
    def test_addresses_of_peers(self):
        for name in HOSTILE:
            with (
                self.subTest(name),
                tempfile.TemporaryDirectory() as folder,
                Listener("--echo", f"{folder}/socket") as server,
                socket.socket(socket.AF_UNIX) as peer,
            ):
                peer.bind(b"\0" + name + os.urandom(4).hex().encode())
                peer.connect(f"{folder}/socket")
                peer.close()
                server.end()
                said = server.errors.decode("utf-8")
                self.assertIn("connection from", said)
                self.assertTrue(is_safe(said), repr(said))

    def test_words_on_the_command_line_that_messages_repeat(self):
        for name in HOSTILE:
            for arguments in (
                ["connect", name + b".invalid:1"], ["connect", b"--" + name], [name],
                ["constants", name], ["constants", b"--group=" + name], ["interfaces", name],
                ["families", name], ["resolve", name + b".invalid"], ["options", b"--get=" + name],
                ["listen", b"/nonexistent/" + name], ["connect", b"--option=SO_MARK=" + name],
            ):  # fmt: skip
                with self.subTest(arguments):
                    result = subprocess.run(
                        [PROGRAM.encode(), *(os.fsencode(a) for a in arguments)],
                        capture_output=True, env=ENVIRONMENT, timeout=60,
                    )  # fmt: skip
                    said = result.stderr.decode("utf-8", "strict")
                    self.assertNotEqual(result.returncode, 0)
                    self.assertTrue(is_safe(said), repr(said))

    def test_in_a_locale_without_utf8_only_ascii_is_printed(self):
        result = subprocess.run(
            [PROGRAM, "constants", "m\u00fc"],
            capture_output=True,
            env={**ENVIRONMENT, "LC_ALL": "C"},
        )
        self.assertTrue(result.stderr.isascii(), result.stderr)
        self.assertIn(rb"m\xc3\xbc", result.stderr)

    @needs_tracing
    def test_tables_and_json(self):
        for name in HOSTILE:
            with self.subTest(name):
                path = b"\0" + name + os.urandom(4).hex().encode()
                code = (
                    "import socket, sys; s = socket.socket(socket.AF_UNIX);"
                    f"s.bind({path!r}); print(flush=True); sys.stdin.read()"
                )
                holder = subprocess.Popen(
                    ["python3", "-c", code], preexec_fn=let_trace,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )  # fmt: skip
                holder.stdout.readline()
                table = printed("options", f"--pid={holder.pid}").decode("utf-8", "strict")
                document = strict(printed("options", f"--pid={holder.pid}", "--json"))
                holder.communicate(timeout=60)
                self.assertTrue(is_safe(table), repr(table))
                (row,) = document["sockets"]
                self.assertTrue(row["local"].startswith("@"))


class Tables(unittest.TestCase):
    def test_numbers_are_right_aligned_and_no_line_ends_with_a_space(self):
        lines = output("constants", "--group=AF").split("\n")
        for line in lines:
            self.assertEqual(line, line.rstrip())
        end = lines[0].index("VALUE") + len("VALUE")
        for line in lines[1:-1]:
            self.assertRegex(line[:end], r" \d+$")

    def test_the_manual_of_options_is_cut_only_on_a_terminal(self):
        self.assertGreater(max(map(len, run("options").stdout.split("\n"))), 120)
