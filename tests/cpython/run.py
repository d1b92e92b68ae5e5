#!/usr/bin/env python3
"""Run CPython's own tests with csocket instead of `socket`, on every interpreter found.

    run.py                   test_socket on each, compared with the standard library's own result
    run.py --network         the test modules that use sockets, on 3.9, 3.11, 3.13 and 3.15
    run.py --refleaks        test_socket -R 3:3 on a debug build
    run.py --sanitize        test_socket on an extension built with ASan and UBSan
    run.py --control         broken stand-ins, each of which must make a run fail
    run.py --all             all of these in parallel, which is faster than sequentially

A run is successful if no test fails that passes with the standard library, none is skipped that is
not skipped there, none is missing, and csocket was in use from beginning to end. The last line
printed is `N passed, N failed, N skipped`.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

import interpreters
import regrtest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NETWORK_SERIES = ("3.9", "3.11", "3.13", "3.15")
NETWORK = """
    test_socket test_timeout test_socketserver test_select test_selectors test_poll test_epoll
    test_ssl test_httplib test_httpservers test_urllib test_urllib2 test_urllib2_localnet
    test_urllib_response test_ftplib test_smtplib test_poplib test_imaplib test_xmlrpc
    test_docxmlrpc test_robotparser test_logging test_wsgiref test_largefile test_os test_signal
    test_eintr test_mailbox test_stat test_gc test_support test_audit test_exception_hierarchy
    test___all__ test_asyncio.test_base_events test_asyncio.test_events
    test_asyncio.test_selector_events test_asyncio.test_sendfile test_asyncio.test_server
    test_asyncio.test_sock_lowlevel test_asyncio.test_ssl test_asyncio.test_sslproto
    test_asyncio.test_streams test_asyncio.test_transports test_asyncio.test_unix_events
    test_asyncio.test_proactor_events
""".split()
ONLY_UP_TO_311 = "test_asyncore test_asynchat test_smtpd test_nntplib test_telnetlib".split()
SLOW_FIRST = (
    "test_socket",
    "test_signal",
    "test_eintr",
    "test_logging",
    "test_asyncio.test_events",
)


@dataclasses.dataclass
class Task:
    """One test module on one interpreter."""

    interpreter: interpreters.Interpreter
    module: str
    mode: str = "test"
    sanitize: str = ""
    reports: pathlib.Path = None  # where sanitizers write their findings
    options: tuple = ()
    prefix: tuple = ()
    timeout: int = 900
    result: regrtest.Result = None
    baseline: regrtest.Result = None
    tries: int = 0
    failures: dict = dataclasses.field(default_factory=dict)  # name -> text
    excused: dict = dataclasses.field(default_factory=dict)  # fails without csocket as well

    def run(self, settings):
        self.tries += 1
        workdir = settings.workdir / self.interpreter.slug / f"{self.mode}-{self.module}"
        sandbox = regrtest.Sandbox(
            self.interpreter,
            workdir,
            folder=settings.folder(self.interpreter, self.sanitize),
            isolate=settings.isolate,
            prefix=self.prefix,
        )
        self.result = sandbox.run(
            self.module, options=self.options, match=settings.match, timeout=self.timeout
        )
        self.failures, self.excused = {}, {}
        if not settings.match and self.mode != "refleaks":
            self.compare(settings)
        else:
            self.failures = {n: self.result.cases[n][1] for n in self.result.names("failed")}
        for trouble in self.result.troubles:
            self.failures[f"{self.module} itself"] = trouble
        for report in sorted(self.reports.iterdir()) if self.reports else ():
            self.failures[f"sanitizer report {report.name}"] = report.read_text(errors="replace")

    def compare(self, settings):
        """Count as failures only tests that pass with the standard library on this machine."""
        ours = self.result
        workdir = settings.workdir / self.interpreter.slug / "baseline"
        source = regrtest.Baseline(self.interpreter, workdir, isolate=settings.isolate)
        names = set()
        # The cheap check first: if all tests pass, only a missing test can be a failure.
        if (
            self.module == "test_socket"
            or len(ours.names("passed")) < len(ours.cases)
            or source.names(self.module) - set(ours.cases)
        ):
            self.baseline = source.run(self.module)
            names = set(self.baseline.cases)
        theirs = self.baseline.cases if self.baseline else {}
        for name, (outcome, text) in ours.cases.items():
            before = theirs.get(name, ["passed"])[0]
            if outcome == "failed" and before == "failed":
                self.excused[name] = text
            elif outcome == "failed":
                self.failures[name] = text
            elif outcome == "skipped" and theirs and before != "skipped":
                self.failures[name] = f"skipped, but not with the standard library: {text}"
        if ours.cases and not ours.troubles:
            for name in sorted(names - set(ours.cases)):
                if not is_group(name, ours.cases):
                    self.failures[name] = "did not run, but does with the standard library"

    def line(self):
        ours = self.result
        text = (
            f"{self.interpreter.name:14} {self.module:34} {self.mode_text()}"
            f"{len(ours.cases)} run, {ours.count('passed')} passed, {len(self.failures)} failed, "
            f"{ours.count('skipped')} skipped"
        )
        if self.baseline:
            text += (
                f" (standard library {len(self.baseline.cases)}/{self.baseline.count('skipped')})"
            )
        text += f", {ours.seconds:.0f} s, {ours.children} children: "
        text += "FAILED" if self.failures else "ok"
        return text + (f" at try {self.tries}" if self.tries > 1 else "")

    def mode_text(self):
        return "" if self.mode == "test" else f"[{self.mode}] "

    def facts(self):
        return {
            "interpreter": self.interpreter.name,
            "module": self.module,
            "mode": self.mode,
            "run": len(self.result.cases),
            "passed": self.result.count("passed"),
            "failed": sorted(self.failures),
            "failures": self.failures,
            "fails_without_csocket_too": self.excused,
            "skipped": {n: self.result.cases[n][1] for n in self.result.names("skipped")},
            "baseline_run": len(self.baseline.cases) if self.baseline else None,
            "baseline_skipped": self.baseline.count("skipped") if self.baseline else None,
            "children_with_stand_in": self.result.children,
            "seconds": self.result.seconds,
            "tries": self.tries,
            "log": self.result.log,
        }


def is_group(name, cases):
    """One side has the names of whole classes (setUpClass skipped), the other those of their
    tests."""
    prefix = name.rpartition(".")[0]
    return name.startswith("setUp") or any(
        other.startswith("setUp") and prefix in other for other in cases
    )


def build(interpreter, sanitize="", log=None):
    """Run `make python` for that interpreter; return the folder for its path."""
    command = [*interpreter.wrapper, "make", "python", f"PYTHON={interpreter.executable}"]
    if sanitize:
        command.append(f"SANITIZE={sanitize}")
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=regrtest.environment(),
    )
    if log:
        log.write_text(done.stdout)
    folder = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode != 0 or not os.path.isdir(os.path.join(folder, "csocket")):
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return folder


class Run:
    """Builds, runs tasks on a few threads, and counts."""

    def __init__(self, options, found, missing):
        self.options, self.found, self.missing = options, found, missing
        self.workdir = pathlib.Path(options.workdir).resolve()
        self.workdir.mkdir(parents=True, exist_ok=True)
        self.match = options.match
        self.isolate = regrtest.can_isolate() and not options.host_network
        self.tasks, self.controls = [], []
        self.printing, self.building = threading.Lock(), threading.Lock()
        self.folders = {}  # (interpreter, sanitize) -> folder, or the error

    def say(self, text):
        with self.printing:
            print(text, flush=True)

    def chosen(self, series=None):
        for interpreter in self.found:
            names = (interpreter.name, interpreter.series, interpreter.version)
            if self.options.only and not set(names) & set(self.options.only):
                continue
            if series and interpreter.series not in series:
                continue
            if (
                series
                and "system" in interpreter.name
                and "3.11" in {other.series for other in self.found if other is not interpreter}
            ):
                continue
            yield interpreter

    def folder(self, interpreter, sanitize=""):
        """Return the package's folder for it; the first use builds the package."""
        if self.options.folder:
            return self.options.folder
        key = (interpreter, sanitize)
        with self.building:
            if key not in self.folders:
                name = f"build-{interpreter.slug}{'-sanitize' if sanitize else ''}.log"
                try:
                    self.folders[key] = build(interpreter, sanitize, self.workdir / name)
                except RuntimeError as error:
                    self.folders[key] = error
            if isinstance(self.folders[key], RuntimeError):
                raise self.folders[key]
            return self.folders[key]

    def plan(self):
        options = self.options
        if options.modules:
            self.add(self.chosen(), options.modules)
        elif options.all or not (options.network or options.refleaks or options.sanitize):
            self.add(self.chosen(), ["test_socket"])
        elif options.network:
            self.missing = {
                name: why
                for name, why in self.missing.items()
                if name.split()[-1] in NETWORK_SERIES
            }
        else:
            self.missing = {}
        if options.network or options.all:
            for interpreter in self.chosen(None if options.only else NETWORK_SERIES):
                old = interpreter.series in ("3.9", "3.11")
                self.add([interpreter], NETWORK + ONLY_UP_TO_311 * old)
        if options.refleaks or options.all:
            self.plan_refleaks()
        if options.sanitize or options.all:
            for interpreter in self.chosen(None if options.only else ("3.11",)):
                self.plan_sanitized(interpreter)

    def add(self, chosen, modules):
        for interpreter in chosen:
            for module in modules:
                if not any((t.interpreter, t.module) == (interpreter, module) for t in self.tasks):
                    self.tasks.append(Task(interpreter, module))

    def plan_refleaks(self):
        interpreter = interpreters.debug_build()
        if isinstance(interpreter, str):
            self.missing["debug build of CPython 3.15"] = interpreter
            return
        options = ("-R", "3:3")
        self.tasks.append(
            Task(interpreter, "test_socket", "refleaks", options=options, timeout=1800)
        )

    def plan_sanitized(self, interpreter):
        reports = self.workdir / f"sanitizer-reports-{interpreter.slug}"
        shutil.rmtree(reports, ignore_errors=True)
        reports.mkdir()
        libraries = [
            subprocess.check_output(["gcc", f"-print-file-name=lib{name}.so"], text=True).strip()
            for name in ("asan", "ubsan")
        ]
        prefix = (
            "env",
            f"LD_PRELOAD={' '.join(libraries)}",
            f"ASAN_OPTIONS=detect_leaks=0:handle_segv=0:log_path={reports}/asan",
            f"UBSAN_OPTIONS=print_stacktrace=1:log_path={reports}/ubsan",
            "PYTHONMALLOC=malloc",
        )
        task = Task(interpreter, "test_socket", "sanitize", "address,undefined", reports)
        self.tasks.append(dataclasses.replace(task, prefix=prefix, timeout=1800))

    def execute(self):
        order = {name: place for place, name in enumerate(("refleaks", "sanitize", *SLOW_FIRST))}
        tasks = sorted(
            self.tasks,
            key=lambda task: min(order.get(w, len(order)) for w in (task.mode, task.module)),
        )
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            list(pool.map(self.one, tasks))
        for task in tasks:  # again, alone: some of them fail on a loaded machine
            if task.failures and self.options.retry:
                self.one(task)

    def one(self, task):
        try:
            task.run(self)
        except Exception as error:  # of one task: the others go on
            task.result = task.result or regrtest.Result()
            known = isinstance(error, (RuntimeError, OSError))
            text = str(error) if known else traceback.format_exc()
            task.failures[f"{task.module} itself"] = text
        self.say(task.line())
        return task

    def control(self):
        """Broken copies of the package: the run of each must fail."""
        try:
            interpreter = next(self.chosen())
            folder = self.folder(interpreter)
        except (StopIteration, RuntimeError) as error:
            self.controls.append(("control", False, f"nothing to break was built: {error}"))
            return
        for name, seen in (
            ("wrong result", self.broken(interpreter, folder, WRONG_RESULT)),
            ("imports the original", self.broken(interpreter, folder, IMPORTS_ORIGINAL)),
            ("puts the original back", self.broken(interpreter, folder, PUTS_ORIGINAL_BACK)),
            ("not loaded at all", self.broken(interpreter, folder, "", load=False)),
        ):
            self.controls.append((name, bool(seen), seen))
            verdict = f"fails as it must: {seen}" if seen else "NOT NOTICED"
            self.say(f"{interpreter.name:14} control: {name}: {verdict}")
        intact = self.broken(interpreter, folder, "")
        self.controls.append(("unchanged copy", not intact, intact))
        self.say(f"{interpreter.name:14} control: unchanged copy: {intact or 'passes as it must'}")

    def broken(self, interpreter, folder, code, load=True):
        """Return the complaints of a run on a copy with that code added, or ''."""
        copy = self.workdir / "control" / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        with open(copy / "csocket" / "__init__.py", "a") as file:
            file.write(code)
        sandbox = regrtest.Sandbox(
            interpreter, self.workdir / "control" / "run", folder=copy, isolate=self.isolate
        )
        if not load:
            sandbox.remove_stand_in()
        result = sandbox.run("test_socket", match=["*BasicTCPTest*", "*GeneralModuleTests*"])
        complaints = [f"{result.count('failed')} tests failed"] if result.count("failed") else []
        complaints += [trouble.splitlines()[0] for trouble in result.troubles]
        return "; ".join(complaints)

    def report(self):
        failed = sum(len(task.failures) for task in self.tasks)
        passed = sum(task.result.count("passed") for task in self.tasks)
        passed += sum(good for _, good, _ in self.controls)
        failed += sum(not good for _, good, _ in self.controls)
        skipped = len(self.missing) + sum(
            task.result.count("skipped") + len(task.excused) for task in self.tasks
        )
        for name, why in self.missing.items():
            print(f"NOT TESTED: {name}: {why}")
        for task in self.tasks:
            for name, text in task.failures.items():
                print(f"\nFAILED {task.interpreter.name}: {name}\n{text.rstrip()}")
            for name in task.excused:
                print(f"fails with the standard library too, {task.interpreter.name}: {name}")
        for name, good, text in self.controls:
            if not good:
                print(f"\nFAILED control: {name}: {text or 'not noticed'}")
        if not self.isolate:
            print("the tests ran in the machine's own network, not in a namespace of their own")
        facts = {
            "tasks": [task.facts() for task in self.tasks],
            "controls": [dict(zip(("name", "good", "text"), c)) for c in self.controls],
            "not_tested": self.missing,
            "counts": {"passed": passed, "failed": failed, "skipped": skipped},
        }
        path = pathlib.Path(self.options.json or self.workdir / "result.json")
        path.write_text(json.dumps(facts, indent=1))
        print(f"all results: {path}")
        if not self.tasks and not self.controls:
            print("nothing was tested")
            failed = 1
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
        return 1 if failed else 0


WRONG_RESULT = """
_right = socket.recv
socket.recv = lambda self, *arguments: _right(self, *arguments)[:-1]
"""
IMPORTS_ORIGINAL = """
import _socket as _original
"""
PUTS_ORIGINAL_BACK = """
import sys as _sys
_lookup = getaddrinfo
def getaddrinfo(*arguments, **keywords):
    for name in ("socket", "_socket"):
        _sys.modules.pop(name, None)
    import socket
    return _lookup(*arguments, **keywords)
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=__doc__.partition("\n\n")[2],
    )
    parser.add_argument("modules", nargs="*", help="test modules; test_socket if none")
    parser.add_argument("--network", action="store_true", help="the list of modules using sockets")
    parser.add_argument("--refleaks", action="store_true")
    parser.add_argument("--sanitize", action="store_true")
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", nargs="+", metavar="VERSION", help="3.11, 3.13t, '3.11.2 system'")
    parser.add_argument("--python", nargs="+", metavar="PATH", help="these interpreters, no others")
    parser.add_argument("--vsock", action="store_true", help="AF_VSOCK too: only in the guest")
    parser.add_argument("--leave-out", metavar="PATTERN", help="what hangs there without csocket")
    parser.add_argument("--folder", help="test the package in this folder, build nothing")
    parser.add_argument("--match", action="append", default=[], help="only tests like this")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--host-network", action="store_true", help="no namespace of its own")
    parser.add_argument("--no-retry", dest="retry", action="store_false")
    parser.add_argument("--workdir", default=ROOT / "build" / "cpython")
    parser.add_argument("--json", metavar="FILE", help="results (WORKDIR/result.json)")
    return parser.parse_args()


def main():
    options = arguments()
    # A background shell starts programs with these signals ignored, and tests of signals would
    # fail.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    start = time.monotonic()
    if options.vsock:
        regrtest.NEVER = options.leave_out or "nothing at all"
    found, missing = interpreters.find(options.python)
    run = Run(options, found, {} if options.only else missing)
    if options.all or not options.control:
        run.plan()
        run.execute()
    else:
        run.missing = {}
    if options.all or options.control:
        run.control()
    status = run.report()
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
