#!/usr/bin/env python3
"""The servers of world.sh, in a network of their own."""
import json
import pathlib
import select
import socket
import ssl
import subprocess
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])
NAMES = json.loads((FOLDER / "names.json").read_text())
SERVERS = ("192.0.2.80", "192.0.2.81")


def set_up():
    print("started", flush=True)
    while not (FOLDER / "linked").exists():
        time.sleep(0.02)
    subprocess.run("ip link set lo up && ip link set host up && "
                   "for a in 53 80 81; do ip addr add 192.0.2.$a/24 dev host; done",
                   shell=True, check=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=test", "-days", "2",
                    "-keyout", FOLDER / "key.pem", "-out", FOLDER / "cert.pem"], check=True,
                   stderr=subprocess.DEVNULL)


def listen(address, port):
    listener = socket.create_server((address, port))
    return listener


def name_in(question):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    return ".".join(labels), at + 5, question[at + 2]


def answer_name(names):
    question, peer = names.recvfrom(4096)
    name, end, kind = name_in(question)
    with open(FOLDER / "asked", "a") as asked:
        asked.write(name + "\n")
    address = NAMES.get(name.lower())
    known = address is not None and kind == 1
    code = b"\x81\x80" if address is not None else b"\x81\x83"
    answer = question[:2] + code + b"\0\1" + (b"\0\1" if known else b"\0\0") + b"\0\0\0\0"
    answer += question[12:end]
    if known:
        answer += b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(address)
    names.sendto(answer, peer)


def answer(listener, context):
    client, _ = listener.accept()
    client.settimeout(5)
    address, port = listener.getsockname()
    try:
        if port == 443:
            client = context.wrap_socket(client, server_side=True)
        client.recv(65536)
        body = f"this is {address}\n".encode()
        client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    except OSError:
        pass
    finally:
        client.close()


def main():
    set_up()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("192.0.2.53", 53))
    listeners = [listen(address, port) for address in SERVERS for port in (80, 443, 8080)]
    print("serving", flush=True)
    while True:
        for ready in select.select([names, *listeners], [], [])[0]:
            if ready is names:
                answer_name(names)
            else:
                answer(ready, context)


main()
