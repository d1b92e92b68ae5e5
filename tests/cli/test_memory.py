"""Memory runs out: each allocation of the command fails in its turn, with a clear message."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import command

# Allocations fail by their number. What the C library itself does without is not counted.
SHIM = """
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static long left = -1;

static int fails(void)
{
    if (left < 0)
        left = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
    if (left == 0 || --left > 0)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    void *(*real)(size_t) = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");

    return fails() ? NULL : real(size);
}

void *realloc(void *old, size_t size)
{
    void *(*real)(void *, size_t) = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");

    return fails() ? NULL : real(old, size);
}
"""
COMMANDS = (
    ("interfaces",),
    ("interfaces", "--json"),
    ("families",),
    ("constants", "AF_INET"),
    ("options", "SO_RCVBUF", "--json"),
)
TURNS = (*range(1, 60), *range(60, 600, 45))


@unittest.skipUnless(shutil.which("cc"), "needs a C compiler")
@unittest.skipIf("LSAN_OPTIONS" in os.environ or "ASAN_OPTIONS" in os.environ, "has its own malloc")
class Memory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        source = pathlib.Path(cls.folder.name) / "shim.c"
        source.write_text(SHIM)
        cls.shim = source.with_suffix(".so")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", cls.shim, source, "-ldl"], check=True
        )

    def run_failing(self, arguments, turn):
        env = {**command.ENVIRONMENT, "LD_PRELOAD": str(self.shim), "FAIL_AT": str(turn)}
        return subprocess.run(
            [command.PROGRAM, *arguments], capture_output=True, text=True, env=env, timeout=60
        )

    def test_a_failure_is_said_and_is_the_exit_status(self):
        whole = {one: command.output(*one) for one in COMMANDS}
        for arguments in COMMANDS:
            failed = 0
            for turn in TURNS:
                with self.subTest(arguments=arguments, turn=turn):
                    done = self.run_failing(arguments, turn)
                    if done.returncode == 0:
                        # The libraries did without: all rows are there, if not all headings.
                        rows = whole[arguments].splitlines()[1:]
                        self.assertEqual((done.stdout.splitlines()[1:], done.stderr), (rows, ""))
                        continue
                    failed += 1
                    self.assertEqual(done.returncode, 1)
                    self.assertRegex(done.stderr, r"\Acsocket: .+\n\Z")
                    self.assertNotIn("null", done.stderr)
            self.assertGreater(failed, 0, arguments)
