"""C sources for the checks: code without comments, strings and directives."""

import re

# A comment, a string or a character; comments first, so that a quote in one does not begin a
# string.
NOT_CODE = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X
)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)((?:\\\n|[^\n])*)", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def spaces(text):
    """Return as many blanks, with unchanged line breaks."""
    return re.sub(r"[^\n]", " ", text)


def blank(text, keep_strings=False):
    """Replace comments and the contents of quotes by blanks, so that positions remain the same."""

    def replace(match):
        found = match.group()
        if found[0] == "/":
            return spaces(found)
        return found if keep_strings else found[0] + spaces(found[1:-1]) + found[-1]

    return NOT_CODE.sub(replace, text)


class Directive:
    def __init__(self, line, word, rest):
        self.line, self.word, self.rest = line, word, rest


class Source:
    """A C file: its text, with and without comments, and its directives."""

    def __init__(self, text):
        self.text = text
        self.plain = blank(text)  # no comments, empty strings
        self.code = DIRECTIVE.sub(lambda m: spaces(m.group()), self.plain)  # and no directives
        self.directives = [
            Directive(self.line_of(m.start(1)), m[1], m[2]) for m in DIRECTIVE.finditer(self.plain)
        ]
        self.includes = [
            (self.line_of(m.start(1)), m[2], m[1] == "<")
            for m in INCLUDE.finditer(blank(text, keep_strings=True))
        ]

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1

    def words(self, pattern):
        """Return (line, word) of every matching word of the code, including directives but not
        comments."""
        return [
            (self.line_of(match.start()), match.group())
            for match in re.finditer(rf"\b(?:{pattern})\b", self.plain)
        ]
