"""Change a socket's buffer sizes, and print one of them before and after."""

import socket

SEND_BUF_SIZE = 4096
RECV_BUF_SIZE = 4096


def modify_buff_size():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        # What the kernel gave it
        bufsize = sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        print(f"Buffer size [Before]:{bufsize}")

        sock.setsockopt(socket.SOL_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUF_SIZE)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECV_BUF_SIZE)
        bufsize = sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        print(f"Buffer size [After]:{bufsize}")


if __name__ == "__main__":
    modify_buff_size()
