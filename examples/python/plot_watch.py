#!/usr/bin/env python3
"""Plot a recording of `csocket options --watch --record=FILE.csv` as an SVG file.

    csocket options --watch --record=web.csv --interval=100ms \
        --fields=rtt,snd_cwnd,delivery_rate,total_retrans :443
    plot_watch.py web.csv > web.svg
"""

import csv
import sys

WIDTH, HEIGHT, MARGIN = 800, 160, 40
COLORS = ("#1b6ca8", "#c8553d", "#3a7d44", "#7d3ac1", "#b8860b", "#555555")


def read(name):
    """Return the numeric columns, and the points (time, number) of each column and connection."""
    series = {}
    with open(name, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            who = f"{row['local']} to {row['peer']}"
            for column, text in row.items():
                if column not in ("time", "local", "peer", "state") and text:
                    points = series.setdefault(column, {}).setdefault(who, [])
                    points.append((float(row["time"]), float(text)))
    return series


def plot(column, lines, top, begin, end):
    """Return the elements of one graph, from zero to the largest number."""
    greatest = max((number for points in lines.values() for _, number in points), default=0) or 1
    yield f'<text x="{MARGIN}" y="{top + 14}">{column} (greatest {greatest:g})</text>'
    for index, points in enumerate(lines.values()):
        path = " ".join(
            f"{MARGIN + (time - begin) / (end - begin) * (WIDTH - 2 * MARGIN):.1f},"
            f"{top + HEIGHT - number / greatest * (HEIGHT - 24):.1f}"
            for time, number in points
        )
        color = COLORS[index % len(COLORS)]
        yield f'<polyline points="{path}" fill="none" stroke="{color}"/>'


def main():
    series = read(sys.argv[1])
    times = [time for lines in series.values() for points in lines.values() for time, _ in points]
    begin, end = min(times), max(max(times), min(times) + 1e-3)
    height = (HEIGHT + 20) * len(series)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"')
    print('     font-family="sans-serif" font-size="12">')
    for number, (column, lines) in enumerate(series.items()):
        print(*plot(column, lines, number * (HEIGHT + 20), begin, end), sep="\n")
    print("</svg>")


if __name__ == "__main__":
    main()
