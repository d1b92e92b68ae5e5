"""python -m csocket: programs run as python itself would run them."""

import subprocess
import sys

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


def test_what_cannot_be_run_is_said():
    for arguments in ((), ("-m",), ("-c", "pass"), ("--what",)):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: ")
    done = run("/no/such/program.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m csocket: there is no '/no/such/program.py'\n"
    assert run("--help").stdout.startswith("usage: ")
