"""docs/adding-a-family.md shows the family that a test builds, and the files that it speaks of."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/adding-a-family.md").read_text()


class AddingAFamily(unittest.TestCase):
    def test_the_example_is_the_file_that_is_built(self):
        shown = re.search(r"```c\n(.*?)```", PAGE, re.S)[1]
        self.assertEqual(shown, (ROOT / "tests/core/made_up.c").read_text())

    def test_the_files_it_names_exist(self):
        for name in re.findall(r"\b(?:src|tests|data|docs|include)/[\w/-]+\.\w+", PAGE):
            if "NAME" not in name:
                self.assertTrue((ROOT / name).exists(), name)

    def test_the_families_it_points_at_do_what_it_says(self):
        rows = re.findall(r"^\| (`.*?) \| .* \| (.*) \|$", PAGE, re.M)
        self.assertGreater(len(rows), 6)
        for members, see in rows:
            for name in re.findall(r"[\w]+\.c", see):
                text = (ROOT / "src/family" / name).read_text()
                found = [m for m in re.findall(r"`(\w+)`", members) if f".{m} =" in text]
                self.assertTrue(found, f"{name} has none of {members}")


if __name__ == "__main__":
    unittest.main()
