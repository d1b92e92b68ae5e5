"""Text of comments, docstrings and data as Markdown for the site."""

import re

SPECIAL = re.compile(r"([\\*_<>\[\]|`#$])")
CODE = re.compile(r"(`[^`]*`)")


def escape(text):
    """Return plain text, in which no character is markup."""
    return SPECIAL.sub(r"\\\1", text)


def escape_outside_code(text):
    """Return the same for text in which `...` is code."""
    parts = CODE.split(text)
    return "".join(part if part[:1] == "`" else escape(part) for part in parts)


def code(text, language="text"):
    fence = "```"
    while fence in text:
        fence += "`"
    return [f"{fence}{language}", text.rstrip("\n"), fence, ""]


def toctree(names, caption="", depth=1, hidden=False):
    lines = ["```{toctree}", f":maxdepth: {depth}"]
    lines += [f":caption: {caption}"] * bool(caption) + [":hidden:"] * hidden
    return [*lines, "", *names, "```", ""]
