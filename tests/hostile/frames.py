"""Frames that a member of a network must not get through, sent from within it: frames.py KIND ARGUMENT...

It wants CAP_NET_RAW, and a device eth0 with an address of IPv4.
"""
import random
import socket
import struct
import sys

raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("eth0", 0x0003))
mac = raw.getsockname()[4]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(source, target, payload, protocol=17):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 7, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(target))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def udp(payload, port=7000, source_port=4000):
    return struct.pack("!HHHH", source_port, port, 8 + len(payload), 0) + payload


def frame(payload, target=b"\xff" * 6, source=mac, kind=0x0800):
    return target + source + struct.pack("!H", kind) + payload


def arp(operation, sender_mac, sender, target_mac, target):
    return struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, operation, sender_mac,
                       socket.inet_aton(sender), target_mac, socket.inet_aton(target))


def spoof(own, victim, gateway):
    """In the name of the gateway, of another address, of another device; answers that nobody asked for."""
    for source in (gateway, victim, "10.89.0.99", "127.0.0.1"):
        raw.send(frame(ip(source, victim, udp(b"forged " + source.encode()))))
    raw.send(frame(ip(own, victim, udp(b"forged device")), source=b"\x02\x42\x0a\x59\x00\x63"))
    for operation in (1, 2):
        for target in (b"\xff" * 6, b"\x02\x42" + socket.inet_aton(victim)):
            raw.send(frame(arp(operation, mac, gateway, target, victim), target, kind=0x0806))
            raw.send(frame(arp(operation, mac, gateway, target, gateway), target, kind=0x0806))
    raw.send(frame(ip(own, victim, udp(b"honest"))))


def reach(own, *targets):
    """Elsewhere, whatever the routes say."""
    for target in targets:
        for hardware in (b"\xff" * 6, b"\x02\x42" + socket.inet_aton(target)):
            raw.send(frame(ip(own, target, udp(b"out")), hardware))


def garbage(own, names):
    """Whatever comes to mind, from a fixed seed; questions that are none among that."""
    dice = random.Random(7)
    for _ in range(3000):
        noise = dice.randbytes(dice.randrange(1, 200))
        raw.send(frame(noise, kind=dice.choice((0x0800, 0x0806, 0x86DD, dice.randrange(65536)))))
        raw.send(frame(ip(own, names, udp(noise, 53))))
        head = struct.pack("!HHHHHH", 7, 0x0100, dice.choice((0, 1, 1, 1, 65535)), 0, 0, 0)
        raw.send(frame(ip(own, names, udp(head + noise, 53))))
        raw.send(frame(ip(own, names, noise, dice.randrange(256))))


{"spoof": spoof, "reach": reach, "garbage": garbage}[sys.argv[1]](*sys.argv[2:])
