"""Compilers for other C libraries and machines, and a CPython for AArch64, which qemu runs."""

import os
import pathlib
import shutil
import subprocess

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "csocket")
PACKAGES = (
    "libbz2-1.0 libc6 libexpat1 libffi8 libgcc-s1 liblzma5 libpython{v}-dev libpython{v}-minimal"
    " libpython{v}-stdlib libssl3 libuuid1 python{v}-minimal zlib1g"
)
MULTIARCH = "x86_64-linux-gnu"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Missing(Exception):
    """A program or file that is not on this machine."""


def script(name, python, tool):
    """A program that runs a tool of the package ziglang."""
    path = CACHE / "release" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{python}" -m ziglang {tool} "$@"\n')
    path.chmod(0o755)
    return str(path)


def compiler(python, target):
    """Return the variables with which meson compiles for one of zig's targets that runs here."""
    # Debian's pyconfig.h includes another one, named after the machine, from /usr/include, which
    # also has headers of another C library.
    folder = CACHE / "release/include" / MULTIARCH
    folder.mkdir(parents=True, exist_ok=True)
    for headers in pathlib.Path("/usr/include", MULTIARCH).glob("python3.*"):
        link = folder / headers.name
        if not link.is_symlink():
            link.symlink_to(headers)
    return {
        "CC": script(f"cc-{target}", python, f"cc -target {target}"),
        "AR": script("ar", python, "ar"),
        "CFLAGS": f"-I{folder.parent}",
    }


class Arm64:
    """Debian's interpreter for AArch64, in a separate folder."""

    def __init__(self, version):
        self.version = "{}.{}".format(*version)
        self.root = CACHE / f"release/arm64-{self.version}"
        if not shutil.which("qemu-aarch64-static"):
            raise Missing("qemu-aarch64-static is not installed (Debian: qemu-user-static)")
        if not (self.root / "complete").exists():
            self.fetch()

    def fetch(self):
        shutil.rmtree(self.root, ignore_errors=True)
        for name in ("apt/lists/partial", "apt/cache/archives/partial", "debs"):
            (self.root / name).mkdir(parents=True)
        try:
            self.unpack()
        except (OSError, subprocess.CalledProcessError) as exc:
            error = getattr(exc, "stderr", None) or str(exc)
            raise Missing(f"CPython {self.version} for arm64 cannot be fetched: {error}") from exc
        (self.root / "complete").touch()

    def unpack(self):
        def run(*command, **more):
            return subprocess.run(
                command, check=True, capture_output=True, text=True, **more
            ).stdout

        targets = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)")
        rows = run(*targets, "Created-By: Packages").splitlines()
        mirror, release = next(row.split() for row in rows if "security" not in row)
        apt = self.root / "apt"
        source = f"deb [arch=arm64 signed-by={KEYRING}] {mirror} {release} main\n"
        (apt / "sources.list").write_text(source)
        settings = {
            "Dir::Etc::SourceList": apt / "sources.list",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": apt / "lists",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": apt / "cache",
            "APT::Sandbox::User": "root",
            "APT::Architecture": "arm64",
            "APT::Architectures": "arm64",
        }
        command = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in settings.items())]
        run(*command, "update")
        packages = PACKAGES.format(v=self.version).split()
        run(*command, "download", *packages, cwd=self.root / "debs")
        for file in (self.root / "debs").glob("*.deb"):
            run("dpkg-deb", "-x", str(file), str(self.root))

    def interpreter(self):
        return ["qemu-aarch64-static", "-L", self.root, self.root / f"usr/bin/python{self.version}"]

    def variables(self):
        """Return the settings that make this machine's interpreter describe that one to
        meson-python."""
        name = "_sysconfigdata__aarch64-linux-gnu"
        folder = self.root / "described"
        folder.mkdir(exist_ok=True)
        shutil.copy(self.root / f"usr/lib/python{self.version}/{name}.py", folder)
        return {
            "PYTHONPATH": str(folder),
            "_PYTHON_HOST_PLATFORM": "linux-aarch64",
            "_PYTHON_SYSCONFIGDATA_NAME": name,
        }

    def cross_file(self, python):
        target = "aarch64-linux-gnu.2.17"
        path = self.root / "cross.ini"
        path.write_text(
            f"[binaries]\n"
            f"c = '{script(f'cc-{target}', python, f'cc -target {target}')}'\n"
            f"ar = '{script('ar', python, 'ar')}'\n"
            f"exe_wrapper = ['qemu-aarch64-static', '-L', '{self.root}']\n"
            f"[properties]\nneeds_exe_wrapper = true\n"
            f"[built-in options]\n"
            f"c_args = ['-I{self.root}/usr/include/python{self.version}', "
            f"'-I{self.root}/usr/include']\n"
            f"[host_machine]\nsystem = 'linux'\ncpu_family = 'aarch64'\ncpu = 'aarch64'\n"
            f"endian = 'little'\n"
        )
        return path
