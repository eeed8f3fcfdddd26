#!/usr/bin/env python3
"""The terminal UI on a pseudo-terminal: time to the first paint, bytes a key, time a keystroke, memory.

    screen.py LORARIUM DATA... [--runs N] [--words drag,neon]

DATA is a data folder with an index; DATA/first-name has the name that its first list row shows. First paints of
all of them are taken in turn, so that they can be compared.

A keystroke is timed from the key to the last byte of the frame with its answer, at 99x40: there the list has the
whole width, and no details come in between. On a busy machine run it with `chrt -r 10`, as root.
"""
import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

SIDE_BY_SIDE = 120, 40
LIST_ALONE = 99, 40


class Screen:
    def __init__(self, lorarium, data, size=SIDE_BY_SIDE):
        argv = [lorarium, "--data", data, "--config", os.path.join(data, "config.ini")]
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        env = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
        env.pop("NO_COLOR", None)
        self.start = time.perf_counter()
        self.child = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env,
                                      start_new_session=True, close_fds=True)
        os.close(slave)
        self.fd = master
        self.seen = b""
        with open(os.path.join(data, "first-name"), "rb") as name:
            self.first_name = name.read()

    def first_paint(self, limit=20.0):
        """Milliseconds from the start until the first row has been sent."""
        end = time.perf_counter() + limit
        while self.first_name not in self.seen:
            if time.perf_counter() > end:
                raise SystemExit(f"screen.py: never saw {self.first_name!r}")
            self.read(1.0)
        return (self.last - self.start) * 1000

    def read(self, wait):
        if not select.select([self.fd], [], [], wait)[0]:
            return 0
        try:
            got = os.read(self.fd, 1 << 20)
        except OSError:
            return 0
        self.last = time.perf_counter()
        self.seen += got
        return len(got)

    def settle(self, quiet):
        total = 0
        while n := self.read(quiet):
            total += n
        return total

    def key(self, keys, quiet):
        """Bytes that a key costs and milliseconds to the last of them, until `quiet` seconds of rest."""
        began = self.last = time.perf_counter()
        os.write(self.fd, keys)
        n = self.read(5.0)
        return n + self.settle(quiet), (self.last - began) * 1000

    def first_answer(self, keys):
        """Milliseconds to the first frame that is more than an echo of the keys."""
        began = time.perf_counter()
        os.write(self.fd, keys)
        while (n := self.read(5.0)) and n < 500:
            pass
        return (self.last - began) * 1000

    def memory(self):
        with open(f"/proc/{self.child.pid}/status") as status:
            kib = {line.split(":")[0]: line.split()[1] for line in status if line.startswith(("VmRSS", "VmHWM"))}
        return int(kib["VmRSS"]) / 1024, int(kib["VmHWM"]) / 1024

    def stop(self):
        try:
            os.write(self.fd, b"qqq")
            self.child.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.child.send_signal(signal.SIGKILL)
            self.child.wait()
        os.close(self.fd)


def p95(values):
    return sorted(values)[int(len(values) * 0.95)]


def spread(values, unit, note=""):
    return (f"{statistics.median(values):8.1f} {unit}   (p95 {p95(values):.1f}, min {min(values):.1f}, "
            f"max {max(values):.1f}{note}, {len(values)} times)")


def first_paints(a):
    times = {data: [] for data in a.data}
    for i in range(a.runs + 1):
        for data in a.data:
            screen = Screen(a.lorarium, data)
            ms = screen.first_paint()
            screen.settle(0.3)
            screen.stop()
            if i:
                times[data].append(ms)
    for data in a.data:
        print(f"first paint          {spread(times[data], 'ms')}  {data}")


def first_keys(a, data):
    """A filter typed into the very first frame, while the names are still being loaded."""
    times = []
    for _ in range(a.runs):
        screen = Screen(a.lorarium, data, LIST_ALONE)
        screen.first_paint()
        screen.settle(0.002)
        times.append(screen.first_answer(b"/ne"))
        screen.stop()
    print(f"filter at once       {spread(times, 'ms')}")


def bytes_of_keys(a, data):
    screen = Screen(a.lorarium, data)
    screen.first_paint()
    screen.settle(1.5)
    moves = [screen.key(b"j", 0.04)[0] for _ in range(12)]
    screen.settle(0.4)
    details = []
    for _ in range(8):
        screen.key(b"j", 0.04)
        details.append(screen.settle(0.4))
    keys = [b"\x04"] * 8 + [b"\x1b[6~"] * 4
    pages = [screen.key(key, 0.3)[0] for key in keys]
    idle = screen.settle(3.0)
    print(f"bytes a cursor move  {statistics.median(moves):8.0f}      (max {max(moves)})")
    print(f"bytes of details     {statistics.median(details):8.0f}      (max {max(details)})")
    print(f"bytes a page         {statistics.median(pages):8.0f}      (max {max(pages)}; its details included)")
    print(f"bytes in 3 s idle    {idle:8d}")
    screen.stop()


def keystrokes(a, data):
    screen = Screen(a.lorarium, data, LIST_ALONE)
    screen.first_paint()
    screen.settle(2.5)
    times = []
    for word in a.words.split(","):
        screen.key(b"/", 0.3)
        for letter in word:
            times.append(screen.key(letter.encode(), 0.25)[1])
        screen.key(b"\x1b", 0.4)
        screen.key(b"\x1b", 0.4)
    print(f"filter keystroke     {spread(times, 'ms')}")
    rss, peak = screen.memory()
    print(f"resident memory      {rss:8.1f} MiB  (peak {peak:.1f})")
    screen.stop()


def main():
    ap = argparse.ArgumentParser(description="Measure the terminal UI.")
    ap.add_argument("lorarium")
    ap.add_argument("data", nargs="+")
    ap.add_argument("--runs", type=int, default=15)
    ap.add_argument("--words", default="drag,style,neon,ink,comic,gothic,retro,castle,vivid,detailed,slider,soft",
                    help="typed letter by letter")
    a = ap.parse_args()
    first_paints(a)
    for data in a.data:
        print(data)
        first_keys(a, data)
        bytes_of_keys(a, data)
        keystrokes(a, data)


if __name__ == "__main__":
    sys.exit(main())
