"""C sources as the checks see them: code apart from comments, strings and directives."""

import re

# A comment, a string or a character; comments first, so that a quote in one starts nothing.
NOT_CODE = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X
)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)((?:\\\n|[^\n])*)", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
FUNCTION_HEAD = re.compile(
    r"(\w+)\s*\((?:[^()]|\([^()]*\))*\)\s*(?:__attribute__\s*\(\(.*\)\)\s*)?$", re.S
)


def spaces(text):
    """As many blanks, with the lines where they were."""
    return re.sub(r"[^\n]", " ", text)


def blank(text, keep_strings=False):
    """The text with blanks for comments and for what is inside quotes, position for position."""

    def replace(match):
        found = match.group()
        if found[0] == "/":
            return spaces(found)
        return found if keep_strings else found[0] + spaces(found[1:-1]) + found[-1]

    return NOT_CODE.sub(replace, text)


class Directive:
    def __init__(self, line, word, rest):
        self.line, self.word, self.rest = line, word, rest


class Function:
    def __init__(self, name, head, line, start, end, last_line):
        self.name, self.head, self.line = name, head, line
        self.start, self.end, self.last_line = start, end, last_line

    @property
    def lines(self):
        return self.last_line - self.line + 1


class Source:
    """A C file: its text, its directives, its functions, and its statements outside functions."""

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
        self.functions, self.outside = [], []
        self._divide()

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1

    def _divide(self):
        """Find what stands at the outermost level: functions, and (line, text) of the rest."""
        position, end = 0, len(self.code)
        while position < end:
            start = position
            position, body = self._statement(start)
            text = self.code[start:position]
            first = start + len(text) - len(text.lstrip())
            if not text.strip():
                continue
            line = self.line_of(first)
            if body is None:
                self.outside.append((line, " ".join(text.split())))
                continue
            head = self.code[first:body].strip()
            name = FUNCTION_HEAD.search(head)[1]
            self.functions.append(
                Function(name, head, line, body, position, self.line_of(position - 1))
            )

    def _statement(self, start):
        """Where the statement that begins here ends, and where its body begins if it has one."""
        depth = 0
        for match in re.compile(r"[{};]").finditer(self.code, start):
            at = match.start()
            if match.group() == ";" and depth == 0:
                return at + 1, None
            if match.group() == "{":
                head = self.code[start:at].strip()
                if depth == 0 and head.startswith('extern "'):
                    return at + 1, None
                if depth == 0 and FUNCTION_HEAD.search(head) and "=" not in head:
                    return self._block(at), at
                depth += 1
            elif match.group() == "}":
                if depth == 0:
                    return at + 1, None  # the end of extern "C"
                depth -= 1
        return len(self.code), None

    def _block(self, start):
        depth = 0
        for match in re.compile(r"[{}]").finditer(self.code, start):
            depth += 1 if match.group() == "{" else -1
            if depth == 0:
                return match.end()
        return len(self.code)

    def function_at(self, line):
        for function in self.functions:
            if function.line <= line <= function.last_line:
                return function
        return None

    def calls(self, name):
        """The lines where name( stands: a call, a definition or a declaration."""
        pattern = re.compile(rf"(?<![\w.>])(?<!cski_sys\(){re.escape(name)}\s*\(")
        return [self.line_of(match.start()) for match in pattern.finditer(self.code)]

    def words(self, pattern):
        """(line, word) of every word of the code that matches; directives too, comments not."""
        return [
            (self.line_of(match.start()), match.group())
            for match in re.finditer(rf"\b(?:{pattern})\b", self.plain)
        ]
