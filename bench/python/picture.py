#!/usr/bin/env python3
"""Draw docs/speed.svg, the picture of README.md, from the tables of docs/performance.md.

    picture.py [--check]

Needs matplotlib. --check only compares the numbers in the picture with the tables.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "speed.svg"
ROWS = (  # the row in the tables, the text in the picture
    ("send + recv, with a timeout", "send and recv with a timeout"),
    ("32 unbuffered makefile reads", "read a file of makefile, unbuffered"),
    ("recv(1 MiB), 64 bytes waiting", "recv(1 MiB) if 64 bytes have arrived"),
    ("64 datagrams of 64 bytes to one peer", "64 datagrams with send_many and recv_many"),
    ("first getaddrinfo(str)", "the first getaddrinfo"),
)
COLORS = {"socket": "#9aa5b1", "csocket": "#2563eb"}


def numbers():
    """Return [(text, ns with socket, ns with csocket, speedup)] from CPython 3.13's tables."""
    text = PAGE.read_text(encoding="utf-8").partition("### CPython 3.13")[2]
    found = []
    for name, words in ROWS:
        line = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", text, re.M)[1]
        cells = [cell.strip().replace(",", "") for cell in line.split("|")]
        if "datagrams" in name:
            del cells[1]  # csocket with a call per datagram
        found.append((words, *map(float, cells[:3])))
    return found


def draw(rows):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "csocket"})
    matplotlib.rcParams.update({"font.family": "sans-serif", "text.color": "#57606a"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.2, 2.6))
    for place, (words, before, after, times) in enumerate(reversed(rows)):
        axes.barh(place + 0.18, 1, 0.32, color=COLORS["socket"])
        axes.barh(place - 0.18, after / before, 0.32, color=COLORS["csocket"])
        axes.text(after / before + 0.01, place - 0.18, f"{times:.1f} times faster", va="center")
        axes.text(-0.02, place, words, ha="right", va="center")
    axes.text(1.01, len(rows) - 0.82, "socket", color=COLORS["socket"], va="center")
    axes.text(1.01, len(rows) - 1.18, "csocket", color=COLORS["csocket"], va="center")
    axes.set_xlim(0, 1.15)
    axes.axis("off")
    figure.savefig(
        PICTURE, transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None}
    )


def problems(rows):
    """Return the numbers of the tables that are missing in the picture."""
    text = PICTURE.read_text(encoding="utf-8")
    return [row for row in rows if f"{row[3]:.1f} times faster" not in text]


def main():
    rows = numbers()
    if "--check" not in sys.argv:
        draw(rows)
    for row in problems(rows):
        print(f"docs/speed.svg is not current: {row}")
    return bool(problems(rows))


if __name__ == "__main__":
    sys.exit(main())
