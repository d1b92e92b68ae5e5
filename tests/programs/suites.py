#!/usr/bin/env python3
"""Run the test suites of third-party packages as a whole, with csocket and without, and compare.

    suites.py [--python INTERPRETER] [--built FOLDER] [--list] [NAME...]

A suite belongs to the version in requirements.txt: it is in the source distribution, which pip
downloads once, or in the installed package. Each runs in a separate network namespace, so root is
needed. A test whose outcomes differ is run again individually, several times on each module: if the
same outcomes occur on both, it is listed as unstable. The others are differences. MISSING lists the
suites that cannot be run, with the reasons. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import ast
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import run

HERE = run.HERE
SDISTS = run.CACHE / "sdists"
LIMIT = 3600  # seconds for a suite, which aiohttp needs half of on two processors
TEST_LIMIT = 60  # for a test
REPEATS = 4


class Suite:
    """parts: of the source distribution, copied; modules: of the installed package.

    plugins: of pytest, which loads no others; server: the command of a server for the tests;
    folder: where pytest is started.
    """

    def __init__(self, *, parts=(), modules=(), options=(), plugins=(), server=(), folder=""):
        self.parts, self.modules, self.options = parts, modules, options
        self.plugins, self.server, self.folder = plugins, server, folder


SUITES = {
    "requests": Suite(parts=["tests", "requirements-dev.txt"], plugins=["httpbin", "pytest_mock"]),
    "httpx": Suite(parts=["tests", "pyproject.toml"], plugins=["anyio"]),
    "anyio": Suite(parts=["tests", "pyproject.toml"],
                   plugins=["anyio", "pytest_mock", "hypothesispytest"]),
    "aiohttp": Suite(parts=["tests", "setup.cfg", "examples"], options=["-m", "not dev_mode"],
                     plugins=["pytest_mock", "codspeed", "rerunfailures"]),
    "uvicorn": Suite(parts=["tests", "pyproject.toml"], plugins=["anyio", "pytest_mock"]),
    "urllib3": Suite(parts=["test", "dummyserver", "pyproject.toml"],
                     options=["-m", "not requires_network", "test"]),
    "pyOpenSSL": Suite(parts=["tests", "pyproject.toml"]),
    "paramiko": Suite(parts=["tests", "pytest.ini"], plugins=["relaxed"]),
    "redis": Suite(
        parts=["tests", "pyproject.toml"], plugins=["asyncio"],
        options=["-m", "not onlycluster and not redismod and not ssl and not replica and not "
                 "cp_integration"],
        server=["redis-server", "--port", "6379", "--save", "", "--dir", "/tmp",
                "--enable-debug-command", "local"],
    ),
    "pyroute2": Suite(parts=["tests"], folder="tests"),
    "trio": Suite(modules=["trio"], options=["--run-slow"], plugins=["trio._tests.pytest_plugin"]),
    "twisted": Suite(modules=[f"twisted.{name}" for name in (
        "internet.test", "test", "names.test", "protocols.test", "protocols.haproxy.test",
        "web.test", "conch.test", "mail.test", "words.test", "application.test", "pair.test",
        "runner.test",
    )]),
    "gevent": Suite(modules=["gevent.tests.test__" + name for name in (
        "ares_host_result", "ares_timeout", "backdoor", "close_backend_fd", "core_watcher",
        "environ", "example_echoserver", "example_portforwarder", "example_udp_client",
        "example_udp_server", "example_webproxy", "example_wsgiserver", "example_wsgiserver_ssl",
        "fileobject", "getaddrinfo_import", "greenio", "makefile_ref", "monkey",
        "monkey_selectors", "monkey_select", "nondefaultloop", "pywsgi", "resolver_dnspython",
        "select", "selectors", "server", "server_pywsgi", "socket", "socket_close", "socket_dns",
        "socket_dns6", "socket_errors", "socket_ex", "socket_send_memoryview", "socket_ssl",
        "socket_timeout", "socketpair", "ssl", "subprocess", "threadpool",
    )]),
}  # fmt: skip
# Programs without a suite here, and the reasons.
MISSING = {
    "scapy": "its source distribution contains no tests",
}
# Expected differences: {"suite: test": reason}.
EXPECTED = {}


def version_of(name):
    for line in (HERE / "requirements.txt").read_text().splitlines():
        project, _, version = line.partition("==")
        if project.lower() == name.lower():
            return project, version
    raise SystemExit(f"suites: no version of {name} in requirements.txt")


def source(python, name):
    """The source distribution, downloaded once."""
    project, version = version_of(name)
    SDISTS.mkdir(parents=True, exist_ok=True)
    pattern = f"{project.lower()}-{version}.tar.gz"
    if not any(SDISTS.glob(pattern)):
        command = [python, "-m", "pip", "-q", "--disable-pip-version-check", "download"]
        command += ["--no-deps", "--no-binary", project, "-d", str(SDISTS), f"{project}=={version}"]
        subprocess.run(command, check=True, stdout=sys.stderr)
    (file,) = SDISTS.glob(pattern)
    return file


def unpack(python, name, folder):
    """Copy the tests, without the package: the installed one is tested."""
    file = source(python, name)
    with tempfile.TemporaryDirectory() as whole, tarfile.open(file) as archive:
        archive.extractall(whole, filter="data")
        (root,) = pathlib.Path(whole).iterdir()
        for part in SUITES[name].parts:
            (shutil.copytree if (root / part).is_dir() else shutil.copy)(
                root / part, pathlib.Path(folder, part)
            )


class Runner:
    def __init__(self, command, name, folder, variables):
        self.command, self.name, self.suite = command, name, SUITES[name]
        self.folder = folder / self.suite.folder
        path = os.pathsep.join([*variables, str(HERE / "plugin")])
        self.variables = {
            **os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }  # fmt: skip

    def run(self, arguments, limit):
        """Return {test: outcome} and the output of one run of pytest."""
        command = [*run.SPACE, "env", "--default-signal=INT,QUIT"]
        if self.suite.server:
            serve = f'{" ".join(map(repr, self.suite.server))} >/dev/null & trap "kill $!" EXIT'
            command += ["sh", "-c", f'{serve}; sleep 1; "$@"', "sh"]
        command += [*self.command, "-m", "pytest", "-q", "-p", "outcomes", "-p", "no:cacheprovider"]
        for plugin in ("timeout", *self.suite.plugins):
            command += ["-p", plugin]
        command += ["-o", "addopts=", f"--timeout={TEST_LIMIT}", "--tb=short"]
        command += ["--continue-on-collection-errors", *self.suite.options]
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as outcomes:
            variables = {**self.variables, "OUTCOMES": outcomes.name}
            with tempfile.TemporaryFile("w+", errors="replace") as output:
                process = subprocess.Popen(
                    [*command, *arguments], cwd=self.folder, env=variables, stdout=output,
                    stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
                try:
                    status = process.wait(limit)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, 9)
                    process.wait()
                    status = f"stopped after {limit} s"
                output.seek(0)
                text = output.read()
            found = {}
            for line in outcomes:
                outcome, _, test = line.rstrip("\n").partition("\t")
                found[ast.literal_eval(test)] = outcome
        return found, status, text

    def whole(self):
        if not self.suite.modules:
            return self.run([], LIMIT)
        found, texts = {}, []
        for module in self.suite.modules:
            some, status, text = self.run(["--pyargs", module], LIMIT)
            found.update(some or {module: f"status {status}"})
            texts.append(text)
        return found, 0, "\n".join(texts)

    def again(self, test):
        """Return the outcomes of a test that is run individually."""
        outcomes = set()
        for _ in range(REPEATS):
            found, status, text = self.run([test], TEST_LIMIT * 2)
            outcomes.add(found.get(test, f"status {status}"))
        return outcomes


def difference(test, runners, *outcomes):
    """Return the description of a difference, and whether the test is unstable."""
    text = f"{outcomes[0]} without csocket, {outcomes[1]} with it"
    if "::" not in test or None in outcomes:
        return text, False
    again = [runner.again(test) for runner in runners]
    text += "; by itself " + " and ".join(" or ".join(sorted(each)) for each in again)
    unstable = again[0] | {outcomes[0]} == again[1] | {outcomes[1]}
    return text + ": unstable" * unstable, unstable


def compare(name, python, package, logs):
    runners, results, problems = [], [], []
    with tempfile.TemporaryDirectory(prefix="csk-suite.") as folder:
        for kind, command, variables in (
            ("plain", [python], []),
            ("csocket", [python, "-m", "csocket"], [package]),
        ):
            here = pathlib.Path(folder, name)  # one path, as some tests print it
            shutil.rmtree(here, ignore_errors=True)
            here.mkdir()
            if SUITES[name].parts:
                unpack(python, name, here)
            runners.append(Runner(command, name, here, variables))
            begin = time.monotonic()
            found, status, text = runners[-1].whole()
            results.append(found)
            (logs / f"{name}-{kind}.log").write_text(text)
            counts = collections.Counter(found.values())
            counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
            seconds = round(time.monotonic() - begin)
            print(f"{name}: {kind}: {counts} (status {status}, {seconds} s)", flush=True)
        plain, ours = results
        if not plain:
            problems.append("no test ran")
            print(f"{name}: no test ran, see {logs}/{name}-plain.log", flush=True)
        same = [test for test in plain if plain[test] == ours.get(test)]
        for test in [*plain, *(test for test in ours if test not in plain)]:
            if plain.get(test) == ours.get(test) or f"{name}: {test}" in EXPECTED:
                continue
            text, unstable = difference(test, runners, plain.get(test), ours.get(test))
            print(f"{name}: {test}: {text}", flush=True)
            (same if unstable else problems).append(test)
    return sum(plain.get(test) == "passed" for test in same), problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--built", help="the folder that holds csocket/, if it is built")
    parser.add_argument("--logs", type=pathlib.Path, default=run.CACHE / "suites-logs")
    parser.add_argument("--list", action="store_true", help="list the suites")
    parser.add_argument("name", nargs="*", default=list(SUITES), help=", ".join(SUITES))
    options = parser.parse_args()
    for name in options.name:
        if name not in SUITES:
            parser.error(f"no suite {name!r}: {', '.join(SUITES)}")
    for name, why in MISSING.items():
        print(f"{name}: not run: {why}")
    if options.list:
        print(*SUITES, sep="\n")
        return 0
    if os.geteuid() != 0:
        print("suites: root is needed for network namespaces\n0 passed, 0 failed, 1 skipped")
        return 0
    options.logs.mkdir(parents=True, exist_ok=True)
    python = run.environment(
        options.python, "requirements.txt", "suites.txt", alone=["suites-alone.txt"]
    )
    built = options.built or run.build(options.python)
    passed = failed = 0
    for name in options.name:
        number, problems = compare(name, python, built, options.logs)
        passed, failed = passed + number, failed + len(problems)
    print(f"{passed} passed, {failed} failed, {len(MISSING)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
