#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What was trashed is put back by the rules of the Trash specification alone, as another program would;
and a trash that must not be used is not.

trash.py PROGRAM      Prints TAP.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from operations import Report  # noqa: E402
from scene import Scene, safetensors  # noqa: E402


def restore(trash: pathlib.Path, top: bytes) -> list:
    """Puts everything back; what does not follow the specification."""
    wrong = []
    for info in sorted((trash / "info").iterdir()):
        lines = info.read_bytes().split(b"\n")
        name = os.fsencode(info.name)[:-len(b".trashinfo")]
        path = urllib.parse.unquote_to_bytes(lines[1].removeprefix(b"Path="))
        if lines[0] != b"[Trash Info]" or not lines[2].startswith(b"DeletionDate=20"):
            wrong.append(f"{info}: {lines}")
        if any(byte >= 0x80 or byte < 0x20 for byte in lines[1]):
            wrong.append(f"{info}: not encoded")
        if path.startswith(b"/") == bool(top):
            wrong.append(f"{info}: {path!r} is absolute where it must not be, or the other way round")
        os.rename(os.path.join(os.fsencode(trash), b"files", name), os.path.join(top, path))
        info.unlink()
    wrong += [f"left over: {p}" for p in (trash / "files").iterdir()]
    return wrong


def odd_library(lib: pathlib.Path) -> None:
    names = [b"bad \xff\xfe.safetensors", b"per%41cent ~.safetensors", "é ü\u3042.safetensors".encode(),
             b"a" * 240 + b".safetensors"[:15]]
    names += [b"d%d/same.safetensors" % i for i in range(100)]
    for i, name in enumerate(names):
        path = os.path.join(os.fsencode(lib), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(safetensors(i, 8))


def home_trash(scene: Scene, report: Report) -> None:
    lib = scene.places["lib"]
    odd_library(lib)
    scene.run("scan")
    first = scene.tree()
    done = scene.run("trash", "kind:lora", "--apply")
    trash = scene.places["home"] / ".local/share/Trash"
    wrong = [f"{done.returncode}: {done.stderr!r}"] if done.returncode else []
    wrong += [f"not trashed: {p}" for p in lib.rglob("*.safetensors") if lib / "pipe" not in p.parents]
    wrong += restore(trash, b"")
    if scene.tree() != first:
        wrong.append("the tree is another than before")
    report.tell(not wrong, "names of all kinds, a hundred of them the same", wrong)


def top_trash(scene: Scene, report: Report, top: pathlib.Path, what: str, used: str) -> None:
    """`used`: the folder that must be taken, relative to the top; empty: none."""
    lib = top / "models"
    for i in range(3):
        (lib / f"d{i}").mkdir(parents=True, exist_ok=True)
        (lib / f"d{i}/one.safetensors").write_bytes(safetensors(i, 8))
    scene.run("scan", str(lib))
    done = scene.run("trash", "root:models", "--apply")
    wrong = []
    left = list(lib.rglob("*.safetensors"))
    if used:
        wrong = [f"not trashed: {p} {done.stderr!r}" for p in left]
        wrong += restore(top / used, os.fsencode(top)) if (top / used).is_dir() else [f"{used} is not there"]
    elif done.returncode not in (1, 3) or len(left) != 3:
        wrong.append(f"{done.returncode}: {len(left)} are left")
    report.tell(not wrong, what, wrong + ([str(done.stdout[:300]), str(done.stderr)] if wrong else []))


def top_trashes(scene: Scene, report: Report, top: pathlib.Path) -> None:
    user = os.geteuid()
    top_trash(scene, report, top, "no trash for all: one's own", f".Trash-{user}")
    (top / ".Trash").mkdir(mode=0o777)
    top_trash(scene, report, top, "a trash for all that is not sticky is passed by", f".Trash-{user}")
    (top / ".Trash").chmod(0o1777)
    top_trash(scene, report, top, "a sticky one is used", f".Trash/{user}")
    (top / ".Trash").rename(top / "elsewhere")
    (top / ".Trash").symlink_to(top / "elsewhere")
    top_trash(scene, report, top, "a link is passed by", f".Trash-{user}")
    (top / f".Trash-{user}").rename(top / "own")
    (top / f".Trash-{user}").symlink_to(top / "own")
    top_trash(scene, report, top, "where all are links nothing is trashed", "")
    if user == 0:
        (top / f".Trash-{user}").unlink()
        (top / f".Trash-{user}").mkdir()
        os.chown(top / f".Trash-{user}", 4711, 4711)
        top_trash(scene, report, top, "somebody else's is not used", "")


def main() -> int:
    report = Report()
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory() as far:
        scene = Scene(os.path.abspath(sys.argv[1]), "", pathlib.Path(work), pathlib.Path(far))
        scene.make()
        home_trash(scene, report)
        top = pathlib.Path(far) / "top"
        top.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(top)],
                               stderr=subprocess.DEVNULL, check=False)
        if mount.returncode == 0:
            try:
                top_trashes(scene, report, top)
            finally:
                subprocess.run(["umount", str(top)], check=False)
        else:
            report.tell(True, "trashes of other disks # SKIP nothing can be mounted here", [])
    print(f"1..{report.n}")
    return report.failed > 0


if __name__ == "__main__":
    sys.exit(main())
