"""The stubs: current, true to the module, and good enough for programs typed for `socket`."""

import inspect
import ipaddress
import pathlib
import re
import subprocess
import sys

import csocket
import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = pathlib.Path(csocket.__file__).parent.parent

needs_mypy = pytest.mark.skipif(
    not (HERE / "types.txt").exists()
    or subprocess.run([sys.executable, "-c", "import mypy"], capture_output=True).returncode != 0,
    reason="mypy is not installed (run.py --extra types.txt)",
)


def test_the_stubs_are_current():
    subprocess.run([sys.executable, ROOT / "tools/gen_stubs.py", "--check"], check=True)


def test_the_package_is_marked_as_typed():
    assert (PACKAGE / "csocket" / "py.typed").exists()
    assert (PACKAGE / "csocket" / "__init__.pyi").exists()


def mypy(tmp_path, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path), "MYPYPATH": str(PACKAGE), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done


@needs_mypy
def test_the_stubs_describe_the_module(tmp_path):
    """stubtest imports the module and compares every name, signature and constant."""
    allowed = tmp_path / "allowed"
    # Stubs for the type checker alone; a class for versions that lack it; before 3.10 a type is
    # made immutable by a metaclass.
    lines = ["csocket\\._options", "csocket\\._groups\\..*"]
    # A value read has every field; a value to set may omit fields, which then are None.
    lines += ["csocket\\.values\\.\\w+\\.__new__"]
    lines += ["csocket\\._socket\\.socket"] * (sys.version_info < (3, 10))
    # From 3.12 on two classes cannot be bases of one class if one of them has its own dictionary.
    lines += ["csocket\\.socket"] * (sys.version_info >= (3, 12))
    lines += ["csocket\\.values\\.Options\\.__getattr__"]  # implemented by __getattribute__
    allowed.write_text("\n".join(lines))
    mypy(tmp_path, "mypy.stubtest", "csocket", "--allowlist", allowed, "--ignore-unused-allowlist")


@needs_mypy
def test_a_wrong_stub_is_noticed(tmp_path):
    """The control: stubtest does look at the built module."""
    allowed = tmp_path / "allowed"
    allowed.write_text("csocket\\._options\ncsocket\\.values\\..*\n")
    folder = tmp_path / "package"
    (folder / "csocket").mkdir(parents=True)
    for file in (PACKAGE / "csocket").iterdir():
        if file.is_file():
            (folder / "csocket" / file.name).write_bytes(file.read_bytes())
    stub = folder / "csocket" / "_socket.pyi"
    stub.write_text(stub.read_text().replace("def detach(self)", "def detach(self, how: int)"))
    with pytest.raises(AssertionError, match="detach"):
        done = subprocess.run(
            [sys.executable, "-m", "mypy.stubtest", "csocket", "--concise"],
            cwd=tmp_path,
            env={"PYTHONPATH": ":".join([str(folder), *sys.path]), "MYPYPATH": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert "detach" not in done.stdout, done.stdout


def test_the_stubs_know_which_structs_one_value_sets():
    """Numbers and addresses that the stubs do not allow are refused with a TypeError."""
    text = (PACKAGE / "csocket" / "_options.pyi").read_text()
    rows = dict(re.findall(r"^    (\w+): _(?:Write|Both)\[(.*_Struct.*)\]$", text, re.MULTILINE))
    address = ipaddress.ip_address("::1")
    for name, written in rows.items():
        written = written[written.index("_Struct") :]
        for value, kind in ((5, "int"), (address, "_Address")):
            if csocket.options[name].kind.startswith("list of"):
                value = [value]
            with csocket.socket() as sock:
                try:
                    sock.options[name] = value
                except TypeError:
                    accepted = False
                except (OSError, ValueError):
                    accepted = True
                else:
                    accepted = True
            assert accepted == (kind in written), (name, value, written)
    assert len(rows) > 100


# Objects that cannot be assigned to a variable of the standard library's type, and the reasons.
OTHERWISE_TYPED = {
    "getaddrinfo": "its entries hold csocket's own enums, in a list, which is invariant",
    "socketpair": "typeshed's first stubs take a socket for its type argument",
    "send_fds": "flags and address are not ignored, so they have types",
}
STRICT = ("mypy", "--strict", "--no-incremental", "--python-version", "3.11")


@needs_mypy
@pytest.mark.parametrize("module", ["socket", "csocket as socket"])
def test_a_typed_program_may_change_its_import(tmp_path, module):
    text = (HERE / "typed" / "program.py").read_text()
    assert "\nimport socket\n" in text
    program = tmp_path / "program.py"
    program.write_text(text.replace("\nimport socket\n", f"\nimport {module}\n"))
    mypy(tmp_path, *STRICT, program)


@needs_mypy
def test_the_extensions_are_typed(tmp_path):
    mypy(tmp_path, *STRICT, HERE / "typed" / "extensions.py")


@needs_mypy
def test_every_function_fits_where_the_standard_librarys_did(tmp_path):
    """Each of our objects is assignable to a variable with the type of theirs."""
    import socket

    functions = [
        name
        for name in socket.__all__
        if inspect.isroutine(getattr(socket, name)) and name not in OTHERWISE_TYPED
    ]
    methods = [name for name in dir(socket.socket) if not name.startswith("_")]
    attributes = [name for name in methods if not callable(getattr(socket.socket, name))]
    lines = ["import socket", "import csocket", ""]
    for name in functions:
        lines += [f"def f_{name}() -> None:", f"    x = socket.{name}", f"    x = csocket.{name}"]
    for name in methods:
        if name not in attributes:
            lines += [f"def m_{name}(a: socket.socket, b: csocket.socket) -> None:"]
            lines += [f"    x = a.{name}", f"    x = b.{name}"]
    for name in socket.__all__:
        if isinstance(getattr(socket, name), (int, str)) and hasattr(csocket, name):
            lines += [f"c_{name}: {type(getattr(socket, name)).__base__.__name__} = csocket.{name}"]
    text = "\n".join(lines).replace(": IntEnum =", ": int =").replace(": IntFlag =", ": int =")
    text = text.replace(": object =", ": int | str =").replace(": ReprEnum =", ": int =")
    program = tmp_path / "assign.py"
    program.write_text(text)
    mypy(tmp_path, *STRICT, "--allow-redefinition", program)
    assert len(functions) > 30 and len(methods) > 30
