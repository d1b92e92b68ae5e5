"""Rules for every test of the Python package: isolation, an alarm, and no descriptor left open."""

import faulthandler
import gc
import os
import shutil
import subprocess
import sys

import hypothesis
import pytest

sys.path.insert(0, os.path.dirname(__file__))

import isolation  # noqa: E402
import pypy_lacks  # noqa: E402

ISOLATED = isolation.isolate()
ALARM = 180  # seconds a test may take, however slow the machine

# The same examples in every run: failures are reproducible. CSOCKET_EXAMPLES requests more of them,
# CSOCKET_SEED=1 different ones in each run.
hypothesis.settings.register_profile(
    "csocket",
    derandomize=not os.environ.get("CSOCKET_SEED"),
    database=None,
    deadline=None,
    max_examples=int(os.environ.get("CSOCKET_EXAMPLES") or 100),
    suppress_health_check=list(hypothesis.HealthCheck),
    print_blob=False,
)
hypothesis.settings.load_profile("csocket")


def pytest_addoption(parser):
    parser.addoption("--tap", action="store_true", help="write TAP lines to standard output")


def pytest_configure(config):
    config.addinivalue_line("markers", "leaves_descriptors: the test cannot close all it opens")
    if config.getoption("--tap", False):
        import tap

        tap.install(config)


class Lacking(pytest.Module):
    """A file of tests that PyPy cannot import or run."""

    def collect(self):
        pytest.skip(f"PyPy: {pypy_lacks.FILES[self.path.name]}")


def pytest_pycollect_makemodule(module_path, parent):
    if sys.implementation.name == "pypy" and module_path.name in pypy_lacks.FILES:
        return Lacking.from_parent(parent, path=module_path)
    return None


def pytest_collection_modifyitems(items):
    for item in items if sys.implementation.name == "pypy" else ():
        if why := pypy_lacks.reason(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=f"PyPy: {why}"))


def pytest_unconfigure(config):
    """The last line has the format of all the project's test programs."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and not config.getoption("--tap", False):
        outcomes = {"passed": "passed", "failed": "failed error", "skipped": "skipped xfailed"}
        counts = (
            f"{sum(len(reporter.stats.get(one, ())) for one in names.split())} {outcome}"
            for outcome, names in outcomes.items()
        )
        print(", ".join(counts))


@pytest.fixture(scope="session", autouse=True)
def nowhere_else(tmp_path_factory):
    """AF_UNIX sockets are files: every name that a test binds is in a temporary folder."""
    here = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("sockets"))
    yield
    os.chdir(here)


def descriptors():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:  # the one opened to list the directory
            continue
    return found


def opened_since(before):
    found = {fd: what for fd, what in descriptors().items() if before.get(fd) != what}
    if sys.implementation.name == "pypy":  # a scope still referenced by the test's last frame
        found = {fd: what for fd, what in found.items() if what != "anon_inode:[eventfd]"}
    return found


@pytest.fixture(autouse=True)
def house_rules(request):
    """Fail a test that hangs, leaves a descriptor open or changes the default timeout."""
    faulthandler.dump_traceback_later(ALARM, exit=True, file=sys.__stderr__)
    before = descriptors()
    yield
    faulthandler.cancel_dump_traceback_later()
    if request.node.get_closest_marker("leaves_descriptors"):
        return
    left = opened_since(before)
    if left:
        for _ in range(3):  # PyPy finalizes an object before the objects it refers to
            gc.collect()
        left = opened_since(before)
    assert not left, f"descriptors left open: {left}"
    if csocket := sys.modules.get("csocket"):
        timeout = csocket.getdefaulttimeout()
        csocket.setdefaulttimeout(None)
        assert timeout is None, f"default timeout left set: {timeout}"


@pytest.fixture(scope="session")
def isolated():
    if not ISOLATED:
        pytest.skip("needs a network namespace of its own, and may not make one")


CERTIFICATE = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2
-keyout key.pem -out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost
"""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(CERTIFICATE.split(), cwd=folder, check=True, capture_output=True)
    return folder
