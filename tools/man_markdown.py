"""A document in Markdown as a manual page: the tutorial, waiting and errors.

Supports only the markup of these documents: headings, paragraphs, lists, tables, code, links, and
**bold**.
"""

import re

CODE = re.compile(r"(`[^`]+`)")
LINK = re.compile(r"\[((?:[^\[\]])*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```\n", re.M | re.S)


def escape(text):
    text = text.replace("\\", "\\e").replace("^", "\\(ha").replace("~", "\\(ti")
    return text.replace("-", "\\-").replace("'", "\\(aq") if text else text


def prose(text):
    """Convert a line of text: code and bold text become bold, a link becomes its text."""
    text = LINK.sub(r"\1", text)
    out = []
    for part in CODE.split(text):
        if part[:1] == "`":
            out.append(rf"\fB{escape(part[1:-1])}\fP")
        else:
            part = escape(part)
            out.append(re.sub(r"\*\*([^*]+)\*\*", r"\\fB\1\\fP", part))
    line = "".join(out)
    return r"\&" + line if line[:1] in (".", "'") else line


def code(lines):
    lines = [re.sub(r"^([.'])", r"\\&\1", escape(line)) for line in lines]
    return [".RS 4", ".EX", *lines, ".EE", ".RE"]


def row(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(lines):
    """The first cell of a row is a tag, and the others are its text."""
    out = []
    for line in lines[2:]:
        first, *others = row(line)
        out += [".TP", prose(first), prose("; ".join(filter(None, others)))]
    return out


def block(lines):
    first = lines[0]
    heading = re.match(r"(#+) (.*)", first)
    if heading:
        text = re.sub(r"^\d+\. ", "", heading[2])
        name = escape(re.sub(r"[`*]", "", LINK.sub(r"\1", text)))
        return [f".SH {name.upper()}" if len(heading[1]) == 2 else f".SS {name}"]
    if first.startswith("```"):
        return code(lines[1:-1])
    if first.startswith("|"):
        return table(lines)
    if first.startswith("* "):
        items = re.split(r"^\* ", "\n".join(lines), flags=re.M)[1:]
        return [line for item in items for line in (".IP \\(bu 2", prose(" ".join(item.split())))]
    if first.startswith("<!--"):
        return []
    return [".PP", prose(" ".join(lines))]


def blocks(text):
    """Blocks of lines; one of code keeps its empty lines."""
    last = 0
    for match in FENCE.finditer(text):
        yield from paragraphs(text[last : match.start()])
        yield match[0].rstrip("\n").split("\n")
        last = match.end()
    yield from paragraphs(text[last:])


def paragraphs(text):
    for part in re.split(r"\n\s*\n", text):
        if part.strip():
            yield part.strip("\n").split("\n")


def tidy(lines):
    """Omit a paragraph macro at the beginning of a section."""
    out = []
    for line in lines:
        if line != ".PP" or not out[-1].startswith((".SH", ".SS")):
            out.append(line)
    return out


def page(title, summary, text, see):
    """Return the lines of a page; `title` is its .TH line with a comment, `see` the pages in SEE
    ALSO."""
    head, *rest = blocks(text)
    name = title.split(".TH ", 1)[1].split()[0].lower().replace("\\-", "-")
    out = [title, ".SH NAME", f"{escape(name)} \\- {escape(summary)}", ".SH DESCRIPTION"]
    for part in rest:
        out += block(part)
    return "\n".join([*tidy(out), ".SH SEE ALSO", see]) + "\n"
