"""The documents of the repository as pages of the site: their paths, and their links."""

import pathlib
import re

from site_text import code

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```.*?^```[ ]*$)", re.M | re.S)
LANGUAGES = {".c": "c", ".h": "c", ".py": "python", ".sh": "sh", ".tsv": "text"}
# Documents in the repository's root, and pages that are generated from data in another form.
PLACES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "examples/README.md": "project/examples.md",
    "docs/README.md": "documents.md",
}
SPLIT = {"docs/options.md": "options/index.md", "docs/constants.md": "constants/index.md"}


def place(name):
    """Return the path of a document of the repository on the site, or None."""
    if name in PLACES:
        return PLACES[name]
    if name in SPLIT:
        return SPLIT[name]
    if name.startswith("docs/adding-"):
        return "project/" + name.removeprefix("docs/")
    if name.startswith("docs/") and name.endswith(".md"):
        return name.removeprefix("docs/")
    return None


class Documents:
    """All documents, and the files of the repository to which they link."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.pages, self.files, self.pictures, self.programs = {}, {}, {}, {}
        names = [*(name for name in PLACES if (self.root / name).exists())]
        docs = (self.root / "docs").rglob("*.md")
        names += sorted(p.relative_to(self.root).as_posix() for p in docs)
        for name in names:
            if place(name) and name not in SPLIT:
                self.pages[place(name)] = self.page(name)

    def page(self, name):
        text = (self.root / name).read_text(encoding="utf-8")
        parts = FENCE.split(text)
        here = place(name)
        done = [p if p.startswith("```") else self.links(p, name, here) for p in parts]
        return "".join(done)

    def links(self, text, name, here):
        def new(match):
            words = self.title(match[3], name) if match[2].endswith(".md") else match[2]
            return f"{match[1]}[{words}]({self.target(match[3], name, here, match[1] == '!')})"

        return LINK.sub(new, text)

    def title(self, link, name):
        """Return the heading of a document, which replaces the file name in a link."""
        path = (self.root / name).parent.joinpath(link.partition("#")[0])
        return path.read_text(encoding="utf-8").split("\n")[0].lstrip("# ")

    def target(self, link, name, here, picture):
        if re.match(r"[a-z]+:", link) or link.startswith("#"):
            return link
        path, _, anchor = link.partition("#")
        file = (self.root / name).parent.joinpath(path).resolve()
        target = file.relative_to(self.root.resolve()).as_posix()
        if picture or file.suffix == ".svg":
            there = self.pictures.setdefault(target, "_static/" + file.name)
        elif file.is_dir() and (file / "README.md").exists():
            there = place(f"{target}/README.md")
        else:
            there = place(target) or self.file(target)
        if target == "docs/options.md" and anchor:
            there, anchor = "options/index.md", ""
        up = "../" * here.count("/")
        return f"{up}{there}" + (f"#{anchor}" if anchor else "")

    def program(self, name):
        """Return the page of the shortest example that calls a C function, or None."""
        if not self.programs:
            for path in sorted((self.root / "examples").rglob("*.c")):
                target = path.relative_to(self.root).as_posix()
                self.programs[target] = path.read_text(encoding="utf-8")
        found = [t for t, text in self.programs.items() if re.search(rf"\b{name}\(", text)]
        if not found:
            return None
        return self.file(min(found, key=lambda target: len(self.programs[target])))

    def file(self, target):
        """Return the page that shows a file or lists a folder."""
        path = self.root / target
        page = f"files/{target}.md"
        if path.is_dir():
            names = sorted(p.name for p in path.iterdir() if p.is_file() and p.name[0] != ".")
            self.files[page] = None  # while it is being written
            lines = [f"# {target}", ""]
            up = "../" * page.count("/")
            lines += [f"* [{n}]({up}{self.file(f'{target}/{n}')})" for n in names]
            self.files[page] = "\n".join(["---", "orphan: true", "---", *lines, ""])
        elif page not in self.files:
            text = path.read_text(encoding="utf-8")
            language = LANGUAGES.get(path.suffix, "text")
            lines = ["---", "orphan: true", "---", f"# {target}", "", *code(text, language)]
            self.files[page] = "\n".join(lines)
        return page
