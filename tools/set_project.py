#!/usr/bin/env python3
"""Write the address of the repository and of a contact into the package's metadata, once.

    set_project.py [--root FOLDER] URL EMAIL     https://example.org/people/csocket team@example.org

URL is the repository's page. pyproject.toml gets [project.urls] and the author's e-mail address,
and python/README.md, which PyPI shows, links to the files that it mentions. Commit the result.
"""

import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Files that the README mentions, with their paths in the repository.
MENTIONED = ("docs/python.md", "docs/compatibility.md", "CHANGELOG.md")
PAGES = {
    "Homepage": "",
    "Documentation": "/blob/main/docs/python.md",
    "Changelog": "/blob/main/CHANGELOG.md",
    "Source": "",
    "Issues": "/issues",
}


def with_metadata(text, url, email):
    """Return pyproject.toml with the addresses; those of an earlier run are replaced."""
    text, count = re.subn(
        r'^authors = \[\{ name = "([^"]*)".*\}\]$',
        rf'authors = [{{ name = "\1", email = "{email}" }}]',
        text,
        flags=re.MULTILINE,
    )
    if count != 1:
        sys.exit("set_project: pyproject.toml has no line `authors = [{ name = ...`")
    text = re.sub(r"^\[project\.urls\]\n(?:.+\n)*\n*", "", text, flags=re.MULTILINE)
    table = "".join(f'{name} = "{url}{page}"\n' for name, page in PAGES.items())
    return text.replace(
        "# The package, with the core", f"[project.urls]\n{table}\n# The package, with the core", 1
    )


def with_links(text, url):
    """Return the README with links to the mentioned files."""
    for name in MENTIONED:
        link = f"[{name}]({url}/blob/main/{name})"
        text = re.sub(rf"\[{re.escape(name)}\]\([^)]*\)|`{re.escape(name)}`", link, text)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    parser.add_argument("url")
    parser.add_argument("email")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    if not re.fullmatch(r"https://[\w.-]+(/[\w.~-]+)+", url):
        parser.error(f"not the https address of a repository's page: {options.url!r}")
    if not re.fullmatch(r"[\w.+-]+@[\w.-]+\.\w+", options.email):
        parser.error(f"not an e-mail address: {options.email!r}")
    for name, change in (
        ("pyproject.toml", lambda text: with_metadata(text, url, options.email)),
        ("python/README.md", lambda text: with_links(text, url)),
    ):
        path = options.root / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
