"""Run one module of CPython's test suite on one interpreter, and report the outcome of each
test."""

import ast
import dataclasses
import hashlib
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(
    os.environ.get("CSOCKET_CACHE")
    or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "csocket", "baseline"
    )
)
# Their connect leaves the machine if the loopback transport of AF_VSOCK is not loaded.
NEVER = "*VSOCKSocketStream*"
# Needed by these two only; their connections stay inside the network namespace.
RESOURCES = {"test_socketserver": "network", "test_timeout": "network", "test_eintr": "walltime"}
# 3.12 omits skipped tests from its XML, so they are read from the output of -v.
SKIP_LINE = re.compile(r"\w+ \((?P<name>test\.[\w.]+)\)(?: \.\.\.)? skipped ['\"](?P<why>.*)['\"]$")
NAMESPACE = ("unshare", "-n", "bash", "-c", 'ip link set lo up && exec "$@"', "_")


@dataclasses.dataclass
class Result:
    """The result of a run of one test module."""

    cases: dict = dataclasses.field(default_factory=dict)  # name -> [outcome, text]
    status: int = 0
    seconds: float = 0.0
    log: str = ""
    troubles: list = dataclasses.field(default_factory=list)  # of the run, not of a test
    children: int = 0  # child processes that used the stand-in

    def names(self, outcome):
        return {name for name, (what, _) in self.cases.items() if what == outcome}

    def count(self, outcome):
        return len(self.names(outcome))


def can_isolate():
    """Return whether tests can run in a separate network namespace with loopback only."""
    done = subprocess.run(
        [*NAMESPACE, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return done.returncode == 0


def environment():
    """The environment without variables that affect the tests: no settings of Python, no
    proxies."""
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "SSL_", "TOX_", "PYENV_")) and "proxy" not in name.lower()
    }
    return dict(keep, LANG="C.UTF-8", LC_ALL="C.UTF-8")


class Sandbox:
    """A virtual environment of an interpreter, and the folder where its tests run.

    If a folder is given, its package replaces `socket` in each process.
    """

    def __init__(self, interpreter, workdir, *, folder=None, isolate=True, prefix=()):
        self.interpreter = interpreter
        self.folder = os.path.realpath(folder) if folder else None
        self.isolate = isolate
        self.prefix = prefix  # of the test command, such as env LD_PRELOAD=...
        self.root = pathlib.Path(workdir)
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        self.python = str(self.root / "venv" / "bin" / "python")
        venv = [interpreter.executable, "-m", "venv", "--without-pip", str(self.root / "venv")]
        self.check(*venv)
        if folder:
            self.carry_stand_in()

    def command(self, *command):
        return [*(NAMESPACE if self.isolate else ()), *self.interpreter.wrapper, *command]

    def check(self, *command):
        done = subprocess.run(
            self.command(*command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}")
        return done.stdout

    def carry_stand_in(self):
        code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        site = pathlib.Path(self.check(self.python, "-c", code).strip())
        shutil.copy(HERE / "stand_in.py", site / "csocket_stand_in.py")
        self.report = self.root / "report"
        call = f"csocket_stand_in.install({self.folder!r}, {str(self.report)!r})"
        (site / "csocket_stand_in.pth").write_text(f"import csocket_stand_in; {call}\n")

    def remove_stand_in(self):
        """For the control: the tests then silently run on the standard library."""
        for path in self.root.glob("venv/lib*/python*/site-packages/csocket_stand_in.pth"):
            path.unlink()

    def names_of(self, module):
        """The tests that the standard library defines in that module, without running them."""
        output = self.check(self.python, "-m", "test", "--list-cases", "-i", NEVER, module)
        return [line for line in output.splitlines() if line.startswith("test.")]

    def run(self, module, *, options=(), match=(), timeout=900):
        """Run one test module completely."""
        result = Result(log=str(self.root / f"{module}.log"))
        xml = self.root / f"{module}.xml"
        for path in (xml, self.root / "report"):
            path.unlink(missing_ok=True)
        # Short, for AF_UNIX addresses; and separate, because tests use the same file names in
        # parallel.
        temporary = tempfile.mkdtemp(prefix="csk.") if not self.interpreter.wrapper else "/tmp"
        patterns = [word for pattern in match for word in ("-m", pattern)]
        resource = [f"-u{RESOURCES[module]}"] if module in RESOURCES else []
        if resource == ["-uwalltime"] and self.interpreter.series in ("3.9", "3.10"):
            resource = []  # neither known nor needed there
        command = self.command(
            *("env", f"TMPDIR={temporary}"),
            *self.prefix,
            *(self.python, "-m", "test", "-v", f"--timeout={timeout - 30}"),
            *("--junit-xml", str(xml), "--tempdir", temporary),
            *resource,
            *options,
            *patterns,
            *("-i", NEVER, module),
        )
        start = time.monotonic()
        try:
            with open(result.log, "wb") as log:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=HERE.parent.parent,
                    env=environment(),
                    start_new_session=True,
                )
                result.status = wait(process, timeout, result)
        finally:
            if temporary != "/tmp":
                shutil.rmtree(temporary, ignore_errors=True)
        result.seconds = round(time.monotonic() - start, 1)
        read_cases(xml, module, result)
        if self.folder:
            self.check_stand_in(process.pid, result)
        return result

    def check_stand_in(self, pid, result):
        """Check that the package in our folder was tested from beginning to end."""
        notes = []
        if self.report.exists():
            notes = [ast.literal_eval(line) for line in self.report.read_text().splitlines()]
        started = [note for note in notes if note["event"] == "start"]
        result.children = len({note["pid"] for note in started} - {pid})
        ours = [note for note in notes if note["pid"] == pid]
        if not ours or ours[0]["event"] != "start":
            result.troubles.append("the stand-in was not loaded: the standard library was tested")
        for note in started:
            for path in note["files"]:
                if not path.startswith(self.folder + os.sep):
                    result.troubles.append(f"the stand-in came from {path}, not {self.folder}")
        if any(note["event"] == "end" and not note["intact"] for note in ours):
            result.troubles.append("the stand-in was not in place any more at the end")
        elif ours and ours[-1]["event"] != "end":
            result.troubles.append("the test process did not come to its own end")


def wait(process, timeout, result):
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        result.troubles.append(f"ended after {timeout} s")
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def read_cases(xml, module, result):
    """Add the cases from the XML written by regrtest."""
    lines = pathlib.Path(result.log).read_text(errors="replace").splitlines()
    try:
        root = ElementTree.parse(xml).getroot()
    except (OSError, ElementTree.ParseError):
        root = ()
    for case in () if root == () else root.iter("testcase"):
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        if not (name := case.get("name")):
            if bad is None:
                continue
            name = f"{module}, outside of all its tests"
        skip = case.find("skipped")
        if bad is not None:
            result.cases[name] = ["failed", bad.text or bad.get("message") or ""]
        elif result.cases.get(name, ["passed"])[0] == "failed":
            continue  # a subtest of it failed before
        elif skip is not None:
            result.cases[name] = ["skipped", skip.text or ""]
        else:
            result.cases[name] = ["passed", ""]
    if not result.count("skipped"):
        for line in filter(None, map(SKIP_LINE.match, lines)):
            result.cases.setdefault(line["name"], ["skipped", line["why"]])
    if not result.cases:  # the whole module: not for this machine, or not importable
        skips = [line for line in lines if line.startswith(f"{module} skipped")]
        missing = f"ModuleNotFoundError: No module named 'test.{module}'"
        if any(line.startswith(missing) for line in lines):  # Python may add a suggestion
            skips = ["-- this version has no such test module"]
        if skips:
            result.cases[f"test.{module}"] = ["skipped", skips[0].partition("-- ")[2]]
            return
    if result.status != 0 and not result.count("failed"):
        tail = "\n".join(lines[-25:])
        result.troubles.append(f"exit status {result.status} without a failed test:\n{tail}")
    elif not result.cases:
        result.troubles.append("no test ran")


class Baseline:
    """The results of the standard library itself, kept between runs."""

    lock = threading.Lock()
    alone = {}  # one lock per file: two tasks may need the same one

    def __init__(self, interpreter, workdir, *, isolate):
        self.interpreter, self.workdir, self.isolate = interpreter, workdir, isolate

    def path(self, module, kind):
        key = [self.interpreter.name, self.interpreter.build, self.isolate, platform.release()]
        digest = hashlib.sha256(repr([*key, os.getuid(), 2]).encode()).hexdigest()[:12]
        return CACHE / f"{self.interpreter.slug}-{digest}" / f"{module}.{kind}.json"

    def keep(self, module, kind, make):
        path = self.path(module, kind)
        with self.lock:
            alone = self.alone.setdefault(path, threading.Lock())
        with alone:
            return self.kept_or_made(path, module, kind, make)

    def kept_or_made(self, path, module, kind, make):
        if path.exists():
            return json.loads(path.read_text())
        folder = pathlib.Path(self.workdir, f"{module}.{kind}")
        value = make(Sandbox(self.interpreter, folder, isolate=self.isolate))
        if kind == "run" and (value["troubles"] or value["status"]):
            return value  # a later run may succeed
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(value, indent=1))
        unfinished.replace(path)
        return value

    def names(self, module):
        return set(self.keep(module, "names", lambda sandbox: sandbox.names_of(module)))

    def run(self, module):
        return Result(**self.keep(module, "run", lambda box: dataclasses.asdict(box.run(module))))
