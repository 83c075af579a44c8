"""Tries, from inside a container, to get at a process that is on its way into it.

    intrude.py SECONDS

Looks at every new process by /proc, as fast as it can: its memory, its descriptors, where it is and
what it sees. /out/ready is there when it looks; /out/report says "seen PID" for each of another
program than those of the container, "inside HOW" for what could be had of one, and at last "done".
"""
import os
import sys
import time

report = open("/out/report", "w", buffering=1)
spared = {os.getpid(), 1}
end = time.monotonic() + int(sys.argv[1])
own = {os.stat(name).st_ino for name in ("/bin/busybox", "/proc/self/exe")}


def is_of_the_container(pid):
    """Whether it runs a program of the container's by now, so that all of it is the container's."""
    try:
        return os.stat(f"/proc/{pid}/exe").st_ino in own
    except OSError:
        return False  # nobody may look


def has_ended(pid):
    """Or is about to: PF_EXITING, after which its program cannot be told any more; proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            state = stat.read().rpartition(")")[2].split()
            return state[0] in "ZX" or int(state[6]) & 4 != 0
    except OSError:
        return True


def had(path, look):
    try:
        return look(path)
    except OSError:
        return None


def memory(path):
    os.close(os.open(path, os.O_RDWR))
    return True


ATTEMPTS = {"mem": memory, "fd": os.listdir, "environ": lambda path: open(path, "rb").read(1),
            "cwd": os.listdir, "root": os.listdir, "maps": lambda path: open(path, "rb").read(1),
            "exe": lambda path: os.open(path, os.O_RDONLY)}


def look_at(pid):
    if is_of_the_container(pid):
        return
    print("seen", pid, file=report)
    for name, look in ATTEMPTS.items():
        got = had(f"/proc/{pid}/{name}", look)
        # It may have become the program meanwhile, or have ended.
        if got and not is_of_the_container(pid) and not has_ended(pid):
            print("inside", name, file=report)


open("/out/ready", "w").close()
while time.monotonic() < end:
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in spared:
            look_at(int(name))
print("done", file=report)
