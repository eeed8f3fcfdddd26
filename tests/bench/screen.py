#!/usr/bin/env python3
"""The terminal UI on a pseudo-terminal: time to the first paint, bytes a key, time a keystroke, memory.

    screen.py LORARIUM DATA FIRST_NAME [--runs N]

DATA is a data folder with an index, FIRST_NAME the name that its first list row shows.
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

COLS, ROWS = 120, 40


class Screen:
    def __init__(self, argv):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        env = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
        env.pop("NO_COLOR", None)
        self.start = time.perf_counter()
        self.child = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env,
                                      start_new_session=True, close_fds=True)
        os.close(slave)
        self.fd = master
        self.seen = b""

    def until(self, text, limit=20.0):
        """Seconds from the start until `text` has been sent."""
        end = time.perf_counter() + limit
        while text not in self.seen:
            if time.perf_counter() > end or not self.read(1.0):
                raise SystemExit(f"screen.py: never saw {text!r}")
        return self.last - self.start

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
        n = self.settle(quiet)
        return n, (self.last - began) * 1000

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


def main():
    ap = argparse.ArgumentParser(description="Measure the terminal UI.")
    ap.add_argument("lorarium")
    ap.add_argument("data")
    ap.add_argument("first_name")
    ap.add_argument("--runs", type=int, default=9)
    ap.add_argument("--words", default="drag,style,neon,ink,comic", help="typed letter by letter")
    a = ap.parse_args()
    argv = [a.lorarium, "--data", a.data, "--config", os.path.join(a.data, "config.ini")]
    first = a.first_name.encode()

    paints = []
    for _ in range(a.runs):
        screen = Screen(argv)
        paints.append(screen.until(first) * 1000)
        screen.settle(0.3)
        screen.stop()
    print(f"first paint          {statistics.median(paints):8.1f} ms   (min {min(paints):.1f}, max {max(paints):.1f}, {a.runs} runs)")

    screen = Screen(argv)
    screen.until(first)
    screen.settle(1.5)
    moves = [screen.key(b"j", 0.04)[0] for _ in range(12)]
    rest = screen.settle(0.4)
    details = []
    for _ in range(8):
        screen.key(b"j", 0.04)
        details.append(screen.settle(0.4))
    pages = [screen.key(b"\x04", 0.3)[0] for _ in range(8)] + [screen.key(b"\x1b[6~", 0.3)[0] for _ in range(4)]
    idle = screen.settle(3.0)
    print(f"bytes a cursor move  {statistics.median(moves):8.0f}      (max {max(moves)})")
    print(f"bytes of details     {statistics.median(details):8.0f}      (max {max(details)}; rest {rest})")
    print(f"bytes a page         {statistics.median(pages):8.0f}      (max {max(pages)})")
    print(f"bytes in 3 s idle    {idle:8d}")

    times = []
    for word in a.words.split(","):
        screen.key(b"/", 0.3)
        for letter in word:
            times.append(screen.key(letter.encode(), 0.06)[1])
        screen.key(b"\x1b", 0.5)
        screen.key(b"\x1b", 0.5)
    print(f"filter keystroke     {statistics.median(times):8.1f} ms   (p95 {p95(times):.1f}, max {max(times):.1f}, {len(times)} keys)")
    rss, peak = screen.memory()
    print(f"resident memory      {rss:8.1f} MiB  (peak {peak:.1f})")
    screen.stop()


if __name__ == "__main__":
    sys.exit(main())
