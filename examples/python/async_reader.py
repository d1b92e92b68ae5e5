"""Count datagrams in a reader callback of asyncio.   async_reader.py HOST PORT COUNT"""

import asyncio
import sys

import csocket as socket


async def main(host, port, wanted):
    loop, done, sizes = asyncio.get_running_loop(), asyncio.Event(), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        sock.setblocking(False)

        def read():
            sizes.extend(len(data) for data, _address in sock.recv_many(64, 2048))
            if len(sizes) >= wanted:
                done.set()

        loop.add_reader(sock.fileno(), read)
        print("ready", flush=True)
        await done.wait()
        loop.remove_reader(sock.fileno())
    print(f"{len(sizes)} datagrams, {sum(sizes)} bytes")


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
