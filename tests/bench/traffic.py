#!/usr/bin/env python3
"""What the cases of network.py say to each other: it runs on both sides.

usage: traffic.py serve PORT | requests PORT | crowd PORT | names

serve answers HTTP, a connection a request. requests and crowd are its clients: they print the seconds
of a request, and of 1,000 connections that are all open before the first one asks. names prints the
seconds of an answer of the first server in /etc/resolv.conf. A client that gets no answer fails.
"""
import asyncio
import resource
import socket
import statistics
import struct
import sys
import time

REQUESTS, CROWD, NAMES = 2000, 1000, 300
QUESTION = b"GET / HTTP/1.0\r\nHost: bench\r\n\r\n"
ANSWER = b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"


async def answer(reader, writer):
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # who looks whether anybody listens does not ask
    writer.close()


async def serve(port):
    server = await asyncio.start_server(answer, "0.0.0.0", port, backlog=4096)
    await server.serve_forever()


def request(port):
    with socket.create_connection(("127.0.0.1", port), 10) as server:
        server.sendall(QUESTION)
        return server.makefile("rb").read() == ANSWER


def requests(port):
    began = time.monotonic()
    failed = sum(not request(port) for _ in range(REQUESTS))
    return failed, REQUESTS, (time.monotonic() - began) / REQUESTS


async def ask(server):
    reader, writer = server
    writer.write(QUESTION)
    answered = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return answered == ANSWER


async def crowd(port):
    began = time.monotonic()
    opened = await asyncio.gather(
        *[asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 30) for _ in range(CROWD)],
        return_exceptions=True)
    servers = [server for server in opened if not isinstance(server, BaseException)]
    answers = await asyncio.gather(*map(ask, servers), return_exceptions=True)
    answered = sum(answer is True for answer in answers)
    return CROWD - answered, CROWD, time.monotonic() - began


def names():
    with open("/etc/resolv.conf") as file:
        server = next(line.split()[1] for line in file if line.startswith("nameserver"))
    question = struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + b"\4good\7example\0\0\1\0\1"
    times = []
    for _ in range(NAMES):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(5)
            began = time.monotonic()
            asker.sendto(question, (server, 53))
            asker.recv(512)
            times.append(time.monotonic() - began)
    return 0, NAMES, statistics.median(times)


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    what, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if what == "serve":
        asyncio.run(serve(port))
    client = {"requests": lambda: requests(port), "crowd": lambda: asyncio.run(crowd(port)),
              "names": names}[what]
    failed, of, seconds = client()
    if failed:
        sys.exit(f"{failed} of {of} got no answer")
    print(seconds)


main()
