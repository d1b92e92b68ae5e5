"""The examples of docs/options-python.md run, and the typed stubs are current."""

import pathlib
import re
import struct

import csocket
import csocket as socket

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "options-python.md"


def test_the_examples_run():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) >= 7
    unix, other = socket.socketpair()
    server = socket.create_server(("127.0.0.1", 0))
    sock = socket.create_connection(server.getsockname())
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with unix, other, server, sock, udp:
        names = {"sock": sock, "udp": udp, "unix": unix, "csocket": csocket}
        names.update(socket=socket, struct=struct)
        for block in blocks:
            exec(block, names)


def test_the_lines_for_goals_are_valid_python():
    """A kernel may refuse or lack the option: the line is correct nevertheless."""
    text = PAGE.with_name("options.md").read_text()
    lines = re.findall(r"^\| [^|]+ \| \[.*\| `(sock\.options.*)` \|$", text, re.MULTILINE)
    assert len(lines) > 35
    done = 0
    for line in lines:
        line = line.replace("\\|", "|")
        for family, kind in ((2, 1), (2, 2), (10, 1), (10, 2), (1, 1)):
            with socket.socket(family, kind) as sock:
                try:
                    exec(line, {"sock": sock})
                except OSError:
                    continue
                done += 1
                break
    assert done > 30


def test_the_stubs_name_existing_objects():
    stubs = (PAGE.parents[1] / "python" / "stubs/csocket/_options.pyi").read_text()
    names = set(re.findall(r"^    (\w+): _(?:Read|Write|Both|Switch)", stubs, re.MULTILINE))
    here = {o.name.lower() for o in csocket.options.values() if o.number is not None}
    assert here <= names
    with socket.socket() as sock:
        for name, value in sock.options.items():
            if hasattr(value, "_fields") and len(csocket.options[name].fields) == len(value):
                body = stubs.split(f"class {type(value).__name__}(NamedTuple):\n")[1]
                lines = body.split("\n")[: len(value)]
                assert [line.split(":")[0].strip() for line in lines] == list(value._fields)


def test_every_struct_has_a_class():
    stubs = (PAGE.parents[1] / "python" / "stubs/csocket/_options.pyi").read_text()
    found = 0
    for option in csocket.options.values():
        names = [field.name for field in option.fields]
        if names not in ([], [""]):
            kind = option.kind.replace("list of ", "")
            value = csocket._socket._option_struct(kind, [None] * len(names))
            assert list(value._fields) == names and f"class {kind}(NamedTuple)" in stubs
            found += 1
    assert found > 50
