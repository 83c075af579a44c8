"""The cases of measure that are about the network: what they take in seconds."""
import contextlib
import json
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import time

TRAFFIC = pathlib.Path(__file__).with_name("traffic.py")
WORLD = TRAFFIC.parents[1] / "support/world.sh"
INSIDE = f"-v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro -v {TRAFFIC.parent}:/bench:ro"
PYTHON = "/usr/bin/python3 /bench/traffic.py"
ROUNDS = 3


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(what, port):
    """The median of several clients of a server that may just be starting."""
    command = [sys.executable, TRAFFIC, what, str(port)]
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as probe:
            probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if probe.recv(99):
                break
        time.sleep(0.05)
    return statistics.median(float(subprocess.run(command, check=True, capture_output=True).stdout)
                             for _ in range(ROUNDS))


def published(cli, what):
    """Of a server in a container, on the network that it has unless it is said."""
    port = free_port()
    try:
        subprocess.run(f"{cli.program} run -d --name=bench -p 127.0.0.1:{port}:80 {INSIDE} "
                       f"{cli.host}/small:1 {PYTHON} serve 80".split(), check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return ask(what, port)
    finally:
        subprocess.run(f"{cli.program} rm -f bench".split(), capture_output=True)


def forwarded(what):
    """Of the same server behind pasta(1), as podman 5 publishes it."""
    port = free_port()
    command = (f"pasta --foreground --quiet --config-net -t 127.0.0.1/{port}:80 -u none -T none "
               f"-U none -- {sys.executable} {TRAFFIC} serve 80")
    with subprocess.Popen(command.split(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, start_new_session=True) as pasta:
        try:
            return ask(what, port)
        finally:
            pasta.send_signal(signal.SIGKILL)
            subprocess.run(["pkill", "-KILL", "-s", str(pasta.pid)])  # the server, in its session


def names(cli, home):
    """An answer to the host and to a container of sbx, where the world is a name server."""
    folder = home / "world"
    folder.mkdir(exist_ok=True)
    (folder / "names.json").write_text(json.dumps({"good.example": "192.0.2.80"}))
    inside = f"{cli.program} run --rm {INSIDE} {cli.host}/small:1 {PYTHON} names"
    script = f"{sys.executable} {TRAFFIC} names; {inside}"
    ran = subprocess.run(["bash", WORLD, folder, "sh", "-ec", script], check=True,
                         stdin=subprocess.DEVNULL, capture_output=True)
    host, container = map(float, ran.stdout.split())
    return host, container
