"""A server for redis-py that answers every GET with "value", and every other command with OK.

Prints its port, and ends when the client closes its connection. It parses each request once and
keeps the reply, so that the benchmark measures the client.
"""

import socket


def commands(data):
    """The names of the commands in data: arrays of strings, with their sizes."""
    names, place = [], 0
    while place < len(data):
        end = data.index(b"\r\n", place)
        items, place = int(data[place + 1 : end]), end + 2
        for item in range(items):
            end = data.index(b"\r\n", place)
            size, place = int(data[place + 1 : end]), end + 2
            if len(data) < place + size + 2:
                raise ValueError("incomplete")
            if item == 0:
                names.append(data[place : place + size].upper())
            place += size + 2
    return names


def reply_to(data):
    return b"".join(b"$5\r\nvalue\r\n" if name == b"GET" else b"+OK\r\n" for name in commands(data))


def serve(sock):
    replies, data = {}, b""
    while received := sock.recv(65536):
        data += received
        reply = replies.get(data)
        if reply is None:
            try:
                reply = replies[data] = reply_to(data)
            except ValueError:  # the rest follows
                continue
        sock.sendall(reply)
        data = b""


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        listener.settimeout(60)
        sock = listener.accept()[0]
    with sock:
        sock.settimeout(None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        serve(sock)


if __name__ == "__main__":
    main()
