#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random histories of what others do to a library: files and folders are moved, renamed, copied, linked,
swapped, written over, deleted and brought back, with scans in between. After every scan each tag stands
on the content it was given to, wherever that lies now, and on nothing else; where that may be one of
several, it is asked, and answered.

histories.py PROGRAM [--histories N] [--seed N]

Prints TAP. The oracle knows files by the hash of all their bytes and asks the program for nothing but
which paths have which tag.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from scene import Scene, safetensors  # noqa: E402

CONTENTS, TAGGED, ROUNDS, CHANGES = 14, 7, 4, 6


class History:
    def __init__(self, program: str, work: pathlib.Path, seed: int):
        self.random = random.Random(seed)
        self.scene = Scene(program, "", work, work)
        self.roots = [work / "one", work / "two"]
        self.told, self.count = [], 0
        self.heirs = set()  # (content, what stands where it stood): whose the tag is then, both may say
        for folder in (*self.roots, work / "home", work / "stash"):
            folder.mkdir(parents=True)
        self.stash = work / "stash"
        for i in range(CONTENTS):
            (self.stash / f"{i}.safetensors").write_bytes(safetensors(seed * 100 + i, 4 + i % 3))
        self.known = {Scene.hash(path): path.stem for path in self.stash.iterdir()}
        self.contents = sorted(self.known.values())
        for name in self.contents:
            self.bring(name)

    # Where things lie.

    def folder(self) -> pathlib.Path:
        depth = self.random.randrange(3)
        folder = self.random.choice(self.roots).joinpath(*self.random.choices("abc", k=depth))
        while not folder.exists() or not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def new_path(self) -> pathlib.Path:
        self.count += 1
        return self.folder() / f"m{self.count}.safetensors"

    def files(self) -> list:
        return sorted(path for root in self.roots for path in root.rglob("*.safetensors")
                      if path.is_file() and not path.is_symlink())

    def any_file(self) -> pathlib.Path:
        files = self.files()
        return self.random.choice(files) if files else self.bring(self.random.choice(self.contents))

    # What others do.

    def bring(self, name: str) -> pathlib.Path:
        path = self.new_path()
        shutil.copyfile(self.stash / f"{name}.safetensors", path)
        return path

    def bring_back(self) -> None:
        self.bring(self.random.choice(self.contents))

    def move(self) -> None:
        self.any_file().rename(self.new_path())

    def move_to_known_name(self) -> None:
        """Over another: its content is gone."""
        old, new = self.any_file(), self.any_file()
        if old != new and not old.samefile(new):
            old.rename(new)

    def copy(self) -> None:
        keep_times = self.random.random() < 0.5
        (shutil.copy2 if keep_times else shutil.copyfile)(self.any_file(), self.new_path())

    def copy_then_delete(self) -> None:
        """As another disk's move: another inode."""
        old = self.any_file()
        shutil.copy2(old, self.new_path())
        old.unlink()

    def link(self) -> None:
        os.link(self.any_file(), self.new_path())

    def symlink(self) -> None:
        self.new_path().symlink_to(self.any_file())

    def delete(self) -> None:
        self.any_file().unlink()

    def swap(self) -> None:
        a, b = self.any_file(), self.any_file()
        if a != b:
            spare = self.new_path()
            a.rename(spare)
            b.rename(a)
            spare.rename(b)

    def write_over(self) -> None:
        path = self.any_file()
        data = (self.stash / f"{self.random.choice(self.contents)}.safetensors").read_bytes()
        if self.random.random() < 0.5:
            path.write_bytes(data)
        else:
            spare = path.with_suffix(".new")
            spare.write_bytes(data)
            spare.rename(path)

    def move_folder(self) -> None:
        folders = [path for root in self.roots for path in root.rglob("*") if path.is_dir()]
        if folders:
            old = self.random.choice(sorted(folders))
            self.count += 1
            new = self.random.choice(self.roots) / f"f{self.count}"
            old.rename(new)

    def state(self) -> dict:
        return {path: self.known[Scene.hash(path)] for path in self.files()}

    def inherit(self, old: str, new: str) -> None:
        if old != new:
            self.heirs |= {(old, new)} | {(name, new) for name, last in self.heirs if last == old}

    def change(self) -> None:
        what = self.random.choice([self.bring_back, self.move, self.move, self.move, self.copy,
                                   self.copy_then_delete, self.link, self.symlink, self.delete,
                                   self.delete, self.swap, self.write_over, self.move_folder,
                                   self.move_to_known_name])
        before = self.state()
        what()
        after = self.state()
        for path in before.keys() & after.keys():
            self.inherit(before[path], after[path])
        self.told.append(what.__name__ + " " + ", ".join(
            f"{path.name}: {before.get(path, '-')} -> {after.get(path, '-')}"
            for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)))

    # What must hold.

    def run(self, *arguments: str) -> str:
        done = self.scene.run(*arguments)
        if done.returncode not in (0, 3) or b"Sanitizer" in done.stderr:
            raise AssertionError(f"{arguments}: {done.returncode} {done.stderr.decode()}")
        return done.stdout.decode()

    def scan(self) -> None:
        self.run("scan", "--accept-missing", *map(str, self.roots))

    def tag_some(self) -> None:
        self.tagged = {}
        for path in self.random.sample(self.files(), TAGGED):
            name = self.known[Scene.hash(path)]
            self.run("tag", path.name, f"+t{name}")
            self.tagged[name] = f"t{name}"

    def paths_with(self, tag: str, what: str = "") -> set:
        lines = self.run("list", f"tag:={tag} {what}".strip(), "--json").splitlines()
        return {pathlib.Path(json.loads(line)["path"]) for line in lines}

    def asked(self) -> list:
        return [json.loads(line) for line in self.run("moved", "--json").splitlines()]

    def may_be(self, name: str, content: str) -> bool:
        return name == content or (name, content) in self.heirs

    def answered(self, gone: pathlib.Path, content: str) -> None:
        """Where several contents met in one place before it went, all that was attached goes along."""
        names = [name for name, tag in self.tagged.items() if gone in self.paths_with(tag, "is:offline")]
        if not any(self.may_be(name, content) for name in names):
            raise AssertionError(f"{content} was offered for {gone}, which had the tags of {names}")
        for name in names:
            self.inherit(name, content)

    def answer(self) -> None:
        while asked := self.asked():
            place = self.random.choice(asked[0]["places"])
            self.told.append(f"answer {asked[0]['path']} {place}")
            self.answered(pathlib.Path(asked[0]["path"]), self.known[Scene.hash(pathlib.Path(place))])
            self.run("moved", asked[0]["path"], place)

    def audit(self) -> list:
        there, faults = self.state(), []
        offered = {place for one in self.asked() for place in one["places"]}
        for name, tag in self.tagged.items():
            told = {path: there[path] for path in self.paths_with(tag) if path in there}
            wanted = [path for path in there if there[path] == name]
            heirs = [path for path in there if (name, there[path]) in self.heirs]
            if wanted and not told and not offered & set(map(str, wanted + heirs)):
                faults.append(f"{tag} is on nothing, its content at {sorted(map(str, wanted))}")
            faults += [f"{tag} is on {path}, which is {content}" for path, content in told.items()
                       if content != name and (name, content) not in self.heirs]
        kept = self.run("tags", "--json")
        faults += [f"{tag} is not known any more" for tag in self.tagged.values() if f'"{tag}"' not in kept]
        return faults

    def live(self) -> list:
        self.scan()
        self.tag_some()
        for _ in range(ROUNDS):
            self.told.append("scan")
            for _ in range(self.random.randint(1, CHANGES)):
                self.change()
            self.scan()
            faults = self.audit()
            if faults:
                return faults
            self.answer()
            faults = self.audit()
            if faults:
                return faults
        return []


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--histories", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"1..{given.histories}", flush=True)
    bad = 0
    for i in range(given.histories):
        with tempfile.TemporaryDirectory(prefix="lorarium-history-") as work:
            history = History(str(pathlib.Path(given.program).resolve()), pathlib.Path(work), given.seed + i)
            faults = history.live()
        bad += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {i + 1} history {given.seed + i}")
        for line in (*faults, *history.told) if faults else ():
            print(f"# {line}")
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
