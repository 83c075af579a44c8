#!/usr/bin/env python3
"""Runs a command on a terminal of its own, plays what a person does there, and shows what it shows.

usage: terminal.py [STEP...] -- COMMAND [ARGUMENT...]

  size:ROWSxCOLUMNS  what the terminal measures from now on (24x80 at first)
  expect:TEXT        waits until TEXT has appeared, behind what was expected before
  send:TEXT          types TEXT, with Python's escapes: \\r, \\x03
  signal:NAME        sends the command a signal
  hangup             closes the terminal

Its status is the command's, or 99 where something never came. A terminal that the command leaves in
another mode than it found is told of on a last line.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE = 30


class Terminal:
    def __init__(self, command):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen, self.searched = b"", 0
        self.resize("24x80")
        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                        start_new_session=True, preexec_fn=self.control)

    def control(self):
        """Makes it the controlling terminal, whose keys send signals: tty_ioctl(4)."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def resize(self, text):
        rows, columns = map(int, text.split("x"))
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        """What there is now, or within 50 ms."""
        if select.select([self.master], [], [], 0.05)[0]:
            self.seen += os.read(self.master, 65536)
            return True
        return False

    def expect(self, text):
        wanted, end = text.encode(), time.monotonic() + PATIENCE
        while (at := self.seen.find(wanted, self.searched)) < 0:
            self.read()
            if time.monotonic() > end:
                self.give_up(f"never came: {text!r}")
        self.searched = at + len(wanted)

    def play(self, step):
        kind, _, text = step.partition(":")
        if kind == "size":
            self.resize(text)
        elif kind == "expect":
            self.expect(text)
        elif kind == "send":
            os.write(self.master, text.encode().decode("unicode_escape").encode("latin-1"))
        elif kind == "signal":
            self.process.send_signal(getattr(signal, text))
        else:
            self.give_up(f"unknown step {step!r}")

    def hang_up(self):
        os.close(self.slave)
        os.close(self.master)
        return self.status()

    def finish(self):
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self.read()
            if time.monotonic() > end:
                self.give_up("never ended")
        while self.read():
            pass
        self.show()
        if termios.tcgetattr(self.slave) != self.before:
            print("the terminal is not as it was")
        return self.status()

    def status(self):
        code = self.process.wait(PATIENCE)
        return code if code >= 0 else 128 - code

    def show(self):
        sys.stdout.write(self.seen.decode(errors="replace").replace("\r\n", "\n"))
        sys.stdout.flush()

    def give_up(self, why):
        self.show()
        print(f"\n{why}")
        self.process.kill()
        sys.exit(99)


end = sys.argv.index("--")
terminal = Terminal(sys.argv[end + 1:])
steps = sys.argv[1:end]
for step in steps:
    if step == "hangup":
        sys.exit(terminal.hang_up())
    terminal.play(step)
sys.exit(terminal.finish())
