"""Options by purpose: the beginning of docs/options.md and of csocket-options(7)."""

import itertools
import re

import optiondata

HEADING = "What do you want to do?"


def by_goal(catalogue):
    """Return (goal, lines) in the order of the file."""
    return itertools.groupby(catalogue.goals, key=lambda line: line.goal)


def python_value(option, text):
    """Return the text as a Python programmer would write it."""
    number = re.fullmatch(r"(\d+)s?", text)
    if option.kind.scalar == "bool":
        return "True" if text == "on" else "False"
    if number and (option.unit in optiondata.TIMES or option.kind.scalar.startswith("timeval")):
        return number[1]
    return text if re.fullmatch(r"\d+|0x[0-9a-f]+", text) else f'"{text}"'


def python_line(lines, named):
    """Return one line of Python for a socket `sock`."""
    names = [line.option.lower() for line in lines]
    if lines[0].value == "-":
        return ", ".join(f"sock.options.{name}" for name in names)
    options = [named[line.option].target or named[line.option] for line in lines]
    values = [python_value(o, line.value) for o, line in zip(options, lines)]
    if len(lines) == 1:
        return f"sock.options.{names[0]} = {values[0]}"
    return f"sock.options.update({', '.join(f'{n}={v}' for n, v in zip(names, values))})"


def markdown(catalogue, link):
    """Return a table: the purpose, the options, and the code in Python."""
    named = {o.name: o for o in catalogue.options if o.linux}
    lines = [
        f"## {HEADING}",
        "",
        "The values are those for csk_option_set and `csocket options --set`; an option without a",
        "value is read. [options-python.md](options-python.md) has more examples in Python, beside",
        "the `struct.pack` lines that they replace.",
        "",
        "| I want to | option | in Python |",
        "|---|---|---|",
    ]
    for goal, group in by_goal(catalogue):
        group = list(group)
        options = "<br>".join(
            f"[{line.option}](#{link(line.option)})"
            + ("" if line.value == "-" else f" `{line.value}`".replace("|", "\\|"))
            for line in group
        )
        python = python_line(group, named).replace("|", "\\|")
        lines.append(f"| {goal} | {options} | `{python}` |")
    return [*lines, ""]


def manual(catalogue, roff):
    """Return the same for a terminal, without Python."""
    lines = [f".SH {HEADING.upper()}"]
    for goal, group in by_goal(catalogue):
        words = ", ".join(
            line.option + ("" if line.value == "-" else f" {line.value}") for line in group
        )
        lines += [".TP", roff(goal[0].upper() + goal[1:]), f".I {roff(words)}"]
    return lines
