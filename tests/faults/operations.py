#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Operations on files under fire: every system call fails or is the last one, and afterwards nothing
is lost.

operations.py PROGRAM LIBFAULT [--every N] [--kills N] [--cuts N] [--seed N]

Prints TAP. --every N tries each N-th call only, 0 none; --kills N adds rounds that are killed at any time,
--cuts N power cuts of each operation.
"""

import argparse
import errno
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from power import Disk  # noqa: E402
from scene import Scene  # noqa: E402

ERRNOS = [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EXDEV, errno.EINTR, errno.ESTALE,
          errno.EDQUOT]


def operations(scene: Scene) -> dict:
    """What is done before the fault, and the operation itself."""
    lib, other = str(scene.places["lib"]), str(scene.other)
    organise = ("organise", "kind:lora", "--template", "x/{kind}/{name}", "--apply")
    across = ("move", "kind:lora", other + "/moved", "--apply")
    folder = ("move", "pipe", other + "/moved", "--apply")
    spare = ("duplicates", "--keep", "path:*/y.safetensors", "--apply")
    links = (*spare, "--link")
    export = ("export", "three", "--apply")
    unpack = ("import", str(scene.work / "box.zip"), lib + "/in", "--apply")
    return {
        "duplicates": ([], spare),
        "duplicates as links": ([], links),
        "undo of duplicates": ([spare], ("undo",)),
        "undo of links": ([links], ("undo",)),
        "redo of duplicates": ([spare, ("undo",)], ("redo",)),
        "export": ([], export),
        "undo of export": ([export], ("undo",)),
        "redo of export": ([export, ("undo",)], ("redo",)),
        "import": ([], unpack),
        "undo of import": ([unpack], ("undo",)),
        "redo of import": ([unpack, ("undo",)], ("redo",)),
        "organise": ([], organise),
        "move": ([], ("move", "one.safetensors", lib + "/b/c", "--apply")),
        "across devices": ([], across),
        "a folder across devices": ([], folder),
        "undo of a folder across devices": ([folder], ("undo",)),
        "redo of a folder across devices": ([folder, ("undo",)], ("redo",)),
        "rename": ([], ("rename", "three.safetensors", "drei", "--apply")),
        "trash": ([], ("trash", "kind:lora", "--apply")),
        "undo of organise": ([organise], ("undo",)),
        "undo across devices": ([across], ("undo",)),
        "undo of trash": ([("trash", "kind:lora", "--apply")], ("undo",)),
        "restore": ([("trash", "kind:lora", "--apply")],
                    ("trash", "--restore", "three.safetensors", "--apply")),
        "redo": ([organise, ("undo",)], ("redo",)),
    }


class Report:
    def __init__(self) -> None:
        self.n = self.failed = 0

    def tell(self, ok: bool, what: str, details: list) -> None:
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {what}", flush=True)
        for line in details[:8]:
            print(f"# {line}", flush=True)


def prepare(scene: Scene, before: list) -> None:
    """Made anew rather than copied: the journal knows files by their inodes."""
    scene.make()
    for arguments in before:
        done = scene.run(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)


def count_calls(scene: Scene, before: list, operation: tuple) -> int:
    prepare(scene, before)
    path = scene.work / "count"
    done = scene.run(*operation, FAULT_COUNT=str(path))
    assert done.returncode == 0, (operation, done.stderr)
    return int(path.read_text())


def recover(scene: Scene, may_keep: int = 0) -> list:
    """The next start ends what was cut short; then the disk is audited."""
    done = scene.run("scan")
    faults = scene.audit(may_keep)
    # A root that everything went out of is taken for one whose disk is not there: nothing is lost.
    is_empty = done.returncode == 3 and b"the folder is empty" in done.stderr
    if done.returncode not in (0, 1) and not is_empty:
        faults.append(f"scan afterwards: {done.returncode} {done.stderr[:200]!r}")
    return faults


def sweep(scene: Scene, report: Report, name: str, case: tuple, every: int) -> None:
    before, operation = case
    n = count_calls(scene, before, operation)
    modes = [("before", {}), ("after", {}), ("short", {})]
    modes += [("fail", {"FAULT_ERRNO": str(e)}) for e in ERRNOS]
    losses, runs = [], 0
    for i, (mode, extra) in enumerate(modes):
        for k in range(1 + (i * 3) % every, n + 1, every):
            prepare(scene, before)
            scene.run(*operation, FAULT_MODE=mode, FAULT_AT=str(k), **extra)
            faults = recover(scene, may_keep=mode == "fail")
            runs += 1
            losses += [f"{mode} {extra.get('FAULT_ERRNO', '')} at {k} of {n}: {f}" for f in faults]
    report.tell(not losses, f"{name}: {runs} faults in {n} calls", losses)


def seconds(scene: Scene, case: tuple) -> float:
    before, operation = case
    prepare(scene, before)
    began = time.monotonic()
    scene.run(*operation)
    return time.monotonic() - began


def kill_at_random(scene: Scene, report: Report, rounds: int, rng: random.Random) -> None:
    losses, n_killed = [], 0
    cases = list(operations(scene).values())
    lengths = [seconds(scene, case) for case in cases]
    for i in range(rounds):
        which = rng.randrange(len(cases))
        before, operation = cases[which]
        prepare(scene, before)
        began = time.monotonic()
        process = subprocess.Popen([scene.program, *operation], env=scene.environment(), cwd=scene.work,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait = rng.random() * lengths[which]
        while time.monotonic() - began < wait and process.poll() is None:
            time.sleep(0.0005)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        n_killed += process.wait() == -signal.SIGKILL
        losses += [f"round {i} {operation[0]}: {f}" for f in recover(scene)]
    report.tell(not losses, f"{rounds} rounds, {n_killed} killed at any time", losses)


def cut_power(scene: Scene, report: Report, name: str, case: tuple, rounds: int,
              rng: random.Random) -> None:
    before, operation = case
    losses: list = []
    log = scene.work / "log"
    log.unlink(missing_ok=True)
    prepare(scene, before)
    disk = Disk(list(scene.places.values()))
    done = scene.run("--no-sandbox", *operation, FAULT_LOG=str(log))
    assert done.returncode == 0, (operation, done.stderr)
    changes = disk.read(log)
    for i in range(rounds):
        disk.cut(changes, rng)
        scene.renumber()
        # What was lost may be a copy; a second one may be left over.
        losses += [f"round {i}: {f}" for f in recover(scene, may_keep=True)]
    report.tell(not losses, f"{name}: {rounds} power cuts in {len(changes)} changes", losses)


def without(scene: Scene, report: Report, never: str) -> None:
    """File systems that cannot rename without replacing, or cannot link."""
    wrong = []
    for name, (before, operation) in operations(scene).items():
        prepare(scene, before)
        done = scene.run(*operation, FAULT_NEVER=never)
        wrong += [f"{name}: {f}" for f in recover(scene)]
        cannot = "--link" in operation and "linkat" in never
        if (done.returncode != 0) != cannot:
            wrong.append(f"{name}: {done.stderr[:200]!r}")
    report.tell(not wrong, f"without {never}", wrong)


def forgetful(scene: Scene, report: Report) -> None:
    """A disk that loses what it has just read back: nothing goes from where it was."""
    wrong = []
    for name in ("across devices", "a folder across devices", "undo across devices", "import", "organise"):
        before, operation = operations(scene)[name]
        prepare(scene, before)
        done = scene.run(*operation, FAULT_MODE="forget")
        if done.returncode == 0:
            wrong.append(f"{name}: it was not noticed")
        wrong += [f"{name}: {f}" for f in recover(scene)]
    report.tell(not wrong, "a disk that forgets", wrong)


def history(scene: Scene, report: Report, rounds: int, rng: random.Random) -> None:
    """Any operations, and undo of all: the first tree, with times and attributes."""
    wrong = []
    cases = operations(scene)
    singles = [cases[k][1] for k in ("organise", "move", "across devices", "a folder across devices",
                                    "rename", "trash", "duplicates", "export")]
    for i in range(rounds):
        scene.make()
        first = scene.tree()
        n = sum(scene.run(*rng.choice(singles)).stdout.find(b"done as operation") >= 0
                for _ in range(rng.randint(1, 5)))
        if n:
            done = scene.run("undo", str(n))
            if done.returncode != 0 or scene.tree() != first:
                wrong.append(f"round {i}: {n} operations: {done.stderr[:200]!r}")
        wrong += [f"round {i}: {f}" for f in scene.audit()]
    report.tell(not wrong, f"{rounds} histories undone to the first tree", wrong)


def replace_by_link(scene: Scene, report: Report) -> None:
    """A second file of one content is trashed and becomes a name of the first; and back."""
    scene.make()
    lib = scene.places["lib"]
    one, twin = lib / "a/one.safetensors", lib / "twin.safetensors"
    twin.write_bytes(one.read_bytes())
    scene.run("scan")
    scene.contents = scene.snapshot()
    first, plan = scene.tree(), scene.work / "plan"
    plan.unlink(missing_ok=True)
    steps = [{"action": "trash", "old": twin, "new": "/trash"}, {"action": "link", "old": one, "new": twin}]
    for i, step in enumerate(steps):
        state = step["old"].stat()
        steps[i] = {k: str(v) for k, v in step.items()} | {
            "model": 1, "group": 1, "inode": state.st_ino, "bytes": state.st_size,
            "mtime_ns": state.st_mtime_ns}
    plan.write_text("".join(json.dumps(s) + "\n" for s in steps))
    wrong = []
    done = scene.run("apply", str(plan))
    if done.returncode or not twin.samefile(one):
        wrong.append(f"apply: {done.returncode} {done.stdout!r} {done.stderr!r}")
    done = scene.run("undo")
    if done.returncode or scene.tree() != first or twin.samefile(one):
        wrong.append(f"undo: {done.returncode} {done.stderr!r}")
    done = scene.run("redo")
    if done.returncode or not twin.samefile(one):
        wrong.append(f"redo: {done.returncode} {done.stderr!r}")
    report.tell(not wrong, "a copy becomes a link, and back", wrong)


def run(scene: Scene, report: Report, options: argparse.Namespace, rng: random.Random) -> None:
    for name, case in operations(scene).items():
        if options.only in name and options.every:
            sweep(scene, report, name, case, options.every)
    for name, case in operations(scene).items():
        if options.only in name and options.cuts:
            cut_power(scene, report, name, case, options.cuts, rng)
    if options.only:
        return
    for never in ("renameat2", "renameat2 linkat"):
        without(scene, report, never)
    forgetful(scene, report)
    replace_by_link(scene, report)
    if options.kills:
        kill_at_random(scene, report, options.kills, rng)
    history(scene, report, max(options.kills // 4, 4), rng)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("fault")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--cuts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    report = Report()
    rng = random.Random(options.seed)
    other = pathlib.Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp")
    # The journal on the one that needs no waiting for a disk.
    with tempfile.TemporaryDirectory(dir=other) as work, tempfile.TemporaryDirectory() as far:
        # With a top of its own where that can be had: the trash of the other disk is there.
        is_mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", far], stderr=subprocess.DEVNULL,
                                    check=False).returncode == 0
        try:
            run(Scene(os.path.abspath(options.program), os.path.abspath(options.fault),
                      pathlib.Path(work), pathlib.Path(far)), report, options, rng)
        finally:
            if is_mounted:
                subprocess.run(["umount", far], check=False)
    print(f"1..{report.n}")
    return report.failed > 0


if __name__ == "__main__":
    sys.exit(main())
