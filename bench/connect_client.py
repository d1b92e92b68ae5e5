"""Connect to a host once, and print the time that it took.

    connect_client.py LIBRARY HOST PORT LIMIT

prints the seconds and the family of the connection, or the error. LIMIT is the total limit in
seconds, 0 for none. Imports and the start of the event loop are not measured.

    connect_client.py start

only starts, with the same imports.
"""

import asyncio
import os
import socket
import sys
import time

DELAY = 0.25


def with_csocket(host, port, limit):
    import csocket

    begin = time.perf_counter()
    try:
        sock = csocket.create_connection(
            (host, port), happy_eyeballs_delay=DELAY, total_timeout=limit
        )
    except OSError as error:
        return begin, time.perf_counter(), error
    return begin, time.perf_counter(), sock.family


async def timed(connect, host, port, limit):
    begin = time.perf_counter()
    try:
        family = await asyncio.wait_for(connect(host, port), limit)
    except (OSError, asyncio.TimeoutError) as error:
        return begin, time.perf_counter(), error
    return begin, time.perf_counter(), family


def with_asyncio(*arguments):
    async def connect(host, port):
        stream = await asyncio.open_connection(host, port, happy_eyeballs_delay=DELAY)
        return stream[1].get_extra_info("socket").family

    return in_loop(connect, *arguments)


def with_aiohappyeyeballs(*arguments):
    import aiohappyeyeballs

    async def connect(host, port):
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        sock = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=DELAY)
        return sock.family

    return in_loop(connect, *arguments)


def in_loop(connect, *arguments):
    # Not asyncio.run, which at its end waits for the thread that is still resolving the name.
    return asyncio.new_event_loop().run_until_complete(timed(connect, *arguments))


def start():
    import csocket  # noqa: F401


def main():
    if sys.argv[1:] == ["start"]:
        start()
        return
    library, host, port, limit = sys.argv[1:]
    begin, end, result = globals()[f"with_{library}"](host, int(port), float(limit) or None)
    families = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
    text = repr(result) if isinstance(result, Exception) else families[result]
    print(f"{end - begin:.6f} {text}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
