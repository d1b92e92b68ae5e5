"""The public headers as data, in the format described in include/csocket/csocket.h.

    for header in headers.load("include/csocket"):
        for function in header.functions:
            function.name, function.doc.purpose, function.doc.params ...

problems(headers) reports comments that violate the format as "file:line: function: problem".
"""

import pathlib
import re
import textwrap

from csource import Source

COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
EXPORT = re.compile(r"\bCSK_API\s+([^;{]*?\b(\w+)\s*\([^;]*?\))\s*(?:__attribute__[^;]*)?;")
TYPE = re.compile(
    r"^(?:typedef [^;{]*?\b(\w+)\([^;]*\);|(struct|enum|union) (\w+) \{.*?^\};)", re.S | re.M
)
MACRO = re.compile(r"^#define (\w+)((?:.*\\\n)*.*)", re.M)
PARAM = re.compile(r"@(\w+)\s*(.*)")
SECTIONS = ("Returns", "Errors", "Python", "Since", "See")
SECTION = re.compile(rf"({'|'.join(SECTIONS)}):\s*(.*)")
ERROR_START = re.compile(r"CSK_E|-E[A-Z]|-errno\b|as csk_|none\b")
CODE = r"(?:-E[A-Z0-9]+|CSK_E[A-Z0-9]+(?:\(\) codes)?)"
ERROR_CODES = re.compile(rf"({CODE}(?:, {CODE})*) +(?!and |codes)(.+)", re.S)
VERSION = re.compile(r"\d+\.\d+$")
PAGE = re.compile(r"\w+(\(\w+\))?$")
BETWEEN_ARGUMENTS = re.compile(r",\s*(?![^()]*\))")


class Doc:
    """The parts of a comment: text without asterisks, one string per paragraph."""

    def __init__(self):
        self.purpose = ""
        self.paragraphs = []
        self.params = []  # (name, text)
        self.returns = self.python = self.since = ""
        self.errors = []
        self.see = []


class Function:
    def __init__(self, name, prototype, line, doc):
        self.name, self.prototype, self.line, self.doc = name, prototype, line, doc

    @property
    def parameters(self):
        return parameter_names(self.prototype)

    @property
    def twins(self):
        """The Python names, without arguments and remarks: ["socket.recv", "socket.recv_into"]."""
        return python_names(self.doc.python)


class Named:
    """A struct, enum, function type or macro: its text, and the lines of the preceding comment."""

    def __init__(self, kind, name, text, line, lines):
        self.kind, self.name, self.text, self.line, self.lines = kind, name, text, line, lines

    @property
    def comment(self):
        return join(self.lines)


class Header:
    def __init__(self, path, text):
        self.path, self.text = str(path), text
        self.name = pathlib.PurePath(path).name
        self.intro = []  # lines of the comment at its head
        self.functions, self.types, self.macros, self.problems = [], [], [], []


def unstar(body):
    """Return the lines of a comment's body, without asterisks and surrounding blank lines."""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in body.split("\n")]
    return "\n".join(lines).strip("\n").split("\n")


def join(lines):
    return " ".join(" ".join(lines).split())


class Code(str):
    """A paragraph whose lines are indented by four blanks or more: kept unchanged, without the
    indentation."""

    __slots__ = ()


def paragraphs(lines):
    result = []
    for part in re.split(r"\n\n+", "\n".join(lines)):
        if part.startswith("    "):
            result.append(Code(textwrap.dedent(part.rstrip("\n"))))
        elif part.strip():
            result.append(join(part.split("\n")))
    return result


def error_items(lines):
    """A line begins a new error if it begins with a code and the previous one was complete."""
    items = []
    for line in filter(None, (line.strip() for line in lines)):
        if not items or (ERROR_START.match(line) and not items[-1].endswith(",")):
            items.append(line)
        else:
            items[-1] += " " + line
    return items


def split_error(item):
    """Return the codes at the beginning of an error, and its meaning; no codes if there is no
    meaning."""
    match = ERROR_CODES.match(item)
    return (match[1], match[2]) if match else ("", item)


def python_names(text):
    names = []
    for part in BETWEEN_ARGUMENTS.split(text):
        match = re.match(r"[A-Za-z_]\w*(?:\.\w+)*(?=$|\(| \()", part.strip())
        if match and match.group() != "none":
            names.append(match.group())
    return names


def parameter_names(prototype):
    """The parameters' names in order: "int csk_x(int a, const char b[4])" has a and b."""
    inside = prototype[prototype.index("(") + 1 : prototype.rindex(")")]
    names = []
    for part in BETWEEN_ARGUMENTS.split(inside):
        match = re.search(r"\(\*(\w+)\)", part) or re.search(r"(\w+)(?:\[[^\]]*\])*\s*$", part)
        if match and match[1] != "void":
            names.append(match[1])
    return names


def divide(body):
    """Return the comment's lines by part: {"": text, "@name": ..., "Returns": ...}, and repeated
    parts."""
    parts, twice, current = {"": []}, [], ""
    for line in unstar(body):
        param, section = PARAM.match(line), SECTION.match(line)
        if param or section:
            current = "@" + param[1] if param else section[1]
            if current in parts:
                twice.append(f"{current} stands twice")
            parts[current] = [(param or section)[2]]
        else:
            parts[current].append(line)
    return parts, twice


def parse_doc(body):
    """Return (Doc, [problems]) of the text between /** and */."""
    doc = Doc()
    parts, bad = divide(body)
    texts = paragraphs(parts[""])
    doc.purpose, doc.paragraphs = "".join(texts[:1]), texts[1:]
    doc.params = [(name[1:], join(lines)) for name, lines in parts.items() if name[:1] == "@"]
    doc.returns, doc.python, doc.since = (
        join(parts.get(name, [])) for name in ("Returns", "Python", "Since")
    )
    doc.errors = error_items(parts.get("Errors", []))
    doc.see = [page.strip() for page in join(parts.get("See", [])).split(",") if page.strip()]
    if not doc.purpose.endswith("."):
        bad.append("the comment begins with no line of purpose that ends with a period")
    bad += [f"no {name}:" for name in SECTIONS[:4] if not join(parts.get(name, []))]
    order = [SECTIONS.index(name) for name in parts if name in SECTIONS]
    if order != sorted(order):
        bad.append(f"the order is {', '.join(SECTIONS)}")
    if doc.since and not VERSION.match(doc.since):
        bad.append(f'Since: "{doc.since}" is no version')
    bad += [f'See: "{page}" is no page' for page in doc.see if not PAGE.match(page)]
    bad += [f"@{name} has no description" for name, text in doc.params if not text]
    return doc, bad


class _Comments:
    """Return the comments of a file, found by the declarations after them."""

    def __init__(self, text):
        self.text = text
        self.all = list(COMMENT.finditer(text))

    def above(self, position):
        """Return the comment directly above a position, or None."""
        for comment in reversed(self.all):
            if comment.end() <= position:
                gap = self.text[comment.end() : position]
                starts_line = not self.text[: comment.start()].rpartition("\n")[2].strip()
                return comment if gap == "\n" and starts_line else None
        return None

    def lines_above(self, position):
        comment = self.above(position)
        return unstar(comment[1]) if comment else []


def parse(path, text):
    header, source, comments = Header(path, text), Source(text), _Comments(text)
    if comments.all:
        header.intro = unstar(comments.all[0][1])
    described = set()
    for match in EXPORT.finditer(source.code):
        name, line = match[2], source.line_of(match.start())
        prototype = " ".join(text[match.start(1) : match.end(1)].split())
        comment = comments.above(match.start())
        doc, bad = None, ["exported, but no comment /** ... */ stands above it"]
        if comment and comment[1].startswith("*"):
            described.add(comment)
            doc, bad = parse_doc(comment[1][1:])
            params = [name for name, _ in doc.params]
            if params != parameter_names(prototype):
                bad.append(
                    f"parameters ({', '.join(parameter_names(prototype))}), but the comment has "
                    f"({', '.join(params)})"
                )
        header.functions.append(Function(name, prototype, line, doc))
        header.problems += [f"{path}:{line}: {name}: {problem}" for problem in bad]
    for comment in comments.all:
        if comment[1].startswith("*") and comment not in described:
            line = source.line_of(comment.start())
            header.problems.append(f"{path}:{line}: comment /** ... */ without an export below it")
    for kind, pattern in (("type", TYPE), ("macro", MACRO)):
        for match in pattern.finditer(text):
            name = match[1] or match[3]
            named = Named(
                kind if kind == "macro" else match[2] or "typedef",
                name,
                match.group(),
                source.line_of(match.start()),
                comments.lines_above(match.start()),
            )
            (header.types if kind == "type" else header.macros).append(named)
    return header


def load(paths):
    """The headers in a folder, or those in a list of files, sorted by name."""
    if isinstance(paths, (str, pathlib.Path)):
        paths = pathlib.Path(paths).glob("*.h")
    paths = sorted(map(pathlib.Path, paths), key=lambda path: path.name)
    return [parse(path, path.read_text(encoding="utf-8")) for path in paths]


def functions(headers):
    """Every exported function, sorted by name."""
    return sorted((f for h in headers for f in h.functions), key=lambda f: f.name)


def problems(headers):
    """Return every comment that violates the format, and every invalid name."""
    bad = [problem for header in headers for problem in header.problems]
    seen = set()
    for header in headers:
        for function in header.functions:
            where = f"{header.path}:{function.line}: {function.name}:"
            if not function.name.startswith("csk_"):
                bad.append(f"{where} its name does not begin with csk_")
            if function.name in seen:
                bad.append(f"{where} declared twice")
            seen.add(function.name)
    return bad


def error_table(headers):
    """Return (name, number, text) of each row of CSK_ERROR_MAP."""
    text = next(m.text for h in headers for m in h.macros if m.name == "CSK_ERROR_MAP")
    rows = re.findall(r'X\((\w+),\s*(-\d+),\s*"((?:\\.|[^"\\])*)"\)', text)
    return [(name, int(number), said) for name, number, said in rows]
