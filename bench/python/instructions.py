"""Instructions per call in user space, counted by valgrind's callgrind.

Each side runs all its rows in one process: the loop WARM times, FEW times and MANY times. Between
them it calls os.getppid, after which callgrind writes its counts and starts at zero. The difference
of the two counts, divided by the difference of the iterations, is the cost of one iteration; that
of an empty loop is subtracted. A count depends only on the interpreter and the compiler: it is the
same on a busy machine.
"""

import pathlib
import re
import subprocess
import tempfile

import rows

CHILD = str(pathlib.Path(__file__).with_name("child.py"))
MARK = "getppid"


def parts(folder):
    """The counts from each mark to the next: files profile.1, profile.2 and so on."""
    files = sorted(folder.glob("profile.*"), key=lambda file: int(file.suffix[1:]))
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        yield int(re.search(r"^summary: (\d+)", text, re.M).group(1))


def each(python, environment, side, names):
    """Return the instructions per turn of each row on one side. `python` is the command of the
    interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind",
            "--tool=callgrind",
            f"--callgrind-out-file={folder}/profile",
            f"--dump-after={MARK}",
            "--dump-line=no",
            *python,
            CHILD,
            side,
            "count",
            *names,
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr}")
        counted = list(parts(pathlib.Path(folder)))
    if len(counted) != 3 * len(names):
        raise RuntimeError(f"{len(counted)} marks for {len(names)} rows")
    # Before the first mark of a row: its setup, and the loops that warm it up.
    few, many = counted[1::3], counted[2::3]
    return [(more - less) / (rows.MANY - rows.FEW) for less, more in zip(few, many)]


def compare(python, environment, names):
    """Return the instructions per call by name: the standard library's and ours."""
    both = []
    for side in rows.SIDES:
        empty, *turns = each(python, environment, side, [rows.EMPTY.name, *names])
        both.append([turn - empty for turn in turns])
    return {name: pair for name, *pair in zip(names, *both)}
