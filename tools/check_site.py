#!/usr/bin/env python3
"""Check the site built by Sphinx: the target of every link exists.

    check_site.py FOLDER

Links to other hosts are not followed: no network is needed.
"""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links of a page, and the ids to which links may refer."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


def problems(folder):
    """Return (page, link) of each broken link, and the number of links."""
    pages = {
        path: Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.parts
    }
    bad, count = [], 0
    for path, page in pages.items():
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc:
                continue
            count += 1
            target = path.parent.joinpath(urllib.parse.unquote(url.path)) if url.path else path
            target = target.resolve()
            anchor = urllib.parse.unquote(url.fragment)
            there = target.exists()
            if there and anchor and target in pages:
                there = anchor in pages[target].ids
            if not there:
                bad.append((path.relative_to(folder), link))
    return bad, len(pages), count


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    bad, pages, links = problems(folder)
    for page, link in bad:
        print(f"{page}: {link} leads nowhere")
    for name in ("objects.inv", "searchindex.js", "index.html"):
        if not (folder / name).exists():
            bad.append(name)
            print(f"{name} is missing")
    print(f"{folder}: {pages} pages, {links} links, {len(bad)} of them broken")
    return 1 if bad or links < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
