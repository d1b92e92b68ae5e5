"""The site's reference of the Python package: signatures of the stubs, texts of the docstrings."""

import ast
import importlib
import inspect
import pathlib
import re
import textwrap

from site_text import escape_outside_code, toctree

# Stub classes that begin with an underscore -> their names at run time.
PUBLIC = {
    "_SocketOptions": "SocketOptions",
    "_Catalogue": "Options",
    "_Option": "Option",
    "_Message": "Message",
    "_Control": "Control",
    "_QueuedError": "QueuedError",
}
GROUPS = (
    ("sockets", "Sockets", ("socket", "SocketIO", "Message", "Control", "QueuedError")),
    ("limits", "Time limits and cancellation", (
        "CancelScope", "Cancelled", "fail_after", "fail_at", "move_on_after", "move_on_at",
        "current_effective_deadline", "getdefaulttimeout", "setdefaulttimeout")),
    ("options", "Options", ("SocketOptions", "Options", "Option", "options_of", "copy_options")),
    ("connections", "Connections and servers", (
        "create_connection", "create_server", "has_dualstack_ipv6", "socketpair", "fromfd",
        "send_fds", "recv_fds", "close", "dup", "install")),
    ("functions", "Names, addresses, interfaces", ()),
)  # fmt: skip
HIDDEN = re.compile(r"_|E(BADF|AGAIN|WOULDBLOCK)$")


def parse(path):
    return ast.parse(pathlib.Path(path).read_text(encoding="utf-8"))


def flat(body):
    """The statements of a body, those below `if` included."""
    for node in body:
        if isinstance(node, ast.If):
            yield from flat(node.body)
        else:
            yield node


def shown(text):
    """Return annotations for readers, without the stubs' private names."""
    for name, word in (
        ("_Seconds | timedelta", "float | timedelta"),
        ("_Seconds | datetime.timedelta", "float | timedelta"),
        ("_Seconds", "float"),
        ("_RetAddress", "Any"),
        ("_Address", "tuple | str | bytes"),
        ("ReadableBuffer", "Buffer"),
        ("WriteableBuffer", "Buffer"),
        ("SupportsIndex | _HasFileno", "int | HasFileno"),
        *((private, public) for private, public in PUBLIC.items()),
    ):
        text = re.sub(rf"\b{re.escape(name)}\b", word, text)
    return re.sub(r"\b_([A-Z])", r"\1", text)


def signature(node, method):
    arguments = ast.unparse(node.args)
    if method:
        arguments = re.sub(r"^(self|cls)(, /)?(, |$)", "", arguments)
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return shown(f"{node.name}({arguments}){result}")


class Entry:
    """A function or property: all its signatures."""

    def __init__(self, name, kind):
        self.name, self.kind, self.signatures = name, kind, []


def entries(body, method=False):
    found = {}
    for node in flat(body):
        if isinstance(node, ast.FunctionDef):
            decorators = {ast.unparse(d) for d in node.decorator_list}
            if any(d.endswith(".setter") for d in decorators):
                continue
            kind = "property" if "property" in decorators else "method" if method else "function"
            entry = found.setdefault(node.name, Entry(node.name, kind))
            if kind == "property":
                entry.signatures.append(f"{node.name}")
                entry.type = shown(ast.unparse(node.returns))
            else:
                entry.signatures.append(signature(node, method))
        elif method and isinstance(node, ast.AnnAssign):
            entry = found.setdefault(node.target.id, Entry(node.target.id, "property"))
            entry.signatures.append(node.target.id)
            entry.type = shown(ast.unparse(node.annotation))
    return found


def document(thing):
    text = inspect.getdoc(thing) if thing is not None else None
    if not text or text.startswith("Initialize self"):
        return []
    out = []
    for part in re.split(r"\n\s*\n", text):
        if re.search(r"^    ", part, re.M) and part.startswith("    "):
            out += ["```python", textwrap.dedent(part), "```", ""]
        else:
            out += [escape_outside_code(" ".join(part.split())), ""]
    return out


def directive(entry, thing, prefix=""):
    first, *others = [prefix + text for text in entry.signatures]
    out = [f"::::{{py:{entry.kind}}} {first}"]
    out += [" " * 5 + text for text in others]
    if entry.kind == "property":
        out.append(f":type: {entry.type}")
    return [*out, "", *document(thing), "::::", ""]


def class_page(name, nodes, thing):
    """A class with the methods of all stubs that describe it, those of the package first."""
    members = {}
    for node in nodes:
        for key, entry in entries(node.body, method=True).items():
            members.setdefault(key, entry)
    constructor = members.pop("__init__", None)
    head = constructor.signatures[0] if constructor else ""
    arguments = head.partition("(")[2].rpartition(")")[0]
    kind = "exception" if isinstance(thing, type) and issubclass(thing, BaseException) else "class"
    out = [f"::::{{py:{kind}}} {name}({arguments})" if head else f"::::{{py:{kind}}} {name}"]
    out += ["", *document(thing), "::::", ""]
    for key, entry in sorted(members.items()):
        if not key.startswith("_"):
            out += directive(entry, getattr(thing, key, None), f"{name}.")
    return out


class Stubs:
    """The definitions in the stubs of the package and of its low-level module."""

    def __init__(self, folder):
        self.classes, self.functions = {}, {}
        for file in ("__init__.pyi", "_socket.pyi"):
            tree = parse(pathlib.Path(folder) / file)
            for node in flat(tree.body):
                if isinstance(node, ast.ClassDef):
                    self.classes.setdefault(PUBLIC.get(node.name, node.name), []).append(node)
            for name, entry in entries(tree.body).items():
                self.functions.setdefault(name, entry)


def pages(folder):
    """{"python/index.md": text, ...}; the package must be importable."""
    package, stubs = importlib.import_module("csocket"), Stubs(folder)
    runtime = {"SocketOptions": type(package.socket().options), "Options": type(package.options)}
    runtime["Option"] = type(package.options["SO_LINGER"])
    low = importlib.import_module("csocket._socket")
    named = {name for _, _, names in GROUPS for name in names}
    rest = sorted(n for n in stubs.functions if n not in named and not HIDDEN.match(n))
    out = {}
    for stem, title, names in GROUPS:
        text = [f"# {title}", "", "```{py:currentmodule} csocket", "```", ""]
        for name in names or [*rest, "ifaddr", "herror", "gaierror"]:
            thing = runtime.get(name) or getattr(package, name, None) or getattr(low, name, None)
            if name in stubs.classes:
                text += [f"## {name}", "", *class_page(name, stubs.classes[name], thing)]
            else:
                text += directive(stubs.functions[name], thing)
        out[f"python/{stem}.md"] = "\n".join(text)
    index = ["# Python package", "", "```{py:module} csocket", "```", "", *document(package)]
    index += ["The functions and methods of the standard library's module have the same arguments"]
    index += ["and results here; the [guide](../python.md) describes the additions.", ""]
    out["python/index.md"] = "\n".join([*index, *toctree([stem for stem, _, _ in GROUPS], depth=2)])
    return out
