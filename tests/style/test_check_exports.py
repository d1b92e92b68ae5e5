"""The comparison of symbols: what is declared, exported and versioned must be the same."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_exports  # noqa: E402
import headers  # noqa: E402

CC = shlex.split(os.environ.get("CC", "cc"))
COMMENT = """\
/**
 * Do it.
 *
 * Returns: 0.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 */
"""
DECLARED = COMMENT + "CSK_API int csk_a(void);\n" + COMMENT + "CSK_API int csk_b(void);\n"
GOOD = "int csk_a(void) { return 0; }\nint csk_b(void) { return 0; }\n"
MAP = "CSOCKET_0.1 { global: csk_*; local: *; };\n"


@unittest.skipUnless(shutil.which(CC[0]) and shutil.which("nm"), "there is no compiler")
class Exports(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def build(self, code, script=None):
        """(shared library, object file) of the code."""
        (self.folder / "x.c").write_text(code, encoding="utf-8")
        (self.folder / "x.map").write_text(script or "", encoding="utf-8")
        library, thing = self.folder / "x.so", self.folder / "x.o"
        subprocess.run([*CC, "-fPIC", "-c", "x.c"], cwd=self.folder, check=True)
        versions = ["-Wl,--version-script=x.map"] if script else []
        command = [*CC, "-shared", *versions, "x.o", "-o", "x.so"]
        subprocess.run(command, cwd=self.folder, check=True)
        return str(library), str(thing)

    def shared(self, code, script=None):
        functions = headers.parse("x.h", DECLARED).functions
        return [*check_exports.check_shared(self.build(code, script)[0], functions)]

    def test_what_is_declared_and_exported_passes(self):
        self.assertEqual(self.shared(GOOD), [])
        self.assertEqual(self.shared(GOOD, MAP), [])

    def test_declared_but_not_defined(self):
        (found,) = self.shared("int csk_a(void) { return 0; }\n")
        self.assertIn("csk_b: declared, but not defined", found)

    def test_exported_but_not_declared(self):
        (found,) = self.shared(GOOD + "int cski_c(void) { return 0; }\n")
        self.assertIn("cski_c: exported", found)

    def test_a_wrong_version(self):
        found = self.shared(GOOD, MAP.replace("0.1", "0.2"))
        self.assertIn("csk_a: has version CSOCKET_0.2, its comment CSOCKET_0.1", found)

    def test_a_name_without_a_prefix_in_the_static_library(self):
        thing = self.build(GOOD + "int helper(void) { return 0; }\nint cski_c;\n")[1]
        (found,) = check_exports.check_prefixes(thing)
        self.assertIn("helper: global", found)

    def test_variables_that_can_be_written(self):
        thing = self.build(
            GOOD
            + "static int count, last = 3;\nstatic const int two = 2;\n"
            + 'static const char *const names[] = { "a", "b" };\n'
            + "int cski_c(int i) { last++; return two + names[i][0] + count++; }\n"
        )[1]
        found = sorted(check_exports.check_mutable(thing))
        self.assertEqual([text.partition(":")[0] for text in found], ["count", "last"])

    def test_what_is_not_there_yet_may_be_missing_but_not_for_ever(self):
        self.assertEqual(check_exports.still_missing(["csk_a: declared, but not"], {"csk_a"}), [])
        (found,) = check_exports.still_missing([], {"csk_a"})
        self.assertIn("csk_a: is there now", found)


if __name__ == "__main__":
    unittest.main()
