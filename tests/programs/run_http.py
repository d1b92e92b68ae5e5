"""uvicorn and aiohttp as servers; requests, httpx and aiohttp as clients, over TCP and AF_UNIX."""

import asyncio
import os
import socket
import tempfile
import threading

import aiohttp
import aiohttp.web
import anyio
import httpx
import requests
import uvicorn

BODY = bytes(range(256)) * 1000


async def reversing(scope, receive, send):
    """An ASGI program: answers with the request's body, reversed."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body[::-1]})


class Uvicorn(threading.Thread):
    """The program on a socket, in a thread."""

    def __init__(self, sock):
        super().__init__(daemon=True)
        config = uvicorn.Config(reversing, log_level="error", lifespan="off", loop="asyncio")
        self.server, self.sock = uvicorn.Server(config), sock
        self.server.install_signal_handlers = lambda: None

    def run(self):
        self.server.run([self.sock])


async def aiohttp_server():
    async def answer(request):
        return aiohttp.web.Response(body=(await request.read())[::-1])

    app = aiohttp.web.Application()
    app.router.add_post("/", answer)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


def ask_blocking(name, url):
    with requests.Session() as session:
        for _ in range(2):
            print(name, "requests:", session.post(url, BODY, timeout=30).content == BODY[::-1])
        chunks = session.post(url, iter([b"ab", b"cd"]), stream=True, timeout=30)
        print(name, "requests, in chunks:", b"".join(chunks.iter_content(1)))
    with httpx.Client() as client:
        print(name, "httpx:", client.post(url, content=BODY, timeout=30).content == BODY[::-1])


async def ask(name, url):
    async with aiohttp.ClientSession() as session, session.post(url, data=BODY) as response:
        print(name, "aiohttp:", await response.read() == BODY[::-1], response.status)
    async with httpx.AsyncClient() as client:
        response = await client.post(url, content=BODY, timeout=30)
        print(name, "httpx, asynchronous:", response.content == BODY[::-1])


async def streams():
    """anyio's own sockets."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")

    async def echo(stream):
        async with stream:
            async for data in stream:
                await stream.send(data.upper())

    async with anyio.create_task_group() as group:
        group.start_soon(listener.serve, echo)
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        async with await anyio.connect_tcp("localhost", port) as stream:
            await stream.send(b"stream")
            print("anyio:", await stream.receive())
        group.cancel_scope.cancel()
    async with await anyio.create_udp_socket(local_host="127.0.0.1") as udp:
        address = udp.extra(anyio.abc.SocketAttribute.local_address)
        async with await anyio.create_connected_udp_socket(*address) as client:
            await client.send(b"packet")
            print("anyio, UDP:", (await udp.receive())[0])


def refused(name, ask, *errors):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        try:
            ask(f"http://127.0.0.1:{closed.getsockname()[1]}/")
        except errors as error:
            print(name, "refused:", type(error).__name__, "refused" in str(error).lower())


async def main():
    listener = socket.create_server(("127.0.0.1", 0))
    Uvicorn(listener).start()
    runner, port = await aiohttp_server()
    for name, number in (("uvicorn", listener.getsockname()[1]), ("aiohttp", port)):
        url = f"http://127.0.0.1:{number}/"
        await asyncio.to_thread(ask_blocking, name, url)
        await ask(name, url)
    await runner.cleanup()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "uvicorn")
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(path)
        unix.listen()
        Uvicorn(unix).start()
        transport = httpx.AsyncHTTPTransport(uds=path)
        async with httpx.AsyncClient(transport=transport) as client:
            response = await client.post("http://unix/", content=b"path", timeout=30)
            print("httpx, AF_UNIX:", response.content)
        connector = aiohttp.UnixConnector(path)
        session = aiohttp.ClientSession(connector=connector)
        async with session, session.post("http://unix/", data=b"path") as response:
            print("aiohttp, AF_UNIX:", await response.read())
    await streams()
    await asyncio.to_thread(refused, "requests", requests.get, requests.ConnectionError)
    await asyncio.to_thread(refused, "httpx", httpx.get, httpx.ConnectError)


asyncio.run(main())
