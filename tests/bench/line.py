#!/usr/bin/env python3
"""line.py [--baud N] [--latency MS] [--log FILE] COMMAND...: runs COMMAND in a terminal behind a slow line.

Bytes pass at N baud (ten bits a byte) and come MS milliseconds later, each way, as over a modem or a bad
mobile network. At the end FILE is told how many bytes went each way.
"""
import argparse, collections, fcntl, os, pty, select, signal, sys, termios, time, tty

ROOM = 4096  # what modems and kernels hold before they make a program wait


class Way:
    """One direction: bytes wait for their turn on the line, then for their arrival."""

    def __init__(self, to, baud, latency_s):
        self.to, self.rate, self.latency_s = to, baud / 10, latency_s
        self.free_at, self.waiting, self.n = 0.0, collections.deque(), 0

    def has_room(self):
        return sum(len(data) for _, data in self.waiting) < ROOM

    def take(self, data):
        for i in range(0, len(data), 16):
            part = data[i:i + 16]
            self.free_at = max(self.free_at, time.monotonic()) + len(part) / self.rate
            self.waiting.append((self.free_at + self.latency_s, part))
        self.n += len(data)

    def pass_on(self):
        while self.waiting and self.waiting[0][0] <= time.monotonic():
            os.write(self.to, self.waiting.popleft()[1])
        return self.waiting[0][0] - time.monotonic() if self.waiting else None


def copy_size(master):
    fcntl.ioctl(master, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))


def relay(master, down, up):
    is_open = True
    while is_open or down.waiting:
        waits = [wait for wait in (down.pass_on(), up.pass_on()) if wait is not None]
        sources = [0] + ([master] if is_open and down.has_room() else [])
        ready, _, _ = select.select(sources, [], [], max(min(waits), 0.001) if waits else 0.5)
        for fd in ready:
            try:
                data = os.read(fd, 512)
            except OSError:
                data = b""
            if not data and fd == master:
                is_open = False
            (down if fd == master else up).take(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--baud", type=int, default=9600)
    parser.add_argument("--latency", type=int, default=150, metavar="MS")
    parser.add_argument("--log")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(args.command[0], args.command)
    copy_size(master)
    signal.signal(signal.SIGWINCH, lambda *_: copy_size(master))
    before = termios.tcgetattr(0)
    down, up = (Way(to, args.baud, args.latency / 1000) for to in (1, master))
    tty.setraw(0)
    try:
        relay(master, down, up)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
    if args.log:
        with open(args.log, "w") as log:
            print(down.n, up.n, file=log)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
