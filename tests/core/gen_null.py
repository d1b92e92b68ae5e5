"""Write a test in C that passes NULL to every function of the public headers, one parameter at a
time.

    gen_null.py OUTPUT HEADER...

If the comment of a parameter does not mention NULL, the result must be CSK_ENULL, and the struct
csk_error is filled in; if the function returns no code, false, 0, or just no crash.  A new export
is tested automatically.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import headers  # noqa: E402

HEAD = """\
/* Made by tests/core/gen_null.py. */
#include "sockets.h"

/* What is behind the other pointers: all zero, and a closed socket. */
static union {
    max_align_t align;
    struct csk_socket socket;
    char bytes[8192];
} some[16];

static struct csk_error error;

static void clear(void)
{
    memset(some, 0, sizeof some);
    memset(&error, 0, sizeof error);
}

static void *closed(int i)
{
    some[i].socket = (struct csk_socket)CSK_SOCKET_INIT;
    return &some[i];
}

"""

CHECKS = {
    "int": "assert_int_equal({}, CSK_ENULL);",
    "ssize_t": "assert_int_equal({}, CSK_ENULL);",
    "int64_t": "assert_int_equal({}, CSK_ENULL);",
    "size_t": "assert_int_equal({}, 0);",
    "bool": "assert_false({});",
}


def divide(prototype):
    """The return type and the declarations of the parameters."""
    result, name, inside = re.match(r"(.*?)\b(csk_\w+)\s*\((.*)\)$", prototype, re.S).groups()
    return result.strip(), name, headers.BETWEEN_ARGUMENTS.split(inside)


def is_pointer(parameter):
    return "*" in parameter or "[" in parameter


def argument(parameter, index):
    if not is_pointer(parameter):
        return "AF_INET" if parameter == "int family" else "1"
    if parameter == "struct csk_error *error":
        return "&error"
    socket = re.match(r"(const )?struct csk_socket \*", parameter)
    return f"closed({index})" if socket else f"(void *)&some[{index}]"


def allows_null(name, text, others):
    """Whether a parameter's comment mentions NULL; "as csk_other" refers to the comment of that
    function."""
    if text.startswith("as csk_"):
        other = others[re.match(r"as (csk_\w+)", text)[1]]
        text = dict(other.doc.params).get(name, text)
    return "NULL" in text


def calls(function, others):
    """One call for each pointer that must not be NULL."""
    result, name, parameters = divide(" ".join(function.prototype.split()))
    given = [argument(p, i) for i, p in enumerate(parameters)]
    for i, (parameter, param) in enumerate(zip(parameters, function.doc.params)):
        if is_pointer(parameter) and not allows_null(*param, others):
            values = ", ".join([*given[:i], "NULL", *given[i + 1 :]])
            check = CHECKS.get(result, "(void){};")
            yield f"    clear();\n    {check.format(f'{name}({values})')}\n"
            if "&error" in given:
                yield "    assert_int_equal(error.code, CSK_ENULL);\n"
                yield "    assert_true(error.text[0]);\n"


def main(output, paths):
    tests, text = [], HEAD
    functions = {f.name: f for f in headers.functions(headers.load(paths))}
    for function in functions.values():
        body = "".join(calls(function, functions))
        if body:
            tests.append(f"{function.name}_refuses_null")
            text += f"static void {tests[-1]}(void)\n{{\n{body}}}\n\n"
    text += "TESTS(" + ",\n      ".join(f"TEST({name})" for name in tests) + ")\n"
    pathlib.Path(output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
