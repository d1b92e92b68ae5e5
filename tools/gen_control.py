#!/usr/bin/env python3
"""Turn data/control-messages.tsv into the table of control messages and docs/control-messages.md.

    gen_control.py table --data data --output control_table.c
    gen_control.py docs  --data data --output docs/control-messages.md [--check]

The table is as that of the options (gen_options.py), whose layouts it uses.
"""

import argparse
import pathlib
import sys

import controldata
import gen_options

HEAD = gen_options.HEAD.replace(
    "tools/gen_options.py from data/option*.tsv",
    "tools/gen_control.py from data/control-messages.tsv",
).replace('"option/table.h"', '"control/table.h"')

PAGE = """# Control messages

What accompanies the data of `sendmsg` and `recvmsg` (ancillary data): {count} control messages of
Linux, by level. C reads and writes them by name with `csk_control_get` and `csk_control_put`,
Python as attributes of `message.control`. Their text is that of
[options](options.md#how-values-are-written), which also describes the structs.

The direction is `receive`, `send` or both; `error`: received from the error queue
(`MSG_ERRQUEUE`). The option must be enabled before the kernel delivers or accepts the message.

Made by `tools/gen_control.py docs` from `data/control-messages.tsv`.
"""


class Table(gen_options.Table):
    """The options' table, with control messages as its rows."""

    LEVEL_MACROS = {}
    PREFIX = "cski_control"

    def write(self):
        text = super().write()
        return text.replace(gen_options.HEAD, HEAD, 1)

    def option(self, number, option):
        option.flags = set()
        text = super().option(number, option)
        here = f"options[{number}]"
        empty = "[CSK_OPTION_NOTE_REMARKS] = 0"
        assert empty in text
        return text.replace(empty, f"[CSK_OPTION_NOTE_REMARKS] = {self.note(option.remarks, here)}")


def kind_text(text):
    name = text.removeprefix("list:")
    word = name.removeprefix("struct:")
    if word != name:
        word = f"[{word}](options.md#structs)"
    return f"{word} ..." if name != text else word


def markdown(catalogue):
    real = [m for m in catalogue.options if not m.alias]
    lines = [PAGE.format(count=len(real))]
    for level in dict.fromkeys(m.level for m in real):
        lines += [f"\n## {level}\n", f"{catalogue.levels[level].meaning}.\n"]
        lines += [
            "| message | number | layout | direction | option | families | since | meaning |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for m in (m for m in real if m.level == level):
            names = [m.name, *(a.name for a in catalogue.options if a.target is m)]
            kind = kind_text(m.row["kind"])
            if m.kind.text != m.row["kind"]:
                kind += f" (sent: {kind_text(m.kind.text)})"
            cells = (
                ", ".join(f"`{n}`" for n in names),
                str(m.number),
                kind,
                m.row["dir"],
                "-" if m.enabled_by == "-" else f"`{m.enabled_by}`",
                m.families.replace(",", ", "),
                m.since,
                m.meaning,
            )
            lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("table", "docs"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="fail if output is not current")
    arguments = parser.parse_args()
    catalogue = controldata.load(arguments.data)
    text = Table(catalogue).write() if arguments.what == "table" else markdown(catalogue)
    if not arguments.check:
        arguments.output.write_text(text, encoding="utf-8")
    elif not arguments.output.exists() or arguments.output.read_text(encoding="utf-8") != text:
        sys.exit(f"{arguments.output} is not current: run tools/gen_control.py {arguments.what}")


if __name__ == "__main__":
    main()
