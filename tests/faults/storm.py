#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Storms of changes under the eyes of a running lorarium: hundreds of files and folders are moved,
linked, deleted and written over within seconds. When it is quiet again, what it lists is what is there.

storm.py PROGRAM [--storms N] [--changes N] [--seed N]

Prints TAP.
"""

import argparse
import json
import os
import pathlib
import pty
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from histories import History  # noqa: E402

QUIET_S = 60


class Watcher:
    """The program in a terminal that nobody looks at."""

    def __init__(self, program: str, environment: dict, folder: pathlib.Path):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(program, [program], environment | {"TERM": "xterm"})
        threading.Thread(target=self.drain, daemon=True).start()

    def drain(self) -> None:
        try:
            while os.read(self.terminal, 65536):
                pass
        except OSError:
            pass

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)


class Storm(History):
    def listed(self, *where: str) -> set:
        return {json.loads(line)["path"] for line in self.run(*where, "list", "--json").splitlines()}

    def there(self) -> set:
        """What a library that never saw it before finds, links that lead nowhere as well."""
        fresh = ("--data", str(self.scene.work / "fresh"))
        shutil.rmtree(fresh[1], ignore_errors=True)
        self.run(*fresh, "scan", *map(str, self.roots))
        return self.listed(*fresh)

    def blow(self, n_changes: int) -> list:
        self.scan()
        watcher = Watcher(self.scene.program, self.scene.environment(), self.roots[0])
        try:
            time.sleep(0.5 + self.random.random())
            for _ in range(n_changes):
                self.change()
                time.sleep(self.random.choice([0, 0, 0.001, 0.01, 0.05]))
            return self.compare()
        finally:
            watcher.stop()

    def compare(self) -> list:
        deadline, there = time.monotonic() + QUIET_S, self.there()
        while True:
            listed = self.listed()
            if listed == there:
                return []
            if time.monotonic() > deadline:
                return [f"listed, not there: {path}" for path in sorted(listed - there)] + \
                       [f"there, not listed: {path}" for path in sorted(there - listed)]
            time.sleep(0.3)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--storms", type=int, default=4)
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"1..{given.storms}", flush=True)
    n_bad = 0
    for i in range(given.storms):
        with tempfile.TemporaryDirectory(prefix="lorarium-storm-") as work:
            storm = Storm(str(pathlib.Path(given.program).resolve()), pathlib.Path(work), given.seed + i)
            faults = storm.blow(given.changes)
        n_bad += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {i + 1} storm {given.seed + i}")
        for line in (*faults, *storm.told) if faults else ():
            print(f"# {line}")
        sys.stdout.flush()
    return 1 if n_bad else 0


if __name__ == "__main__":
    sys.exit(main())
