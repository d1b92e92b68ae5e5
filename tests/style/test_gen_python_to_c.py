"""docs/python-to-c.md is complete and current; a missing or superfluous row is an error."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gen_python_to_c as table  # noqa: E402
import headers  # noqa: E402


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.headers = headers.load(ROOT / "include/csocket")
        cls.names = table.read_names()
        cls.constants = table.read_constants()

    def test_the_committed_page_is_complete_and_current(self):
        text, wrong = table.page(self.headers, self.names, self.constants)
        self.assertEqual(wrong, [])
        self.assertEqual(table.PAGE.read_text(encoding="utf-8"), text)

    def test_every_name_has_exactly_one_row(self):
        text = table.PAGE.read_text(encoding="utf-8").partition("## In C alone")[0]
        rows = [line.split("|")[1].strip() for line in text.split("\n") if line[:3] == "| `"]
        self.assertEqual(sorted(rows), sorted(table.shown(*pair) for pair in self.names))
        self.assertGreater(len(rows), 250)

    def test_a_name_without_a_row_is_named(self):
        for missing in (
            ("function", "teleport"),
            ("method", "sing"),
            ("constant", "AF_NOWHERE"),
            ("family", "NOTHING_*"),
            ("exception", "surprise"),
        ):
            _, wrong = table.page(self.headers, [*self.names, missing], self.constants)
            self.assertEqual(len(wrong), 1)
            self.assertIn(f"{missing[0]} {missing[1]}: no row", wrong[0])

    def test_a_header_that_loses_its_line_is_noticed(self):
        fewer = [h for h in self.headers if h.name != "io.h"]
        _, wrong = table.page(fewer, self.names, self.constants)
        self.assertIn("method recv: no row", "\n".join(wrong))

    def test_a_row_by_hand_that_is_not_needed_is_noticed(self):
        names = [pair for pair in self.names if pair != ("method", "share")]
        _, wrong = table.page(self.headers, names, self.constants)
        self.assertEqual(wrong, ["method share: a row by hand, but no such name"])


if __name__ == "__main__":
    unittest.main()
