"""Each of the library's own error codes is returned somewhere, and provoked by a test in C."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def words(*patterns):
    found = set()
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            found |= set(re.findall(r"\bCSK_E[A-Z0-9]+\b", path.read_text(encoding="utf-8")))
    return found


class ErrorCodes(unittest.TestCase):
    def setUp(self):
        header = (ROOT / "include/csocket/err.h").read_text(encoding="utf-8")
        self.codes = re.findall(r"X\((CSK_E[A-Z0-9]+),", header)
        self.assertGreater(len(self.codes), 20)

    def test_each_is_returned(self):
        self.assertEqual(sorted(set(self.codes) - words("src/**/*.c", "src/**/*.h")), [])

    def test_each_is_provoked(self):
        tested = words("tests/core/**/*.c", "tests/fault/*.c")
        self.assertEqual(sorted(set(self.codes) - tested), [])


if __name__ == "__main__":
    unittest.main()
