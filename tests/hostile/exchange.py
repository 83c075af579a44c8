"""Swaps two names, as fast as it can, until it is killed or their folder is gone: exchange.py A B"""
import ctypes
import os
import sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None)
a, b = (os.fsencode(name) for name in sys.argv[1:])
while libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0 or \
        os.path.isdir(os.path.dirname(a)):
    pass
