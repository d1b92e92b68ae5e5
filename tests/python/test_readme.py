"""README.md's program in Python does what it says."""

import pathlib
import re
import subprocess
import sys

import csocket as socket

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"


def test_the_program_runs_as_printed():
    found = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    (program,) = (text for text in found if "import csocket" in text)
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = program.replace("8080", str(server.getsockname()[1]))
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    assert re.fullmatch(r"0\.\d+\n|\d\.?\d*e-\d+\n", done.stdout)
