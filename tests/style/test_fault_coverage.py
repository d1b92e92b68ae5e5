"""Every export is tested with failing system calls, or proved to make none (tests/fault)."""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import headers  # noqa: E402

# Functions that only free memory: they cannot fail.
FREES = {"csk_freeaddrinfo", "csk_freehostent", "csk_if_freenameindex", "csk_freeifaddrs"}


def called():
    """The functions that tests/fault calls."""
    found = set()
    for path in (ROOT / "tests/fault").glob("*.c"):
        found |= set(re.findall(r"\b(csk_\w+)\(", path.read_text(encoding="utf-8")))
    return found


class FaultCoverage(unittest.TestCase):
    def setUp(self):
        functions = headers.functions(headers.load(ROOT / "include/csocket"))
        self.exports = {f.name for f in functions}
        self.assertGreater(len(self.exports), 100)

    def test_every_export_is_called(self):
        self.assertEqual(sorted(self.exports - called() - FREES), [])

    def test_every_call_of_the_table_has_a_stand_in(self):
        table = (ROOT / "src/platform/sys.h").read_text(encoding="utf-8")
        fault = (ROOT / "tests/fault/fault.c").read_text(encoding="utf-8")
        calls = set(re.findall(r"\bX\([^,]+, (\w+),", table)) - {"name"}
        self.assertIn("accept4", calls)
        # Functions that free memory, POSIX counterparts, and functions that cannot fail in this
        # context.
        left_out = {
            "free", "freeaddrinfo", "freeifaddrs", "if_freenameindex",
            "gethostbyname", "gethostbyaddr", "getservbyname", "getservbyport", "getprotobyname",
            "pthread_sigmask", "sigpending", "sigtimedwait", "sigwait",
        }  # fmt: skip
        found = set(re.findall(r"INSTALL\((\w+)\)", fault))
        for path in (ROOT / "tests/fault").glob("*.c"):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"cski_sys_table\.(\w+) = fake_\1;", text))
        self.assertEqual(sorted(calls - found - left_out), [])


if __name__ == "__main__":
    unittest.main()
