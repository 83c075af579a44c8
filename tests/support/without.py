#!/usr/bin/env python3
"""Runs a command on a kernel that seems to lack a system call: it fails with ENOSYS.

usage: without.py CALL COMMAND...

As root: only with CAP_SYS_ADMIN is a filter taken without no_new_privs, with which newuidmap would
have no rights. seccomp(2)
"""
import ctypes
import ctypes.util
import os
import struct
import sys

LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_AT = 0  # in struct seccomp_data
SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO = 0x7FFF0000, 0x00050000
ENOSYS = 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


def number_of(call):
    library = ctypes.CDLL(ctypes.util.find_library("seccomp") or "libseccomp.so.2")
    number = library.seccomp_syscall_resolve_name(call.encode())
    if number < 0:
        sys.exit(f"there is no system call {call}")
    return number


def refuse(number):
    steps = [(LOAD, 0, 0, NUMBER_AT), (JUMP_IF_EQUAL, 0, 1, number),
             (RETURN, 0, 0, SECCOMP_RET_ERRNO | ENOSYS), (RETURN, 0, 0, SECCOMP_RET_ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) != 0:
        sys.exit(f"cannot filter: {os.strerror(ctypes.get_errno())}")


refuse(number_of(sys.argv[1]))
os.execvp(sys.argv[2], sys.argv[2:])
