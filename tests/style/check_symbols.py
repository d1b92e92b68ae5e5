#!/usr/bin/env python3
"""Check a build by the symbols of its objects: exports, order, circles, variables, calls.

    check_symbols.py [--exports] [BUILD]

With --exports only the libraries' exports are checked, for builds whose compiler adds symbols of
its own. Otherwise the objects of the library, the command and the extension (if
tools/build_python.sh has built it) are checked as well: calls go down the floors of src/, no two
files call each other directly or through others, no variable can be written by several threads,
banned functions are not called, and the loader has few pointers to adjust. tests/style/style_c.py
has the tables, tests/style/exceptions.txt the exceptions, which may only shrink.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_style  # noqa: E402
import headers  # noqa: E402
import style_c  # noqa: E402

# Symbols that compilers add: those of sanitizers and gcov.
COMPILERS_OWN = re.compile(r"__odr_asan|__asan_|__tsan_|__ubsan_|__llvm_|__gcov_|__sancov_")
SYMBOL = re.compile(r"\S+ (.)(.{6}) (\S+)\t\S+\s+(?:\.(?:hidden|internal|protected) )?(\S+)$")
SECTION = re.compile(r"RELOCATION RECORDS FOR \[(.*)\]:$")
RELOCATION = re.compile(r"[0-9a-f]+ (R_\S+)\s+([A-Za-z_]\w*)")
# On these machines direct calls have their own type of relocation; on others every use counts as a
# call.
CALL = re.compile(r"R_X86_64_PLT32|R_AARCH64_(CALL|JUMP)26|R_(?!X86_64|AARCH64)")
WRITABLE = re.compile(r"\.t?(data|bss)(?!\.rel\.ro)")


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Object:
    """The symbols that an object file defines, calls, uses and can change."""

    def __init__(self, source, lines):
        self.source = source
        self.functions, self.calls, self.uses, self.variables = set(), set(), set(), set()
        section = ""
        for line in lines:
            symbol, head = SYMBOL.match(line), SECTION.match(line)
            call = RELOCATION.match(line)
            if symbol:
                self._add(*symbol.groups())
            elif head:
                section = head[1]
            elif call and section.startswith(".text") and CALL.match(call[1]):
                self.calls.add(call[2])

    def _add(self, scope, flags, section, name):
        if COMPILERS_OWN.match(name) or name == section:
            return
        if section == "*UND*":
            self.uses.add(name)
        elif scope == "g" and flags.endswith("F"):
            self.functions.add(name)
        elif WRITABLE.match(section) or section == "*COM*":
            # A static variable of a function is name.0 with gcc, function.name with clang.
            self.variables.add(re.sub(r"\.\d+$", "", name).rpartition(".")[2])


def read_objects(sources):
    """Return the objects of {path: source}, as shown by objdump."""
    if not sources:
        return []
    found, paths = {}, iter(sources)
    for line in run("objdump", "-trw", *sources).splitlines():
        if ":     file format " in line:
            lines = found[sources[next(paths)]] = []
        elif line:
            lines.append(line)
    return [Object(source, lines) for source, lines in found.items()]


class Build:
    """The objects of a build folder, by the parts of the project."""

    def __init__(self, folder, root=ROOT):
        self.folder, self.root = pathlib.Path(folder).resolve(), pathlib.Path(root).resolve()

    def objects(self, output, folder=None):
        """Return the objects whose path in the folder begins with "output", or None if one is not
        built."""
        folder, sources = folder or self.folder, {}
        for entry in json.loads((folder / "compile_commands.json").read_text(encoding="utf-8")):
            source = pathlib.Path(os.path.normpath(folder / entry["file"]))
            base = folder if folder in source.parents else self.root
            path = folder / entry["output"]
            if not entry["output"].startswith(output):
                continue
            if path.exists() and path.stat().st_mtime >= source.stat().st_mtime:
                sources[path] = source.relative_to(base).as_posix()
            elif output:
                return None
        return read_objects(sources)

    def newest(self):
        """Return the build folder of the most recently built extension, or None."""
        commands = [*self.folder.glob("python/*/compile_commands.json")]
        newest = max(commands, key=lambda path: path.stat().st_mtime, default=None)
        return newest and newest.parent

    def extension(self):
        """Return the objects of the most recently built extension, or None if it must be built
        first."""
        newest = self.newest()
        return self.objects("python/_socket", newest) if newest else None

    def shared(self, extension):
        """Return the shared objects and their limits on the number of relocations."""
        yield next(self.folder.glob("src/libcsocket.so.*.*.*")), 500
        if extension:
            yield next(self.newest().glob("python/_socket.*so")), 1000


def exports(library):
    """{name: version or ""} of the symbols that a shared library defines."""
    symbols = {}
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        name, _, version = line.split()[-1].partition("@")
        if not COMPILERS_OWN.match(name) and line.split()[-2] != "A":
            symbols[name] = version.strip("@")
    return symbols


def check_shared(library, functions):
    """A shared library exports exactly the declared functions, with the symbol versions of their
    Since:."""
    declared = {f.name: f"CSOCKET_{f.doc.since}" for f in functions}
    exported = exports(library)
    for name in sorted(declared.keys() - exported.keys()):
        yield f"{name}: declared, but not defined in {library}"
    for name in sorted(exported.keys() - declared.keys()):
        yield f"{name}: exported by {library}, but in no header"
    for name in sorted(exported.keys() & declared.keys()):
        if any(exported.values()) and exported[name] != declared[name]:
            yield f"{name}: has version {exported[name] or 'none'}, its comment {declared[name]}"


def check_prefixes(library):
    """Every global symbol of a static library begins with csk_ or cski_."""
    for line in run("nm", "-g", "--defined-only", library).splitlines():
        name = line.split()[-1] if len(line.split()) == 3 else "csk_"
        if not COMPILERS_OWN.match(name) and not name.startswith(("csk_", "cski_")):
            yield f"{name}: global in {library}, but neither csk_ nor cski_"


def call_graph(objects):
    """{file: {file that it calls: the functions}}."""
    owner = {name: o.source for o in objects for name in o.functions}
    graph = {o.source: {} for o in objects}
    for o in objects:
        for name in sorted(o.calls):
            if owner.get(name, o.source) != o.source:
                graph[o.source].setdefault(owner[name], []).append(name)
    return graph


def circles(graph):
    """Return {file: the other files of its circle} for files that call each other."""
    reached = {}
    for start in graph:
        reached[start], left = set(), [start]
        while left:
            new = set(graph.get(left.pop(), ())) - reached[start]
            reached[start] |= new
            left += new
    return {
        path: sorted(other for other in found if other != path and path in reached[other])
        for path, found in reached.items()
        if path in found
    }


def check_circles(tree, graphs, unknown=()):
    found = {}
    for graph in graphs:
        for path, others in circles(graph).items():
            called = "; ".join(
                f"{other} ({', '.join(names)})"
                for other, names in graph[path].items()
                if other in others
            )
            found[path] = [(path, 1, f"calls in a circle {called}")] * (len(others) + 1)
    for path, line, text in dict.fromkeys(tree.shrinking("circle", found, unknown)):
        yield f"{path}:{line}: {text}"


def check_floors(tree, graph):
    upward = {}
    for path, others in graph.items():
        for other, names in others.items():
            if style_c.goes_up(path, other):
                what = f"calls {', '.join(names)} of {other}"
                upward.setdefault(style_c.rise(path, other), []).append((path, 1, what))
    for path, line, text in tree.shrinking("call", upward):
        yield f"{path}:{line}: floors: {text}"


def check_variables(tree, objects):
    """No variable is writable, except those in VARIABLES and the tables that CPython requires."""
    for o in objects:
        for name in sorted(o.variables - set(style_c.VARIABLES.get(o.source, ()))):
            text = tree.text(o.source) if o.source in tree.paths else ""
            if not re.search(rf"\b{style_c.CPYTHON_TABLES}\s+{re.escape(name)}\b", text):
                yield f"{o.source}: {name} is a variable that all threads can write"


def relocations(library):
    """Return the number of pointers that the loader adjusts before a library can be used."""
    return len(re.findall(r"^[0-9a-f]{8,16} ", run("readelf", "-rW", library), re.MULTILINE))


def check_relocations(libraries):
    """The tables have offsets and embedded strings because pointers cost time and memory."""
    for library, limit in libraries:
        if (found := relocations(library)) >= limit:
            yield f"{library.name}: {found} relocations, not under {limit}: see readelf -r"


def plain(name):
    """Return a function's name in source code: __sprintf_chk is sprintf, and lseek64 is lseek."""
    return re.sub(r"^__(\w+)_chk$", r"\1", re.sub(r"64$", "", name))


def check_calls(tree, objects, replaceable):
    """No function banned in style_c.py is called; src/ calls the table's functions through the
    table."""
    for o in objects:
        used = {plain(name) for name in o.uses}
        for names, folders, places, why in style_c.BANNED:
            if o.source.startswith(folders) and not o.source.startswith(places):
                for name in sorted(used & set(names.split("|"))):
                    yield f"{o.source}: calls {name}(): {why}"
    table = set(style_c.table_of_calls(tree))
    for o in replaceable:
        if o.source != "src/platform/sys_open.c":
            for name in sorted({plain(name) for name in o.uses} & table):
                yield f"{o.source}: calls {name}(): call it as cski_sys({name})"


def check_objects(build, tree):
    core, command = build.objects("src/libcsocket.so"), build.objects("cli/csocket.p/")
    replaceable, extension = build.objects("src/libcsocket_open.a"), build.extension()
    if None in (core, command, replaceable):
        yield f"{build.folder}: objects are missing or older than their sources; build them first"
        return
    unknown = ()
    if extension is None:
        unknown = "python/ext/"
        print("the extension is not built, or older than its sources: it is not checked")
        extension = []
    graphs = [call_graph(part) for part in (core, command, extension)]
    yield from check_floors(tree, graphs[0])
    yield from check_circles(tree, graphs, unknown)
    yield from check_variables(tree, [*core, *command, *extension])
    yield from check_relocations(build.shared(extension))
    others = [o for o in build.objects("") if not o.source.startswith("src/")]
    yield from check_calls(tree, [*core, *extension, *others], replaceable)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exports", action="store_true", help="check the exports alone")
    parser.add_argument("build", nargs="?", default=ROOT / "build", type=pathlib.Path)
    options = parser.parse_args()
    found = headers.load(ROOT / "include/csocket")
    problems = headers.problems(found)
    if not problems:
        library = next(options.build.glob("src/libcsocket.so"))
        problems += check_shared(library, headers.functions(found))
    problems += check_prefixes(options.build / "src/libcsocket.a")
    if not options.exports:
        problems += check_objects(Build(options.build), check_style.Tree(ROOT))
    print(*problems, sep="\n", end="\n" * bool(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
