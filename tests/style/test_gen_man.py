"""The manual pages are complete, and groff and mandoc report no errors."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gen_man  # noqa: E402
import headers  # noqa: E402

GUIDES = ["csocket-errors.7", "csocket-tutorial.7", "csocket-waiting.7"]
SECTIONS = (
    "NAME LIBRARY SYNOPSIS DESCRIPTION RETURN_VALUE ERRORS PYTHON HISTORY EXAMPLES SEE_ALSO".split()
)


def generate(folder):
    subprocess.run(
        [sys.executable, ROOT / "tools/gen_man.py", "--version", "9.9", "--output", folder]
        + ["--example", ROOT / "examples/echo_server.c", "--docs", ROOT / "docs"]
        + ["--programs", *sorted((ROOT / "examples").rglob("*.c")), "--"]
        + sorted((ROOT / "include/csocket").glob("*.h")),
        check=True,
    )


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        generate(cls.folder)
        cls.pages = {p.name: p for p in sorted(cls.folder.glob("man*/*"))}
        cls.functions = headers.functions(headers.load(ROOT / "include/csocket"))

    def text(self, name):
        return self.pages[name].read_text(encoding="utf-8")

    def test_every_page_is_of_an_export_and_every_export_has_one(self):
        expected = sorted([f"{f.name}.3" for f in self.functions] + ["csocket.7"] + GUIDES)
        self.assertEqual(sorted(self.pages), expected)

    def test_every_page_has_every_section(self):
        for f in self.functions:
            found = re.findall(r"^\.SH (.*)$", self.text(f"{f.name}.3"), re.M)
            self.assertEqual([name.replace(" ", "_") for name in found], SECTIONS, f.name)

    def test_a_page_names_its_header_and_all_parameters(self):
        text = self.text("csk_recvfrom.3")
        self.assertIn("\n.B #include <csocket/io.h>\n", text)
        for name in ("s", "data", "size", "flags", "from"):
            self.assertIn(f"\n.I {name}\n", text)

    def test_the_overview_has_every_function_and_every_error(self):
        text = self.text("csocket.7")
        for f in self.functions:
            self.assertIn(f"\n.BR {f.name} (3)\n", text)
        rows = headers.error_table(headers.load(ROOT / "include/csocket"))
        self.assertGreater(len(rows), 30)
        for name, number, _ in rows:
            self.assertIn(f"\n.B {name}\n\\-{-number}: ", text)

    def test_the_overview_leads_to_the_command_and_to_the_guides(self):
        text = self.text("csocket.7")
        for page in ["csocket (1)", *(name.replace(".7", " (7)") for name in GUIDES)]:
            self.assertIn(f"\n.BR {page}", text)

    def test_the_guides_are_their_documents(self):
        self.assertIn("tls.c", self.text("csocket-tutorial.7"))
        self.assertIn("SA_RESTART", self.text("csocket-waiting.7"))
        self.assertIn("\\fBCSK_ETIMEDOUT\\fP", self.text("csocket-errors.7"))

    def test_a_page_that_is_referred_to_exists(self):
        for f in self.functions:
            for page in f.doc.see:
                if page.startswith(("csk_", "csocket")):
                    self.assertIn(page.replace("(", ".").rstrip(")"), self.pages, f.name)

    def test_groff_prints_no_warning(self):
        self.lint("groff", "-man", "-ww", "-Tutf8", "-z")

    def test_mandoc_prints_no_warning(self):
        self.lint("mandoc", "-Tlint", "-Wwarning")

    def lint(self, program, *arguments):
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed")
        for page in self.pages.values():
            done = subprocess.run(
                [program, *arguments, page],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            self.assertEqual(done.stdout, "", page.name)


class Text(unittest.TestCase):
    def test_escapes_are_not_interpreted_as_requests(self):
        self.assertEqual(gen_man.flow(".so is an ending"), r"\&.so is an ending")
        self.assertEqual(gen_man.verbatim("'a\n.b").split("\n")[2:4], [r"\&'a", r"\&.b"])

    def test_backslashes_and_minus_signs_survive(self):
        self.assertEqual(
            gen_man.flow(r'"\xNN" or -1, non-blocking'), r'"\exNN" or \-1, non-blocking'
        )

    def test_a_long_prototype_is_broken_between_parameters(self):
        prototype = (
            "int csk_x(" + ", ".join(f"const struct long_name *p{i}" for i in range(4)) + ")"
        )
        lines = gen_man.synopsis(prototype).split("\n")
        self.assertEqual(len(lines), 2)
        self.assertTrue(all(line.startswith(".BI ") for line in lines))
        self.assertEqual(gen_man.synopsis("int csk_x(void)"), '.BI "int csk_x(void);"')


if __name__ == "__main__":
    unittest.main()
