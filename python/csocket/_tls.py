"""TLS with csocket's time limits and cancellation, once it is installed: see ext/socket/tls.c."""

import sys


def register(ssl):
    """Make the imported module ssl create its sockets so that limits apply to them."""
    low = sys.modules["csocket._socket"]
    wrap = ssl.SSLContext._wrap_socket

    def _wrap_socket(self, sock, *args, **kwargs):
        if not isinstance(sock, low._Socket):
            return wrap(self, sock, *args, **kwargs)
        stand_in = low._stand_in(sock)
        return low._tls(wrap(self, stand_in, *args, **kwargs), stand_in, sock)

    ssl.SSLContext._wrap_socket = _wrap_socket
