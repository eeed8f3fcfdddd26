#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hashes beside the least that is needed for them: `hash` of one file and of two at once beside
`openssl dgst -sha256` of the same, and how long duplicates take over many files.

hash.py LORARIUM [FOLDER]     FOLDER: where the files are written (1 GiB); a memory disk by default
"""

import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

SIZE, ROUNDS, MANY = 512 << 20, 5, 20000


def timed(command: list, env: dict) -> tuple:
    before, began = os.times(), time.monotonic()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return time.monotonic() - began, after.children_user - before.children_user \
        + after.children_system - before.children_system


def compare(name: str, ours: list, theirs: list, env: dict, factor: float = 1) -> None:
    """Interleaved; medians of wall and of processor time."""
    rounds = [(timed(ours, env), timed(theirs, env)) for _ in range(ROUNDS)]
    wall = statistics.median(t[0] for _, t in rounds) / statistics.median(o[0] for o, _ in rounds)
    cpu = statistics.median(t[1] for _, t in rounds) / statistics.median(o[1] for o, _ in rounds)
    print(f"{name}: {factor * wall:.2f}x openssl by the clock, {cpu:.2f}x by processor time")


def main() -> int:
    program = os.path.abspath(sys.argv[1])
    where = sys.argv[2] if len(sys.argv) > 2 else "/dev/shm"
    with tempfile.TemporaryDirectory(dir=where) as work:
        root = pathlib.Path(work) / "lib"
        root.mkdir()
        env = os.environ | {"LORARIUM_DATA": work + "/data", "HOME": work}
        block = random.Random(1).randbytes(1 << 20)
        for i, name in enumerate(("one.ckpt", "two.ckpt")):
            with open(root / name, "wb") as file:
                for k in range(SIZE >> 20):
                    file.write(bytes([k & 255, i]) + block[2:])
        subprocess.run([program, "scan", str(root)], env=env, stdout=subprocess.DEVNULL, check=False)
        openssl = ["openssl", "dgst", "-sha256"]
        compare("one file", [program, "hash", "one", "--verify"], [*openssl, str(root / "one.ckpt")], env)
        compare("two files", [program, "hash", "path:ckpt", "--verify"],
                [*openssl, str(root / "one.ckpt"), str(root / "two.ckpt")], env)
        many = root / "many"
        many.mkdir()
        for i in range(MANY):
            (many / f"{i}.ckpt").write_bytes(block[:1000 + i % (MANY - 100)] + b"x")
        subprocess.run([program, "scan"], env=env, stdout=subprocess.DEVNULL, check=False)
        wall, cpu = timed([program, "duplicates"], env)
        print(f"duplicates over {MANY} files, 100 pairs: {wall:.2f} s, {cpu:.2f} s of processor time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
