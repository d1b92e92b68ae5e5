"""What the documents say: what they name exists, and README.md's programs do what it says."""

import http.server
import os
import pathlib
import re
import socket
import subprocess
import sys
import textwrap
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BODY = b"first line\nlast line\n"


def readme_block(language):
    """The first code in a language that README.md shows."""
    return re.search(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)[1]


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not any(name.startswith((".", "build")) for name in folders):
            yield path


def prose(path):
    """A document's text without its code."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(path):
    """What links may name in a document: its headings, as they are shown on the web, and ids."""
    yield from re.findall(r'<a id="([^"]+)"></a>', prose(path))
    for heading in re.findall(r"^#+ (.*)$", prose(path), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def figure(path, pattern):
    return int(re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))[1])


class Names(unittest.TestCase):
    """What is named exists: in every document, but for what others were made of."""

    def each(self, pattern):
        """(the document, what the pattern finds in its prose)."""
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
        for path in (ROOT / "docs").glob("*.md"):
            if path.name != "README.md":
                self.assertIn(f"({path.name})", listed)

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
        """What is said to be more than a number is, and not by so much that it should say so."""
        for said, there in (
            (r"More than (\d+) socket options", r"^(\d+) options of Linux"),
            (r"more than (\d+) of them typed", r"(\d+) of them with the type"),
        ):
            self.check_figure(figure("README.md", said), figure("docs/options.md", f"(?m){there}"))
        there = figure("docs/constants.md", r"(?m)^(\d+) names in")
        self.check_figure(figure("README.md", r"More than (\d+) constants"), there)
        families = (ROOT / "src/family/families.def").read_text(encoding="utf-8")
        there = len(re.findall(r"^\w", families, re.M))
        self.check_figure(figure("README.md", r"in more than (\d+) families"), there)

    def check_figure(self, said, there):
        self.assertGreater(there, said)
        self.assertLess(there, 1.5 * said)


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)

    def log_message(self, *arguments):
        pass


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        cls.addClassCleanup(cls.server.server_close)
        cls.port = cls.server.server_address[1]
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.shutdown)

    def in_c(self, port):
        if "README_PROGRAM" not in os.environ:
            self.skipTest("the program is not built: run by meson test")
        return self.run_program([os.environ["README_PROGRAM"], f"localhost:{port}"])

    def in_python(self, port):
        code = readme_block("python").replace("8080", str(port))
        return self.run_program([sys.executable, "-c", "import socket, sys\n" + code])

    def run_program(self, command):
        return subprocess.run(command, capture_output=True, timeout=60, check=False)

    def test_the_program_that_is_built_is_the_one_shown(self):
        built = (ROOT / "examples/readme.c").read_text(encoding="utf-8")
        shown = readme_block("c").replace('"localhost:8080"', "argv[1]")
        self.assertIn(textwrap.indent(shown, "    "), built)

    def test_the_program_of_the_guide_to_time_limits_is_the_one_that_is_built(self):
        guide = (ROOT / "docs/time-limits.md").read_text(encoding="utf-8")
        built = (ROOT / "examples/time_limits.c").read_text(encoding="utf-8")
        (shown,) = re.findall(r"^```c\n(.*?)^```$", guide, re.M | re.S)
        self.assertIn("int main(", shown)
        self.assertTrue(built.endswith(shown))

    def test_both_print_the_same_page(self):
        page = b"HTTP/1.0 200 OK\r\n\r\n" + BODY
        for program in (self.in_c, self.in_python):
            done = program(self.port)
            self.assertEqual(done.stderr, b"")
            self.assertEqual(done.stdout[: len(page)], page)
            self.assertEqual(done.returncode, 0)

    def test_the_options_of_a_connection_are_text_with_units(self):
        info = self.in_c(self.port).stdout[-4000:]
        self.assertRegex(info, rb"state=TCP_\w+ .*\brto=\d+us\b")

    def test_the_error_is_the_one_that_the_readme_shows(self):
        with socket.socket() as unused:  # bound and not listening: refuses
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
            shown = re.search(r"^    (connect to .*)$", README, re.M)[1].replace("8080", str(port))
            done = self.in_c(port)
            self.assertEqual(done.returncode, 1)
            said = done.stderr.decode().replace("[::1]", "127.0.0.1")  # whichever came last
            self.assertTrue(said.endswith(f": {shown}\n"), said)
            self.assertIn(b"Connection refused", self.in_python(port).stderr)


if __name__ == "__main__":
    unittest.main()
