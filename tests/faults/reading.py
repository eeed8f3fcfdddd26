#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The first start is killed anywhere, while the two databases are made; who only reads afterwards is told
what is there, and the next start makes it whole.

reading.py PROGRAM LIBFAULT [--every N]      Prints TAP.
"""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from operations import Report  # noqa: E402
from scene import Scene, safetensors  # noqa: E402


def prepare(scene: Scene) -> None:
    for path in scene.places.values():
        shutil.rmtree(path, ignore_errors=True)
    for name in ("lib", "home"):
        scene.places[name].mkdir(parents=True)
    (scene.places["lib"] / "one.safetensors").write_bytes(safetensors(1, 8))


def look(scene: Scene) -> list:
    """Without the lock, so nothing is mended but what SQLite itself takes back."""
    done = scene.run("list", "--json")
    wrong = [f"list: {done.returncode} {done.stderr[:200]!r}"] if done.returncode or done.stderr else []
    done = scene.run("scan", str(scene.places["lib"]))
    if done.returncode:
        wrong.append(f"scan: {done.returncode} {done.stderr[:200]!r}")
    done = scene.run("list", "--json")
    if done.returncode or done.stdout.count(b"\n") != 1:
        wrong.append(f"list afterwards: {done.returncode} {done.stdout[:80]!r} {done.stderr[:200]!r}")
    return wrong


def sweep(scene: Scene, report: Report, every: int) -> None:
    count = scene.work / "count"
    scan = ("scan", str(scene.places["lib"]))
    prepare(scene)
    scene.run(*scan, FAULT_COUNT=str(count))
    n = int(count.read_text())
    modes = {"before": "killed before a call", "after": "killed after one", "short": "a write cut short"}
    for i, (mode, words) in enumerate(modes.items()):
        wrong = []
        for k in range(1 + i * every // 3, n + 1, every):
            prepare(scene)
            scene.run(*scan, FAULT_MODE=mode, FAULT_AT=str(k))
            wrong += [f"{mode} {k} of {n}: {w}" for w in look(scene)]
        report.tell(not wrong, f"a first start, {words}, every {every} of {n}", wrong)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("fault")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as work:
        scene = Scene(os.path.abspath(options.program), os.path.abspath(options.fault), pathlib.Path(work),
                      pathlib.Path(work))
        sweep(scene, report, options.every)
    print(f"1..{report.n}")
    return report.failed > 0


if __name__ == "__main__":
    sys.exit(main())
