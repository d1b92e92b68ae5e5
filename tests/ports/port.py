#!/usr/bin/env python3
"""Build the library, its tests and the command for another system or machine, and run those that
can run.

    port.py [--suite NAME]... TARGET...   build and test; `all` is every target of targets.tsv
    port.py --list                        the targets
    port.py --page docs/platforms.md      write the page of the last results
    port.py --control BUILD               write emulator-failures.txt: the failures of this
                                          machine's own build under an emulator
    port.py --static PROGRAM              build the command as a static program, with musl

The requirements of a target are installed with apt (as root, on Debian) or with pip in a separate
environment.  Tool chains, builds and results are kept under ~/.cache/csocket/ports.  The last line
counts the tests of all targets; a target that does not build counts as one failure.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
from typing import NamedTuple

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
PORTS = CACHE / "csocket/ports"
ZIGLANG = "ziglang==0.16.0"  # a C compiler with the headers of many systems, packaged on PyPI
SUITES = ("core", "fault")


class Target(NamedTuple):
    name: str
    system: str
    family: str
    cpu: str
    endian: str
    compiler: str
    ar: str
    runner: str
    packages: str
    title: str

    @property
    def folder(self):
        return PORTS / self.name

    def command(self, text):
        """A command of the table as a list of words."""
        zig = f"{PORTS}/zig-cc"
        filled = text.replace("$ZIG-ar", f"{PORTS}/zig-ar").replace("$ZIG", zig)
        return shlex.split(filled.replace("$HEADERS", f"{PORTS}/kernel-headers"))


def targets():
    rows = (HERE / "targets.tsv").read_text(encoding="utf-8").splitlines()
    found = (Target(*row.split("\t")) for row in rows if row and not row.startswith("#"))
    return {target.name: target for target in found}


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


# --- tool chains ------------------------------------------------------------------------------


class UnavailableError(Exception):
    """A requirement of a target is not available."""


def is_installed(package):
    query = ["dpkg-query", "-W", "-f", "${Status}", package]
    result = subprocess.run(query, capture_output=True, text=True, check=False)
    return result.stdout.endswith("ok installed")


def install(packages):
    """Install missing Debian packages; gcc-multilib would remove cross compilers."""
    missing = [p for p in packages if p != "ziglang" and not is_installed(p)]
    if missing:
        names = " ".join(missing)
        if os.geteuid() or not shutil.which("apt-get"):
            raise UnavailableError(f"cannot be installed without root and apt: {names}")
        options = ["-qq", "-y", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"]
        try:
            run(["apt-get", "-qq", "update"])
            run(["apt-get", *options, "install", *missing], stdout=sys.stderr)
        except subprocess.CalledProcessError:
            raise UnavailableError(f"cannot be installed: {names}") from None
    if "ziglang" in packages:
        install_zig()


def install_zig():
    venv = PORTS / ZIGLANG
    python = venv / "bin/python"
    if not python.exists():
        run([sys.executable, "-m", "venv", venv])
    probe = [str(python), "-c", "import ziglang"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        run([python, "-m", "pip", "-q", "install", ZIGLANG])
    # Removes an option that meson's --werror adds and that its linker does not know.
    words = 'for word; do shift; [ "$word" = -Wl,--fatal-warnings ] || set -- "$@" "$word"; done'
    words += f'\nexec "{python}" -m ziglang cc "$@"\n'
    write(PORTS / "zig-cc", f"#!/bin/sh\n{words}", 0o755)
    # Removes the T from meson's "csrDT": for some systems its linker cannot read thin archives.
    words = f'exec "{python}" -m ziglang ar "$mode" "$@"\n'
    write(PORTS / "zig-ar", f'#!/bin/sh\nmode=$(printf %s "$1" | tr -d T)\nshift\n{words}', 0o755)


def link_kernel_headers():
    """The kernel's headers alone, for C libraries whose own folder lacks them."""
    folder = PORTS / "kernel-headers"
    folder.mkdir(parents=True, exist_ok=True)
    machine = os.uname().machine
    places = {"linux": "linux", "asm-generic": "asm-generic", "asm": f"{machine}-linux-gnu/asm"}
    for name, place in places.items():
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"/usr/include/{place}")


def cmocka_source():
    """Debian's source of the test library, taken without a change to the machine's apt."""
    source = PORTS / "cmocka"
    if source.exists():
        return source
    install(["dpkg-dev"])
    work = PORTS / "apt"
    shutil.rmtree(work, ignore_errors=True)
    (work / "lists").mkdir(parents=True)
    query = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI) $(RELEASE)",
        "Created-By: Packages",
    ]
    lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.split("\n")
    uri, release = next(line for line in lines if line and "security" not in line).split()
    write(work / "sources", f"deb-src {uri} {release} main\n")
    apt = ["apt-get", "-qq", "-o", f"Dir::Etc::SourceList={work}/sources"]
    apt += ["-o", "Dir::Etc::SourceParts=-", "-o", f"Dir::State::Lists={work}/lists"]
    apt += ["-o", "APT::Sandbox::User=root"]
    run([*apt, "update"])
    run([*apt, "source", "cmocka"], cwd=work, stdout=sys.stderr)
    next(path for path in work.glob("cmocka-*") if path.is_dir()).rename(source)
    return source


def build_cmocka(target, compiler):
    prefix = target.folder / "sys"
    if (prefix / "lib/libcmocka.a").exists():
        return
    source = cmocka_source()
    (prefix / "include").mkdir(parents=True, exist_ok=True)
    (prefix / "lib/pkgconfig").mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "include/cmocka.h", prefix / "include")
    flags = ["-O1", "-w", "-fPIC", f"-I{source}/include", "-DHAVE_SIGNAL_H=1", "-DHAVE_STRSIGNAL=1"]
    run([*compiler, *flags, "-c", source / "src/cmocka.c", "-o", prefix / "cmocka.o"])
    run([*target.command(target.ar), "rcs", prefix / "lib/libcmocka.a", prefix / "cmocka.o"])
    write(
        prefix / "lib/pkgconfig/cmocka.pc",
        "Name: cmocka\nDescription: unit tests\nVersion: 1.1.5\n"
        f"Libs: -L{prefix}/lib -lcmocka\nCflags: -I{prefix}/include\n",
    )


def quoted(words):
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def cross_file(target):
    compiler = target.command(target.compiler)
    lines = ["[binaries]", f"c = {quoted(compiler)}", f"ar = {quoted(target.command(target.ar))}"]
    lines += ["pkg-config = 'pkg-config'"]
    if target.runner != "here":  # meson requires a wrapper even for tests that are only built
        runner = "/bin/true" if target.runner == "none" else target.runner
        lines += [f"exe_wrapper = {quoted(shlex.split(runner))}"]
    needs = "false" if target.runner == "here" else "true"
    lines += ["[properties]", f"pkg_config_libdir = '{target.folder}/sys/lib/pkgconfig'"]
    lines += [f"needs_exe_wrapper = {needs}", "[host_machine]", f"system = '{target.system}'"]
    lines += [f"cpu_family = '{target.family}'", f"cpu = '{target.cpu}'"]
    lines += [f"endian = '{target.endian}'", ""]
    write(target.folder / "cross.ini", "\n".join(lines))
    return compiler


# --- building and testing ---------------------------------------------------------------------


FAILURES = HERE / "emulator-failures.txt"
CONTROL = f"qemu-{os.uname().machine}-static"
FAILURES_HEAD = """\
# Tests that fail under qemu's user-mode emulation because of the emulator: they fail as x86-64
# programs on an x86-64 machine under qemu-x86_64-static, too, and pass there without it.
# Written by `tests/ports/port.py --control BUILD`, except for those with "big": qemu hands over the
# control messages UDP_SEGMENT, UDP_GRO, IP_TTL and IP_TOS in the byte order of the emulated machine
# ("Unsupported ancillary data" with qemu's -d unimp), which only big-endian machines notice.
"""


def known_failures(target):
    """Tests that fail because of the emulator: native programs fail under it, too."""
    lines = FAILURES.read_text(encoding="utf-8").splitlines() if FAILURES.exists() else []
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    names = {row[0] for row in rows if len(row) == 1 or row[1] == target.endian}
    return names if target.runner.startswith("qemu") else set()


def build(target, log):
    folder = target.folder / "build"
    configure(target, folder, ["-Dc_args=-UNDEBUG", "--werror"], log)
    run(["ninja", "-k", "0", "-C", folder], stdout=log, stderr=log)
    return folder


def configure(target, folder, options, log):
    """Set up a build folder; one of another checkout, or of an interrupted run, is recreated."""
    root = folder / "root"
    if (
        root.exists()
        and (folder / "build.ninja").exists()
        and root.read_text(encoding="utf-8") == str(ROOT)
    ):
        return
    shutil.rmtree(folder, ignore_errors=True)
    setup = ["meson", "setup", folder, ROOT, "--cross-file", target.folder / "cross.ini"]
    run([*setup, "-Ddocs=false", *options], stdout=log, stderr=log)
    write(root, str(ROOT))


def static_command(program):
    """Build a static command for any Linux on this architecture; without live views, which need
    ncurses."""
    target = targets()["musl"]
    install(target.packages.split())
    link_kernel_headers()
    target.folder.mkdir(parents=True, exist_ok=True)
    cross_file(target)
    folder = target.folder / "static"
    options = ["-Dtests=false", "-Dcli=enabled", "-Dprefer_static=true", "-Dstrip=true"]
    configure(target, folder, [*options, "--buildtype=minsize"], None)
    run(["ninja", "-C", folder, "cli/csocket"])
    pathlib.Path(program).parent.mkdir(parents=True, exist_ok=True)
    run(["strip", "-o", program, folder / "cli/csocket"])
    print(f"{program}: {pathlib.Path(program).stat().st_size} bytes")


def report_of(folder, suites, log, *more):
    """The cases of a test run, by subtest, as tests/support/summary.py counts them."""
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--timeout-multiplier=4", *more]
    for suite in suites:
        command += ["--suite", suite]
    # wine's own folder of settings, and no reports of what it lacks.
    wine = {"WINEPREFIX": str(PORTS / "wine"), "WINEDEBUG": "-all"}
    subprocess.run(command, stdout=log, stderr=log, check=False, env={**os.environ, **wine})
    result = folder / "ports.json"
    summary = [sys.executable, str(ROOT / "tests/support/summary.py"), str(folder), "--json"]
    subprocess.run([*summary, str(result)], stdout=log, stderr=log, check=False)
    return json.loads(result.read_text(encoding="utf-8"))


def failures(report):
    return [
        f"{case['test'].split(':')[-1]}:{case['case']}"
        for case in report["cases"]
        if case["outcome"] == "failed"
    ]


def control(folder):
    report = report_of(folder, SUITES, sys.stderr, f"--wrapper={CONTROL}")
    old = FAILURES.read_text(encoding="utf-8").splitlines() if FAILURES.exists() else []
    kept = [line for line in old if line.endswith(" big")]
    lines = sorted([*failures(report), *kept])
    FAILURES.write_text(FAILURES_HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def test(target, folder, suites, log):
    """(passed, failed, skipped) by subtest, and the names of those that failed."""
    report = report_of(folder, suites, log)
    known = known_failures(target)
    failed = failures(report)
    new = [name for name in failed if name not in known]
    # A failure caused by the emulator counts as skipped because it proves nothing about the
    # library.
    suite_counts = {}
    for suite in suites:
        prefix = f"{suite}_" if suite != "core" else ""
        counts = {"passed": 0, "failed": 0, "skipped": 0}
        for case in report["cases"]:
            name = f"{case['test'].split(':')[-1]}:{case['case']}"
            if bool(prefix) == name.startswith(tuple(f"{s}_" for s in suites if s != "core")):
                counts["skipped" if name in known and name in failed else case["outcome"]] += 1
        suite_counts[suite] = counts
    totals = [
        sum(counts[outcome] for counts in suite_counts.values())
        for outcome in ("passed", "failed", "skipped")
    ]
    return {"suites": suite_counts, "counts": totals, "failures": new}


def known_to(folder):
    """The number of families and options of the tables in this system's headers."""
    families = (folder / "src/families.h").read_text(encoding="utf-8").count("CSKI_FAMILY(")
    commands = json.loads((folder / "compile_commands.json").read_text(encoding="utf-8"))
    words = next(
        shlex.split(one["command"]) for one in commands if one["file"].endswith("option_table.c")
    )
    words = words[: words.index("-MD")] + ["-E", "-dM", words[-1]]
    text = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False).stdout
    return families, len(re.findall(r"(?m)^#define O_\d+ (?!CSKI_NO_OPTION)", text))


def port(target, suites):
    target.folder.mkdir(parents=True, exist_ok=True)
    result = {"title": target.title, "runner": target.runner, "built": False}
    log_path = target.folder / "log"
    with log_path.open("w", encoding="utf-8") as log:
        try:
            install(target.packages.split())
            build_cmocka(target, cross_file(target))
            folder = build(target, log)
            result["built"] = True
            result["command"] = (folder / "cli/csocket").exists()
            if target.runner != "none":
                result.update(test(target, folder, suites, log))
            result["families"], result["options"] = known_to(folder)
        except UnavailableError as error:
            return {"unavailable": str(error)}
        except subprocess.CalledProcessError as error:
            result["error"] = f"{shlex.join(error.cmd)[:200]}: exit status {error.returncode}"
    write(target.folder / "result.json", json.dumps(result, indent=1) + "\n")
    return result


def tell(name, result):
    if "unavailable" in result:
        print(f"{name}: skipped: {result['unavailable']}")
        return 0, 0, 1
    if not result["built"]:
        print(f"{name}: does not build: {result['error']}")
        log = (PORTS / name / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        problems = [line for line in log if "error:" in line or "warning:" in line]
        print(*problems[:20], sep="\n")
        return 0, 1, 0
    if "counts" not in result:
        print(f"{name}: builds; nothing here runs its programs")
        return 1, 0, 0
    counts = result["counts"]
    print(f"{name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    for failure in result["failures"]:
        print(f"  {failure}")
    return counts


PAGE = """# Platforms

The systems and machines that the library was built for, as of the last run of
tests/ports/port.py for each target. `make port TARGET=NAME` builds and tests one target, `make
ports` all of them, and writes this page; both need Debian 12. "Compiled" means that the library and
the command were compiled and linked against the system's headers; nothing was run.

Tests are counted as passed/failed/skipped. Tests that fail under the emulator regardless of the
library (tests/ports/emulator-failures.txt) are counted as skipped. "Families" and "options" are the
number of rows of the library's tables that are defined in the system's headers.

| target | system | command | core tests | fault tests | families | options | evidence |
|---|---|---|---|---|---|---|---|
"""


WINDOWS = """
## Windows

The library, but neither the command nor the Python package, compiles with mingw-w64. `make windows`
builds it and runs the tests in tests/core/platform under wine 8; the other tests need fork,
signals or families that Windows does not have, and are not built. Nothing has been seen on
Windows itself. Known limits:

* wine 8 has no AF_UNIX: opening such a socket fails with EAFNOSUPPORT. Where Windows has it, it has
  not been tried.
* `csk_makefile` fails with ENOSYS.
* Numbers of Winsock become the errno of the same meaning; those without one stand for themselves.
"""


PYPY = """
## PyPy

The package builds and imports on PyPy 7.3.11 (Python 3.9, of Debian 12), and passes its tests
there: `tests/python/run.py --python pypy3` runs all, `.ci/run pypy` the part that differs most from
CPython. `tests/python/pypy_lacks.py` lists the tests that PyPy cannot pass, with reasons. CPython's
test_socket has not been run, because Debian's PyPy does not contain it. `python/ext/pypy.h` has
what PyPy's C API lacks or does differently. Known limits:

* Sockets, files made by `makefile()` and the event of a `CancelScope` are closed by the garbage
  collector some time after their last use: close them, or use `with`. The ResourceWarning does not
  have the object, and is lost if warnings are errors.
* Methods of the extension's types have no documentation, signatures or qualified names.
* The extension's types can be derived from, their attributes replaced, and their objects take any
  attribute. A `SocketType` can be pickled, as a closed one. `socket.__init__` crashes if it is
  called on an object of another class.
* A `bytearray` can be resized while a call uses its memory.
* There are no type versions: calls look up methods each time.
* Tests that compare with the standard library's `socket` are skipped, because PyPy's is another
  program.

The library and the command do not depend on Python.
"""


def suite_cell(result, suite):
    counts = result.get("suites", {}).get(suite, {})
    return "{passed}/{failed}/{skipped}".format(**counts) if any(counts.values()) else "-"


def page():
    """The page of the stored results; a target without a result has not been tried."""
    text = PAGE
    for target in targets().values():
        path = target.folder / "result.json"
        result = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        seen = {"here": "run natively", "none": "compiled"}
        how = seen.get(target.runner, f"run under {pathlib.Path(target.runner.split()[0]).name}")
        if not result.get("suites"):
            how = "compiled"
        if not result.get("built"):
            how = "does not build" if result else "not tried"
        cells = [target.name, target.title, "yes" if result.get("command") else "-"]
        cells += [suite_cell(result, suite) for suite in SUITES]
        cells += [str(result.get("families", "-")), str(result.get("options", "-")), how]
        text += "| " + " | ".join(cells) + " |\n"
    return text + WINDOWS + PYPY


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--list", action="store_true", help="print the targets")
    parser.add_argument("--page", metavar="FILE", help="write the page of the last results")
    parser.add_argument("--control", metavar="BUILD", help="what fails under the emulator alone")
    parser.add_argument("--static", metavar="PROGRAM", help="build the command with musl")
    parser.add_argument("--suite", action="append", help=f"default: {' and '.join(SUITES)}")
    parser.add_argument("--jobs", type=int, default=1, help="targets at the same time")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    known = targets()
    if arguments.control:
        control(pathlib.Path(arguments.control))
        return 0
    if arguments.static:
        try:
            static_command(arguments.static)
        except UnavailableError as error:
            sys.exit(f"port: {error}")
        return 0
    if arguments.list:
        print(*known, sep="\n")
    names = list(known) if arguments.targets == ["all"] else arguments.targets
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"unknown target {unknown[0]}; targets: {' '.join(known)}")
    chosen = [known[name] for name in names]
    link_kernel_headers()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        suites = arguments.suite or SUITES
        results = list(pool.map(lambda target: port(target, suites), chosen))
    counts = [tell(name, result) for name, result in zip(names, results, strict=True)]
    if names:
        print("{} passed, {} failed, {} skipped".format(*map(sum, zip(*counts, strict=True))))
    if arguments.page:
        pathlib.Path(arguments.page).write_text(page(), encoding="utf-8")
    return any(failed for _, failed, _ in counts)


if __name__ == "__main__":
    sys.exit(main())
