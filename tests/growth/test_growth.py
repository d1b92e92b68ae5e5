"""Time relative to size: ten times the input takes at most about ten times the instructions."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("GROWTH_PROGRAM", "")
FACTOR, SLACK, CONSTANT = 10, 1.4, 50000
# Cases that are not linear yet, {case: reason}; this list may only shrink.
EXPECTED = {
    "read IPV6_HOPOPTS": "csk_layout_get finds the n-th header by going through those before it",
    "read IP_IPSEC_POLICY": "csk_layout_get finds the n-th struct by going through those before it",
}


def count(program):
    """{case: (instructions for n, instructions for 10 n)}."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/profile"]
            + ["--dump-after=mark", "--dump-line=no", "--dump-instr=no", program],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        files = sorted(
            pathlib.Path(folder).glob("profile.*"), key=lambda file: int(file.suffix[1:])
        )
        counted = [int(re.search(r"^summary: (\d+)", f.read_text(), re.M)[1]) for f in files]
    cases = done.stdout.splitlines()
    assert len(counted) in (4 * len(cases), 4 * len(cases) + 1), (len(counted), len(cases))
    # Two marks delimit each measurement: code before the first is preparation.
    return dict(zip(cases, zip(counted[1::4], counted[3::4])))


@unittest.skipUnless(PROGRAM, "run by meson test")
@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
class Growth(unittest.TestCase):
    def test_no_reader_is_worse_than_linear(self):
        cases = count(PROGRAM)
        self.assertGreater(len(cases), 50)
        self.assertTrue(any(few > 10000 for few, _ in cases.values()))
        slow = {
            case: f"{few} for n, {many} for {FACTOR} n"
            for case, (few, many) in cases.items()
            if many > FACTOR * SLACK * few + CONSTANT
        }
        self.assertEqual({case: text for case, text in slow.items() if case not in EXPECTED}, {})
        self.assertEqual({*EXPECTED} - {*slow}, set(), "linear now: take them out of EXPECTED")

    def test_quadratic_time_is_detected(self):
        source = r"""
            #include <stdio.h>
            #include <string.h>
            static char text[8000];
            void mark(void);
            __attribute__((noinline)) void mark(void) { __asm__ volatile("" ::: "memory"); }
            int main(void) {
                volatile int count = 0;
                for (int n = 400; n <= 4000; n *= 10) {
                    mark();
                    for (int i = 0; i < n; i++) for (int j = 0; j < i; j++) count += text[j];
                    mark();
                }
                puts("quadratic");
                return 0;
            }
        """
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "x.c")
            file.write_text(source, encoding="utf-8")
            subprocess.run(["cc", "-g", file, "-o", f"{folder}/x"], check=True)
            few, many = count(f"{folder}/x")["quadratic"]
        self.assertGreater(many, FACTOR * SLACK * few)


if __name__ == "__main__":
    unittest.main()
