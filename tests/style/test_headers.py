"""The headers' comments are parsed completely, and rejected if they violate the format."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gen_map  # noqa: E402
import headers  # noqa: E402

GOOD = """\
/* Things. */
/**
 * Do a thing.
 *
 * More about it,
 * on two lines.
 *
 * @s       the socket
 * @room    bytes; the line is
 *          long
 *
 * Returns: how many.
 * Errors:  CSK_EPORT no port, CSK_EFAMILY,
 *          CSK_ESPACE one item
 *          -errno of thing(2)
 * Python:  socket.thing(a, b), other, exotic (beyond the specification)
 * Since:   0.1
 * See:     thing(2), csk_other(3)
 */
CSK_API ssize_t csk_thing(struct csk_socket *s, const char room[CSK_ROOM]);
"""


def parse(text):
    return headers.parse("thing.h", text)


class Reading(unittest.TestCase):
    def test_every_part_of_a_comment_is_read(self):
        (function,) = parse(GOOD).functions
        doc = function.doc
        self.assertEqual(doc.purpose, "Do a thing.")
        self.assertEqual(doc.paragraphs, ["More about it, on two lines."])
        self.assertEqual(doc.params, [("s", "the socket"), ("room", "bytes; the line is long")])
        self.assertEqual(doc.returns, "how many.")
        self.assertEqual(
            doc.errors,
            ["CSK_EPORT no port, CSK_EFAMILY, CSK_ESPACE one item", "-errno of thing(2)"],
        )
        self.assertEqual(function.twins, ["socket.thing", "other", "exotic"])
        self.assertEqual(doc.since, "0.1")
        self.assertEqual(doc.see, ["thing(2)", "csk_other(3)"])
        self.assertEqual(
            function.prototype,
            "ssize_t csk_thing(struct csk_socket *s, const char room[CSK_ROOM])",
        )

    def test_code_in_a_comment_is_kept_unchanged(self):
        text = GOOD.replace(
            " * on two lines.\n", " * on two lines.\n *\n *     f(a,\n *       b);\n"
        )
        (function,) = parse(text).functions
        self.assertEqual(function.doc.paragraphs[1], "f(a,\n  b);")
        self.assertIsInstance(function.doc.paragraphs[1], headers.Code)

    def test_function_pointers_are_parameters_too(self):
        self.assertEqual(
            headers.parameter_names("int csk_x(int (*call)(void *, int), char b[4], void *p)"),
            ["call", "b", "p"],
        )
        self.assertEqual(headers.parameter_names("int csk_x(void)"), [])

    def test_types_and_macros_keep_the_comment_above_them(self):
        struct = "/* A thing. */\nstruct csk_t {\n    int a;\n};\n"
        header = parse(struct + "\n/* Room. */\n#define CSK_R 4\n")
        self.assertEqual(
            [(t.kind, t.name, t.comment) for t in header.types], [("struct", "csk_t", "A thing.")]
        )
        self.assertEqual([(m.name, m.comment) for m in header.macros], [("CSK_R", "Room.")])

    def test_the_projects_own_headers_keep_the_form(self):
        self.assertEqual(headers.problems(headers.load(ROOT / "include/csocket")), [])


class Refusing(unittest.TestCase):
    def refused(self, old, new, expected):
        self.assertIn(old, GOOD)
        header = parse(GOOD.replace(old, new))
        self.assertIn(expected, "\n".join(headers.problems([header])))

    def test_correct_text_is_accepted(self):
        self.assertEqual(headers.problems([parse(GOOD)]), [])

    def test_an_export_without_a_comment(self):
        self.refused("/**\n * Do", "/*\n * Do", "csk_thing: exported, but no comment")

    def test_a_comment_that_is_not_right_above(self):
        self.refused(" */\nCSK_API", " */\n\nCSK_API", "csk_thing: exported, but no comment")

    def test_no_period_after_the_purpose(self):
        self.refused("Do a thing.", "Do a thing", "no line of purpose")

    def test_a_parameter_that_is_not_described(self):
        self.refused(" * @s       the socket\n", "", "the comment has (room)")

    def test_parameters_in_another_order(self):
        self.refused("@s ", "@size ", "but the comment has (size, room)")

    def test_a_parameter_without_a_description(self):
        self.refused("@s       the socket", "@s", "@s has no description")

    def test_missing_sections(self):
        for name in ("Returns", "Errors", "Python", "Since"):
            with self.subTest(name):
                self.refused(f" * {name}: ", f" * {name} ", f"no {name}:")

    def test_sections_in_another_order(self):
        self.refused(
            " * Since:   0.1\n * See:     thing(2), csk_other(3)\n",
            " * See:     thing(2), csk_other(3)\n * Since:   0.1\n",
            "the order is",
        )

    def test_a_section_twice(self):
        self.refused(" * Since:   0.1\n", " * Since:   0.1\n * Since:   0.2\n", "stands twice")

    def test_a_since_that_is_not_a_version(self):
        self.refused("0.1", "now", "is no version")

    def test_a_name_without_the_prefix(self):
        self.refused("csk_thing(struct", "thing(struct", "does not begin with csk_")

    def test_a_function_declared_twice(self):
        found = headers.problems([parse(GOOD + GOOD)])
        self.assertIn("declared twice", "\n".join(found))

    def test_a_comment_of_the_form_without_an_export(self):
        self.refused("CSK_API ssize_t", "ssize_t", "without an export below it")


class Errors(unittest.TestCase):
    def test_codes_are_separated_from_their_meaning(self):
        for item, codes in (
            ("-EBADF the socket is closed", "-EBADF"),
            ("CSK_EAI() codes the host was not found", "CSK_EAI() codes"),
            ("CSK_EPORT, -ENODEV as csk_addr_pack", "CSK_EPORT, -ENODEV"),
            ("-errno of read(2)", ""),
            ("-ENOMEM, -EMFILE and others", ""),
            ("CSK_EAI() codes; -errno", ""),
            ("as csk_recv", ""),
        ):
            with self.subTest(item):
                self.assertEqual(headers.split_error(item)[0], codes)
                self.assertEqual(" ".join(filter(None, headers.split_error(item))), item)


class VersionScript(unittest.TestCase):
    def test_each_version_inherits_from_the_one_before(self):
        newer = GOOD.replace("csk_thing", "csk_newer").replace("0.1", "0.10")
        middle = GOOD.replace("csk_thing", "csk_middle").replace("0.1", "0.2")
        functions = parse(GOOD + newer + middle).functions
        self.assertEqual(
            gen_map.version_script(functions),
            "CSOCKET_0.1 {\nglobal:\n    csk_thing;\nlocal:\n    *;\n};\n\n"
            "CSOCKET_0.2 {\nglobal:\n    csk_middle;\n} CSOCKET_0.1;\n\n"
            "CSOCKET_0.10 {\nglobal:\n    csk_newer;\n} CSOCKET_0.2;\n",
        )

    def test_an_export_without_a_comment_ends_the_build_and_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            header = pathlib.Path(folder, "x.h")
            header.write_text("CSK_API int csk_bare(void);\n", encoding="utf-8")
            out = pathlib.Path(folder, "x.map")
            done = subprocess.run(
                [sys.executable, ROOT / "tools/gen_map.py", out, header],
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            self.assertEqual(done.returncode, 1)
            self.assertIn("x.h:1: csk_bare: exported, but no comment", done.stderr)
            self.assertFalse(out.exists())


if __name__ == "__main__":
    unittest.main()
