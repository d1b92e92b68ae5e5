"""All files and names mentioned in the documents exist. tests/documents/ runs their code."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not any(name.startswith((".", "build")) for name in folders):
            yield path


def prose(path):
    """Return a document's text without its code."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(path):
    """Return the link targets in a document: its headings, in the form used on the web, and ids."""
    yield from re.findall(r'<a id="([^"]+)"></a>', prose(path))
    for heading in re.findall(r"^#+ (.*)$", prose(path), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def figure(path, pattern):
    return int(re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))[1])


class Names(unittest.TestCase):
    """Everything that a document names exists."""

    def each(self, pattern):
        """Return (the document, the matches of the pattern in its prose)."""
        found = [
            (path.relative_to(ROOT), name)
            for path in documents()
            for name in re.findall(pattern, prose(path))
        ]
        self.assertGreater(len(found), 10)
        return found

    def test_links_lead_to_a_file_and_a_heading_in_it(self):
        for path, target in self.each(r"\]\(([^)\s]+)\)"):
            if not target.startswith(("http:", "https:", "mailto:")):
                name, _, anchor = target.partition("#")
                file = ROOT / path.parent / name if name else ROOT / path
                self.assertTrue(file.exists(), f"{path}: {target}")
                if anchor:
                    self.assertIn(anchor, [*anchors(file)], f"{path}: {target}")

    def test_files(self):
        folders = "src|tools|tests|docs|data|cli|python|examples|bench|include|\\.ci"
        for path, name in self.each(rf"(?<![\w/.-])((?:{folders})/[\w.*/-]*[\w*/])"):
            if path.name != "README.md" and not re.search(r"NAME|^python/cpython$", name):
                there = any(ROOT.glob(name)) if "*" in name else (ROOT / name).exists()
                self.assertTrue(there, f"{path}: {name}")

    def test_targets_of_the_makefile(self):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for path, name in self.each(r"(?:`|    )make ([a-z][a-z-]*)"):
            there = re.search(rf"(?m)^[a-z -]*\b{name}[a-z -]*:", makefile)
            self.assertTrue(there, f"{path}: make {name}")

    def test_words_of_the_source(self):
        known = set()
        for folder in ("include", "src", "python/ext", "data", "tests/core"):
            for file in (ROOT / folder).rglob("*.*"):
                known.update(re.findall(r"\w+", file.read_text(encoding="utf-8")))
        for path, name in self.each(r"\b((?:csk|cski|csp|CSK|CSKI|CSP)_\w*[a-zA-Z0-9])\b"):
            self.assertTrue(name in known, f"{path}: {name}")

    def test_commands_of_csocket_are_in_its_table(self):
        table = (ROOT / "cli/commands.c").read_text(encoding="utf-8")
        for path, name in self.each(r"(?m)(?:`|^ {4}|\$ )csocket ([a-z]+)\b"):
            self.assertRegex(table, rf"&cli_{name}(_command)?\b", path)


class Lists(unittest.TestCase):
    def test_every_document_is_in_the_list_of_documents(self):
        listed = (ROOT / "docs/README.md").read_text(encoding="utf-8")
        for path in (ROOT / "docs").rglob("*.md"):
            if path.name != "README.md":
                self.assertIn(f"({path.relative_to(ROOT / 'docs').as_posix()})", listed)

    def test_every_folder_is_in_the_architecture(self):
        text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        for path in [*ROOT.glob("*/*.*"), *ROOT.glob("*/*/*.*")]:
            name = path.parent.relative_to(ROOT).as_posix()
            if not re.match(r"\.|build|dist|docs|examples/|bench/|.*__pycache__", name):
                self.assertIn(f"{name}/", text)

    def test_every_suite_is_in_the_guide_to_contributing(self):
        suites = set()
        for path in [*ROOT.glob("*/meson.build"), *ROOT.glob("*/*/meson.build")]:
            for names in re.findall(r"suite: (\[.*?\]|'\w+')", path.read_text(encoding="utf-8")):
                suites.update(re.findall(r"\w+", names))
        text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        listed = re.search(r"the\s+suites\s+are\s+([\w\s,]+)\.", text)[1]
        self.assertEqual(suites, set(re.findall(r"\w+", listed)) - {"and"})

    def test_figures_of_the_readme(self):
        """Figures of the form "more than N" are true, and at most a third too low."""
        for said, there in (
            (r"more than (\d+) socket options", r"^(\d+) options of Linux"),
            (r"more than (\d+) of them typed", r"(\d+) of them with the type"),
        ):
            self.check_figure(figure("README.md", said), figure("docs/options.md", f"(?m){there}"))
        there = figure("docs/constants.md", r"(?m)^(\d+) names in")
        self.check_figure(figure("README.md", r"more than (\d+) constants"), there)
        families = (ROOT / "src/family/families.def").read_text(encoding="utf-8")
        there = len(re.findall(r"^\w", families, re.M))
        self.check_figure(figure("README.md", r"in more than (\d+) families"), there)

    def check_figure(self, said, there):
        self.assertGreater(there, said)
        self.assertLess(there, 1.5 * said)


class Programs(unittest.TestCase):
    def test_the_program_of_the_guide_to_time_limits_is_the_one_that_is_built(self):
        guide = (ROOT / "docs/time-limits.md").read_text(encoding="utf-8")
        built = (ROOT / "examples/time_limits.c").read_text(encoding="utf-8")
        (shown,) = re.findall(r"^```c\n(.*?)^```$", guide, re.M | re.S)
        self.assertIn("int main(", shown)
        self.assertTrue(built.endswith(shown))


class Speed(unittest.TestCase):
    """README.md's numbers and its picture are those of docs/performance.md."""

    def test_the_picture_is_current(self):
        done = subprocess.run(
            [sys.executable, ROOT / "bench/python/picture.py", "--check"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_the_numbers_of_the_readme_are_those_of_the_picture(self):
        picture = (ROOT / "docs/speed.svg").read_text(encoding="utf-8")
        numbers = re.findall(r"\*\*(\d+\.\d) times\*\*", README)
        self.assertEqual(len(numbers), 3)
        for number in numbers:
            self.assertIn(f"{number} times faster", picture)


if __name__ == "__main__":
    unittest.main()
