#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A crowd of models that is organised, taken back and done again while the program is killed: enough of
them that the disk, the journal and the index are at different places when it happens. After the next
start every file is there, every tag is at its file, and the index says what it would say had it never
seen them elsewhere. At the end all of it is taken back: then each file lies where it lay at first.

crowd.py PROGRAM [--models N] [--rounds N] [--seed N]

Prints TAP.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from scene import safetensors  # noqa: E402

FOLDERS = ("sd1", "pony", "f0", "f1", "f2", "f3")
TEMPLATES = ("{kind}/{base}/{name}", "x/{name}", "{arch}/{rank}/{name}", "pony/{name}")
SIDECARS = 50
LEFT_OUT = {"id", "added"}


class Crowd:
    def __init__(self, program: str, work: pathlib.Path, n: int):
        self.program, self.work, self.lib = program, work, work / "lib"
        self.environment = os.environ | {"LORARIUM_DATA": str(work / "data"), "HOME": str(work)}
        for i in range(n):
            folder = self.lib / FOLDERS[i % len(FOLDERS)]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"m{i:05}.safetensors").write_bytes(safetensors(i, 4))
            if i % (n // SIDECARS) == 0:
                (folder / f"m{i:05}.civitai.info").write_text(json.dumps({"id": i}))
        self.run("scan", str(self.lib))
        self.tagged = {f"m{i:05}" for i in range(n) if "7" in str(i)}
        self.run("tag", "7 kind:lora", "+kept")
        self.files, self.places = self.snapshot(), self.where()

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *arguments], env=self.environment, cwd=self.work,
                              capture_output=True, check=False, timeout=300)

    def snapshot(self) -> set:
        """Name and content: nothing in here gets another name."""
        return {(p.name, hashlib.sha256(p.read_bytes()).hexdigest())
                for p in self.lib.rglob("*") if p.is_file()}

    def where(self) -> set:
        return {(str(p), p.stat().st_mtime_ns) for p in self.lib.rglob("*") if p.is_file()}

    def killed(self, arguments: list, after_s: float) -> bool:
        with subprocess.Popen([self.program, *arguments], env=self.environment, cwd=self.work,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(after_s)
                return False
            except subprocess.TimeoutExpired:
                process.kill()
                return True

    def facts(self) -> list:
        rows = [json.loads(line) for line in self.run("list", "--json").stdout.splitlines()]
        return sorted(json.dumps({k: v for k, v in row.items() if k not in LEFT_OUT}, sort_keys=True)
                      for row in rows)

    def has_moved(self) -> bool:
        """Is what `undo` would take back a move? The tags are to stay."""
        rows = [json.loads(line) for line in self.run("history", "--json").stdout.splitlines()]
        standing = [row["what"] for row in rows if not row["undone"] and
                    row["state"] != "rolled-back" and row["what"] not in ("undo", "redo")]
        return standing[:1] == ["organise"]

    def audit(self) -> list:
        wrong = []
        done = self.run("scan")
        if done.returncode:
            wrong.append(f"scan: {done.returncode} {done.stderr!r}")
        if self.snapshot() != self.files:
            wrong.append(f"lost or new: {sorted(self.snapshot() ^ self.files)[:4]}")
        rows = [json.loads(line) for line in self.run("list", "tag:kept", "--json").stdout.splitlines()]
        if {row["name"] for row in rows} != self.tagged:
            wrong.append(f"tagged are {sorted(row['name'] for row in rows)}")
        known = self.facts()
        for name in ("index.db", "index.db-wal", "index.db-shm"):
            (self.work / "data" / name).unlink(missing_ok=True)
        self.run("scan")
        anew = self.facts()
        if known != anew:
            other = [pair for pair in zip(known, anew) if pair[0] != pair[1]]
            wrong.append(f"{len(other)} of {len(known)}, {len(anew)} known otherwise: {other[:1]}")
        return wrong


def take_all_back(crowd: Crowd) -> list:
    wrong = []
    while not wrong and crowd.has_moved():
        done = crowd.run("undo")
        if done.returncode:
            wrong.append(f"undo: {done.returncode} {done.stderr!r}")
    if crowd.where() != crowd.places:
        wrong.append(f"not where they were: {sorted(crowd.where() ^ crowd.places)[:4]}")
    return wrong


def tell(number: int, what: str, wrong: list) -> bool:
    print(f"{'not ok' if wrong else 'ok'} {number} - {what}")
    for line in wrong:
        print(f"# {line}")
    return bool(wrong)


def arguments_of(crowd: Crowd, rng: random.Random) -> list:
    if rng.random() < 0.4:
        return [rng.choice(["undo", "redo"] if crowd.has_moved() else ["redo"])]
    return ["organise", "kind:lora", "--template", rng.choice(TEMPLATES), "--apply"]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--models", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    n_killed, failed = 0, 0
    other = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=other) as work:
        crowd = Crowd(os.path.abspath(options.program), pathlib.Path(work), options.models)
        began = time.monotonic()
        crowd.run("organise", "kind:lora", "--template", TEMPLATES[0], "--apply")
        whole_s = time.monotonic() - began
        for i in range(options.rounds):
            arguments = arguments_of(crowd, rng)
            n_killed += crowd.killed(arguments, rng.uniform(0, whole_s))
            failed += tell(i + 1, " ".join(arguments), crowd.audit())
        failed += tell(options.rounds + 1, "all is taken back", take_all_back(crowd))
    print(f"# {n_killed} of {options.rounds} killed")
    print(f"1..{options.rounds + 1}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
