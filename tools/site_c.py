"""The site's reference of the C library: a page per header, from the headers' comments."""

import re

import headers
from site_text import code, escape, toctree

PAGE = re.compile(r"\b(csk_\w+)\(3\)")
NAME = re.compile(r"\bcsk_\w+\b")


class Reference:
    def __init__(self, found, example):
        self.found, self.example = found, example
        self.functions = {f.name for h in found for f in h.functions}

    def text(self, text):
        """Return a paragraph in which functions are links."""
        text = PAGE.sub(r"\1", text)
        out, last = [], 0
        for match in NAME.finditer(text):
            if match[0] in self.functions:
                out += [escape(text[last : match.start()]), f"{{c:func}}`{match[0]}`"]
                last = match.end()
        return "".join([*out, escape(text[last:])])

    def paragraphs(self, texts):
        for text in texts:
            if isinstance(text, headers.Code):
                yield from code(text, "c" if re.search(r";$", text, re.M) else "text")
            else:
                yield from (self.text(text), "")

    def error(self, item):
        codes, text = headers.split_error(item)
        return f"`{codes}`: {self.text(text)}" if codes else self.text(item)

    def function(self, function):
        doc = function.doc
        out = [f"::::{{c:function}} {function.prototype}", "", self.text(doc.purpose), ""]
        out += self.paragraphs(doc.paragraphs)
        for name, text in doc.params:
            out += [f"`{name}`", f": {self.text(text)}", ""]
        out += ["**Returns**", f": {self.text(doc.returns)}", ""]
        out += ["**Errors**", ": " + "\\\n  ".join(map(self.error, doc.errors)), ""]
        out += ["**Python**", f": {self.text(doc.python)}", "", "**Since**", f": {doc.since}", ""]
        if doc.see:
            out += ["**See**", f": {self.text(', '.join(doc.see))}", ""]
        example = self.example(function.name)
        if example:
            name = example.split("/")[-1].removesuffix(".md")
            out += ["**Example**", f": [{escape(name)}](../{example})", ""]
        return [*out, "::::", ""]

    def declaration(self, declared):
        """Return a type, under its own name or, if a function has that name, that of its
        typedef."""
        kind = declared.kind if declared.kind in ("struct", "enum", "union") else "type"
        name = declared.name
        if name in self.functions:
            kind, name = "type", f"{name}_t"
        head = f"{name}" if kind != "type" or name.endswith("_t") else self.typedef(declared)
        out = [f"::::{{c:{kind}}} {head}", ""]
        if declared.comment:
            out += [self.text(declared.comment), ""]
        return [*out, *code(declared.text, "c"), "::::", ""]

    @staticmethod
    def typedef(declared):
        text = " ".join(declared.text.split())
        return text.removeprefix("typedef ").rstrip(";")

    def page(self, header):
        intro = headers.paragraphs(header.intro)
        out = [f"# csocket/{header.name}", ""]
        texts = [re.sub(r"\s*csocket\.h explains the form of the comments\.", "", t) for t in intro]
        out += self.paragraphs(headers.Code(t) if isinstance(i, headers.Code) else t
                               for i, t in zip(intro, texts))  # fmt: skip
        types = [t for t in header.types if "CSK_ERROR_MAP" not in t.text]
        macros = [m for m in header.macros if m.comment and m.name != "CSK_ERROR_MAP"]
        for title, parts in (
            ("Functions", [self.function(f) for f in header.functions]),
            ("Types", [self.declaration(t) for t in types]),
            ("Macros", [self.macro(m) for m in macros]),
        ):
            if parts:
                out += [f"## {title}", ""]
                out += [line for part in parts for line in part]
        return "\n".join(out)

    def macro(self, macro):
        return [f"::::{{c:macro}} {macro.name}", "", self.text(macro.comment), "", "::::", ""]

    def errors(self):
        """Return the library's own errors, for the page of err.h."""
        out = ["## Error codes", "", "| name | number | text |", "|---|---|---|"]
        table = headers.error_table(self.found)
        out += [f"| `{name}` | {number} | {escape(text)} |" for name, number, text in table]
        return "\n".join(out) + "\n"


def rules(main):
    """Return the rules of csocket.h for all functions, as a list."""
    text = "\n".join(main.intro).partition("Rules for all functions:\n")[2]
    return [headers.join(r.split("\n")) for r in re.split(r"^- ", text, flags=re.M)[1:]]


def pages(folder, example=lambda name: None):
    """{"c/index.md": text, "c/io.md": ...} of the headers in a folder.

    example(name) is the page of a program that calls the function of that name, or None.
    """
    found = headers.load(folder)
    reference, out, listed = Reference(found, example), {}, []
    for header in found:
        if header.name == "csocket.h":
            main = header
        elif header.functions or header.types or header.macros:
            stem = header.name.removesuffix(".h")
            listed.append(stem)
            text = reference.page(header)
            out[f"c/{stem}.md"] = text + (reference.errors() if stem == "err" else "")
    index = ["# C library", "", "```c", "#include <csocket/csocket.h>", "```", ""]
    index += ["```sh", "cc program.c $(pkg-config --cflags --libs csocket)", "```", ""]
    index += ["## Rules for all functions", ""]
    index += [f"* {reference.text(rule)}" for rule in rules(main)]
    index += ["", "## Headers", "", *toctree(listed), "## Functions", ""]
    index += ["| function | purpose |", "|---|---|"]
    for function in headers.functions(found):
        purpose = reference.text(function.doc.purpose).replace("\n", " ")
        index.append(f"| {{c:func}}`{function.name}` | {purpose} |")
    out["c/index.md"] = "\n".join(index) + "\n"
    return out
