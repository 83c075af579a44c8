#!/usr/bin/env python3
"""Reads what kernel-tests printed on a kernel that lacks a system call, and says what is wrong with it.

usage: missed.py nothing|something <OUTPUT

nothing: sbx does without the call, and no test may fail. something: a test may fail, but only where
sbx said that a call is missing; and one has to. In both, the program came to its end.
"""
import re
import sys

SAID = re.compile("Function not implemented|ENOSYS")


def tests(text):
    """Name, whether it failed, what it printed."""
    for part in text.split("[ RUN      ] ")[1:]:
        name = part.split("\n", 1)[0]
        end = re.search(r"^\[ +(OK|FAILED|SKIPPED) +\] ", part, re.M)
        yield name, not end or end[1] != "OK", part[: end.start()] if end else part


def faults(text, expected):
    if not re.search(r"^\[=+\] \d+ tests? from .* ran\.", text, re.M):
        yield "it did not come to its end:\n" + text[-2000:]
    failed = [(name, words) for name, has_failed, words in tests(text) if has_failed]
    for name, words in failed:
        if expected == "nothing" or not SAID.search(words):
            yield f"{name} fails, not for want of the call:\n{words}"
    if expected == "something" and not failed:
        yield "no test misses it"


found = list(faults(sys.stdin.read(), sys.argv[1]))
print("\n".join(found), end="")
sys.exit(bool(found))
