"""Tries, from inside a container, system calls that reach for more than it has been given.

    probe.py PID

PID is a process that it has no business with. Prints a line for each call: its name, and the name
of the errno that it got, or "allowed". The numbers are those of x86_64.
"""
import ctypes
import errno
import struct
import sys

outsider = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(8)
one_word = struct.pack("QQ", ctypes.addressof(buffer), 8)  # an iovec
HIGH_BIT = 1 << 32  # the kernel takes an int where a filter sees 64 bits
X32 = 0x40000000
NEW_USER, NEW_NET, NEW_NS = 0x10000000, 0x40000000, 0x00020000
AF_ALG, AF_VSOCK = 38, 40
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423

CALLS = {
    "mount": (165, b"none", b"/mnt", b"tmpfs", 0, 0),
    "umount": (166, b"/proc", 2),
    "pivot_root": (155, b"/", b"/"),
    "fsopen": (430, b"tmpfs", 0),
    "open_tree": (428, -100, b"/", 1),
    "move_mount": (429, -100, b"/", -100, b"/mnt", 0),
    "mount_setattr": (442, -100, b"/", 0, 0, 0),
    "unshare user": (272, NEW_USER),
    "unshare user, high": (272, NEW_USER | HIGH_BIT),
    "unshare mount": (272, NEW_NS),
    "unshare net": (272, NEW_NET),
    "clone user": (56, NEW_USER | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "setns": (308, 0, 0),
    "keyctl": (250, 0, -3, 1),
    "add_key": (248, b"user", b"sbx-probe", b"x", 1, -4),
    "request_key": (249, b"user", b"sbx-probe", 0, -4),
    "bpf": (321, 5, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 0),
    "io_uring_setup": (425, 1, 0),
    "open_by_handle_at": (304, -100, 0, 0),
    "name_to_handle_at": (303, -100, b"/", 0, 0, 0),
    "init_module": (175, 0, 0, b""),
    "finit_module": (313, 0, b"", 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "reboot": (169, 0xFEE1DEAD, 672274793, 0, 0),
    "syslog": (103, 10, 0, 0),
    "acct": (163, b"/acct"),
    "quotactl": (179, 0x80000100, 0, 0, 0),
    "swapon": (167, b"/swap", 0),
    "settimeofday": (164, b"\0" * 16, 0),
    "clock_settime": (227, 0, b"\0" * 16),
    "adjtimex": (159, b"\1" + b"\0" * 207),
    "sethostname": (170, b"x", 1),
    "vhangup": (153,),
    "iopl": (172, 3),
    "ioperm": (173, 0, 1, 1),
    "modify_ldt": (154, 0, 0, 0),
    "fanotify_init": (300, 0, 0),
    "lookup_dcookie": (212, 0, 0, 0),
    "nfsservctl": (180, 0, 0, 0),
    "kcmp": (312, 1, 1, 0, 0, 0),
    "ptrace": (101, 16, outsider, 0, 0),
    "process_vm_readv": (310, outsider, one_word, 1, one_word, 1, 0),
    "pidfd_getfd": (438, 0, 0, 0),
    "move_pages": (279, 0, 0, 0, 0, 0, 0),
    "personality": (135, 0x0040000),
    "mknod device": (133, b"/device", 0o020666, 0x101),
    "x32 getpid": (X32 | 39,),
    "socket alg": (41, AF_ALG, 5, 0),
    "socket alg, high": (41, AF_ALG | HIGH_BIT, 5, 0),
    "socket vsock": (41, AF_VSOCK, 1, 0),
    "tiocsti": (16, 0, TIOCSTI, b"x"),
    "tiocsti, high": (16, 0, TIOCSTI | HIGH_BIT, b"x"),
    "tioclinux": (16, 0, TIOCLINUX, b"\3"),
    "no such call": (1000,),
}


def attempt(number, *arguments):
    ctypes.set_errno(0)
    wide = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *wide)
    return errno.errorcode[ctypes.get_errno()] if result == -1 else "allowed"


for name, call in CALLS.items():
    print(name + ":", attempt(*call), flush=True)
