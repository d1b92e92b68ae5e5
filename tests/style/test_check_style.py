"""Tests of the house rules: each detects violations and accepts permitted code."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/style"), str(ROOT / "tools")]

import check_style  # noqa: E402
from csource import Source  # noqa: E402

GOOD = """\
/* A file as it should be.  malloc(3), poll(2) and AF_INET in a comment are no calls. */
#include "internal.h"

#ifdef CSK_HAVE_ACCEPT4
#define FLAGS 1
#else
#define FLAGS 0
#endif

struct csk_thing {
    int (*read)(int fd);
};

static const char *const names[] = { "AF_INET", "sprintf(" };
static const struct csk_thing things[2];
typedef int csk_fn(struct csk_thing *t);

static int helper(struct csk_thing *t)
{
    static const int table[] = { 1, 2 };

    return t->read(table[FLAGS]) + (int)sizeof names + (int)sizeof things;
}

int csk_thing(struct csk_thing *t)
{
    return helper(t) + (int)cski_sys(recv)(1, "", 0, 0);
}
"""
SYS_H = """\
#define CSKI_SYS_MAP(X) \\
    X(ssize_t, recv, (int, void *, size_t, int)) \\
    X(int, poll, (struct pollfd *, nfds_t, int)) \\
    X(void *, malloc, (size_t))
#ifdef CSK_OPEN_SYS
#define cski_sys(name) (cski_sys_table.name)
#endif
"""
INTERNAL_H = '#include "platform/sys.h"\n#include <csocket/csocket.h>\n'
BASE = {
    "src/good.c": GOOD,
    "src/internal.h": INTERNAL_H,
    "src/platform/sys.h": SYS_H,
    "include/csocket/csocket.h": "#define CSOCKET_H\n",
    **{f"tests/core/test_{name}.c": "/* Tests. */\n" for name in ("good", "x", "wait", "connect")},
}


class RuleTest(unittest.TestCase):
    TESTED = {"tests/core/family/test_good.c": "/* Tests. */\n"}

    def findings(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**BASE, **files}.items():
                file = pathlib.Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return check_style.check(folder)

    def finds(self, rule, path, text, line=1, **more):
        """Assert that the text in that file violates only that rule, at that line."""
        found = self.findings({path: text, **more})
        self.assertEqual(
            [(f.rule, f.path, f.line) for f in found], [(rule, path, line)], [*map(str, found)]
        )
        return found[0].text

    def passes(self, path, text, **more):
        self.assertEqual([*map(str, self.findings({path: text, **more}))], [])


class Good(RuleTest):
    def test_a_correct_file_passes(self):
        self.assertEqual(self.findings({}), [])


class Text(RuleTest):
    def test_blank_at_the_end_of_a_line(self):
        self.finds("whitespace", "docs/x.md", "one\ntwo \n", 2)

    def test_tab(self):
        self.finds("whitespace", "src/x.c", "int csk_x(void)\n{\n\treturn 1;\n}\n", 3)
        self.passes("Makefile", "all:\n\techo\n")
        self.passes("data/x.tsv", "a\tb\n")

    def test_no_line_break_at_the_end(self):
        self.finds("whitespace", "tools/x.py", "pass", 1)

    def test_blank_lines_at_the_end(self):
        self.finds("whitespace", "tools/x.py", "pass\n\n", 3)

    def test_a_script_that_cannot_be_run(self):
        self.finds("executable", "tools/x.sh", "#!/bin/sh\n")

    def test_long_line(self):
        self.finds("line", "src/x.c", f"/* {'x' * 95} */\n")
        self.passes("src/x.c", f"/* {'x' * 94} */\n")
        self.passes("docs/x.md", "x" * 200 + "\n")


class Idioms(RuleTest):
    LIST = {"tests/style/idioms.tsv": "# a comment\n\\bfor aye\\b\tforever\n"}

    def test_an_idiom_that_is_listed(self):
        self.finds("idiom", "docs/x.md", "It waits\nFor Aye.\n", 2, **self.LIST)

    def test_an_idiom_in_the_name_of_a_test(self):
        code = "def test_waits_for_aye():\n    pass\n"
        self.finds("idiom", "tests/x/test_y.py", code, **self.LIST)
        self.passes("tests/x/test_y.py", code.replace("test_waits", "waits"), **self.LIST)

    def test_other_words_pass(self):
        self.passes("docs/x.md", "It waits for every call.\n", **self.LIST)

    def test_exceptions_limit_the_number_of_idioms(self):
        left = {"tests/style/exceptions.txt": "idiom docs 1\n"}
        self.passes("docs/x.md", "for aye\n", **self.LIST, **left)
        self.finds("idiom", "docs/x.md", "for aye\n", **self.LIST)


class Sizes(RuleTest):
    LONG = "int csk_long(void)\n{\n" + "    f();\n" * 58 + "}\n"

    def test_long_function(self):
        self.finds("size", "src/x.c", self.LONG)
        self.passes("src/x.c", self.LONG.replace("    f();\n", "", 1))

    def test_long_python_function(self):
        self.finds("size", "tools/x.py", "def f():\n" + "    pass\n" * 60)
        self.passes("tools/x.py", "def f():\n" + "    pass\n" * 59)

    def test_long_file(self):
        self.finds("size", "src/x.c", "/**/\n" * 601)
        self.passes("src/x.c", "/**/\n" * 600)
        self.passes("src/x.c", "/* Made by tools/gen_x.py. */\n" + "/**/\n" * 600)

    def exception(self, text):
        return {"tests/style/exceptions.txt": text}

    def test_an_exception_allows_its_number(self):
        self.passes("src/x.c", self.LONG, **self.exception("function src/x.c:csk_long 61 # why\n"))

    def test_an_exception_is_a_limit(self):
        more = self.exception("function src/x.c:csk_long 61\n")
        self.finds("size", "src/x.c", self.LONG.replace("{\n", "{\n    f();\n"), **more)

    def test_an_exception_must_shrink_with_its_function(self):
        more = self.exception("function src/x.c:csk_long 70\n")
        (found,) = self.findings({"src/x.c": self.LONG, **more})
        self.assertIn("lower the exception", found.text)

    def test_an_exception_must_go_when_it_is_not_needed(self):
        (found,) = self.findings(self.exception("function src/good.c:helper 70\n"))
        self.assertIn("take the exception away", found.text)
        (found,) = self.findings(self.exception("file src/gone.c 700\n"))
        self.assertIn("does not exist", found.text)


class Layers(RuleTest):
    def test_the_platform_includes_nothing_above_it(self):
        self.finds("layers", "src/platform/x.c", "#include <csocket/csocket.h>\n")
        self.finds("layers", "src/platform/x.c", '#include "internal.h"\n')
        self.passes("src/platform/x.c", '#include "sys.h"\n#include "config.h"\n')

    def test_the_headers_include_nothing_below_them(self):
        self.finds("layers", "include/csocket/x.h", '#include "../../src/internal.h"\n')

    def test_the_interfaces_include_only_public_headers(self):
        for folder in ("cli", "examples", "bench", "python/ext", "tests/python"):
            with self.subTest(folder):
                up = "../" * (folder.count("/") + 1)
                self.finds("layers", f"{folder}/x.c", f'#include "{up}src/internal.h"\n')
                self.passes(f"{folder}/x.c", "#include <csocket/csocket.h>\n")

    def test_fault_tests_may_replace_the_system_calls(self):
        self.passes("tests/fault/x.c", '#include "platform/sys.h"\n')

    def test_a_header_that_does_not_exist(self):
        self.finds("layers", "src/x.c", '#include "gone.h"\n')

    def test_a_cycle(self):
        more = {"src/b.h": '#include "a.h"\n'}
        found = self.findings({"src/a.h": '#include "b.h"\n', **more})
        self.assertEqual([f.rule for f in found], ["cycle"])

    def test_floors(self):
        header = {"src/connect/x.h": "/* High. */\n"}
        self.finds("floors", "src/address/x.h", '#include "connect/x.h"\n', **header)
        self.finds("floors", "src/x.h", '#include "connect/x.h"\n', **header)
        self.finds("floors", "src/names/x.h", '#include "option/y.h"\n', **{"src/option/y.h": ""})
        self.passes("src/connect/y.h", '#include "internal.h"\n#include "connect/x.h"\n', **header)
        self.passes("src/family/x.h", '#include "address/y.h"\n', **{"src/address/y.h": ""})
        self.passes("src/connect/y.h", '#include "family/y.h"\n', **{"src/family/y.h": ""})

    def test_an_exception_to_the_floors_must_be_needed(self):
        up = {"src/layout/x.h": '#include "family/y.h"\n', "src/family/y.h": ""}
        exception = "include src/layout->src/family {}\n"
        list_ = "tests/style/exceptions.txt"
        self.passes(list_, exception.format(1), **up)
        self.finds("floors", list_, exception.format(2), **up)
        self.finds("floors", list_, exception.format(1))

    def test_python_h(self):
        for path in ("src/x.c", "include/csocket/x.h", "cli/x.c"):
            self.finds("python-h", path, "#include <Python.h>\n")
        self.passes("python/ext/x.c", "#include <Python.h>\n")

    def test_system_headers(self):
        self.finds("system-header", "src/x.c", "#include <linux/can.h>\n")
        self.passes("src/family/good.c", "#include <linux/can.h>\n", **self.TESTED)


class Conditionals(RuleTest):
    def test_a_systems_name(self):
        for test in ("#ifdef __linux__", "#if defined(__APPLE__)", "#if 1 || defined(_WIN32)"):
            self.finds("system-name", "src/x.c", f"{test}\n#endif\n")
        self.passes("src/platform/x.c", "#ifdef __linux__\n#endif\n")
        self.passes("src/x.c", "#ifdef CSK_HAVE_ACCEPT4\n#endif\n")

    def test_a_condition_in_a_body(self):
        body = "int csk_x(int a,\n          int b)\n{\n#ifdef CSK_HAVE_X\n    b++;\n}\n"
        self.finds("conditional", "src/x.c", body, 4)
        self.passes("src/x.c", "static const int x[] = {\n#ifdef CSK_HAVE_X\n    1,\n#endif\n};\n")


class Names(RuleTest):
    def test_families(self):
        body = "int csk_x(int f)\n{\n    return f == AF_VSOCK;\n}\n"
        self.finds("family", "src/x.c", body, 3)
        self.finds("family", "python/ext/x.c", body, 3)
        self.finds("family", "src/x.c", body.replace("AF_VSOCK", "sizeof(struct sockaddr_un)"), 3)
        self.passes("src/family/good.c", body, **self.TESTED)
        self.passes("src/x.c", body.replace("AF_VSOCK", "AF_UNSPEC"))

    def test_options(self):
        body = "int csk_x(int f)\n{\n    return f == TCP_NODELAY;\n}\n"
        self.finds("option", "src/x.c", body, 3)
        self.passes("src/x.c", body.replace("TCP_NODELAY", "IPPROTO_TCP"))

    def test_a_list_of_exceptions_that_is_too_long(self):
        found = self.findings({"src/connection.c": "/* No option. */\n"})
        self.assertIn("SO_ERROR is on the list", " ".join(finding.text for finding in found))

    def test_vocabulary(self):
        self.finds("vocabulary", "src/x.c", "static int said_length;\n")

    def test_null_pointers(self):
        self.finds("null", "src/x.c", "int f(char *p)\n{\n    return p == NULL;\n}\n", 3)

    def test_prefixes(self):
        self.finds("prefix", "include/csocket/x.h", "#define THING 1\n")
        self.finds("prefix", "src/x.h", "#define THING 1\n")
        self.finds("prefix", "cli/x.c", "int main(void)\n{\n    return cski_x();\n}\n", 3)


class Places(RuleTest):
    def test_families_and_options_in_the_interfaces(self):
        for name in ("AF_VSOCK", "TCP_NODELAY"):
            for path in ("cli/x.c", "python/ext/x.c", "include/csocket/x.h"):
                rule = "family" if name == "AF_VSOCK" else "option"
                self.finds(rule, path, f"static const int csk_x = {name};\n")

    def test_code_that_belongs_in_one_file_of_the_binding(self):
        for call in ("PyErr_SetFromErrno(a);", "Py_BEGIN_ALLOW_THREADS", "PyEval_SaveThread();"):
            body = f"static int f(void)\n{{\n    {call}\n}}\n"
            self.finds("one-place", "python/ext/x.c", body, 3)
            self.passes("tests/core/test_x.c", body)
        self.passes("python/ext/error.c", "static int f(void)\n{\n    csk_strerror(1);\n}\n")

    def test_a_file_without_tests(self):
        self.finds("tested", "src/new.c", "/* New. */\n")
        self.passes("src/x_more.c", "/* What test_x.c tests. */\n")
        self.passes("src/platform/new.c", "/* New. */\n")

    def test_a_file_in_a_folder_without_tests(self):
        self.finds("tested", "src/names/new.c", "/* New. */\n")
        self.finds("tested", "src/names/good.c", "/* Not what tests/core/test_good.c tests. */\n")
        for test, text in (
            ("tests/core/names/test_new.c", "/* Tests. */\n"),
            ("tests/core/names/test_other.c", "/* Tests other.c and new.c. */\n"),
        ):
            self.passes("src/names/new.c", "/* New. */\n", **{test: text})
        more = {"tests/core/names/test_other.c": "/* Tests. */\n/* new.c */\n"}
        self.finds("tested", "src/names/new.c", "/* New. */\n", **more)
        families = {"src/family/families.def": "new AF_NEW\n# good x wait connect family\n"}
        self.finds("tested", "src/family/new.c", "/* New. */\n", **families)
        families["tests/core/family/test_family.c"] = "/* Tests. */\n"
        self.passes("src/family/new.c", "/* New. */\n", **families)

    def test_files_that_are_not_built_or_used(self):
        names = "src: good.c 'x'\ntests: 'good', 'x', 'wait', 'connect'\n"
        builds = {"meson.build": names}
        self.passes("src/x.c", "/* Named by its stem. */\n", **builds)
        self.finds("dead", "src/x_old.c", "/* Old. */\n", **builds)
        self.finds("dead", "tools/old.py", "pass\n", **builds)
        self.passes("tools/old.py", "pass\n", Makefile="all:\n\ttools/old.py\n", **builds)


class Reading(RuleTest):
    def test_functions_are_found_with_their_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "src/good.c")
            file.parent.mkdir()
            file.write_text(GOOD, encoding="utf-8")
            found = check_style.Tree(folder).functions("src/good.c")
        self.assertEqual([tuple(f) for f in found], [("helper", 18, 23), ("csk_thing", 25, 28)])

    def test_quotes_and_comments_hide_each_other(self):
        source = Source('char *a = "/*"; int b = \'"\'; /* " */ int c; // \' x\nint d;\n')
        self.assertEqual([word for _, word in source.words("[a-dx]")], ["a", "b", "c", "d"])


if __name__ == "__main__":
    unittest.main()
