"""The conventions of the C interface, as stated in csocket.h, hold in every header."""

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
sys.path.insert(0, str(ROOT / "tools"))

import headers  # noqa: E402

HEADERS = headers.load(ROOT / "include/csocket")
FUNCTIONS = headers.functions(HEADERS)
STANDARD = {"stdbool.h", "stddef.h", "stdint.h", "stdio.h"}

# Arguments that an error can name as the cause.
NAMED = re.compile(
    r"const (struct csk_(addr|value|option|addrinfo)|char) \*|const struct csk_msg \*"
)
# Calls that have such an argument but no error argument, with the reasons.
WITHOUT_ERROR = {
    "csk_addr_host": "the address is the only argument",
    "csk_addr_port": "the address is the only argument",
    "csk_addr_unpack": "the address is the only argument",
    "csk_addr_unpack_for": "the address is the only argument",
    "csk_cmsg_close_fds": "the message is the only argument",
    "csk_cmsg_next": "nothing is looked up",
    "csk_control_format": "writes what it cannot read as bytes",
    "csk_layout_find": "the name is the only cause; a struct's fields can be listed",
    "csk_makefile": "the mode is the only cause",
    "csk_option_format": "the bytes are the only cause",
    "csk_option_level": "the option is the only argument",
    "csk_option_number": "the option is the only argument",
}
# Calls that return a value and change their object.
NOT_GETTERS = {
    "csk_cancel_fileno": "opens the descriptor on first use",
}


def parts(function):
    """Return (result, [parameters]) as strings."""
    text = " ".join(function.prototype.split())
    result, inside = re.match(r"(.*?)\bcsk_\w+\((.*)\)$", text).groups()
    return result.strip(), headers.BETWEEN_ARGUMENTS.split(inside)


class Conventions(unittest.TestCase):
    def test_the_headers_are_read(self):
        self.assertGreater(len(FUNCTIONS), 150)

    def test_the_error_is_last_and_may_be_null(self):
        for function in FUNCTIONS:
            _, parameters = parts(function)
            places = [i for i, p in enumerate(parameters) if "struct csk_error" in p]
            if places:
                with self.subTest(function.name):
                    self.assertEqual(places, [len(parameters) - 1])
                    self.assertEqual(parameters[-1], "struct csk_error *error")
                    self.assertIn("may be NULL", dict(function.doc.params)["error"])

    def test_functions_that_can_name_the_cause_have_an_error_parameter(self):
        without = set()
        for function in FUNCTIONS:
            result, parameters = parts(function)
            fails = result in ("int", "ssize_t", "int64_t") and function.doc.errors != ["none"]
            named = any(NAMED.match(p) for p in parameters)
            if fails and named and parameters[-1] != "struct csk_error *error":
                without.add(function.name)
        self.assertEqual(without, set(WITHOUT_ERROR))

    def test_counts_are_ssize_t(self):
        for function in FUNCTIONS:
            with self.subTest(function.name):
                result, _ = parts(function)
                counts = re.match(r"the (number|length) of|the line's length", function.doc.returns)
                if counts and function.doc.errors == ["none"]:
                    self.assertNotEqual(result, "int")
                else:
                    self.assertEqual(result == "ssize_t", bool(counts), function.doc.returns)

    def test_getters_have_const_parameters(self):
        changing = set()
        for function in FUNCTIONS:
            first = parts(function)[1][0]
            reads = re.match(r"Return|Get|Describe|Format", function.doc.purpose)
            if reads and re.match(r"struct \w+ \*", first):
                changing.add(function.name)
        self.assertEqual(changing, set(NOT_GETTERS))

    def test_system_headers_are_included_in_one_place(self):
        for header in HEADERS:
            for name in re.findall(r"^#include <(.+)>$", header.text, re.M):
                with self.subTest(header=header.name, name=name):
                    if header.name != "sys.h":
                        self.assertTrue(name in STANDARD or name.startswith("csocket/"))

    def test_every_struct_has_an_alias(self):
        text = "\n".join(header.text for header in HEADERS)
        names = set(re.findall(r"\bstruct (csk_[a-z]\w*)", text))
        self.assertGreater(len(names), 20)
        self.assertEqual(set(re.findall(r"^typedef struct (csk_\w+) \1_t;", text, re.M)), names)

    def test_no_name_is_the_systems(self):
        """iovec is POSIX's; sys.h declares it for Windows, which lacks it."""
        for header in HEADERS:
            for name in [t.name for t in header.types] + [m.name for m in header.macros]:
                if (header.name, name) != ("sys.h", "iovec"):
                    self.assertRegex(name, r"^(csk_|CSK_|CSOCKET_)")


class Comments(unittest.TestCase):
    def test_the_error_is_described_in_one_way(self):
        for function in FUNCTIONS:
            text = dict(function.doc.params).get("error")
            if text:
                with self.subTest(function.name):
                    self.assertRegex(text, r"^(filled in (on failure|if not all)|as csk_)")

    def test_the_ownership_of_inputs_is_stated(self):
        """An input is a pointer to const, but not to a pointer that is set."""
        inputs = 0
        for function in FUNCTIONS:
            for parameter, (name, text) in zip(parts(function)[1], function.doc.params):
                if re.match(r"const [^*]*(\*[^*]*|\[.*)$", parameter):
                    inputs += 1
                    with self.subTest(function=function.name, parameter=name):
                        self.assertRegex(text, r"\b(borrowed|copied)\b|the caller's|^as csk_")
        self.assertGreater(inputs, 150)

    def test_a_refused_null_is_an_error(self):
        for function in FUNCTIONS:
            result, parameters = parts(function)
            if result in ("int", "ssize_t", "int64_t", "csk_fd_t") and "*" in "".join(parameters):
                with self.subTest(function.name):
                    self.assertNotEqual(function.doc.errors, ["none"])

    def test_references_are_manual_pages(self):
        for function in FUNCTIONS:
            with self.subTest(function.name):
                self.assertTrue(function.doc.see)
                for page in function.doc.see:
                    self.assertRegex(page, r"^\w+\(\d\)$")

    def test_continued_lines_are_indented(self):
        for header in HEADERS:
            for comment in re.findall(r"/\*\*\n(.*?) \*/", header.text, re.S):
                inside = False
                for line in comment.splitlines():
                    begins = re.match(rf" \* (@\w|({'|'.join(headers.SECTIONS)}):)", line)
                    inside = bool(begins) or (inside and line != " *")
                    if inside and not begins:
                        with self.subTest(header=header.name, line=line):
                            self.assertRegex(line, r"^ \* {10}")


PROGRAM = """\
#include <csocket/csocket.h>
#include <string.h>
int main(void)
{
%s    return 0;
}
"""


class Options(unittest.TestCase):
    def test_all_zero_means_the_defaults(self):
        """Each CSK_..._INIT but a socket's is all zero, and every struct of options has one."""
        text = "\n".join(header.text for header in HEADERS)
        structs = re.findall(r"^struct (csk_\w*options) \{", text, re.M)
        initialised = {
            "csk_" + name.lower() for name in re.findall(r"#define CSK_(\w+)_INIT\b", text)
        }
        self.assertGreaterEqual(len(structs), 3)
        self.assertLessEqual(set(structs), initialised)
        compiler = shlex.split(os.environ.get("CC", "cc"))
        if not shutil.which(compiler[0]):
            self.skipTest("there is no C compiler")
        lines = "".join(
            f"    {{ static const struct {name} zero, init = {name.upper()}_INIT;\n"
            f"      if (memcmp(&zero, &init, sizeof zero)) return {number}; }}\n"
            for number, name in enumerate(sorted(initialised - {"csk_socket"}), 1)
        )
        with tempfile.TemporaryDirectory() as folder:
            source, program = pathlib.Path(folder, "t.c"), pathlib.Path(folder, "t")
            source.write_text(PROGRAM % lines, encoding="utf-8")
            subprocess.run(
                [*compiler, "-I", ROOT / "include", "-o", program, source], check=True
            )  # fmt: skip
            self.assertEqual(subprocess.run([program], check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
