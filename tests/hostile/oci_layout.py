"""Tar archives, compressed data and OCI image layouts, well-formed or not."""
import gzip
import hashlib
import json
import struct

TAR = "application/vnd.oci.image.layer.v1.tar"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


# --- tar, by hand: tarfile would not write most of what follows -----------------------------------

def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def entry(name, data=b"", *, type=b"0", link=b"", mode=0o644, uid=0, gid=0, mtime=1000000000,
          size=None, device=(0, 0), patch=(), damage=()):
    name, link, data = as_bytes(name), as_bytes(link), as_bytes(data)
    block = bytearray(512)

    def put(at, value):
        block[at:at + len(value)] = value
    put(0, name[:100])
    put(100, octal(mode, 8))
    put(108, octal(uid, 8))
    put(116, octal(gid, 8))
    put(124, size if isinstance(size, bytes) else octal(len(data) if size is None else size, 12))
    put(136, octal(mtime, 12))
    put(156, type)
    put(157, link[:100])
    put(257, b"ustar\x0000")
    put(329, octal(device[0], 8))
    put(337, octal(device[1], 8))
    for at, value in patch:
        put(at, value)
    put(148, b" " * 8)
    put(148, b"%06o\0 " % sum(block))
    for at, value in damage:
        put(at, value)
    return bytes(block) + data + bytes(-len(data) % 512)


def as_bytes(value):
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def folder(name, mode=0o755):
    return entry(name, type=b"5", mode=mode)


def symlink(name, target):
    return entry(name, type=b"2", link=target, mode=0o777)


def hard_link(name, target):
    return entry(name, type=b"1", link=target)


def record(key, value):
    key, value = as_bytes(key), as_bytes(value)
    length = len(key) + len(value) + 3
    while length != len(key) + len(value) + 3 + len(str(length)):
        length = len(key) + len(value) + 3 + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def pax(*records, type=b"x"):
    return entry("PaxHeaders/x", b"".join(record(k, v) for k, v in records), type=type)


def gnu_long(name, type=b"L"):
    return entry("././@LongLink", as_bytes(name) + b"\0", type=type,
                 patch=[(257, b"ustar  \0")])


END = bytes(1024)


# --- compression ----------------------------------------------------------------------------------

def gz(data):
    return gzip.compress(data, 6, mtime=0)


def zstd_frame(blocks, window=b"\x38"):
    """Blocks are (type, size, bytes): RFC 8878 3.1.1.2."""
    out = b"\x28\xb5\x2f\xfd\x00" + window
    for number, (kind, size, data) in enumerate(blocks):
        last = number == len(blocks) - 1
        out += struct.pack("<I", last | kind << 1 | size << 3)[:3] + data
    return out


def zstd(data, window=b"\x38"):
    step = 128 * 1024
    parts = [data[at:at + step] for at in range(0, len(data), step)]
    return zstd_frame([(0, len(part), part) for part in parts], window)


# --- layouts --------------------------------------------------------------------------------------

class Layer:
    def __init__(self, tar, blob=None, media_type=TAR + "+gzip", diff_id=None):
        self.blob = gz(tar) if blob is None else blob
        self.media_type = media_type
        self.diff_id = diff_id or digest(tar)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def as_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


class Layout:
    """An image, and a place to change each of its documents before it is written."""

    program = b""  # a static busybox: of images that can run, the one file and the command

    def __init__(self, *layers, config=None, base=False):
        tars = [layer if isinstance(layer, Layer) else Layer(layer) for layer in layers]
        if base:
            tars.insert(0, Layer(folder("bin") + entry("bin/sh", self.program, mode=0o755) + END))
        self.layers = tars
        self.config = {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/sh"]},
                       "rootfs": {"type": "layers", "diff_ids": [t.diff_id for t in tars]}}
        self.config["config"].update(config or {})
        self.manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                         "config": None,
                         "layers": [self.describe(t.media_type, t.blob) for t in tars]}
        self.config_text = None    # in place of the config as JSON
        self.manifest_text = None  # a function of the manifest: in place of it as JSON
        self.index = lambda index: index
        self.damaged = {}          # digest -> bytes that are stored under it

    @staticmethod
    def describe(media_type, data):
        return {"mediaType": media_type, "digest": digest(data), "size": len(data)}

    def write(self, path):
        blobs = path / "blobs" / "sha256"
        blobs.mkdir(parents=True, exist_ok=True)

        def store(data):
            name = digest(data)
            (blobs / name[7:]).write_bytes(self.damaged.get(name, data))
        for layer in self.layers:
            store(layer.blob)
        config = self.config_text or as_json(self.config)
        store(config)
        if self.manifest["config"] is None:
            self.manifest["config"] = self.describe(CONFIG, config)
        manifest = (self.manifest_text or as_json)(self.manifest)
        store(manifest)
        descriptor = self.describe(MANIFEST, manifest)
        descriptor["annotations"] = {"org.opencontainers.image.ref.name": "t"}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor]}
        (path / "index.json").write_bytes(as_json(self.index(index)))
        (path / "oci-layout").write_bytes(b'{"imageLayoutVersion":"1.0.0"}')
