#!/usr/bin/env python3
"""Write the pages from which Sphinx builds the site: documents, references, an index.

    gen_site.py --root FOLDER --output FOLDER

The package csocket must be importable: its docstrings are in the reference.
"""

import argparse
import pathlib
import shutil

import site_c
import site_documents
import site_options
import site_python
from site_text import toctree

# The chapters of the site: a caption, and the pages; "*" stands for all others of a folder.
CHAPTERS = (
    ("Tutorials", ("tutorial-python", "tutorial-c", "tutorial-command")),
    ("How-to guides", ("how-to/*",)),
    (
        "Guides",
        ("python", "options-python", "time-limits", "command", "performance"),
    ),
    ("Explanations", ("explanation/*",)),
    (
        "Reference",
        (
            "python/index",
            "c/index",
            "options/index",
            "control-messages",
            "constants/index",
            "families",
            "python-to-c",
            "compatibility",
            "platforms",
        ),
    ),
    ("Project", ("documents", "project/*")),
)


def chapters(names):
    """Return the table of contents; Sphinx reports a page that no chapter lists."""
    out = []
    for caption, patterns in CHAPTERS:
        found = []
        for pattern in patterns:
            if pattern.endswith("/*"):
                found += sorted(n for n in names if n.startswith(pattern[:-1]))
            elif pattern in names:
                found.append(pattern)
        if found:
            out += toctree(found, caption, hidden=True)
    return out


def write(folder, pages):
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", required=True, type=pathlib.Path)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    options = parser.parse_args()
    root, output = options.root, options.output
    shutil.rmtree(output, ignore_errors=True)
    documents = site_documents.Documents(root)
    pages = dict(documents.pages)
    pages.update(site_options.option_pages_of(root / "data"))
    pages.update(site_options.constant_pages(root / "data" / "constants.tsv"))
    pages.update(site_c.pages(root / "include" / "csocket", documents.program))
    pages.update(site_python.pages(root / "python" / "stubs" / "csocket"))
    names = {name.removesuffix(".md") for name in pages}
    pages["index.md"] += "\n" + "\n".join(chapters(names))
    write(output, {**pages, **documents.files})
    static = output / "_static"
    static.mkdir()
    shutil.copy(root / "docs/site/csocket.css", static)
    for source in documents.pictures:
        shutil.copy(root / source, static)
    shutil.copy(root / "docs/site/conf.py", output)


if __name__ == "__main__":
    main()
