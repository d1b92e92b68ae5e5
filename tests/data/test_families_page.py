"""The examples of docs/families.md use names that the library has."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/families.md").read_text()
NAMES = {
    line.split("\t", 1)[0] for line in (ROOT / "data/constants.tsv").read_text().splitlines()[1:]
}


class FamiliesPage(unittest.TestCase):
    def test_every_constant_is_in_the_table(self):
        used = set(re.findall(r"\bsocket\.([A-Z]\w+)", PAGE))
        self.assertGreater(len(used), 30)
        self.assertEqual(used - NAMES, set())

    def test_every_family_has_an_example_in_both_languages_or_no_addresses(self):
        sections = re.split(r"^## ", PAGE, flags=re.M)[1:]
        self.assertGreater(len(sections), 30)
        for section in sections:
            name = section.splitlines()[0]
            if name in ("AF_KCM", "AF_LINK"):  # no addresses; no sockets
                continue
            self.assertIn("```c\n", section, name)
            self.assertIn("```python\n", section, name)


if __name__ == "__main__":
    unittest.main()
