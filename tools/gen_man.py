#!/usr/bin/env python3
"""Write the manual pages: one per function, from the headers' comments, and the overviews.

    gen_man.py --version VERSION --output FOLDER [--example FILE.c] [--docs DOCS]
               [--programs FILE.c...] -- HEADER.h...

FOLDER/man3 has the functions, FOLDER/man7 has csocket(7). If --docs names the folder of the
documents, FOLDER/man7 also has csocket-tutorial(7), csocket-waiting(7) and csocket-errors(7).
"""

import argparse
import datetime
import os
import pathlib
import re
import sys
import textwrap

import headers
import man_markdown

# Types that many functions use, which csocket(7) explains once.
EVERYWHERE = {"csk_socket", "csk_addr", "csk_error"}
GUIDES = ("csocket-tutorial(7)", "csocket-waiting(7)", "csocket-errors(7)")
SEE_ALSO = (
    "csocket(1)",
    "socket(2)",
    "csocket-options(7)",
    "ip(7)",
    "socket(7)",
    "unix(7)",
    *GUIDES,
)
# The beginning of csocket(7), because `man csocket` shows csocket(1).
LEAD = (
    "csocket is a library for C, which this page describes, and a command: csocket(1).",
    "csocket-tutorial(7) is an introduction with programs.",
    "These rules hold for every function:",
)
# Documents that are manual pages as well: the page, the document, its subject.
DOCUMENTS = (
    ("csocket-tutorial", "tutorial-c.md", "a tutorial for the library, in C"),
    ("csocket-waiting", "explanation/waiting.md", "how calls wait: limits, cancellation, signals"),
    ("csocket-errors", "explanation/errors.md", "codes and messages of errors"),
)
HEADER_NOTE = re.compile(r"\s*csocket\.h explains the form of the comments\.")
SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\"])")
MARKS = re.compile(
    r"(?P<page>\b[\w.]+\((?:[1-8]\w*)\))|(?P<name>\b(?:CSK_[A-Z]\w*|csk_\w+|E[A-Z]{3,}\d*)\b)"
)
SECTION_OF = re.compile(r"\((\w+)\)$")


def escape(text):
    """Plain text for roff: it contains no requests, and minus signs are kept."""
    text = text.replace("\\", "\\e").replace("^", "\\(ha").replace("~", "\\(ti")
    return re.sub(r"-(?=\d|E[A-Z]|errno\b|>)", r"\\-", text)


def capital(text):
    """Capitalize the beginning of a sentence unless it is a name."""
    return text if re.match(r"csk_|-", text) else text[0].upper() + text[1:]


def mark(match):
    if match["page"]:
        name, _, rest = match["page"].partition("(")
        return rf"\fB{name}\fP({rest}"
    return rf"\fB{match['name']}\fP"


def flow(text):
    """Format text to be filled: each sentence begins a line, and names and pages are bold."""
    lines = []
    for sentence in SENTENCE.split(text):
        for line in textwrap.wrap(sentence, 72, break_long_words=False, break_on_hyphens=False):
            line = MARKS.sub(mark, escape(line))
            lines.append(r"\&" + line if line[0] in ".'" else line)
    return "\n".join(lines)


def verbatim(text):
    lines = [re.sub(r"^([.'])", r"\\&\1", escape(line)) for line in text.split("\n")]
    lines = [line.replace("-", "\\-").replace("\\\\-", "\\-") for line in lines]
    return "\n".join([".RS 4", ".EX", *lines, ".EE", ".RE"])


def parameters(prototype):
    """Return (text before the name, name, text after it) of each parameter."""
    inside = prototype[prototype.index("(") + 1 : prototype.rindex(")")]
    for part, name in zip(
        headers.BETWEEN_ARGUMENTS.split(inside), headers.parameter_names(prototype)
    ):
        found = list(re.finditer(rf"\b{name}\b", part))[-1]
        yield part[: found.start()], name, part[found.end() :]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def synopsis(prototype):
    """Return the prototype with parameter names in italics, broken into lines if it is too long."""
    head = prototype[: prototype.index("(") + 1]
    pieces = list(parameters(prototype))
    if not pieces:
        return f".BI {quoted(prototype + ';')}"
    rows, row, width = [], [head], len(head)
    for i, (before, name, after) in enumerate(pieces):
        after += ");" if i + 1 == len(pieces) else ", "
        size = len(before) + len(name) + len(after)
        if width + size > 78 and len(row) > 1:
            rows.append(row)
            row, width = [" " * len(head)], len(head)
        row[-1] += before
        row += [name, after]
        width += size
    rows.append(row)
    return "\n".join(".BI " + " ".join(quoted(part) for part in row).rstrip() for row in rows)


def types_of(function, found):
    """Return the types of a prototype that only its group of functions uses, and those of their
    members."""
    types = {t.name: t for header in found for t in header.types if t.name not in EVERYWHERE}
    named = [n for n in re.findall(r"\b(csk_\w+)\b", function.prototype) if n in types]
    for name in named:
        inside = re.findall(r"\b(csk_\w+)\b", types[name].text)
        named += [n for n in inside if n in types and n not in named]
    return [types[name] for name in dict.fromkeys(named)]


def see_also(pages):
    def order(page):
        section = SECTION_OF.search(page)
        return (section[1] if section else "", page)

    pages = sorted({page for page in pages if SECTION_OF.search(page)}, key=order)
    return ",\n".join(".BR " + page.replace("(", " (") for page in pages).replace(",\n", " ,\n")


def title(name, section, options):
    return "\n".join(
        [
            ".\\\" Made by tools/gen_man.py of the headers' comments.",
            f'.TH {name.upper()} {section} {options.date} "csocket {options.version}" "csocket"',
        ]
    )


def function_page(function, header, found, options):
    doc = function.doc
    purpose = doc.purpose.rstrip(".")
    first = re.split(r":\s|\.\s|;\s", purpose)[0]
    out = [title(function.name, 3, options), ".SH NAME"]
    out.append(f"{function.name} \\- {escape(first[0].lower() + first[1:])}")
    out += [".SH LIBRARY", "libcsocket (\\fB\\-lcsocket\\fP)"]
    out += [".SH SYNOPSIS", ".nf", f".B #include <csocket/{header.name}>", ".PP"]
    out += [synopsis(function.prototype), ".fi", ".SH DESCRIPTION", flow(doc.purpose)]
    out += paragraphs(doc.paragraphs)
    for name, text in doc.params:
        out += [".TP", f".I {name}", flow(text)]
    for declared in types_of(function, found):
        out += [".PP", flow(declared.comment) if declared.comment else "", verbatim(declared.text)]
    out += [".SH RETURN VALUE", flow(capital(doc.returns))]
    if not doc.errors[0].startswith("none"):
        out.append("A negative number is an error.")
    out.append(".SH ERRORS")
    for i, error in enumerate(doc.errors):
        codes, text = headers.split_error(error)
        if codes:
            out += [".TP", f".B {escape(codes)}", flow(text)]
        else:
            out += [".PP"] * (i > 0) + [flow(capital(error))]
    out += [".SH PYTHON", flow(doc.python)]
    out += [".SH HISTORY", f"Since csocket {doc.since}."]
    program = program_with(function.name, options.programs)
    if program:
        out += [".SH EXAMPLES", verbatim(program)]
    out += [".SH SEE ALSO", see_also([*doc.see, "csocket(7)"])]
    return "\n".join(filter(None, out)) + "\n"


def program_with(name, programs):
    """Return the shortest program that calls a function, or None."""
    call = re.compile(rf"\b{name}\(")
    return min(filter(call.search, programs), key=len, default=None)


def overview(found, options):
    main = next(header for header in found if header.name == "csocket.h")
    name, summary = main.intro[0].rstrip(".").split(": ")
    rules = "\n".join(main.intro).partition("Rules for all functions:\n")[2]
    out = [title(name, 7, options), ".SH NAME", f"{name} \\- {escape(summary)}"]
    out += [".SH SYNOPSIS", ".nf", ".B #include <csocket/csocket.h>", ".PP"]
    out.append(".B cc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs csocket)")
    out += [".fi", ".SH DESCRIPTION"]
    out += [flow(text) for text in LEAD]
    for rule in re.split(r"^- ", rules, flags=re.M)[1:]:
        out += [".IP \\(bu 2", flow(headers.join(rule.split("\n")))]
    out += example(options.example)
    out += function_list(found)
    out += type_list(found)
    out += error_list(found)
    return "\n".join(out) + "\n"


def documents(folder, options):
    """Return {"csocket-tutorial.7": text, ...} of the documents that are manual pages."""
    pages = {}
    for name, path, summary in DOCUMENTS:
        text = (folder / path).read_text(encoding="utf-8")
        head = title(name.replace("-", "\\-"), 7, options).replace(
            "the headers' comments", f"docs/{path}"
        )
        see = see_also([*SEE_ALSO, "csocket(7)"])
        pages[f"{name}.7"] = man_markdown.page(head, summary, text, see)
    return pages


def example(path):
    if not path:
        return []
    text = pathlib.Path(path).read_text(encoding="utf-8").strip()
    return [".SH EXAMPLE", verbatim(text)]


def paragraphs(texts):
    """Paragraphs of a comment, and code between them."""
    for text in texts:
        yield ".PP"
        yield verbatim(text) if isinstance(text, headers.Code) else flow(text)


def function_list(found):
    out = [".SH FUNCTIONS"]
    for header in found:
        if header.functions:
            first, *rest = headers.paragraphs(header.intro)
            out += [f".SS <csocket/{header.name}>", flow(HEADER_NOTE.sub("", first))]
            out += paragraphs(rest)
        for function in header.functions:
            out += [".TP", f".BR {function.name} (3)", flow(function.doc.purpose)]
    return out


def type_list(found):
    out = [".SH TYPES"]
    for header in found:
        for declared in header.types:
            if "CSK_ERROR_MAP" not in declared.text:
                out += [".PP", flow(declared.comment), verbatim(declared.text)]
    out[1:] = out[2:]  # no .PP after .SH
    out.append(".SH MACROS")
    for header in found:
        for macro in header.macros:
            if macro.comment and macro.name not in ("CSK_ERROR_MAP", "CSK_EAI"):
                out += [".TP", f".B {macro.name}", flow(macro.comment)]
    return [line for line in out if line]


def error_list(found):
    ranges = next(m for h in found for m in h.macros if m.name == "CSK_EAI")
    out = [
        ".SH ERRORS",
        flow(ranges.comment.partition(":")[0] + ":"),
        verbatim("\n".join(line.strip() for line in ranges.lines[1:])),
    ]
    out += [".PP", flow("The library's own errors, and what csk_strerror(3) says:")]
    for name, number, text in headers.error_table(found):
        out += [".TP", f".B {name}", f"\\-{-number}: {escape(text)}"]
    return [*out, ".SH SEE ALSO", see_also(SEE_ALSO)]


def newest(paths):
    """Return the date of the pages: the last change of their sources."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH") or max(os.stat(path).st_mtime for path in paths)
    return datetime.datetime.fromtimestamp(int(stamp), datetime.timezone.utc).strftime("%Y-%m-%d")


def write(folder, pages):
    """Replace a folder's contents, so that the folder's time is the time of generation."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--version", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--example", help="a program to show in csocket.7")
    parser.add_argument(
        "--programs", nargs="*", default=[], type=pathlib.Path,
        help="programs; a function's example is the shortest one that calls it",
    )  # fmt: skip
    parser.add_argument("--docs", type=pathlib.Path, help="the folder of the documents")
    parser.add_argument("header", nargs="+")
    options = parser.parse_args()
    options.date = newest(options.header)
    texts = (path.read_text(encoding="utf-8") for path in options.programs)
    options.programs = [text.strip() for text in texts]
    found = headers.load(options.header)
    problems = headers.problems(found)
    if problems:
        sys.exit("\n".join(problems))
    pages = {
        f"{function.name}.3": function_page(function, header, found, options)
        for header in found
        for function in header.functions
    }
    write(options.output / "man3", pages)
    guides = documents(options.docs, options) if options.docs else {}
    write(options.output / "man7", {"csocket.7": overview(found, options), **guides})


if __name__ == "__main__":
    main()
