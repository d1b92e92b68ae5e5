"""docs/compatibility.md and differences.py agree in every row."""

import pathlib
import re

import differences

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "compatibility.md"
KNOWN = ("107898", "112740", "85972", "85451", "90906", "115068", "154224", "99349", "76743")
KNOWN += ("88810", "112169", "126713")  # known limitations


def rows(title):
    """Return the cells of the table under that heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def exercised():
    """The rows exercised; a row that stands for several entries lists them all."""
    return {entry.row for entry in differences.DIFFERENCES}


# Exercised only where possible.
ELSEWHERE = {
    "reuse_port with AF_UNIX": "on kernels that refuse it (differences.py asks)",
    "a lookup without a file descriptor left": "in processes of their own (test_lookups.py)",
}


def test_every_difference_that_is_excluded_is_documented():
    documented = "\n".join(row[0] for row in rows("Differences"))
    missing = [name for name in exercised() if name not in documented]
    assert missing == []


def test_every_documented_difference_is_exercised():
    known = exercised()
    for what, *_ in rows("Differences"):
        left = what
        for name in sorted(known, key=len, reverse=True):
            left = left.replace(name, "")
        assert not left.strip(" ,;") or what in ELSEWHERE, f"not exercised: {left}"


def test_every_row_is_complete():
    for title in ("Differences", "The standard library's known limits"):
        assert rows(title)
        for row in rows(title):
            assert len(row) == 3 and all(row), row


def test_every_known_limit_is_decided():
    said = " ".join(row[1] for row in rows("The standard library's known limits"))
    assert set(KNOWN) <= set(re.findall(r"#(\d+)", said))
