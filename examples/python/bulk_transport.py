"""A transport of asyncio on recv_many and send_many, for any DatagramProtocol."""

import asyncio
import contextlib


class Transport(asyncio.DatagramTransport):
    """The methods that a DatagramProtocol needs, implemented with recv_many and send_many."""

    def __init__(self, loop, sock, protocol):
        super().__init__({"socket": sock})
        self.loop, self.sock, self.protocol, self.queue = loop, sock, protocol, []
        sock.setblocking(False)
        loop.add_reader(sock.fileno(), self.read)  # without a protocol, this is all
        protocol.connection_made(self)

    def read(self):
        for data, address in self.sock.recv_many(64, 2048):
            self.protocol.datagram_received(data, address)
        self.flush()

    def sendto(self, data, addr=None):
        self.queue.append((data, addr))

    def flush(self):
        with contextlib.suppress(BlockingIOError):
            del self.queue[: self.sock.send_many(self.queue)]
        if self.queue:
            self.loop.add_writer(self.sock.fileno(), self.flush)
        else:
            self.loop.remove_writer(self.sock.fileno())

    def close(self):
        self.loop.remove_reader(self.sock.fileno())
