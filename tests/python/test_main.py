"""python -m csocket: programs run as python itself would run them."""

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
    done = run("/no/such/program.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m csocket: no such file: '/no/such/program.py'\n"
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
def test_the_path_is_as_the_interpreter_makes_it(tmp_path, options, what):
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
    """importlib.util.LazyLoader's, six.moves: to ask them for an attribute is to import it."""
    done = subprocess.run([sys.executable, "-c", INSTALLING], capture_output=True, text=True)
    assert done.stderr == ""
    assert "comes too late for " in done.stdout and "a.user" in done.stdout


SHOW = "import socket, sys; print(socket.__name__, sys.argv, __name__, repr(sys.path[0]))"


def test_a_string_is_run_as_python_runs_it():
    expected = subprocess.run(
        [sys.executable, "-c", SHOW, "-x", "y"], capture_output=True, text=True
    ).stdout
    assert run("-c", SHOW, "-x", "y").stdout == "c" + expected
    done = run("-c", "1/0")
    assert done.returncode == 1 and 'File "<string>", line 1, in <module>' in done.stderr
    assert run("-c", "import sys; sys.exit(3)").returncode == 3


def test_standard_input_is_run_as_python_runs_it():
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
    assert done.stdout == "socket _socket\n"  # and others do not


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
    assert python("-m", "csocket", "--enable").startswith(f"enabled: {folder}")
    assert python("-c", name) == "csocket\n"
    assert python("-I", "-c", name) == "socket\n"  # finds no csocket here: nothing happens
    assert python("-m", "csocket", "--disable").startswith("disabled: ")
    assert python("-c", name) == "socket\n"
    assert python("-m", "csocket", "--disable").startswith("not enabled: ")


def test_an_environment_that_cannot_be_changed(tmp_path):
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "csocket-install.pth").mkdir()
    command = [folder / "bin" / "python", "-m", "csocket", "--enable"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith(f"python -m csocket: write {site}")
