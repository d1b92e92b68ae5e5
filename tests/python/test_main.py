"""python -m csocket: programs run as python itself would run them."""

import errno
import os
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile

import csocket
import pytest

BESIDE = "import _socket, socket, sys\nprint(socket.__name__, _socket.__name__, sys.argv)\n"


def run(*arguments, folder=None):
    return subprocess.run(
        [sys.executable, "-m", "csocket", *arguments], cwd=folder, capture_output=True, text=True
    )


def test_a_program_finds_the_modules_beside_it(tmp_path):
    (tmp_path / "beside.py").write_text(BESIDE)
    (tmp_path / "program.py").write_text("import beside\n")
    done = run(str(tmp_path / "program.py"), "-x", folder="/")
    assert done.stderr == ""
    assert done.stdout == f"csocket csocket._socket ['{tmp_path}/program.py', '-x']\n"


def test_a_module_is_found_where_python_looks(tmp_path):
    (tmp_path / "beside.py").write_text(BESIDE)
    done = run("-m", "beside", "--help", folder=tmp_path)
    assert done.stdout == f"csocket csocket._socket ['{tmp_path}/beside.py', '--help']\n"


def test_a_programs_exit_status_is_kept(tmp_path):
    (tmp_path / "program.py").write_text("raise SystemExit(7)\n")
    assert run("program.py", folder=tmp_path).returncode == 7


def test_a_program_that_cannot_run_is_reported():
    for arguments in ((), ("-m",), ("-c",), ("--what",)):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: ")
    assert run("--help").stdout.startswith("usage: ")


def test_a_link_to_a_program_finds_them_too(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "beside.py").write_text(BESIDE)
    (folder / "program.py").write_text("import beside\n")
    (tmp_path / "link.py").symlink_to(folder / "program.py")
    assert run("link.py", folder=tmp_path).stdout == "csocket csocket._socket ['link.py']\n"


def test_a_folder_and_an_archive_run_too(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "beside.py").write_text(BESIDE)
    (folder / "__main__.py").write_text("import beside\n")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name in ("__main__.py", "beside.py"):
            archive.write(folder / name, name)
    for name in ("folder", "archive.zip"):
        done = run(name, folder=tmp_path)
        assert done.stdout == f"csocket csocket._socket ['{name}']\n", done.stderr


SHOW_PATH = "import sys\nprint(*sys.path, sep='\\n')\n"
options = [[], pytest.param(["-P"], marks=pytest.mark.skipif("sys.version_info < (3, 11)"))]


@pytest.mark.parametrize("options", options)
@pytest.mark.parametrize("what", [["folder/program.py"], ["-m", "program"]])
def test_the_path_is_that_of_the_interpreter(tmp_path, options, what):
    folder = tmp_path / "folder"
    folder.mkdir()
    for place in (folder, tmp_path):
        (place / "program.py").write_text(SHOW_PATH)
    command = [sys.executable, *options]
    paths = [
        subprocess.run([*command, *more, *what], cwd=tmp_path, capture_output=True, text=True)
        for more in ([], ["-m", "csocket"])
    ]
    assert paths[0].stdout == paths[1].stdout
    assert bool(paths[0].stdout) != (options == ["-P"] and "-m" in what)


INSTALLING = """
import socket, sys, types, warnings

class Late(types.ModuleType):
    def __getattribute__(self, name):
        raise AssertionError(f"asked for {name}")

sys.modules["late"] = Late("late")
sys.modules["nothing"] = None
user = sys.modules["a.user"] = types.ModuleType("a.user")
user.socket = socket

import csocket

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    csocket.install()
(warning,) = caught
print(warning.message)
assert sys.modules["socket"] is csocket
"""


def test_install_does_not_wake_modules_that_load_late():
    """Lazy modules, as of importlib.util.LazyLoader and six.moves: looking up an attribute imports
    them."""
    done = subprocess.run([sys.executable, "-c", INSTALLING], capture_output=True, text=True)
    assert done.stderr == ""
    assert "comes too late for " in done.stdout and "a.user" in done.stdout


SHOW_MAIN = (
    "import sys\nprint(sys.argv, *sorted(f'{k}={v}' for k, v in globals().items()), sep='\\n')\n"
)
FILES = {
    "shows.py": SHOW_MAIN,
    "fails.py": "def fails():\n    raise ValueError('\u00e9')\n\nfails()\n",
    "interrupted.py": "raise KeyboardInterrupt\n",
    "hooked.py": "import sys\nsys.excepthook = lambda *exc: print(exc[:2])\n1/0\n",
    "imports.py": "import no_such_module\n",
    "unfinished.py": "x = = 1\n",
    "package/__init__.py": "",
    "package/shows.py": SHOW_MAIN,
    "runnable/__init__.py": "",
    "runnable/__main__.py": SHOW_MAIN,
    "failing/__init__.py": "1/0\n",
    "empty/file": "",
}
# Valid and invalid command lines: python -m csocket behaves like python itself.
COMMAND_LINES = [
    *(("-m", name, "-x") for name in (
        "shows", "fails", "interrupted", "hooked", "imports", "unfinished", "package", "failing",
        "package.shows", "runnable", "no_such_module", "no_such_package.module", "package.no_such",
        "shows.py", "sys", "math", "", "-x", "empty",
    )),
    *((name, "-x") for name in (
        "shows.py", "./shows.py", "fails.py", "interrupted.py", "hooked.py", "imports.py",
        "unfinished.py", "runnable", "runnable/", "empty", "no_such.py", "shows.py/", "/no/such",
    )),
    *(("-c", source, "-m") for source in (
        SHOW_MAIN, "1/0", "def fails():\n    1/0\n\nfails()", "raise KeyboardInterrupt", "x = = 1",
        "import no_such_module", "import sys; sys.exit('text')", "import sys; sys.exit(3)", "",
        "  print(1)\n  print(2)",
    )),
    ("-mshows", "-x"), ("-cprint(1)", "-x"), ("shows.py", "--version"), ("-m", "shows", "--enable"),
    ("-c", SHOW_MAIN, "--disable"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", COMMAND_LINES, ids=repr)
def test_programs_run_and_fail_as_with_python_itself(tmp_path, arguments):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    plain, ours = (
        subprocess.run(
            [sys.executable, "-B", *more, *arguments], cwd=tmp_path, capture_output=True, text=True
        )
        for more in ([], ["-m", "csocket"])
    )
    assert ours.stderr == plain.stderr
    # Only addresses of objects differ.
    hidden = [re.sub(" at 0x[0-9a-fA-F]+", "", done.stdout) for done in (plain, ours)]
    assert (ours.returncode, hidden[1]) == (plain.returncode, hidden[0])


def test_a_compiled_program_runs_as_with_python_itself(tmp_path):
    (tmp_path / "shows.py").write_text(SHOW_MAIN)
    py_compile.compile(tmp_path / "shows.py", tmp_path / "compiled.pyc")
    plain, ours = (
        subprocess.run(
            [sys.executable, *more, "compiled.pyc"], cwd=tmp_path, capture_output=True, text=True
        )
        for more in ([], ["-m", "csocket"])
    )
    assert ours.stderr == plain.stderr == ""
    hidden = [re.sub(" at 0x[0-9a-fA-F]+", "", done.stdout) for done in (plain, ours)]
    assert "SourcelessFileLoader" in hidden[1] and hidden[0] == hidden[1]


SHOW = "import socket, sys; print(socket.__name__, sys.argv, __name__, repr(sys.path[0]))"


def test_a_string_is_run_as_python_does():
    expected = subprocess.run(
        [sys.executable, "-c", SHOW, "-x", "y"], capture_output=True, text=True
    ).stdout
    assert run("-c", SHOW, "-x", "y").stdout == "c" + expected
    done = run("-c", "1/0")
    assert done.returncode == 1 and 'File "<string>", line 1, in <module>' in done.stderr
    assert run("-c", "import sys; sys.exit(3)").returncode == 3


def test_standard_input_is_run_as_python_does():
    command = [sys.executable, "-m", "csocket", "-", "-x"]
    done = subprocess.run(command, input=SHOW, capture_output=True, text=True)
    expected = subprocess.run(
        [sys.executable, "-", "-x"], input=SHOW, capture_output=True, text=True
    ).stdout
    assert (done.stdout, done.stderr) == ("c" + expected, "")


def test_the_version_is_printed():
    for option in ("--version", "-V"):
        version = sys.version.split()[0]
        assert run(option).stdout == f"csocket {csocket.__version__} (Python {version})\n"


CHILDREN = """
import multiprocessing, sys

def ask(queue):
    import socket, _socket
    queue.put((socket.__name__, _socket.__name__))

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    queue = context.SimpleQueue()
    process = context.Process(target=ask, args=(queue,))
    process.start()
    print(*queue.get())
    process.join()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_that_multiprocessing_starts_run_on_csocket(tmp_path, method):
    (tmp_path / "program.py").write_text(CHILDREN)
    done = run("program.py", method, folder=tmp_path)
    assert (done.stdout, done.stderr) == ("csocket csocket._socket\n", "")
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", method], capture_output=True, text=True
    )
    assert done.stdout == "socket _socket\n"  # and other modules do not


def test_an_environment_is_enabled_and_disabled(tmp_path):
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)

    def python(*arguments, good=True):
        done = subprocess.run(
            [folder / "bin" / "python", *arguments], capture_output=True, text=True
        )
        assert (done.returncode == 0, done.stderr) == (good, "")
        return done.stdout

    name = "import socket; print(socket.__name__)"
    assert python("-c", name) == "socket\n"
    for _ in range(2):
        assert python("-m", "csocket", "--enable").startswith(f"enabled: {folder}")
    assert python("-c", name) == "csocket\n"
    assert python("-I", "-c", name) == "socket\n"  # csocket is not found here: nothing happens
    assert python("-m", "csocket", "--disable").startswith("disabled: ")
    assert python("-c", name) == "socket\n"
    assert python("-m", "csocket", "--disable").startswith("not enabled: ")


def test_an_environment_that_cannot_be_changed(tmp_path):
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/py*/site-packages")
    (site / "csocket-install.pth").mkdir()
    command = [folder / "bin" / "python", "-m", "csocket", "--enable"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith(f"python -m csocket: write {site}")


def test_an_environment_that_may_not_be_changed(tmp_path):
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    site.chmod(0o555)
    command = [folder / "bin" / "python", "-m", "csocket", "--enable"]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and there is no setpriv (util-linux)")
        command = ["setpriv", "--bounding-set", "-dac_override", *command]
    done = subprocess.run(command, capture_output=True, text=True)
    path = site / "csocket-install.pth"
    expected = f"python -m csocket: write {path}: {os.strerror(errno.EACCES)}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)
    assert not path.exists()


TEST_OF_A_PROGRAM = """
import socket

def test_it_runs_on_csocket():
    assert socket.__name__ == "csocket"
    assert socket.socket.__module__ == "socket"
"""


def test_pytest_runs_on_csocket(tmp_path):
    (tmp_path / "test_it.py").write_text(TEST_OF_A_PROGRAM)
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py", folder=tmp_path)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_workers_of_xdist_run_on_csocket_in_an_enabled_environment(tmp_path):
    pytest.importorskip("xdist")
    (tmp_path / "test_it.py").write_text(TEST_OF_A_PROGRAM)
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "csocket", "--enable"], check=True)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout
