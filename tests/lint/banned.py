#!/usr/bin/env python3
"""Checks src/ for what has a better way here: each ban says why, and what to write instead."""
import pathlib
import re
import sys

SRC = pathlib.Path(sys.argv[1]) / "src"

# A call of the C library: ::name( or std::name( or name(, but no member and no other namespace's.
CALL = r"(?<![\w.>:])(?:std::|::)?(?:{})\s*\("
# The same, where only the qualified form is meant: the plain one is often a function of our own.
SYSTEM_CALL = r"(?<![\w>])::(?:{})\s*\("

SURVIVES = "gives a descriptor that survives execve"
SHARED_NSS = "loads shared NSS modules into a static program"
LEAKS = "where it returns, GCC 12 leaks what the members before it made"
PREFIX = "takes a prefix for the whole, and wraps or throws"

BANS = [
    # what, why, what instead, where it is allowed
    (CALL.format("system|popen"), "runs a shell", "os::start", []),
    (CALL.format("exit"), "runs the destructors of a half-made program",
     "a returned Error, or ::_exit in a child", ["main.cc"]),
    (CALL.format("dup"), SURVIVES, "os::duplicate", []),
    (CALL.format("creat|fopen|freopen|tmpfile|mkstemp|opendir"), "opens without O_CLOEXEC",
     "os::read_file, os::write_atomic, os::names_in", []),
    (r"\bF_DUPFD\b", SURVIVES, "F_DUPFD_CLOEXEC", []),
    (SYSTEM_CALL.format("pipe|accept|epoll_create|inotify_init"), SURVIVES,
     "pipe2, accept4, epoll_create1, inotify_init1", []),
    (CALL.format(r"atoi|atol|atoll|atof|strto\w+|sscanf"), PREFIX,
     "parse_number, parse_size (base/text.h)", []),
    (r"\bstd::sto(?:i|l|ul|ll|ull|f|d|ld)\b", PREFIX, "parse_number, parse_size (base/text.h)", []),
    (CALL.format("sprintf|vsprintf|strcpy|strcat|gets"), "writes past the end", "fmt::format", []),
    (CALL.format("rand|srand|random|srandom"), "can be guessed",
     "os::random_hex, os::random_below", []),
    (CALL.format(r"getpw\w+|getgr(?:nam|gid|ent)\w*|initgroups"), SHARED_NSS,
     "os::find_user, os::find_group, os::groups_of", []),
    (CALL.format(r"getaddrinfo|gethostby\w+"), SHARED_NSS, "the resolver of registry/http.cc", []),
    (CALL.format("setlocale"), "changes how numbers are read", 'the locale "C", which it is', []),
    (r"\bstd::filesystem\b", 'joins "/root" and "/etc" to "/etc", and races',
     "os::Root, os/file.h, os/tree.h", []),
    (r"\bstd::(?:regex|smatch|cmatch)\b", "recurses as deep as its input is long",
     "split, halves, or a small parser", []),
    (r"\bstd::(?:thread|jthread|mutex|async|future|condition_variable)\b",
     "a process with threads may not clone and go on", "os::spawn, os::Poll", []),
    (r"\bstd::(?:cout|cerr|cin|[io]?fstream|[io]?stringstream)\b", "cannot fail visibly",
     "fmt::format, log::debug, os/file.h", []),
    (SYSTEM_CALL.format("mount|umount2?|mkdir|mknod|mkfifo|symlink|link|rename|unlink|rmdir|chmod|"
                        "chown|lchown|truncate|chdir|chroot"),
     "acts on whatever the links in a path lead to",
     "os::Root, os/file.h, os/mount.h: by descriptor", ["os/"]),
]

# Calls that have to name a flag.
CLOSED_ON_EXEC = {
    "open": "O_CLOEXEC", "openat": "O_CLOEXEC", "pipe2": "O_CLOEXEC", "socket": "SOCK_CLOEXEC",
    "socketpair": "SOCK_CLOEXEC", "accept4": "SOCK_CLOEXEC", "memfd_create": "MFD_CLOEXEC",
    "signalfd": "SFD_CLOEXEC", "eventfd": "EFD_CLOEXEC", "timerfd_create": "TFD_CLOEXEC",
    "epoll_create1": "EPOLL_CLOEXEC", "inotify_init1": "IN_CLOEXEC", "fsopen": "FSOPEN_CLOEXEC",
    "fsmount": "FSMOUNT_CLOEXEC",
}


def code_of(text):
    """`text` with its comments and literals blanked out, of the same length and lines."""
    comments = r"//[^\n]*|/\*.*?\*/"
    strings = r'R"\(.*?\)"|"(?:\\.|[^"\\\n])*"'
    characters = r"(?<![\w'])'(?:\\.|[^'\\\n])+'"  # and not the ' in 1'000
    parts = f"{comments}|{strings}|{characters}"
    return re.sub(parts, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.S)


def arguments_at(code, start):
    """What is between the parenthesis that opens at `start` and the one that closes it."""
    depth = 0
    for at in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return code[start:at]
    return code[start:]


def later_members(code):
    """Where a member after the first of an initializer list begins, and its initializer."""
    for first in re.finditer(r"\{\s*\.\w+\s*=", code):
        depth, member, members = 0, first.start() + 1, 0
        for at in range(first.start(), len(code)):
            depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(code[at], 0)
            if depth == 0 or (depth == 1 and code[at] == ","):
                if members > 0:
                    yield member, code[member:at]
                member, members = at + 1, members + 1
            if depth == 0:
                break


problems = []
for path in sorted(SRC.rglob("*.[hc]*")):
    name = path.relative_to(SRC).as_posix()
    code = code_of(path.read_text())

    def report(at, what, why, instead):
        line = code.count("\n", 0, at) + 1
        problems.append(f"src/{name}:{line}: {what}: {why}; use {instead}")

    for pattern, why, instead, allowed in BANS:
        if not any(name.startswith(place) for place in allowed):
            for match in re.finditer(pattern, code):
                report(match.start(), match[0].rstrip("( \n"), why, instead)
    for match in re.finditer(rf"(?<![\w>])::({'|'.join(CLOSED_ON_EXEC)})\s*\(", code):
        arguments = arguments_at(code, match.end() - 1)
        if CLOSED_ON_EXEC[match[1]] not in arguments and name != "main.cc":  # it opens fds 0 to 2
            report(match.start(), f"::{match[1]}", SURVIVES, CLOSED_ON_EXEC[match[1]])
        if match[1] == "open" and "O_CREAT" in arguments and not name.startswith("os/"):
            report(match.start(), "::open with O_CREAT",
                   "makes a file wherever the links in a path lead", "os::write_atomic, os::Root")
    for start, initializer in later_members(code):
        if tried := re.search(r"\bTRY\(", initializer):
            report(start + tried.start(), "TRY in a member after the first", LEAKS,
                   "an assignment after the list, or a name before it")
print("\n".join(problems) or "nothing banned is used")
sys.exit(bool(problems))
