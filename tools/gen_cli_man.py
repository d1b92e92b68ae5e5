#!/usr/bin/env python3
"""Write the manual page csocket(1) from what the command says of itself with --help.

    gen_cli_man.py --program csocket --output csocket.1 SOURCE.c...

The sources, which the page is made from in the end, are asked for their date alone.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

import gen_man
from gen_man import escape, newest, verbatim

OPTION = re.compile(r"^ +(?P<names>(?:-[^ -], )?--[^ ]+|-[^ -])(?: +(?P<text>[^ ].*))?$")
COMMAND = re.compile(r"^  (?P<name>[a-z]+) +(?P<text>[A-Z].*)$")
USAGE = re.compile(r"^(?:Usage:|  or: ) *")
COMMON = ("--help", "--usage", "--version")
SEE_ALSO = "csocket (7), csocket-options (7), socket (7), ip (7), nc (1), ss (8)"


class Help(NamedTuple):
    """What a command says of itself; options are (names, text), or a heading alone."""

    usage: list
    about: str
    options: list
    rest: list


def ask(program, *arguments):
    # No line is broken, so that the page's reader can break them.
    environment = {**os.environ, "ARGP_HELP_FMT": "rmargin=9999,no-dup-args-note", "LC_ALL": "C"}
    result = subprocess.run(
        [program, *arguments], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return result.stdout.rstrip("\n").split("\n")


def read(lines):
    """Take the text of --help apart: usage, a paragraph, options, and the rest."""
    usage, options, lines = [], [], list(lines)
    while USAGE.match(lines[0]):
        usage.append(USAGE.sub("", lines.pop(0)))
    about = lines.pop(0)
    while lines and (not lines[0] or lines[0].startswith(" ")):
        line = lines.pop(0)
        option = OPTION.match(line)
        if option:
            options.append((option["names"], option["text"] or ""))
        elif line:
            options.append((line.strip(), None))
    return Help(usage, about, options, lines)


def flow(text):
    """Text to be filled, where the two dashes of an option are what is typed."""
    return re.sub(r"(?<![\w\\])--(?=\w)", r"\\-\\-", gen_man.flow(text))


def bold(text):
    return r"\fB" + text.replace("\\", r"\e").replace("-", r"\-") + r"\fP"


def option_name(names):
    """-o, --option=NAME: what is typed as it stands is bold, what it stands for is italic."""

    def one(name):
        match = re.match(r"(-+[\w?-]+)(\[?=)?(.*?)(\]?)$", name)
        word, equals, argument, end = match.groups()
        parts = [bold(word)]
        if equals:
            parts += [escape(equals), r"\fI" + escape(argument) + r"\fP", escape(end)]
        return "".join(parts)

    short, _, long = names.partition(", ")
    return one(names) if not long else f"{one(short)}, {one(long)}"


def option_list(options):
    out = []
    for names, text in options:
        if text is None:
            out += [".PP", flow(names)]
        elif not any(name in names for name in COMMON):
            out += [".TP", option_name(names), flow(text)]
    return out


def paragraphs(lines):
    """Text in paragraphs; indented lines stand as they are."""
    out, block = [], []
    for line in [*lines, ""]:
        if line:
            block.append(line)
            continue
        if block and block[0].startswith("  "):
            text = verbatim("\n".join(x[2:] for x in block))
            out.append(text)
        elif block:
            out += [".PP", flow(" ".join(block))]
        block = []
    return out


def usage(lines):
    out = []
    for number, line in enumerate(lines):
        words = line.split(" ")
        known = next((i for i, word in enumerate(words) if not word.islower()), len(words))
        out += [".PP"] if number else []
        out += [
            ".nh",
            " ".join([bold(" ".join(words[:known])), escape(" ".join(words[known:]))]).rstrip(),
            ".hy",
        ]
    return out


def page(program, date):
    top = read(ask(program, "--help"))
    version = ask(program, "--version")[0].split()[-1]
    commands = [COMMAND.match(line) for line in top.rest]
    commands = [(match["name"], match["text"]) for match in commands if match]
    rest = [line for line in top.rest if not COMMAND.match(line) and line != "Commands:"]
    out = [
        '.\\" Made by tools/gen_cli_man.py of what the command says with --help.',
        f'.TH CSOCKET 1 {date} "csocket {version}" "csocket"',
        ".SH NAME",
        r"csocket \- sockets from a shell",
        ".SH SYNOPSIS",
        *usage(top.usage),
        ".SH DESCRIPTION",
        flow(top.about),
        *paragraphs(rest),
        ".PP",
        flow("Every command, and csocket itself, takes these:"),
        ".TP",
        option_name("-?, --help"),
        flow("Explain the command, and end."),
        ".TP",
        option_name("--usage"),
        flow("Write the options' names alone, and end."),
        ".TP",
        option_name("-V, --version"),
        flow("Tell the version, and end."),
        ".SH COMMANDS",
    ]
    for name, text in commands:
        help_text = read(ask(program, name, "--help"))
        out += [f'.SS "{name}: {escape(text[0].lower() + text[1:])}"']
        out += [*usage(help_text.usage), ".PP", flow(help_text.about)]
        out += [*option_list(help_text.options), *paragraphs(help_text.rest)]
    return "\n".join([*out, ".SH SEE ALSO", *[f".BR {x}" for x in see_also()], ""])


def see_also():
    pages = SEE_ALSO.split(", ")
    return [f"{x} ," for x in pages[:-1]] + pages[-1:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("source", nargs="+")
    options = parser.parse_args()
    text = page(options.program, newest(options.source))
    options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
