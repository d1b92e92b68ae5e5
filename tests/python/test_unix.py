"""AF_UNIX with one call: servers that own their path, and clients for paths of any length."""

import fcntl
import gc
import os
import pathlib
import signal
import stat
import subprocess
import sys
import threading
import warnings

import csocket
import pytest

EVERYTHING = {"family": csocket.AF_UNIX, "unlink": True}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def serves(server, address):
    with csocket.create_connection(address, timeout=20) as client:
        conn, _ = server.accept()
        with conn:
            conn.sendall(b"hello")
            return client.recv(10) == b"hello"


def left_behind(path):
    """The file and lock that a killed server leaves behind."""
    with csocket.create_server(path, family=csocket.AF_UNIX):
        pass
    assert stat.S_ISSOCK(os.lstat(path).st_mode)


@pytest.mark.parametrize("form", [str, os.fsencode, pathlib.Path])
def test_a_server_owns_its_path(folder, form):
    with csocket.create_server(form("a.sock"), **EVERYTHING) as server:
        assert serves(server, form("a.sock"))
        assert server.getsockname() == "a.sock"
    assert not os.path.lexists("a.sock")


def test_without_unlink_the_path_stays(folder):
    left_behind("a.sock")
    with pytest.raises(OSError, match="Address already in use.*'a.sock'"):
        csocket.create_server("a.sock", family=csocket.AF_UNIX)


def test_a_stale_path_is_replaced(folder):
    left_behind("a.sock")
    with csocket.create_server("a.sock", **EVERYTHING) as server:
        assert serves(server, "a.sock")


def test_the_path_of_a_live_server_is_kept(folder):
    with csocket.create_server("a.sock", **EVERYTHING, backlog=1) as server:
        with pytest.raises(OSError, match="already in use") as caught:
            csocket.create_server("a.sock", **EVERYTHING)
        assert caught.value.address == "a.sock"
        server.accept()[0].close()  # the attempt's
        assert serves(server, "a.sock")


def test_the_path_of_a_live_server_with_a_full_backlog_is_kept(folder):
    with csocket.create_server("a.sock", **EVERYTHING, backlog=0):
        clients = [csocket.socket(csocket.AF_UNIX) for _ in range(3)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex("a.sock")
        with pytest.raises(OSError, match="already in use"):
            csocket.create_server("a.sock", **EVERYTHING)
        for client in clients:
            client.close()
        assert os.path.lexists("a.sock")


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link", "datagram server"])
def test_other_files_are_kept(folder, kind):
    datagrams = csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    with datagrams:
        if kind == "file":
            open("a.sock", "w").close()
        elif kind == "folder":
            os.mkdir("a.sock")
        elif kind == "dangling link":
            os.symlink("nowhere", "a.sock")
        else:
            datagrams.bind("a.sock")
        before = os.lstat("a.sock")
        with pytest.raises(OSError, match="already in use"):
            csocket.create_server("a.sock", **EVERYTHING)
        assert os.lstat("a.sock") == before


def test_a_path_that_now_belongs_to_another_file_is_kept(folder):
    server = csocket.create_server("a.sock", **EVERYTHING)
    os.rename("a.sock", "b.sock")
    with csocket.create_server("a.sock", **EVERYTHING) as other:
        server.close()
        assert serves(other, "a.sock")
    assert os.path.lexists("b.sock")


def test_the_path_does_not_depend_on_the_current_folder(folder):
    server = csocket.create_server("a.sock", **EVERYTHING)
    os.mkdir("below")
    os.chdir("below")
    server.close()
    assert not os.path.lexists("../a.sock")


def test_dup_and_detach_do_not_remove_it(folder):
    server = csocket.create_server("a.sock", **EVERYTHING)
    server.dup().close()
    assert os.path.lexists("a.sock")
    os.close(server.detach())
    server.close()
    assert os.path.lexists("a.sock")


def test_a_forked_child_does_not_remove_it(folder):
    code = (
        "import os, csocket\n"
        "server = csocket.create_server('a.sock', family=csocket.AF_UNIX, unlink=True)\n"
        "child = os.fork()\n"
        "if child:\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
        "    assert os.path.lexists('a.sock')\n"
        "    print('there')\n"
        "else:\n"
        "    server.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert (done.returncode, done.stdout) == (0, "there\n")
    assert not os.path.lexists("a.sock")  # exit of the parent


def test_garbage_collection_removes_it(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = csocket.create_server("a.sock", **EVERYTHING)
        del server
        for _ in range(3):  # PyPy warns in one collection, and closes in another
            gc.collect()
    assert not os.path.lexists("a.sock")


def test_the_path_of_a_killed_server_can_be_reused(folder):
    code = (
        "import csocket, sys\n"
        "server = csocket.create_server('a.sock', family=csocket.AF_UNIX, unlink=True)\n"
        "print('ready', flush=True)\n"
        "server.accept()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    assert os.path.lexists("a.sock")
    with csocket.create_server("a.sock", **EVERYTHING) as server:
        assert serves(server, "a.sock")


def test_of_servers_that_start_at_once_one_wins(folder):
    left_behind("a.sock")
    servers, errors, start = [], [], threading.Barrier(8)

    def begin():
        start.wait()
        try:
            servers.append(csocket.create_server("a.sock", **EVERYTHING))
        except OSError as exc:
            errors.append(exc)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(servers), len(errors)) == (1, 7)
    servers[0].close()
    assert not os.path.lexists("a.sock")


@pytest.mark.parametrize("mode", [0o600, 0o660, 0o777, 0])
@pytest.mark.parametrize("mask", [0o022, 0o077, 0])
def test_the_mode_does_not_depend_on_the_umask(folder, mode, mask):
    before = os.umask(mask)
    try:
        with csocket.create_server("a.sock", family=csocket.AF_UNIX, mode=mode):
            assert stat.S_IMODE(os.stat("a.sock").st_mode) == mode
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "address, options, kind, text",
    [
        (("127.0.0.1", 0), {"mode": 0o600}, ValueError, "mode and unlink require AF_UNIX family"),
        (("127.0.0.1", 0), {"unlink": True}, ValueError, "mode and unlink require AF_UNIX family"),
        ("a", {"family": 1, "mode": "600"}, TypeError, "mode must be an int, not str"),
        ("a", {"family": 1, "mode": True}, TypeError, "mode must be an int, not bool"),
        ("a", {"family": 1, "mode": 0o1777}, ValueError, "mode 0o1777 is out of range"),
        ("a", {"family": 1, "mode": -1}, ValueError, "mode -0o1 is out of range"),
        ("\0a", {"family": 1, "mode": 0o600}, ValueError, "mode requires a path, not '.x00a'"),
        ("x" * 108, {"family": 1, "unlink": True}, OSError, "108 bytes, at most 107"),
    ],
)
def test_arguments_are_named(folder, address, options, kind, text):
    with pytest.raises(kind, match=text):
        csocket.create_server(address, **options)
    assert os.listdir(".") == []


@pytest.mark.parametrize("name", ["\0csocket-test-%d", b"\0csocket-test-%d"])
def test_abstract_names_need_no_removal(folder, name):
    name %= os.getpid()
    with csocket.create_server(name, **EVERYTHING) as server:
        assert serves(server, name)


@pytest.mark.parametrize("form", [str, os.fsencode, pathlib.Path])
def test_a_client_reaches_paths_that_are_too_long_for_an_address(folder, form):
    long = folder / ("d" * 100) / ("e" * 100)
    long.mkdir(parents=True)
    os.chdir(long)
    with csocket.create_server("a.sock", **EVERYTHING) as server:
        os.chdir(folder)
        assert serves(server, form(str(long / "a.sock")))
        with pytest.raises(FileNotFoundError) as caught:
            csocket.create_connection(form(str(long / "b.sock")))
        assert caught.value.address == str(long / "b.sock")
        with pytest.raises(OSError, match="at most 107"):
            csocket.create_connection(form(str(long / ("f" * 150))))
        missing = str(long / "missing" / "a.sock")
        with pytest.raises(FileNotFoundError) as caught:
            csocket.create_connection(form(missing))
        assert caught.value.address == missing
        os.chdir(long)


def test_a_clients_other_arguments(folder):
    server = csocket.create_server("a.sock", **EVERYTHING)
    with server, csocket.create_connection("a.sock", 7, "client") as client:
        assert client.gettimeout() == 7
        assert client.getsockname() == "client"
        server.accept()[0].close()
    with pytest.raises(FileNotFoundError):
        csocket.create_connection("b.sock")
    with pytest.raises(Exception, match="create_connection failed") as caught:
        csocket.create_connection("b.sock", all_errors=True)
    assert [type(each) for each in caught.value.exceptions] == [FileNotFoundError]


def test_a_lock_held_elsewhere_does_not_prevent_a_server_from_starting(tmp_path):
    """Any user who can read the folder can hold its lock forever."""
    holder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_SH)
        path = str(tmp_path / "s")
        with csocket.create_server(path, family=csocket.AF_UNIX, unlink=True):
            csocket.create_connection(path).close()
    finally:
        os.close(holder)


@pytest.mark.parametrize("listens", [True, False])
def test_a_clients_path_stays_only_if_it_connects(tmp_path, listens):
    server, client = str(tmp_path / "server"), str(tmp_path / "client")
    with csocket.socket(csocket.AF_UNIX) as sock:
        sock.bind(server)
        if listens:
            sock.listen()
            with csocket.create_connection(server, source_address=client) as connection:
                assert connection.getsockname() == client
        else:
            with pytest.raises(ConnectionRefusedError):
                csocket.create_connection(server, source_address=client)
    assert os.path.exists(client) == listens
