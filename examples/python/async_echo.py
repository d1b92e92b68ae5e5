"""Echo datagrams under asyncio, many per call.   async_echo.py HOST PORT COUNT"""

import asyncio
import sys

import csocket as socket
from bulk_transport import Transport


class Echo(asyncio.DatagramProtocol):
    def __init__(self, left, done):
        self.left, self.done = left, done

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data, addr)
        self.left -= 1
        if self.left == 0:
            self.done.set_result(None)


async def main(host, port, count):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((host, int(port)))
        transport = Transport(loop, s, Echo(int(count), done))
        print("ready", flush=True)
        await asyncio.wait_for(done, 20)
        transport.close()


asyncio.run(main(*sys.argv[1:]))
