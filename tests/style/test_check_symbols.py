"""Checks on the symbols of objects: exports, circles, order, variables and banned calls."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/style"), str(ROOT / "tools")]

import check_style  # noqa: E402
import check_symbols  # noqa: E402
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
        return [*check_symbols.check_shared(self.build(code, script)[0], functions)]

    def test_declared_and_exported_functions_pass(self):
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

    def test_a_pointer_in_a_table_is_a_relocation(self):
        table = GOOD + "const char *const names[] = { %s };\n"
        few, many = (
            check_symbols.relocations(self.build(table % ", ".join(['"x"'] * n))[0])
            for n in (1, 50)
        )
        self.assertEqual(many - few, 49)

    def test_a_library_has_fewer_relocations_than_its_limit(self):
        library = pathlib.Path(self.build(GOOD)[0])
        found = check_symbols.relocations(library)
        self.assertEqual([*check_symbols.check_relocations([(library, found + 1)])], [])
        text = f"x.so: {found} relocations, not under {found}: see readelf -r"
        self.assertEqual([*check_symbols.check_relocations([(library, found)])], [text])

    def test_a_name_without_a_prefix_in_the_static_library(self):
        thing = self.build(GOOD + "int helper(void) { return 0; }\nint cski_c;\n")[1]
        (found,) = check_symbols.check_prefixes(thing)
        self.assertIn("helper: global", found)


TREE = {
    "src/platform/sys.h": "#define CSKI_SYS_MAP(X) X(ssize_t, recv, (int, void *, size_t, int))\n",
    "python/ext/t.c": "static PyMethodDef methods[] = {\n",
}
THREE = {
    "src/a.c": "int cski_b(void); int cski_a(void) { return cski_b() + 1; }\n",
    "src/b.c": "int cski_c(void); int cski_b(void) { return cski_c() + 1; }\n",
    "src/c.c": "int cski_c(void) { return 2; }\n",
}


@unittest.skipUnless(shutil.which(CC[0]) and shutil.which("objdump"), "there is no compiler")
class Objects(unittest.TestCase):
    def make(self, sources, exceptions=""):
        """Return (the tree, the objects) of some sources with a build folder."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        root, entries = pathlib.Path(temporary.name).resolve(), []
        more = {"tests/style/exceptions.txt": exceptions}
        for path, text in {**TREE, **sources, **more}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        (root / "build").mkdir()
        for path in sources:
            output = path.replace("/", "_") + ".o"
            command = [*CC, "-O2", "-fPIC", "-w", "-c", f"../{path}", "-o", output]
            subprocess.run(command, cwd=root / "build", check=True)
            entries.append({"file": f"../{path}", "output": output})
        text = json.dumps(entries)
        (root / "build/compile_commands.json").write_text(text, encoding="utf-8")
        objects = check_symbols.Build(root / "build", root).objects("")
        self.assertEqual(sorted(o.source for o in objects), sorted(sources))
        return check_style.Tree(root), objects

    def circles(self, sources, exceptions=""):
        tree, objects = self.make(sources, exceptions)
        return [*check_symbols.check_circles(tree, [check_symbols.call_graph(objects)])]

    def floors(self, sources, exceptions=""):
        tree, objects = self.make(sources, exceptions)
        return [*check_symbols.check_floors(tree, check_symbols.call_graph(objects))]

    def test_files_that_do_not_call_each_other(self):
        self.assertEqual(self.circles(THREE), [])

    def test_files_in_a_circle(self):
        back = "int cski_a(void); int cski_c(void) { return cski_a() + 2; }\n"
        found = self.circles({**THREE, "src/c.c": back})
        self.assertEqual([line[:8] for line in found], ["src/a.c:", "src/b.c:", "src/c.c:"])
        self.assertIn("circle src/b.c (cski_b) (circle src/a.c: 3, allowed: 0)", found[0])

    def test_a_function_pointer_makes_no_circle(self):
        table = "int cski_a(void); int cski_c(void) { return 2; }\n"
        table += "int (*const cski_table[])(void) = { cski_a };\n"
        self.assertEqual(self.circles({**THREE, "src/c.c": table}), [])
        given = "int cski_a(void); int cski_run(int (*)(void));\n"
        given += "int cski_c(void) { return cski_run(cski_a); }\n"
        self.assertEqual(self.circles({**THREE, "src/c.c": given}), [])

    def test_an_exception_limits_the_number_of_files(self):
        two = {
            "src/a.c": "int cski_b(void); int cski_a(void) { return cski_b() + 1; }\n",
            "src/b.c": "int cski_a(void); int cski_b(void) { return cski_a() + 1; }\n",
        }
        known = "circle src/a.c 2\ncircle src/b.c 2\n"
        self.assertEqual(self.circles(two, known), [])
        (found,) = self.circles(two, known.replace("a.c 2", "a.c 3"))
        self.assertIn("circle src/a.c: lower the exception to 2", found)
        (found,) = self.circles(two, known + "circle src/c.c 2\n")
        self.assertIn("circle src/c.c: take the exception away", found)

    def test_calls_go_down_the_floors(self):
        layout = "int cski_a(void) { return 2; }\n"
        family = "int cski_a(void); int cski_b(void) { return cski_a() + 1; }\n"
        self.assertEqual(self.floors({"src/layout/a.c": layout, "src/family/b.c": family}), [])
        up = {"src/family/a.c": layout, "src/layout/b.c": family}
        (found,) = self.floors(up)
        self.assertIn("src/layout/b.c:1: floors: calls cski_a of src/family/a.c", found)
        self.assertEqual(self.floors(up, "call src/layout->src/family 1\n"), [])

    def test_folders_of_one_floor(self):
        called = "int cski_a(void) { return 2; }\n"
        caller = "int cski_a(void); int cski_b(void) { return cski_a() + 1; }\n"
        self.assertEqual(self.floors({"src/family/a.c": called, "src/address/b.c": caller}), [])
        self.assertEqual(len(self.floors({"src/names/a.c": called, "src/option/b.c": caller})), 1)

    def variables(self, path, text):
        return [*check_symbols.check_variables(*self.make({path: text}))]

    def test_variables_that_can_be_written(self):
        found = self.variables(
            "src/x.c",
            "static int count, last = 3;\nstatic const int two = 2;\n_Thread_local int cski_t;\n"
            'static const char *const names[] = { "a", "b" };\nstatic const char *name = "x";\n'
            "int cski_c(int i) { static char b[9]; b[i]++; last++; name++; cski_t++;\n"
            "    return two + names[i][0] + count++ + b[0] + name[i]; }\n",
        )
        names = [re.match(r"src/x\.c: (\w+) is a variable", line)[1] for line in found]
        self.assertEqual(names, ["b", "count", "cski_t", "last", "name"])

    def test_variables_that_are_allowed(self):
        text = "static int methods[] = { 1 };\nint *csp_f(void) { return methods; }\n"
        self.assertEqual(len(self.variables("python/ext/x.c", text)), 1)
        tables = text.replace("static int m", "typedef int PyMethodDef;\nstatic PyMethodDef m")
        self.assertEqual(self.variables("python/ext/x.c", tables), [])
        text = "int default_timeout = 1;\n"
        self.assertEqual(self.variables("src/mode.c", text), [])
        self.assertEqual(len(self.variables("src/x.c", text)), 1)

    def calls(self, path, call):
        text = f"int f(char *a, char *b) {{ {call}; return 1; }}\n"
        tree, objects = self.make({path: text})
        return [*check_symbols.check_calls(tree, objects, [])]

    def test_banned_calls(self):
        anywhere = ("src/x.c", "cli/x.c", "tests/core/x.c", "examples/x.c", "python/ext/x.c")
        library, faces = ("src/x.c", "python/ext/x.c"), ("cli/x.c", "python/ext/x.c")
        threads = ("src/x.c", *faces)
        for call, places in (
            ('sprintf(a, "%s", b)', anywhere), ("strcpy(a, b)", anywhere),
            ("strtok(a, b)", anywhere), ("return strdup(a) != b", ("src/x.c",)),
            ("exit(1)", library), ("setlocale(1, a)", library), ("gethostbyname(a)", threads),
            ("inet_ntoa(1)", threads), ("recv(1, a, 2, 0)", faces), ("poll(a, 1, 0)", threads),
        ):  # fmt: skip
            for path in anywhere:
                with self.subTest(call, path=path):
                    self.assertEqual(len(self.calls(path, call)), path in places)
        self.assertEqual(self.calls("src/wait.c", "poll(a, 1, 0)"), [])
        self.assertEqual(self.calls("src/platform/x.c", "gethostbyname(a)"), [])

    def test_system_calls_go_through_the_table(self):
        text = "int cski_x(void *p) { return recv(1, p, 2, 0) + send(1, p, 2, 0); }\n"
        tree, objects = self.make({"src/x.c": text, "src/platform/sys_open.c": text})
        found = [*check_symbols.check_calls(tree, [], objects)]
        self.assertEqual(found, ["src/x.c: calls recv(): call it as cski_sys(recv)"])

    def test_names_as_in_the_source_code(self):
        names = ("sprintf", "__sprintf_chk", "fcntl64", "lseek64", "recv")
        self.assertEqual(
            [check_symbols.plain(name) for name in names],
            ["sprintf", "sprintf", "fcntl", "lseek", "recv"],
        )

    def test_outdated_objects_are_not_checked(self):
        tree, _ = self.make(THREE)
        os.utime(tree.root / "src/a.c", (2**32, 2**32))
        build = check_symbols.Build(tree.root / "build", tree.root)
        self.assertIsNone(build.objects("src_"))
        self.assertEqual(len(build.objects("")), 2)
        self.assertIsNone(build.extension())


if __name__ == "__main__":
    unittest.main()
