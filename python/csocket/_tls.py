"""TLS with csocket's time limits and cancellation, once it is installed: see ext/socket/tls.c."""

import sys

# Methods that would bypass encryption, like sendmsg(), which ssl itself refuses.
_UNENCRYPTED = (
    "recv_exactly",
    "recv_exactly_into",
    "recv_line",
    "recv_many",
    "recv_many_into",
    "recv_message",
    "recv_until",
    "send_many",
    "send_message",
    "send_zerocopy",
    "splice",
    "splice_from",
)


def _refusal(name):
    def refuse(self, *args, **kwargs):
        raise NotImplementedError(f"{name} not allowed on instances of {self.__class__}")

    refuse.__name__ = name
    return refuse


def register(ssl):
    """Make the imported module ssl create its sockets so that limits apply to them."""
    low = sys.modules["csocket._socket"]
    for name in _UNENCRYPTED:
        if hasattr(ssl.SSLSocket, name):
            setattr(ssl.SSLSocket, name, _refusal(name))
    wrap = ssl.SSLContext._wrap_socket

    def _wrap_socket(self, sock, *args, **kwargs):
        if not isinstance(sock, low._Socket):
            return wrap(self, sock, *args, **kwargs)
        stand_in = low._stand_in(sock)
        made = wrap(self, stand_in, *args, **kwargs)
        return low._tls(made, stand_in, sock, ssl.SSLWantReadError, ssl.SSLWantWriteError)

    ssl.SSLContext._wrap_socket = _wrap_socket
