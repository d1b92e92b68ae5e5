"""Methods of socket.socket on objects that are not sockets.

A class may borrow them, as urllib3 does: `makefile = socket.socket.makefile`. In the standard
library they are Python functions that work on any object with the attributes they use. They are
never called for sockets: see ext/socket/method.c. All other names that these functions use are
looked up in csocket, where programs replace them.
"""

import io
import os
import select
import sys

import csocket

SENDFILE_MAX = 1 << 30  # bytes per call
BLOCK = 8192  # bytes per read of a file


def __enter__(self):
    return self


def __exit__(self, *args):
    if not self._closed:
        self.close()


def _address_text(self, method, label):
    try:
        address = getattr(self, method)()
    except (csocket.error, AttributeError):
        return ""
    return f", {label}={address!s}" if address else ""


def __repr__(self):
    closed = getattr(self, "_closed", False)
    kind = self.__class__
    text = (
        f"<{kind.__module__}.{kind.__qualname__}{' [closed]' if closed else ''}"
        f" fd={self.fileno():d}, family={self.family!s}, type={self.type!s}, proto={self.proto:d}"
    )
    if not closed:
        text += _address_text(self, "getsockname", "laddr")
        text += _address_text(self, "getpeername", "raddr")
    return text + ">"


def __getstate__(self):
    raise TypeError(f"cannot pickle {self.__class__.__name__!r} object")


def dup(self):
    sock = self.__class__(self.family, self.type, self.proto, fileno=csocket.dup(self.fileno()))
    sock.settimeout(self.gettimeout())
    return sock


def accept(self):
    fd, address = self._accept()
    sock = csocket.socket(self.family, self.type, self.proto, fileno=fd)
    if csocket.getdefaulttimeout() is None and self.gettimeout():
        sock.setblocking(True)
    return sock, address


def _buffered(raw, reading, writing, size):
    if reading and writing:
        return io.BufferedRWPair(raw, raw, size)
    return (io.BufferedReader if reading else io.BufferedWriter)(raw, size)


def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
    if not set(mode) <= set("rwb"):
        raise ValueError(f"invalid mode {mode!r} (only r, w, b allowed)")
    writing = "w" in mode
    reading = "r" in mode or not writing
    binary = "b" in mode
    raw = csocket.SocketIO(self, "r" * reading + "w" * writing)
    self._io_refs += 1
    if buffering is None or buffering < 0:
        buffering = io.DEFAULT_BUFFER_SIZE
    if buffering == 0:
        if not binary:
            raise ValueError("unbuffered streams must be binary")
        return raw
    buffer = _buffered(raw, reading, writing, buffering)
    if binary:
        return buffer
    if hasattr(io, "text_encoding"):
        encoding = io.text_encoding(encoding)
    text = io.TextIOWrapper(buffer, encoding, errors, newline)
    text.mode = mode
    return text


def _decref_socketios(self):
    if self._io_refs > 0:
        self._io_refs -= 1
    if self._closed:
        self.close()


def _real_close(self, _ss=csocket._socket.socket):
    _ss.close(self)


def close(self):
    self._closed = True
    if self._io_refs <= 0:
        self._real_close()


def detach(self):
    self._closed = True
    return super(csocket._socket._Socket, self).detach()


def get_inheritable(self):
    return os.get_inheritable(self.fileno())


def set_inheritable(self, inheritable):
    os.set_inheritable(self.fileno(), inheritable)


def _check_sendfile_params(self, file, offset, count):
    if "b" not in getattr(file, "mode", "b"):
        raise ValueError("file should be opened in binary mode")
    if not self.type & csocket.SOCK_STREAM:
        raise ValueError("only SOCK_STREAM type sockets are supported")
    if count is not None and not isinstance(count, int):
        raise TypeError(f"count must be a positive integer (got {count!r})")
    if count is not None and count <= 0:
        raise ValueError(f"count must be a positive integer (got {count!r})")


def _wait_writable(fd, timeout):
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    if not poll.poll(None if timeout is None else timeout * 1000):
        raise csocket._socket.timeout("timed out")


def _seek_after(file, position, sent):
    if sent and hasattr(file, "seek"):
        file.seek(position)


# From 3.15 on the function passed to _sendfile_zerocopy already has the socket's descriptor.
_KNOWS_THE_SOCKET = sys.version_info >= (3, 15)


def _sendfile_zerocopy(self, zerocopy_func, giveup_exc_type, file, offset=0, count=None):
    self._check_sendfile_params(file, offset, count)
    fd = self.fileno()
    try:
        source = file.fileno()
        size = os.fstat(source).st_size
    except (AttributeError, io.UnsupportedOperation, OSError) as exc:
        raise giveup_exc_type(exc) from exc
    if not size:
        return 0
    timeout = self.gettimeout()
    if timeout == 0:
        raise ValueError("non-blocking sockets are not supported")
    target = () if _KNOWS_THE_SOCKET else (fd,)
    total = 0
    try:
        while count is None or total < count:
            left = SENDFILE_MAX if count is None else min(count - total, SENDFILE_MAX)
            try:
                _wait_writable(fd, timeout)
                sent = zerocopy_func(*target, source, offset + total, left)
            except BlockingIOError:
                continue
            except OSError as exc:
                if total or isinstance(exc, csocket._socket.timeout):
                    raise
                raise giveup_exc_type(exc) from exc
            if sent == 0:
                break
            total += sent
        return total
    finally:
        _seek_after(file, offset + total, total)


def _sendfile_use_sendfile(self, file, offset=0, count=None):
    send = csocket.partial(os.sendfile, self.fileno()) if _KNOWS_THE_SOCKET else os.sendfile
    return _sendfile_zerocopy(self, send, csocket._GiveupOnSendfile, file, offset, count)


def _send_all_of(self, block):
    """Send one block; yield the number of bytes of each part."""
    block = memoryview(block)
    while block:
        try:
            sent = self.send(block)
        except BlockingIOError:
            continue
        yield sent
        block = block[sent:]


def _sendfile_use_send(self, file, offset=0, count=None):
    self._check_sendfile_params(file, offset, count)
    if self.gettimeout() == 0:
        raise ValueError("non-blocking sockets are not supported")
    if offset:
        file.seek(offset)
    total = 0
    try:
        while count is None or total < count:
            block = file.read(BLOCK if count is None else min(count - total, BLOCK))
            if not block:
                break
            for sent in _send_all_of(self, block):
                total += sent
        return total
    finally:
        _seek_after(file, offset + total, total)


def sendfile(self, file, offset=0, count=None):
    try:
        return self._sendfile_use_sendfile(file, offset, count)
    except csocket._GiveupOnSendfile:
        return self._sendfile_use_send(file, offset, count)
