"""AF_UNIX with one call: create_server(path, mode=, unlink=) and create_connection(path)."""

import contextlib
import errno
import os
import stat
import weakref

import csocket

_Socket = csocket._socket._Socket  # type: ignore[attr-defined]
# Bytes of the longest path that an address holds (unix(7)).
_PATH_MAX = 107


def _check_null(path):
    """Refuse a path with a null byte, at which the kernel would truncate it; abstract names may
    have one."""
    if _is_path(path) and ("\0" if isinstance(path, str) else b"\0") in path:
        raise ValueError(f"embedded null byte in path {path!r}")


def _open_folder(path, flags=os.O_RDONLY):
    """Return an owner of a folder's descriptor.

    No bytecode runs between the two calls: the exception of a signal handler loses no descriptor.
    """
    return next(map(csocket._socket._own, map(os.open, (path,), (flags | os.O_DIRECTORY,))))


def _identity(path):
    status = os.lstat(path)
    return status.st_dev, status.st_ino


def _remove(path, identity, process):
    """Remove a server's path if the server still owns it and this process bound it."""
    with contextlib.suppress(OSError):
        if os.getpid() == process and _identity(path) == identity:
            os.unlink(path)


class UnixServer(_Socket):  # type: ignore[misc, valid-type]
    """A listening socket that removes its path when the process that bound it closes it."""

    _remover = None

    def _owns(self, path):
        path = os.path.abspath(path)
        # Also called when the object is collected, and when the interpreter exits.
        self._remover = weakref.finalize(self, _remove, path, _identity(path), os.getpid())

    def _real_close(self, *args):
        if self._remover is not None:
            self._remover()
        super()._real_close(*args)

    def detach(self):
        """Return the descriptor, and leave the path to the caller."""
        if self._remover is not None:
            self._remover.detach()
        return super().detach()


def is_address(address):
    """Return whether an address is a path or an abstract name rather than (host, port)."""
    return isinstance(address, (str, bytes)) or hasattr(address, "__fspath__")


def _is_path(address):
    name = os.fspath(address) if is_address(address) else ""
    return len(name) > 0 and name[0] not in ("\0", 0)


def _is_stale(path):
    """Return whether a file is a socket on which no process listens."""
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        return False
    with _Socket(csocket.AF_UNIX, csocket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        return probe.connect_ex(path) == errno.ECONNREFUSED


def _remove_stale(path):
    """Remove a file if it is a stale socket; return whether it was one."""
    try:
        before = _identity(path)
        if not _is_stale(path) or _identity(path) != before:
            return False
        os.unlink(path)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _lock(path):
    """Prevent servers that start at the same time from considering each other's paths stale.

    A server holds the lock for milliseconds. Any user who can read the folder can hold it forever:
    after a second the server starts without it.
    """
    import fcntl
    from time import sleep

    try:
        folder = _open_folder(os.path.dirname(os.path.abspath(path)))
    except OSError:  # a folder that cannot be read
        yield
        return
    try:
        for _ in range(100):
            try:
                fcntl.flock(folder.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sleep(0.01)
            except OSError:  # a file system without locks
                break
            else:
                break
        yield
    finally:
        folder.close()


def _bind(sock, path, mode, unlink):
    if mode is not None:
        # The kernel creates the file with the socket's mode and the umask: it is never more open.
        os.fchmod(sock.fileno(), mode)
    try:
        sock.bind(path)
    except csocket.error as exc:
        if not (unlink and exc.errno == errno.EADDRINUSE and _remove_stale(path)):
            raise
        sock.bind(path)
    if unlink:
        sock._owns(path)
    if mode is not None and stat.S_IMODE(os.lstat(path).st_mode) != mode:
        os.chmod(path, mode)


def _check(address, family, mode):
    if family != csocket.AF_UNIX:
        raise ValueError("mode and unlink require AF_UNIX family")
    if mode is None:
        return
    if isinstance(mode, bool) or not isinstance(mode, int):
        raise TypeError(f"mode must be an int, not {type(mode).__name__}")
    if not 0 <= mode <= 0o777:
        raise ValueError(f"mode {mode:#o} is out of range (0-0o777)")
    if not _is_path(address):
        raise ValueError(f"mode requires a path, not {address!r}")


def create_server(address, family, backlog, mode, unlink):
    """Return a server at a path with mode; with unlink, replace a stale path and own it."""
    _check(address, family, mode)
    if not _is_path(address):
        return csocket.create_server(address, family=family, backlog=backlog)
    path = os.fspath(address)
    _check_null(path)
    sock = UnixServer(csocket.AF_UNIX, csocket.SOCK_STREAM)
    try:
        with _lock(path) if unlink else contextlib.nullcontext():
            try:
                _bind(sock, path, mode, unlink)
            except csocket.error as exc:
                if exc.errno is None:
                    raise
                text = f"{exc.strerror or exc} (while attempting to bind on address {address!r})"
                raise csocket._about(csocket.error(exc.errno, text), exc) from None
            sock.listen(*(() if backlog is None else (backlog,)))
        return sock
    except BaseException:
        sock.close()
        raise


@contextlib.contextmanager
def _short(path):
    """Yield a path of the same file that fits into an address, through its folder's descriptor."""
    name = os.fsencode(path)
    folder, base = os.path.split(name)
    if len(name) <= _PATH_MAX or not _is_path(path):
        yield path
        return
    try:
        owner = _open_folder(folder or b".", getattr(os, "O_PATH", os.O_RDONLY))
    except csocket.error as exc:
        exc.address = os.fsdecode(path)
        raise
    try:
        short = b"/proc/self/fd/%d/%s" % (owner.fileno(), base)
        yield short if len(short) <= _PATH_MAX else path
    finally:
        owner.close()


def _connect(sock, path, timeout, total):
    if timeout is not csocket._GLOBAL_DEFAULT_TIMEOUT:
        sock.settimeout(timeout)
    before = sock.gettimeout()
    if total is not None and (before is None or total < before):
        sock.settimeout(total or 1e-9)  # 0 would not wait
    with _short(path) as name:
        try:
            sock.connect(name)
        except csocket.error as exc:
            if name != path and hasattr(exc, "address"):
                exc.address = os.fsdecode(path)
            raise
    sock.settimeout(before)


def create_connection(address, timeout, source_address, all_errors, total=None):
    """Connect to a path or an abstract name, within timeout and total seconds."""
    path = os.fspath(address)
    _check_null(path)
    sock = csocket.socket(csocket.AF_UNIX, csocket.SOCK_STREAM)
    try:
        with contextlib.ExitStack() as undo:
            if source_address:
                sock.bind(source_address)
                if _is_path(source_address):
                    identity = _identity(source_address)
                    undo.callback(_remove, source_address, identity, os.getpid())
            _connect(sock, path, timeout, total)
            undo.pop_all()
        return sock
    except csocket.error as exc:
        sock.close()
        if all_errors:
            raise csocket._exception_group("create_connection failed", [exc]) from None
        raise
    except BaseException:
        sock.close()
        raise
