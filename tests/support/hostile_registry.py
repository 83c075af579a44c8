#!/usr/bin/env python3
"""A registry that misbehaves as the name of the repository asks for.

Usage: hostile_registry.py DIRECTORY

Listens on free ports of 127.0.0.1, prints one line of JSON that names them, and serves until it is
killed. In DIRECTORY it makes its certificates (ca.crt, client.cert, client.key) and writes `log`,
one line of JSON for each request: the port's name, method, path, and the headers that matter.

The last component of a repository says what goes wrong, the first what authorization it wants
("basic/good", "bearer/cut-1000000"); see FAULTS and AUTHORIZATION at the end.
"""
import base64
import hashlib
import http.server
import json
import pathlib
import random
import socket
import ssl
import subprocess
import sys
import tarfile
import threading
import time
import urllib.parse
import warnings

OCI = "application/vnd.oci.image."
MANIFEST_TYPE = OCI + "manifest.v1+json"


def noise(size):
    """A tar archive of one file."""
    file = tarfile.TarInfo("noise")
    file.size = size // 512 * 512 - 2048
    return (file.tobuf() + random.Random(1).randbytes(file.size)).ljust(size, b"\0")


LAYER = noise(3_000_000)
ROOTFS = {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(LAYER).hexdigest()]}
CONFIG = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": ROOTFS}).encode()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(kind, data):
    return {"mediaType": OCI + kind, "digest": digest(data), "size": len(data)}


MANIFEST = json.dumps({
    "schemaVersion": 2,
    "mediaType": MANIFEST_TYPE,
    "config": descriptor("config.v1+json", CONFIG),
    "layers": [descriptor("layer.v1.tar", LAYER)],
}).encode()
BLOBS = {digest(CONFIG): CONFIG, digest(LAYER): LAYER}

PASSWORD = "Basic " + base64.b64encode(b"bob:s3cret").decode()
ports = {}
lock = threading.Lock()
counts = {}
tokens = {}  # token -> how many more requests it is good for


def count(*key):
    """How often this was called with `key` before."""
    with lock:
        counts[key] = counts.get(key, 0) + 1
        return counts[key] - 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self):
        names = ["Authorization", "Range", "Accept-Encoding", "Cookie", "User-Agent"]
        entry = {name.lower(): self.headers.get(name) for name in names}
        entry.update(port=self.server.name, method=self.command, path=self.path)
        with lock:
            with open(self.server.directory / "log", "a") as log:
                print(json.dumps(entry), file=log)

    def origin(self, name):
        scheme = "https" if name.startswith("tls") else "http"
        return f"{scheme}://127.0.0.1:{ports[name]}"

    def answer(self, status, body=b"", kind="application/json", **headers):
        self.send_response(status)
        fields = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
        for name, value in fields.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code, message, **headers):
        body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
        self.answer(status, body, **headers)

    def hang_up(self):
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_POST(self):
        self.note()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.give_token(1000)

    def do_GET(self):
        self.note()
        path = urllib.parse.urlsplit(self.path).path
        if path == "/token":
            return self.give_token(1000)
        if path == "/token-for-two":
            return self.give_token(2)
        if path == "/token-big":
            return self.answer(200, b'{"token": "' + b"x" * (2 << 20) + b'"}')
        if path == "/token-none":
            return self.answer(200, b'{"token": "a\\nb"}')
        if path == "/token-denied":
            return self.refuse(401, "UNAUTHORIZED", "incorrect username or password")
        parts = path.split("/")
        if len(parts) < 5 or parts[1] != "v2":
            return self.refuse(404, "NOT_FOUND", "no such page")
        self.repository = "/".join(parts[2:-2])
        name, _, knob = parts[-3].partition("-")
        self.knob = int(knob or 0)
        if len(parts) > 5 and not AUTHORIZATION[parts[2]](self):
            return
        FAULTS[name](self, parts[-2], parts[-1])

    # What goes well.

    def serve(self, kind, reference):
        if kind == "manifests":
            return self.answer(200, MANIFEST, MANIFEST_TYPE, Docker_Content_Digest=digest(MANIFEST))
        if kind == "tags":
            return self.answer(200, json.dumps({"tags": ["1", "2"]}).encode())
        self.serve_blob(BLOBS[reference])

    def first_wanted(self):
        wanted = self.headers.get("Range")
        return int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0

    def serve_blob(self, data, until=None, ranges=True):
        """The blob from where it is wanted; cut before byte `until` of it."""
        first = self.first_wanted() if ranges else 0
        headers = {"Content_Range": f"bytes {first}-{len(data) - 1}/{len(data)}"} if first else {}
        self.send_blob(data[first:], None if until is None else max(until - first, 0), **headers)

    def send_blob(self, data, most, **headers):
        self.send_response(206 if headers else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data if most is None else data[:most])
        if most is not None and most < len(data):
            self.hang_up()

    # Who may.

    def challenge(self, value, *more):
        self.send_response(401)
        self.send_header("WWW-Authenticate", value)
        for other in more:
            self.send_header("WWW-Authenticate", other)
        body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}'
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return False

    def give_token(self, uses):
        wanted = self.headers.get("Authorization")
        if wanted and wanted != PASSWORD:
            return self.refuse(401, "UNAUTHORIZED", "incorrect username or password")
        token = f"token-{count('token')}"
        tokens[token] = uses
        self.answer(200, json.dumps({"token": token, "expires_in": 300}).encode())

    def has_password(self):
        return self.headers.get("Authorization") == PASSWORD

    def has_token(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        with lock:
            if tokens.get(token, 0) == 0:
                return False
            tokens[token] -= 1
        return True

    def bearer(self, realm):
        asked = f'Bearer realm="{realm}",service="test",scope="x"'
        return self.has_token() or self.challenge(asked)


def fault(action):
    """A fault of blobs alone."""
    def serve(self, kind, reference):
        if kind != "blobs" or BLOBS[reference] is CONFIG:
            return self.serve(kind, reference)
        action(self, BLOBS[reference])
    return serve


def manifest_fault(action):
    def serve(self, kind, reference):
        if kind != "manifests":
            return self.serve(kind, reference)
        action(self)
    return serve


def busy(kind, status, **headers):
    def serve(self, wanted, reference):
        if wanted == kind and count(self.repository, wanted) < self.knob:
            return self.refuse(status, "TOOMANYREQUESTS", "slow down", **headers)
        self.serve(wanted, reference)
    return serve


def flip(self, data):
    self.serve_blob(bytes([data[0] ^ 1]) + data[1:])


def short(self, data):
    self.answer(200, data[:1000], "application/octet-stream")


def bad_range(self, data):
    if not self.first_wanted():
        return self.serve_blob(data, self.knob if count(self.repository, "cut") == 0 else None)
    first = self.first_wanted() - 7
    self.send_blob(data[first:], None, Content_Range=f"bytes {first}-{len(data) - 1}/{len(data)}")


def no_range(self, data):
    self.serve_blob(data, self.knob if count(self.repository, "cut") == 0 else None, ranges=False)


def cut_steps(self, data):
    """Every connection carries `knob` bytes further."""
    self.serve_blob(data, min(self.first_wanted() + self.knob, len(data)))


def stall(self, data):
    self.send_response(200)
    self.send_header("Content-Length", str(len(data)))
    self.end_headers()
    self.wfile.write(data[: len(data) // 3])
    self.wfile.flush()
    time.sleep(20)
    self.hang_up()


def slow(self, data):
    self.send_response(200)
    self.send_header("Content-Length", str(len(data)))
    self.end_headers()
    for at in range(0, len(data), 500_000):
        self.wfile.write(data[at : at + 500_000])
        self.wfile.flush()
        time.sleep(0.1)


def no_length(self, data):
    self.send_response(200)
    self.send_header("Connection", "close")
    self.end_headers()
    self.wfile.write(data)
    self.hang_up()


def huge_manifest(self):
    self.send_response(200)
    self.send_header("Content-Type", MANIFEST_TYPE)
    self.send_header("Connection", "close")
    self.end_headers()
    try:
        for _ in range(256):
            self.wfile.write(b" " * (1 << 20))
    except OSError:
        pass
    self.close_connection = True


def endless_headers(self):
    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        for number in range(100_000):
            self.wfile.write(b"X-%d: y\r\n" % number)
    except OSError:
        pass
    self.close_connection = True


def gzip_encoded(self):
    self.answer(200, MANIFEST, MANIFEST_TYPE, Content_Encoding="gzip")


def redirect(where):
    def serve(self, data):
        self.answer(307, Location=where(self, digest(data)))
    return serve


def tags(self, kind, reference):
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
    page = int(query.get("page", ["0"])[0])
    link = f'</v2/{self.repository}/tags/list?page={page + 1}>; rel="next"' if page < 2 else None
    names = [f"t{page}", "-no-tag\x1b"]
    self.answer(200, json.dumps({"tags": names}).encode(), Link=link)


def odd_tags(link):
    def serve(self, kind, reference):
        self.answer(200, b'{"tags": ["a"]}', Link=link(self))
    return serve


ESCAPES = "\x1b]0;owned\x07\u202enekot\n" + "x" * 5000
PAGE = b"<html><body>Please log in to the hotel's network</body></html>"

FAULTS = {
    "good": Handler.serve,
    "flip": fault(flip),
    "extra": fault(lambda self, data: self.serve_blob(data + b"more")),
    "short": fault(short),
    "mirrorextra": fault(lambda self, data: self.serve_blob(data + b"more" * (self.server.name == "other"))),
    "cut": fault(cut_steps),
    "cutall": fault(lambda self, data: self.serve_blob(data, self.knob)),
    "cutnorange": fault(no_range),
    "cutallnorange": fault(lambda self, data: self.serve_blob(data, self.knob, ranges=False)),
    "badrange": fault(bad_range),
    "stall": fault(stall),
    "slow": fault(slow),
    "nolength": fault(no_length),
    "gone": fault(lambda self, data: self.refuse(404, "BLOB_UNKNOWN", "blob unknown to registry")),
    "forbidden": fault(lambda self, data: self.refuse(403, "DENIED", "requested access is denied")),
    "webblob": fault(lambda self, data: self.answer(200, PAGE, "text/html")),
    "m429": busy("manifests", 429, Retry_After="1"),
    "m500": busy("manifests", 500),
    "b429": busy("blobs", 429),
    "b500": busy("blobs", 500),
    "b503": busy("blobs", 503),
    "huge": manifest_fault(huge_manifest),
    "headers": manifest_fault(endless_headers),
    "encoded": manifest_fault(gzip_encoded),
    "wrongdigest": manifest_fault(
        lambda self: self.answer(200, MANIFEST, MANIFEST_TYPE, Docker_Content_Digest=digest(b"other"))),
    "otherbody": manifest_fault(lambda self: self.answer(200, MANIFEST + b" ", MANIFEST_TYPE)),
    "html": manifest_fault(lambda self: self.answer(200, PAGE, "text/html; charset=utf-8")),
    "html502": manifest_fault(lambda self: self.answer(502, PAGE, "text/html")),
    "escape": manifest_fault(lambda self: self.refuse(404, "MANIFEST_UNKNOWN", ESCAPES)),
    "unknown": manifest_fault(lambda self: self.refuse(404, "MANIFEST_UNKNOWN", "manifest unknown")),
    "bigerror": manifest_fault(lambda self: self.answer(404, b"x" * 1_000_000, "text/plain")),
    "redirect": fault(redirect(lambda self, d: f"{self.origin('other')}/v2/good/blobs/{d}")),
    "redirsame": fault(redirect(lambda self, d: f"/v2/{self.repository.replace('redirsame', 'good')}/blobs/{d}")),
    "redirplain": fault(redirect(lambda self, d: f"{self.origin('plain')}/v2/good/blobs/{d}")),
    "redirtls": fault(redirect(lambda self, d: f"{self.origin('tls_other')}/v2/good/blobs/{d}")),
    "redirloop": fault(redirect(lambda self, d: self.path)),
    "redirfile": fault(redirect(lambda self, d: "file:///etc/passwd")),
    "redirnowhere": fault(redirect(lambda self, d: None)),
    "redir401": fault(redirect(lambda self, d: f"{self.origin('other')}/v2/basic/good/blobs/{d}")),
    "tags": tags,
    "tagsaway": odd_tags(lambda self: f'<{self.origin("other")}/v2/x/tags/list>; rel="next"'),
    "tagsloop": odd_tags(lambda self: f'<{self.path}>; rel="next"'),
    "tagsbad": odd_tags(lambda self: "nonsense"),
}

AUTHORIZATION = {
    "basic": lambda self: self.has_password() or self.challenge('Basic realm="test"'),
    "bearer": lambda self: self.bearer(self.origin(self.server.name) + "/token"),
    "expire": lambda self: self.bearer(self.origin(self.server.name) + "/token-for-two"),
    "both": lambda self: self.has_token() or self.challenge(
        'Basic realm="test"', f'Bearer realm="{self.origin(self.server.name)}/token",service="a&b"'),
    "realm": lambda self: self.bearer(self.origin("other") + "/token"),
    "metadata": lambda self: self.bearer("http://169.254.169.254/latest"),
    "plainrealm": lambda self: self.bearer(self.origin("plain") + "/token"),
    "norealm": lambda self: self.challenge('Bearer service="x"'),
    "filerealm": lambda self: self.challenge('Bearer realm="file:///etc/passwd"'),
    "nonsense": lambda self: self.challenge('Bearer realm="open'),
    "never": lambda self: self.bearer(self.origin(self.server.name) + "/token-denied"),
    "bigtoken": lambda self: self.bearer(self.origin(self.server.name) + "/token-big"),
    "badtoken": lambda self: self.bearer(self.origin(self.server.name) + "/token-none"),
    "open": lambda self: True,
}


def openssl(directory, *args):
    subprocess.run(["openssl", *args], cwd=directory, check=True, capture_output=True)


def make_certificate(directory, name, subject, days="2"):
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]
    openssl(directory, "req", *key, "-subj", "/CN=" + name, "-out", f"{name}.csr")
    (directory / "extensions").write_text(f"subjectAltName={subject}\n")
    openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", days, "-extfile", "extensions", "-out", f"{name}.cert")


def make_certificates(directory):
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key"]
    openssl(directory, "req", "-x509", *key, "-subj", "/CN=test authority", "-days", "2", "-out", "ca.crt")
    make_certificate(directory, "server", "IP:127.0.0.1,DNS:localhost")
    make_certificate(directory, "wrong", "DNS:elsewhere.example")
    make_certificate(directory, "expired", "IP:127.0.0.1", days="-1")
    make_certificate(directory, "client", "DNS:client")


def tls(directory, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / f"{name}.cert", directory / f"{name}.key")
    return context


def tls_contexts(directory):
    warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, which is the point
    old = tls(directory, "server")
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    client = tls(directory, "server")
    client.verify_mode = ssl.CERT_REQUIRED
    client.load_verify_locations(directory / "ca.crt")
    return {
        "plain": None, "other": None,
        "tls": tls(directory, "server"), "tls_other": tls(directory, "server"),
        "tls_wrong": tls(directory, "wrong"), "tls_expired": tls(directory, "expired"),
        "tls_old": old, "tls_client": client,
    }


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that hangs up is no news here

    def finish_request(self, request, address):
        # The handshake belongs to the connection's own thread: one that stalls is not to stop all.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, address)


def main():
    directory = pathlib.Path(sys.argv[1])
    make_certificates(directory)
    for name, context in tls_contexts(directory).items():
        server = Server(("127.0.0.1", 0), Handler)
        server.name, server.context, server.directory = name, context, directory
        ports[name] = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(ports), flush=True)
    threading.Event().wait()


main()
