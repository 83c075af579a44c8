#!/usr/bin/env python3
"""Writes OCI image layouts that were made to do harm, one per case, for the command tests.

    layouts.py OUTDIR [--canary DIR] [--program FILE] [CASE...]

Image CASE is then `oci:OUTDIR/CASE:t`. DIR is a folder outside that nothing may touch or read, with
a file `secret` in it; FILE is a static busybox that becomes /bin/sh and the command of images that
can run. Cases and what has to become of them: the comments below.
"""
import argparse
import gzip
import hashlib
import io
import pathlib
import struct
import zlib

from oci_layout import (END, INDEX, TAR, Layer, Layout, as_json, digest, entry, folder, gnu_long, gz,
                        hard_link, pax, symlink, zstd)

CASES = {}
CANARY = "/nonexistent/CANARY"


def case(*names):
    def register(make):
        for name in names:
            CASES[name] = make
        return make
    return register


LOW = folder("data") + entry("data/low", "low") + END  # a layer below, for what may hide it


def one(name, make):
    CASES[name] = lambda: Layout(make())


# --- names and links: refused, or kept inside the layer -------------------------------------------

one("dotdot", lambda: entry("../../../../../../../.." + CANARY + "/pwned", "x"))
one("abs", lambda: entry("/etc/abs", "x"))  # works: /etc/abs
one("symlink-file", lambda: symlink("l", CANARY) + entry("l/pwned", "x"))
one("symlink-rel", lambda: symlink("l", "../../../../../../../.." + CANARY) + entry("l/pwned", "x"))
one("symlink-over-file", lambda: symlink("l", CANARY + "/secret") + entry("l", "mine"))  # works
one("mkdir-thru-link", lambda: symlink("l", CANARY) + folder("l/pwned") + entry("l/pwned/x", "x"))
one("flip", lambda: folder("d") + entry("d/a", "1") + symlink("d", CANARY) + entry("d/pwned", "x"))
one("chmod-thru-link", lambda: symlink("l", CANARY + "/secret") + hard_link("m", "l") +
    entry("l", type=b"2", link=CANARY + "/secret", mode=0o777, mtime=1))  # works: the link itself
one("root-symlink", lambda: symlink(".", CANARY) + entry("pwned", "x"))
one("root-symlink2", lambda: symlink("/.", CANARY) + entry("pwned", "x"))
one("hardlink-abs", lambda: hard_link("h", CANARY + "/secret"))
one("hardlink-rel", lambda: hard_link("h", "../../../../../../../.." + CANARY + "/secret"))
one("hardlink-via-symlink", lambda: symlink("l", CANARY) + hard_link("h", "l/secret"))
one("hardlink-ok-absname", lambda: entry("bin/a", "x") + hard_link("bin/b", "/bin/a"))  # works
one("varrun", lambda: folder("run") + folder("var") + symlink("var/run", "/run") +
    entry("var/run/pid", "1"))  # works
one("implied", lambda: entry("a/b/c", "x"))  # works
one("dups", lambda: entry("a", "1") + entry("a", "2") + entry("b/c", "") + entry("b", "file"))


@case("symlink-2layer")
def symlink_in_the_layer_below():
    return Layout(symlink("l", CANARY), entry("l/pwned", "x"))


@case("hardlink-lower")
def hard_link_to_the_layer_below():
    return Layout(LOW, hard_link("h", "data/low"))  # refused: the layer does not have it


# --- whiteouts: refused, but for the ordered ones -------------------------------------------------

one("wh-dotdot", lambda: entry(".wh..."))
one("wh-dot", lambda: entry(".wh.."))
one("wh-empty", lambda: entry(".wh."))
one("wh-slash", lambda: entry(".wh.a/../../x"))
one("wh-thru-link", lambda: symlink("l", CANARY) + entry("l/.wh.secret"))
one("opq-thru-link", lambda: symlink("l", CANARY) + entry("l/.wh..wh..opq"))
one("wh-before", lambda: entry("a/.wh..wh..opq") + entry("a/.wh.b") + entry("a/b", "mine"))  # works
one("wh-behind", lambda: entry("a/b", "mine") + entry("a/.wh..wh..opq") + entry("a/.wh.b"))  # works


# --- kinds, modes, attributes ---------------------------------------------------------------------

one("devnodes", lambda: entry("dev/null", type=b"3", device=(1, 3)) +
    entry("sda", type=b"4", device=(8, 0)))  # works: left out


@case("chr00")
def device_zero():
    return Layout(LOW, entry("data/low", type=b"3"))  # works: /data/low is still there


@case("setuid")
def setuid():
    return Layout(entry("bin/su", "x", mode=0o4755), base=True)


@case("xattrs")
def attributes():
    capability = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
    top = pax(("SCHILY.xattr.security.capability", capability)) + entry("bin/cap", "x", mode=0o755)
    for name, where in (("user.overlay.opaque", "data"), ("trusted.overlay.opaque", "data"),
                        ("user.overlay.redirect", "tmp/r"), ("user.containers.override_stat", "f"),
                        ("security.selinux", "g"), ("user.mine", "h")):
        top += pax(("SCHILY.xattr." + name, "y")) + folder(where)
    return Layout(LOW, top)  # works: only capability and user.mine are on disk


# --- numbers and headers: refused -----------------------------------------------------------------

one("neg-size", lambda: entry("f", size=b"\xff" * 12))
one("huge-size", lambda: entry("f", size=b"\x80\0\0\0\x7f" + b"\xff" * 7))
one("mtime", lambda: pax(("mtime", "1e20")) + entry("f"))
one("bigid", lambda: pax(("uid", "4294967295")) + entry("f"))
one("unmapped-id", lambda: pax(("uid", "4000000000")) + entry("f"))
one("pax-huge", lambda: pax(("comment", "x" * (8 << 20))) + entry("f"))
one("pax-nul", lambda: pax(("path", b"a\0b")) + entry("f"))
one("pax-len-lie", lambda: entry("x", b"99 path=evil\n", type=b"x") + entry("f"))
one("gnu-longname", lambda: gnu_long("n" * 5000) + entry("f"))
one("path4097", lambda: pax(("path", "/".join(["n" * 99] * 41)[:4097])) + entry("f"))
one("name255", lambda: pax(("path", "n" * 255)) + entry("f"))  # works
one("name256", lambda: pax(("path", "n" * 256)) + entry("f"))
one("global-path", lambda: pax(("path", "evil"), type=b"g") + entry("f"))  # works: f
one("ctrlname", lambda: entry(b"\x1b]0;title\x07") + entry(b"a\nb") + entry(b"\xff"))  # works
one("nfc-nfd", lambda: entry(b"\xc3\xa9") + entry(b"e\xcc\x81"))  # works: two files
one("bad-checksum", lambda: entry("f", damage=[(0, b"g")]))
one("no-end", lambda: entry("f", "x"))  # works
one("trailing", lambda: entry("f", "x") + END + b"trailing" * 100)  # works
one("truncated", lambda: entry("f", "x" * 5000)[:2000])


@case("pax-size-desync")
def two_sizes():
    inner = entry("smuggled", "x")
    return Layout(pax(("size", str(len(inner)))) + entry("outer", inner, size=0) + entry("last"))


@case("sparse1")
def many_holes():
    sparse_map = b"200000\n" + b"".join(b"%d\n1\n" % (2 * i) for i in range(200000))
    sparse_map += bytes(-len(sparse_map) % 512)
    return Layout(pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                      ("GNU.sparse.realsize", "400000")) + entry("f", sparse_map))


# --- compression ----------------------------------------------------------------------------------

def compressed(name, make, media_type=TAR + "+gzip"):
    tar = entry("f", "x" * 1000) + END
    CASES[name] = lambda: Layout(Layer(tar, make(tar), media_type))


compressed("gz-multi", lambda tar: gz(tar[:700]) + gz(tar[700:]))  # works
compressed("gz-trailing", lambda tar: gz(tar) + b"junk behind the end")
compressed("gz-badcrc", lambda tar: gz(tar)[:-8] + struct.pack("<I", zlib.crc32(tar) ^ 1) +
           gz(tar)[-4:])
compressed("gz-trunc", lambda tar: gz(tar)[:-20])
compressed("mislabel", gz, TAR)  # works, as do the next two: the first bytes decide
compressed("mislabel-zstd", zstd, TAR + "+gzip")
compressed("mislabel-plain", lambda tar: tar)
compressed("zstd", zstd, TAR + "+zstd")  # works
compressed("xz", lambda tar: b"\xfd7zXZ\0" + tar, TAR + "+xz")
compressed("zstd-window31", lambda tar: zstd(tar, bytes([21 << 3])), TAR + "+zstd")


@case("gz-bomb")
def gigabytes_of_nothing():
    size = 1 << 30
    header = entry("zeros", size=size)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as stream:
        hashed = hashlib.sha256()
        for piece in [header] + [bytes(1 << 20)] * (size >> 20) + [END]:
            stream.write(piece)
            hashed.update(piece)
    return Layout(Layer(b"", out.getvalue(), diff_id="sha256:" + hashed.hexdigest()))


# --- many and deep --------------------------------------------------------------------------------

one("dir10k", lambda: b"".join(entry("d/%d" % i) for i in range(10000)))  # works, in a second
one("deep", lambda: pax(("path", "d/" * 1023 + "f")) + entry("f"))  # works
one("deeper", lambda: pax(("path", "d/" * 1024 + "f")) + entry("f"))
one("hardlinks", lambda: entry("f", "x" * 100000) +
    b"".join(hard_link("l%d" % i, "f") for i in range(20000)))  # works, and takes the space of one


@case("layers128", "layers500", "layers501")  # works; works; refused
def many_layers(count):
    return Layout(*[entry("f%d" % i, str(i)) + END for i in range(1, count)], base=True)


# --- accounts -------------------------------------------------------------------------------------

@case("fifo-passwd")
def fifo_passwd():
    return Layout(entry("etc/passwd", type=b"6"), base=True, config={"User": "bob"})


@case("link-passwd-zero")
def endless_passwd():
    return Layout(symlink("etc/passwd", "/dev/zero"), base=True, config={"User": "bob"})


@case("big-passwd")
def large_passwd():
    return Layout(entry("etc/passwd", b"x:x:1:1::/:/x\n" * (2 << 20)), base=True,
                  config={"User": "bob"})


USERS = {"user-wrap": "4294967296", "user-big": "99999999999999999999999", "user-neg": "-1",
         "user-minus1": "4294967295", "user-sp": " 1", "user-hex": "0x1", "user-grp": "1:4294967296",
         "user-name": "nobody-here", "user-colon": "1:"}


def configured(name, **config):
    CASES[name] = lambda: Layout(base=True, config=config)


for name, user in USERS.items():
    passwd = entry("etc/passwd", "root:x:0:0::/:/x\n99999999999999999999999:x:0:0::/:/x\n")
    CASES[name] = lambda user=user, passwd=passwd: Layout(passwd, base=True, config={"User": user})


# --- configurations -------------------------------------------------------------------------------

configured("env-nokey", Env=["SECRET_TOKEN", "*", "PATH=/bin"])
configured("env-nul", Env=["A=b\0c", "D=e\nf"])
configured("cmd-empty", Cmd=[])
configured("entrypoint-empty", Entrypoint=[""], Cmd=None)
configured("stop-signal", StopSignal="999")
configured("workdir-fd", WorkingDir="/proc/self/fd/7")
configured("workdir-rel", WorkingDir="../../../../../../../.." + "/wd/sub")
configured("rt-exec-magic", Entrypoint=["/proc/self/exe"])
configured("volumes-trav", Volumes={"/../../etc": {}, "/": {}, "": {}, "/proc": {}, "/dev": {}})
configured("ports-bad", ExposedPorts={"80/tcp": {}, "0/tcp": {}, "70000/tcp": {}, "x/y": {},
                                      "-1": {}, "53/udp": {}, "1-99999/tcp": {}})
configured("labels", Labels={"run.oci.hooks.stderr": "/pwned", "io.podman.annotations.init": "x",
                             "org.systemd.property.Delegate": "yes"})


@case("workdir-link")
def workdir_behind_a_link():
    return Layout(symlink("wd", CANARY), base=True, config={"WorkingDir": "/wd/sub"})


@case("esc-config")
def escapes():
    evil = "\x1b]0;pwned\x07\x1b[2J\u202e\x9b1m"
    layout = Layout(base=True, config={"Labels": {evil: evil}, "Cmd": ["/bin/sh", "-c", "true", evil]})
    layout.config.update({"author": evil, "history": [{"created_by": evil, "comment": evil}]})
    return layout


# --- what a container's first process meets -------------------------------------------------------

def prepared(name, make):
    CASES[name] = lambda: Layout(make(), base=True)


prepared("rt-proc-link", lambda: symlink("proc", CANARY))
prepared("rt-sys-link", lambda: symlink("sys", CANARY))
prepared("rt-dev-link", lambda: symlink("dev", CANARY))
prepared("rt-devnull", lambda: folder("dev") + symlink("dev/null", "/proc/sys/kernel/core_pattern") +
         symlink("dev/pts", CANARY) + symlink("dev/console", CANARY + "/secret"))
prepared("rt-run-link", lambda: symlink("run", CANARY))
prepared("rt-etc-link", lambda: symlink("etc", CANARY))
prepared("rt-etcfiles", lambda: folder("etc") + b"".join(
    symlink("etc/" + name, CANARY + "/" + name)
    for name in ("hosts", "hostname", "resolv.conf", "mtab", "passwd", "group", "localtime")))


# --- documents: refused ---------------------------------------------------------------------------

def altered(name, alter):
    def make():
        layout = Layout(entry("f", "x") + END, entry("g", "y") + END)
        alter(layout)
        return layout
    CASES[name] = make


def set_layer(key, value):
    def alter(layout):
        layer = layout.manifest["layers"][0]
        layer[key] = value(layer[key])
    return alter


def set_digest(value):
    return set_layer("digest", lambda _: value)


altered("bad-size", set_layer("size", lambda size: size + 1))
altered("neg-desc-size", set_layer("size", lambda _: -1))
altered("wrong-mediatype", lambda layout: layout.manifest.update(mediaType=INDEX))
altered("confused", lambda layout: layout.manifest.update(manifests=[]))
altered("bad-diffid", lambda layout: layout.config["rootfs"]["diff_ids"].reverse())
altered("layer-count-mismatch",
        lambda layout: layout.config["rootfs"]["diff_ids"].append("sha256:" + "0" * 64))
altered("digest-trav", set_digest("sha256:../../../index.json"))
altered("digest-upper", set_layer("digest", lambda text: "sha256:" + text[7:].upper()))
altered("digest-short", set_layer("digest", lambda text: text[:-1]))
altered("digest-md5", set_digest("md5:" + "0" * 32))
altered("digest-empty", set_digest(""))
altered("digest-nocolon", set_layer("digest", lambda text: text[7:]))


@case("corrupt-blob")
def corrupt_blob():
    layout = Layout(entry("f", "x") + END)
    blob = layout.layers[0].blob
    layout.damaged[digest(blob)] = blob[:-1] + bytes([blob[-1] ^ 1])
    return layout


def rewritten(name, rewrite):
    def make():
        layout = Layout(entry("f", "x") + END, entry("g", "y") + END)
        layout.manifest_text = rewrite
        return layout
    CASES[name] = make


rewritten("dupkeys", lambda manifest: as_json(manifest)[:-1] + b',"layers":[]}')
rewritten("casekeys", lambda manifest: as_json(manifest)[:-1] + b',"Layers":[]}')  # works: 2 layers
rewritten("trailing-json", lambda manifest: as_json(manifest) + b"{}")
rewritten("deep-json", lambda manifest: as_json(manifest)[:-1] + b',"annotations":' +
          b"[" * 200000 + b"]" * 200000 + b"}")
rewritten("huge-manifest", lambda manifest: as_json(manifest)[:-1] + b" " * (5 << 20) + b"}")


@case("huge-config")
def huge_config():
    layout = Layout(entry("f", "x") + END)
    layout.config_text = as_json(layout.config)[:-1] + b" " * (5 << 20) + b"}"
    return layout


def main():
    global CANARY
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--canary", default=CANARY)
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    CANARY = options.canary
    if options.program:
        Layout.program = options.program.read_bytes()
    for name in options.cases or CASES:
        make = CASES[name]
        counted = make is many_layers
        (make(int(name[len("layers"):])) if counted else make()).write(options.outdir / name)


main()
