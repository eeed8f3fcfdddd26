#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""organise beside a bare loop of renames with one fsync a folder, on one device.

    tests/bench/organise.py LORARIUM [--models N] [--runs N] [--dir DIR] [--template TEMPLATE]
"""
import argparse
import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "faults"))
from scene import safetensors  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
FOLDERS = 20


def fill(lib: Path, n: int) -> None:
    for i in range(n):
        folder = lib / f"f{i % FOLDERS}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"m{i:05}.safetensors").write_bytes(safetensors(i, 4))


class Watch:
    """How long it took, and how much of the processors: `who` is RUSAGE_SELF or RUSAGE_CHILDREN."""

    def __init__(self, who: int):
        self.who = who
        self.began = self.now()

    def now(self) -> tuple:
        used = resource.getrusage(self.who)
        return time.perf_counter(), used.ru_utime + used.ru_stime

    def read(self) -> tuple:
        return tuple(now - began for now, began in zip(self.now(), self.began))


def bare(lib: Path) -> tuple:
    """To new folders as organise makes them, one a source folder."""
    names = [(f, name) for f in sorted(os.listdir(lib)) for name in sorted(os.listdir(lib / f))]
    watch = Watch(resource.RUSAGE_SELF)
    folders = {}
    for f in dict(names):
        os.mkdir(lib / ("new-" + f))
        folders[f] = (os.open(lib / f, os.O_RDONLY), os.open(lib / ("new-" + f), os.O_RDONLY))
    for f, name in names:
        old, new = folders[f]
        raw = os.fsencode(name)
        if LIBC.renameat2(old, raw, new, raw, 1) != 0:
            raise OSError(ctypes.get_errno(), name)
    for pair in folders.values():
        for fd in pair:
            os.fsync(fd)
            os.close(fd)
    return watch.read()


def ours(program: str, work: Path, lib: Path, template: str) -> tuple:
    env = os.environ | {"LORARIUM_DATA": str(work / "data"), "HOME": str(work)}
    run = [program, "scan", str(lib)]
    subprocess.run(run, env=env, check=True, stdout=subprocess.DEVNULL)
    times = []
    for last in (["organise", "kind:lora", "--template", template], ["undo"]):
        watch = Watch(resource.RUSAGE_CHILDREN)
        arguments = last + (["--apply"] if last[0] == "organise" else [])
        subprocess.run([program, *arguments], env=env, check=True, stdout=subprocess.DEVNULL)
        times.append(watch.read())
    return tuple(times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--models", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dir")
    parser.add_argument("--template", default="{kind}/{name}")
    options = parser.parse_args()
    loop, organise, undo = [], [], []
    for _ in range(options.runs):
        for subject in (bare, ours):
            with tempfile.TemporaryDirectory(dir=options.dir) as work:
                lib = Path(work) / "lib"
                fill(lib, options.models)
                os.sync()
                if subject is bare:
                    loop.append(bare(lib))
                    continue
                times = ours(os.path.abspath(options.program), Path(work), lib, options.template)
                organise.append(times[0])
                undo.append(times[1])
    floor = statistics.median(seconds for seconds, _ in loop)
    for name, times in (("bare loop", loop), ("organise --apply", organise), ("undo", undo)):
        seconds, used = (statistics.median(column) for column in zip(*times))
        print(f"{name:20} {seconds:8.3f} s  ratio {seconds / floor:6.2f}  processor time {used:8.3f} s")


if __name__ == "__main__":
    main()
